//! The table `messages`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Message;
use crate::kernel::MessageId;
use crate::platform::error::Result;

pub async fn insert(conn: &mut PgConnection, id: MessageId, message: &Message, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into messages (id, channel, recipient, subject, body, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        id as _,
        message.channel as _,
        message.recipient,
        message.subject,
        message.body,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from messages where created_at < $1", before).execute(conn).await?;
    Ok(())
}
