//! The chain of hashes over the record, so simple that anybody can check an exported line with a dozen lines of script.
//!
//! `hash = SHA-256(field, field, …)`, each field as its length in bytes (8 bytes, big-endian) and then its bytes, all
//! texts in UTF-8: the word `ocop-market/audit/1`; the hash of the seal before, in hex ([`GENESIS`] for the first); the
//! position, from 1; the entry's id; its time; account; operation; permission; the number of its provinces and each of
//! them; its subject; the payload's hash, in hex; the time of sealing. Times are microseconds since 1970, numbers are
//! decimal. The payload's hash is SHA-256 of the facts as compact JSON, keys sorted: an erased payload leaves it behind,
//! so the chain still closes.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::Entry;
use crate::platform::error::Result;

/// SHA-256.
pub type Hash = [u8; 32];

/// What the first seal follows.
pub const GENESIS: Hash = [0; 32];

const FORMAT: &str = "ocop-market/audit/1";

/// The hash of what an entry says beyond who did what to what.
pub fn payload_hash(facts: &serde_json::Value) -> Result<Hash> {
    Ok(Sha256::digest(serde_json::to_vec(facts)?).into())
}

/// The hash of the seal of `entry` at `position`.
pub fn link(previous: &Hash, position: i64, entry: &Entry, payload: &Hash, sealed_at: DateTime<Utc>) -> Hash {
    let mut fields = Fields(Sha256::new());
    fields.add(FORMAT);
    fields.add(&hex::encode(previous));
    fields.add(&position.to_string());
    fields.add(&entry.id.to_string());
    fields.add(&entry.at.timestamp_micros().to_string());
    fields.add(&entry.account_id.to_string());
    fields.add(&entry.operation);
    fields.add(&entry.permission);
    fields.add(&entry.provinces.len().to_string());
    for province in &entry.provinces {
        fields.add(province);
    }
    fields.add(&entry.subject_id.to_string());
    fields.add(&hex::encode(payload));
    fields.add(&sealed_at.timestamp_micros().to_string());
    fields.0.finalize().into()
}

/// Fields with their lengths before them: no two lists of fields look the same.
struct Fields(Sha256);

impl Fields {
    fn add(&mut self, field: &str) {
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field);
    }
}
