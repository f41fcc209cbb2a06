//! Approved shops, and the verified certificates that published listings name.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::spots::Spots;
use crate::front::shelf::facts::Shop;
use crate::kernel::{CertificateId, SellerId};
use crate::market::sellers::{self, Seller};
use crate::platform::error::Result;

/// The ids of approved shops after `after`, in their order.
pub async fn ids(conn: &mut PgConnection, after: Option<SellerId>, limit: i64) -> Result<Vec<SellerId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: SellerId"
             from sellers
            where status = 'approved'
              and ($1::uuid is null or id > $1)
            order by id
            limit $2"#,
        after as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Those of the shops that are approved.
pub async fn approved(conn: &mut PgConnection, ids: &[SellerId]) -> Result<Vec<Shop>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sellers = sellers::all_shown(conn, ids).await?;
    let authenticated = authenticated(conn, ids).await?;
    let pairs = sellers.iter().map(|seller| (seller.commune_code.as_str(), seller.legacy_province_code.as_str()));
    let spots = Spots::read(conn, pairs).await?;
    let shop = |seller: Seller| {
        let location = spots.of(&seller.commune_code, &seller.legacy_province_code)?;
        Ok(Shop { authenticated: authenticated.contains(&seller.id), seller, location })
    };
    sellers.into_iter().map(shop).collect()
}

/// Those of the shops that proved who they are.
async fn authenticated(conn: &mut PgConnection, ids: &[SellerId]) -> Result<BTreeSet<SellerId>> {
    let proved = sqlx::query_scalar!(
        r#"select distinct seller_id as "id: SellerId" from seller_authentications where seller_id = any($1)"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(proved.into_iter().collect())
}

/// Those of the certificates that a published listing names.
pub async fn named(conn: &mut PgConnection, ids: &[CertificateId]) -> Result<Vec<CertificateId>> {
    let named = sqlx::query_scalar!(
        r#"select distinct certificate_id as "id!: CertificateId"
             from listings
            where certificate_id = any($1)
              and status = 'published'"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(named)
}
