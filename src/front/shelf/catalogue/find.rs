//! Pages of listings in an order.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bits::Shared;
use super::plan::Plan;
use super::row::Row;
use super::{Catalogue, Entry};
use crate::front::shelf::model::Sort;
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

/// Reading a listing out of order costs about as much as passing this many in order.
pub(super) const RANDOM: f64 = 4.0;

/// Listings passed in order, at most, before those that fit are gathered instead: a guard against filters whose listings
/// all lie at the far end.
const PATIENCE: usize = 20_000;

impl Catalogue {
    /// The first listings behind `after` that fit; one more than a page has tells that another follows.
    pub fn page(&self, plan: &Plan, sort: Sort, after: Option<Position>, wanted: usize) -> Vec<Found> {
        if let Some(few) = self.few(plan) {
            let fitting = self.rows_of(few.iter().copied()).filter(|(_, row)| plan.fits(row));
            return best_of(fitting, sort, after, wanted);
        }
        let sets = self.sets(plan.allowed());
        let shared = Shared::of(&sets);
        let all = f64::from(self.next.max(1));
        let (in_sets, in_range) = (self.expected(&sets), self.expected_priced(plan));
        // An order by price is gone through in the range only.
        let to_pass = if matches!(sort, Sort::Price | Sort::PriceDesc) { in_range } else { all };
        // Of so many in order, one fits.
        let every = to_pass / (in_sets * in_range / all).max(1.0);
        let in_order = float(wanted) * every < in_sets.min(in_range) * RANDOM;
        let walked = if in_order { self.walk(&shared, plan, sort, after, wanted) } else { None };
        walked.unwrap_or_else(|| {
            if in_range < in_sets {
                let in_sets = self.priced(plan).filter(|slot| shared.contains(*slot));
                best_of(self.rows_of(in_sets), sort, after, wanted)
            } else {
                let fitting = self.rows_of(shared.iter()).filter(|(_, row)| plan.fits_beside(row));
                best_of(fitting, sort, after, wanted)
            }
        })
    }

    /// About how many listings have a wanted price.
    pub(super) fn expected_priced(&self, plan: &Plan) -> f64 {
        if plan.asks_price() { float(self.count_priced(plan)) } else { f64::from(self.next.max(1)) }
    }

    /// The rows at these slots.
    pub(super) fn rows_of(&self, slots: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, &Row)> {
        slots.filter_map(|slot| Some((slot, self.row(slot)?)))
    }

    /// The first listings in order that fit; `None` when patience ends.
    fn walk(
        &self,
        may_fit: &Shared<'_>,
        plan: &Plan,
        sort: Sort,
        after: Option<Position>,
        wanted: usize,
    ) -> Option<Vec<Found>> {
        let (highest, lowest) = plan.keys(sort);
        let first = (highest, Uuid::max());
        let start = after.map(|after| (after.key, after.id.as_uuid())).filter(|after| *after < first).unwrap_or(first);
        let mut page = Vec::with_capacity(wanted);
        let entries = self.orders[sort as usize].from(|entry: &Entry| self.against(entry, start));
        for (passed, entry) in entries.take_while(|entry| entry.key >= lowest).enumerate() {
            if may_fit.contains(entry.slot)
                && let Some(row) = self.row(entry.slot).filter(|row| plan.fits_beside(row))
            {
                let found = found(entry.slot, entry.key, row.id);
                if follows(after, &found) {
                    page.push(found);
                }
            }
            if page.len() == wanted {
                break;
            }
            if passed == PATIENCE {
                return None;
            }
        }
        Some(page)
    }

    /// The listing of this name in addresses, if the plan lets it be seen.
    pub fn named(&self, slug: &str, plan: &Plan) -> Option<u32> {
        let slot = self.slugs.get(slug)?;
        self.row(slot).filter(|row| plan.fits(row)).map(|_| slot)
    }
}

/// The best of these listings.
pub(super) fn best_of<'a>(
    rows: impl Iterator<Item = (u32, &'a Row)>,
    sort: Sort,
    after: Option<Position>,
    wanted: usize,
) -> Vec<Found> {
    let found = rows.map(|(slot, row)| found(slot, row.key(sort), row.id));
    let mut found: Vec<Found> = found.filter(|found| follows(after, found)).collect();
    let rank = |found: &Found| Reverse((found.position.key, found.position.id));
    if found.len() > wanted {
        found.select_nth_unstable_by_key(wanted, rank);
        found.truncate(wanted);
    }
    found.sort_unstable_by_key(rank);
    found
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn found(slot: u32, key: i64, id: Uuid) -> Found {
    Found { slot, position: Position { key, id: id.into() } }
}

/// Whether a listing comes behind the position.
fn follows(after: Option<Position>, found: &Found) -> bool {
    after.is_none_or(|after| (found.position.key, found.position.id) < (after.key, after.id))
}
