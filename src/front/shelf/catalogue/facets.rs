//! How many listings each further choice would leave.

use super::Catalogue;
use super::dimensions::{DIMENSIONS, Dimension, Facets};
use super::plan::Plan;
use super::row::Row;
use crate::front::shelf::model::FacetKind;

/// Values with the number of listings that have them, the most frequent first.
pub type Counts<'a> = Vec<(&'a str, u32)>;

/// Counts by several dimensions at once. A listing that fits counts everywhere; one that fails in a single dimension
/// counts in that one, because there another choice would let it in.
struct Tally<'a> {
    plan: &'a Plan,
    counted: [bool; DIMENSIONS],
    counts: Box<[[u32; 256]; DIMENSIONS]>,
}

impl Tally<'_> {
    fn add(&mut self, facets: &Facets, count: u32) {
        let mut failed = self.plan.failed(facets);
        match (failed.next(), failed.next()) {
            (None, _) => (0..DIMENSIONS).for_each(|dimension| self.add_to(dimension, facets, count)),
            (Some(dimension), None) => self.add_to(dimension as usize, facets, count),
            (Some(_), Some(_)) => {}
        }
    }

    fn add_to(&mut self, dimension: usize, facets: &Facets, count: u32) {
        if self.counted[dimension] {
            self.counts[dimension][usize::from(facets[dimension])] += count;
        }
    }
}

impl Catalogue {
    /// What `kinds` count, in their order, each under all that is filtered but by itself. `hits` are the listings that
    /// have the words asked for, if any were, whatever they are filtered by.
    pub fn counts(&self, plan: &Plan, kinds: &[FacetKind], hits: Option<&[u32]>) -> Vec<Counts<'_>> {
        let mut counted = [false; DIMENSIONS];
        kinds.iter().for_each(|kind| counted[Dimension::of(*kind) as usize] = true);
        let mut tally = Tally { plan, counted, counts: Box::new([[0; 256]; DIMENSIONS]) };
        match hits.or_else(|| self.few(plan)) {
            Some(slots) => self.tally_slots(slots.iter().copied(), &mut tally),
            None if plan.has_prices() => {
                let bits = self.bits(&plan.without(kinds));
                self.tally_slots(bits.iter(), &mut tally);
            }
            None => {
                let filtered = plan.allowed(Dimension::Province).filter(|_| !kinds.contains(&FacetKind::Province));
                self.dimensions.cells().of(filtered).for_each(|cell| tally.add(&cell.facets, cell.count));
            }
        }
        kinds.iter().map(|kind| self.named_counts(Dimension::of(*kind), &tally)).collect()
    }

    fn tally_slots(&self, slots: impl Iterator<Item = u32>, tally: &mut Tally<'_>) {
        let rows = slots.filter_map(|slot| self.row(slot));
        let plan = tally.plan;
        rows.filter(|row: &&Row| row.visible && plan.fits_beside(row)).for_each(|row| tally.add(&row.facets, 1));
    }

    fn named_counts(&self, dimension: Dimension, tally: &Tally<'_>) -> Counts<'_> {
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
