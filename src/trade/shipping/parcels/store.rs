//! The tables `parcels` and `parcel_lines`.

mod known;
mod news;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

pub use known::*;
pub use news::*;

use super::model::{
    Booking, Carriage, Inspection, Measured, NewParcel, Packed, Parcel, ParcelStatus, Service, TRACKING_CODE_USED,
};
use crate::kernel::{OrderId, OrderLineId, ParcelId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::trade::ledger::Carrier;

/// How GHN is called on parcels.
const GHN: &str = "GHN";

/// Writes a parcel down: in transit where it was handed over, else for its carrier to be asked.
pub async fn insert(conn: &mut PgConnection, parcel: &NewParcel, now: DateTime<Utc>) -> Result<()> {
    let (service, carrier, code, measured) = match &parcel.carriage {
        Carriage::HandedOver(by) => (Service::Manual, by.carrier.as_str(), Some(by.tracking_code.as_str()), None),
        Carriage::Ghn(measured) => (Service::Ghn, GHN, None, Some(measured)),
    };
    let slug = Carrier::named(carrier);
    let (status, shipped_at) = match service {
        Service::Manual => (ParcelStatus::InTransit, Some(now)),
        Service::Ghn => (ParcelStatus::Booking, None),
    };
    sqlx::query!(
        "insert into parcels (id, order_id, seller_id, service, carrier, carrier_slug, tracking_code, status, grams,
                              length_mm, width_mm, height_mm, cod_vnd, inspection, created_at, shipped_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        parcel.id as _,
        parcel.order as _,
        parcel.seller as _,
        service as _,
        carrier,
        slug.as_ref(),
        code,
        status as _,
        measured.map(|it| it.grams),
        measured.map(|it| it.length_mm),
        measured.map(|it| it.width_mm),
        measured.map(|it| it.height_mm),
        parcel.cod as _,
        measured.map(|it| it.inspection) as _,
        now,
        shipped_at,
    )
    .execute(&mut *conn)
    .await
    .on_constraint("parcels_tracking", &TRACKING_CODE_USED)?;
    insert_lines(conn, parcel.id, &parcel.lines).await
}

async fn insert_lines(conn: &mut PgConnection, parcel: ParcelId, lines: &[Packed]) -> Result<()> {
    let (ids, quantities): (Vec<OrderLineId>, Vec<i32>) = lines.iter().map(|it| (it.line_id, it.quantity)).unzip();
    sqlx::query!(
        "insert into parcel_lines (parcel_id, order_line_id, quantity)
         select $1, line, quantity
           from unnest($2::uuid[], $3::integer[]) as packed (line, quantity)",
        parcel as _,
        &ids as _,
        &quantities,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The order's parcels, the first one first.
pub async fn list(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Parcel>> {
    let rows = sqlx::query!(
        r#"select id as "id: ParcelId", service as "service: Service", carrier, tracking_code,
                  status as "status: ParcelStatus", cod_vnd as "cod_vnd: Vnd", refusal, expected_at, shipped_at,
                  delivered_at, recalled_at, claim_since, remitted_at,
                  (select coalesce(json_agg(json_build_object('line_id', order_line_id, 'quantity', quantity)
                                            order by order_line_id), '[]')
                     from parcel_lines
                    where parcel_id = parcels.id) as "lines!: Json<Vec<Packed>>"
             from parcels
            where order_id = $1
            order by id"#,
        order as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut events = events(conn, order).await?;
    let parcels = rows.into_iter().map(|row| Parcel {
        id: row.id,
        service: row.service,
        carrier: row.carrier,
        tracking_code: row.tracking_code,
        status: row.status,
        cod_vnd: row.cod_vnd,
        refusal: row.refusal,
        expected_at: row.expected_at,
        shipped_at: row.shipped_at,
        delivered_at: row.delivered_at,
        recalled_at: row.recalled_at,
        claim_since: row.claim_since,
        remitted_at: row.remitted_at,
        lines: row.lines.0,
        events: events.extract_if(.., |(parcel, _)| *parcel == row.id).map(|(_, event)| event).collect(),
    });
    Ok(parcels.collect())
}

/// How many of each of the order's lines are in parcels that have not failed.
pub async fn quantities(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Packed>> {
    let packed = sqlx::query_as!(
        Packed,
        r#"select order_line_id as "line_id: OrderLineId", sum(quantity)::integer as "quantity!"
             from parcel_lines
             join parcels on parcels.id = parcel_id
            where order_id = $1
              and status not in ('returned', 'lost', 'damaged', 'cancelled')
            group by order_line_id"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(packed)
}

/// Where the parcel is; locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, parcel: ParcelId) -> Result<ParcelStatus> {
    let status = sqlx::query_scalar!(
        r#"select status as "status: ParcelStatus" from parcels where id = $1 for update"#,
        parcel as _,
    )
    .fetch_optional(conn)
    .await?;
    status.or_refuse(&NOT_FOUND)
}

/// Moves the locked parcel.
pub async fn set_status(conn: &mut PgConnection, parcel: ParcelId, to: ParcelStatus, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update parcels
            set status = $2,
                shipped_at = case when $2 not in ('booked', 'cancelled') then coalesce(shipped_at, $3) end,
                delivered_at = case when $2 = 'delivered' then $3 end,
                ended_at = case when $2 in ('returned', 'lost', 'damaged', 'cancelled') then $3 end
          where id = $1",
        parcel as _,
        to as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the last of the order's parcels that are on their way to the buyer left, if there are any.
pub async fn last_left(conn: &mut PgConnection, order: OrderId) -> Result<Option<DateTime<Utc>>> {
    let left_at = sqlx::query_scalar!(
        "select max(shipped_at) from parcels where order_id = $1 and status = 'in_transit'",
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(left_at)
}

/// GHN's code of a parcel whose booking it has not answered yet.
pub async fn set_code(conn: &mut PgConnection, parcel: ParcelId, code: &str) -> Result<()> {
    sqlx::query!("update parcels set tracking_code = $2 where id = $1 and tracking_code is null", parcel as _, code)
        .execute(conn)
        .await?;
    Ok(())
}

/// What GHN must know of the parcel, besides the address; none if it is no parcel of GHN's.
pub async fn booking(conn: &mut PgConnection, parcel: ParcelId) -> Result<Option<Booking>> {
    let row = sqlx::query!(
        r#"select order_id as "order: OrderId", seller_id as "seller: SellerId", status as "status: ParcelStatus",
                  tracking_code, grams as "grams!", length_mm as "length_mm!", width_mm as "width_mm!", height_mm as "height_mm!",
                  inspection as "inspection!: Inspection", cod_vnd as "cod: Vnd",
                  (select coalesce(json_agg(json_build_object('line_id', order_line_id, 'quantity', quantity)
                                            order by order_line_id), '[]')
                     from parcel_lines
                    where parcel_id = parcels.id) as "lines!: Json<Vec<Packed>>"
             from parcels
            where id = $1
              and service = 'ghn'"#,
        parcel as _,
    )
    .fetch_optional(conn)
    .await?;
    let booking = row.map(|row| Booking {
        id: parcel,
        order: row.order,
        seller: row.seller,
        status: row.status,
        code: row.tracking_code,
        measured: Measured {
            grams: row.grams,
            length_mm: row.length_mm,
            width_mm: row.width_mm,
            height_mm: row.height_mm,
            inspection: row.inspection,
        },
        cod: row.cod,
        lines: row.lines.0,
    });
    Ok(booking)
}

/// Notes what the carrier made of a parcel it was asked to take, and where the parcel is now: it may have gone further.
pub async fn set_booked(
    conn: &mut PgConnection,
    parcel: ParcelId,
    code: &str,
    expected_at: Option<DateTime<Utc>>,
) -> Result<ParcelStatus> {
    let status = sqlx::query_scalar!(
        r#"update parcels
            set tracking_code = $2,
                expected_at = coalesce($3, expected_at),
                status = case when status = 'booking' then 'booked' else status end
          where id = $1
      returning status as "status: ParcelStatus""#,
        parcel as _,
        code,
        expected_at,
    )
    .fetch_one(conn)
    .await?;
    Ok(status)
}

/// The carrier does not take the parcel, which therefore never was one; says `false` if that was known before.
pub async fn set_refused(conn: &mut PgConnection, parcel: ParcelId, why: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update parcels
            set status = 'cancelled',
                refusal = $2,
                ended_at = $3
          where id = $1
            and status = 'booking'",
        parcel as _,
        why,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The shop wants back those of the order's parcels that a carrier is to fetch, or this one of them; answers which.
pub async fn set_recalled(
    conn: &mut PgConnection,
    order: OrderId,
    only: Option<ParcelId>,
    now: DateTime<Utc>,
) -> Result<Vec<ParcelId>> {
    let recalled = sqlx::query_scalar!(
        r#"update parcels
              set recalled_at = coalesce(recalled_at, $3)
            where order_id = $1
              and ($2::uuid is null or id = $2)
              and status in ('booking', 'booked')
        returning id as "id: ParcelId""#,
        order as _,
        only as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(recalled)
}

/// The shop has a claim against the carrier from now on; says `false` if it had before.
pub async fn set_claim(conn: &mut PgConnection, parcel: ParcelId, now: DateTime<Utc>) -> Result<bool> {
    let done =
        sqlx::query!("update parcels set claim_since = $2 where id = $1 and claim_since is null", parcel as _, now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that both sides are told that the parcel came back alone; `false` if they were.
pub async fn set_told_back(conn: &mut PgConnection, parcel: ParcelId, now: DateTime<Utc>) -> Result<bool> {
    let done =
        sqlx::query!("update parcels set told_back_at = $2 where id = $1 and told_back_at is null", parcel as _, now)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The order of a parcel, and where the parcel is.
pub async fn order_of(conn: &mut PgConnection, parcel: ParcelId) -> Result<(OrderId, ParcelStatus)> {
    let row = sqlx::query!(
        r#"select order_id as "order: OrderId", status as "status: ParcelStatus" from parcels where id = $1"#,
        parcel as _,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.order, row.status))
}

/// The carrier gave the parcel's cash to the shop.
pub async fn set_remitted(conn: &mut PgConnection, parcel: ParcelId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update parcels set remitted_at = $2 where id = $1", parcel as _, now).execute(conn).await?;
    Ok(())
}
