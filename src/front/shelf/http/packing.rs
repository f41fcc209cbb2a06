//! Bodies packed for the wire: quickly for whoever asks first, and as well as can be, once, for what many ask for.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::Semaphore;

/// A way to pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Brotli (RFC 7932).
    Br,
    /// Gzip (RFC 1952).
    Gzip,
}

/// How much work to put in.
#[derive(Debug, Clone, Copy)]
enum Effort {
    /// Some hundred microseconds: what a caller is kept waiting for.
    Quick,
    /// Some milliseconds, on a thread of its own.
    Thorough,
}

/// Bytes from which on packing pays: shorter bodies fit into one packet anyway.
pub const WORTHWHILE: usize = 1024;

impl Coding {
    /// The better one of those the caller takes (RFC 9110 §12.5.3).
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let named = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let mut codings = named.flat_map(|value| value.split(',')).filter_map(Self::wanted);
        let first = codings.next()?;
        Some(if codings.any(|coding| coding == Self::Br) { Self::Br } else { first })
    }

    fn wanted(entry: &str) -> Option<Self> {
        let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let quality = parameters.trim().strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok());
        if quality == Some(0.0) {
            return None;
        }
        match name.trim() {
            "br" => Some(Self::Br),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            _ => None,
        }
    }

    /// As headers name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Br => "br",
            Self::Gzip => "gzip",
        }
    }

    fn pack(self, body: &[u8], effort: Effort) -> Bytes {
        let packed = Vec::with_capacity(body.len() / 4);
        let packed = match (self, effort) {
            (Self::Br, effort) => {
                let quality = match effort {
                    Effort::Quick => 1,
                    Effort::Thorough => 9,
                };
                brotli(body, packed, quality)
            }
            (Self::Gzip, Effort::Quick) => gzip(body, packed, Compression::fast()),
            (Self::Gzip, Effort::Thorough) => gzip(body, packed, Compression::best()),
        };
        packed.into()
    }
}

fn brotli(body: &[u8], packed: Vec<u8>, quality: i32) -> Vec<u8> {
    let parameters = BrotliEncoderParams { quality, size_hint: body.len(), ..BrotliEncoderParams::default() };
    let mut writer = brotli::CompressorWriter::with_params(packed, 4096, &parameters);
    written(writer.write_all(body));
    writer.into_inner()
}

fn gzip(body: &[u8], packed: Vec<u8>, effort: Compression) -> Vec<u8> {
    let mut writer = GzEncoder::new(packed, effort);
    written(writer.write_all(body));
    written(writer.try_finish());
    std::mem::take(writer.get_mut())
}

/// Writing to memory does not fail; if it did, the caller would get a body cut short, and the log would say why.
fn written(outcome: std::io::Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "a body could not be packed");
    }
}

type Key = ([u8; 16], Coding);

/// Packed bodies by the tag of their content, which therefore never get old; a bounded number of bytes.
pub struct Packing {
    shards: [Mutex<Generations>; SHARDS],
    /// Held by whoever packs thoroughly: one at a time.
    thorough: Arc<Semaphore>,
}

const SHARDS: usize = 16;

/// Bytes of packed bodies in a generation of a shard: 8 MiB in all.
const BYTES: usize = 8 * 1024 * 1024 / SHARDS / 2;

/// Bodies asked for once, of which only the key is kept, in a generation of a shard.
const ENTRIES: usize = 4096;

impl Default for Packing {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), thorough: Arc::new(Semaphore::new(1)) }
    }
}

impl Packing {
    /// The packed body, if it is kept.
    pub fn find(&self, tag: [u8; 16], coding: Coding) -> Option<Bytes> {
        match self.shard(&tag).get(&(tag, coding)) {
            Some(Kept::Packed(body)) => Some(body),
            Some(Kept::Asked | Kept::Underway) | None => None,
        }
    }

    /// The body packed quickly. If it is asked for a second time it will be packed thoroughly, and kept; unless others
    /// are being packed so already, which must not take the processors from those who wait for an answer.
    pub fn pack(self: &Arc<Self>, tag: [u8; 16], coding: Coding, body: Bytes) -> Bytes {
        let packed = coding.pack(&body, Effort::Quick);
        let key = (tag, coding);
        let mut shard = self.shard(&tag);
        match shard.get(&key) {
            None => shard.put(key, Kept::Asked),
            Some(Kept::Asked) => {
                if let Ok(permit) = Arc::clone(&self.thorough).try_acquire_owned() {
                    shard.put(key, Kept::Underway);
                    let packing = Arc::clone(self);
                    tokio::task::spawn_blocking(move || {
                        let packed = coding.pack(&body, Effort::Thorough);
                        packing.shard(&tag).put(key, Kept::Packed(packed));
                        drop(permit);
                    });
                }
            }
            Some(Kept::Underway | Kept::Packed(_)) => {}
        }
        drop(shard);
        packed
    }

    fn shard(&self, tag: &[u8; 16]) -> std::sync::MutexGuard<'_, Generations> {
        self.shards[usize::from(tag[0]) % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of a body.
#[derive(Debug, Clone)]
enum Kept {
    /// Somebody asked for it.
    Asked,
    /// It is being packed thoroughly.
    Underway,
    Packed(Bytes),
}

/// Two generations: when the young one is full it becomes the old one, and what nobody asked for since is forgotten.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Key, Kept>,
    young_bytes: usize,
    old: HashMap<Key, Kept>,
}

impl Generations {
    fn get(&mut self, key: &Key) -> Option<Kept> {
        if let Some(kept) = self.young.get(key) {
            return Some(kept.clone());
        }
        let kept = self.old.remove(key)?;
        self.put(*key, kept.clone());
        Some(kept)
    }

    fn put(&mut self, key: Key, kept: Kept) {
        let bytes = |kept: &Kept| if let Kept::Packed(body) = kept { body.len() } else { 0 };
        self.young_bytes += bytes(&kept);
        if let Some(before) = self.young.insert(key, kept) {
            self.young_bytes -= bytes(&before);
        }
        if self.young_bytes > BYTES || self.young.len() > ENTRIES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}
