//! What follows from measures later.

use serde::{Deserialize, Serialize};

use super::suspensions;
use crate::app::App;
use crate::kernel::{AuthorityOrderId, SuspensionId};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// News: a listing was taken down by an order that also stops its running orders. Whoever listens asks
/// [`listing_to_stop`](super::listing_to_stop) whether that still holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakenDown {
    /// By which order.
    pub order: AuthorityOrderId,
}

impl Job for TakenDown {
    const KIND: &'static str = "measures.taken_down";
}

/// The notice of a suspension is over; one by an order took hold when it was decided.
#[derive(Debug, Serialize, Deserialize)]
pub struct SuspensionDue {
    /// Which suspension.
    pub suspension: SuspensionId,
}

impl Job for SuspensionDue {
    const KIND: &'static str = "measures.suspension_due";
}

/// Closes the shop, unless the suspension was called off.
pub async fn suspension_due(app: &App, job: SuspensionDue) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| suspensions::take_hold(conn, job.suspension, now).await).await
}

/// The last day of a suspension is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct SuspensionOver {
    /// Which suspension.
    pub suspension: SuspensionId,
}

impl Job for SuspensionOver {
    const KIND: &'static str = "measures.suspension_over";
}

/// Opens the shop again, unless somebody has.
pub async fn suspension_over(app: &App, job: SuspensionOver) -> Result<()> {
    let now = app.clock.now();
    let letters = app.db.act(async |conn| suspensions::run_out(conn, job.suspension, now).await).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}
