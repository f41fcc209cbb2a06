//! Closing months.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::model::Period;
use super::store;
use crate::app::App;
use crate::people::access::Provinces;
use crate::places;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Months may have ended since the last time: usually none, one on the first of a month, more after an outage.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct FreezeMonths {}

impl Job for FreezeMonths {
    const KIND: &'static str = "statistics.freeze_months";
}

/// Writes down every closed month that was not yet, the oldest first, each in a transaction of its own.
pub async fn freeze_months(app: &App, _: FreezeMonths) -> Result<()> {
    let now = app.clock.now();
    while app.db.act(async |conn| freeze_next(conn, now).await).await? {}
    Ok(())
}

/// Whether there was a month to freeze.
async fn freeze_next(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<bool> {
    store::lock_freezing(conn).await?;
    let Some(month) = store::first_unfrozen(conn).await?.filter(|month| month.is_closed(now)) else {
        return Ok(false);
    };
    let codes = places::list_provinces(conn).await?.into_iter().map(|province| province.code).collect();
    let figures = store::count(conn, &Provinces::new(codes), &Period::of(month, now)).await?;
    store::freeze(conn, month, &figures, now).await?;
    Ok(true)
}
