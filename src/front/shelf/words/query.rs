//! What was typed, as slots: each something that is looked for, with everything that answers it.

use super::letters::{Marks, Word, words};
use super::lexicon::Term;
use super::{Words, amounts, slots, typing};

/// Of longer texts only the beginning counts, in characters.
pub const LONGEST_TEXT: usize = 300;
/// The words of a query; those after them do not count.
pub const MOST_WORDS: usize = 16;

/// What somebody typed, understood.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub(super) slots: Vec<Slot>,
    /// "5 sao".
    pub(super) stars: Option<u8>,
    said: String,
}

impl Query {
    /// Whether nothing was typed that could be looked for.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.stars.is_none()
    }

    /// The words as understood, in order and folded: for counting what nobody finds.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// The words as understood, in order, with their marks: `maatj ong` is "mật ong".
    pub fn written(&self) -> String {
        self.slots.iter().map(|slot| slot.written.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How many things are looked for; never more than a constant, whatever was typed.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}

/// One thing looked for.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// As typed, or as its keystrokes mean.
    pub written: String,
    pub wish: bool,
    /// How much of an average word it weighs, in hundredths.
    pub share: u32,
    pub readings: Vec<Reading>,
    /// The one word typed: what to guess from.
    pub typed: Option<Typed>,
}

/// Something that answers a slot: words that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub words: Vec<Sought>,
    /// What it is worth beside the very thing, in hundredths.
    pub worth: u8,
    /// Whether the words may also stand apart.
    pub apart: bool,
}

/// A word of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sought {
    pub term: Term,
    pub marks: Marks,
    /// Whether other marks are another word: so it is where a row says what is meant, not where somebody types.
    pub strict: bool,
    /// Whether it is a word nobody types: it counts the same wherever it stands.
    pub untyped: bool,
}

/// A word of the text, and what else it may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub word: Word,
    /// The letters of keystrokes that make no syllable: good for guessing.
    pub keys: Option<Word>,
    /// A quantity with its unit.
    pub amount: bool,
    /// Whether it ends the text, so that it may be only begun.
    pub open: bool,
}

/// Reads what was typed.
pub fn understand(text: &str, words: &Words) -> Query {
    let text: String = text.chars().take(LONGEST_TEXT).collect();
    let mut query = Query::default();
    let mut typed = read_words(&text, words, &mut query.stars);
    if let Some(last) = typed.last_mut() {
        last.open = text.ends_with(|c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c));
    }
    query.said = typed.iter().map(|typed| typed.word.folded.trim_start_matches('\u{1}')).collect::<Vec<_>>().join(" ");
    query.slots = slots::slots(&typed, words);
    if query.slots.iter().all(|slot| slot.wish) {
        query.slots.iter_mut().for_each(|slot| slot.wish = false);
    }
    query
}

fn read_words(text: &str, known: &Words, stars: &mut Option<u8>) -> Vec<Typed> {
    let pieces: Vec<&str> = text.split_whitespace().take(2 * MOST_WORDS).collect();
    let mut typed = Vec::new();
    let mut at = 0;
    while let Some(rest) = pieces.get(at..).filter(|rest| !rest.is_empty() && typed.len() < MOST_WORDS) {
        if let Some((count, taken)) = amounts::stars(rest) {
            *stars = Some(count);
            at += taken;
        } else if let Some((word, taken)) = amounts::amount(rest) {
            let word = Word { folded: word, written: rest[..taken].join(" "), ..Word::default() };
            typed.push(Typed { word, amount: true, ..Typed::default() });
            at += taken;
        } else {
            typed.extend(read_piece(rest[0], known));
            at += 1;
        }
    }
    typed.truncate(MOST_WORDS);
    typed
}

/// The words of a piece without spaces: keystrokes of VIQR, or words between signs, each perhaps keystrokes.
fn read_piece(piece: &str, known: &Words) -> Vec<Typed> {
    let inner = piece.trim_end_matches(['.', '?', '\'']);
    if inner.contains(typing::VIQR)
        && let Some(reading) = typing::read(piece).filter(|reading| reading.sound)
    {
        return words(&reading.written).into_iter().map(|word| Typed { word, ..Typed::default() }).collect();
    }
    words(piece).into_iter().map(|word| read_keys(word, known)).collect()
}

/// A word nobody knows that is keystrokes of a syllable is that syllable.
fn read_keys(word: Word, known: &Words) -> Typed {
    let known = known.find(&word.folded).is_some() || known.sense.knows(&word.folded);
    let reading = if known { None } else { typing::read(&word.written) };
    match reading {
        Some(reading) if reading.sound => {
            let read = words(&reading.written).pop().unwrap_or(word);
            Typed { word: read, ..Typed::default() }
        }
        Some(reading) => Typed { word, keys: words(&reading.written).pop(), ..Typed::default() },
        None => Typed { word, ..Typed::default() },
    }
}
