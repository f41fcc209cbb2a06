//! Closing months.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::store::months;
use crate::app::App;
use crate::kernel::Month;
use crate::kernel::clock::day_of;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Months may have ended since the last time: usually none, one on the first of a month, more after an outage.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct CloseMonths {}

impl Job for CloseMonths {
    const KIND: &'static str = "ledger.close_months";
}

/// Closes every month that is over, the oldest first, each in a transaction of its own.
pub async fn close_months(app: &App, _: CloseMonths) -> Result<()> {
    let now = app.clock.now();
    while app.db.act(async |conn| close_next(conn, now).await).await? {}
    Ok(())
}

/// Whether there was a month to close.
async fn close_next(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<bool> {
    months::lock_closing(conn).await?;
    let month = months::first_open(conn).await?.map(|instant| Month::of(day_of(instant)));
    let Some(month) = month.filter(|month| month.is_closed(now)) else { return Ok(false) };
    months::close(conn, month.end(), now).await?;
    Ok(true)
}
