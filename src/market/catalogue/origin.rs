//! Where goods come from.

use sqlx::PgConnection;

use super::content::Content;
use crate::market::sellers::Summary;
use crate::places::{self, Commune, LegacyProvince, Province};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// A commune with its province of today and the one of before 1 July 2025.
pub struct Origin {
    /// The commune.
    pub commune: Commune,
    /// Its province.
    pub province: Province,
    /// Its former province.
    pub legacy: LegacyProvince,
}

impl Origin {
    /// Where the content says, or where the shop is. Refuses a commune that does not exist, and asks for the former
    /// province where a commune has two of them.
    pub async fn of(conn: &mut PgConnection, content: &Content, shop: &Summary) -> Result<Self> {
        let code = content.commune_code.as_deref().unwrap_or(&shop.commune_code);
        let no_commune = || Error::from(&INVALID).at("commune_code", "must be a commune of the current list");
        let commune = places::commune(conn, code).await?.ok_or_else(no_commune)?;
        let province = places::province(conn, &commune.province_code).await?.ok_or_else(no_commune)?;
        let former = places::legacy_provinces_of(conn, &commune.code).await?;
        let at_shop = (commune.code == shop.commune_code).then_some(shop.legacy_province_code.as_str());
        let legacy = choose(former, content.legacy_province_code.as_deref().or(at_shop))?;
        Ok(Self { commune, province, legacy })
    }
}

/// The former province that was chosen, or the only one there is.
fn choose(former: Vec<LegacyProvince>, chosen: Option<&str>) -> Result<LegacyProvince> {
    let only = former.len() == 1;
    let codes = former.iter().map(|province| province.code.as_str()).collect::<Vec<_>>().join(", ");
    let found = former.into_iter().find(|province| chosen.map_or(only, |code| province.code == code));
    found.ok_or_else(|| Error::from(&INVALID).at("legacy_province_code", format!("must be one of {codes}")))
}
