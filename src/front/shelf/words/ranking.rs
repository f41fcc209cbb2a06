//! Which listings answer a query, and in what order: text first, then what the catalogue knows of them.
//!
//! A listing is a hit if the words it has weigh at least a part (`cut`) of what the best listing has. So a listing with all
//! words excludes those with half of them, and if none has all, the nearest are found. What was typed is tried first; only if
//! no listing has all of it in its names are guesses tried too.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::joining::{Found, Join, Pass, SHARE, Scale};
use super::matching::{self, List};
use super::query::{Query, Reading, Slot};
use super::segment::Live;
use super::sense::Weights;
use super::{Admitted, Columns, Doc, Hit, Hits, Merit, Words};
use crate::kernel::ListingId;

/// Further hits of a shop are not moved down any more.
const MOST_AGAIN: u32 = 5;
/// With guesses, what scores less than this part of the best is not meant, in hundredths.
const GUESS_CUT: u32 = 60;
/// So many listings with all words in their names are enough: texts are not looked into.
const ENOUGH: usize = 24;
/// So many postings are read where listings have few of the words, those of the rarest word in any case; more only if that
/// finds nothing.
const MOST_READ: usize = 20_000;
/// Reviews at which half of a rating counts.
const DOUBTFUL_REVIEWS: u32 = 5;

/// Searches all segments. Each step is only taken if those before it found too little: the words as typed, in names; the
/// same in running text; words they may have been meant as; whatever has any of the words.
pub fn search(words: &Words, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
    let weights = &words.sense.weights;
    if query.slots.is_empty() {
        return if query.stars.is_some() { everything(words, query, columns, depth) } else { Hits::default() };
    }
    let scale = Scale::of(&query.slots, words.segments.rarity(), weights);
    let mut search = Search { words, query, columns, weights, scale, work: 0 };
    let (pass, corrected) = search.best();
    Hits { corrected, work: search.work, ..order(&pass, query, weights, columns, depth) }
}

/// "5 sao" and nothing else: all listings, in the order of their merits.
fn everything(words: &Words, query: &Query, columns: &impl Columns, depth: usize) -> Hits {
    let mut pass = Pass::default();
    for doc in words.segments.parts().iter().flat_map(Live::documents) {
        pass.work += 1;
        let found = Found { doc, matched: 0, text: 0 };
        match columns.admits(doc) {
            Admitted::Yes => pass.found.push(found),
            Admitted::Beside => pass.beside.push(found),
            Admitted::No => {}
        }
    }
    Hits { work: pass.work, ..order(&pass, query, &words.sense.weights, columns, depth) }
}

/// A query being searched.
struct Search<'a, C> {
    words: &'a Words,
    query: &'a Query,
    columns: &'a C,
    weights: &'a Weights,
    scale: Scale,
    work: u64,
}

impl<C: Columns> Search<'_, C> {
    /// The hits, and whether words had to be corrected for them. What is beside them takes no part in the choice.
    fn best(&mut self) -> (Pass, bool) {
        let least = (self.scale.demanded * self.weights.cut / SHARE).max(1);
        let names = self.run(&[], false, least);
        if names.sound && names.found.len() >= ENOUGH {
            return (names, false);
        }
        let guessed = if names.sound { None } else { self.guess(least) };
        if guessed.as_ref().is_some_and(|pass| pass.sound) {
            return (guessed.unwrap_or_default(), true);
        }
        let typed = self.run(&[], true, least);
        match guessed {
            Some(guessed) if guessed.best_text > typed.best_text => (guessed, true),
            _ if !typed.found.is_empty() => (typed, false),
            _ => (self.any(), false),
        }
    }

    /// Guesses words that nobody uses, and if that finds nothing with all words, every word; none if there is nothing to guess.
    fn guess(&mut self, least: u32) -> Option<Pass> {
        let all: Vec<Vec<Reading>> = self.query.slots.iter().map(|slot| self.words.guesses(slot)).collect();
        let of_unknown = |(slot, guesses): (&Slot, &Vec<Reading>)| {
            if slot.readings.is_empty() { guesses.clone() } else { Vec::new() }
        };
        let unknown: Vec<Vec<Reading>> = self.query.slots.iter().zip(&all).map(of_unknown).collect();
        let mut best = None;
        for guesses in [&unknown, &all] {
            let done = best.as_ref().is_some_and(|pass: &Pass| pass.sound);
            if !done && guesses.iter().any(|guesses| !guesses.is_empty()) {
                best = Some(self.run(guesses, false, least));
            }
        }
        let mut pass = best?;
        let least = pass.best_text * GUESS_CUT / SHARE;
        pass.found.retain(|found| found.text >= least);
        pass.beside.retain(|found| found.text >= least);
        Some(pass)
    }

    /// Whatever has any of the words, as nothing has most of them: of as many of the rarest as are not read too long.
    fn any(&mut self) -> Pass {
        let mut pass = Pass::default();
        let mut of_slot = |live, slot| matching::of_slot(live, slot, &[], true, self.weights, &mut pass.work);
        let parts = self.words.segments.parts().iter();
        let parts: Vec<(&Live, Vec<Vec<List<'_>>>)> =
            parts.map(|live| (live, self.query.slots.iter().map(|slot| of_slot(live, slot)).collect())).collect();
        let length =
            |at: usize| parts.iter().map(|(_, lists)| lists.get(at).map_or(0, |of| matching::length(of))).sum();
        let lengths: Vec<usize> = (0..self.query.slots.len()).map(length).collect();
        for most in [MOST_READ, usize::MAX] {
            let scale = self.scale.demanding_rarest(&lengths, most);
            for (live, lists) in &parts {
                Join { live, scale: &scale, weights: self.weights, columns: self.columns }.run(lists, 1, &mut pass);
            }
            if !pass.found.is_empty() {
                break;
            }
            // What was beside is found again.
            pass.beside.clear();
        }
        self.cut(pass)
    }

    /// Looks for the readings of the slots, and these guesses beside them, in listings where they weigh at least so much.
    fn run(&mut self, guesses: &[Vec<Reading>], texts: bool, threshold: u32) -> Pass {
        let mut pass = Pass::default();
        for live in self.words.segments.parts() {
            let of_slot = |(at, slot): (usize, &Slot)| {
                let guesses = guesses.get(at).map_or(&[][..], Vec::as_slice);
                matching::of_slot(live, slot, guesses, texts, self.weights, &mut pass.work)
            };
            let lists: Vec<Vec<List<'_>>> = self.query.slots.iter().enumerate().map(of_slot).collect();
            Join { live, scale: &self.scale, weights: self.weights, columns: self.columns }
                .run(&lists, threshold, &mut pass);
        }
        self.cut(pass)
    }

    /// Leaves out what matches too little of what was typed, next to what matches most.
    fn cut(&mut self, mut pass: Pass) -> Pass {
        // Where nothing is a hit, those beside are measured by each other.
        let most = |found: &[Found]| found.iter().map(|found| found.matched).max().unwrap_or(0);
        let best = if pass.found.is_empty() { most(&pass.beside) } else { pass.best };
        let least = best * self.weights.cut / SHARE;
        pass.found.retain(|found| found.matched >= least);
        pass.beside.retain(|found| found.matched >= least);
        self.work += pass.work;
        pass
    }
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

/// A hit with its merits.
struct Scored {
    score: u32,
    doc: Doc,
    shop: u32,
}

/// The hits in their order. A hit is moved down by those of its shop that come before it: the best is taken, and whoever
/// stands behind one of its own shop is scored anew when its turn comes.
fn order(pass: &Pass, query: &Query, weights: &Weights, columns: &impl Columns, depth: usize) -> Hits {
    let found = pass.found.as_slice();
    let scored = |found: &Found| {
        let known = columns.known(found.doc);
        Scored { score: found.text + merit(known.merit, query.stars, weights), doc: found.doc, shop: known.shop }
    };
    let waiting = |Scored { score, doc, shop }| Waiting { score, id: Reverse(columns.id(doc)), doc, shop, again: 0 };
    let least = least_text(found, query.stars.is_some(), weights, depth);
    let near = found.iter().filter(|found| depth > 0 && found.text >= least);
    let near = within_reach(near.map(scored).collect(), weights, depth);
    let mut heap: BinaryHeap<Waiting> = near.into_iter().map(waiting).collect();
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
    let beside = pass.beside.iter().map(|found| found.doc).collect();
    Hits { best, all, beside, ..Hits::default() }
}

/// Without those who score so far below the `depth` best that not even its shop's hits before it move one of these behind
/// them.
fn within_reach(mut near: Vec<Scored>, weights: &Weights, depth: usize) -> Vec<Scored> {
    if let Some(nth) = nth_best(near.iter().map(|near| near.score), depth) {
        let least = nth.saturating_sub(MOST_AGAIN * weights.shop_again);
        near.retain(|near| near.score >= least);
    }
    near
}

/// The last of the `depth` best; none if there are no more.
fn nth_best(of: impl ExactSizeIterator<Item = u32>, depth: usize) -> Option<u32> {
    let last = depth.checked_sub(1).filter(|_| of.len() > depth)?;
    let mut values: Vec<u32> = of.collect();
    Some(*values.select_nth_unstable_by(last, |a, b| b.cmp(a)).1)
}

/// A text so far below the `depth` best that no merit and no shop's turn brings it among them.
fn least_text(found: &[Found], starred: bool, weights: &Weights, depth: usize) -> u32 {
    let Some(nth) = nth_best(found.iter().map(|found| found.text), depth) else { return 0 };
    let most =
        Merit { stars: 5, rating_tenths: 50, rating_count: u32::MAX, in_stock: true, published_day: weights.day };
    nth.saturating_sub(merit(most, starred.then_some(0), weights) + MOST_AGAIN * weights.shop_again)
}

/// What moves a listing up beside its text. Within the bounds of the weights no sum or product comes near to overflow.
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
