//! What listings are filtered and counted by, and the numbers of its values.

use std::sync::Arc;

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
    /// All of them, in their order.
    pub const ALL: [Self; DIMENSIONS] = [
        Self::Region,
        Self::Province,
        Self::LegacyProvince,
        Self::Set,
        Self::Group,
        Self::Stars,
        Self::InStock,
        Self::MinimumAge,
    ];

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

/// The names of every dimension's values, by number; numbers are never given twice.
#[derive(Debug, Clone, Default)]
pub struct Dimensions([Vec<Arc<str>>; DIMENSIONS]);

impl Dimensions {
    /// The number of a value; a new one where it was never seen. A dimension has at most 255.
    pub fn number(&mut self, dimension: Dimension, name: &str) -> u8 {
        self.find(dimension, name).unwrap_or_else(|| {
            let names = &mut self.0[dimension as usize];
            let number = u8::try_from(names.len()).unwrap_or(NO_VALUE);
            if number != NO_VALUE {
                names.push(name.into());
            }
            number
        })
    }

    /// The number of a value, if it was ever seen.
    pub fn find(&self, dimension: Dimension, name: &str) -> Option<u8> {
        let at = self.0[dimension as usize].iter().position(|known| &**known == name);
        at.and_then(|at| u8::try_from(at).ok())
    }

    /// The names of a dimension's values, by number.
    pub fn names(&self, dimension: Dimension) -> impl Iterator<Item = (u8, &str)> {
        (0..NO_VALUE).zip(self.0[dimension as usize].iter().map(|name| &**name))
    }
}
