//! What somebody may be about to type, and what they may have meant.

use std::collections::HashMap;

use super::bits::Bits;
use super::candidates::LOOKING_UP;
use super::document::{FAR, Field, Place};
use super::lexicon::Term;
use super::query::{Query, Reading, Slot, Sought};
use super::segment::Live;
use super::{Admitted, Columns, Doc, Words, letters, ranking};

/// Hits whose names are looked at.
const DEPTH: usize = 64;
/// Postings looked at to know whether a guess may be said; what is said is found among the first of them or not at all.
const MOST_LOOKED_AT: usize = 10_000;
/// Listings by which the spelling of a guess is chosen.
const MOST_SPELLINGS: u32 = 32;

/// Something to go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// A query.
    Words(String),
    /// A listing.
    Listing(Doc),
}

/// Queries that begin as typed, then the best listings; at most `limit` in all, and at most half of them queries.
pub fn suggest(words: &Words, typed: &str, columns: &impl Columns, limit: usize) -> Vec<Suggestion> {
    let query = words.understand(typed);
    let hits = ranking::search(words, &query, columns, DEPTH);
    let docs: Vec<Doc> = hits.best.iter().map(|hit| hit.doc).collect();
    let mut suggestions: Vec<Suggestion> =
        completions(words, &query, &docs).into_iter().take(limit / 2).map(Suggestion::Words).collect();
    let left = limit - suggestions.len().min(limit);
    suggestions.extend(docs.into_iter().take(left).map(Suggestion::Listing));
    suggestions
}

/// The typed words with the last one whole, and the listings among the hits that write them so.
struct Completion {
    text: String,
    /// The last word.
    term: Term,
    /// Listings in which the last word follows the one before it.
    together: u32,
    /// Listings that have it at all.
    all: u32,
}

/// The typed words with the last one whole, as the best hits write them: if any hit has the words one behind the other, only
/// those of which that is true. Those of most hits first.
fn completions(words: &Words, query: &Query, docs: &[Doc]) -> Vec<String> {
    let said: Vec<Said<'_>> = query.slots.iter().flat_map(said).collect();
    let Some((last, before)) = said.split_last() else { return Vec::new() };
    let endings = endings(words, query.slots.last(), last);
    let bare = said.iter().all(|(typed, _)| typed.is_ascii());
    let mut counts: HashMap<(Term, String), (u32, u32)> = HashMap::new();
    for live in words.segments.parts() {
        let held: Bits = docs.iter().copied().filter(|doc| live.holds(*doc)).collect();
        if held.len() == 0 {
            continue;
        }
        let beginning = |doc| (doc, Beginning::of(words, live, doc, (before, bare)));
        let beginnings: HashMap<Doc, Beginning> = held.iter().map(beginning).collect();
        for term in &endings {
            for (doc, places) in named(live, *term, &held) {
                let Some(beginning) = beginnings.get(&doc) else { continue };
                let Some(place) = beginning.best_next(places) else { continue };
                let Some(spelling) = words.lexicon.spelling(*term, place.marks()) else { continue };
                let (together, all) = counts.entry((*term, beginning.with(spelling))).or_default();
                *together += u32::from(beginning.is_before(*place));
                *all += 1;
            }
        }
    }
    let completion = |((term, text), (together, all))| Completion { text, term, together, all };
    richest(counts.into_iter().map(completion).collect())
}

/// The completions in their order, without those that others are with more accents.
fn richest(mut completions: Vec<Completion>) -> Vec<String> {
    if completions.iter().any(|one| one.together > 0) {
        completions.retain(|one| one.together > 0);
    }
    completions.sort_unstable_by(|a, b| (b.together, b.all).cmp(&(a.together, a.all)).then(a.text.cmp(&b.text)));
    let poorer = |one: &&Completion| completions.iter().any(|other| one.is_poorer_than(other));
    completions.iter().filter(|one| !poorer(one)).map(|one| one.text.clone()).collect()
}

impl Completion {
    /// Whether the other is the same with accents that this one lacks.
    fn is_poorer_than(&self, other: &Self) -> bool {
        let is_poorer = |(one, other): (&str, &str)| one == other || one.is_ascii();
        self.term == other.term
            && self.text != other.text
            && self.text.split(' ').zip(other.text.split(' ')).all(is_poorer)
    }
}

/// A word of the text, and what it is looked for as: nothing where the slot is looked for as other words.
type Said<'a> = (&'a str, Option<Sought>);

/// The words of a slot.
fn said(slot: &Slot) -> Vec<Said<'_>> {
    let typed: Vec<&str> = slot.written.split(' ').collect();
    let sought = slot.readings.first().map_or(&[][..], |reading| reading.words.as_slice());
    let sought = if sought.len() == typed.len() { sought } else { &[] };
    let typable = |at: usize| sought.get(at).copied().filter(|sought| !sought.untyped);
    typed.into_iter().enumerate().map(|(at, typed)| (typed, typable(at))).collect()
}

/// What the last word may become, each word once; the last word of a phrase is nothing else.
fn endings(words: &Words, slot: Option<&Slot>, (typed, last): &Said<'_>) -> Vec<Term> {
    let single = |reading: &Reading| match reading.words.as_slice() {
        [sought] if !sought.untyped => Some(sought.term),
        _ => None,
    };
    let typed: String = letters::words(typed).into_iter().map(|word| word.folded).collect();
    let guesses = slot.map(|slot| words.guesses(slot)).unwrap_or_default();
    let readings = slot.into_iter().flat_map(|slot| &slot.readings).chain(&guesses).filter_map(single);
    let readings = readings.chain(last.map(|sought| sought.term));
    let mut terms: Vec<Term> = readings.filter(|term| words.lexicon.word(*term).starts_with(&typed)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The listings among these, none of them replaced, that have a word in their names, and where. A very common word is looked
/// up in each; else it is shorter to read all that have it, as there are hundreds of words to be looked for.
fn named<'a>(live: &'a Live, term: Term, among: &Bits) -> Vec<(Doc, &'a [Place])> {
    if live.names(term).0.len() > LOOKING_UP * among.len() {
        let looked_up = among.iter().map(|doc| (doc, places(live, term, doc)));
        return looked_up.filter(|(_, places)| !places.is_empty()).collect();
    }
    live.names_among(term, among).collect()
}

/// Where a word stands in the names of a listing, the best place first.
fn places(live: &Live, term: Term, doc: Doc) -> &[Place] {
    let (docs, places) = live.names(term);
    let from = docs.partition_point(|other| *other < doc);
    let count = docs.get(from..).unwrap_or_default().iter().take_while(|other| **other == doc).count();
    places.get(from..from + count).unwrap_or_default()
}

/// The words before the last as a listing writes them.
struct Beginning {
    text: String,
    /// Where a word stands that follows them; none if there are none of them.
    next: Option<Vec<(Field, u8)>>,
}

impl Beginning {
    /// `bare` tells that nothing was typed with accents, so that words without them may have some.
    fn of(words: &Words, live: &Live, doc: Doc, (said, bare): (&[Said<'_>], bool)) -> Self {
        let mut beginning = Self { text: String::new(), next: None };
        for (typed, sought) in said {
            let places = sought.map_or(&[][..], |sought| places(live, sought.term, doc));
            let place = places.first().filter(|_| bare);
            let written = sought.zip(place).and_then(|(sought, at)| words.lexicon.spelling(sought.term, at.marks()));
            beginning.text.push_str(written.unwrap_or(typed));
            beginning.text.push(' ');
            let behind = |place: &Place| (place.field(), place.position() + 1);
            beginning.next = Some(places.iter().map(behind).collect());
        }
        beginning
    }

    fn with(&self, ending: &str) -> String {
        format!("{}{ending}", self.text)
    }

    /// Of these places the one right behind the words, else the best.
    fn best_next<'a>(&self, places: &'a [Place]) -> Option<&'a Place> {
        places.iter().find(|place| self.is_before(**place)).or(places.first())
    }

    fn is_before(&self, place: Place) -> bool {
        let at = (place.field(), place.position());
        self.next.as_ref().is_none_or(|next| at.1 != FAR && next.contains(&at))
    }
}

/// The query with every word that nobody uses replaced by the likest one of a listing that may be seen; none if there is no
/// such word.
pub fn did_you_mean(words: &Words, query: &Query, columns: &impl Columns) -> Option<String> {
    let mut left = MOST_LOOKED_AT;
    let mut likest = |slot: &Slot| {
        let mut guesses = if slot.readings.is_empty() { words.guesses(slot) } else { Vec::new() };
        // Of equals the likest come first, and stay so.
        guesses.sort_by_key(|guess| std::cmp::Reverse(guess.worth));
        guesses.iter().find_map(|guess| spelled(words, guess, columns, &mut left))
    };
    let guesses: Vec<Option<String>> = query.slots.iter().map(&mut likest).collect();
    let said = query.slots.iter().zip(&guesses).map(|(slot, guess)| guess.as_deref().unwrap_or(&slot.written));
    guesses.iter().any(Option::is_some).then(|| said.collect::<Vec<_>>().join(" "))
}

/// A reading as listings that may be seen write it; none if there is none. Looks at no more than `left` postings.
fn spelled(words: &Words, reading: &Reading, columns: &impl Columns, left: &mut usize) -> Option<String> {
    let mut text = Vec::new();
    for sought in &reading.words {
        text.push(spelled_word(words, *sought, columns, left)?);
    }
    Some(text.join(" "))
}

/// A word as it is written with the marks typed, if anybody does so, else as most of the first listings write it.
fn spelled_word<'a>(words: &'a Words, sought: Sought, columns: &impl Columns, left: &mut usize) -> Option<&'a str> {
    let mut counts: HashMap<u8, u32> = HashMap::new();
    let mut seen = 0;
    for (doc, place) in words.segments.parts().iter().flat_map(|live| live.having(sought.term)) {
        *left = left.checked_sub(1)?;
        if columns.admits(doc) == Admitted::Yes {
            *counts.entry(place.marks().bits()).or_default() += 1;
            seen += 1;
        }
        if seen == MOST_SPELLINGS {
            break;
        }
    }
    let rank = |(bits, count): (&u8, &u32)| (*bits == sought.marks.bits() && *bits > 0, *bits > 0, *count, *bits);
    let marks = counts.iter().max_by_key(|(bits, count)| rank((bits, count))).map(|(bits, _)| *bits)?;
    words.lexicon.spelling(sought.term, letters::Marks::from_bits(marks))
}
