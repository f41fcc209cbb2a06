//! Closed months.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::platform::error::Result;

/// Whoever closes months waits for others who do.
pub async fn lock_closing(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("lock table ledger_months in exclusive mode").execute(conn).await?;
    Ok(())
}

/// An instant of the first month that is not closed; none while nothing was ever posted.
pub async fn first_open(conn: &mut PgConnection) -> Result<Option<DateTime<Utc>>> {
    let instant = sqlx::query_scalar!(
        "select coalesce((select max(until) from ledger_months), (select min(at) from ledger_transfers))"
    )
    .fetch_one(conn)
    .await?;
    Ok(instant)
}

/// The end of the last closed month, if there is one.
pub async fn closed_until(conn: &mut PgConnection) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar!("select max(until) from ledger_months").fetch_one(conn).await?)
}

/// Closes the month that ends at `until`, with what stands on every account: the month before, and the entries since.
pub async fn close(conn: &mut PgConnection, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("insert into ledger_months (until, closed_at) values ($1, $2)", until, now)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "with before as (
             select coalesce(max(until), '-infinity') as until from ledger_months where until < $1
         ),
         moved as (
             select account, balance_vnd as amount_vnd
               from ledger_snapshots
              where until = (select until from before)
              union all
             select debit, amount_vnd from ledger_entries where at >= (select until from before) and at < $1
              union all
             select credit, -amount_vnd from ledger_entries where at >= (select until from before) and at < $1
         )
         insert into ledger_snapshots (until, account, balance_vnd)
         select $1, account, sum(amount_vnd)
           from moved
          group by account
         having sum(amount_vnd) <> 0",
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}
