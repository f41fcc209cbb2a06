//! What was typed, as slots: each something that is looked for, with everything that answers it.

use super::amounts;
use super::edits::{self, Likeness};
use super::letters::{self, Marks, Word, composed, words};
use super::lexicon::{Lexicon, Term};
use super::sense::{LONGEST_PHRASE, Meaning, Sense};
use super::syllable::is_folded_syllable;
use super::typing;

/// Of longer texts only the beginning counts, in characters.
pub const LONGEST_TEXT: usize = 300;
/// The words of a query; those after them do not count.
pub const MOST_WORDS: usize = 16;
/// What answers one slot.
pub const MOST_READINGS: usize = 64;
/// The words tried for one that may be mistyped.
const MOST_CORRECTIONS: usize = 12;
/// The words tried for one that is only begun.
const MOST_ENDINGS: usize = 32;
/// What a joined word may be split into.
const MOST_PARTS: usize = 4;
const MOST_SPLITS: usize = 6;
/// Words of other people's languages and none are not split, in characters.
const SHORTEST_JOINED: usize = 4;
const LONGEST_JOINED: usize = 20;

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
    word: Word,
    /// The letters of keystrokes that make no syllable: good for guessing.
    keys: Option<Word>,
    /// A quantity with its unit.
    amount: bool,
    /// Whether it ends the text, so that it may be only begun.
    open: bool,
}

/// Reads what was typed.
pub fn understand(text: &str, lexicon: &Lexicon, sense: &Sense) -> Query {
    let text: String = text.chars().take(LONGEST_TEXT).collect();
    let mut query = Query::default();
    let mut typed = read_words(&text, lexicon, sense, &mut query.stars);
    if let Some(last) = typed.last_mut() {
        last.open = text.ends_with(|c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c));
    }
    query.said = typed.iter().map(|typed| typed.word.folded.trim_start_matches('\u{1}')).collect::<Vec<_>>().join(" ");
    let reader = Reader { lexicon, sense };
    let mut at = 0;
    while let Some(rest) = typed.get(at..).filter(|rest| !rest.is_empty()) {
        let (slot, taken) = reader.slot(rest, at > 0);
        query.slots.push(slot);
        at += taken.max(1);
    }
    if query.slots.iter().all(|slot| slot.wish) {
        query.slots.iter_mut().for_each(|slot| slot.wish = false);
    }
    query
}

fn read_words(text: &str, lexicon: &Lexicon, sense: &Sense, stars: &mut Option<u8>) -> Vec<Typed> {
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
            typed.extend(read_piece(rest[0], lexicon, sense));
            at += 1;
        }
    }
    typed.truncate(MOST_WORDS);
    typed
}

/// The words of a piece without spaces: keystrokes of VIQR, or words between signs, each perhaps keystrokes.
fn read_piece(piece: &str, lexicon: &Lexicon, sense: &Sense) -> Vec<Typed> {
    let inner = piece.trim_end_matches(['.', '?', '\'']);
    if inner.contains(typing::VIQR)
        && let Some(reading) = typing::read(piece).filter(|reading| reading.sound)
    {
        return words(&reading.written).into_iter().map(|word| Typed { word, ..Typed::default() }).collect();
    }
    words(piece).into_iter().map(|word| read_keys(word, lexicon, sense)).collect()
}

/// A word nobody knows that is keystrokes of a syllable is that syllable.
fn read_keys(word: Word, lexicon: &Lexicon, sense: &Sense) -> Typed {
    let known = lexicon.find(&word.folded).is_some() || sense.knows(&word.folded);
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

/// What a slot may be if nothing fits as it is typed, the likest first.
pub(super) fn guesses(slot: &Slot, lexicon: &Lexicon, sense: &Sense) -> Vec<Reading> {
    slot.typed.as_ref().map(|typed| Reader { lexicon, sense }.guesses(typed)).unwrap_or_default()
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    sense: &'a Sense,
}

impl Reader<'_> {
    /// The slot the words begin with, and how many of them it takes.
    fn slot(&self, rest: &[Typed], follows: bool) -> (Slot, usize) {
        let longest = rest.len().min(LONGEST_PHRASE);
        for taken in (1..=longest).rev() {
            let phrase: Vec<Word> = rest.iter().take(taken).map(|typed| typed.word.clone()).collect();
            let found = self.place(&phrase).or_else(|| self.row(&phrase)).or_else(|| self.joined(&phrase));
            if let Some(mut slot) = found {
                slot.typed = rest.first().filter(|typed| taken == 1 && !typed.amount).cloned();
                return (slot, taken);
            }
        }
        let mut slot = self.single(&rest[0]);
        if !rest[0].amount {
            self.complete(&mut slot, &rest[0], follows);
        }
        (slot, 1)
    }

    fn sought(&self, word: &Word, strict: bool) -> Option<Sought> {
        let term = self.lexicon.find(&word.folded)?;
        Some(Sought { term, marks: word.marks, strict, untyped: false })
    }

    /// The words one after the other; none if nobody uses one of them.
    fn phrase(&self, phrase: &[Word], worth: u8, strict: bool) -> Option<Reading> {
        let words: Option<Vec<Sought>> = phrase.iter().map(|word| self.sought(word, strict)).collect();
        Some(Reading { words: words?, worth, apart: false })
    }

    fn untyped(&self, word: &str, worth: u8) -> Option<Reading> {
        let term = self.lexicon.find(word)?;
        let word = Sought { term, marks: Marks::default(), strict: false, untyped: true };
        Some(Reading { words: vec![word], worth, apart: false })
    }

    fn as_typed(&self, phrase: &[Word]) -> Slot {
        let readings = self.phrase(phrase, 100, false);
        let readings = readings.into_iter().map(|reading| Reading { apart: true, ..reading }).collect();
        let written = phrase.iter().map(|word| composed(&word.written)).collect::<Vec<_>>().join(" ");
        Slot { written, wish: false, share: 100, readings, typed: None }
    }

    fn place(&self, phrase: &[Word]) -> Option<Slot> {
        let places: Vec<Reading> = self
            .sense
            .places(phrase)
            .filter_map(|meaning| match meaning {
                Meaning::Untyped(word) => Some(word),
                _ => None,
            })
            .filter_map(|word| self.untyped(word, 100))
            .collect();
        if places.is_empty() {
            return None;
        }
        let mut slot = self.as_typed(phrase);
        slot.readings.iter_mut().for_each(|reading| reading.apart = false);
        slot.readings.extend(places);
        slot.wish = true;
        slot.share = self.sense.weights.place;
        Some(slot)
    }

    fn row(&self, phrase: &[Word]) -> Option<Slot> {
        let mut meanings = self.sense.rows(phrase).peekable();
        meanings.peek()?;
        let mut slot = self.as_typed(phrase);
        for meaning in meanings {
            let reading = match meaning {
                Meaning::Words(words) => self.phrase(words, self.synonym(), true),
                Meaning::Untyped(word) => self.untyped(word, self.synonym()),
                Meaning::Nothing => {
                    slot.wish = true;
                    slot.share = 30;
                    None
                }
            };
            slot.readings.extend(reading);
        }
        slot.readings.truncate(MOST_READINGS);
        Some(slot)
    }

    fn synonym(&self) -> u8 {
        u8::try_from(self.sense.weights.synonym).unwrap_or(100)
    }

    /// Words typed apart that listings write as one: "mắc ca" and "macca".
    fn joined(&self, phrase: &[Word]) -> Option<Slot> {
        if phrase.len() < 2 || phrase.len() > MOST_PARTS {
            return None;
        }
        let folded: String = phrase.iter().map(|word| word.folded.as_str()).collect();
        let term = self.lexicon.find(&folded).filter(|_| !is_folded_syllable(&folded))?;
        let mut slot = self.as_typed(phrase);
        let joined = Sought { term, marks: Marks::default(), strict: false, untyped: false };
        slot.readings.push(Reading { words: vec![joined], worth: 98, apart: false });
        Some(slot)
    }

    fn single(&self, typed: &Typed) -> Slot {
        if typed.amount {
            let readings = self.untyped(&typed.word.folded, 100).into_iter().collect();
            let written = typed.word.written.clone();
            return Slot { written, wish: true, share: 60, readings, typed: None };
        }
        let mut slot = self.as_typed(std::slice::from_ref(&typed.word));
        if !is_folded_syllable(&typed.word.folded) {
            self.split(&mut slot, &typed.word);
        }
        slot
    }

    /// What a word may be that was typed without its spaces; a place typed so is a place.
    fn split(&self, slot: &mut Slot, word: &Word) {
        let length = word.folded.chars().count();
        if !(SHORTEST_JOINED..=LONGEST_JOINED).contains(&length) || !word.folded.is_ascii() {
            return;
        }
        let mut splits = Vec::new();
        self.splits(&word.written, &mut Vec::new(), &mut splits);
        for parts in splits {
            let place = self.place(&parts);
            let row = self.row(&parts);
            slot.readings.extend(self.phrase(&parts, 96, false));
            if let Some(meant) = place.or(row) {
                slot.wish |= meant.wish && slot.readings.len() <= 1;
                slot.share = if slot.wish { meant.share } else { slot.share };
                slot.readings.extend(meant.readings.into_iter().skip(1));
            }
        }
        slot.readings.truncate(MOST_READINGS);
    }

    fn splits(&self, written: &str, before: &mut Vec<Word>, found: &mut Vec<Vec<Word>>) {
        if found.len() >= MOST_SPLITS || before.len() >= MOST_PARTS {
            return;
        }
        for (at, _) in written.char_indices().skip(1).chain([(written.len(), ' ')]) {
            let (head, tail) = written.split_at(at);
            if tail.starts_with(unicode_normalization::char::is_combining_mark) {
                continue;
            }
            let Some(part) = letters::words(head).pop() else { continue };
            if self.lexicon.find(&part.folded).is_none() || !is_folded_syllable(&part.folded) {
                continue;
            }
            before.push(part);
            if tail.is_empty() {
                if before.len() > 1 {
                    found.push(before.clone());
                }
            } else {
                self.splits(tail, before, found);
            }
            before.pop();
        }
    }

    /// Lets a last word that nobody writes so be the beginning of others, and keeps it for guessing.
    fn complete(&self, slot: &mut Slot, typed: &Typed, follows: bool) {
        let known = self.lexicon.find(&typed.word.folded);
        let spelled = known.is_some_and(|term| self.lexicon.spelling(term, typed.word.marks).is_some());
        if typed.open && !spelled && (follows || known.is_none()) {
            slot.readings.extend(self.endings(&typed.word));
            slot.readings.truncate(MOST_READINGS);
        }
        slot.typed = Some(typed.clone());
    }

    /// What a slot may be beside what was typed: a word only begun, or mistyped.
    fn guesses(&self, typed: &Typed) -> Vec<Reading> {
        let mut guesses = self.corrections(&typed.word);
        if let Some(keys) = &typed.keys {
            guesses.extend(self.phrase(std::slice::from_ref(keys), 80, false));
            guesses.extend(self.corrections(keys));
        }
        if typed.open {
            guesses.extend(self.endings(&typed.word));
        }
        guesses.truncate(MOST_READINGS);
        guesses
    }

    fn endings(&self, word: &Word) -> Vec<Reading> {
        let worth = u8::try_from(self.sense.weights.begun).unwrap_or(100);
        let terms = self.lexicon.beginning_with(&word.folded).filter(|term| self.lexicon.word(*term) != word.folded);
        let sought = |term| Sought { term, marks: word.marks, strict: false, untyped: false };
        terms.take(MOST_ENDINGS).map(|term| Reading { words: vec![sought(term)], worth, apart: false }).collect()
    }

    /// Words like the typed one, the likest first.
    fn corrections(&self, word: &Word) -> Vec<Reading> {
        let folded = word.folded.as_str();
        let letters = folded.chars().count();
        let mut near: Vec<(Likeness, Term)> = Vec::new();
        edits::each_confused(folded, |other| {
            let term = self.lexicon.find(other);
            near.extend(term.and_then(|term| Some((edits::likeness(folded, other)?, term))));
        });
        if letters > 2 {
            let about = self.lexicon.about(folded).into_iter();
            near.extend(about.filter_map(|term| Some((edits::likeness(folded, self.lexicon.word(term))?, term))));
        }
        near.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        near.dedup_by_key(|(_, term)| *term);
        let shortness = if letters == 3 { 90 } else { 100 };
        let reading = |(likeness, term): (Likeness, Term)| {
            let sought = Sought { term, marks: word.marks, strict: false, untyped: false };
            let worth = u16::from(likeness.0) * shortness / 100;
            Reading { words: vec![sought], worth: u8::try_from(worth).unwrap_or(100), apart: false }
        };
        near.into_iter().take(MOST_CORRECTIONS).map(reading).collect()
    }
}
