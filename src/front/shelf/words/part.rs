//! Some of the words, numbered one after the other: each letter of them kept once.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::letters::Marks;
use super::lexicon::{Term, UNTYPED};
use super::{edits, fit};

/// No word.
const FREE: Term = Term::MAX;

/// Words that came together, and how words were written then for the first time.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The number of the first word.
    first: Term,
    /// All words, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// Numbers by the hash of the word, each in the first free place behind its own; at least half of the places are free.
    table: Vec<Term>,
    /// How words of this part and earlier ones are written, by their marks; empty where it is just the folded word.
    spellings: HashMap<(Term, Marks), Box<str>>,
    /// Numbers of the words that can be typed, in the order of the words.
    sorted: Vec<Term>,
    /// Hashes of words with a letter taken away, sorted.
    shortened: Vec<(u32, Term)>,
    settled: bool,
}

impl Part {
    /// A part that takes in words from this number on.
    pub fn open(first: Term) -> Self {
        Self { first, ..Self::default() }
    }

    /// Whether it takes in nothing any more.
    pub const fn is_settled(&self) -> bool {
        self.settled
    }

    /// The number behind the last word.
    pub fn end(&self) -> Term {
        self.first + u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// How much there is in it: words and spellings.
    pub fn size(&self) -> usize {
        self.ends.len() + self.spellings.len()
    }

    /// The word of a number of this part.
    pub fn word(&self, term: Term) -> Option<&str> {
        let at = usize::try_from(term.checked_sub(self.first)?).ok()?;
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }

    /// The number of a word with this hash.
    pub fn find(&self, hash: u64, word: &str) -> Option<Term> {
        self.places(hash).map_while(|at| self.table.get(at)).find_map(|term| match *term {
            FREE => Some(None),
            term => (self.word(term) == Some(word)).then_some(Some(term)),
        })?
    }

    /// Where a word with this hash may stand, in the order in which it is looked for.
    #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
    fn places(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let (from, length) = (hash as usize, self.table.len());
        (0..length).map(move |step| from.wrapping_add(step) & (length - 1))
    }

    /// Takes in a word that it does not have.
    pub fn insert(&mut self, word: &str, hasher: &RandomState) -> Term {
        let term = self.end();
        self.text.push_str(word);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if self.table.len() < 2 * self.ends.len() {
            self.hash_again(hasher);
        } else {
            self.put(hasher.hash_one(word), term);
        }
        term
    }

    fn put(&mut self, hash: u64, term: Term) {
        let free = self.places(hash).find(|at| self.table.get(*at) == Some(&FREE));
        if let Some(place) = free.and_then(|at| self.table.get_mut(at)) {
            *place = term;
        }
    }

    fn hash_again(&mut self, hasher: &RandomState) {
        self.table = vec![FREE; (4 * self.ends.len()).next_power_of_two()];
        for term in self.first..self.end() {
            if let Some(hash) = self.word(term).map(|word| hasher.hash_one(word)) {
                self.put(hash, term);
            }
        }
    }

    /// Takes in how a word with these marks is written; empty if it is just the folded word.
    pub fn spell(&mut self, term: Term, marks: Marks, written: &str) {
        self.spellings.insert((term, marks), written.into());
    }

    /// How a word with these marks is written, if that is known here; empty if it is just the folded word.
    pub fn spelling(&self, term: Term, marks: Marks) -> Option<&str> {
        self.spellings.get(&(term, marks)).map(AsRef::as_ref)
    }

    /// Every spelling, in no order.
    pub fn spellings(&self) -> impl Iterator<Item = (Term, Marks, &str)> {
        self.spellings.iter().map(|((term, marks), written)| (*term, *marks, &**written))
    }

    /// Makes its words findable by beginning and by edit.
    pub fn settle(&mut self) {
        let typed = (self.first..self.end())
            .filter_map(|term| Some((self.word(term)?, term)))
            .filter(|(word, _)| !word.starts_with(UNTYPED));
        let mut sorted: Vec<(&str, Term)> = typed.collect();
        sorted.sort_unstable();
        let mut shortened = Vec::with_capacity(sorted.len() * 6);
        for (word, term) in &sorted {
            edits::each_shortened(word, |hash| shortened.push((hash, *term)));
        }
        self.sorted = sorted.into_iter().map(|(_, term)| term).collect();
        shortened.sort_unstable();
        shortened.dedup();
        self.shortened = shortened;
        self.trim();
        self.settled = true;
    }

    /// Two settled parts as one, `other` the one right behind.
    pub fn joined(&self, other: &Self, hasher: &RandomState) -> Self {
        let behind = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let mut joined = Self {
            first: self.first,
            text: [self.text.as_str(), other.text.as_str()].concat(),
            ends: self.ends.iter().copied().chain(other.ends.iter().map(|end| behind.saturating_add(*end))).collect(),
            spellings: self.spellings.clone(),
            sorted: [self.sorted.as_slice(), other.sorted.as_slice()].concat(),
            shortened: [self.shortened.as_slice(), other.shortened.as_slice()].concat(),
            settled: true,
            ..Self::default()
        };
        joined.spellings.extend(other.spellings.iter().map(|(at, written)| (*at, written.clone())));
        joined.hash_again(hasher);
        let mut sorted = std::mem::take(&mut joined.sorted);
        // Each half is sorted, which this sort makes use of.
        sorted.sort_by(|a, b| joined.word(*a).cmp(&joined.word(*b)));
        joined.sorted = sorted;
        joined.shortened.sort_unstable();
        joined.trim();
        joined
    }

    fn trim(&mut self) {
        self.text.shrink_to_fit();
        self.spellings.shrink_to_fit();
        fit(&mut self.ends);
        fit(&mut self.sorted);
        fit(&mut self.shortened);
    }

    /// The words that begin like this, in their order.
    pub fn beginning_with(&self, prefix: &str) -> &[Term] {
        let word = |term: &Term| self.word(*term).unwrap_or_default();
        let from = self.sorted.partition_point(|term| word(term) < prefix);
        let rest = self.sorted.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|term| word(term).starts_with(prefix))).unwrap_or_default()
    }

    /// The words that one letter taken away makes one with this hash.
    pub fn shortened_to(&self, hash: u32) -> impl Iterator<Item = Term> {
        let from = self.shortened.partition_point(|(other, _)| *other < hash);
        self.shortened[from..].iter().take_while(move |(other, _)| *other == hash).map(|(_, term)| *term)
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        let written: usize = self.spellings.values().map(|written| written.len()).sum();
        self.text.capacity()
            + written
            + size_of::<u32>() * (self.ends.capacity() + self.table.capacity() + self.sorted.capacity())
            + self.spellings.capacity() * (size_of::<((Term, Marks), Box<str>)>() + 1)
            + self.shortened.capacity() * size_of::<(u32, Term)>()
    }
}
