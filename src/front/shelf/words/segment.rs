//! Postings that never change, and how changes come on top of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Doc;
use super::document::Place;
use super::lexicon::Term;

/// A segment is merged with the one before it once it is more than this part of it.
const RATIO: usize = 4;

/// What changed, before it is sorted by words.
#[derive(Debug, Default)]
pub struct Batch {
    /// For every listing given, whether it is there now and the turn in which it was given.
    latest: BTreeMap<Doc, (bool, u32)>,
    postings: Vec<(Term, Doc, Place, u32)>,
    turn: u32,
}

impl Batch {
    /// Takes in a listing as it is now.
    pub fn put(&mut self, doc: Doc, there: bool, places: &[(Term, Place)]) {
        self.turn += 1;
        self.latest.insert(doc, (there, self.turn));
        self.postings.extend(places.iter().map(|(term, place)| (*term, doc, *place, self.turn)));
    }
}

/// One immutable part of the index. Words of names and words of running text are kept apart: the names are what is mostly
/// looked for, and a fifth of all postings.
#[derive(Debug, Default)]
struct Segment {
    /// The listings in it, sorted.
    documents: Vec<Doc>,
    names: Lists,
    texts: Lists,
}

/// Postings by word.
#[derive(Debug, Default)]
struct Lists {
    /// The words, sorted.
    terms: Vec<Term>,
    /// Where the postings of each word end.
    ends: Vec<u32>,
    docs: Vec<Doc>,
    places: Vec<Place>,
}

/// A set of listings as bits.
#[derive(Debug, Clone, Default)]
struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    const fn at(doc: Doc) -> (usize, u64) {
        ((doc >> 6) as usize, 1 << (doc & 63))
    }

    fn has(&self, doc: Doc) -> bool {
        let (word, bit) = Self::at(doc);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn insert(&mut self, doc: Doc) {
        let (word, bit) = Self::at(doc);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word).filter(|bits| **bits & bit == 0) {
            *bits |= bit;
            self.count += 1;
        }
    }
}

/// A segment less what newer ones replaced.
#[derive(Debug, Clone)]
pub struct Live {
    segment: Arc<Segment>,
    replaced: Arc<Bits>,
}

impl Live {
    /// The postings of a word in names: listings in ascending order, and where in them it stands. Some may be replaced.
    pub fn names(&self, term: Term) -> Postings<'_> {
        self.segment.names.postings(term)
    }

    /// The same for running text, of listings that have the word in no name.
    pub fn texts(&self, term: Term) -> Postings<'_> {
        self.segment.texts.postings(term)
    }

    /// Whether a newer segment has the listing, or it is gone.
    pub fn is_replaced(&self, doc: Doc) -> bool {
        self.replaced.count > 0 && self.replaced.has(doc)
    }

    /// The listings in it.
    pub fn documents(&self) -> impl Iterator<Item = Doc> {
        self.segment.documents.iter().copied().filter(|doc| !self.is_replaced(*doc))
    }

    fn len(&self) -> usize {
        self.segment.documents.len() - self.replaced.count
    }
}

/// Listings, and where in each a word stands.
pub type Postings<'a> = (&'a [Doc], &'a [Place]);

impl Lists {
    fn postings(&self, term: Term) -> Postings<'_> {
        let Ok(at) = self.terms.binary_search(&term) else { return (&[], &[]) };
        self.range(at)
    }

    fn range(&self, at: usize) -> Postings<'_> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let range = at.checked_sub(1).map_or(0, end)..end(at);
        (self.docs.get(range.clone()).unwrap_or_default(), self.places.get(range).unwrap_or_default())
    }

    fn push(&mut self, doc: Doc, place: Place) {
        self.docs.push(doc);
        self.places.push(place);
    }

    /// Ends the postings of a word; one without any is left out.
    fn close(&mut self, term: Term) {
        let end = u32::try_from(self.docs.len()).unwrap_or(u32::MAX);
        if self.ends.last().copied().unwrap_or(0) < end {
            self.terms.push(term);
            self.ends.push(end);
        }
    }

    fn of(postings: impl Iterator<Item = (Term, Doc, Place)>) -> Self {
        let mut lists = Self::default();
        let mut before = None;
        for (term, doc, place) in postings {
            if let Some(before) = before.replace(term).filter(|before| *before != term) {
                lists.close(before);
            }
            lists.push(doc, place);
        }
        if let Some(term) = before {
            lists.close(term);
        }
        lists.trimmed()
    }

    fn trimmed(mut self) -> Self {
        self.terms.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.docs.shrink_to_fit();
        self.places.shrink_to_fit();
        self
    }

    fn bytes(&self) -> usize {
        4 * (self.terms.capacity() + self.ends.capacity() + self.docs.capacity()) + 2 * self.places.capacity()
    }
}

impl Segment {
    fn of(batch: Batch) -> Self {
        let Batch { latest, mut postings, .. } = batch;
        postings.retain(|(_, doc, _, turn)| latest.get(doc).is_some_and(|(_, last)| last == turn));
        postings.sort_unstable();
        let of = |names: bool| {
            let in_part = postings.iter().filter(move |(_, _, place, _)| place.is_name() == names);
            Lists::of(in_part.map(|(term, doc, place, _)| (*term, *doc, *place)))
        };
        let documents = latest.iter().filter(|(_, (there, _))| *there).map(|(doc, _)| *doc).collect();
        Self { documents, names: of(true), texts: of(false) }
    }

    fn bytes(&self) -> usize {
        4 * self.documents.capacity() + self.names.bytes() + self.texts.bytes()
    }
}

/// Both without what was replaced; no listing is in both.
fn merge(one: &Live, other: &Live) -> Segment {
    let mut documents: Vec<Doc> = one.documents().chain(other.documents()).collect();
    documents.sort_unstable();
    Segment {
        documents,
        names: merge_lists((one, &one.segment.names), (other, &other.segment.names)),
        texts: merge_lists((one, &one.segment.texts), (other, &other.segment.texts)),
    }
}

fn merge_lists((one, left): (&Live, &Lists), (other, right): (&Live, &Lists)) -> Lists {
    let both = left.docs.len() + right.docs.len();
    let mut merged = Lists { docs: Vec::with_capacity(both), places: Vec::with_capacity(both), ..Lists::default() };
    let (mut i, mut j) = (0, 0);
    loop {
        let (a, b) = (left.terms.get(i), right.terms.get(j));
        let order = match (a, b) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let of_left = if order.is_le() { left.range(i) } else { Default::default() };
        let of_right = if order.is_ge() { right.range(j) } else { Default::default() };
        merge_postings(&mut merged, (one, of_left), (other, of_right));
        merged.close(if order.is_le() { a } else { b }.copied().unwrap_or_default());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    merged.trimmed()
}

fn merge_postings(merged: &mut Lists, left: (&Live, Postings<'_>), right: (&Live, Postings<'_>)) {
    fn alive<'a>((live, (docs, places)): (&'a Live, Postings<'a>)) -> impl Iterator<Item = (Doc, Place)> {
        docs.iter().copied().zip(places.iter().copied()).filter(|(doc, _)| !live.is_replaced(*doc))
    }
    let (mut left, mut right) = (alive(left).peekable(), alive(right).peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a.0 <= b.0 => left.next(),
            (_, Some(_)) => right.next(),
            (Some(_), None) => left.next(),
            (None, None) => break,
        };
        if let Some((doc, place)) = next {
            merged.push(doc, place);
        }
    }
}

/// How much a word tells, by its rarity when everything was last merged.
#[derive(Debug, Default)]
pub struct Rarity {
    of: Vec<u8>,
    of_new: u8,
}

/// What each halving of the listings that have a word adds to its weight.
const PER_HALVING: f64 = 12.0;
/// The weight of a word that nearly all listings have.
const LEAST: u8 = 6;

impl Rarity {
    fn count(segment: &Segment) -> Self {
        let all = segment.documents.len();
        let parts = [&segment.names, &segment.texts];
        let terms = parts.iter().filter_map(|lists| lists.terms.last()).max().map_or(0, |last| *last as usize + 1);
        let mut counts = vec![0; terms];
        for lists in parts {
            for (at, term) in lists.terms.iter().enumerate() {
                if let Some(count) = counts.get_mut(*term as usize) {
                    *count += lists.range(at).0.len();
                }
            }
        }
        let weight = |count: usize| if count == 0 { 0 } else { weight_of(count, all) };
        Self { of: counts.into_iter().map(weight).collect(), of_new: weight_of(1, all) }
    }

    /// The weight of a word; one that came since is as rare as can be.
    pub fn of(&self, term: Term) -> u8 {
        self.of.get(term as usize).copied().filter(|weight| *weight > 0).unwrap_or_else(|| self.of_new.max(LEAST))
    }

    /// The weight of a word that no listing has.
    pub fn of_unknown(&self) -> u8 {
        self.of_new.max(LEAST)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 255 of counts far below 2^52"
)]
fn weight_of(having: usize, all: usize) -> u8 {
    let rarity = ((all as f64 + 1.0) / (having as f64 + 0.5)).log2() * PER_HALVING;
    rarity.clamp(f64::from(LEAST), 255.0).round() as u8
}

/// The whole index: segments, the largest first.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    live: Vec<Live>,
    rarity: Arc<Rarity>,
}

impl Segments {
    /// Puts changes on top.
    pub fn add(&mut self, batch: Batch) {
        for live in &mut self.live {
            let held = |doc: &Doc| live.segment.documents.binary_search(doc).is_ok() && !live.replaced.has(*doc);
            let replaced: Vec<Doc> = batch.latest.keys().copied().filter(held).collect();
            if !replaced.is_empty() {
                let bits = Arc::make_mut(&mut live.replaced);
                for doc in replaced {
                    bits.insert(doc);
                }
            }
        }
        let segment = Segment::of(batch);
        if !segment.documents.is_empty() {
            self.live.push(Live { segment: Arc::new(segment), replaced: Arc::default() });
        }
        self.live.retain(|live| live.len() > 0);
        self.settle();
    }

    /// Merges from the end for as long as the last is not much smaller than the one before it.
    fn settle(&mut self) {
        while let [.., one, other] = self.live.as_slice()
            && other.len() * RATIO > one.len()
        {
            self.merge_last();
        }
        if self.live.len() == 1 && self.rarity.of.is_empty() {
            self.freeze();
        }
    }

    /// Merges everything and counts anew how rare words are.
    pub fn compact(&mut self) {
        while self.live.len() > 1 {
            self.merge_last();
        }
        if let [only] = self.live.as_mut_slice()
            && only.replaced.count > 0
        {
            let nothing = Live { segment: Arc::default(), replaced: Arc::default() };
            *only = Live { segment: Arc::new(merge(only, &nothing)), replaced: Arc::default() };
        }
        self.freeze();
    }

    fn merge_last(&mut self) {
        if let (Some(other), Some(one)) = (self.live.pop(), self.live.pop()) {
            self.live.push(Live { segment: Arc::new(merge(&one, &other)), replaced: Arc::default() });
        }
        if self.live.len() == 1 {
            self.freeze();
        }
    }

    fn freeze(&mut self) {
        self.rarity = Arc::new(self.live.first().map(|live| Rarity::count(&live.segment)).unwrap_or_default());
    }

    /// The parts.
    pub fn parts(&self) -> &[Live] {
        &self.live
    }

    /// How much words tell.
    pub fn rarity(&self) -> &Rarity {
        &self.rarity
    }

    /// How many listings there are.
    pub fn documents(&self) -> usize {
        self.live.iter().map(Live::len).sum()
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        let of_live = |live: &Live| live.segment.bytes() + 8 * live.replaced.words.capacity();
        self.live.iter().map(of_live).sum::<usize>() + self.rarity.of.capacity()
    }
}
