//! What is said of parcels: the table `parcel_events`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{OrderId, ParcelId};
use crate::platform::error::Result;
use crate::trade::shipping::parcels::News;
use crate::trade::shipping::parcels::model::{ParcelEvent, ParcelStatus};

/// What was said of the order's parcels, by the carriers' clocks.
pub async fn events(conn: &mut PgConnection, order: OrderId) -> Result<Vec<(ParcelId, ParcelEvent)>> {
    let rows = sqlx::query!(
        r#"select parcel_id as "parcel: ParcelId", said, parcel_events.status as "status: ParcelStatus", note, at
             from parcel_events
             join parcels on parcels.id = parcel_id
            where order_id = $1
            order by at, seq"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    let events = rows
        .into_iter()
        .map(|row| (row.parcel, ParcelEvent { said: row.said, status: row.status, note: row.note, at: row.at }));
    Ok(events.collect())
}

/// Notes news of the locked parcel, and where it brought it.
pub async fn insert_event(
    conn: &mut PgConnection,
    parcel: ParcelId,
    news: &News<'_>,
    moved: Option<ParcelStatus>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into parcel_events (parcel_id, seq, said, status, note, at, message_id, heard_at)
         select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7
           from parcel_events
          where parcel_id = $1",
        parcel as _,
        news.said,
        moved as _,
        news.note,
        news.at,
        news.message as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The parcel of GHN's code, or of ours: a message may overtake the answer that tells us GHN's.
pub async fn find_by_ghn_code(conn: &mut PgConnection, code: &str, ours: &str) -> Result<Option<ParcelId>> {
    let parcel = sqlx::query_scalar!(
        r#"select id as "id: ParcelId"
             from parcels
            where service = 'ghn'
              and (tracking_code = $1 or tracking_code is null and id = $2)"#,
        code,
        ours.parse::<ParcelId>().ok() as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(parcel)
}

/// A parcel GHN has or is to fetch, and when something was heard of it last.
#[derive(Debug, Clone)]
pub struct Silent {
    /// The parcel.
    pub id: ParcelId,
    /// GHN's number of it.
    pub code: String,
    /// When it was heard of.
    pub heard_at: DateTime<Utc>,
}

/// The parcels under way with GHN of which nothing was heard for the longest time.
pub async fn most_silent(conn: &mut PgConnection, limit: i64) -> Result<Vec<Silent>> {
    let silent = sqlx::query_as!(
        Silent,
        r#"select id as "id: ParcelId", tracking_code as "code!",
                  coalesce(heard.at, created_at) as "heard_at!"
             from parcels
            cross join lateral (select max(heard_at) as at from parcel_events where parcel_id = parcels.id) heard
            where service = 'ghn'
              and status in ('booked', 'in_transit', 'returning')
              and tracking_code is not null
            order by 3
            limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(silent)
}
