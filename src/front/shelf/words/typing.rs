//! What a keyboard leaves of Vietnamese when its input method is off: Telex (`maatj`), VNI (`ma6t5`), VIQR (`ma^.t`).
//!
//! A key for a mark may stand right after its letter or at the end of the word, and some letters of the word may have their
//! marks already. What comes out is a syllable or nothing; whether the typed word was meant as it stands is for
//! [`super::query`] to say.

use unicode_normalization::UnicodeNormalization as _;

use super::letters::{Quality, Tone};
use super::syllable::{Letter, is_syllable, spell};

/// Longer words are nobody's keystrokes for one syllable, in characters.
const LONGEST: usize = 14;

/// What a word may have been meant as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Decomposed.
    pub written: String,
    /// Whether it is a syllable; if not, it is the letters without the keys, good enough to look for what is near.
    pub sound: bool,
}

/// Reads the keys of a word, if it has any.
pub fn read(word: &str) -> Option<Reading> {
    if word.chars().nth(LONGEST).is_some() {
        return None;
    }
    let by = |method: fn(&mut Keys, char) -> bool| Keys::read(word, method);
    let vni = || word.contains(|c: char| c.is_ascii_digit()).then(|| by(Keys::vni)).flatten();
    let viqr = || word.contains(VIQR).then(|| by(Keys::viqr)).flatten();
    let telex = || word.bytes().all(|c| !c.is_ascii_digit()).then(|| by(Keys::telex)).flatten();
    vni().or_else(viqr).or_else(telex)
}

/// The signs of VIQR beside letters.
pub const VIQR: [char; 8] = ['^', '(', '+', '\'', '`', '?', '~', '.'];

/// A syllable while its keys are read.
#[derive(Debug, Default)]
struct Keys {
    letters: Vec<Letter>,
    tone: Option<Tone>,
    used: usize,
}

impl Keys {
    fn read(word: &str, method: fn(&mut Self, char) -> bool) -> Option<Reading> {
        let mut keys = Self::default();
        for typed in word.nfd().flat_map(char::to_lowercase) {
            if let Some(tone) = Tone::of_mark(typed) {
                keys.tone = Some(tone);
            } else if let (Some(quality), Some(last)) = (Quality::of_mark(typed), keys.letters.last_mut()) {
                last.quality = Some(quality);
            } else if method(&mut keys, typed) {
                keys.used += 1;
            } else if typed.is_ascii_lowercase() || typed == 'đ' {
                keys.letters.push(Letter::plain(typed));
            } else {
                return None;
            }
        }
        if keys.used == 0 || !keys.has_vowel() {
            return None;
        }
        let sound = is_syllable(&keys.letters, keys.tone);
        Some(Reading { written: spell(&keys.letters, keys.tone), sound })
    }

    fn has_vowel(&self) -> bool {
        self.letters.iter().any(|letter| letter.is_vowel())
    }

    fn set_tone(&mut self, tone: Tone) -> bool {
        let fits = self.has_vowel();
        if fits {
            self.tone = Some(tone);
        }
        fits
    }

    /// Gives the last letter that is one of `bases` and still plain its quality.
    fn set_quality(&mut self, bases: &[char], quality: Quality) -> bool {
        let found = self.letters.iter_mut().rev().find(|letter| bases.contains(&letter.base));
        match found {
            Some(letter) if letter.quality.is_none() => {
                letter.quality = Some(quality);
                true
            }
            _ => false,
        }
    }

    /// The horn goes on both letters of uo, and on the u of ua.
    fn set_horn(&mut self) -> bool {
        let bases: Vec<char> = self.letters.iter().map(|letter| letter.base).collect();
        let after_q = |at: usize| at > 0 && bases.get(at - 1) == Some(&'q');
        if let Some(at) = bases.windows(2).position(|pair| matches!(pair, ['u', 'o'])).filter(|at| !after_q(*at)) {
            let pair = self.letters.get_mut(at..at + 2).unwrap_or_default();
            let anew = pair.iter().any(|letter| letter.quality.is_none());
            for letter in pair {
                letter.quality = Some(Quality::Horn);
            }
            return anew;
        }
        if let Some(at) =
            bases.windows(2).position(|pair| matches!(pair, ['u', 'a' | 'u' | 'i'])).filter(|at| !after_q(*at))
            && let Some(letter) = self.letters.get_mut(at).filter(|letter| letter.quality.is_none())
        {
            letter.quality = Some(Quality::Horn);
            return true;
        }
        self.set_quality(&['o', 'u'], Quality::Horn)
    }

    fn stroke(&mut self) -> bool {
        match self.letters.first_mut() {
            Some(first) if first.base == 'd' => {
                first.base = 'đ';
                true
            }
            _ => false,
        }
    }

    fn telex(&mut self, key: char) -> bool {
        match key {
            's' => self.set_tone(Tone::Sac),
            'f' => self.set_tone(Tone::Huyen),
            'r' => self.set_tone(Tone::Hoi),
            'x' => self.set_tone(Tone::Nga),
            'j' => self.set_tone(Tone::Nang),
            'd' => self.stroke(),
            'a' | 'e' | 'o' => self.set_quality(&[key], Quality::Circumflex),
            'w' => self.telex_w(),
            _ => false,
        }
    }

    fn telex_w(&mut self) -> bool {
        let last = self.letters.iter().rev().find(|letter| letter.is_vowel()).map(|letter| letter.base);
        let before_a = self.letters.windows(2).any(|pair| matches!((pair[0].base, pair[1].base), ('u', 'a')));
        match last {
            Some('a') if !before_a || self.starts_with_qu() => self.set_quality(&['a'], Quality::Breve),
            Some(_) => self.set_horn(),
            None => {
                self.letters.push(Letter { base: 'u', quality: Some(Quality::Horn) });
                true
            }
        }
    }

    fn starts_with_qu(&self) -> bool {
        self.letters.first().is_some_and(|letter| letter.base == 'q')
    }

    fn vni(&mut self, key: char) -> bool {
        match key {
            '1' => self.set_tone(Tone::Sac),
            '2' => self.set_tone(Tone::Huyen),
            '3' => self.set_tone(Tone::Hoi),
            '4' => self.set_tone(Tone::Nga),
            '5' => self.set_tone(Tone::Nang),
            '6' => self.set_quality(&['a', 'e', 'o'], Quality::Circumflex),
            '7' => self.set_horn(),
            '8' => self.set_quality(&['a'], Quality::Breve),
            '9' => self.stroke(),
            _ => false,
        }
    }

    fn viqr(&mut self, key: char) -> bool {
        match key {
            '\'' => self.set_tone(Tone::Sac),
            '`' => self.set_tone(Tone::Huyen),
            '?' => self.set_tone(Tone::Hoi),
            '~' => self.set_tone(Tone::Nga),
            '.' => self.set_tone(Tone::Nang),
            '^' => self.set_quality(&['a', 'e', 'o'], Quality::Circumflex),
            '+' => self.set_horn(),
            '(' => self.set_quality(&['a'], Quality::Breve),
            'd' => self.letters.len() == 1 && self.stroke(),
            _ => false,
        }
    }
}
