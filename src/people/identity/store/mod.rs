//! The tables `accounts`, `sessions`, `consents`, `attempts`; contacts and codes, and second factors, have files of
//! their own.

mod contacts;
mod second_factors;

pub use contacts::*;
pub use second_factors::*;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::model::{Account, Consent, ConsentState, ConsentText, ContactState};
use crate::kernel::{AccountId, SessionId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// A living session.
pub struct Session {
    pub id: SessionId,
    pub account_id: AccountId,
    /// Whether it is a guest's.
    pub guest: bool,
    /// As far as it is an officer's.
    pub desk: Option<Desk>,
}

/// A session to open.
pub struct NewSession<'a> {
    pub id: SessionId,
    pub account_id: AccountId,
    pub token_hash: &'a [u8],
    pub user_agent: &'a str,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub async fn insert_account(
    conn: &mut PgConnection,
    id: AccountId,
    display_name: &str,
    password_hash: &str,
    demo: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into accounts (id, display_name, password_hash, demo, created_at)
         values ($1, $2, $3, $4, $5)",
        id as _,
        display_name,
        password_hash,
        demo,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn display_name(conn: &mut PgConnection, account: AccountId) -> Result<String> {
    let name =
        sqlx::query_scalar!("select display_name from accounts where id = $1", account as _).fetch_one(conn).await?;
    Ok(name)
}

/// Locks the account's row; rows that refer to it may still be written.
pub async fn lock(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("select id from accounts where id = $1 for no key update", account as _).fetch_one(conn).await?;
    Ok(())
}

/// The account as its owner sees it.
pub async fn find_account(conn: &mut PgConnection, account: AccountId) -> Result<Account> {
    let row = sqlx::query!(
        r#"select display_name, demo, accounts.created_at, confirmed_at as "second_factor_since?"
             from accounts
             left join second_factors on second_factors.account_id = accounts.id
            where accounts.id = $1"#,
        account as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    let contacts = sqlx::query_as!(
        ContactState,
        "select value, confirmed_at from contacts where account_id = $1 order by created_at, value",
        account as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let consents = sqlx::query_as!(
        ConsentState,
        "select purpose, version, given_at
           from consents
          where account_id = $1
            and withdrawn_at is null
          order by purpose, version",
        account as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(Account {
        id: account,
        display_name: row.display_name,
        contacts,
        consents,
        second_factor_since: row.second_factor_since,
        demo: row.demo,
        created_at: row.created_at,
    })
}

pub async fn find_password_hash(conn: &mut PgConnection, account: AccountId) -> Result<String> {
    let hash = sqlx::query_scalar!(
        r#"select password_hash as "password_hash!" from accounts where id = $1 and not guest"#,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(hash)
}

/// Locks the account if its password is still the one that was checked.
pub async fn lock_with_password(conn: &mut PgConnection, account: AccountId, checked: &str) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select id from accounts where id = $1 and password_hash = $2 for update",
        account as _,
        checked,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Whether any account was made for the demonstration, and so has its published password.
pub async fn has_demo_accounts(conn: &mut PgConnection) -> Result<bool> {
    let has =
        sqlx::query_scalar!(r#"select exists (select 1 from accounts where demo) as "has!""#).fetch_one(conn).await?;
    Ok(has)
}

/// Changes the password and ends every session of the account.
pub async fn set_password(conn: &mut PgConnection, account: AccountId, password_hash: &str) -> Result<()> {
    sqlx::query!("update accounts set password_hash = $2 where id = $1", account as _, password_hash)
        .execute(&mut *conn)
        .await?;
    end_sessions(conn, account).await
}

/// Opens the session if the account still has the password that was checked.
pub async fn insert_session(conn: &mut PgConnection, session: &NewSession<'_>, checked: &str) -> Result<bool> {
    let done = sqlx::query!(
        "insert into sessions (id, account_id, token_hash, user_agent, created_at, expires_at)
         select $1, id, $3, $4, $5, $6
           from accounts
          where id = $2
            and password_hash = $7
            for share",
        session.id as _,
        session.account_id as _,
        session.token_hash,
        session.user_agent,
        session.created_at,
        session.expires_at,
        checked,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes a guest, with the only session they will have.
pub async fn insert_guest(conn: &mut PgConnection, display_name: &str, session: &NewSession<'_>) -> Result<()> {
    sqlx::query!(
        "with guest as (
             insert into accounts (id, display_name, guest, created_at)
             values ($1, $2, true, $3)
          returning id)
         insert into sessions (id, account_id, token_hash, user_agent, created_at, expires_at)
         select $4, id, $5, $6, $3, $7
           from guest",
        session.account_id as _,
        display_name,
        session.created_at,
        session.id as _,
        session.token_hash,
        session.user_agent,
        session.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find_session(conn: &mut PgConnection, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Session>> {
    let found = sqlx::query!(
        r#"select sessions.id as "id: SessionId",
                  account_id as "account_id: AccountId",
                  guest,
                  raised_until,
                  idle_until,
                  desk_used_at
             from sessions
             join accounts on accounts.id = account_id
            where token_hash = $1
              and expires_at > $2
              and closed_at is null"#,
        token_hash,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|row| {
        let desk = row.raised_until.zip(row.idle_until).zip(row.desk_used_at);
        let desk = desk.map(|((raised_until, idle_until), used_at)| Desk { raised_until, idle_until, used_at });
        Session { id: row.id, account_id: row.account_id, guest: row.guest, desk }
    }))
}

pub async fn end_session(scope: &mut Scoped<'_, AccountId>, session: SessionId) -> Result<()> {
    let (conn, account) = scope.split();
    sqlx::query!("delete from sessions where id = $1 and account_id = $2", session as _, *account as _)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn end_sessions(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from sessions where account_id = $1", account as _).execute(conn).await?;
    Ok(())
}

/// Deletes guests of before `then` who asked for no quote that is still kept, with their sessions: nothing but a cart
/// refers to them.
pub async fn forget_guests(conn: &mut PgConnection, then: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "delete from accounts
          where guest
            and created_at < $1
            and not exists (select 1 from checkouts where account_id = accounts.id)",
        then,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the sessions, codes and attempts that time has ended.
pub async fn forget_expired(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from sessions where expires_at <= $1", now).execute(&mut *conn).await?;
    sqlx::query!("delete from codes where expires_at <= $1", now).execute(&mut *conn).await?;
    sqlx::query!("delete from attempts where since <= $1", now - TimeDelta::days(1)).execute(conn).await?;
    Ok(())
}

pub async fn consent_texts(conn: &mut PgConnection, today: chrono::NaiveDate) -> Result<Vec<ConsentText>> {
    let texts = sqlx::query_as!(
        ConsentText,
        "select distinct on (purpose) purpose, version, required, text_vi, text_en
           from consent_texts
          where effective_from <= $1
          order by purpose, effective_from desc",
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(texts)
}

/// Records the yes; said again after a withdrawal it holds anew.
pub async fn give_consent(
    conn: &mut PgConnection,
    account: AccountId,
    consent: &Consent,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into consents (account_id, purpose, version, given_at)
         values ($1, $2, $3, $4)
         on conflict on constraint consents_pk do update
            set given_at = excluded.given_at,
                withdrawn_at = null
          where consents.withdrawn_at is not null",
        account as _,
        consent.purpose.as_ref(),
        consent.version.as_ref(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn withdraw_consent(
    conn: &mut PgConnection,
    account: AccountId,
    purpose: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update consents
            set withdrawn_at = $3
          where account_id = $1
            and purpose = $2
            and withdrawn_at is null",
        account as _,
        purpose,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts one more attempt and returns how many there were in the window.
pub async fn count_attempt(
    conn: &mut PgConnection,
    subject: &str,
    now: DateTime<Utc>,
    window: TimeDelta,
) -> Result<i32> {
    let count = sqlx::query_scalar!(
        "insert into attempts (subject, since, count)
         values ($1, $2, 1)
         on conflict on constraint attempts_pk do update
            set since = case when attempts.since <= $3 then excluded.since else attempts.since end,
                count = case when attempts.since <= $3 then 1 else attempts.count + 1 end
        returning count",
        subject,
        now,
        now - window,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

pub async fn forget_attempts(conn: &mut PgConnection, subject: &str) -> Result<()> {
    sqlx::query!("delete from attempts where subject = $1", subject).execute(conn).await?;
    Ok(())
}
