//! Ready JSON kept small: what many texts say alike is kept once, and each refers to it.
//!
//! LZ4 with a dictionary of what listings say: the names of members, and what shops write in the same words. Of the pages
//! the benchmark makes up (2.1 kB) a third or less stays, of a page that has nothing but the names of members in common with
//! others six tenths. Without phrases nothing is pressed.

use std::cmp::Reverse;

use lz4_flex::block::{DecompressError, compress_with_dict, decompress_into_with_dict};

/// What many texts say alike. What was pressed with it has to be read with it.
#[derive(Debug, Default)]
pub struct Phrases(Box<[u8]>);

/// The coder has a table of 4,096 places and notes every third byte: of what stands before the last 12 KiB it finds little.
const LONGEST: usize = 12 << 10;

impl Phrases {
    /// Out of texts, of which the shortest stay whole: so one long text does not stand for all.
    pub fn of(texts: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut texts: Vec<Vec<u8>> = texts.into_iter().collect();
        texts.sort_by_key(|text| Reverse(text.len()));
        let phrases = texts.concat();
        Self(phrases[phrases.len().saturating_sub(LONGEST)..].into())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text in little room.
#[derive(Debug, Clone)]
pub struct Pressed {
    bytes: Box<[u8]>,
    length: u32,
}

impl Pressed {
    /// Presses the text, if there are phrases.
    ///
    /// # Errors
    /// If it is longer than 4 GB.
    pub fn new(text: &[u8], phrases: &Phrases) -> Result<Self, std::num::TryFromIntError> {
        let length = text.len().try_into()?;
        if phrases.is_empty() {
            return Ok(Self { bytes: text.into(), length });
        }
        let bytes = compress_with_dict(text, &phrases.0);
        // A copy, as the coder asked for as much as the text might have taken.
        Ok(Self { bytes: bytes.as_slice().into(), length })
    }

    /// Adds the text. With other phrases than it was pressed with it would be another one.
    ///
    /// # Errors
    /// If the phrases are too short to be those.
    pub fn write(&self, phrases: &Phrases, text: &mut Vec<u8>) -> Result<(), DecompressError> {
        if phrases.is_empty() {
            text.extend_from_slice(&self.bytes);
            return Ok(());
        }
        let start = text.len();
        text.resize(start + self.length as usize, 0);
        decompress_into_with_dict(&self.bytes, &mut text[start..], &phrases.0)?;
        Ok(())
    }
}
