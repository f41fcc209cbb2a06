//! The tables `contacts` and `codes`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::AccountId;
use crate::people::identity::codes::Purpose;
use crate::people::identity::model::Contact;
use crate::platform::error::Result;

/// An account somebody claims to own.
pub struct Claimed {
    pub account_id: AccountId,
    pub password_hash: String,
    /// Whether the contact is proved to be the account's.
    pub confirmed: bool,
    /// Whether the account has proved another contact.
    pub has_another: bool,
}

/// A code as stored.
pub struct StoredCode {
    pub code_hash: Vec<u8>,
    pub tries: i32,
    pub expires_at: DateTime<Utc>,
}

/// Gives the contact to the account; `false` if it is another's.
///
/// An unproved contact of an account that has proved another one blocks nobody: it was only claimed, so the next claim
/// takes it over. The only contact of an account is never taken away; its owner gets it back by recovering.
pub async fn insert_contact(
    conn: &mut PgConnection,
    account: AccountId,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into contacts (value, kind, account_id, created_at)
         values ($1, $2, $3, $4)
             on conflict on constraint contacts_value_key do update
            set account_id = excluded.account_id,
                created_at = excluded.created_at
          where contacts.confirmed_at is null
            and contacts.account_id <> excluded.account_id
            and exists (
                select 1
                  from contacts as other
                 where other.account_id = contacts.account_id
                   and other.confirmed_at is not null)",
        contact.as_str(),
        contact.kind(),
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn confirm_contact(conn: &mut PgConnection, contact: &Contact, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update contacts
            set confirmed_at = $2
          where value = $1
            and confirmed_at is null",
        contact.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn has_confirmed_contact(conn: &mut PgConnection, account: AccountId) -> Result<bool> {
    let confirmed = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from contacts
                   where account_id = $1
                     and confirmed_at is not null) as "exists!""#,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(confirmed)
}

pub async fn confirmed_contacts(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Contact>> {
    let contacts = sqlx::query_scalar!(
        "select value
           from contacts
          where account_id = $1
            and confirmed_at is not null
          order by created_at, value",
        account as _,
    )
    .fetch_all(conn)
    .await?;
    contacts.into_iter().map(|value| Ok(Contact::try_from(value)?)).collect()
}

pub async fn find_by_contact(conn: &mut PgConnection, contact: &Contact) -> Result<Option<Claimed>> {
    let found = sqlx::query_as!(
        Claimed,
        r#"select accounts.id as "account_id: AccountId",
                  password_hash as "password_hash!",
                  confirmed_at is not null as "confirmed!",
                  exists (
                  select 1
                    from contacts as other
                   where other.account_id = accounts.id
                     and other.value <> contacts.value
                     and other.confirmed_at is not null) as "has_another!"
             from contacts
             join accounts on accounts.id = account_id
            where value = $1
              and closed_at is null"#,
        contact.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// Whether `contact` is the account's own.
pub async fn owns_contact(conn: &mut PgConnection, account: AccountId, contact: &Contact) -> Result<bool> {
    let owns = sqlx::query_scalar!(
        r#"select exists (select 1 from contacts where value = $1 and account_id = $2) as "exists!""#,
        contact.as_str(),
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(owns)
}

/// Forgets what the account claimed and never proved: whoever recovered it must not share it with the claimant.
pub async fn delete_unproved_contacts(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from contacts where account_id = $1 and confirmed_at is null", account as _)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_code(
    conn: &mut PgConnection,
    contact: &Contact,
    purpose: Purpose,
    code_hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into codes (contact, purpose, code_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5)
         on conflict on constraint codes_pk do update
            set code_hash = excluded.code_hash,
                tries = 0,
                created_at = excluded.created_at,
                expires_at = excluded.expires_at",
        contact.as_str(),
        purpose as _,
        code_hash,
        now,
        expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts a try and returns the code tried; concurrent tries wait for each other here.
pub async fn try_code(conn: &mut PgConnection, contact: &Contact, purpose: Purpose) -> Result<Option<StoredCode>> {
    let code = sqlx::query_as!(
        StoredCode,
        "update codes
            set tries = tries + 1
          where contact = $1
            and purpose = $2
        returning code_hash, tries, expires_at",
        contact.as_str(),
        purpose as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(code)
}

pub async fn delete_code(conn: &mut PgConnection, contact: &Contact, purpose: Purpose) -> Result<()> {
    sqlx::query!("delete from codes where contact = $1 and purpose = $2", contact.as_str(), purpose as _)
        .execute(conn)
        .await?;
    Ok(())
}
