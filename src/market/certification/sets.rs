//! The 26 product sets (*bộ sản phẩm*) of Decision 26/2026/QĐ-TTg, Appendix I.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Invalid;
use crate::platform::error::Result;

/// The embedded list; `data/NOTICE` names its source.
const LIST: &str = include_str!("data/ocop_sets.csv");

/// The number of a product set, 1 to 26.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "i16")]
#[sqlx(transparent)]
#[schema(value_type = i16, minimum = 1, maximum = 26, example = 11)]
pub struct SetNo(i16);

impl SetNo {
    /// The number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for SetNo {
    type Error = Invalid;

    fn try_from(number: i16) -> std::result::Result<Self, Invalid> {
        if (1..=26).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Invalid {
                vi: "phải là số bộ sản phẩm từ 1 đến 26",
                en: "must be the number of a product set, 1 to 26",
            })
        }
    }
}

impl std::str::FromStr for SetNo {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(typed: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self::try_from(typed.parse::<i16>()?)?)
    }
}

impl std::fmt::Display for SetNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The six groups the sets belong to (Decision 26/2026/QĐ-TTg, art. 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Group {
    /// Thực phẩm; tea and coffee too.
    Food,
    /// Đồ uống.
    Drink,
    /// Dược liệu và sản phẩm từ dược liệu.
    Herbal,
    /// Hàng thủ công mỹ nghệ.
    Handicraft,
    /// Sinh vật cảnh.
    Ornamental,
    /// Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch.
    Tourism,
}

impl Group {
    /// As queries, answers and rows name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Drink => "drink",
            Self::Herbal => "herbal",
            Self::Handicraft => "handicraft",
            Self::Ornamental => "ornamental",
            Self::Tourism => "tourism",
        }
    }

    /// Whether goods of the group travel in parcels; a tourism service does not.
    pub const fn is_parcel(self) -> bool {
        !matches!(self, Self::Tourism)
    }
}

/// A product set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProductSet {
    /// Its number in the Decision.
    pub set_no: SetNo,
    /// Its name.
    #[schema(example = "Chè tươi, chè chế biến")]
    pub name_vi: String,
    /// The group it belongs to.
    pub group: Group,
    /// The group's name.
    #[schema(example = "Thực phẩm")]
    pub group_vi: String,
    /// The name of the part of the group.
    #[schema(example = "Chè")]
    pub subgroup_vi: Option<String>,
    /// The ministries that manage it, separated by `; `.
    #[schema(example = "Bộ Nông nghiệp và Môi trường")]
    pub managing_agency: String,
    /// Whether five samples go with an application.
    #[serde(deserialize_with = "one_or_zero")]
    pub sample_required: bool,
    /// What has an application thrown out, in the Decision's words.
    pub rejected_if: Option<String>,
}

fn one_or_zero<'de, D: serde::Deserializer<'de>>(source: D) -> std::result::Result<bool, D::Error> {
    u8::deserialize(source).map(|number| number == 1)
}

/// The sets as embedded in the binary.
pub fn embedded() -> Result<Vec<ProductSet>> {
    Ok(csv::Reader::from_reader(LIST.as_bytes()).deserialize().collect::<csv::Result<_>>()?)
}
