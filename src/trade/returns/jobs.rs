//! What happens to returns by itself.

use serde::{Deserialize, Serialize};

use super::settling;
use crate::app::App;
use crate::kernel::ReturnId;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// The time for the next act of a return is over; most often it was done long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReturnDue {
    /// Which return.
    pub return_id: ReturnId,
}

impl Job for ReturnDue {
    const KIND: &'static str = "returns.return_due";
}

/// What the shop let pass goes to the desk; what the buyer let pass lapses.
pub async fn return_due(app: &App, job: ReturnDue) -> Result<()> {
    let now = app.clock.now();
    let letters = app.db.act(async |conn| settling::expire(conn, job.return_id, now).await).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}
