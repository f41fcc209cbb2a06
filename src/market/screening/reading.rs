//! Texts as the screening reads them: letter by letter, past the tricks that hide a word from a word list.
//!
//! A word is found whether it is written in capitals, in full width, with look-alike letters of another alphabet, with
//! invisible characters inside, letter by letter ("h.ữ.u c.ơ"), glued together, or with stars drawn for the word *sao*.
//! Whole syllables only: "cơ" is not found in "cơm", nor "5 sao" in "15 sao".
//!
//! Reading a text and looking for a phrase both take time linear in the text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of context an excerpt shows on either side.
const CONTEXT: usize = 30;

/// What stands before a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing: the token goes on.
    Inside,
    /// Nothing, but another token begins: a letter after a digit, a drawn star.
    Joined,
    /// Signs without white space.
    Signs,
    /// White space, perhaps among signs.
    Space,
    /// The end of a sentence, and a capital letter after it.
    Sentence,
}

#[derive(Debug, Clone, Copy)]
struct Letter {
    /// Lower case, composed.
    exact: char,
    /// Without tone and diacritics, đ as d.
    bare: char,
    gap: Gap,
    /// Where it stands in the visible text, in bytes.
    start: usize,
    end: usize,
}

/// A text, read.
#[derive(Debug)]
pub struct Reading {
    /// The text composed, without invisible characters.
    visible: String,
    letters: Vec<Letter>,
    /// Where tokens begin, as indexes of letters.
    tokens: Vec<usize>,
}

/// A phrase to be found.
#[derive(Debug)]
pub struct Pattern {
    letters: Vec<Letter>,
    accents_matter: bool,
}

/// Where something was found, as indexes of letters.
pub type Found = Range<usize>;

/// What has been read since the last letter.
struct Between {
    signs: bool,
    space: bool,
    end_of_sentence: bool,
    last: Option<Kind>,
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Star,
}

impl Between {
    const START: Self = Self { signs: false, space: false, end_of_sentence: false, last: None };

    fn note(&mut self, sign: char) {
        self.signs = true;
        self.space |= sign.is_whitespace();
        self.end_of_sentence |= matches!(sign, '.' | '!' | '?' | '…' | ';' | ':' | '\n');
    }

    /// The gap before a letter of that kind; from here on the letter is the last one.
    fn close(&mut self, kind: Kind, capital: bool) -> Gap {
        let gap = match self {
            Self { space: true, end_of_sentence: true, .. } if capital => Gap::Sentence,
            Self { space: true, .. } => Gap::Space,
            Self { signs: true, .. } | Self { last: None, .. } => Gap::Signs,
            Self { last: Some(last), .. } if *last == kind && kind != Kind::Star => Gap::Inside,
            _ => Gap::Joined,
        };
        *self = Self { last: Some(kind), ..Self::START };
        gap
    }
}

impl Reading {
    /// Reads the text.
    pub fn of(text: &str) -> Self {
        let visible: String = text.chars().filter(|c| !is_invisible(*c)).nfc().collect();
        let letters = letters_of(&visible);
        let begins = |(_, letter): &(usize, &Letter)| letter.gap != Gap::Inside;
        let tokens = letters.iter().enumerate().filter(begins).map(|(at, _)| at).collect();
        Self { visible, letters, tokens }
    }

    /// Everywhere the phrase stands.
    pub fn find(&self, pattern: &Pattern) -> Vec<Found> {
        self.tokens.iter().filter_map(|start| self.matches_at(*start, pattern)).collect()
    }

    /// The phrase at the token that begins with this letter, if it stands there.
    ///
    /// Between its syllables anything may stand but the end of a sentence; within a syllable no white space, unless all
    /// of it is spelled letter by letter.
    fn matches_at(&self, start: usize, pattern: &Pattern) -> Option<Found> {
        let end = start + pattern.letters.len();
        let letters = self.letters.get(start..end)?;
        let same = |(text, phrase): (&Letter, &Letter)| {
            if pattern.accents_matter { text.exact == phrase.exact } else { text.bare == phrase.bare }
        };
        if letters.is_empty() || !letters.iter().zip(&pattern.letters).all(same) || self.goes_on(end) {
            return None;
        }
        let torn = |(text, phrase): (&Letter, &Letter)| match text.gap {
            Gap::Inside | Gap::Joined | Gap::Signs => false,
            Gap::Space => phrase.gap == Gap::Inside,
            Gap::Sentence => true,
        };
        let is_torn = letters.iter().zip(&pattern.letters).skip(1).any(torn);
        let is_spelled = letters.iter().all(|letter| letter.gap != Gap::Inside);
        (!is_torn || is_spelled).then_some(start..end)
    }

    /// Whether the token before this letter goes on with it.
    fn goes_on(&self, at: usize) -> bool {
        self.letters.get(at).is_some_and(|letter| letter.gap == Gap::Inside)
    }

    /// The tokens, each as indexes of letters.
    pub fn tokens(&self) -> impl Iterator<Item = Found> {
        let ends = self.tokens.iter().skip(1).copied().chain([self.letters.len()]);
        self.tokens.iter().copied().zip(ends).map(|(start, end)| start..end)
    }

    /// The letters of a token, without tones and diacritics.
    pub fn bare(&self, token: &Found) -> String {
        self.letters[token.clone()].iter().map(|letter| letter.bare).collect()
    }

    /// What is written between two letters.
    pub fn between(&self, before: usize, after: usize) -> &str {
        self.visible.get(self.letters[before].end..self.letters[after].start).unwrap_or_default()
    }

    /// The text without invisible characters.
    pub fn visible(&self) -> &str {
        &self.visible
    }

    /// What was found, with a little of what stands around it.
    pub fn excerpt(&self, found: &Found) -> String {
        let letters = &self.letters[found.clone()];
        match (letters.first(), letters.last()) {
            (Some(first), Some(last)) => self.excerpt_at(first.start..last.end),
            _ => String::new(),
        }
    }

    /// The bytes of the visible text, with a little of what stands around them.
    pub fn excerpt_at(&self, bytes: Range<usize>) -> String {
        let (before, after) = (&self.visible[..bytes.start], &self.visible[bytes.end..]);
        let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(CONTEXT).map_or(self.visible.len(), |(at, _)| bytes.end + at);
        let (opening, closing) = (if from > 0 { "…" } else { "" }, if to < self.visible.len() { "…" } else { "" });
        format!("{opening}{}{closing}", &self.visible[from..to])
    }
}

impl Pattern {
    /// The phrase, to be found with exactly its accents or whatever the accents.
    pub fn of(phrase: &str, accents_matter: bool) -> Self {
        Self { letters: Reading::of(phrase).letters, accents_matter }
    }

    /// Whether there is nothing to be found: the phrase has neither letter nor digit.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}

fn letters_of(visible: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(visible.len());
    let mut between = Between::START;
    for (start, written) in visible.char_indices() {
        let end = start + written.len_utf8();
        if is_star(written) {
            let gap = between.close(Kind::Star, false);
            let star = [('s', gap), ('a', Gap::Inside), ('o', Gap::Inside)];
            letters.extend(star.map(|(letter, gap)| Letter { exact: letter, bare: letter, gap, start, end }));
            continue;
        }
        // What no composition took up: strokes and rings around letters.
        if is_combining_mark(written) {
            continue;
        }
        for letter in std::iter::once(written).nfkc().flat_map(char::to_lowercase).map(without_disguise) {
            if letter.is_alphanumeric() {
                let kind = if letter.is_numeric() { Kind::Digit } else { Kind::Letter };
                let gap = between.close(kind, written.is_uppercase());
                letters.push(Letter { exact: letter, bare: bare(letter), gap, start, end });
            } else {
                between.note(letter);
            }
        }
    }
    letters
}

/// Zero-width characters, joiners, soft hyphens, variation selectors, marks of direction, tags.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_star(letter: char) -> bool {
    matches!(letter, '⭐' | '★' | '☆' | '✩' | '✪' | '✭' | '✮' | '✯' | '✰' | '🌟' | '⋆' | '✡')
}

/// The Latin letter that a Cyrillic or Greek one is mistaken for.
fn without_disguise(letter: char) -> char {
    match letter {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ո' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'х' => 'x',
        'у' => 'y',
        'ð' => 'đ',
        other => other,
    }
}

/// The letter without tone and diacritics, đ as d.
fn bare(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    match std::iter::once(letter).nfd().next() {
        Some('đ') => 'd',
        Some(base) => base,
        None => letter,
    }
}
