//! Where the readings of a slot stand in the listings of one segment.

use std::borrow::Cow;

use super::Doc;
use super::document::{FAR, Field, Place};
use super::letters::Marks;
use super::lexicon::Term;
use super::query::{Reading, Slot, Sought};
use super::segment::{Live, Postings};
use super::sense::Weights;

/// A slot answered by a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub doc: Doc,
    /// How well, in hundredths.
    pub points: u8,
    pub field: Field,
    /// Position of the first word; [`FAR`] if it is too far behind to tell.
    pub start: u8,
    /// Position behind the last word.
    pub end: u8,
    /// Words of the field.
    pub length: u8,
}

/// What a posting of a word is worth.
#[derive(Clone, Copy)]
struct Judge<'a> {
    sought: Sought,
    worth: u8,
    weights: &'a Weights,
}

impl Judge<'_> {
    /// The match of a posting; none if its marks make it another word.
    fn match_at(&self, doc: Doc, place: Place) -> Option<Match> {
        let (field, start) = (place.field(), place.position());
        let share = if self.sought.untyped { 10_000 } else { self.likeness(place.marks()) * self.share(field) };
        let points = u8::try_from(u32::from(self.worth) * share / 10_000).unwrap_or(100);
        let end = if start == FAR { FAR } else { start + 1 };
        (points > 0).then_some(Match { doc, points, field, start, end, length: place.length() })
    }

    const fn share(&self, field: Field) -> u32 {
        match field {
            Field::Title => self.weights.title,
            Field::TitleEn => self.weights.title_en,
            Field::Name => self.weights.name,
            Field::Text => self.weights.text,
        }
    }

    /// How like a word's marks are to those looked for, in hundredths; none at all if they make another word.
    const fn likeness(&self, marks: Marks) -> u32 {
        let sought = self.sought.marks;
        if sought.bits() == marks.bits() {
            100
        } else if self.sought.strict {
            0
        } else if sought.is_bare() || marks.is_bare() {
            self.weights.tone_missing
        } else if sought.same_but_for_tone(marks) {
            self.weights.tone_other
        } else {
            self.weights.vowel_other
        }
    }
}

/// More lists of one slot than this may be merged before they are joined with other slots.
const MOST_OPEN: usize = 4;
/// What a match costs to merge, in lists looked into for a listing.
const MERGING: usize = 4;

/// Some matches of a slot, by listing.
pub struct List<'a> {
    docs: Cow<'a, [Doc]>,
    at: Matches<'a>,
}

/// The matches beside the listings: read only where they are needed, or worked out before.
enum Matches<'a> {
    /// Those of a word.
    Word {
        places: &'a [Place],
        judge: Judge<'a>,
    },
    /// Those of words that belong together, in the listings that have all of them.
    Phrase {
        parts: Vec<Part<'a>>,
        apart: bool,
    },
    Built(Vec<Match>),
}

impl List<'_> {
    /// How many matches it has, at most.
    pub fn len(&self) -> usize {
        self.docs.len()
    }

    /// The listings of its matches, in order.
    pub fn docs(&self) -> &[Doc] {
        &self.docs
    }

    fn built(matches: Vec<Match>) -> Self {
        Self { docs: matches.iter().map(|one| one.doc).collect(), at: Matches::Built(matches) }
    }
}

/// The matches of a slot's readings in a segment; `work` counts the postings looked at beside those of open lists.
pub fn of_slot<'a>(
    live: &'a Live,
    slot: &Slot,
    guesses: &[Reading],
    texts: bool,
    weights: &'a Weights,
    work: &mut u64,
) -> Vec<List<'a>> {
    let mut lists = Vec::new();
    for reading in &slot.readings {
        lists.push(of_reading(reading, |term| live.names(term), weights, work));
        if texts {
            lists.push(of_reading(reading, |term| live.texts(term), weights, work));
        }
    }
    lists.extend(guesses.iter().map(|reading| of_reading(reading, |term| live.names(term), weights, work)));
    lists.retain(|list| list.len() > 0);
    lists
}

/// How many matches lists have, at most.
pub fn length(lists: &[List<'_>]) -> usize {
    lists.iter().map(List::len).sum()
}

/// The lists as one, if they are many and so many listings will be looked up in them that it is the shorter way.
pub fn merged(lists: &[List<'_>], lookups: usize) -> Option<List<'static>> {
    (lists.len() > MOST_OPEN && lists.len() * lookups > MERGING * length(lists)).then(|| {
        let mut all: Vec<Match> = Vec::with_capacity(length(lists));
        for list in lists {
            let mut cursor = Cursor::new(list);
            while let Some(doc) = cursor.doc() {
                cursor.take(doc, &mut all);
            }
        }
        // Each list is sorted, which this sort makes use of.
        all.sort_by_key(|one| one.doc);
        List::built(all)
    })
}

fn of_reading<'a>(
    reading: &Reading,
    postings: impl Fn(Term) -> Postings<'a>,
    weights: &'a Weights,
    work: &mut u64,
) -> List<'a> {
    let part = |sought: &Sought| {
        let (docs, places) = postings(sought.term);
        Part { docs, places, judge: Judge { sought: *sought, worth: reading.worth, weights } }
    };
    if let [only] = reading.words.as_slice() {
        let Part { docs, places, judge } = part(only);
        return List { docs: Cow::Borrowed(docs), at: Matches::Word { places, judge } };
    }
    let parts: Vec<Part<'_>> = reading.words.iter().map(part).collect();
    let docs = having_all(&parts, work);
    List { docs: Cow::Owned(docs), at: Matches::Phrase { parts, apart: reading.apart } }
}

/// A place in ascending listings that only moves forward.
#[derive(Debug, Clone, Default)]
struct Step(usize);

impl Step {
    /// Moves to the first place whose listing is not before `doc`: far with few looks, near with fewer.
    fn to(&mut self, doc: Doc, docs: &[Doc]) {
        let before = |at: usize| docs.get(at).is_some_and(|other| *other < doc);
        let mut stride = 1;
        while before(self.0 + stride - 1) {
            self.0 += stride;
            stride *= 2;
        }
        while stride > 1 {
            stride /= 2;
            if before(self.0 + stride - 1) {
                self.0 += stride;
            }
        }
    }
}

/// A list being read.
pub struct Cursor<'a> {
    list: &'a List<'a>,
    docs: &'a [Doc],
    at: Step,
    /// Where the parts of a phrase are read.
    parts: Vec<Step>,
    chains: Vec<Chain>,
}

impl<'a> Cursor<'a> {
    pub fn new(list: &'a List<'a>) -> Self {
        let parts =
            if let Matches::Phrase { parts, .. } = &list.at { vec![Step::default(); parts.len()] } else { Vec::new() };
        Self { list, docs: &list.docs, at: Step::default(), parts, chains: Vec::new() }
    }

    fn doc(&self) -> Option<Doc> {
        self.docs.get(self.at.0).copied()
    }

    /// Moves to the listing; whether it is there.
    pub fn seek(&mut self, doc: Doc) -> bool {
        self.at.to(doc, self.docs);
        self.doc() == Some(doc)
    }

    /// Moves to the listing and hands its matches over.
    pub fn take(&mut self, doc: Doc, into: &mut Vec<Match>) {
        self.seek(doc);
        while self.doc() == Some(doc) {
            into.extend(match &self.list.at {
                Matches::Word { places, judge } => places.get(self.at.0).and_then(|place| judge.match_at(doc, *place)),
                Matches::Phrase { parts, apart } => phrase_in(doc, (parts, &mut self.parts), *apart, &mut self.chains),
                Matches::Built(matches) => matches.get(self.at.0).copied(),
            });
            self.at.0 += 1;
        }
    }
}

/// A word, alone or of a phrase.
struct Part<'a> {
    docs: &'a [Doc],
    places: &'a [Place],
    judge: Judge<'a>,
}

impl Part<'_> {
    /// Its matches in the listing, read from `at` on.
    fn matches(&self, doc: Doc, at: &mut Step) -> impl Iterator<Item = Match> + Clone + '_ {
        at.to(doc, self.docs);
        let from = at.0;
        let count = self.docs.get(from..).unwrap_or_default().iter().take_while(|other| **other == doc).count();
        let places = self.places.get(from..from + count).unwrap_or_default();
        places.iter().filter_map(move |place| self.judge.match_at(doc, *place))
    }
}

/// The listings that have all words of a phrase, each once.
fn having_all(parts: &[Part<'_>], work: &mut u64) -> Vec<Doc> {
    let mut parts: Vec<&[Doc]> = parts.iter().map(|part| part.docs).collect();
    parts.sort_by_key(|docs| docs.len());
    let Some((shortest, others)) = parts.split_first() else { return Vec::new() };
    *work += (shortest.len() * parts.len()) as u64;
    let mut all = shortest.to_vec();
    all.dedup();
    for docs in others {
        let mut at = Step::default();
        all.retain(|doc| {
            at.to(*doc, docs);
            docs.get(at.0) == Some(doc)
        });
    }
    all
}

/// The match of the words of a phrase read so far, and whether these stand one behind the other.
type Chain = (Match, bool);

/// The words one behind the other in a listing. Apart they are worth half, if they count at all. `chains`, which is
/// given so that it is made once, is empty before and after.
fn phrase_in(doc: Doc, (parts, at): (&[Part<'_>], &mut [Step]), apart: bool, chains: &mut Vec<Chain>) -> Option<Match> {
    let mut parts = parts.iter().zip(at);
    let (first, at) = parts.next()?;
    chains.extend(first.matches(doc, at).map(|one| (one, true)));
    for (part, at) in parts {
        let next = part.matches(doc, at);
        chains.retain_mut(|(chain, whole)| {
            let behind =
                next.clone().find(|other| chain.field == other.field && chain.end == other.start && chain.end != FAR);
            let Some(other) = behind.or_else(|| next.clone().next().filter(|_| apart)) else { return false };
            chain.points = chain.points.min(other.points);
            chain.field = chain.field.max(other.field);
            chain.end = behind.map_or(chain.end, |behind| behind.end);
            *whole &= behind.is_some();
            true
        });
    }
    let worth = |(chain, whole): Chain| Match { points: if whole { chain.points } else { chain.points / 2 }, ..chain };
    chains.drain(..).map(worth).max_by_key(|chain| chain.points)
}
