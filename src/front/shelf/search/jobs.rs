//! What the shelf need not remember.

use chrono::{Days, TimeDelta};
use serde::{Deserialize, Serialize};

use super::super::store::{misses, news};
use super::model::FEWEST_SEARCHES;
use crate::app::App;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// How long news are kept: an instance that was cut off for longer reads everything anew.
const NEWS: TimeDelta = TimeDelta::days(7);
/// How long it is kept what was looked for in vain: a year of seasons, and a month to compare.
const MISSES: Days = Days::new(400);
/// How long what hardly anybody looked for: long enough to become more.
const RARE_MISSES: Days = Days::new(7);

/// Rows deleted in one transaction.
const BATCH: u32 = 10_000;

/// A day has passed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetNews {}

impl Job for ForgetNews {
    const KIND: &'static str = "shelf.forget_news";
}

/// Deletes news everybody has taken in, and searches of long ago; each so many at a time that no lock is held for long.
pub async fn forget_news(app: &App, _: ForgetNews) -> Result<()> {
    app.db.act(async |conn| news::forget_restored(conn).await).await?;
    while app.db.act(async |conn| news::forget(conn, NEWS, BATCH).await).await? == u64::from(BATCH) {}
    let today = app.clock.today();
    let days = (today - MISSES, today - RARE_MISSES);
    let some = async || app.db.act(async |conn| misses::forget(conn, days, FEWEST_SEARCHES, BATCH).await).await;
    while some().await? == u64::from(BATCH) {}
    Ok(())
}
