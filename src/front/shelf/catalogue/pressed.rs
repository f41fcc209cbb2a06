//! Ready JSON kept small: what many texts say alike is kept once, and each refers to it.
//!
//! LZ4 with a dictionary of what listings say. Three quarters of a listing's page are the names of its members and what
//! shops write in the same words, so a page shrinks to a third or less, and to write it out takes half a microsecond, less
//! than fetching the whole from memory.

use std::sync::Arc;

use lz4_flex::block::{DecompressError, compress_with_dict, decompress_into_with_dict};

/// What many texts say alike. What was pressed with it can only be read with it.
#[derive(Debug, Clone, Default)]
pub struct Phrases(Arc<[u8]>);

/// The coder remembers 4,096 places of three bytes: what stands before the last 12 KiB is not found again.
const LONGEST: usize = 12 << 10;

impl Phrases {
    /// Out of texts, of which at least one stays whole; the last ones count.
    pub fn of(texts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Self {
        let mut phrases = Vec::with_capacity(LONGEST);
        for text in texts {
            phrases.extend_from_slice(text.as_ref());
        }
        let surplus = phrases.len().saturating_sub(LONGEST);
        Self(phrases[surplus..].into())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text in little room.
#[derive(Debug)]
pub struct Pressed {
    bytes: Box<[u8]>,
    length: u32,
}

impl Pressed {
    /// Presses the text.
    ///
    /// # Errors
    /// If it is longer than 4 GB.
    pub fn new(text: &[u8], phrases: &Phrases) -> Result<Self, std::num::TryFromIntError> {
        let bytes = compress_with_dict(text, &phrases.0);
        // A copy, as the coder asked for as much as the text might have taken.
        Ok(Self { bytes: bytes.as_slice().into(), length: text.len().try_into()? })
    }

    /// Adds the text.
    ///
    /// # Errors
    /// If it was pressed with other phrases.
    pub fn write(&self, phrases: &Phrases, text: &mut Vec<u8>) -> Result<(), DecompressError> {
        let start = text.len();
        text.resize(start + self.length as usize, 0);
        decompress_into_with_dict(&self.bytes, &mut text[start..], &phrases.0)?;
        Ok(())
    }
}
