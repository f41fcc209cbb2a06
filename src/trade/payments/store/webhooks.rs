//! The table `webhooks`.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::kernel::WebhookId;
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::model::Heard;

/// Keeps the message as it came; the same bytes again are counted.
pub async fn insert(
    conn: &mut PgConnection,
    provider: Provider,
    raw: &[u8],
    verified: bool,
    now: DateTime<Utc>,
) -> Result<WebhookId> {
    let digest = Sha256::digest(raw);
    let id = sqlx::query_scalar!(
        r#"insert into webhooks (id, provider, raw, digest, verified, received_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint webhooks_once
           do update set times = webhooks.times + 1
        returning id as "id: WebhookId""#,
        WebhookId::new(now) as _,
        provider as _,
        raw,
        digest.as_slice(),
        verified,
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
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
