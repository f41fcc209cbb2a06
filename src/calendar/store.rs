//! The tables `holidays` and `deadlines`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::Allowance;
use crate::platform::error::Result;

pub async fn allowance(conn: &mut PgConnection, kind: &str, on: NaiveDate) -> Result<Option<Allowance>> {
    let row = sqlx::query!(
        "select minutes, hours, working_days
           from deadlines
          where kind = $1
            and $2 >= effective_from
            and (effective_to is null or $2 < effective_to)
          order by effective_from desc
          limit 1",
        kind,
        on,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        let by_clock = row.minutes.map(Allowance::Minutes).or_else(|| row.hours.map(Allowance::Hours));
        by_clock.or_else(|| row.working_days.map(Allowance::WorkingDays))
    }))
}

pub async fn holidays_from(conn: &mut PgConnection, day: NaiveDate) -> Result<BTreeSet<NaiveDate>> {
    let days = sqlx::query_scalar!("select day from holidays where day >= $1", day).fetch_all(conn).await?;
    Ok(days.into_iter().collect())
}
