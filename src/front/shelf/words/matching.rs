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
struct Table([[u8; FIELDS]; Marks::COUNT]);

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

    fn points(&self, place: Place) -> u8 {
        let row = self.0.get(usize::from(place.marks().bits()));
        row.and_then(|row| row.get(usize::from(place.field()))).copied().unwrap_or(0)
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

/// The matches of a slot, by listing; `work` counts the postings looked at.
pub fn of_slot(live: &Live, slot: &Slot, guessing: bool, weights: &Weights, work: &mut u64) -> Vec<Match> {
    let guesses = if guessing { slot.guesses.as_slice() } else { &[] };
    let mut lists: Vec<Vec<Match>> = slot
        .readings
        .iter()
        .chain(guesses)
        .map(|reading| of_reading(live, reading, weights, work))
        .filter(|list| !list.is_empty())
        .collect();
    while lists.len() > 1 {
        let mut merged = Vec::with_capacity(lists.len().div_ceil(2));
        let mut pairs = lists.into_iter();
        while let Some(one) = pairs.next() {
            merged.push(match pairs.next() {
                Some(other) => merge(&one, &other),
                None => one,
            });
        }
        lists = merged;
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

fn of_reading(live: &Live, reading: &Reading, weights: &Weights, work: &mut u64) -> Vec<Match> {
    let Some((first, rest)) = reading.words.split_first() else { return Vec::new() };
    let mut found = of_word(live, *first, reading.worth, weights, work);
    for sought in rest {
        if found.is_empty() {
            break;
        }
        let next = of_word(live, *sought, reading.worth, weights, work);
        found = follow(&found, &next, reading.apart);
    }
    found
}

fn of_word(live: &Live, sought: Sought, worth: u8, weights: &Weights, work: &mut u64) -> Vec<Match> {
    let (docs, places) = live.postings(sought.term);
    *work += docs.len() as u64;
    let table = Table::of(sought, worth, weights);
    let of_posting = |(doc, place): (&Doc, &Place)| {
        let points = table.points(*place);
        let (start, field) = (place.position(), place.field());
        let end = if start == FAR { FAR } else { start + 1 };
        (points > 0).then_some(Match { doc: *doc, points, field, start, end, length: place.length() })
    };
    docs.iter().zip(places).filter_map(of_posting).collect()
}

/// Phrases longer by a word. Words that stand apart in one listing are worth less, if they count at all.
fn follow(before: &[Match], next: &[Match], apart: bool) -> Vec<Match> {
    let mut found = Vec::new();
    let mut at = 0;
    for one in before {
        at += next.get(at..).unwrap_or_default().partition_point(|other| other.doc < one.doc);
        let same = next.get(at..).unwrap_or_default().iter().take_while(|other| other.doc == one.doc);
        let mut loose = None;
        let mut joined = None;
        for other in same {
            if one.field == other.field && one.end == other.start && one.end != FAR {
                joined = Some(Match { points: one.points.min(other.points), end: other.end, ..*one });
            } else {
                loose = Some(Match { points: one.points.min(other.points) / 2, field: one.field.max(other.field), ..*one });
            }
        }
        found.extend(joined.or(loose.filter(|_| apart)));
    }
    found
}

/// Whether the field is one of a name, not of running text.
pub const fn is_name(field: u8) -> bool {
    field != Field::Text as u8
}
