//! Words to buyers whose money has come back.

use super::jobs::RefundArrived;
use super::store::show;
use crate::app::App;
use crate::people::{access, notify};
use crate::platform::error::Result;

/// Tells the buyer that the money of an order is back.
pub async fn refund_arrived(app: &App, news: RefundArrived) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| {
            let Some(refund) = show::refund_of_buyer(conn, news.refund).await? else { return Ok(Vec::new()) };
            let subject = "Tiền hoàn đã được chuyển / Your money is on its way back";
            let body = format!(
                "{} của đơn hàng {} đã được hoàn lại cho bạn. / {} of order {} have been given back to you.",
                refund.amount, refund.number, refund.amount, refund.number,
            );
            access::write(conn, &[refund.buyer], subject, &body, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}
