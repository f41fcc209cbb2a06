//! Pages of listings in an order.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grid::Sieve;
use super::plan::Plan;
use super::row::{Ranks, Row};
use super::{Catalogue, Entry};
use crate::front::shelf::model::Sort;
use crate::front::shelf::words::Admitted;
use crate::kernel::ListingId;

/// Where a page begins: behind this listing. Every order has the highest key first, and among equals the newest listing;
/// but what words found goes by their score, and among equals by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Where the listing stands in the order, best highest.
    pub key: i64,
    /// The listing.
    pub id: ListingId,
}

/// A listing on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// By which the catalogue that found it shows it.
    pub slot: u32,
    /// Where the page behind it would begin.
    pub position: Position,
}

/// Passing a listing in an order costs about as much as looking at so many in the grid …
const PASSING: usize = 3;

/// … one of these as much as skipping so many because of their prices …
const SKIPPING: usize = 8;

/// … and looking into another field as much as so many.
const FIELD: usize = 64;

/// So many listings in order are passed for each wanted one before anything is counted: most pages are full by then.
const AT_ONCE: usize = 16;

impl Catalogue {
    /// The first listings behind `after` that fit; one more than a page has tells that another follows.
    ///
    /// Few listings of one shop or commune are all looked at. Else the order is gone through for a while. Where few fit,
    /// it is shorter to look at those that may and find the best of them; and if going on takes longer than that would
    /// have, because they lie at the far end, that is done.
    pub fn page(&self, plan: &Plan, sort: Sort, after: Option<Position>, wanted: usize) -> Vec<Found> {
        if let Some(few) = self.few(plan) {
            let fitting = self.rows_of(few.iter().copied()).filter(|(_, row)| self.fits(plan, row));
            return best_of(fitting.map(|(slot, row)| (slot, &row.ranks)), sort, after, wanted);
        }
        let sieve = self.sieve(plan, &[]);
        let walk = |patience| self.walk(&sieve, plan, (sort, after, wanted), patience);
        if let Some(page) = walk(wanted * AT_ONCE) {
            return page;
        }
        let (fields, held, fitting) = self.grid.count(&sieve);
        let all = self.next as usize;
        let in_range = if plan.asks_price() { self.count_priced(plan) } else { all };
        // Were price independent of all else.
        let matching = fitting * in_range / all.max(1);
        // An order by price is gone through in the range only.
        let to_pass = if matches!(sort, Sort::Price | Sort::PriceDesc) { in_range } else { all };
        let skipped = if plan.asks_price() { held / SKIPPING } else { 0 };
        let to_gather = matching + skipped + fields * FIELD;
        let walked =
            if wanted * to_pass * PASSING < to_gather * matching.max(1) { walk(to_gather / PASSING) } else { None };
        walked.unwrap_or_else(|| {
            let listed = self.grid.listed(&sieve, plan.price_range());
            let listed = listed.filter(|listed| plan.fits_in_price(&listed.ranks));
            best_of(listed.map(|listed| (listed.slot, &listed.ranks)), sort, after, wanted)
        })
    }

    /// The rows at these slots.
    pub(super) fn rows_of(&self, slots: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, &Row)> {
        slots.filter_map(|slot| Some((slot, self.row(slot)?)))
    }

    /// The first listings in order that fit; `None` when so many were passed.
    fn walk(
        &self,
        sieve: &Sieve,
        plan: &Plan,
        (sort, after, wanted): (Sort, Option<Position>, usize),
        patience: usize,
    ) -> Option<Vec<Found>> {
        let (highest, lowest) = plan.keys(sort);
        let first = (highest, Uuid::max());
        let start = after.map(|after| (after.key, after.id.as_uuid())).filter(|after| *after < first).unwrap_or(first);
        let mut page = Vec::with_capacity(wanted);
        let entries = self.orders[sort as usize].from(|entry: &Entry| self.against(entry, start));
        for (passed, entry) in entries.take_while(|entry| entry.key >= lowest).enumerate() {
            if sieve.admits(self.grid.cell(entry.slot)) == Admitted::Yes
                && let Some(row) = self.row(entry.slot).filter(|row| plan.fits_beside(row))
            {
                let found = found(entry.slot, entry.key, row.ranks.id);
                if follows(after, &found) {
                    page.push(found);
                }
            }
            if page.len() == wanted {
                break;
            }
            if passed == patience {
                return None;
            }
        }
        Some(page)
    }

    /// The listing of this name in addresses, if the plan lets it be seen.
    pub fn named(&self, slug: &str, plan: &Plan) -> Option<u32> {
        let slot = self.slugs.get(slug)?;
        self.row(slot).filter(|row| self.fits(plan, row)).map(|_| slot)
    }
}

/// The best of these listings.
pub(super) fn best_of<'a>(
    listings: impl Iterator<Item = (u32, &'a Ranks)>,
    sort: Sort,
    after: Option<Position>,
    wanted: usize,
) -> Vec<Found> {
    let rank = |found: &Found| Reverse((found.position.key, found.position.id));
    let found = listings.map(|(slot, ranks)| found(slot, ranks.key(sort), ranks.id));
    let mut best: Vec<Found> = Vec::with_capacity(2 * wanted);
    let mut last = None;
    for found in found.filter(|found| follows(after, found)) {
        if last.is_some_and(|last| rank(&found) > last) {
            continue;
        }
        best.push(found);
        if best.len() == 2 * wanted {
            last = Some(rank(best.select_nth_unstable_by_key(wanted - 1, rank).1));
            best.truncate(wanted);
        }
    }
    best.sort_unstable_by_key(rank);
    best.truncate(wanted);
    best
}

fn found(slot: u32, key: i64, id: Uuid) -> Found {
    Found { slot, position: Position { key, id: id.into() } }
}

/// Whether a listing comes behind the position.
fn follows(after: Option<Position>, found: &Found) -> bool {
    after.is_none_or(|after| (found.position.key, found.position.id) < (after.key, after.id))
}
