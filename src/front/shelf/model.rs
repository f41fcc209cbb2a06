//! What is asked of the shelf.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Invalid;
use crate::market::certification::Group;

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What fits the words best; without words, what carries the most stars.
    #[default]
    Relevance,
    /// Latest published first.
    Newest,
    /// Cheapest first.
    Price,
    /// Dearest first.
    PriceDesc,
    /// Best rated first.
    Rating,
}

impl Sort {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Relevance, Self::Newest, Self::Price, Self::PriceDesc, Self::Rating];
}

/// How much of each listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What a list shows.
    #[default]
    Card,
    /// What the page of the listing shows.
    Full,
}

impl View {
    /// As queries name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Full => "full",
        }
    }
}

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacetKind {
    /// By region.
    Region,
    /// By province of today.
    Province,
    /// By province of before 1 July 2025.
    LegacyProvince,
    /// By product set.
    Set,
    /// By group of sets.
    Group,
    /// By stars valid today.
    Stars,
    /// By whether anything is on the shelf.
    InStock,
}

impl FacetKind {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Region, Self::Province, Self::LegacyProvince, Self::Set, Self::Group, Self::Stars, Self::InStock];

    /// As queries and answers name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Province => "province",
            Self::LegacyProvince => "legacy_province",
            Self::Set => "set",
            Self::Group => "group",
            Self::Stars => "stars",
            Self::InStock => "in_stock",
        }
    }
}

/// The fewest stars wanted, 1 to 5: people ask for them as they do for hotels, though none has less than 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i16")]
pub struct FewestStars(i16);

impl FewestStars {
    /// Their number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for FewestStars {
    type Error = Invalid;

    fn try_from(stars: i16) -> Result<Self, Invalid> {
        if (1..=5).contains(&stars) {
            Ok(Self(stars))
        } else {
            Err(Invalid { vi: "phải là số sao từ 1 đến 5", en: "must be a number of stars from 1 to 5" })
        }
    }
}

/// Several values of a query parameter, separated by commas: `set=11,12`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Several<T: Ord + Clone + std::str::FromStr + ToString>(BTreeSet<T>);

impl<T: Ord + Clone + std::str::FromStr + ToString> Several<T> {
    /// The values, each once, in order.
    pub fn values(&self) -> Vec<T> {
        self.0.iter().cloned().collect()
    }
}

impl<T: Ord + Clone + std::str::FromStr + ToString> TryFrom<String> for Several<T> {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        const WRONG: Invalid = Invalid {
            vi: "phải là danh sách giá trị cách nhau bằng dấu phẩy",
            en: "must be a list of known values separated by commas",
        };
        let values: Result<BTreeSet<T>, _> = text.split(',').map(|value| value.trim().parse()).collect();
        values.map(Self).map_err(|_| WRONG)
    }
}

impl<T: Ord + Clone + std::str::FromStr + ToString> From<Several<T>> for String {
    fn from(several: Several<T>) -> Self {
        several.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

impl std::str::FromStr for FacetKind {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        let unknown = Invalid { vi: "không rõ", en: "must be a known facet" };
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(unknown)
    }
}

impl std::fmt::Display for FacetKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Which listings; `None` fits all. Places are codes here, whatever the caller typed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Slug of a region.
    pub region: Option<String>,
    /// Code of today's list.
    pub province: Option<String>,
    /// Code of the legacy list.
    pub legacy_province: Option<String>,
    /// Code of a commune.
    pub commune: Option<String>,
    /// Product sets.
    pub sets: Option<Vec<i16>>,
    /// Group of sets.
    pub group: Option<Group>,
    /// Exactly these stars.
    pub stars: Option<Vec<i16>>,
    /// At least so many stars.
    pub stars_min: Option<i16>,
    /// Slug of a shop.
    pub seller: Option<String>,
    /// In đồng.
    pub price_min: Option<i64>,
    /// In đồng.
    pub price_max: Option<i64>,
    /// Whether anything must be on the shelf.
    pub in_stock: Option<bool>,
    /// The age the caller stated.
    pub age: Option<i16>,
}
