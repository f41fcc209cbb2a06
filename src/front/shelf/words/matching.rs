//! Where the readings of a slot stand in the listings of one segment.

use super::Doc;
use super::document::{FAR, FIELDS, Field, Place};
use super::letters::Marks;
use super::query::{Reading, Slot, Sought};
use super::segment::Live;
use super::sense::Weights;

/// A slot answered by a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub doc: Doc,
    /// How well, in hundredths.
    pub points: u8,
    pub field: u8,
    /// Position of the first word; [`FAR`] if it is too far behind to tell.
    pub start: u8,
    /// Position behind the last word.
    pub end: u8,
    /// Words of the field.
    pub length: u8,
}

/// What a posting is worth, by marks and field.
pub struct Table([[u8; FIELDS]; Marks::COUNT]);

impl Table {
    fn of(sought: Sought, worth: u8, weights: &Weights) -> Self {
        let fields = [weights.title, weights.title_en, weights.name, weights.text];
        let mut table = [[0; FIELDS]; Marks::COUNT];
        for (bits, row) in (0u8..).zip(&mut table) {
            let likeness = if sought.untyped { 100 } else { likeness(sought, Marks::from_bits(bits), weights) };
            for (points, field) in row.iter_mut().zip(fields) {
                let field = if sought.untyped { 100 } else { field };
                *points = u8::try_from(u32::from(worth) * likeness * field / 10_000).unwrap_or(100);
            }
        }
        Self(table)
    }

    /// The match of a posting; none if its marks make it another word.
    fn match_at(&self, doc: Doc, place: Place) -> Option<Match> {
        let points = *self.0.get(usize::from(place.marks().bits()))?.get(usize::from(place.field()))?;
        let start = place.position();
        let end = if start == FAR { FAR } else { start + 1 };
        (points > 0).then_some(Match { doc, points, field: place.field(), start, end, length: place.length() })
    }
}

/// How like a word's marks are to those looked for, in hundredths; none at all if they make another word.
fn likeness(sought: Sought, marks: Marks, weights: &Weights) -> u32 {
    if sought.marks == marks {
        100
    } else if sought.strict {
        0
    } else if sought.marks.is_bare() || marks.is_bare() {
        weights.tone_missing
    } else if sought.marks.same_but_for_tone(marks) {
        weights.tone_other
    } else {
        weights.vowel_other
    }
}

/// More single words of one slot than this are merged before they are joined with other slots.
const MOST_OPEN: usize = 4;

/// Some matches of a slot, by listing: the postings of a word, read only where they are needed, or worked out before.
pub enum List<'a> {
    Open { docs: &'a [Doc], places: &'a [Place], table: Box<Table> },
    Built(Vec<Match>),
}

impl List<'_> {
    /// How many matches it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Open { docs, .. } => docs.len(),
            Self::Built(matches) => matches.len(),
        }
    }
}

/// The matches of a slot in a segment; `work` counts the postings looked at.
pub fn of_slot<'a>(live: &'a Live, slot: &Slot, guessing: bool, weights: &Weights, work: &mut u64) -> Vec<List<'a>> {
    let guesses = if guessing { slot.guesses.as_slice() } else { &[] };
    let mut lists = Vec::new();
    for reading in slot.readings.iter().chain(guesses) {
        let list = match reading.words.as_slice() {
            [] => continue,
            [only] => open(live, *only, reading.worth, weights),
            _ => List::Built(of_phrase(live, reading, weights, work)),
        };
        if list.len() > 0 {
            lists.push(list);
        }
    }
    if lists.len() > MOST_OPEN {
        *work += lists.iter().map(|list| list.len() as u64).sum::<u64>();
        lists = vec![List::Built(merged(lists.into_iter().map(built).collect()))];
    }
    lists
}

fn open<'a>(live: &'a Live, sought: Sought, worth: u8, weights: &Weights) -> List<'a> {
    let (docs, places) = live.postings(sought.term);
    List::Open { docs, places, table: Box::new(Table::of(sought, worth, weights)) }
}

fn built(list: List<'_>) -> Vec<Match> {
    match list {
        List::Open { docs, places, table } => {
            docs.iter().zip(places).filter_map(|(doc, place)| table.match_at(*doc, *place)).collect()
        }
        List::Built(matches) => matches,
    }
}

/// All of them by listing.
fn merged(mut lists: Vec<Vec<Match>>) -> Vec<Match> {
    while lists.len() > 1 {
        let mut fewer = Vec::with_capacity(lists.len().div_ceil(2));
        let mut pairs = lists.into_iter();
        while let Some(one) = pairs.next() {
            fewer.push(match pairs.next() {
                Some(other) => merge(&one, &other),
                None => one,
            });
        }
        lists = fewer;
    }
    lists.pop().unwrap_or_default()
}

fn merge(one: &[Match], other: &[Match]) -> Vec<Match> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        if a.doc <= b.doc {
            merged.push(*a);
            i += 1;
        } else {
            merged.push(*b);
            j += 1;
        }
    }
    merged.extend_from_slice(one.get(i..).unwrap_or_default());
    merged.extend_from_slice(other.get(j..).unwrap_or_default());
    merged
}

/// A place in ascending listings that only moves forward.
#[derive(Debug, Clone, Copy, Default)]
struct Step(usize);

impl Step {
    /// Moves to the first place whose listing is not before `doc`: far with few looks, near with fewer.
    fn to(&mut self, doc: Doc, of: impl Fn(usize) -> Option<Doc>) {
        let mut stride = 1;
        while of(self.0 + stride - 1).is_some_and(|other| other < doc) {
            self.0 += stride;
            stride *= 2;
        }
        while stride > 1 {
            stride /= 2;
            if of(self.0 + stride - 1).is_some_and(|other| other < doc) {
                self.0 += stride;
            }
        }
    }
}

/// A list being read.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    list: &'a List<'a>,
    at: Step,
}

impl<'a> Cursor<'a> {
    pub fn new(list: &'a List<'a>) -> Self {
        Self { list, at: Step::default() }
    }

    /// The listing it stands at.
    pub fn doc(&self) -> Option<Doc> {
        self.doc_at(self.at.0)
    }

    fn doc_at(&self, at: usize) -> Option<Doc> {
        match self.list {
            List::Open { docs, .. } => docs.get(at).copied(),
            List::Built(matches) => matches.get(at).map(|one| one.doc),
        }
    }

    /// Leaves the listing behind, if it stands at it.
    pub fn leave(&mut self, doc: Doc) {
        while self.doc() == Some(doc) {
            self.at.0 += 1;
        }
    }

    /// Moves to the listing and hands its matches over.
    pub fn take(&mut self, doc: Doc, into: &mut Vec<Match>) {
        let (list, mut at) = (*self, self.at);
        at.to(doc, |at| list.doc_at(at));
        while self.doc_at(at.0) == Some(doc) {
            match self.list {
                List::Open { places, table, .. } => {
                    into.extend(places.get(at.0).and_then(|place| table.match_at(doc, *place)));
                }
                List::Built(matches) => into.extend(matches.get(at.0)),
            }
            at.0 += 1;
        }
        self.at = at;
    }
}

/// A word of a phrase.
struct Part<'a> {
    docs: &'a [Doc],
    places: &'a [Place],
    table: Table,
    at: Step,
}

impl Part<'_> {
    fn matches(&mut self, doc: Doc) -> impl Iterator<Item = Match> + Clone + '_ {
        let docs = self.docs;
        self.at.to(doc, |at| docs.get(at).copied());
        let from = self.at.0;
        let count = docs.get(from..).unwrap_or_default().iter().take_while(|other| **other == doc).count();
        let places = self.places.get(from..from + count).unwrap_or_default();
        let table = &self.table;
        places.iter().filter_map(move |place| table.match_at(doc, *place))
    }
}

fn of_phrase(live: &Live, reading: &Reading, weights: &Weights, work: &mut u64) -> Vec<Match> {
    let part = |sought: &Sought| {
        let (docs, places) = live.postings(sought.term);
        Part { docs, places, table: Table::of(*sought, reading.worth, weights), at: Step::default() }
    };
    let mut parts: Vec<Part<'_>> = reading.words.iter().map(part).collect();
    let Some(shortest) = parts.iter().map(|part| part.docs).min_by_key(|docs| docs.len()) else { return Vec::new() };
    *work += (shortest.len() * parts.len()) as u64;
    let mut found = Vec::new();
    let mut before = None;
    for doc in shortest.iter().copied().filter(|doc| before.replace(*doc) != Some(*doc)) {
        found.extend(phrase_in(doc, &mut parts, reading.apart));
    }
    found
}

/// The words one behind the other in a listing. Apart they are worth half, if they count at all.
fn phrase_in(doc: Doc, parts: &mut [Part<'_>], apart: bool) -> Option<Match> {
    let (first, rest) = parts.split_first_mut()?;
    let mut chains: Vec<(Match, bool)> = first.matches(doc).map(|one| (one, true)).collect();
    for part in rest {
        let next = part.matches(doc);
        let longer = |(chain, whole): &(Match, bool)| {
            let behind = next.clone().find(|other| chain.field == other.field && chain.end == other.start && chain.end != FAR);
            let other = behind.or_else(|| next.clone().next().filter(|_| apart))?;
            let points = chain.points.min(other.points);
            let field = chain.field.max(other.field);
            let end = if behind.is_some() { other.end } else { chain.end };
            Some((Match { points, field, end, ..*chain }, *whole && behind.is_some()))
        };
        chains = chains.iter().filter_map(longer).collect();
    }
    let worth = |(chain, whole): (Match, bool)| Match { points: if whole { chain.points } else { chain.points / 2 }, ..chain };
    chains.into_iter().map(worth).max_by_key(|chain| chain.points)
}

/// Whether the field is one of a name, not of running text.
pub const fn is_name(field: u8) -> bool {
    field != Field::Text as u8
}
