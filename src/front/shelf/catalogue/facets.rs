//! How many listings each further choice would leave.

use super::Catalogue;
use super::dimensions::{Dimension, NO_VALUE};
use super::grid::{Cell, Sieve, Tally};
use super::plan::Plan;
use crate::front::shelf::model::{FacetKind, Filter};

/// Values with the number of listings that have them, the most frequent first.
pub type Counts<'a> = Vec<(&'a str, u32)>;

/// So many prices are looked at in the grid while one listing is counted.
const PRICES_A_LISTING: usize = 16;

impl Catalogue {
    /// What `kinds` count, in their order, each under all that is filtered but by itself. `hits` are the listings that
    /// have the words asked for, if any were, and fit but for what `kinds` count.
    pub fn counts(&self, plan: &Plan, kinds: &[FacetKind], hits: Option<&[u32]>) -> Vec<Counts<'_>> {
        let sieve = self.sieve(plan, kinds);
        let tally = if let Some(hits) = hits {
            self.tally_of(&sieve, hits.iter().map(|slot| self.grid.cell(*slot)))
        } else if let Some(few) = self.few(plan) {
            let rows = self.rows_of(few.iter().copied()).filter(|(_, row)| row.visible && plan.fits_beside(row));
            self.tally_of(&sieve, rows.map(|(_, row)| row.cell))
        } else if plan.asks_price() {
            self.tally_priced(plan, &sieve)
        } else {
            self.grid.tally(&sieve, None)
        };
        kinds.iter().map(|kind| self.named_counts(Dimension::of(*kind), &sieve, &tally)).collect()
    }

    fn tally_of(&self, sieve: &Sieve, cells: impl Iterator<Item = Cell>) -> Tally {
        let mut tally = self.grid.nothing();
        cells.for_each(|cell| tally.add(sieve, cell));
        tally
    }

    /// Counts the listings whose price is wanted: those in the range one by one, or by looking at all prices in the grid;
    /// but the grid does not tell the highest ones apart.
    fn tally_priced(&self, plan: &Plan, sieve: &Sieve) -> Tally {
        match plan.price_range() {
            Some(prices) if self.count_priced(plan) * PRICES_A_LISTING > self.next as usize => {
                self.grid.tally(sieve, Some(prices))
            }
            _ => self.tally_of(sieve, self.priced(plan).map(|slot| self.grid.cell(slot))),
        }
    }

    fn named_counts(&self, dimension: Dimension, sieve: &Sieve, tally: &Tally) -> Counts<'_> {
        let counts = self.grid.counts(sieve, tally, dimension);
        let named = self.dimensions.names(dimension).map(|(number, name)| (name, counts[usize::from(number)]));
        let mut counts: Counts<'_> = named.filter(|(_, count)| *count > 0).collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        counts
    }

    /// Listings of the province that need no age stated: stars, or none, and how many.
    pub fn stars_in(&self, province: &str) -> impl Iterator<Item = (Option<i16>, u32)> {
        let plan = self.plan(&Filter { province: Some(province.to_owned()), ..Filter::default() });
        let sieve = self.sieve(&plan, &[]);
        let counts = self.grid.counts(&sieve, &self.grid.tally(&sieve, None), Dimension::Stars);
        let named = self.dimensions.names(Dimension::Stars).map(|(number, stars)| (number, stars.parse().ok()));
        let stars = named.chain([(NO_VALUE, None)]).map(move |(number, stars)| (stars, counts[usize::from(number)]));
        stars.filter(|(_, count)| *count > 0)
    }
}
