//! Pieces of JSON, written once and joined when somebody asks.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::chunks::Chunks;
use super::shards::Shards;

/// Pieces that many things say word for word, each kept once, by number. There are few different ones in a year, so none
/// is forgotten before the next start.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    numbers: Shards<Arc<[u8]>>,
    texts: Chunks<Arc<[u8]>, 64>,
    next: u32,
}

impl Pieces {
    /// The number of the piece; a new one where nobody has said that yet.
    pub fn number(&mut self, piece: &[u8]) -> u32 {
        self.numbers.get(piece).unwrap_or_else(|| {
            let (number, piece) = (self.next, Arc::<[u8]>::from(piece));
            self.numbers.insert(Arc::clone(&piece), number);
            *self.texts.get_mut(number) = piece;
            self.next += 1;
            number
        })
    }

    /// The piece of that number.
    pub fn get(&self, number: u32) -> &[u8] {
        self.texts.get(number).map_or(&[], |piece| piece)
    }
}

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
