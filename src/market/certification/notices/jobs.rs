//! The daily round of reminders.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Reminders sent in one transaction.
const AT_ONCE: i64 = 50;

/// Every morning the shops whose certificates expire are reminded.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RemindOfExpiry {}

impl Job for RemindOfExpiry {
    const KIND: &'static str = "certification.remind_of_expiry";
}

/// Does it, a few at a time: what was sent is on record before the next are looked for.
pub async fn remind_of_expiry(app: &App, _: RemindOfExpiry) -> Result<()> {
    let now = app.clock.now();
    while app.db.act(async |conn| super::send_due(conn, now, AT_ONCE).await).await? > 0 {}
    Ok(())
}
