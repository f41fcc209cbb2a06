//! The matches of all slots, joined by listing, and how well a listing's text fits.

use std::ops::Range;

use super::candidates::{Demand, candidates};
use super::document::{FAR, Field};
use super::matching::{self, Cursor, List, Match};
use super::query::{Reading, Slot};
use super::rarity::Rarity;
use super::segment::Live;
use super::sense::Weights;
use super::{Admitted, Columns, Doc};

/// A perfect text, before the merits are added.
const PERFECT: u32 = 10_000;
/// Shares are counted in hundredths.
pub const SHARE: u32 = 100;

/// A listing with what its text is worth.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub doc: Doc,
    /// The weight of the slots it answers, wishes left out.
    pub matched: u32,
    pub text: u32,
}

/// The listings found in one go.
#[derive(Debug, Default)]
pub struct Pass {
    pub found: Vec<Found>,
    /// Those beside them, which are only counted: what follows is of the others.
    pub beside: Vec<Found>,
    /// The most weight a listing has.
    pub best: u32,
    pub best_text: u32,
    /// Whether a listing has every word in its names.
    pub sound: bool,
    /// Postings looked at.
    pub work: u64,
}

/// What the slots weigh.
pub struct Scale {
    slots: Vec<Weighed>,
    /// The weight of all that are no wishes.
    pub demanded: u32,
    all: u32,
    /// The weight of a text that is perfect.
    perfect: u32,
}

/// A slot on the scale.
#[derive(Debug, Clone, Copy, Default)]
struct Weighed {
    weight: u32,
    wish: bool,
}

impl Scale {
    pub fn of(slots: &[Slot], rarity: &Rarity, weights: &Weights) -> Self {
        let slots: Vec<Weighed> =
            slots.iter().map(|slot| Weighed { weight: weight(slot, rarity), wish: slot.wish }).collect();
        let demanded = slots.iter().filter(|slot| !slot.wish).map(|slot| slot.weight).sum();
        let all: u32 = slots.iter().map(|slot| slot.weight).sum();
        let perfect = all * (SHARE + weights.head + weights.coverage + weights.phrase) / SHARE;
        Self { slots, demanded, all: all.max(1), perfect: perfect.max(1) }
    }

    /// The same with only the rarest slots demanded: as many as have at most so many matches together, but one at least. The
    /// others become wishes.
    pub fn demanding_rarest(&self, matches: &[usize], most: usize) -> Self {
        let mut slots: Vec<Weighed> = self.slots.iter().map(|slot| Weighed { wish: true, ..*slot }).collect();
        let there = matches.iter().copied().enumerate().filter(|(at, matches)| *matches > 0 && !self.is_wish(*at));
        let mut there: Vec<(usize, usize)> = there.map(|(at, matches)| (matches, at)).collect();
        there.sort_unstable();
        let mut read = 0;
        let mut demanded = 0;
        for (matches, at) in there {
            read += matches;
            if let Some(slot) = slots.get_mut(at).filter(|_| demanded == 0 || read <= most) {
                slot.wish = false;
                demanded += slot.weight;
            }
        }
        Self { slots, demanded, ..*self }
    }

    fn is_wish(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|slot| slot.wish)
    }
}

/// The rarity of the commonest thing that fully answers the slot.
fn weight(slot: &Slot, rarity: &Rarity) -> u32 {
    const FULL: u8 = 80;
    let of_reading = |reading: &Reading| reading.words.iter().map(|word| rarity.of(word.term)).max();
    let answers = slot.readings.iter().filter(|reading| reading.worth >= FULL).filter_map(of_reading).min();
    let unknown = u32::from(rarity.of_unknown()) * 60 / SHARE;
    (answers.map_or(unknown, u32::from) * slot.share / SHARE).max(1)
}

/// One segment's matches being joined by listing.
pub struct Join<'a, C> {
    pub live: &'a Live,
    pub scale: &'a Scale,
    pub weights: &'a Weights,
    pub columns: &'a C,
}

impl<C: Columns> Join<'_, C> {
    /// Every listing whose demanded slots may weigh `threshold`.
    pub fn run(&self, slots: &[Vec<List<'_>>], threshold: u32, pass: &mut Pass) {
        let lists = |slot: usize| slots.get(slot).map(Vec::as_slice).unwrap_or_default();
        let demand = |slot| Demand { lists: lists(slot), weight: self.weight(slot) };
        let mut demands: Vec<Demand<'_>> = (0..slots.len()).filter(|slot| !self.is_wish(*slot)).map(demand).collect();
        demands.sort_by_key(|demand| matching::length(demand.lists));
        let enough = candidates(&demands, threshold, &mut pass.work).into_iter();
        let admitted = |doc: Doc| match self.columns.admits(doc) {
            Admitted::No => None,
            admitted => Some((doc, admitted)),
        };
        let seen: Vec<(Doc, Admitted)> =
            enough.filter(|doc| !self.live.is_replaced(*doc)).filter_map(admitted).collect();
        let merge = |slot| matching::merged(lists(slot), seen.len());
        let merged: Vec<Option<List<'_>>> = (0..slots.len()).map(merge).collect();
        pass.work += merged.iter().flatten().map(|list| list.len() as u64).sum::<u64>();
        let open = |(slot, merged)| Option::as_ref(merged).map_or(lists(slot), std::slice::from_ref);
        let mut readers: Vec<Vec<Cursor<'_>>> = merged.iter().enumerate().map(open).map(cursors).collect();
        let mut matches = Vec::new();
        let mut ranges = vec![0..0; slots.len()];
        for (doc, admitted) in seen {
            pass.work += 1;
            matches.clear();
            for (range, reader) in ranges.iter_mut().zip(&mut readers) {
                let from = matches.len();
                for cursor in reader {
                    cursor.take(doc, &mut matches);
                }
                *range = from..matches.len();
            }
            self.take((doc, admitted), &Answers { matches: &matches, ranges: &ranges }, threshold, pass);
        }
    }

    fn is_wish(&self, slot: usize) -> bool {
        self.scale.is_wish(slot)
    }

    fn weight(&self, slot: usize) -> u32 {
        self.scale.slots.get(slot).map_or(0, |slot| slot.weight)
    }

    fn take(&self, (doc, admitted): (Doc, Admitted), listing: &Answers<'_>, threshold: u32, pass: &mut Pass) {
        let (mut matched, mut in_names) = (0, 0);
        for (slot, answers) in listing.by_slot().enumerate().filter(|(slot, _)| !self.is_wish(*slot)) {
            let weight = self.weight(slot);
            matched += u32::from(!answers.is_empty()) * weight;
            in_names += u32::from(answers.iter().any(|one| one.field != Field::Text)) * weight;
        }
        // A word whose marks make it another one is no match.
        if matched < threshold {
            return;
        }
        let text = self.text(listing);
        if admitted == Admitted::Beside {
            pass.beside.push(Found { doc, matched, text });
            return;
        }
        pass.sound |= in_names == self.scale.demanded;
        pass.best = pass.best.max(matched);
        pass.best_text = pass.best_text.max(text);
        pass.found.push(Found { doc, matched, text });
    }

    /// How well the words of a listing fit, of [`PERFECT`].
    fn text(&self, listing: &Answers<'_>) -> u32 {
        let weights = self.weights;
        let mut sum = 0;
        let (mut head, mut covered, mut length) = (false, 0, 1);
        let mut before: Option<(u32, &[Match])> = None;
        for (slot, answers) in listing.by_slot().enumerate() {
            let weight = self.weight(slot);
            let Some(best) = answers.iter().max_by_key(|one| one.points) else {
                before = None;
                continue;
            };
            sum += weight * u32::from(best.points);
            if let Some((other, previous)) = before
                && follows(previous, answers)
            {
                sum += weight.min(other) * weights.phrase;
            }
            if let Some(title) = answers.iter().find(|one| one.field == Field::Title) {
                head |= answers.iter().any(|one| one.field == Field::Title && one.start == 0);
                covered += u32::from(title.end.saturating_sub(title.start).max(1));
                length = u32::from(title.length.max(1));
            }
            before = Some((weight, answers));
        }
        if listing.ranges.len() == 1 {
            sum += self.scale.all * weights.phrase;
        }
        sum += u32::from(head) * self.scale.all * weights.head;
        sum += self.scale.all * weights.coverage * covered.min(length) / length;
        let text = u64::from(sum) * u64::from(PERFECT) / u64::from(SHARE * self.scale.perfect);
        let step = weights.step.max(1);
        u32::try_from(text).unwrap_or(PERFECT).min(PERFECT) / step * step
    }
}

/// The lists from their beginnings.
fn cursors<'l>(lists: &'l [List<'l>]) -> Vec<Cursor<'l>> {
    lists.iter().map(Cursor::new).collect()
}

/// The matches of one listing, slot by slot.
struct Answers<'a> {
    matches: &'a [Match],
    ranges: &'a [Range<usize>],
}

impl<'a> Answers<'a> {
    fn by_slot(&self) -> impl Iterator<Item = &'a [Match]> {
        let matches = self.matches;
        self.ranges.iter().map(move |range| matches.get(range.clone()).unwrap_or_default())
    }
}

/// Whether a slot stands right behind the one before.
fn follows(before: &[Match], next: &[Match]) -> bool {
    before
        .iter()
        .any(|one| next.iter().any(|other| one.field == other.field && one.end == other.start && one.end != FAR))
}
