//! Gateways' messages: kept as they came, believed only if signed and fresh, applied once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::{QueryAttempt, RecheckAttempt};
use super::model::{Attempt, AttemptStatus};
use super::store::attempts;
use super::{captures, exceptions, gateways};
use crate::adapters::gateway::{Disbelieved, Notice, Outcome};
use crate::app::App;
use crate::calendar;
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::ledger::Provider;
use crate::trade::webhooks::{self, Heard, Message};

/// Hears a message: its bytes are committed first, whatever becomes of it.
pub async fn hear(app: &App, provider: Provider, raw: &[u8], read: Result<&Notice, Disbelieved>) -> Result<Heard> {
    let now = app.clock.now();
    let message = Message { source: provider.into(), raw, seal: None };
    let unbelieved = match read {
        Ok(_) | Err(Disbelieved::Unreadable) => None,
        Err(Disbelieved::Forged) => Some(Heard::Forged),
        Err(Disbelieved::Malformed) => Some(Heard::Malformed),
    };
    if let Some(heard) = unbelieved {
        webhooks::keep_unbelieved(app, &message, heard).await?;
        return Ok(heard);
    }
    let id = webhooks::keep(app, &message).await?;
    app.db
        .act(async |conn| {
            let heard = match read {
                Ok(notice) => judge(conn, provider, notice, now).await?,
                Err(_) => Heard::Malformed,
            };
            webhooks::note(conn, id, heard).await?;
            Ok(heard)
        })
        .await
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
