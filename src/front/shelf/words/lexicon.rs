//! Every word of the listings, with what leads to it: its beginnings, its spellings, and what is left when one letter is
//! taken away (which finds every word one edit away without trying them).

use std::collections::HashMap;
use std::sync::Arc;

use super::edits;
use super::letters::{Marks, Word, composed};

/// The number of a word.
pub type Term = u32;

/// So many new words are kept apart before they join the others: what a change with a new word copies.
const MOST_RECENT: usize = 512;

/// Words no one can type begin with this: sets, places, amounts.
pub const UNTYPED: char = '\u{1}';

/// All words: most of them in a part that is never copied, and those that came lately.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    old: Arc<Part>,
    recent: Arc<Part>,
}

#[derive(Debug, Clone, Default)]
struct Part {
    /// The number of the first word.
    first: Term,
    words: Vec<Box<str>>,
    numbers: HashMap<Box<str>, Term>,
    /// How words are written, by word and marks, as first seen.
    spellings: HashMap<(Term, Marks), Box<str>>,
    /// Numbers in the order of the words.
    sorted: Vec<Term>,
    /// Hashes of words with a letter taken away, sorted.
    shortened: Vec<(u32, Term)>,
    /// Whether `sorted` and `shortened` lack words.
    stale: bool,
}

impl Part {
    fn word(&self, term: Term) -> Option<&str> {
        self.words.get(usize::try_from(term.checked_sub(self.first)?).ok()?).map(AsRef::as_ref)
    }

    fn insert(&mut self, folded: &str) -> Term {
        let term = self.first + u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(folded.into());
        self.numbers.insert(folded.into(), term);
        self.stale = true;
        term
    }

    fn settle(&mut self) {
        self.stale = false;
        let typed: Vec<(&str, Term)> = self
            .words
            .iter()
            .zip(self.first..)
            .map(|(word, term)| (&**word, term))
            .filter(|(word, _)| !word.starts_with(UNTYPED))
            .collect();
        let mut sorted = typed.clone();
        sorted.sort_unstable();
        let mut shortened = Vec::with_capacity(typed.len() * 6);
        for (word, term) in typed {
            edits::each_shortened(word, |hash| shortened.push((hash, term)));
        }
        shortened.sort_unstable();
        shortened.dedup();
        self.sorted = sorted.into_iter().map(|(_, term)| term).collect();
        self.shortened = shortened;
        self.shortened.shrink_to_fit();
    }

    fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = Term> {
        let from = self.sorted.partition_point(|term| self.word(*term).is_some_and(|word| word < prefix));
        self.sorted[from..]
            .iter()
            .copied()
            .take_while(move |term| self.word(*term).is_some_and(|word| word.starts_with(prefix)))
    }

    fn shortened_to(&self, hash: u32) -> impl Iterator<Item = Term> {
        let from = self.shortened.partition_point(|(other, _)| *other < hash);
        self.shortened[from..].iter().take_while(move |(other, _)| *other == hash).map(|(_, term)| *term)
    }

    fn bytes(&self) -> usize {
        let text: usize = self.words.iter().chain(self.spellings.values()).map(|word| word.len()).sum();
        2 * text
            + self.words.capacity() * size_of::<Box<str>>()
            + self.numbers.capacity() * (size_of::<(Box<str>, Term)>() + 1)
            + self.spellings.capacity() * (size_of::<((Term, Marks), Box<str>)>() + 1)
            + self.sorted.capacity() * size_of::<Term>()
            + self.shortened.capacity() * size_of::<(u32, Term)>()
    }
}

impl Lexicon {
    /// The number of a folded word.
    pub fn find(&self, folded: &str) -> Option<Term> {
        self.old.numbers.get(folded).or_else(|| self.recent.numbers.get(folded)).copied()
    }

    /// The number of a word, which is a new one if nobody used it before.
    pub fn number(&mut self, word: &Word) -> Term {
        let term = self.untyped(&word.folded);
        let spelled = (term, word.marks);
        if !self.old.spellings.contains_key(&spelled) && !self.recent.spellings.contains_key(&spelled) {
            Arc::make_mut(&mut self.recent).spellings.insert(spelled, composed(&word.written).into());
        }
        term
    }

    /// The same of a word without spelling.
    pub fn untyped(&mut self, folded: &str) -> Term {
        self.find(folded).unwrap_or_else(|| Arc::make_mut(&mut self.recent).insert(folded))
    }

    /// Makes new words findable by beginning and by edit.
    pub fn settle(&mut self) {
        if self.recent.words.len() > MOST_RECENT || self.recent.spellings.len() > MOST_RECENT {
            let recent = std::mem::take(&mut self.recent);
            let old = Arc::make_mut(&mut self.old);
            old.words.extend(recent.words.iter().cloned());
            old.numbers.extend(recent.numbers.iter().map(|(word, term)| (word.clone(), *term)));
            old.spellings.extend(recent.spellings.iter().map(|(at, word)| (*at, word.clone())));
            old.settle();
            self.recent =
                Arc::new(Part { first: u32::try_from(old.words.len()).unwrap_or(u32::MAX), ..Part::default() });
        } else if self.recent.stale {
            Arc::make_mut(&mut self.recent).settle();
        }
    }

    /// The folded word of a number.
    pub fn word(&self, term: Term) -> &str {
        self.old.word(term).or_else(|| self.recent.word(term)).unwrap_or_default()
    }

    /// How a word with these marks is written.
    pub fn spelling(&self, term: Term, marks: Marks) -> Option<&str> {
        let spelled = (term, marks);
        self.old.spellings.get(&spelled).or_else(|| self.recent.spellings.get(&spelled)).map(AsRef::as_ref)
    }

    /// The ways a word is written.
    pub fn spellings(&self, term: Term) -> impl Iterator<Item = (Marks, &str)> {
        (0..Marks::COUNT).filter_map(move |bits| {
            let marks = Marks::from_bits(u8::try_from(bits).ok()?);
            Some((marks, self.spelling(term, marks)?))
        })
    }

    /// The words that begin like this, in their order; at most so many.
    pub fn beginning_with(&self, prefix: &str, most: usize) -> Vec<Term> {
        let parts = [&self.old, &self.recent];
        let mut found: Vec<Term> = parts.into_iter().flat_map(|part| part.beginning_with(prefix).take(most)).collect();
        found.sort_unstable_by_key(|term| self.word(*term));
        found.truncate(most);
        found
    }

    /// The words one edit away from the folded one, itself left out; some may be further.
    pub fn about(&self, folded: &str) -> Vec<Term> {
        let mut found = Vec::new();
        let mut look = |hash: u32| found.extend(self.old.shortened_to(hash).chain(self.recent.shortened_to(hash)));
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
        self.old.bytes() + self.recent.bytes()
    }
}
