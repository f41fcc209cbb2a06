//! Why a value was refused.

use std::{error::Error, fmt};

use super::Lang;

/// Why a value was refused, as a sentence about the value ("must be …") in both languages.
///
/// `Display` is the English sentence: it is what a deserialisation error carries to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// For people in Viet Nam ("phải là …").
    pub vi: &'static str,
    /// For everybody else, and for logs.
    pub en: &'static str,
}

impl Invalid {
    /// The sentence in the reader's language.
    pub const fn in_lang(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en)
    }
}

impl Error for Invalid {}
