//! Forgetting what is not believed, and finding what nobody judged.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::store;
use crate::app::App;
use crate::calendar;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job;

/// Messages forgotten in one transaction.
const CHUNK: i64 = 1000;

/// How far back a night looks: over the night before too, in case nobody was awake then.
const LOOKED_AT: TimeDelta = TimeDelta::hours(48);

/// How long a message may be under judgement.
const JUDGED_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Messages that are not believed are forgotten every night, once nobody needs them to see who tried what.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetUnbelieved {}

impl Job for ForgetUnbelieved {
    const KIND: &'static str = "webhooks.forget_unbelieved";
}

/// Forgets what was not believed so long ago (row `webhook.unbelieved`).
pub async fn forget_unbelieved(app: &App, _: ForgetUnbelieved) -> Result<()> {
    let now = app.clock.now();
    let then = app.db.see(async |conn| calendar::latest_start(conn, "webhook.unbelieved", now).await).await?;
    while app.db.act(async |conn| store::forget_unbelieved(conn, then, CHUNK).await).await? > 0 {}
    Ok(())
}

/// Every night somebody looks whether all that was signed has been judged.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct FindUnheard {}

impl Job for FindUnheard {
    const KIND: &'static str = "webhooks.find_unheard";
}

/// A fault that names the signed messages nobody judged (the program died between the two) or could read: most senders
/// repeat what was not answered, and where one did not, a person must look.
pub async fn find_unheard(app: &App, _: FindUnheard) -> Result<()> {
    let until = app.clock.now() - JUDGED_WITHIN;
    let unheard = app.db.see(async |conn| store::unheard(conn, (until - LOOKED_AT, until)).await).await?;
    if unheard.is_empty() { Ok(()) } else { Err(Error::fault(format!("signed messages nobody heard: {unheard:?}"))) }
}
