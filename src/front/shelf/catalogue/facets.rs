//! How many listings each further choice would leave.

use std::cmp::Reverse;

use super::Catalogue;
use super::dimensions::{DIMENSIONS, Dimension, Facets, Values};
use super::plan::Plan;
use crate::front::shelf::model::{FacetKind, Sort};

/// Values with the number of listings that have them, the most frequent first.
pub type Counts<'a> = Vec<(&'a str, u32)>;

/// Counts by several dimensions at once. A listing that fits counts everywhere; one that fails in a single counted
/// dimension counts in that one, because there another choice would let it in.
struct Tally<'a> {
    /// Filtered, and not counted: who fails here counts nowhere.
    required: Vec<(Dimension, &'a Values)>,
    /// Filtered, and counted.
    chosen: Vec<(Dimension, &'a Values)>,
    counted: Vec<Dimension>,
    counts: Box<[[u32; 256]; DIMENSIONS]>,
}

impl<'a> Tally<'a> {
    fn new(plan: &'a Plan, kinds: &[FacetKind]) -> Self {
        let counted: Vec<Dimension> = kinds.iter().map(|kind| Dimension::of(*kind)).collect();
        let (chosen, required) = plan.filtered().partition(|(dimension, _)| counted.contains(dimension));
        Self { required, chosen, counted, counts: Box::new([[0; 256]; DIMENSIONS]) }
    }

    fn add(&mut self, facets: Facets, count: u32) {
        let fails = |(dimension, values): &(Dimension, &Values)| !values.contains(facets[*dimension as usize]);
        if self.required.iter().any(fails) {
            return;
        }
        let mut failed = self.chosen.iter().filter(|chosen| fails(chosen)).map(|(dimension, _)| *dimension);
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
    /// have the words asked for, if any were, whatever they are filtered by.
    pub fn counts(&self, plan: &Plan, kinds: &[FacetKind], hits: Option<&[u32]>) -> Vec<Counts<'_>> {
        let mut tally = Tally::new(plan, kinds);
        let provinces = plan.allowed(Dimension::Province).filter(|_| !kinds.contains(&FacetKind::Province));
        match (hits.or_else(|| self.few(plan)), plan.prices()) {
            (Some(slots), _) => self.tally_slots(slots, plan, &mut tally),
            (None, Some(_)) => self.priced(plan).for_each(|facets| tally.add(facets, 1)),
            (None, None) => self.dimensions.cells().of(provinces).for_each(|cell| tally.add(cell.facets, cell.count)),
        }
        kinds.iter().map(|kind| self.named_counts(Dimension::of(*kind), &tally)).collect()
    }

    /// The values of all listings whose price is wanted.
    fn priced(&self, plan: &Plan) -> impl Iterator<Item = Facets> {
        let (highest, lowest) = plan.keys(Sort::Price);
        let entries = self.orders[Sort::Price as usize].from(move |entry| Reverse(entry.key).cmp(&Reverse(highest)));
        entries.take_while(move |entry| entry.key >= lowest).map(|entry| entry.facets)
    }

    fn tally_slots(&self, slots: &[u32], plan: &Plan, tally: &mut Tally<'_>) {
        let rows = slots.iter().filter_map(|slot| self.row(*slot));
        rows.filter(|row| row.visible && plan.fits_beside(row)).for_each(|row| tally.add(row.facets, 1));
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
