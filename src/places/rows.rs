//! The columns of the lists, one type a file.

use std::ops::RangeInclusive;

use serde::{Deserialize, Deserializer, de};

use super::lists::LegacyCommune;
use super::model::{CommuneKind, ProvinceKind};
use crate::kernel::{Invalid, Line};

/// A name or a slug.
pub type Name = Line<1, 120>;

/// A code of `N` digits; it is text, leading zeros matter.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Digits<const N: usize>(String);

impl<const N: usize> TryFrom<String> for Digits<N> {
    type Error = Invalid;

    fn try_from(code: String) -> Result<Self, Invalid> {
        if code.len() == N && code.bytes().all(|c| c.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(Invalid {
                vi: "phải là mã gồm đúng số chữ số quy định",
                en: "must be a code of as many digits as its column takes",
            })
        }
    }
}

impl<const N: usize> AsRef<str> for Digits<N> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// `regions.csv`; which provinces belong to a region stands in `provinces.csv` too.
#[derive(Debug, Deserialize)]
pub struct RegionRow {
    /// ASCII name.
    pub slug: Name,
    /// Name.
    pub name_vi: Name,
    /// English name.
    pub name_en: Name,
}

/// `provinces.csv`.
#[derive(Debug, Deserialize)]
pub struct ProvinceRow {
    /// Code of the current list.
    pub code: Digits<2>,
    /// Name alone.
    pub name_vi: Name,
    /// English name.
    pub name_en: Name,
    /// ASCII name.
    pub slug: Name,
    /// Its region's slug.
    pub region: Name,
    /// What it is.
    pub kind: ProvinceKind,
    /// Name with "Tỉnh" or "Thành phố".
    pub full_name_vi: Name,
    /// Other names and abbreviations.
    #[serde(deserialize_with = "aliases")]
    pub aliases: Vec<String>,
    /// Degrees north.
    #[serde(deserialize_with = "latitude")]
    pub lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "longitude")]
    pub lon: f64,
    /// Square kilometres.
    #[serde(deserialize_with = "area")]
    pub area_km2: f64,
}

/// `provinces_legacy.csv`.
#[derive(Debug, Deserialize)]
pub struct LegacyProvinceRow {
    /// Code of the legacy list.
    pub code: Digits<2>,
    /// Name alone.
    pub name_vi: Name,
    /// ASCII name.
    pub slug: Name,
    /// Code of the current list.
    #[serde(rename = "merged_into_code")]
    pub successor_code: Digits<2>,
    /// What it was.
    pub kind: ProvinceKind,
    /// Other names and abbreviations.
    #[serde(deserialize_with = "aliases")]
    pub aliases: Vec<String>,
}

impl LegacyProvinceRow {
    /// Name with "Tỉnh" or "Thành phố".
    pub fn full_name_vi(&self) -> String {
        format!("{} {}", self.kind.prefix_vi(), self.name_vi)
    }
}

/// `communes.csv`.
#[derive(Debug, Deserialize)]
pub struct CommuneRow {
    /// Code.
    pub code: Digits<5>,
    /// Name alone.
    pub name_vi: Name,
    /// Name with "Xã", "Phường" or "Đặc khu".
    pub full_name_vi: Name,
    /// English name.
    pub name_en: Name,
    /// ASCII name, not unique.
    pub slug: Name,
    /// What it is.
    pub kind: CommuneKind,
    /// Its province.
    pub province_code: Digits<2>,
    /// Degrees north.
    #[serde(deserialize_with = "latitude")]
    pub lat: f64,
    /// Degrees east.
    #[serde(deserialize_with = "longitude")]
    pub lon: f64,
}

/// `communes_legacy.csv`: a pair of old and new.
#[derive(Debug, Deserialize)]
pub struct LegacyRow {
    /// Old code; blank for the five island districts.
    pub code: Option<Digits<5>>,
    /// Old name.
    pub full_name_vi: Name,
    /// Old district.
    pub district_vi: Name,
    /// Old province.
    pub legacy_province_code: Digits<2>,
    /// New code; blank where the successor is unknown.
    pub new_commune_code: Option<Digits<5>>,
    /// The one to choose when an address says no more.
    #[serde(deserialize_with = "flag")]
    pub is_default: bool,
    /// Divided between several.
    #[serde(deserialize_with = "flag")]
    pub split: bool,
    /// The last list that had it.
    pub stage: Name,
}

impl LegacyRow {
    /// The old unit, without successors yet.
    pub fn unit(&self, district: usize) -> LegacyCommune {
        LegacyCommune {
            code: self.code.as_ref().map(|code| code.as_ref().to_owned()),
            full_name_vi: self.full_name_vi.to_string(),
            district,
            split: self.split,
            stage: self.stage.to_string(),
            successors: Vec::new(),
        }
    }
}

/// `1`, or `0` or blank.
fn flag<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    match String::deserialize(source)?.as_str() {
        "1" => Ok(true),
        "0" | "" => Ok(false),
        _ => Err(de::Error::custom("a flag must be 1, 0 or blank")),
    }
}

/// Names separated by `|`, or blank.
fn aliases<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    let typed = String::deserialize(source)?;
    let names = typed.split('|').filter(|name| !name.is_empty());
    names.map(|name| name.parse::<Name>().map(Line::into_inner)).collect::<Result<_, _>>().map_err(de::Error::custom)
}

fn latitude<'de, D: Deserializer<'de>>(source: D) -> Result<f64, D::Error> {
    within(source, "lat", 6.0..=24.0)
}

fn longitude<'de, D: Deserializer<'de>>(source: D) -> Result<f64, D::Error> {
    within(source, "lon", 102.0..=118.0)
}

fn area<'de, D: Deserializer<'de>>(source: D) -> Result<f64, D::Error> {
    within(source, "area_km2", 1.0..=331_345.0)
}

/// A number that can be true of a place in Viet Nam.
fn within<'de, D>(source: D, column: &str, bounds: RangeInclusive<f64>) -> Result<f64, D::Error>
where
    D: Deserializer<'de>,
{
    let number = f64::deserialize(source)?;
    let outside = || de::Error::custom(format!("{column}: must lie between {} and {}", bounds.start(), bounds.end()));
    if bounds.contains(&number) { Ok(number) } else { Err(outside()) }
}
