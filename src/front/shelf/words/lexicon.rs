//! Every word of the listings, with what leads to it: its beginnings, its spellings, and what is left when one letter is
//! taken away (which finds every word one edit away without trying them).

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::edits;
use super::letters::{Marks, Word, composed};
use super::part::Part;

/// The number of a word.
pub type Term = u32;

/// A part is joined with the one before it once it is more than this part of it.
const RATIO: usize = 4;

/// Words no one can type begin with this: sets, places, amounts.
pub const UNTYPED: char = '\u{1}';

/// All words, in parts of which each is much smaller than the one before: new words are a part of their own, so that few are
/// ever copied.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    parts: Vec<Arc<Part>>,
    /// The same for all parts, so that a word is hashed once. It begins at random: sellers choose the words.
    hasher: RandomState,
}

impl Lexicon {
    /// The number of a folded word.
    pub fn find(&self, folded: &str) -> Option<Term> {
        let hash = self.hasher.hash_one(folded);
        self.parts.iter().find_map(|part| part.find(hash, folded))
    }

    /// The number of a word, which is a new one if nobody used it before.
    pub fn number(&mut self, word: &Word) -> Term {
        let term = self.untyped(&word.folded);
        if self.spelling(term, word.marks).is_none() {
            let written = composed(&word.written);
            let other = if written == word.folded { "" } else { &written };
            self.change(|part, _| part.spell(term, word.marks, other));
        }
        term
    }

    /// The same of a word without spelling.
    pub fn untyped(&mut self, folded: &str) -> Term {
        self.find(folded).unwrap_or_else(|| self.change(|part, hasher| part.insert(folded, hasher)))
    }

    /// Changes the part that takes in new words.
    fn change<T>(&mut self, change: impl FnOnce(&mut Part, &RandomState) -> T) -> T {
        match self.parts.last_mut() {
            Some(last) if !last.is_settled() => change(Arc::make_mut(last), &self.hasher),
            _ => {
                let mut part = Part::open(self.end());
                let changed = change(&mut part, &self.hasher);
                self.parts.push(Arc::new(part));
                changed
            }
        }
    }

    /// Makes new words findable by beginning and by edit.
    pub fn settle(&mut self) {
        let Some(last) = self.parts.last_mut().filter(|last| !last.is_settled()) else { return };
        Arc::make_mut(last).settle();
        while let [.., one, other] = self.parts.as_slice()
            && other.size() * RATIO > one.size()
        {
            let joined = Arc::new(one.joined(other, &self.hasher));
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(joined);
        }
    }

    /// The number behind the last word.
    pub fn end(&self) -> Term {
        self.parts.last().map_or(0, |last| last.end())
    }

    /// A lexicon of just these words, which are sorted; the number of each is its place among them.
    pub fn of_just(&self, terms: &[Term]) -> Self {
        let hasher = self.hasher.clone();
        let mut part = Part::open(0);
        for term in terms {
            part.insert(self.word(*term), &hasher);
        }
        for (term, marks, written) in self.parts.iter().flat_map(|part| part.spellings()) {
            if let Ok(place) = terms.binary_search(&term) {
                part.spell(u32::try_from(place).unwrap_or(u32::MAX), marks, written);
            }
        }
        part.settle();
        Self { parts: vec![Arc::new(part)], hasher }
    }

    /// The folded word of a number.
    pub fn word(&self, term: Term) -> &str {
        self.parts.iter().find_map(|part| part.word(term)).unwrap_or_default()
    }

    /// How a word with these marks is written.
    pub fn spelling(&self, term: Term, marks: Marks) -> Option<&str> {
        let written = self.parts.iter().find_map(|part| part.spelling(term, marks))?;
        Some(if written.is_empty() { self.word(term) } else { written })
    }

    /// The words that begin like this, in no order.
    pub fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = Term> {
        self.parts.iter().flat_map(move |part| part.beginning_with(prefix).iter().copied())
    }

    /// The words one edit away from the folded one, itself left out; some may be further.
    pub fn about(&self, folded: &str) -> Vec<Term> {
        let mut found = Vec::new();
        let mut look = |hash: u32| found.extend(self.parts.iter().flat_map(|part| part.shortened_to(hash)));
        look(edits::hash(folded));
        edits::each_shortened(folded, &mut look);
        edits::each_shorter(folded, |shorter| found.extend(self.find(shorter)));
        found.sort_unstable();
        found.dedup();
        found.retain(|term| self.word(*term) != folded);
        found
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes()).sum()
    }
}
