//! Which listings answer a query, and in what order: text first, then what the catalogue knows of them.
//!
//! A listing is a hit if the words it has weigh at least a part (`cut`) of what the best listing has. So a listing with all
//! words excludes those with half of them, and if none has all, the nearest are found. What was typed is tried first; only if
//! no listing has all of it in its names are guesses tried too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::document::{FAR, Field};
use super::matching::{self, Cursor, List, Match};
use super::query::{Query, Reading, Slot};
use super::segment::{Live, Rarity};
use super::sense::Weights;
use super::{Columns, Doc, Hit, Hits, Merit, Words};
use crate::kernel::ListingId;

/// A perfect text, before the merits are added.
const PERFECT: u32 = 10_000;
/// Further hits of a shop are not moved down any more.
const MOST_AGAIN: u32 = 5;
/// With guesses, what scores less than this part of the best is not meant, in hundredths.
const GUESS_CUT: u32 = 60;
/// Reviews at which half of a rating counts.
const DOUBTFUL_REVIEWS: u32 = 5;
const SHARE: u32 = 100;

/// A listing with what its text is worth.
#[derive(Debug, Clone, Copy)]
struct Found {
    doc: Doc,
    /// The weight of the slots it answers, wishes left out.
    matched: u32,
    text: u32,
}

/// The listings found in one go.
#[derive(Debug, Default)]
struct Pass {
    found: Vec<Found>,
    /// The most weight a listing has.
    best: u32,
    best_text: u32,
    /// Whether a listing has every word in its names.
    sound: bool,
    work: u64,
}

/// Searches all segments.
pub fn search(words: &Words, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
    let weights = &words.sense.weights;
    if query.slots.is_empty() {
        return if query.stars.is_some() { everything(words, query, columns, depth) } else { Hits::default() };
    }
    let scale = Scale::of(query, words.segments.rarity(), weights);
    let mut pass = run(words, query, columns, &scale, false);
    let mut corrected = false;
    if !pass.sound && query.slots.iter().any(|slot| !slot.guesses.is_empty()) {
        let typed = pass;
        pass = run(words, query, columns, &scale, true);
        pass.work += typed.work;
        corrected = pass.best_text > typed.best_text;
        let least = pass.best_text * GUESS_CUT / SHARE;
        pass.found.retain(|found| found.text >= least);
    }
    let mut hits = order(&pass.found, query, weights, columns, depth);
    hits.corrected = corrected;
    hits.work = pass.work;
    hits
}

/// "5 sao" and nothing else: all listings, in the order of their merits.
fn everything(words: &Words, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
    let documents = words.segments.parts().iter().flat_map(Live::documents);
    let found: Vec<Found> = documents
        .filter(|doc| columns.admits(*doc))
        .map(|doc| Found { doc, matched: 0, text: 0 })
        .collect();
    order(&found, query, &words.sense.weights, columns, depth)
}

/// What the slots weigh.
struct Scale {
    slots: Vec<u32>,
    /// The weight of all that are no wishes.
    demanded: u32,
    all: u32,
    /// The weight of a text that is perfect.
    perfect: u32,
}

impl Scale {
    fn of(query: &Query, rarity: &Rarity, weights: &Weights) -> Self {
        let slots: Vec<u32> = query.slots.iter().map(|slot| weight(slot, rarity)).collect();
        let demanded = query.slots.iter().zip(&slots).filter(|(slot, _)| !slot.wish).map(|(_, weight)| weight).sum();
        let all: u32 = slots.iter().sum();
        let perfect = all * (SHARE + weights.head + weights.coverage + weights.phrase) / SHARE;
        Self { slots, demanded, all: all.max(1), perfect: perfect.max(1) }
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

fn run(words: &Words, query: &Query, columns: &impl Columns, scale: &Scale, guessing: bool) -> Pass {
    let weights = &words.sense.weights;
    let mut pass = Pass::default();
    let parts = words.segments.parts();
    let answers: Vec<Vec<Vec<List<'_>>>> = parts
        .iter()
        .map(|live| {
            let of_slot = |slot| matching::of_slot(live, slot, guessing, weights, &mut pass.work);
            query.slots.iter().map(of_slot).collect()
        })
        .collect();
    let least = scale.demanded * weights.cut / SHARE;
    for threshold in [least, 0] {
        for (live, lists) in parts.iter().zip(&answers) {
            Join { live, query, scale, weights, columns }.run(lists, threshold, &mut pass);
        }
        if pass.best >= scale.demanded {
            break;
        }
        if threshold > 0 {
            pass = Pass { work: pass.work, ..Pass::default() };
        }
    }
    let least = pass.best * weights.cut / SHARE;
    pass.found.retain(|found| found.matched >= least);
    pass
}

/// One segment's matches being joined by listing.
struct Join<'a, C> {
    live: &'a Live,
    query: &'a Query,
    scale: &'a Scale,
    weights: &'a Weights,
    columns: &'a C,
}

impl<C: Columns> Join<'_, C> {
    /// Every listing whose demanded slots may weigh `threshold`: those of the shortest slots, without which the others cannot
    /// reach it.
    fn run(&self, slots: &[Vec<List<'_>>], threshold: u32, pass: &mut Pass) {
        let mut readers: Vec<Vec<Cursor<'_>>> = slots.iter().map(|lists| lists.iter().map(Cursor::new).collect()).collect();
        let mut drivers = self.drivers(slots, threshold);
        let mut matches = Vec::new();
        let mut ends = Vec::with_capacity(slots.len());
        while let Some(doc) = drivers.iter().filter_map(Cursor::doc).min() {
            drivers.iter_mut().for_each(|cursor| cursor.leave(doc));
            pass.work += 1;
            if self.live.is_replaced(doc) || !self.columns.admits(doc) {
                continue;
            }
            matches.clear();
            ends.clear();
            for reader in &mut readers {
                reader.iter_mut().for_each(|cursor| cursor.take(doc, &mut matches));
                ends.push(matches.len());
            }
            self.take(doc, &Answers { matches: &matches, ends: &ends }, threshold, pass);
        }
    }

    fn drivers<'l>(&self, slots: &'l [Vec<List<'l>>], threshold: u32) -> Vec<Cursor<'l>> {
        let length = |slot: usize| -> usize { slots.get(slot).map_or(0, |lists| lists.iter().map(List::len).sum()) };
        let mut demanded: Vec<usize> = (0..slots.len()).filter(|slot| !self.is_wish(*slot)).collect();
        demanded.sort_by_key(|slot| length(*slot));
        let mut rest: u32 = 0;
        while let Some(longest) = demanded.last().filter(|_| demanded.len() > 1) {
            rest += self.weight(*longest);
            if rest >= threshold {
                break;
            }
            demanded.pop();
        }
        demanded.iter().filter_map(|slot| slots.get(*slot)).flatten().map(Cursor::new).collect()
    }

    fn is_wish(&self, slot: usize) -> bool {
        self.query.slots.get(slot).is_some_and(|slot| slot.wish)
    }

    fn weight(&self, slot: usize) -> u32 {
        self.scale.slots.get(slot).copied().unwrap_or(0)
    }

    fn take(&self, doc: Doc, listing: &Answers<'_>, threshold: u32, pass: &mut Pass) {
        let (mut matched, mut named) = (0, 0);
        for (slot, answers) in listing.by_slot().enumerate().filter(|(slot, _)| !self.is_wish(*slot)) {
            if !answers.is_empty() {
                matched += self.weight(slot);
                named += u32::from(answers.iter().any(|one| matching::is_name(one.field))) * self.weight(slot);
            }
        }
        if matched < threshold {
            return;
        }
        let text = self.text(listing);
        pass.best = pass.best.max(matched);
        pass.best_text = pass.best_text.max(text);
        pass.sound |= named == self.scale.demanded;
        pass.found.push(Found { doc, matched, text });
    }

    /// How well the words of a listing fit, of [`PERFECT`].
    fn text(&self, listing: &Answers<'_>) -> u32 {
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
                sum += weight.min(other) * self.weights.phrase;
            }
            if let Some(title) = answers.iter().find(|one| one.field == Field::Title as u8) {
                head |= answers.iter().any(|one| one.field == Field::Title as u8 && one.start == 0);
                covered += u32::from(title.end.saturating_sub(title.start).max(1));
                length = u32::from(title.length.max(1));
            }
            before = Some((weight, answers));
        }
        if listing.ends.len() == 1 {
            sum += self.scale.all * self.weights.phrase;
        }
        sum += u32::from(head) * self.scale.all * self.weights.head;
        sum += self.scale.all * self.weights.coverage * covered.min(length) / length;
        let text = u64::from(sum) * u64::from(PERFECT) / u64::from(SHARE * self.scale.perfect);
        let step = self.weights.step.max(1);
        u32::try_from(text).unwrap_or(PERFECT).min(PERFECT) / step * step
    }
}

/// The matches of one listing, slot by slot.
struct Answers<'a> {
    matches: &'a [Match],
    ends: &'a [usize],
}

impl<'a> Answers<'a> {
    fn by_slot(&self) -> impl Iterator<Item = &'a [Match]> {
        let (matches, ends) = (self.matches, self.ends);
        ends.iter().scan(0, move |from, end| Some(matches.get(std::mem::replace(from, *end)..*end).unwrap_or_default()))
    }
}

/// Whether a slot stands right behind the one before.
fn follows(before: &[Match], next: &[Match]) -> bool {
    before.iter().any(|one| next.iter().any(|other| one.field == other.field && one.end == other.start && one.end != FAR))
}

/// A hit waiting for its turn: the best first, of equals the smaller id.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    score: u32,
    id: Reverse<ListingId>,
    doc: Doc,
    shop: u32,
    /// How many hits of its shop were before it when it was scored.
    again: u32,
}

/// The hits in their order. A hit is moved down by those of its shop that come before it: the best is taken, and whoever
/// stands behind one of its own shop is scored anew when its turn comes.
fn order(found: &[Found], query: &Query, weights: &Weights, columns: &impl Columns, depth: usize) -> Hits {
    let waiting = |found: &Found| Waiting {
        score: found.text + merit(columns.merit(found.doc), query.stars, weights),
        id: Reverse(columns.id(found.doc)),
        doc: found.doc,
        shop: columns.shop(found.doc),
        again: 0,
    };
    let all = {
        let mut all: Vec<Doc> = found.iter().map(|found| found.doc).collect();
        all.sort_unstable();
        all
    };
    let mut heap: BinaryHeap<Waiting> = found.iter().map(waiting).collect();
    let mut shops: HashMap<u32, u32> = HashMap::new();
    let mut best = Vec::with_capacity(depth.min(found.len()));
    while best.len() < depth
        && let Some(next) = heap.pop()
    {
        let before = shops.entry(next.shop).or_default();
        let again = (*before).min(MOST_AGAIN);
        if next.again == again {
            *before += 1;
            best.push(Hit { score: next.score, doc: next.doc });
        } else {
            let score = next.score.saturating_sub((again - next.again) * weights.shop_again);
            heap.push(Waiting { score, again, ..next });
        }
    }
    Hits { best, all, ..Hits::default() }
}

fn merit(merit: Merit, wished: Option<u8>, weights: &Weights) -> u32 {
    let stars = u32::from(merit.stars);
    let trusted = merit.rating_count.min(1_000);
    let rating = weights.rating * u32::from(merit.rating_tenths.min(50)) / 50 * trusted / (trusted + DOUBTFUL_REVIEWS);
    let age = u32::try_from(weights.day.saturating_sub(merit.published_day)).unwrap_or(0);
    let fresh = weights.fresh * weights.fresh_days.saturating_sub(age) / weights.fresh_days.max(1);
    let wished = wished.is_some_and(|wished| merit.stars >= wished);
    weights.star * stars
        + rating
        + u32::from(merit.in_stock) * weights.stock
        + fresh
        + u32::from(wished) * weights.star_wished
}
