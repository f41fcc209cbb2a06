//! Words into slots: a phrase with a meaning is one, else a word; and what a word may be beside itself.

use super::Words;
use super::edits::{self, Likeness};
use super::letters::{self, Marks, Word, composed};
use super::lexicon::Term;
use super::query::{Reading, Slot, Sought, Typed};
use super::sense::{self, LONGEST_PHRASE, Meaning, Phrase, Sense};
use super::syllable::is_folded_syllable;

/// What answers one slot.
pub const MOST_READINGS: usize = 256;
/// The words tried for one that may be mistyped.
const MOST_CORRECTIONS: usize = 12;
/// The words tried for one that is only begun, the commonest: enough for those beginning with a letter, of which the other
/// words choose.
const MOST_ENDINGS: usize = 200;
const MOST_GUESSED_ENDINGS: usize = 24;
/// Of more words that begin alike, the commonest are not looked for.
const MOST_BEGINNING: usize = 1 << 15;
/// Postings of all words tried for one that is only begun: a word that nearly all listings have says nothing of them.
const MOST_BEGUN: usize = 1 << 16;
/// What a joined word may be split into.
const MOST_PARTS: usize = 4;
const MOST_SPLITS: usize = 6;
/// Words of other people's languages and none are not split, in characters.
const SHORTEST_JOINED: usize = 4;
const LONGEST_JOINED: usize = 20;

/// What a slot may be if nothing fits as it is typed, the likest first.
pub fn guesses(slot: &Slot, words: &Words) -> Vec<Reading> {
    slot.typed.as_ref().map(|typed| Reader::of(words).guesses(typed)).unwrap_or_default()
}

/// What was typed, slot by slot.
pub fn slots(typed: &[Typed], words: &Words) -> Vec<Slot> {
    let all: Vec<Word> = typed.iter().map(|typed| typed.word.clone()).collect();
    let reader = Reader::of(words);
    let mut slots = Vec::new();
    let mut at = 0;
    while let Some((rest, words)) = typed.get(at..).zip(all.get(at..)).filter(|(rest, _)| !rest.is_empty()) {
        let (slot, taken) = reader.slot(rest, words, at > 0);
        slots.push(slot);
        at += taken.max(1);
    }
    slots
}

/// Turns words into slots.
struct Reader<'a> {
    words: &'a Words,
    sense: &'a Sense,
}

impl<'a> Reader<'a> {
    fn of(words: &'a Words) -> Self {
        Self { words, sense: &words.sense }
    }

    /// The slot the words begin with, and how many of them it takes.
    fn slot(&self, rest: &[Typed], words: &[Word], follows: bool) -> (Slot, usize) {
        let longest = words.get(..LONGEST_PHRASE).unwrap_or(words);
        let key = sense::key(longest);
        let ends: Vec<usize> = key.match_indices(' ').map(|(at, _)| at).chain([key.len()]).collect();
        for (before, end) in ends.into_iter().enumerate().rev() {
            let taken = before + 1;
            let phrase = Phrase { words: &words[..taken], key: &key[..end] };
            let found = self.place(phrase).or_else(|| self.row(phrase)).or_else(|| self.joined(phrase));
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
        let term = self.words.lexicon.find(&word.folded)?;
        Some(Sought { term, marks: word.marks, strict, untyped: false })
    }

    /// The words one after the other; none if nobody uses one of them.
    fn phrase(&self, phrase: &[Word], worth: u8, strict: bool) -> Option<Reading> {
        let words: Option<Vec<Sought>> = phrase.iter().map(|word| self.sought(word, strict)).collect();
        Some(Reading { words: words?, worth, apart: false })
    }

    fn untyped(&self, word: &str, worth: u8) -> Option<Reading> {
        let term = self.words.find(word)?;
        let word = Sought { term, marks: Marks::default(), strict: false, untyped: true };
        Some(Reading { words: vec![word], worth, apart: false })
    }

    /// The words themselves, which nobody uses if no listing has one of them any longer.
    fn as_typed(&self, phrase: &[Word]) -> Slot {
        let used = |reading: &Reading| reading.words.iter().all(|word| self.words.segments.has(word.term));
        let readings = self.phrase(phrase, 100, false).filter(used);
        let readings = readings.into_iter().map(|reading| Reading { apart: true, ..reading }).collect();
        let written = phrase.iter().map(|word| composed(&word.written)).collect::<Vec<_>>().join(" ");
        Slot { written, wish: false, share: 100, readings, typed: None }
    }

    fn place(&self, phrase: Phrase<'_>) -> Option<Slot> {
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
        let mut slot = self.as_typed(phrase.words);
        slot.readings.iter_mut().for_each(|reading| reading.apart = false);
        slot.readings.extend(places);
        slot.wish = true;
        slot.share = self.sense.weights.place;
        Some(slot)
    }

    fn row(&self, phrase: Phrase<'_>) -> Option<Slot> {
        let mut meanings = self.sense.rows(phrase).peekable();
        meanings.peek()?;
        let mut slot = self.as_typed(phrase.words);
        for meaning in meanings {
            let reading = match meaning {
                Meaning::Words(words) | Meaning::Like(words, _) => self.phrase(words, self.synonym(), true),
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
    fn joined(&self, phrase: Phrase<'_>) -> Option<Slot> {
        if !(2..=MOST_PARTS).contains(&phrase.words.len()) {
            return None;
        }
        let folded = phrase.key.replace(' ', "");
        let term = self.words.find(&folded).filter(|_| !is_folded_syllable(&folded))?;
        let mut slot = self.as_typed(phrase.words);
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
            let phrase = Phrase { words: &parts, key: &sense::key(&parts) };
            let (place, row) = (self.place(phrase), self.row(phrase));
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
            if self.words.find(&part.folded).is_none() || !is_folded_syllable(&part.folded) {
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
        let known = self.words.find(&typed.word.folded);
        let spelled = known.is_some_and(|term| self.words.lexicon.spelling(term, typed.word.marks).is_some());
        if typed.open && !spelled && (follows || known.is_none()) {
            slot.readings.extend(self.endings(&typed.word, MOST_ENDINGS));
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
            guesses.extend(self.endings(&typed.word, MOST_GUESSED_ENDINGS));
        }
        guesses.truncate(MOST_READINGS);
        guesses
    }

    /// The commonest words that begin like this, of those alike the first by their letters; without those that would make it
    /// too many postings.
    fn endings(&self, word: &Word, most: usize) -> Vec<Reading> {
        let mut left = MOST_BEGUN;
        let short = |term: &Term| {
            let fewer = left.checked_sub(self.words.segments.in_names(*term));
            left = fewer.unwrap_or(left);
            fewer.is_some()
        };
        let worth = u8::try_from(self.sense.weights.begun).unwrap_or(100);
        let sought = |term| Sought { term, marks: word.marks, strict: false, untyped: false };
        let reading = |term| Reading { words: vec![sought(term)], worth, apart: false };
        self.commonest_beginning(&word.folded, 2 * most).filter(short).take(most).map(reading).collect()
    }

    fn commonest_beginning(&self, prefix: &str, most: usize) -> impl Iterator<Item = Term> {
        let (lexicon, rarity) = (&self.words.lexicon, self.words.segments.rarity());
        let longer = |term: &Term| lexicon.word(*term).len() > prefix.len();
        let beginning = lexicon.beginning_with(prefix).take(MOST_BEGINNING).filter(longer);
        let mut terms: Vec<(u8, &str, Term)> =
            beginning.map(|term| (rarity.of(term), lexicon.word(term), term)).collect();
        if terms.len() > most {
            terms.select_nth_unstable(most);
            terms.truncate(most);
        }
        terms.sort_unstable();
        terms.into_iter().map(|(_, _, term)| term)
    }

    /// Words like the typed one, the likest first.
    fn corrections(&self, word: &Word) -> Vec<Reading> {
        let (lexicon, folded) = (&self.words.lexicon, word.folded.as_str());
        let letters = folded.chars().count();
        let mut near: Vec<(Likeness, Term)> = Vec::new();
        edits::each_confused(folded, |other| {
            let term = lexicon.find(other);
            near.extend(term.and_then(|term| Some((edits::likeness(folded, other)?, term))));
        });
        if letters > 2 {
            let about = lexicon.about(folded).into_iter();
            near.extend(about.filter_map(|term| Some((edits::likeness(folded, lexicon.word(term))?, term))));
        }
        let letters_of = |term: Term| lexicon.word(term);
        near.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| letters_of(a.1).cmp(letters_of(b.1))));
        near.dedup_by_key(|(_, term)| *term);
        let shortness = if letters == 3 { 90 } else { 100 };
        let reading = |(likeness, term): (Likeness, Term)| {
            let sought = Sought { term, marks: word.marks, strict: false, untyped: false };
            let worth = u16::from(likeness.0) * shortness / 100;
            Reading { words: vec![sought], worth: u8::try_from(worth).unwrap_or(100), apart: false }
        };
        let used = |(_, term): &(Likeness, Term)| self.words.segments.has(*term);
        near.into_iter().filter(used).take(MOST_CORRECTIONS).map(reading).collect()
    }
}
