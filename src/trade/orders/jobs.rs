//! What happens to orders by itself.

use serde::{Deserialize, Serialize};

use super::life;
use super::store::{self, Reached, Running};
use crate::app::App;
use crate::kernel::OrderId;
use crate::market::measures::{self, TakenDown};
use crate::people::access;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Orders looked for at a time.
const CHUNK: i64 = 50;

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

/// An authority had a listing taken down, and its running orders with it: whatever holds goods of the listing and is
/// with no carrier yet is cancelled as a whole, and both sides are told.
pub async fn listing_taken_down(app: &App, news: TakenDown) -> Result<()> {
    loop {
        let running = app
            .db
            .see(async |conn| match measures::listing_to_stop(conn, news.order).await? {
                Some(listing) => store::running_of_listing(conn, listing, CHUNK).await,
                None => Ok(Vec::new()),
            })
            .await?;
        if running.is_empty() {
            return Ok(());
        }
        for order in &running {
            stop(app, order).await?;
        }
    }
}

async fn stop(app: &App, order: &Running) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| {
            if !life::stop(conn, order.reached, now).await? {
                return Ok(Vec::new());
            }
            let subject = "Đơn hàng bị hủy / Order cancelled";
            let body = words(&order.number);
            let mut letters = access::write(conn, &[order.buyer], subject, &body, now).await?;
            letters.extend(access::write_to_members(conn, order.seller, subject, &body, now).await?);
            Ok(letters)
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

fn words(number: &str) -> String {
    format!(
        "Đơn hàng {number} bị hủy vì cơ quan có thẩm quyền yêu cầu gỡ một sản phẩm trong đơn. Người mua không phải trả \
         tiền. / Order {number} was cancelled because an authority had one of its products taken down. Nothing is owed \
         for it."
    )
}
