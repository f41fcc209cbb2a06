//! Who listens to which news, and the daily schedule.

use crate::app::App;
use crate::market::certification::notices;
use crate::people::identity;
use crate::platform::error::Result;
use crate::platform::idempotency::{self, ForgetKeys};
use crate::platform::jobs::Worker;
use crate::trade::orders::{self, checkouts};

/// The worker with every listener of the house.
pub fn worker() -> Worker<App> {
    Worker::default()
        .daily::<identity::jobs::ForgetExpired>(3, identity::jobs::forget_expired)
        .daily::<ForgetKeys>(3, forget_keys)
        .daily::<checkouts::jobs::ForgetQuotes>(3, checkouts::jobs::forget_quotes)
        .daily::<notices::jobs::RemindOfExpiry>(7, notices::jobs::remind_of_expiry)
        .on::<orders::jobs::AcceptanceMissed>(orders::jobs::acceptance_missed)
        .on::<orders::jobs::CompletionDue>(orders::jobs::completion_due)
}

async fn forget_keys(app: &App, _: ForgetKeys) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| idempotency::forget(conn, now).await.map(drop)).await
}
