//! Pieces of JSON, written once and joined when somebody asks.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// What stands for the content of a piece in the tag of an answer: the first half of its SHA-256.
pub type Hash = [u8; 16];

/// Writes the members of an object, each followed by a comma, without the braces around them.
pub fn members(json: &mut Vec<u8>, object: &impl Serialize) -> serde_json::Result<()> {
    let start = json.len();
    serde_json::to_writer(&mut *json, object)?;
    json.remove(start);
    if let Some(end) = json.last_mut() {
        *end = b',';
    }
    Ok(())
}

/// The hash of a piece.
pub fn hash(piece: &[u8]) -> Hash {
    let hash: [u8; 32] = Sha256::digest(piece).into();
    std::array::from_fn(|at| hash[at])
}
