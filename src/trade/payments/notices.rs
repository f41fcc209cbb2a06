//! Gateways' messages: kept as they came, believed only if signed and fresh, applied once. What nobody signed is forgotten
//! after a while.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::{ForgetUnbelieved, QueryAttempt, RecheckAttempt};
use super::model::{Attempt, AttemptStatus, Heard};
use super::store::{attempts, webhooks as store};
use super::{captures, exceptions, gateways};
use crate::adapters::gateway::{Disbelieved, Notice, Outcome};
use crate::app::App;
use crate::calendar;
use crate::kernel::WebhookId;
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::ledger::Provider;

/// Hears a message: its bytes are committed first, whatever becomes of it.
pub async fn hear(app: &App, provider: Provider, raw: &[u8], read: Result<&Notice, Disbelieved>) -> Result<Heard> {
    let now = app.clock.now();
    let id = app.db.act(async |conn| store::insert(conn, provider, raw, read.is_ok(), now).await).await?;
    app.db
        .act(async |conn| {
            let heard = match read {
                Ok(notice) => judge(conn, provider, notice, now).await?,
                Err(Disbelieved::Forged) => Heard::Forged,
                Err(Disbelieved::Malformed) => Heard::Malformed,
            };
            note(conn, id, heard).await?;
            Ok(heard)
        })
        .await
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

async fn note(conn: &mut PgConnection, id: WebhookId, heard: Heard) -> Result<()> {
    if matches!(heard, Heard::Forged | Heard::Stale | Heard::Unknown | Heard::Held) {
        tracing::warn!(webhook = %id, ?heard, "a message of a payment gateway");
    }
    store::set_outcome(conn, id, heard).await
}

async fn judge(conn: &mut PgConnection, provider: Provider, notice: &Notice, now: DateTime<Utc>) -> Result<Heard> {
    let Some(attempt) = known(conn, provider, &notice.reference).await? else {
        if let Outcome::Paid { transaction } = &notice.outcome {
            exceptions::open_unknown(conn, provider, transaction, notice.amount, now).await?;
        }
        return Ok(Heard::Unknown);
    };
    if is_stale(conn, notice, now).await? {
        // What may have been overheard is asked of the gateway itself, even where nobody waits for the money any more.
        match (attempt.status, &notice.outcome) {
            (AttemptStatus::Open, _) => QueryAttempt { attempt: attempt.id }.enqueue(conn, now).await?,
            (AttemptStatus::Failed, Outcome::Paid { .. }) => {
                RecheckAttempt { attempt: attempt.id }.enqueue(conn, now).await?;
            }
            (AttemptStatus::Failed | AttemptStatus::Captured, _) => {}
        }
        return Ok(Heard::Stale);
    }
    captures::apply(conn, attempt.id, notice, now).await
}

async fn known(conn: &mut PgConnection, provider: Provider, reference: &str) -> Result<Option<Attempt>> {
    let Some(id) = gateways::attempt_of(reference) else { return Ok(None) };
    let attempt = attempts::find(conn, id).await?;
    Ok(attempt.filter(|attempt| attempt.provider == provider))
}

/// Whether the gateway's own time of the message is further from ours than row `webhook.stale` allows, in either
/// direction: what was signed long ago may have been overheard.
async fn is_stale(conn: &mut PgConnection, notice: &Notice, now: DateTime<Utc>) -> Result<bool> {
    let Some(at) = notice.at else { return Ok(false) };
    let fresh_until = calendar::due(conn, "webhook.stale", at).await?;
    let allowed = fresh_until - at;
    Ok(now >= fresh_until || at - now >= allowed)
}
