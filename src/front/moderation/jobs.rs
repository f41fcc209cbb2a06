//! Officers leave: every day it is seen whether the open appeals can still be decided on in their provinces.

use serde::{Deserialize, Serialize};

use super::appeals;
use crate::app::App;
use crate::market::cases;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Once a day.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RecheckAppeals {}

impl Job for RecheckAppeals {
    const KIND: &'static str = "moderation.recheck_appeals";
}

/// Leaves appeals nobody in the province may decide on to the national department.
pub async fn recheck_appeals(app: &App, _: RecheckAppeals) -> Result<()> {
    let now = app.clock.now();
    for appeal in app.db.see(async |conn| cases::provincial_appeals(conn).await).await? {
        for letter in app.db.act(async |conn| appeals::recheck(conn, appeal, now).await).await? {
            notify::show_in_demo(app.settings.demo, &letter);
        }
    }
    Ok(())
}
