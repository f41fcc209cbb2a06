//! The table `webhooks`.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::kernel::WebhookId;
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::model::Heard;

/// Bytes kept of a message nobody signed: enough to see what was tried, too little to fill the disk with.
const UNSIGNED_KEPT: usize = 2048;

/// Keeps the message as it came, or the beginning of one that is not believed; the same bytes again are counted.
pub async fn insert(
    conn: &mut PgConnection,
    provider: Provider,
    raw: &[u8],
    verified: bool,
    now: DateTime<Utc>,
) -> Result<WebhookId> {
    let digest = Sha256::digest(raw);
    let kept = if verified { raw } else { raw.get(..UNSIGNED_KEPT).unwrap_or(raw) };
    let id = sqlx::query_scalar!(
        r#"insert into webhooks (id, provider, raw, digest, verified, received_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint webhooks_once
           do update set times = webhooks.times + 1
        returning id as "id: WebhookId""#,
        WebhookId::new(now) as _,
        provider as _,
        kept,
        digest.as_slice(),
        verified,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Deletes the messages that nobody signed and that came before `then`; says how many.
pub async fn forget_unbelieved(conn: &mut PgConnection, then: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query!("delete from webhooks where not verified and received_at < $1", then).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Notes what became of the message; that it moved money is not forgotten when it comes again.
pub async fn set_outcome(conn: &mut PgConnection, id: WebhookId, heard: Heard) -> Result<()> {
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
