//! What a Vietnamese syllable can be: an initial, a rime, and a tone that fits the rime.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::letters::{Quality, Tone};

/// The initials, longest first. In gi and qu the vowel belongs to the consonant.
const INITIALS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];

/// The rimes, with the qualities of their vowels and without tones. Those with y stand after qu as well.
static RIMES: LazyLock<HashSet<&str>> = LazyLock::new(|| RIME_LIST.split_whitespace().collect());

/// The rimes without marks.
static FOLDED_RIMES: LazyLock<HashSet<String>> =
    LazyLock::new(|| RIME_LIST.split_whitespace().map(|rime| rime.chars().map(plain).collect()).collect());

const RIME_LIST: &str = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong \
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uac uan uang uân uâng uât uây uc uê uêch uên uênh uêt ui um un \
    ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươ ươc ươi \
    ươm ươn ương ươp ươt ươu ưt ưu y ych yên yêng yêm yêt yêu yn ynh yt yu ";

/// A letter of a syllable, its tone apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// A letter a–z, or đ.
    pub base: char,
    pub quality: Option<Quality>,
}

impl Letter {
    /// A plain letter.
    pub const fn plain(base: char) -> Self {
        Self { base, quality: None }
    }

    /// Whether a tone can stand on it.
    pub const fn is_vowel(self) -> bool {
        matches!(self.base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
    }

    /// The composed letter, without a tone.
    pub const fn composed(self) -> char {
        match (self.base, self.quality) {
            ('a', Some(Quality::Circumflex)) => 'â',
            ('a', Some(Quality::Breve)) => 'ă',
            ('e', Some(Quality::Circumflex)) => 'ê',
            ('o', Some(Quality::Circumflex)) => 'ô',
            ('o', Some(Quality::Horn)) => 'ơ',
            ('u', Some(Quality::Horn)) => 'ư',
            (base, _) => base,
        }
    }
}

/// Whether the letters with the tone are a syllable that Vietnamese can have.
pub fn is_syllable(letters: &[Letter], tone: Option<Tone>) -> bool {
    let text: String = letters.iter().map(|letter| letter.composed()).collect();
    let rime_fits = |initial: &&str| {
        text.strip_prefix(*initial).is_some_and(|rime| {
            let rime = if rime.is_empty() && *initial == "gi" { "i" } else { rime };
            is_rime(rime) && tone_fits(rime, tone)
        })
    };
    INITIALS.iter().any(rime_fits)
}

/// Whether folded letters are those of a syllable with some marks.
pub fn is_folded_syllable(folded: &str) -> bool {
    INITIALS.iter().filter(|initial| **initial != "đ").any(|initial| {
        folded
            .strip_prefix(initial)
            .is_some_and(|rime| (*initial == "gi" && rime.is_empty()) || FOLDED_RIMES.contains(rime))
    })
}

const fn plain(letter: char) -> char {
    match letter {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        other => other,
    }
}

fn is_rime(rime: &str) -> bool {
    RIMES.contains(rime)
}

/// Before a stop (c, ch, p, t) there are only two tones, sắc and nặng.
fn tone_fits(rime: &str, tone: Option<Tone>) -> bool {
    let stopped = rime.ends_with(['c', 'p', 't']) || rime.ends_with("ch");
    !stopped || matches!(tone, None | Some(Tone::Sac | Tone::Nang))
}

/// Where the tone stands: on the vowel with a quality (the second of ươ), before a final consonant on the last vowel, else on
/// the one before the last; in gi and qu the first vowel is none.
fn tone_bearer(letters: &[Letter]) -> Option<usize> {
    let first = letters.iter().position(|letter| letter.is_vowel())?;
    let glide = match (letters.first().map(|l| l.base), letters.get(1).map(|l| l.base)) {
        (Some('q'), Some('u')) | (Some('g'), Some('i')) => letters.get(2).is_some_and(|letter| letter.is_vowel()),
        _ => false,
    };
    let first = if glide { first + 1 } else { first };
    let vowels = letters.get(first..)?.iter().take_while(|letter| letter.is_vowel()).count();
    let last = first + vowels - 1;
    if let Some(marked) = (first..=last).rev().find(|at| letters.get(*at).is_some_and(|l| l.quality.is_some())) {
        return Some(marked);
    }
    let closed = last + 1 < letters.len();
    Some(if closed || vowels == 1 { last } else { last - 1 })
}

/// The syllable as text, decomposed, with its tone where the older school puts it (hòa).
pub fn spell(letters: &[Letter], tone: Option<Tone>) -> String {
    let bearer = tone_bearer(letters);
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        text.push(letter.base);
        text.extend(letter.quality.map(Quality::mark));
        if Some(at) == bearer {
            text.extend(tone.map(Tone::mark));
        }
    }
    text
}
