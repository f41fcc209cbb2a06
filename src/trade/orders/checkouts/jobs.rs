//! What happens to quotes nobody placed.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::store;
use crate::app::App;
use crate::people::identity;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// How long an expired quote is kept, for whoever left its page open.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Quotes nobody placed are deleted every night, with the addresses in them and the guests who only looked.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetQuotes {}

impl Job for ForgetQuotes {
    const KIND: &'static str = "checkouts.forget_quotes";
}

/// Does it.
pub async fn forget_quotes(app: &App, _: ForgetQuotes) -> Result<()> {
    let then = app.clock.now() - KEPT;
    app.db
        .act(async |conn| {
            store::forget(conn, then).await?;
            identity::forget_guests(conn, then).await
        })
        .await
}
