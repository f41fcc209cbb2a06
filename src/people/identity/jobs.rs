//! What identity does later.

use serde::{Deserialize, Serialize};

use super::store;
use crate::app::App;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Ended sessions, void codes, old messages and counts of attempts are deleted every night.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetExpired {}

impl Job for ForgetExpired {
    const KIND: &'static str = "identity.forget_expired";
}

/// Does it.
pub async fn forget_expired(app: &App, _: ForgetExpired) -> Result<()> {
    let now = app.clock.now();
    app.db
        .act(async |conn| {
            store::forget_expired(conn, now).await?;
            notify::forget(conn, now).await
        })
        .await
}
