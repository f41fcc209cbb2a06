//! The tables `shipping_rates` and `parcels`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{NewParcel, Parcel, Rate, TRACKING_CODE_USED, Tariff};
use crate::kernel::{OrderId, ParcelId, SellerId, Vnd};
use crate::platform::error::{OnConstraint as _, Result};

/// The rates in force on the day.
pub async fn tariff(conn: &mut PgConnection, today: NaiveDate) -> Result<Tariff> {
    let rates = sqlx::query_as!(
        Rate,
        r#"select scope as "reach: _", up_to_grams, price_vnd as "price: Vnd", days_min, days_max
             from shipping_rates
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by id"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(Tariff::new(rates))
}

/// Hands the shop's parcel of the order to its carrier.
pub async fn insert_parcel(
    conn: &mut PgConnection,
    (order, seller): (OrderId, SellerId),
    parcel: &NewParcel,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into parcels (id, order_id, seller_id, carrier, tracking_code, shipped_at)
         values ($1, $2, $3, $4, $5, $6)",
        ParcelId::new(now) as _,
        order as _,
        seller as _,
        parcel.carrier as _,
        parcel.tracking_code as _,
        now,
    )
    .execute(conn)
    .await
    .on_constraint("parcels_tracking", &TRACKING_CODE_USED)?;
    Ok(())
}

/// The order's parcel, once it has been shipped.
pub async fn find_parcel(conn: &mut PgConnection, order: OrderId) -> Result<Option<Parcel>> {
    let parcel = sqlx::query_as!(
        Parcel,
        "select carrier, tracking_code, shipped_at, delivered_at
           from parcels
          where order_id = $1",
        order as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(parcel)
}

/// Notes that the order's parcel arrived.
pub async fn set_delivered(conn: &mut PgConnection, order: OrderId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update parcels set delivered_at = $2 where order_id = $1", order as _, at).execute(conn).await?;
    Ok(())
}
