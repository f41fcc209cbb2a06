//! Places as the rest of the house sees them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A socio-economic region (Resolution 306/NQ-CP, 5 October 2025).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Region {
    /// Names it in addresses and filters.
    #[schema(example = "trung-du-va-mien-nui-phia-bac")]
    pub slug: String,
    /// Name in Vietnamese.
    pub name_vi: String,
    /// Name in English.
    pub name_en: String,
    /// Its provinces, by code.
    pub provinces: Vec<ProvinceRef>,
}

/// What a province is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProvinceKind {
    /// Thành phố trực thuộc trung ương, a centrally-run city.
    Municipality,
    /// Tỉnh.
    Province,
}

impl ProvinceKind {
    /// The word before the name.
    pub const fn prefix_vi(self) -> &'static str {
        match self {
            Self::Municipality => "Thành phố",
            Self::Province => "Tỉnh",
        }
    }
}

/// A province, in as many words as a card needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProvinceRef {
    /// Two-digit code. Says nothing without knowing whether it is of the current or the legacy list.
    #[schema(example = "12")]
    pub code: String,
    /// Names it in addresses and filters.
    #[schema(example = "lai-chau")]
    pub slug: String,
    /// Name without "Tỉnh" or "Thành phố".
    #[schema(example = "Lai Châu")]
    pub name: String,
}

/// One of the 34 provinces since 1 July 2025 (Resolution 202/2025/QH15).
#[derive(Debug, Clone)]
pub struct Province {
    /// Two-digit code of the current list.
    pub code: String,
    /// ASCII name, unique.
    pub slug: String,
    /// Name without "Tỉnh" or "Thành phố".
    pub name_vi: String,
    /// Name with it.
    pub full_name_vi: String,
    /// Name in English.
    pub name_en: String,
    /// [`Region::slug`].
    pub region: String,
    /// What it is.
    pub kind: ProvinceKind,
    /// Other names of the provinces it was formed from: Bến Tre and Trà Vinh for Vĩnh Long.
    pub legacy_names: Vec<String>,
}

/// One of the 63 provinces of before 1 July 2025.
#[derive(Debug, Clone)]
pub struct LegacyProvince {
    /// Two-digit code of the **legacy** list.
    pub code: String,
    /// ASCII name, unique in this list.
    pub slug: String,
    /// Name without "Tỉnh" or "Thành phố".
    pub name_vi: String,
    /// What it was.
    pub kind: ProvinceKind,
    /// The province it became or went into: code of the current list.
    pub successor_code: String,
}

/// What a commune is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CommuneKind {
    /// Xã, rural.
    Xa,
    /// Phường, urban.
    Phuong,
    /// Đặc khu, islands.
    DacKhu,
}

/// A commune-level unit of the current list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Commune {
    /// Five-digit code.
    #[schema(example = "02728")]
    pub code: String,
    /// Name without "Xã", "Phường" or "Đặc khu".
    #[schema(example = "Mường Hum")]
    pub name_vi: String,
    /// Name with it.
    #[schema(example = "Xã Mường Hum")]
    pub full_name_vi: String,
    /// ASCII name; **not** unique, even inside a province.
    #[schema(example = "muong-hum")]
    pub slug: String,
    /// What it is.
    pub kind: CommuneKind,
    /// Its province: code of the current list.
    #[schema(example = "15")]
    pub province_code: String,
    /// Its last day, once a later list no longer has it.
    pub abolished_on: Option<NaiveDate>,
}

/// A commune, in as many words as a card needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommuneRef {
    /// Five-digit code.
    #[schema(example = "03394")]
    pub code: String,
    /// ASCII name; **not** unique, even inside a province.
    #[schema(example = "sin-suoi-ho")]
    pub slug: String,
    /// Name with "Xã", "Phường" or "Đặc khu".
    #[schema(example = "Xã Sin Suối Hồ")]
    pub name: String,
}

/// Where something is, today and by the map of before 1 July 2025.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// The province of today.
    pub province: ProvinceRef,
    /// The commune.
    pub commune: CommuneRef,
    /// The province of before 1 July 2025, in the legacy list.
    pub legacy_province: ProvinceRef,
}

/// A place as carriers still sort by it: three names of before 1 July 2025.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerPlace {
    /// The commune.
    pub commune: String,
    /// Its district, a level that ended on that day.
    pub district: String,
    /// Its province.
    pub province: String,
}

/// A commune-level unit that went, whole or in part, into a current one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Predecessor {
    /// Five-digit code of its time; null for the five island districts that had no communes.
    pub code: Option<String>,
    /// Name with "Xã", "Phường" or "Thị trấn".
    #[schema(example = "Thị trấn Mèo Vạc")]
    pub full_name_vi: String,
    /// Its district, a level that ended on 1 July 2025.
    #[schema(example = "Huyện Mèo Vạc")]
    pub district_vi: String,
    /// Its province: code, slug and name of the **legacy** list.
    pub legacy_province: ProvinceRef,
    /// Whether other communes got parts of it too.
    pub split: bool,
    /// `2025-06`: existed on 30 June 2025. `earlier`: abolished or renamed between 2023 and then; a good guess.
    #[schema(example = "2025-06")]
    pub stage: String,
}

/// What sort of place a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PlaceKind {
    /// A region.
    Region,
    /// A province of today.
    Province,
    /// A province of before 1 July 2025.
    LegacyProvince,
    /// A commune of today.
    Commune,
    /// A district of before 1 July 2025.
    LegacyDistrict,
    /// A commune of before 1 July 2025.
    LegacyCommune,
}

/// A place somebody may have meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// What sort of place.
    pub kind: PlaceKind,
    /// Official code in the list of its kind; regions and districts have none.
    #[schema(example = "83")]
    pub code: Option<String>,
    /// Slug, where its kind has one.
    #[schema(example = "ben-tre")]
    pub slug: Option<String>,
    /// Name without the word for its kind.
    #[schema(example = "Bến Tre")]
    pub name: String,
    /// Name with it.
    #[schema(example = "Tỉnh Bến Tre")]
    pub full_name: String,
    /// The district of a legacy commune.
    pub district: Option<String>,
    /// The province of before 1 July 2025, for legacy places.
    pub legacy_province: Option<ProvinceRef>,
    /// The province it lies in today; null for regions.
    pub province: Option<ProvinceRef>,
    /// What a legacy place became, the likeliest first; empty where that is unknown.
    pub became: Vec<Successor>,
    /// Whether a legacy place was divided between several current ones, so that the person has to choose.
    pub split: bool,
}

/// What a legacy place became.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Successor {
    /// `province` or `commune`.
    pub kind: PlaceKind,
    /// Code of the current list.
    #[schema(example = "86")]
    pub code: String,
    /// Name without the word for its kind.
    #[schema(example = "Vĩnh Long")]
    pub name: String,
    /// Name with it.
    #[schema(example = "Tỉnh Vĩnh Long")]
    pub full_name: String,
}
