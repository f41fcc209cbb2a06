//! What happens to orders by itself.

use serde::{Deserialize, Serialize};

use super::life;
use super::store::Reached;
use crate::app::App;
use crate::kernel::OrderId;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// The time to accept an order is over; most often it was accepted long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct AcceptanceMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for AcceptanceMissed {
    const KIND: &'static str = "orders.acceptance_missed";
}

/// Cancels the order if nobody accepted it.
pub async fn acceptance_missed(app: &App, job: AcceptanceMissed) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| life::miss_acceptance(conn, Reached::by_deadline(job.order), now).await).await
}

/// The time for complaints about a delivered order is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct CompletionDue {
    /// Which order.
    pub order: OrderId,
}

impl Job for CompletionDue {
    const KIND: &'static str = "orders.completion_due";
}

/// Completes the order.
pub async fn completion_due(app: &App, job: CompletionDue) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| life::complete(conn, Reached::by_deadline(job.order), now).await).await
}
