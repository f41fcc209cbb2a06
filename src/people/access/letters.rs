//! Words to everybody who belongs to a shop, or who has a function in a province.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, SellerId};
use crate::people::identity;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// Writes to every confirmed contact of every member of the shop. What was written is handed back, for the demo's log.
pub async fn write_to_members(
    conn: &mut PgConnection,
    seller: SellerId,
    subject: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let members = store::members_of(conn, seller).await?;
    write(conn, &members, subject, body, now).await
}

/// Writes to every confirmed contact of every officer of the province's own departments who holds the permission there.
pub async fn write_to_officers(
    conn: &mut PgConnection,
    province_code: &str,
    permission: &str,
    subject: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let officers = store::holders_of(conn, false, province_code, permission, day_of(now)).await?;
    write(conn, &officers, subject, body, now).await
}

/// Writes to every confirmed contact of the accounts.
pub async fn write(
    conn: &mut PgConnection,
    accounts: &[AccountId],
    subject: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let mut written = Vec::new();
    for account in accounts {
        written.extend(identity::write(conn, *account, subject, body, now).await?);
    }
    Ok(written)
}
