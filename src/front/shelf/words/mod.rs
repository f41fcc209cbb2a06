//! Finding listings by words, as people in Viet Nam type them.
//!
//! Pure: no SQL, no async, no clock. [`Words`] is an inverted index of the public words of listings; what changes by the
//! hour (price, stock, stars, whether it may be seen) stays with the catalogue, which lends it as [`Columns`].
//!
//! ## How text is understood
//!
//! A word is kept folded, without tones and diacritics, together with the *marks* of its syllable (`letters`): tone,
//! quality of the vowel, đ. Searching goes by the folded word, so a mark typed wrong never hides anything; the marks
//! decide what ranks above. Where a word stands is kept too: words that follow each other are worth more than the
//! same words apart. What was typed becomes *slots* (`query`, `slots`), each with everything that may answer it: the word
//! itself, what the rows of `search_words` say it means, the syllables it was joined or split from, what a keyboard without
//! its input method left of it (`typing`), and, where that finds nothing good, words one edit away (`edits`).
//! Places, stars and packs are preferences: they move listings up and hide none.
//!
//! ## How it is kept
//!
//! Immutable segments (`segment`), merged in geometric steps, the newest with the latest changes: a change copies itself
//! and a bit set of what it replaces, never the index. How much a word tells (its rarity) is frozen when everything is
//! merged into one segment, so a score, and a cursor made of it, stays until then. The words themselves are kept alike
//! (`lexicon`), and those that no listing has any longer are forgotten then.
//!
//! What rows and the day say (`sense`) is worked out by whoever makes the next index, never by a reader.
//!
//! ## What it costs
//!
//! A posting is six bytes. A query has at most 16 words and 256 readings a word, and takes at most six steps (`ranking`),
//! so the work is bounded by the postings of those readings, whatever is typed; how much it was is told ([`Hits::work`]).
//!
//! ## Why not a library
//!
//! Tantivy 0.27 over the same 100,000 made-up listings in memory: two words, the best 24, in 112 µs of one core (BM25 over
//! four fields, no synonyms, no count of hits), 26 MB, 115 crates; but 15 ms from a change to its visibility, which a
//! hundred changes a second turn into more than a core, and searches 1.7 times as long after two hundred of them. Its scores
//! follow the segments' statistics, so a cursor made of a score would not hold. Here the same queries with synonyms, folding,
//! merits and every hit for the facets take 80 to 210 µs, a change 0.03 ms, and the index 28 MB.

mod amounts;
mod bits;
mod candidates;
mod document;
mod edits;
mod joining;
mod letters;
mod lexicon;
mod matching;
mod part;
mod query;
mod ranking;
mod rarity;
mod rows;
mod segment;
mod sense;
mod slots;
mod suggest;
mod syllable;
mod typing;

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;

use super::facts::Common;
use crate::kernel::ListingId;
use crate::market::certification::SetNo;
use crate::places::Location;

pub use query::Query;
pub use rows::{RowError, first_rows};
pub use sense::{LIKE_SIGN, LONGEST_PHRASE, SET_SIGN, is_phrase};
pub use suggest::Suggestion;

use lexicon::{Lexicon, Term};
use segment::Segments;
use sense::Sense;

/// The names that rows of `search_weights` may have, each with what it may be.
pub const WEIGHTS: &[(&str, RangeInclusive<i32>)] = sense::Weights::BOUNDS;

/// A listing's place in the catalogue's columns. Dense; a place is used again once its listing is gone.
pub type Doc = u32;

/// When everything is merged, words without listings are forgotten if they are more than one of so many.
const FORGOTTEN: Term = 8;

/// What is searched of a listing.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The title.
    pub title_vi: &'a str,
    /// The English title.
    pub title_en: Option<&'a str>,
    /// The summary.
    pub summary_vi: &'a str,
    /// The English summary.
    pub summary_en: Option<&'a str>,
    /// The shop's name.
    pub shop: &'a str,
    /// The product set.
    pub set: SetNo,
    /// Names of the packs, and their grams with packing: those count where the name tells no quantity.
    pub packs: Vec<(&'a str, Option<i32>)>,
    /// Where it is from.
    pub location: &'a Location,
    /// Ingredients as on the label.
    pub ingredients: Option<&'a str>,
}

/// What the catalogue knows of a listing and the words do not.
pub trait Columns {
    /// Whether it may be seen and passes the reader's filters.
    fn admits(&self, doc: Doc) -> Admitted;
    /// What decides its rank beside its text.
    fn known(&self, doc: Doc) -> Known;
    /// Its id: the order of equals.
    fn id(&self, doc: Doc) -> ListingId;
}

/// Whether a listing that has the words is a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// It may not be seen, or a filter keeps it out.
    No,
    /// It would be one under another choice of a facet that is counted: so it counts there, and decides nothing.
    Beside,
    /// It is.
    Yes,
}

/// What decides the rank of a listing beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// What moves it up among equals.
    pub merit: Merit,
    /// A number for its shop.
    pub shop: u32,
}

/// What moves a listing up among those that fit the words alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merit {
    /// Valid today; none is 0.
    pub stars: u8,
    /// The average rating, 0 to 50.
    pub rating_tenths: u8,
    /// Reviews it is the average of.
    pub rating_count: u32,
    /// Whether any pack can be bought.
    pub in_stock: bool,
    /// Days since 1970.
    pub published_day: i32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// The best, in their final order: score descending, then id.
    pub best: Vec<Hit>,
    /// Every hit, by number: what facets and the count are taken from.
    pub all: Vec<Doc>,
    /// What has the words as well as the hits do and is only counted, [beside](Admitted::Beside) them.
    pub beside: Vec<Doc>,
    /// Whether some of them were only found by correcting what was typed.
    pub corrected: bool,
    /// Postings looked at: the measure of the work, the same on every machine.
    pub work: u64,
}

/// A listing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The text's points and the merits, less what its shop's hits before it take.
    pub score: u32,
    /// Its number.
    pub doc: Doc,
}

/// The index with the words of the day. A clone is cheap and stands for one instant: nothing changes under a reader.
#[derive(Debug, Clone)]
pub struct Words {
    lexicon: Lexicon,
    segments: Segments,
    sense: Arc<Sense>,
}

impl Words {
    /// An empty index that knows the places, the rows of `search_words` and the weights of the day.
    pub fn new(common: &Common, today: NaiveDate) -> Self {
        let sense = Arc::new(Sense::new(common, today));
        Self { lexicon: Lexicon::default(), segments: Segments::default(), sense }
    }

    /// With these listings as they are now; `None` for one that is gone. To give one again changes nothing. Of several
    /// with the same number the last holds.
    #[must_use]
    pub fn apply<'a>(&self, changes: impl IntoIterator<Item = (Doc, Option<Document<'a>>)>) -> Self {
        let mut next = self.clone();
        let batch = document::index(&mut next.lexicon, changes);
        next.lexicon.settle();
        if next.segments.add(batch) {
            next.forget(next.lexicon.end() / FORGOTTEN);
        }
        next
    }

    /// All in one segment, with the rarity of words counted anew. Scores change: for after a first build.
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut next = self.clone();
        next.segments.compact();
        next.forget(0);
        next
    }

    /// Forgets the words that no listing has any longer, if they are more than `most`. Numbers of words change, in the
    /// segment that holds everything and in the lexicon.
    fn forget(&mut self, most: Term) {
        let used = self.segments.terms();
        let unused = self.lexicon.end().saturating_sub(u32::try_from(used.len()).unwrap_or(Term::MAX));
        if unused > most {
            self.lexicon = self.lexicon.of_just(&used);
            self.segments.renumber(&used);
        }
    }

    /// With other rows or another day. Nothing is indexed anew: rows work on what is typed.
    #[must_use]
    pub fn with_common(&self, common: &Common, today: NaiveDate) -> Self {
        Self { sense: Arc::new(self.sense.with(common, today)), ..self.clone() }
    }

    /// What somebody typed. Takes bounded time for any text.
    pub fn understand(&self, typed: &str) -> Query {
        query::understand(typed, self)
    }

    /// The listings that answer it; at most `depth` of them in order. A deeper search begins with the same ones.
    pub fn search(&self, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
        ranking::search(self, query, columns, depth)
    }

    /// What somebody may be about to type, the likeliest first.
    pub fn suggest(&self, typed: &str, columns: &impl Columns, limit: usize) -> Vec<Suggestion> {
        suggest::suggest(self, typed, columns, limit)
    }

    /// The query in better spelling, where some of its words are nobody's and others, of listings that may be seen, are close.
    pub fn did_you_mean(&self, query: &Query, columns: &impl Columns) -> Option<String> {
        suggest::did_you_mean(self, query, columns)
    }

    fn guesses(&self, slot: &query::Slot) -> Vec<query::Reading> {
        slots::guesses(slot, self)
    }

    /// The number of a folded word, if any listing has it still.
    fn find(&self, folded: &str) -> Option<Term> {
        self.lexicon.find(folded).filter(|term| self.segments.has(*term))
    }

    /// How many listings it holds.
    pub fn len(&self) -> usize {
        self.segments.documents()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes on the heap, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        self.lexicon.bytes() + self.segments.bytes()
    }
}

/// Gives the values memory of about their size: an allocator may leave a vector that is only shrunk where it was, and half
/// of that empty.
fn fit<T: Copy>(values: &mut Vec<T>) {
    if values.capacity() - values.len() > values.len() / 8 {
        *values = values.clone();
    }
}
