//! Text: what people may write, and how it is folded for search and addresses.
//!
//! Vietnamese arrives in many spellings of the same letters: decomposed from Apple devices, and with the Icelandic
//! letter Ð (U+00D0) where Đ (U+0110) is meant. Text is kept composed (NFC), trimmed and with real Đ; search compares
//! [`fold`]ed text, in which tones and diacritics are gone.

use std::{borrow::Cow, ops::Deref};

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::Invalid;

/// The longest slug, in characters.
pub const SLUG_MAX: usize = 80;

/// Text as search compares it: without tones and diacritics, đ as d, lower case, words apart by one space.
///
/// ```text
/// "Mật ong  bạc-hà (Mèo Vạc)" → "mat ong bac ha meo vac"
/// ```
///
/// Folding twice changes nothing. Compatibility forms fold too (full-width letters, ligatures).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkd().flat_map(plain).nfkd().filter(|c| !is_combining_mark(*c));
    let mut between_words = false;
    for letter in letters {
        if letter.is_alphanumeric() {
            if between_words && !folded.is_empty() {
                folded.push(' ');
            }
            folded.push(letter);
        }
        between_words = !letter.is_alphanumeric();
    }
    folded
}

/// The words as a sentence that another can follow: with a full stop, unless they end like a sentence.
pub fn sentence(words: &str) -> Cow<'_, str> {
    let words = words.trim_end();
    if words.is_empty() || words.ends_with(['.', '!', '?', '…']) { words.into() } else { format!("{words}.").into() }
}

/// Lower case, and d for every letter that stands for đ (which no Unicode decomposition does).
fn plain(letter: char) -> impl Iterator<Item = char> {
    let letter = if matches!(letter, 'đ' | 'Đ' | 'ð' | 'Ð') { 'd' } else { letter };
    letter.to_lowercase()
}

/// The readable part of a web address: ASCII words of the folded text joined by `-`, at most [`SLUG_MAX`] characters,
/// cut between words where possible. Empty if the text has no Latin letter or digit.
pub fn slugify(text: &str) -> String {
    let folded = fold(text);
    let mut slug = String::with_capacity(SLUG_MAX);
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(SLUG_MAX)]);
        } else if slug.len() + 1 + word.len() <= SLUG_MAX {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug
}

/// Composed, with real Đ, line ends as `\n`, and without white space or invisible characters around it.
fn clean(typed: &str) -> String {
    let composed: String = typed.replace("\r\n", "\n").nfc().collect();
    let around = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    with_real_d(composed.trim_matches(around))
}

/// Đ for the look-alike Ð (U+00D0, U+00F0) wherever a vowel follows, as one does after every Vietnamese đ. Icelandic
/// names mostly keep theirs ("Guðrún").
fn with_real_d(composed: &str) -> String {
    let mut letters = composed.chars().peekable();
    let mut text = String::with_capacity(composed.len());
    while let Some(letter) = letters.next() {
        let before_vowel = letters.peek().is_some_and(|next| is_vowel(*next));
        text.push(match letter {
            'Ð' if before_vowel => 'Đ',
            'ð' if before_vowel => 'đ',
            _ => letter,
        });
    }
    text
}

/// Whether the letter, less its marks, is one of a e i o u y.
fn is_vowel(letter: char) -> bool {
    let base = std::iter::once(letter).nfd().next().unwrap_or(letter);
    matches!(base.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// What no text may hold: control characters, overrides of the writing direction (they make a text read as another),
/// byte order marks and code points that are no characters.
fn is_unfit(letter: char) -> bool {
    let code = u32::from(letter);
    (letter.is_control() && !matches!(letter, '\n' | '\t'))
        || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}')
        || code & 0xFFFE == 0xFFFE
}

const UNFIT: Invalid = Invalid {
    vi: "phải là văn bản không có ký tự điều khiển",
    en: "must be text without control characters, direction overrides or noncharacters",
};

const NOT_ONE_LINE: Invalid =
    Invalid { vi: "phải nằm trên một dòng, không có dấu tab", en: "must be a single line without tabs" };

/// The cleaned text, if all its characters are fit and the number of them is within the bounds.
fn checked<const MIN: usize, const MAX: usize>(typed: &str) -> Result<String, Invalid> {
    const { assert!(MIN <= MAX, "no text has such a length") };
    let text = clean(typed);
    if text.chars().any(is_unfit) {
        Err(UNFIT)
    } else if (MIN..=MAX).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(Bounds::<MIN, MAX>::OUTSIDE)
    }
}

macro_rules! bounded_text {
    ($(#[$doc:meta])+ $name:ident, $check:expr) => {
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "String")]
        #[sqlx(transparent)]
        pub struct $name<const MIN: usize, const MAX: usize>(String);

        reads_as_str!($name<const MIN, const MAX>);

        impl<const MIN: usize, const MAX: usize> TryFrom<String> for $name<MIN, MAX> {
            type Error = Invalid;

            fn try_from(typed: String) -> Result<Self, Invalid> {
                let check: fn(String) -> Result<String, Invalid> = $check;
                checked::<MIN, MAX>(&typed).and_then(check).map(Self)
            }
        }

        impl<const MIN: usize, const MAX: usize> Deref for $name<MIN, MAX> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MIN: usize, const MAX: usize> PartialSchema for $name<MIN, MAX> {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(MIN))
                    .max_length(Some(MAX))
                    .into()
            }
        }

        impl<const MIN: usize, const MAX: usize> ToSchema for $name<MIN, MAX> {
            fn name() -> Cow<'static, str> {
                format!("{}{MIN}To{MAX}", stringify!($name)).into()
            }
        }
    };
}

bounded_text! {
    /// Text of `MIN` to `MAX` characters, lines and tabs allowed: descriptions, reasons, reviews.
    ///
    /// Kept clean (see the module); length counts Unicode scalar values after cleaning.
    Text, Ok
}

bounded_text! {
    /// A single line of `MIN` to `MAX` characters: names, titles, addresses.
    ///
    /// Kept clean (see the module); length counts Unicode scalar values after cleaning.
    Line, |text| if text.contains(['\n', '\t', '\u{2028}', '\u{2029}']) { Err(NOT_ONE_LINE) } else { Ok(text) }
}

/// The refusal that names the bounds, composed while compiling: an [`Invalid`] holds constant sentences.
struct Bounds<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Bounds<MIN, MAX> {
    const VI: &'static Sentence =
        &Sentence::EMPTY.text("phải dài từ ").number(MIN).text(" đến ").number(MAX).text(" ký tự");
    const EN: &'static Sentence =
        &Sentence::EMPTY.text("must be ").number(MIN).text(" to ").number(MAX).text(" characters long");
    const OUTSIDE: Invalid = Invalid { vi: Self::VI.as_str(), en: Self::EN.as_str() };
}

/// A short sentence being put together by the compiler; one that does not fit fails to compile.
struct Sentence {
    bytes: [u8; 80],
    len: usize,
}

impl Sentence {
    const EMPTY: Self = Self { bytes: [0; 80], len: 0 };

    const fn text(mut self, text: &str) -> Self {
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.len] = text.as_bytes()[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let tens = if number < 10 { self } else { self.number(number / 10) };
        tens.text(DIGITS[number % 10])
    }

    const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(sentence) => sentence,
            Err(_) => panic!("whole pieces of text were put together"),
        }
    }
}
