//! The table `second_factors`, and what it does to `sessions`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, SessionId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// The shared secret of an account.
pub struct SecondFactor {
    pub sealed_secret: Vec<u8>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_step: Option<i64>,
}

/// How far a session reaches as an officer's.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    pub raised_until: DateTime<Utc>,
    pub idle_until: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
}

/// Writes the secret down, in the place of one that was never confirmed; `false` if a confirmed one is there.
pub async fn put_second_factor(
    conn: &mut PgConnection,
    account: AccountId,
    sealed_secret: &[u8],
    now: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into second_factors (account_id, sealed_secret, created_at, confirmed_at)
         values ($1, $2, $3, $4)
         on conflict on constraint second_factors_pk do update
            set sealed_secret = excluded.sealed_secret,
                created_at = excluded.created_at,
                confirmed_at = excluded.confirmed_at
          where second_factors.confirmed_at is null",
        account as _,
        sealed_secret,
        now,
        confirmed_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locked, so that of two who show the same code one is refused.
pub async fn lock_second_factor(conn: &mut PgConnection, account: AccountId) -> Result<Option<SecondFactor>> {
    let found = sqlx::query_as!(
        SecondFactor,
        "select sealed_secret, confirmed_at, last_step
           from second_factors
          where account_id = $1
            for update",
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

pub async fn confirm_second_factor(conn: &mut PgConnection, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update second_factors set confirmed_at = $2 where account_id = $1", account as _, now)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_last_step(conn: &mut PgConnection, account: AccountId, step: i64) -> Result<()> {
    sqlx::query!("update second_factors set last_step = $2 where account_id = $1", account as _, step)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn delete_second_factor(conn: &mut PgConnection, account: AccountId) -> Result<bool> {
    let done = sqlx::query!("delete from second_factors where account_id = $1", account as _).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the account has a second factor that counts.
pub async fn is_enrolled(scope: &mut Scoped<'_, AccountId>) -> Result<bool> {
    let (conn, account) = scope.split();
    let enrolled = sqlx::query_scalar!(
        r#"select exists (select 1 from second_factors where account_id = $1 and confirmed_at is not null) as "is!""#,
        *account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(enrolled)
}

pub async fn raise_session(conn: &mut PgConnection, session: SessionId, desk: &Desk) -> Result<()> {
    sqlx::query!(
        "update sessions
            set raised_until = $2,
                idle_until = $3,
                desk_used_at = $4
          where id = $1",
        session as _,
        desk.raised_until,
        desk.idle_until,
        desk.used_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes the use of officers' functions in a session that is still raised.
pub async fn note_use(
    conn: &mut PgConnection,
    account: AccountId,
    session: SessionId,
    idle_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update sessions
            set idle_until = $3,
                desk_used_at = $4
          where id = $1
            and account_id = $2
            and desk_used_at < $4",
        session as _,
        account as _,
        idle_until,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
