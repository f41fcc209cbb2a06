//! How far one word is from another, in what people get wrong: sounds that a region does not tell apart cost less than
//! a slip of the finger.

/// What an edit leaves of a word's worth, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness(pub u8);

/// The same sound to some.
const CONFUSED: Likeness = Likeness(82);
/// Two letters swapped, or one doubled.
const SWAPPED: Likeness = Likeness(74);
/// A letter more, fewer or another.
const SLIPPED: Likeness = Likeness(66);
/// The same at the beginning of a word, where people look.
const SLIPPED_FIRST: Likeness = Likeness(58);

/// Initials that some regions do not tell apart, folded.
const INITIALS: [(&str, &str); 14] = [
    ("s", "x"),
    ("ch", "tr"),
    ("d", "gi"),
    ("d", "r"),
    ("gi", "r"),
    ("d", "v"),
    ("gi", "v"),
    ("l", "n"),
    ("ng", "ngh"),
    ("g", "gh"),
    ("c", "k"),
    ("c", "q"),
    ("h", "qu"),
    ("f", "ph"),
];

/// Finals and vowels of which the same is true.
const FINALS: [(&str, &str); 12] = [
    ("n", "ng"),
    ("n", "nh"),
    ("t", "c"),
    ("t", "ch"),
    ("i", "y"),
    ("ay", "ai"),
    ("au", "ao"),
    ("iu", "ieu"),
    ("uu", "uou"),
    ("om", "am"),
    ("im", "iem"),
    ("ip", "iep"),
];

/// FNV-1a, 32 bits: a table's key, not a secret.
pub fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Calls `each` with the word less one letter, for every letter.
pub fn each_shorter(word: &str, mut each: impl FnMut(&str)) {
    let mut shorter = String::with_capacity(word.len());
    for (at, letter) in word.char_indices() {
        shorter.clear();
        shorter.push_str(&word[..at]);
        shorter.push_str(&word[at + letter.len_utf8()..]);
        if !shorter.is_empty() {
            each(&shorter);
        }
    }
}

/// The same with their hashes.
pub fn each_shortened(word: &str, mut each: impl FnMut(u32)) {
    each_shorter(word, |shorter| each(hash(shorter)));
}

/// How like a folded word is to what was typed; none if more than one edit lies between them.
pub fn likeness(typed: &str, word: &str) -> Option<Likeness> {
    if confused(typed, word) {
        return Some(CONFUSED);
    }
    let typed: Vec<char> = typed.chars().collect();
    let word: Vec<char> = word.chars().collect();
    let same_start = typed.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let (rest, other) = (typed.get(same_start..)?, word.get(same_start..)?);
    let slipped = if same_start == 0 { SLIPPED_FIRST } else { SLIPPED };
    match (rest, other) {
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && rest == other => Some(SWAPPED),
        ([a, rest @ ..], other) if rest == other => {
            Some(if repeats(&typed, same_start, *a) { SWAPPED } else { slipped })
        }
        (rest, [a, other @ ..]) if rest == other => {
            Some(if repeats(&word, same_start, *a) { SWAPPED } else { slipped })
        }
        ([_, rest @ ..], [_, other @ ..]) if rest == other => Some(slipped),
        _ => None,
    }
}

fn repeats(word: &[char], at: usize, letter: char) -> bool {
    at.checked_sub(1).and_then(|before| word.get(before)) == Some(&letter)
}

/// Whether the words differ by one of the sounds above.
pub fn confused(one: &str, other: &str) -> bool {
    let at_start = |a: &str, b: &str| matches!((one.strip_prefix(a), other.strip_prefix(b)), (Some(x), Some(y)) if x == y && !x.is_empty());
    let at_end = |a: &str, b: &str| matches!((one.strip_suffix(a), other.strip_suffix(b)), (Some(x), Some(y)) if x == y && !x.is_empty());
    INITIALS.iter().any(|(a, b)| at_start(a, b) || at_start(b, a))
        || FINALS.iter().any(|(a, b)| at_end(a, b) || at_end(b, a))
}

/// Calls `each` with every word that sounds like it to some.
pub fn each_confused(word: &str, mut each: impl FnMut(&str)) {
    for (a, b) in INITIALS {
        for (from, to) in [(a, b), (b, a)] {
            if let Some(rest) = word.strip_prefix(from).filter(|rest| !rest.is_empty()) {
                each(&format!("{to}{rest}"));
            }
        }
    }
    for (a, b) in FINALS {
        for (from, to) in [(a, b), (b, a)] {
            if let Some(rest) = word.strip_suffix(from).filter(|rest| !rest.is_empty()) {
                each(&format!("{rest}{to}"));
            }
        }
    }
}
