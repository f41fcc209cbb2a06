//! What listings are filtered and counted by: for every value the set of visible listings that have it, and how many
//! have each combination of values.

use std::sync::Arc;

use super::ROWS;
use super::bits::Bitmap;
use super::chunks::Chunks;
use super::row::Row;
use crate::front::shelf::model::FacetKind;

/// A way to tell listings apart by few values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Region,
    Province,
    LegacyProvince,
    Set,
    Group,
    Stars,
    InStock,
    MinimumAge,
}

/// How many there are.
pub const DIMENSIONS: usize = 8;

/// The number of a listing's value in each dimension, or [`NO_VALUE`].
pub type Facets = [u8; DIMENSIONS];

/// What stands where a listing has no value: no stars, no minimum age.
pub const NO_VALUE: u8 = u8::MAX;

impl Dimension {
    /// What a facet counts by.
    pub const fn of(kind: FacetKind) -> Self {
        match kind {
            FacetKind::Region => Self::Region,
            FacetKind::Province => Self::Province,
            FacetKind::LegacyProvince => Self::LegacyProvince,
            FacetKind::Set => Self::Set,
            FacetKind::Group => Self::Group,
            FacetKind::Stars => Self::Stars,
            FacetKind::InStock => Self::InStock,
        }
    }
}

/// Values of one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values([u64; 4]);

impl Values {
    /// None of them.
    pub const NONE: Self = Self([0; 4]);

    /// Adds a value.
    pub fn insert(&mut self, value: u8) {
        self.0[usize::from(value / 64)] |= 1 << (value % 64);
    }

    /// Whether the value is one of them.
    pub fn contains(&self, value: u8) -> bool {
        self.0[usize::from(value / 64)] & (1 << (value % 64)) != 0
    }
}

/// One value and who has it.
#[derive(Debug, Clone)]
struct Column {
    name: Arc<str>,
    slots: Bitmap,
}

/// Every dimension's values, and the combinations of them.
#[derive(Debug, Clone, Default)]
pub struct Dimensions {
    values: [Vec<Column>; DIMENSIONS],
    without: [Bitmap; DIMENSIONS],
    /// By slot, of visible listings: eight bytes each lie closer together than rows.
    facets: Chunks<Facets, ROWS>,
    cells: Cells,
}

impl Dimensions {
    /// The number of a value; a new one where it was never seen. A dimension has at most 255.
    pub fn number(&mut self, dimension: Dimension, name: &str) -> u8 {
        self.find(dimension, name).unwrap_or_else(|| {
            let values = &mut self.values[dimension as usize];
            let number = u8::try_from(values.len()).unwrap_or(NO_VALUE);
            if number != NO_VALUE {
                values.push(Column { name: name.into(), slots: Bitmap::default() });
            }
            number
        })
    }

    /// The number of a value, if it was ever seen.
    pub fn find(&self, dimension: Dimension, name: &str) -> Option<u8> {
        let at = self.values[dimension as usize].iter().position(|value| &*value.name == name);
        at.and_then(|at| u8::try_from(at).ok())
    }

    /// The name of a value; none for [`NO_VALUE`].
    pub fn name(&self, dimension: Dimension, number: u8) -> Option<&str> {
        self.values[dimension as usize].get(usize::from(number)).map(|value| &*value.name)
    }

    /// The names of a dimension's values, by number.
    pub fn names(&self, dimension: Dimension) -> impl Iterator<Item = (u8, &str)> {
        (0..NO_VALUE).zip(self.values[dimension as usize].iter().map(|value| &*value.name))
    }

    /// The sets of listings that have one of the values.
    pub fn sets(&self, dimension: Dimension, values: &Values) -> Vec<&Bitmap> {
        let named = self.names(dimension).map(|(number, _)| number);
        named
            .chain([NO_VALUE])
            .filter(|value| values.contains(*value))
            .map(|value| self.set(dimension, value))
            .collect()
    }

    /// The values of a visible listing.
    pub fn of(&self, slot: u32) -> Facets {
        self.facets.get(slot).copied().unwrap_or_default()
    }

    /// How many listings have each combination of values.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// A listing became visible, or changed from the old row to the new one, or is visible no longer.
    pub fn replace(&mut self, slot: u32, old: Option<&Row>, new: Option<&Row>) {
        let (old, new) = (old.map(|row| row.facets), new.map(|row| row.facets));
        if old == new {
            return;
        }
        for dimension in 0..DIMENSIONS {
            let (before, after) = (old.map(|facets| facets[dimension]), new.map(|facets| facets[dimension]));
            if before != after {
                if let Some(value) = before {
                    self.set_mut(dimension, value).remove(slot);
                }
                if let Some(value) = after {
                    self.set_mut(dimension, value).insert(slot);
                }
            }
        }
        if let Some(facets) = old {
            self.cells.change(facets, -1);
        }
        if let Some(facets) = new {
            *self.facets.get_mut(slot) = facets;
            self.cells.change(facets, 1);
        }
    }

    fn set(&self, dimension: Dimension, value: u8) -> &Bitmap {
        let dimension = dimension as usize;
        self.values[dimension].get(usize::from(value)).map_or(&self.without[dimension], |column| &column.slots)
    }

    fn set_mut(&mut self, dimension: usize, value: u8) -> &mut Bitmap {
        match self.values[dimension].get_mut(usize::from(value)) {
            Some(column) => &mut column.slots,
            None => &mut self.without[dimension],
        }
    }
}

/// How many visible listings have a combination of values.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub facets: Facets,
    pub count: u32,
}

/// The combinations that occur: at most a few thousand, however many listings there are, because provinces, sets, stars
/// and stock are few. Kept by province, so that a change copies those of one province.
#[derive(Debug, Clone, Default)]
pub struct Cells(Vec<Arc<Vec<Cell>>>);

impl Cells {
    /// Every combination that occurs in one of the provinces, or in any.
    pub fn of(&self, provinces: Option<Values>) -> impl Iterator<Item = &Cell> {
        let numbers = (0..NO_VALUE).take(self.0.len());
        let wanted = numbers.filter(move |number| provinces.is_none_or(|provinces| provinces.contains(*number)));
        wanted.flat_map(|number| self.of_province(number))
    }

    /// Every combination that occurs in the province.
    pub fn of_province(&self, number: u8) -> &[Cell] {
        self.0.get(usize::from(number)).map_or(&[], |cells| cells.as_slice())
    }

    fn change(&mut self, facets: Facets, by: i32) {
        let province = usize::from(facets[Dimension::Province as usize]);
        if self.0.len() <= province {
            self.0.resize_with(province + 1, Arc::default);
        }
        let cells = Arc::make_mut(&mut self.0[province]);
        match cells.binary_search_by_key(&facets, |cell| cell.facets) {
            Ok(at) => {
                cells[at].count = cells[at].count.saturating_add_signed(by);
                if cells[at].count == 0 {
                    cells.remove(at);
                }
            }
            Err(at) => cells.insert(at, Cell { facets, count: by.unsigned_abs() }),
        }
    }
}
