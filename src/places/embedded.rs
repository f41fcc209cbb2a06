//! Provinces and regions as the binary brings them, for what works without a database.

use super::lists::{Files, ListError, Lists};
use super::model::{LegacyProvince, Province};

/// The upper levels of the map.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The 34 provinces of today.
    pub provinces: Vec<Province>,
    /// The 63 of before 1 July 2025.
    pub legacy_provinces: Vec<LegacyProvince>,
    /// Regions: slug, Vietnamese name, English name.
    pub regions: Vec<(String, String, String)>,
}

/// The lists that [`super::load()`] loads.
///
/// # Errors
/// A list that is wrong, which a test excludes.
pub fn embedded() -> Result<Embedded, ListError> {
    let lists = Lists::read(&Files::embedded())?;
    let legacy_provinces: Vec<LegacyProvince> = lists
        .legacy_provinces
        .iter()
        .map(|row| LegacyProvince {
            code: row.value.code.as_ref().to_owned(),
            slug: row.value.slug.to_string(),
            name_vi: row.value.name_vi.to_string(),
            kind: row.value.kind,
            successor_code: row.value.successor_code.as_ref().to_owned(),
        })
        .collect();
    let provinces = lists.provinces.iter().map(|row| Province {
        code: row.value.code.as_ref().to_owned(),
        slug: row.value.slug.to_string(),
        name_vi: row.value.name_vi.to_string(),
        full_name_vi: row.value.full_name_vi.to_string(),
        name_en: row.value.name_en.to_string(),
        region: row.value.region.to_string(),
        kind: row.value.kind,
        legacy_names: legacy_provinces
            .iter()
            .filter(|old| old.successor_code == row.value.code.as_ref() && old.name_vi != row.value.name_vi.as_str())
            .map(|old| old.name_vi.clone())
            .collect(),
    });
    let region =
        |row: &super::rows::RegionRow| (row.slug.to_string(), row.name_vi.to_string(), row.name_en.to_string());
    Ok(Embedded {
        provinces: provinces.collect(),
        legacy_provinces,
        regions: lists.regions.iter().map(|row| region(&row.value)).collect(),
    })
}
