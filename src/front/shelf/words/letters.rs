//! Words out of text: folded, and the marks that were folded away.
//!
//! A Vietnamese syllable has one tone, and of the vowels' qualities (â ê ô, ă, ơ ư) at most one kind; with đ that makes six
//! bits, which together with the folded letters give the syllable back. Where the tone stands (hoà, hòa) makes no
//! difference to them, nor does composition (NFC, NFD) or the Icelandic ð.

use unicode_normalization::UnicodeNormalization as _;

/// Longer words are cut, in characters; the longest Vietnamese syllable has seven.
pub const LONGEST_WORD: usize = 24;

/// Tone, quality and đ of a word: `tone | quality << 3 | đ << 5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Marks(u8);

/// The tones beside the level one (*ngang*), as combining marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tone {
    Huyen = 1,
    Sac = 2,
    Hoi = 3,
    Nga = 4,
    Nang = 5,
}

/// The qualities a vowel may have beside the plain one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Quality {
    /// â ê ô
    Circumflex = 1,
    /// ă
    Breve = 2,
    /// ơ ư
    Horn = 3,
}

impl Tone {
    /// The tone a combining mark stands for.
    pub const fn of_mark(mark: char) -> Option<Self> {
        match mark {
            '\u{300}' => Some(Self::Huyen),
            '\u{301}' => Some(Self::Sac),
            '\u{309}' => Some(Self::Hoi),
            '\u{303}' => Some(Self::Nga),
            '\u{323}' => Some(Self::Nang),
            _ => None,
        }
    }

    /// The combining mark.
    pub const fn mark(self) -> char {
        match self {
            Self::Huyen => '\u{300}',
            Self::Sac => '\u{301}',
            Self::Hoi => '\u{309}',
            Self::Nga => '\u{303}',
            Self::Nang => '\u{323}',
        }
    }
}

impl Quality {
    /// The quality a combining mark stands for.
    pub const fn of_mark(mark: char) -> Option<Self> {
        match mark {
            '\u{302}' => Some(Self::Circumflex),
            '\u{306}' => Some(Self::Breve),
            '\u{31B}' => Some(Self::Horn),
            _ => None,
        }
    }

    /// The combining mark.
    pub const fn mark(self) -> char {
        match self {
            Self::Circumflex => '\u{302}',
            Self::Breve => '\u{306}',
            Self::Horn => '\u{31B}',
        }
    }
}

impl Marks {
    /// Of the six bits.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0x3F)
    }

    /// The six bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the word was written with letters of the English alphabet only.
    pub const fn is_bare(self) -> bool {
        self.0 == 0
    }

    /// Whether only the tone differs, or is missing in one of them.
    pub const fn same_but_for_tone(self, other: Self) -> bool {
        self.0 >> 3 == other.0 >> 3
    }

    fn put(&mut self, mark: char) {
        if let Some(tone) = Tone::of_mark(mark) {
            self.0 = (self.0 & !0x07) | tone as u8;
        } else if let Some(quality) = Quality::of_mark(mark) {
            self.0 |= (quality as u8) << 3;
        }
    }

    fn put_stroke(&mut self) {
        self.0 |= 1 << 5;
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Lower case, without marks, with i for y where they sound alike.
    pub folded: String,
    /// What was folded away.
    pub marks: Marks,
    /// As written, lower case and decomposed.
    pub written: String,
}

/// Calls `each` with the words of a text, in order. The word lent is overwritten by the next.
pub fn each_word(text: &str, mut each: impl FnMut(&Word)) {
    let mut word = Word::default();
    let mut length = 0;
    for letter in text.nfkd().flat_map(char::to_lowercase) {
        let stroke = matches!(letter, 'đ' | 'ð');
        if stroke || letter.is_alphanumeric() {
            length += 1;
            if length <= LONGEST_WORD {
                word.folded.push(if stroke { 'd' } else { letter });
                word.written.push(if stroke { 'đ' } else { letter });
                if stroke {
                    word.marks.put_stroke();
                }
            }
        } else if unicode_normalization::char::is_combining_mark(letter) {
            if length > 0
                && length <= LONGEST_WORD
                && (Tone::of_mark(letter).is_some() || Quality::of_mark(letter).is_some())
            {
                word.marks.put(letter);
                word.written.push(letter);
            }
        } else if length > 0 {
            finish(&mut word, &mut each);
            length = 0;
        }
    }
    if length > 0 {
        finish(&mut word, &mut each);
    }
}

fn finish(word: &mut Word, each: &mut impl FnMut(&Word)) {
    one_i(&mut word.folded);
    each(word);
    word.folded.clear();
    word.written.clear();
    word.marks = Marks::default();
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    each_word(text, |word| found.push(word.clone()));
    found
}

/// A word's composed spelling.
pub fn composed(written: &str) -> String {
    written.nfc().collect()
}

/// Lý and lí, mỹ and mĩ, quý and quí are one word: y becomes i where it is the whole rime, and after qu.
fn one_i(folded: &mut String) {
    if !folded.contains('y') {
        return;
    }
    let Some(at) = folded.find('y') else { return };
    let before = &folded[..at];
    let after_qu = before == "qu";
    let whole_rime = at + 1 == folded.len() && before.bytes().all(|c| c.is_ascii_lowercase() && !b"aeiou".contains(&c));
    if after_qu || whole_rime {
        folded.replace_range(at..=at, "i");
    }
}
