//! Parcels as whoever counts their cash knows them.

use sqlx::PgConnection;

use crate::kernel::{OrderId, ParcelId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::ledger::Carrier;
use crate::trade::shipping::parcels::model::ParcelStatus;

/// A parcel of a shop that has a carrier's number.
#[derive(Debug, Clone)]
pub struct Known {
    /// The parcel.
    pub id: ParcelId,
    /// Of which order.
    pub order: OrderId,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number of it.
    pub tracking_code: String,
    /// Where it is.
    pub status: ParcelStatus,
    /// What the carrier was to collect.
    pub cod: Vnd,
}

/// Selects parcels with a carrier's number: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_known {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Known,
            r#"select id as "id: ParcelId", order_id as "order: OrderId", carrier, tracking_code as "tracking_code!",
                      status as "status: ParcelStatus", cod_vnd as "cod: Vnd"
                 from parcels
                where tracking_code is not null
                  and "# + $rest
            $($arguments)*
        )
    };
}

/// The shop's parcels of the carrier with these codes, by order.
pub async fn find_by_codes(
    conn: &mut PgConnection,
    seller: SellerId,
    carrier: &Carrier,
    codes: &[String],
) -> Result<Vec<Known>> {
    let known = select_known!(
        r#"seller_id = $1
              and carrier_slug = $2
              and tracking_code = any($3)
            order by order_id, id"#,
        seller as _,
        carrier.as_ref(),
        codes,
    )
    .fetch_all(conn)
    .await?;
    Ok(known)
}

/// A parcel of the shop that a carrier has or had.
pub async fn find_known(conn: &mut PgConnection, seller: SellerId, parcel: ParcelId) -> Result<Known> {
    let known = select_known!("seller_id = $1 and id = $2", seller as _, parcel as _).fetch_optional(conn).await?;
    known.or_refuse(&NOT_FOUND)
}

/// The parcel the order's cash is collected with, of those that left: the one that arrived, or has not failed, or the
/// last; none where there is no cash to collect.
pub async fn collecting(conn: &mut PgConnection, order: OrderId) -> Result<Option<Known>> {
    let known = select_known!("id = (select id from collecting_parcels where order_id = $1)", order as _)
        .fetch_optional(conn)
        .await?;
    Ok(known)
}
