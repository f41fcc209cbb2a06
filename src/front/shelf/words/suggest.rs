//! What somebody may be about to type, and what they may have meant.

use std::collections::HashMap;

use super::letters::Marks;
use super::lexicon::Lexicon;
use super::query::{Query, Reading, Slot};
use super::{Columns, Doc, Words, letters, ranking};

/// Hits whose titles are looked at.
const DEPTH: usize = 64;

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
    let mut suggestions: Vec<Suggestion> =
        completions(words, &query, &hits.best.iter().map(|hit| hit.doc).collect::<Vec<_>>())
            .into_iter()
            .take(limit / 2)
            .map(Suggestion::Words)
            .collect();
    let left = limit - suggestions.len().min(limit);
    suggestions.extend(hits.best.iter().take(left).map(|hit| Suggestion::Listing(hit.doc)));
    suggestions
}

/// The typed words with the last one whole, as the best hits write them; those of most hits first.
fn completions(words: &Words, query: &Query, docs: &[Doc]) -> Vec<String> {
    let Some((last, before)) = query.slots.split_last() else { return Vec::new() };
    let mut beginning: Vec<String> = before.iter().map(|slot| slot.written.clone()).collect();
    let folded: String = letters::words(&last.written).into_iter().map(|word| word.folded).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for reading in last.readings.iter().chain(&words.guesses(last)) {
        let [sought] = reading.words.as_slice() else { continue };
        if sought.untyped || !words.lexicon.word(sought.term).starts_with(&folded) {
            continue;
        }
        for live in words.segments.parts() {
            let (found, places) = live.names(sought.term);
            for doc in docs {
                let Ok(at) = found.binary_search(doc) else { continue };
                let marks = places.get(at).map(|place| place.marks()).unwrap_or_default();
                if let Some(spelling) = words.lexicon.spelling(sought.term, marks) {
                    *counts.entry(spelling).or_default() += 1;
                }
            }
        }
    }
    let mut endings: Vec<(&str, usize)> = counts.into_iter().collect();
    endings.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let whole = |(ending, _): (&str, usize)| {
        beginning.push(ending.to_owned());
        let text = beginning.join(" ");
        beginning.pop();
        text
    };
    endings.into_iter().map(whole).collect()
}

/// The query with every word that nobody uses replaced by the likest one that somebody does; none if there is no such word.
pub fn did_you_mean(words: &Words, query: &Query) -> Option<String> {
    let likest = |slot: &Slot| {
        let guesses = if slot.readings.is_empty() { words.guesses(slot) } else { Vec::new() };
        // Of equals the first: the likest come first.
        guesses.into_iter().reduce(|best, guess| if guess.worth > best.worth { guess } else { best })
    };
    let guesses: Vec<Option<Reading>> = query.slots.iter().map(likest).collect();
    let said = query.slots.iter().zip(&guesses).map(|(slot, guess)| match guess {
        Some(guess) => spelled(&words.lexicon, guess),
        None => slot.written.clone(),
    });
    guesses.iter().any(Option::is_some).then(|| said.collect::<Vec<_>>().join(" "))
}

/// A reading as it is written: with the marks typed, if anybody writes it so.
fn spelled(lexicon: &Lexicon, reading: &Reading) -> String {
    let word = |term, marks: Marks| {
        let typed = lexicon.spelling(term, marks);
        let any = || lexicon.spellings(term).map(|(_, spelling)| spelling).next();
        typed.or_else(any).unwrap_or_else(|| lexicon.word(term)).to_owned()
    };
    reading.words.iter().map(|sought| word(sought.term, sought.marks)).collect::<Vec<_>>().join(" ")
}
