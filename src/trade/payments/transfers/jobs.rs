//! What transfers cause later.

use serde::{Deserialize, Serialize};

use super::{letters, store};
use crate::app::App;
use crate::kernel::OrderId;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;
use crate::trade::payments::ShopRefundLate;

/// An order may be paid until later than it was: its hold goes with it.
#[derive(Debug, Serialize, Deserialize)]
pub struct PayByMoved {
    /// Which order.
    pub order: OrderId,
}

impl Job for PayByMoved {
    const KIND: &'static str = "transfers.pay_by_moved";
}

/// Reminds the shop of money it has not sent back in time, and tells the buyer whom to complain to.
pub async fn shop_refund_late(app: &App, job: ShopRefundLate) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| match store::refunds::find_late(conn, job.refund, now).await? {
            Some(refund) => letters::tell_refund_late(conn, &refund, now).await,
            None => Ok(Vec::new()),
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}
