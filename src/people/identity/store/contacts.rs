//! The table `contacts`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::AccountId;
use crate::people::identity::model::Contact;
use crate::platform::error::Result;

pub async fn insert_contact(
    conn: &mut PgConnection,
    account: AccountId,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into contacts (value, kind, account_id, created_at)
         values ($1, $2, $3, $4)",
        contact.as_str(),
        contact.kind(),
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
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

pub async fn find_by_confirmed_contact(conn: &mut PgConnection, contact: &Contact) -> Result<Option<AccountId>> {
    let account = sqlx::query_scalar!(
        r#"select accounts.id as "id: AccountId"
             from contacts
             join accounts on accounts.id = account_id
            where value = $1
              and confirmed_at is not null
              and closed_at is null"#,
        contact.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(account)
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
