//! Parcels as whoever counts their cash knows them.

use chrono::{DateTime, Utc};
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
    /// Whether it did, and has the order's cash or has given it.
    pub collected: bool,
}

/// Selects parcels with a carrier's number: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_known {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Known,
            r#"select id as "id: ParcelId", order_id as "order: OrderId", carrier, tracking_code as "tracking_code!",
                      status as "status: ParcelStatus", cod_vnd as "cod: Vnd",
                      collected_at is not null as "collected!"
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

/// The carrier took the cash of the order, and with which parcel: of those that left the one that arrived, or has not
/// failed, or the last. None where there is no cash to collect. Parcels with the same cash that have not left are named
/// too: nobody may collect it again.
pub async fn set_collected(
    conn: &mut PgConnection,
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<(Option<Known>, Vec<ParcelId>)> {
    sqlx::query!(
        "update parcels
            set collected_at = $2
          where id = (select id
                        from parcels
                       where order_id = $1
                         and cod_vnd > 0
                         and status not in ('booking', 'booked', 'cancelled')
                       order by status <> 'delivered', status in ('returned', 'lost', 'damaged'), id desc
                       limit 1)",
        order as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let collected = select_known!("order_id = $1 and collected_at is not null", order as _).fetch_optional(&mut *conn);
    let collected = collected.await?;
    let others = sqlx::query_scalar!(
        r#"select id as "id: ParcelId"
             from parcels
            where order_id = $1
              and cod_vnd > 0
              and status in ('booking', 'booked')"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok((collected, others))
}
