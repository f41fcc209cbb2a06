//! Places: regions, provinces and communes of today, what they were before 1 July 2025, and every name they go by.
//!
//! On that day 63 provinces became 34, 10,040 communes 3,321, and the districts ended (Resolution 202/2025/QH15, Decision
//! 19/2025/QĐ-TTg). People, certificates and labels keep the old names, so both lists stay. **A bare province code is
//! ambiguous**: 15, 24, 44, 52, 80, 82 and 91 name different provinces in the two lists; fields and columns say
//! `legacy_` where they mean the old one.
//!
//! The rows come from the lists in the binary ([`load()`]) or from newer ones in a directory ([`load_from`]). A commune
//! that a newer list no longer has stays, with its last day.

mod embedded;
pub mod http;
mod lists;
mod load;
mod model;
mod names;
mod resolve;
mod rows;
mod store;

use sqlx::PgConnection;

pub use embedded::{Embedded, embedded};
pub use lists::ListError;
pub use load::{Edition, Loaded, load, load_from};
pub use model::{
    Candidate, Commune, CommuneKind, CommuneRef, FormerPlace, LegacyProvince, Location, PlaceKind, Predecessor,
    Province, ProvinceKind, ProvinceRef, Region, Successor,
};
pub use resolve::resolve;
pub use store::{legacy_provinces_of, list_regions};

use crate::platform::error::{Error, INVALID, Result};

/// The commune in force with this code: what new rows may refer to.
pub async fn commune(conn: &mut PgConnection, code: &str) -> Result<Option<Commune>> {
    Ok(commune_of_record(conn, code).await?.filter(|commune| commune.abolished_on.is_none()))
}

/// The commune with this code, in force or abolished: what old rows may refer to.
pub async fn commune_of_record(conn: &mut PgConnection, code: &str) -> Result<Option<Commune>> {
    store::find_commune(conn, code).await
}

/// The province of today with this code or slug.
pub async fn province(conn: &mut PgConnection, code_or_slug: &str) -> Result<Option<Province>> {
    let mut found = store::list_provinces(conn, Some(&[code_or_slug.to_owned()])).await?;
    Ok(found.pop())
}

/// The province of before 1 July 2025 with this code of the legacy list, or this slug.
pub async fn legacy_province(conn: &mut PgConnection, code_or_slug: &str) -> Result<Option<LegacyProvince>> {
    let mut found = store::list_legacy_provinces(conn, Some(&[code_or_slug.to_owned()])).await?;
    Ok(found.pop())
}

/// The codes of the provinces a caller chose by code or slug, today's and the former one.
///
/// # Errors
/// A province nobody knows is a wrong value of the query parameter `province` or `legacy_province`.
pub async fn chosen_provinces(
    conn: &mut PgConnection,
    named: Option<&str>,
    named_legacy: Option<&str>,
) -> Result<(Option<String>, Option<String>)> {
    let unknown = |at: &str| {
        Error::from(&INVALID)
            .at(at, "phải là mã hoặc tên rút gọn của một tỉnh / must be the code or slug of a province")
    };
    let current = match named {
        Some(named) => Some(province(conn, named).await?.ok_or_else(|| unknown("province"))?.code),
        None => None,
    };
    let legacy = match named_legacy {
        Some(named) => Some(legacy_province(conn, named).await?.ok_or_else(|| unknown("legacy_province"))?.code),
        None => None,
    };
    Ok((current, legacy))
}

/// The 34 provinces of today, by code.
pub async fn list_provinces(conn: &mut PgConnection) -> Result<Vec<Province>> {
    store::list_provinces(conn, None).await
}

/// The 63 provinces of before 1 July 2025, by code.
pub async fn list_legacy_provinces(conn: &mut PgConnection) -> Result<Vec<LegacyProvince>> {
    store::list_legacy_provinces(conn, None).await
}

/// Where the commune, or the largest part of it, lay before 1 July 2025; none if nothing is known of that.
pub async fn former_place(conn: &mut PgConnection, commune: &str) -> Result<Option<FormerPlace>> {
    store::locations::former_place(conn, commune).await
}

/// The locations of pairs of a commune's code and a legacy province's code, in the order of the pairs.
pub async fn locate(conn: &mut PgConnection, pairs: &[(&str, &str)]) -> Result<Vec<Location>> {
    store::locations::locate(conn, pairs).await
}

/// Some commune in force that came out of the former province: where the demonstration's shops stand, whose real
/// addresses are not published.
pub async fn a_commune_of(conn: &mut PgConnection, legacy_province: &str) -> Result<Option<Commune>> {
    let filter =
        store::CommuneFilter { legacy_province: Some(legacy_province.to_owned()), ..store::CommuneFilter::default() };
    Ok(store::page_communes(conn, &filter, None, 1).await?.pop())
}
