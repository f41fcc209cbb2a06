//! Pages of listings in an order.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bits::Bits;
use super::plan::Plan;
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
const RANDOM: f64 = 4.0;

/// Listings passed in order, at most, before those that fit are gathered instead: a guard against filters whose listings
/// all lie at the far end.
const PATIENCE: usize = 20_000;

impl Catalogue {
    /// The first listings behind `after` that fit; one more than a page has tells that another follows.
    pub fn page(&self, plan: &Plan, sort: Sort, after: Option<Position>, wanted: usize) -> Vec<Found> {
        if let Some(few) = self.few(plan) {
            return self.best_of(few.iter().copied(), plan, sort, after, wanted);
        }
        let sets = self.sets(plan);
        let expected = self.expected(&sets);
        // Of so many in order, one fits.
        let every = f64::from(self.next) / expected.max(1.0);
        let wanted_in_order = u32::try_from(wanted).map_or(f64::MAX, f64::from) * every;
        let in_order = wanted_in_order < expected * RANDOM;
        if in_order
            && let [sets] = sets.as_slice()
            && let [set] = sets.as_slice()
            && let Some(found) = self.walk(|slot| set.contains(slot), plan, sort, after, wanted)
        {
            return found;
        }
        let bits = Bits::in_each(&sets);
        let walked = if in_order { self.walk(|slot| bits.contains(slot), plan, sort, after, wanted) } else { None };
        walked.unwrap_or_else(|| self.best_of(bits.iter(), plan, sort, after, wanted))
    }

    /// The best of these listings that fit.
    pub(super) fn best_of(
        &self,
        slots: impl Iterator<Item = u32>,
        plan: &Plan,
        sort: Sort,
        after: Option<Position>,
        wanted: usize,
    ) -> Vec<Found> {
        let rows = slots.filter_map(|slot| Some((slot, self.row(slot)?))).filter(|(_, row)| plan.fits(row));
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

    /// The same by going through all listings in order; `None` when patience ends.
    fn walk(
        &self,
        may_fit: impl Fn(u32) -> bool,
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
            if may_fit(entry.slot)
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

fn found(slot: u32, key: i64, id: Uuid) -> Found {
    Found { slot, position: Position { key, id: id.into() } }
}

/// Whether a listing comes behind the position.
fn follows(after: Option<Position>, found: &Found) -> bool {
    after.is_none_or(|after| (found.position.key, found.position.id) < (after.key, after.id))
}
