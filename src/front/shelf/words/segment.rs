//! Postings that never change, and how changes come on top of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::bits::Bits;
use super::document::Place;
use super::lexicon::Term;
use super::rarity::Rarity;
use super::{Doc, fit};

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
#[derive(Debug, Clone, Default)]
struct Lists {
    /// The words, sorted.
    terms: Vec<Term>,
    /// Where the postings of each word end.
    ends: Vec<u32>,
    docs: Vec<Doc>,
    places: Vec<Place>,
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
        self.replaced.len() > 0 && self.replaced.has(doc)
    }

    /// Whether it holds the listing as it is now.
    pub fn holds(&self, doc: Doc) -> bool {
        self.segment.documents.binary_search(&doc).is_ok() && !self.is_replaced(doc)
    }

    /// The listings with the word as they are now, those that have it in their names first.
    pub fn having(&self, term: Term) -> impl Iterator<Item = (Doc, Place)> {
        let alive = |(docs, places)| alive(self, (docs, places));
        alive(self.names(term)).chain(alive(self.texts(term)))
    }

    /// Which of these listings, none of them replaced, have the word in their names, and where.
    pub fn names_among<'a>(&'a self, term: Term, among: &Bits) -> impl Iterator<Item = (Doc, &'a [Place])> {
        let (docs, places) = self.names(term);
        let mut end = 0;
        docs.chunk_by(|one, other| one == other).filter_map(move |run| {
            let at = end..end + run.len();
            end = at.end;
            let doc = run.first().copied().filter(|doc| among.has(*doc))?;
            Some((doc, places.get(at)?))
        })
    }

    /// The listings in it.
    pub fn documents(&self) -> impl Iterator<Item = Doc> {
        self.segment.documents.iter().copied().filter(|doc| !self.is_replaced(*doc))
    }

    fn len(&self) -> usize {
        self.segment.documents.len() - self.replaced.len()
    }

    /// The same without what was replaced.
    fn rewritten(&self) -> Self {
        let nothing = Self { segment: Arc::default(), replaced: Arc::default() };
        Self { segment: Arc::new(merge(self, &nothing)), replaced: Arc::default() }
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

    /// The words, and how many postings each has.
    fn counts(&self) -> impl Iterator<Item = (Term, usize)> + Clone {
        self.terms.iter().enumerate().map(|(at, term)| (*term, self.range(at).0.len()))
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
        fit(&mut self.terms);
        fit(&mut self.ends);
        fit(&mut self.docs);
        fit(&mut self.places);
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

    /// The same with other numbers of words, in the same order.
    fn renumbered(&self, terms: &[Term]) -> Self {
        let of = |lists: &Lists| {
            let number = |term: &Term| terms.binary_search(term).ok().and_then(|place| u32::try_from(place).ok());
            Lists { terms: lists.terms.iter().filter_map(number).collect(), ..lists.clone() }.trimmed()
        };
        Self { documents: self.documents.clone(), names: of(&self.names), texts: of(&self.texts) }
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

/// The postings that nothing newer replaces.
fn alive<'a>(live: &'a Live, (docs, places): Postings<'a>) -> impl Iterator<Item = (Doc, Place)> + use<'a> {
    docs.iter().copied().zip(places.iter().copied()).filter(|(doc, _)| !live.is_replaced(*doc))
}

fn merge_postings(merged: &mut Lists, left: (&Live, Postings<'_>), right: (&Live, Postings<'_>)) {
    let (mut left, mut right) = (alive(left.0, left.1).peekable(), alive(right.0, right.1).peekable());
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

/// The whole index: segments, the largest first.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    live: Vec<Live>,
    rarity: Arc<Rarity>,
}

impl Segments {
    /// Puts changes on top. Tells whether that merged everything into one segment.
    pub fn add(&mut self, batch: Batch) -> bool {
        for live in &mut self.live {
            let replaced: Vec<Doc> = batch.latest.keys().copied().filter(|doc| live.holds(*doc)).collect();
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
        self.settle()
    }

    /// Writes every segment anew of which more than half is replaced, and merges from the end for as long as the last is not
    /// much smaller than the one before it.
    fn settle(&mut self) -> bool {
        let before = self.live.len();
        let mut hollow = false;
        for live in self.live.iter_mut().filter(|live| live.replaced.len() > live.len()) {
            *live = live.rewritten();
            hollow = true;
        }
        while let [.., one, other] = self.live.as_slice()
            && other.len() * RATIO > one.len()
        {
            self.merge_last();
        }
        let whole = self.live.len() == 1 && (before > 1 || hollow);
        if whole || (self.live.len() == 1 && self.rarity.is_empty()) {
            self.freeze();
        }
        whole
    }

    /// Merges everything and counts anew how rare words are.
    pub fn compact(&mut self) {
        while self.live.len() > 1 {
            self.merge_last();
        }
        if let [only] = self.live.as_mut_slice()
            && only.replaced.len() > 0
        {
            *only = only.rewritten();
        }
        self.freeze();
    }

    fn merge_last(&mut self) {
        if let (Some(other), Some(one)) = (self.live.pop(), self.live.pop()) {
            self.live.push(Live { segment: Arc::new(merge(&one, &other)), replaced: Arc::default() });
        }
    }

    fn freeze(&mut self) {
        let count = |live: &Live| {
            let Segment { documents, names, texts } = &*live.segment;
            Rarity::count(documents.len(), names.counts().chain(texts.counts()))
        };
        self.rarity = Arc::new(self.live.first().map(count).unwrap_or_default());
    }

    /// The parts.
    pub fn parts(&self) -> &[Live] {
        &self.live
    }

    /// Whether any listing has the word.
    pub fn has(&self, term: Term) -> bool {
        self.live.iter().any(|live| live.having(term).next().is_some())
    }

    /// How many postings in names a word has.
    pub fn in_names(&self, term: Term) -> usize {
        self.live.iter().map(|live| live.names(term).0.len()).sum()
    }

    /// All words that stand in a segment, sorted.
    pub fn terms(&self) -> Vec<Term> {
        let of_live = |live: &Live| [live.segment.names.terms.clone(), live.segment.texts.terms.clone()];
        let mut terms: Vec<Term> = self.live.iter().flat_map(of_live).flatten().collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// Gives every word its place among these, which are sorted and all there are.
    pub fn renumber(&mut self, terms: &[Term]) {
        for live in &mut self.live {
            live.segment = Arc::new(live.segment.renumbered(terms));
        }
        self.freeze();
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
        let of_live = |live: &Live| live.segment.bytes() + live.replaced.bytes();
        self.live.iter().map(of_live).sum::<usize>() + self.rarity.bytes()
    }
}
