//! Visible listings as a grid: where they come from one way, what kind of goods they are the other.
//!
//! There are about seventy places and thirty kinds of goods, however many listings there are; in each field, listings are
//! told apart by stars and stock alone. So facets are counted by adding up a table of a few thousand numbers, and the
//! listings that pass a filter lie together with what orders look at.

use std::sync::Arc;

use super::chunks::Chunks;
use super::dimensions::{Dimension, Facets, NO_VALUE, Values};
use super::row::{Ranks, Row};
use crate::front::shelf::words::Admitted;

/// How many axes there are.
const AXES: usize = 3;

/// The axis a dimension lies along: values along one axis depend on each other, those along different ones hardly do.
const fn axis_of(dimension: Dimension) -> usize {
    match dimension {
        Dimension::Region | Dimension::Province | Dimension::LegacyProvince => 0,
        Dimension::Set | Dimension::Group | Dimension::MinimumAge => 1,
        Dimension::Stars | Dimension::InStock => 2,
    }
}

/// Combinations of stars and stock: at most five stars, or none, in stock or not.
const OFFERS: usize = 12;

/// The number of a listing's combination of values along each axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    place: u16,
    goods: u16,
    offer: u8,
}

impl Cell {
    /// Where nothing is: no filter lets it pass.
    pub const NOWHERE: Self = Self { place: u16::MAX, goods: u16::MAX, offer: u8::MAX };

    /// The numbers, by axis.
    #[inline]
    fn numbers(self) -> [usize; AXES] {
        [self.place.into(), self.goods.into(), self.offer.into()]
    }
}

impl Default for Cell {
    fn default() -> Self {
        Self::NOWHERE
    }
}

/// Slots in a chunk of [`Grid::cells`]: cells are small and looked up at random.
const CELLS: usize = 1024;

/// A listing in a field of the grid.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    pub slot: u32,
    offer: u8,
    pub ranks: Ranks,
}

/// How many listings there are of each offer.
type ByOffer = [u32; OFFERS];

/// The listings of one place and one kind of goods.
#[derive(Debug, Clone, Default)]
struct Field {
    counts: ByOffer,
    listings: Arc<Listings>,
}

/// By offer, then by slot.
#[derive(Debug, Clone, Default)]
struct Listings {
    listed: Vec<Listed>,
    /// The price of each, as [`grid_price`] has it; 0 without one, and the highest number for all that is too high.
    prices: Vec<u32>,
}

/// Wanted prices, as [`grid_price`] has them, both ends included.
pub type PriceRange = (u32, u32);

/// A price in đồng as the grid has it: one more. `None` for one that is too high.
pub fn grid_price(price: i64) -> Option<u32> {
    price.checked_add(1).and_then(|price| u32::try_from(price).ok()).filter(|price| *price < u32::MAX)
}

impl Field {
    /// How many there are, at these prices.
    fn counts(&self, prices: Option<PriceRange>) -> ByOffer {
        let Some((low, high)) = prices else { return self.counts };
        let mut rest = self.listings.prices.as_slice();
        self.counts.map(|count| {
            let (these, others) = rest.split_at(count as usize);
            rest = others;
            // Without a check for overflow, several at once: there are fewer slots than numbers.
            these.iter().fold(0_u32, |sum, price| sum.wrapping_add(u32::from(low <= *price && *price <= high)))
        })
    }

    /// Those of the offers that fit, at these prices.
    fn listed<'a>(&'a self, offers: &'a [Verdict], prices: Option<PriceRange>) -> impl Iterator<Item = &'a Listed> {
        let mut from = 0;
        let segments = offers.iter().zip(self.counts).map(move |(verdict, count)| {
            let all = from..from + count as usize;
            from = all.end;
            if *verdict == Verdict::Fits { all } else { 0..0 }
        });
        segments.flat_map(move |segment| {
            let listed = self.listings.listed[segment.clone()].iter().zip(&self.listings.prices[segment]);
            let wanted = move |price: u32| prices.is_none_or(|(low, high)| low <= price && price <= high);
            listed.filter(move |(_, price)| wanted(**price)).map(|(listed, _)| listed)
        })
    }

    fn index_of(&self, slot: u32, offer: u8) -> usize {
        self.listings.listed.partition_point(|listed| (listed.offer, listed.slot) < (offer, slot))
    }

    fn insert(&mut self, slot: u32, row: &Row) {
        let (offer, ranks) = (row.cell.offer, row.ranks);
        let at = self.index_of(slot, offer);
        self.counts[usize::from(offer)] += 1;
        let listings = Arc::make_mut(&mut self.listings);
        listings.listed.insert(at, Listed { slot, offer, ranks });
        let price = ranks.price().map_or(0, |price| grid_price(price).unwrap_or(u32::MAX));
        listings.prices.insert(at, price);
    }

    fn remove(&mut self, slot: u32, offer: u8) {
        let at = self.index_of(slot, offer);
        self.counts[usize::from(offer)] -= 1;
        let listings = Arc::make_mut(&mut self.listings);
        listings.listed.remove(at);
        listings.prices.remove(at);
    }
}

/// The grid. A change copies the place it is in, and the listings of its field.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// What the numbers along each axis stand for; numbers are never given twice.
    combinations: [Arc<Vec<Facets>>; AXES],
    /// By place, then by goods.
    fields: Vec<Arc<Vec<Field>>>,
    /// By slot.
    cells: Chunks<Cell, CELLS>,
}

/// The values a listing may have of a dimension.
pub type Allowed = (Dimension, Values);

/// What a filter makes of one combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fits,
    /// It fails in this dimension only, which is counted: another choice there would let it in.
    FailsIn(Dimension),
    Fails,
}

/// A filter, worked out for every combination along every axis.
#[derive(Debug)]
pub struct Sieve([Vec<Verdict>; AXES]);

impl Sieve {
    /// What it makes of a listing there.
    #[inline]
    pub fn admits(&self, cell: Cell) -> Admitted {
        let numbers = cell.numbers();
        let verdict = |axis: usize| self.0[axis].get(numbers[axis]).copied().unwrap_or(Verdict::Fails);
        let verdicts: [Verdict; AXES] = std::array::from_fn(verdict);
        match verdicts.iter().filter(|verdict| **verdict != Verdict::Fits).count() {
            0 => Admitted::Yes,
            1 if !verdicts.contains(&Verdict::Fails) => Admitted::Beside,
            _ => Admitted::No,
        }
    }
}

/// How many listings have each combination along each axis, of those that pass a filter but for that axis itself.
#[derive(Debug)]
pub struct Tally([Vec<u32>; AXES]);

impl Tally {
    /// Counts one listing. One that passes counts along every axis; one that passes but for one dimension, along its axis.
    pub fn add(&mut self, sieve: &Sieve, cell: Cell) {
        if sieve.admits(cell) == Admitted::No {
            return;
        }
        let numbers = cell.numbers();
        let failing = (0..AXES).find(|axis| sieve.0[*axis].get(numbers[*axis]) != Some(&Verdict::Fits));
        for axis in failing.map_or(0..AXES, |axis| axis..axis + 1) {
            self.0[axis][numbers[axis]] += 1;
        }
    }
}

impl Grid {
    /// A filter over the values there are now. Who fails in one of the `counted` dimensions alone counts in that one.
    pub fn sieve(&self, allowed: &[Allowed], counted: &[Dimension]) -> Sieve {
        let verdict = |facets: &Facets, allowed: &[&Allowed]| {
            let mut failing = allowed.iter().filter(|allowed| fails(*facets, allowed));
            match (failing.next(), failing.next()) {
                (None, _) => Verdict::Fits,
                (Some((only, _)), None) if counted.contains(only) => Verdict::FailsIn(*only),
                _ => Verdict::Fails,
            }
        };
        Sieve(std::array::from_fn(|axis| {
            let allowed: Vec<&Allowed> = allowed.iter().filter(|(dimension, _)| axis_of(*dimension) == axis).collect();
            self.combinations[axis].iter().map(|facets| verdict(facets, &allowed)).collect()
        }))
    }

    /// Whether a listing there has only values that are allowed: what a [`Sieve`] says, for one that is asked little.
    pub fn fits(&self, cell: Cell, allowed: &[Allowed]) -> bool {
        let numbers = cell.numbers();
        (0..AXES).all(|axis| {
            let facets = self.combinations[axis].get(numbers[axis]);
            let mut here = allowed.iter().filter(|(dimension, _)| axis_of(*dimension) == axis);
            facets.is_some_and(|facets| !here.any(|allowed| fails(*facets, allowed)))
        })
    }

    /// Where the listing is; [`Cell::NOWHERE`] if it is not visible.
    #[inline]
    pub fn cell(&self, slot: u32) -> Cell {
        self.cells.get(slot).copied().unwrap_or_default()
    }

    /// The cell of these values; `None` if there are more combinations than numbers for them.
    pub fn cell_of(&mut self, facets: Facets) -> Option<Cell> {
        let [place, goods, offer] = std::array::from_fn(|axis| self.number(axis, facets));
        let offer = u8::try_from(offer).ok().filter(|offer| usize::from(*offer) < OFFERS)?;
        Some(Cell { place: u16::try_from(place).ok()?, goods: u16::try_from(goods).ok()?, offer })
    }

    /// The number of the combination; a new one where it was never seen.
    fn number(&mut self, axis: usize, facets: Facets) -> usize {
        let along = Dimension::ALL.map(
            |dimension| {
                if axis_of(dimension) == axis { facets[dimension as usize] } else { NO_VALUE }
            },
        );
        let combinations = &mut self.combinations[axis];
        combinations.iter().position(|known| *known == along).unwrap_or_else(|| {
            Arc::make_mut(combinations).push(along);
            combinations.len() - 1
        })
    }

    /// A listing became visible, or changed from the old row to the new one, or is visible no longer.
    pub fn replace(&mut self, slot: u32, old: Option<&Row>, new: Option<&Row>) {
        let known = |row: &Row| (row.cell, row.ranks);
        if old.map(known) == new.map(known) {
            return;
        }
        if let Some(row) = old {
            self.field(row.cell).remove(slot, row.cell.offer);
        }
        if let Some(row) = new {
            self.field(row.cell).insert(slot, row);
        }
        let cell = new.map_or(Cell::NOWHERE, |row| row.cell);
        if self.cell(slot) != cell {
            *self.cells.get_mut(slot) = cell;
        }
    }

    fn field(&mut self, cell: Cell) -> &mut Field {
        let (place, goods) = (usize::from(cell.place), usize::from(cell.goods));
        if self.fields.len() <= place {
            self.fields.resize_with(place + 1, Arc::default);
        }
        let fields = Arc::make_mut(&mut self.fields[place]);
        if fields.len() <= goods {
            fields.resize_with(goods + 1, Field::default);
        }
        &mut fields[goods]
    }

    /// The fields in which listings pass if their offer does; the sieve counts nothing.
    fn passing<'a>(&'a self, sieve: &'a Sieve) -> impl Iterator<Item = &'a Field> {
        let [places, kinds, _] = &sieve.0;
        let fits = |(verdict, _): &(&Verdict, _)| **verdict == Verdict::Fits;
        let of_place = move |(_, fields): (_, &'a Arc<Vec<Field>>)| {
            kinds.iter().zip(fields.iter()).filter(|(verdict, _)| **verdict == Verdict::Fits).map(|(_, field)| field)
        };
        let fields = places.iter().zip(&self.fields).filter(fits).flat_map(of_place);
        fields.filter(|field| field.counts != ByOffer::default())
    }

    /// The listings that pass, at these prices; the sieve counts nothing.
    pub fn listed<'a>(&'a self, sieve: &'a Sieve, prices: Option<PriceRange>) -> impl Iterator<Item = &'a Listed> {
        self.passing(sieve).flat_map(move |field| field.listed(&sieve.0[2], prices))
    }

    /// In how many fields [`Self::listed`] looks, how many listings are there, and how many of them it gives.
    pub fn count(&self, sieve: &Sieve) -> (usize, usize, usize) {
        let (mut fields, mut counts) = (0, ByOffer::default());
        for field in self.passing(sieve) {
            fields += 1;
            add(&mut counts, &field.counts);
        }
        let (mut held, mut given) = (0, 0);
        for (offer, count) in counts.iter().enumerate() {
            held += *count as usize;
            given += if sieve.0[2].get(offer) == Some(&Verdict::Fits) { *count as usize } else { 0 };
        }
        (fields, held, given)
    }

    /// A tally of nothing.
    pub fn nothing(&self) -> Tally {
        Tally(std::array::from_fn(|axis| vec![0; self.combinations[axis].len()]))
    }

    /// Counts everything that passes, at these prices.
    pub fn tally(&self, sieve: &Sieve, prices: Option<PriceRange>) -> Tally {
        let mut tally = self.nothing();
        let [places, kinds, offers] = &sieve.0;
        let mut by_goods = vec![ByOffer::default(); kinds.len()];
        let mut by_offer = ByOffer::default();
        let fitting = |counts: &ByOffer| -> u32 {
            offers.iter().zip(counts).filter(|(verdict, _)| **verdict == Verdict::Fits).map(|(_, count)| count).sum()
        };
        let wanted = |((verdict, _), _): &((&Verdict, _), _)| **verdict != Verdict::Fails;
        for ((verdict, fields), sum) in places.iter().zip(&self.fields).zip(&mut tally.0[0]).filter(wanted) {
            let mut of_place = ByOffer::default();
            for ((goods, field), by_goods) in kinds.iter().zip(fields.iter()).zip(&mut by_goods) {
                let beside = *verdict == Verdict::Fits && *goods != Verdict::Fails;
                if *goods != Verdict::Fits && !beside {
                    continue;
                }
                let counts = field.counts(prices);
                if *goods == Verdict::Fits {
                    add(&mut of_place, &counts);
                }
                if beside {
                    add(by_goods, &counts);
                }
            }
            *sum = fitting(&of_place);
            if *verdict == Verdict::Fits {
                add(&mut by_offer, &of_place);
            }
        }
        by_goods.iter().zip(&mut tally.0[1]).for_each(|(counts, sum)| *sum = fitting(counts));
        by_offer.iter().zip(&mut tally.0[2]).for_each(|(count, sum)| *sum = *count);
        tally
    }

    /// What a tally says of a dimension: how many have each value, each under all that is filtered but by itself.
    pub fn counts(&self, sieve: &Sieve, tally: &Tally, dimension: Dimension) -> [u32; 256] {
        let mut counts = [0; 256];
        let axis = axis_of(dimension);
        let combinations = self.combinations[axis].iter().zip(&sieve.0[axis]).zip(&tally.0[axis]);
        for ((facets, verdict), count) in combinations {
            if matches!(verdict, Verdict::Fits) || *verdict == Verdict::FailsIn(dimension) {
                counts[usize::from(facets[dimension as usize])] += count;
            }
        }
        counts
    }
}

/// Whether a listing with these values has none that is allowed.
fn fails(facets: Facets, (dimension, values): &Allowed) -> bool {
    !values.contains(facets[*dimension as usize])
}

fn add(sums: &mut ByOffer, counts: &ByOffer) {
    *sums = std::array::from_fn(|offer| sums[offer].wrapping_add(counts[offer]));
}
