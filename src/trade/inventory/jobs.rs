//! What shops are told of their stock.

use serde::{Deserialize, Serialize};

use super::store;
use crate::app::App;
use crate::kernel::VariantId;
use crate::kernel::clock::day_of;
use crate::market::catalogue::offers;
use crate::people::{access, notify};
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// So few of a variant are available that its shop wanted to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct StockLow {
    /// Of what.
    pub variant: VariantId,
}

impl Job for StockLow {
    const KIND: &'static str = "inventory.stock_low";
}

/// Writes to the shop's members, unless they counted meanwhile or were written to since they last did.
pub async fn stock_low(app: &App, job: StockLow) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| {
            let Some(available) = store::set_noticed(conn, job.variant).await? else { return Ok(Vec::new()) };
            let Some(offer) = offers::find(conn, &[job.variant], day_of(now)).await?.pop() else {
                return Ok(Vec::new());
            };
            let (title, variant) = (&offer.title, &offer.variant_name);
            let body = format!(
                "Sản phẩm “{title}” ({variant}) chỉ còn {available} để bán. / Only {available} of “{title}” ({variant}) \
                 are left for sale."
            );
            access::write_to_members(conn, offer.seller, "Sắp hết hàng / Low stock", &body, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}
