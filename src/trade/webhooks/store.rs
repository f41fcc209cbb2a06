//! The table `webhooks`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Heard, Message, Source};
use crate::kernel::WebhookId;
use crate::platform::error::Result;

/// Bytes kept of a message that is not believed: enough to see what was tried.
const UNBELIEVED_KEPT: usize = 2048;

/// Messages of one source that are not believed and are kept within an hour: anybody can send them, and may not fill the
/// disk with them.
const UNBELIEVED_PER_HOUR: i64 = 1000;

/// Writes down a message its sender signed; the same bytes again are counted.
pub async fn insert(conn: &mut PgConnection, message: &Message<'_>, now: DateTime<Utc>) -> Result<WebhookId> {
    let id = WebhookId::new(now);
    let id = sqlx::query_scalar!(
        r#"insert into webhooks (id, source, raw, digest, verified, received_at)
           values ($1, $2, $3, $4, true, $5)
           on conflict on constraint webhooks_once
           do update set times = webhooks.times + 1
        returning id as "id: WebhookId""#,
        id as _,
        message.source as _,
        message.kept(id, message.raw)?,
        message.digest(),
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Writes down the beginning of a message that is not believed; the same bytes again are counted.
pub async fn insert_unbelieved(
    conn: &mut PgConnection,
    message: &Message<'_>,
    why: Heard,
    now: DateTime<Utc>,
) -> Result<()> {
    let id = WebhookId::new(now);
    let part = message.raw.get(..UNBELIEVED_KEPT).unwrap_or(message.raw);
    sqlx::query!(
        "insert into webhooks (id, source, raw, digest, verified, outcome, received_at)
         select $1, $2, $3, $4, false, $5, $6
          where (select count(*)
                   from (select from webhooks
                          where not verified
                            and source = $2
                            and received_at > $6::timestamptz - interval '1 hour'
                          limit $7) as lately) < $7
         on conflict on constraint webhooks_once
         do update set times = webhooks.times + 1",
        id as _,
        message.source as _,
        message.kept(id, part)?,
        message.digest(),
        why as _,
        now,
        UNBELIEVED_PER_HOUR,
    )
    .execute(conn)
    .await?;
    Ok(())
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
    if matches!(heard, Heard::Malformed | Heard::Stale | Heard::Unknown | Heard::Held) {
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

/// Deletes some of the messages that are not believed and came before `then`; says how many.
pub async fn forget_unbelieved(conn: &mut PgConnection, then: DateTime<Utc>, most: i64) -> Result<u64> {
    let done = sqlx::query!(
        "delete from webhooks
          where id in (select id from webhooks where not verified and received_at < $1 limit $2)",
        then,
        most,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Signed messages between the two instants that nobody has judged, or could read.
pub async fn unheard(
    conn: &mut PgConnection,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(WebhookId, Source)>> {
    let unheard = sqlx::query!(
        r#"select id as "id: WebhookId", source as "source: Source"
             from webhooks
            where verified
              and (outcome is null or outcome = 'malformed')
              and received_at >= $1
              and received_at < $2
            order by id
            limit 100"#,
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    Ok(unheard.into_iter().map(|row| (row.id, row.source)).collect())
}
