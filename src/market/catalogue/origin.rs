//! Where goods come from.

use sqlx::PgConnection;

use super::content::Content;
use crate::market::sellers::Summary;
use crate::places::{self, LegacyProvince, Location};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// Fills in the commune and the province of before 1 July 2025 where the content leaves them to the shop's.
///
/// # Errors
/// Refuses a commune that is not in force, and asks for the former province where a commune has two of them.
pub async fn settle(conn: &mut PgConnection, content: &mut Content, shop: &Summary) -> Result<()> {
    let code = content.commune_code.as_deref().unwrap_or(&shop.commune_code);
    let Some(commune) = places::commune(conn, code).await? else {
        return Err(Error::from(&INVALID)
            .at("commune_code", "phải là mã xã hiện hành / must be the code of a commune in force"));
    };
    let before = places::legacy_provinces_of(conn, &commune.code).await?;
    let at_shop = (commune.code == shop.commune_code).then_some(shop.legacy_province_code.as_str());
    let legacy = choose(&before, content.legacy_province_code.as_deref().or(at_shop))?;
    content.legacy_province_code = Some(legacy.code.parse()?);
    content.commune_code = Some(commune.code.parse()?);
    Ok(())
}

/// The former province that was named, or the only one there is.
fn choose<'a>(before: &'a [LegacyProvince], named: Option<&str>) -> Result<&'a LegacyProvince> {
    let found = match (named, before) {
        (Some(code), before) => before.iter().find(|province| province.code == code),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.ok_or_else(|| {
        let choice: Vec<_> =
            before.iter().map(|province| format!("{} ({})", province.code, province.name_vi)).collect();
        Error::from(&INVALID).at("legacy_province_code", format!("must be one of {}", choice.join(", ")))
    })
}

/// The settled content's place of origin, with its names.
pub async fn locate(conn: &mut PgConnection, content: &Content) -> Result<Location> {
    let codes = content.commune_code.as_deref().zip(content.legacy_province_code.as_deref());
    let location = match codes {
        Some(pair) => places::locate(conn, &[pair]).await?.pop(),
        None => None,
    };
    location.ok_or_else(|| Error::fault("the content's place of origin was not settled"))
}
