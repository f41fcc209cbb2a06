//! The table `webhooks`.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{Heard, Message};
use crate::kernel::WebhookId;
use crate::platform::error::Result;

/// Bytes kept of a message nobody signed: enough to see what was tried, too little to fill the disk with.
const UNSIGNED_KEPT: usize = 2048;

/// Keeps the message as it came, or the beginning of one that is not believed; the same bytes again are counted.
pub async fn keep(conn: &mut PgConnection, message: &Message<'_>, now: DateTime<Utc>) -> Result<WebhookId> {
    let id = WebhookId::new(now);
    let part = if message.verified { message.raw } else { message.raw.get(..UNSIGNED_KEPT).unwrap_or(message.raw) };
    // Who holds no key learns from the digest of a sealed message as little as from the message.
    let (kept, digest) = match message.seal {
        None => (part.to_vec(), Sha256::digest(message.raw).to_vec()),
        Some(seal) => (
            seal.seal(&String::from_utf8_lossy(part), &format!("webhooks.raw:{id}"))?,
            seal.digest(&String::from_utf8_lossy(message.raw), "webhooks.digest").to_vec(),
        ),
    };
    let id = sqlx::query_scalar!(
        r#"insert into webhooks (id, source, raw, digest, verified, received_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint webhooks_once
           do update set times = webhooks.times + 1
        returning id as "id: WebhookId""#,
        id as _,
        message.source as _,
        kept,
        digest,
        message.verified,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Locks the message; answers what became of it when it came before.
pub async fn lock(conn: &mut PgConnection, id: WebhookId) -> Result<Option<Heard>> {
    let heard =
        sqlx::query_scalar!(r#"select outcome as "heard: Heard" from webhooks where id = $1 for update"#, id as _)
            .fetch_one(conn)
            .await?;
    Ok(heard)
}

/// Notes what became of the message; that it changed something is not forgotten when it comes again.
pub async fn note(conn: &mut PgConnection, id: WebhookId, heard: Heard) -> Result<()> {
    if matches!(heard, Heard::Forged | Heard::Malformed | Heard::Stale | Heard::Unknown | Heard::Held) {
        tracing::warn!(webhook = %id, ?heard, "a provider's message");
    }
    sqlx::query!(
        "update webhooks
            set outcome = $2
          where id = $1
            and (outcome is null or outcome not in ('applied', 'held', 'failed'))",
        id as _,
        heard as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the messages that nobody signed and that came before `then`; says how many.
pub async fn forget_unbelieved(conn: &mut PgConnection, then: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query!("delete from webhooks where not verified and received_at < $1", then).execute(conn).await?;
    Ok(done.rows_affected())
}
