//! Forgetting what nobody signed.

use serde::{Deserialize, Serialize};

use super::store;
use crate::app::App;
use crate::calendar;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Messages nobody signed are forgotten every night, once nobody needs them to see who tried what.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetUnbelieved {}

impl Job for ForgetUnbelieved {
    const KIND: &'static str = "webhooks.forget_unbelieved";
}

/// Forgets what was not believed so long ago (row `webhook.unbelieved`).
pub async fn forget_unbelieved(app: &App, _: ForgetUnbelieved) -> Result<()> {
    let now = app.clock.now();
    app.db
        .act(async |conn| {
            let then = calendar::latest_start(conn, "webhook.unbelieved", now).await?;
            store::forget_unbelieved(conn, then).await.map(drop)
        })
        .await
}
