//! How many listings each further choice would leave.

use super::Catalogue;
use super::bits::Shared;
use super::dimensions::{DIMENSIONS, Dimension, Facets};
use super::find::RANDOM;
use super::plan::{Allowed, Plan, fails};
use crate::front::shelf::model::FacetKind;

/// Values with the number of listings that have them, the most frequent first.
pub type Counts<'a> = Vec<(&'a str, u32)>;

/// Counts by several dimensions at once. A listing that fits counts everywhere; one that fails in a single counted
/// dimension counts in that one, because there another choice would let it in.
struct Tally {
    /// Filtered, and not counted: who fails here counts nowhere.
    required: Vec<Allowed>,
    /// Filtered, and counted.
    chosen: Vec<Allowed>,
    counted: Vec<Dimension>,
    counts: Box<[[u32; 256]; DIMENSIONS]>,
}

impl Tally {
    fn new(plan: &Plan, kinds: &[FacetKind]) -> Self {
        let counted = kinds.iter().map(|kind| Dimension::of(*kind)).collect();
        let (required, chosen) = plan.parted(kinds);
        Self { required, chosen, counted, counts: Box::new([[0; 256]; DIMENSIONS]) }
    }

    fn add(&mut self, facets: Facets, count: u32) {
        if self.required.iter().any(|required| fails(facets, required)) {
            return;
        }
        let mut failed = self.chosen.iter().filter(|chosen| fails(facets, chosen)).map(|(dimension, _)| *dimension);
        match (failed.next(), failed.next()) {
            (None, _) => {
                for dimension in &self.counted {
                    self.counts[*dimension as usize][usize::from(facets[*dimension as usize])] += count;
                }
            }
            (Some(only), None) => self.counts[only as usize][usize::from(facets[only as usize])] += count,
            (Some(_), Some(_)) => {}
        }
    }
}

impl Catalogue {
    /// What `kinds` count, in their order, each under all that is filtered but by itself. `hits` are the listings that
    /// have the words asked for, if any were, and fit but for what `kinds` count.
    pub fn counts(&self, plan: &Plan, kinds: &[FacetKind], hits: Option<&[u32]>) -> Vec<Counts<'_>> {
        let mut tally = Tally::new(plan, kinds);
        if let Some(hits) = hits {
            for slot in hits {
                tally.add(self.dimensions.of(*slot), 1);
            }
        } else if let Some(few) = self.few(plan) {
            self.tally_rows(few.iter().copied(), plan, &mut tally);
        } else if plan.asks_price() {
            self.tally_priced(plan, &mut tally);
        } else {
            let province = tally.required.iter().find(|(dimension, _)| *dimension == Dimension::Province);
            let cells = self.dimensions.cells().of(province.map(|(_, values)| *values));
            cells.for_each(|cell| tally.add(cell.facets, cell.count));
        }
        kinds.iter().map(|kind| self.named_counts(Dimension::of(*kind), &tally)).collect()
    }

    /// Counts the listings whose price is wanted: by going through the range of prices, or through what else is required
    /// where that is less to read.
    fn tally_priced(&self, plan: &Plan, tally: &mut Tally) {
        let required = self.sets(&tally.required);
        if self.expected(&required) * RANDOM < self.expected_priced(plan) {
            self.tally_rows(Shared::of(&required).iter(), plan, tally);
        } else {
            self.priced(plan).for_each(|slot| tally.add(self.dimensions.of(slot), 1));
        }
    }

    fn tally_rows(&self, slots: impl Iterator<Item = u32>, plan: &Plan, tally: &mut Tally) {
        let rows = self.rows_of(slots).filter(|(_, row)| row.visible && plan.fits_beside(row));
        rows.for_each(|(_, row)| tally.add(row.facets, 1));
    }

    fn named_counts(&self, dimension: Dimension, tally: &Tally) -> Counts<'_> {
        let counts = &tally.counts[dimension as usize];
        let named = self.dimensions.names(dimension).map(|(number, name)| (name, counts[usize::from(number)]));
        let mut counts: Counts<'_> = named.filter(|(_, count)| *count > 0).collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        counts
    }

    /// Listings of the province that need no age stated: stars, or none, and how many; some stars more than once.
    pub fn stars_in(&self, province: &str) -> impl Iterator<Item = (Option<i16>, u32)> {
        let nobody_said = self.ages(None);
        let number = self.dimensions.find(Dimension::Province, province);
        let cells = number.into_iter().flat_map(|number| self.dimensions.cells().of_province(number));
        let shown = cells.filter(move |cell| nobody_said.contains(cell.facets[Dimension::MinimumAge as usize]));
        shown.map(|cell| {
            let stars = self.dimensions.name(Dimension::Stars, cell.facets[Dimension::Stars as usize]);
            (stars.and_then(|stars| stars.parse().ok()), cell.count)
        })
    }
}
