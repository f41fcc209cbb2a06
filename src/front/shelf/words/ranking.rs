//! Which listings answer a query, and in what order: text first, then what the catalogue knows of them.
//!
//! A listing is a hit if the words it has weigh at least a part (`cut`) of what the best listing has. So a listing with all
//! words excludes those with half of them, and if none has all, the nearest are found. What was typed is tried first; only if
//! no listing has all of it in its names are guesses tried too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;

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
/// So many listings with all words in their names are enough: texts are not looked into.
const ENOUGH: usize = 24;
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

/// Searches all segments: names; then running text too, if that is little; then for what the words may have been meant as.
pub fn search(words: &Words, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
    let weights = &words.sense.weights;
    if query.slots.is_empty() {
        return if query.stars.is_some() { everything(words, query, columns, depth) } else { Hits::default() };
    }
    let search = Search { words, query, columns, weights, scale: Scale::of(query, words.segments.rarity(), weights) };
    let mut pass = search.run(&[], false);
    if !pass.sound || pass.found.len() < ENOUGH {
        let names = pass.work;
        pass = search.run(&[], true);
        pass.work += names;
    }
    let mut corrected = false;
    if !pass.sound
        && let Some(guessed) = search.guess()
    {
        corrected = guessed.best_text > pass.best_text;
        pass = Pass { work: pass.work + guessed.work, ..guessed };
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

/// What stays the same while a query is searched.
struct Search<'a, C> {
    words: &'a Words,
    query: &'a Query,
    columns: &'a C,
    weights: &'a Weights,
    scale: Scale,
}

impl<C: Columns> Search<'_, C> {
    /// Guesses words that nobody uses, and if that finds nothing with all words, every word; none if there is nothing to guess.
    fn guess(&self) -> Option<Pass> {
        let all: Vec<Vec<Reading>> = self.query.slots.iter().map(|slot| self.words.guesses(slot)).collect();
        let unknown = self.query.slots.iter().zip(&all).map(|(slot, guesses)| {
            if slot.readings.is_empty() { guesses.clone() } else { Vec::new() }
        });
        let unknown: Vec<Vec<Reading>> = unknown.collect();
        let mut guessed: Option<Pass> = None;
        for guesses in [&unknown, &all] {
            let done = guessed.as_ref().is_some_and(|pass| pass.sound);
            if !done && guesses.iter().any(|guesses| !guesses.is_empty()) {
                let before = guessed.map_or(0, |pass| pass.work);
                let pass = self.run(guesses, true);
                guessed = Some(Pass { work: pass.work + before, ..pass });
            }
        }
        let mut pass = guessed?;
        let least = pass.best_text * GUESS_CUT / SHARE;
        pass.found.retain(|found| found.text >= least);
        Some(pass)
    }

    /// Looks for the readings of the slots, and these guesses beside them.
    fn run(&self, guesses: &[Vec<Reading>], texts: bool) -> Pass {
        let mut pass = Pass::default();
        let parts = self.words.segments.parts();
        let answers: Vec<Vec<Vec<List<'_>>>> = parts
            .iter()
            .map(|live| {
                let of_slot = |(at, slot): (usize, &Slot)| {
                    let guesses = guesses.get(at).map_or(&[][..], Vec::as_slice);
                    matching::of_slot(live, slot, guesses, texts, self.weights, &mut pass.work)
                };
                self.query.slots.iter().enumerate().map(of_slot).collect()
            })
            .collect();
        let least = self.scale.demanded * self.weights.cut / SHARE;
        for threshold in [least, 1] {
            for (live, lists) in parts.iter().zip(&answers) {
                Join { live, search: self }.run(lists, threshold, &mut pass);
            }
            if pass.best >= self.scale.demanded {
                break;
            }
            if threshold > 1 {
                pass = Pass { work: pass.work, ..Pass::default() };
            }
        }
        let least = pass.best * self.weights.cut / SHARE;
        pass.found.retain(|found| found.matched >= least);
        pass
    }
}

/// One segment's matches being joined by listing.
struct Join<'a, C> {
    live: &'a Live,
    search: &'a Search<'a, C>,
}

impl<C: Columns> Join<'_, C> {
    /// Every listing whose demanded slots may weigh `threshold`: those of the shortest slots, without which the others cannot
    /// reach it.
    fn run(&self, slots: &[Vec<List<'_>>], threshold: u32, pass: &mut Pass) {
        let order = self.shortest_first(slots);
        let driving = self.driving(&order, threshold);
        let lists = |slot: &usize| slots.get(*slot).map(Vec::as_slice).unwrap_or_default();
        let listings: usize = order.iter().take(driving).map(|slot| matching::length(lists(slot))).sum();
        let merge = |(rank, slot)| matching::merged(lists(slot), (rank >= driving).then_some(listings));
        let merged: Vec<Option<List<'_>>> = order.iter().enumerate().map(merge).collect();
        let open = |(slot, merged)| Option::as_ref(merged).map_or(lists(slot), std::slice::from_ref);
        let mut readers: Vec<Vec<Cursor<'_>>> = order.iter().zip(&merged).map(open).map(cursors).collect();
        let mut drivers: Vec<Cursor<'_>> = readers.iter().take(driving).flatten().copied().collect();
        pass.work += merged.iter().flatten().map(|list| list.len() as u64).sum::<u64>();
        let mut matches = Vec::new();
        let mut ranges = vec![0..0; slots.len()];
        while let Some(doc) = drivers.iter().filter_map(Cursor::doc).min() {
            drivers.iter_mut().for_each(|cursor| cursor.leave(doc));
            pass.work += 1;
            let possible = self.possible(doc, &order, &mut readers, threshold);
            if possible < threshold || self.live.is_replaced(doc) || !self.search.columns.admits(doc) {
                continue;
            }
            matches.clear();
            for (slot, reader) in order.iter().zip(&mut readers) {
                let from = matches.len();
                reader.iter_mut().for_each(|cursor| cursor.take(doc, &mut matches));
                if let Some(range) = ranges.get_mut(*slot) {
                    *range = from..matches.len();
                }
            }
            self.take(doc, &Answers { matches: &matches, ranges: &ranges }, threshold, pass);
        }
    }

    /// Moves all readers to the listing, and says what its demanded slots weigh; those not needed to see that it is too little
    /// stay behind.
    fn possible(&self, doc: Doc, order: &[usize], readers: &mut [Vec<Cursor<'_>>], threshold: u32) -> u32 {
        let mut possible = self.search.scale.demanded;
        for (slot, reader) in order.iter().zip(readers) {
            let there = reader.iter_mut().fold(false, |there, cursor| cursor.seek(doc) || there);
            if !there && !self.is_wish(*slot) {
                possible -= self.weight(*slot);
                if possible < threshold {
                    break;
                }
            }
        }
        possible
    }

    /// The demanded slots by length, then the wishes.
    fn shortest_first(&self, slots: &[Vec<List<'_>>]) -> Vec<usize> {
        let length = |slot: usize| slots.get(slot).map_or(0, |lists| matching::length(lists));
        let mut order: Vec<usize> = (0..slots.len()).collect();
        order.sort_by_key(|slot| (self.is_wish(*slot), length(*slot)));
        order
    }

    /// How many of the slots in this order must be read: the others together stay below the threshold.
    fn driving(&self, order: &[usize], threshold: u32) -> usize {
        let demanded = order.iter().take_while(|slot| !self.is_wish(**slot)).count();
        let mut rest = 0;
        let optional = order.iter().take(demanded).skip(1).rev().take_while(|slot| {
            rest += self.weight(**slot);
            rest < threshold
        });
        demanded - optional.count()
    }

    fn is_wish(&self, slot: usize) -> bool {
        self.search.query.slots.get(slot).is_some_and(|slot| slot.wish)
    }

    fn weight(&self, slot: usize) -> u32 {
        self.search.scale.slots.get(slot).copied().unwrap_or(0)
    }

    fn take(&self, doc: Doc, listing: &Answers<'_>, threshold: u32, pass: &mut Pass) {
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
        pass.sound |= in_names == self.search.scale.demanded;
        pass.best = pass.best.max(matched);
        pass.best_text = pass.best_text.max(text);
        pass.found.push(Found { doc, matched, text });
    }

    /// How well the words of a listing fit, of [`PERFECT`].
    fn text(&self, listing: &Answers<'_>) -> u32 {
        let weights = self.search.weights;
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
            sum += self.search.scale.all * weights.phrase;
        }
        sum += u32::from(head) * self.search.scale.all * weights.head;
        sum += self.search.scale.all * weights.coverage * covered.min(length) / length;
        let text = u64::from(sum) * u64::from(PERFECT) / u64::from(SHARE * self.search.scale.perfect);
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
    let least = least_text(found, query.stars.is_some(), weights, depth);
    let mut heap: BinaryHeap<Waiting> = found.iter().filter(|found| found.text >= least).map(waiting).collect();
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
    let mut all: Vec<Doc> = found.iter().map(|found| found.doc).collect();
    if !all.is_sorted() {
        all.sort_unstable();
    }
    Hits { best, all, ..Hits::default() }
}

/// A text so far below the `depth` best that no merit and no shop's turn brings it among them.
fn least_text(found: &[Found], starred: bool, weights: &Weights, depth: usize) -> u32 {
    if depth == 0 || found.len() <= depth {
        return 0;
    }
    let mut texts: Vec<u32> = found.iter().map(|found| found.text).collect();
    let (_, nth, _) = texts.select_nth_unstable_by(depth - 1, |a, b| b.cmp(a));
    let most = Merit { stars: 5, rating_tenths: 50, rating_count: u32::MAX, in_stock: true, published_day: weights.day };
    nth.saturating_sub(merit(most, starred.then_some(0), weights) + MOST_AGAIN * weights.shop_again)
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
