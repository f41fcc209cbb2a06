//! The table `audit_entries`; the chain has a file of its own.

mod chain;

use std::ops::Range;

pub use chain::*;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use serde::Serialize;

use super::Entry;
use super::chain::GENESIS;
use crate::kernel::{AccountId, AuditId};
use crate::platform::error::Result;

pub async fn insert(conn: &mut PgConnection, entry: &Entry) -> Result<()> {
    sqlx::query!(
        "with entry as (
              insert into audit_entries (id, at, account_id, operation, permission, provinces, subject_id, facts)
              values ($1, $2, $3, $4, $5, $6, $7, $8)
           returning id)
         insert into audit_unsealed (entry_id)
         select id from entry",
        entry.id as _,
        entry.at,
        entry.account_id as _,
        entry.operation,
        entry.permission,
        &entry.provinces,
        entry.subject_id,
        entry.facts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Entries of officers who acted within `provinces`, on the one subject or on any, newest first.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &[String],
    subject: Option<Uuid>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let entries = sqlx::query_as!(
        Entry,
        r#"select id as "id: AuditId",
                  at,
                  account_id as "account_id: _",
                  operation,
                  permission,
                  provinces,
                  subject_id,
                  coalesce(facts, 'null') as "facts!",
                  erased_at
             from audit_entries
            where provinces <@ $1
              and ($2::uuid is null or subject_id = $2)
              and ($3::uuid is null or id < $3)
            order by id desc
            limit $4"#,
        provinces,
        subject,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(entries)
}

/// An entry with its place in the chain, enough to check it without the rest.
#[derive(Debug, Serialize)]
pub struct SealedEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// `None` until the sealer has come by.
    pub seal: Option<Seal>,
}

/// The place of an entry in the chain.
#[derive(Debug, Serialize)]
pub struct Seal {
    pub position: i64,
    pub sealed_at: DateTime<Utc>,
    /// Of the facts, in hex.
    pub payload_hash: String,
    /// Of the seal before, in hex.
    pub previous_hash: String,
    /// Of all this, in hex.
    pub hash: String,
}

/// Entries of officers who acted within `provinces`, oldest first.
pub async fn sealed_entries(
    conn: &mut PgConnection,
    provinces: &[String],
    stretch: &Range<Option<DateTime<Utc>>>,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<SealedEntry>> {
    let rows = sqlx::query!(
        r#"select id as "id: AuditId",
                  at,
                  account_id as "account_id: AccountId",
                  operation,
                  permission,
                  provinces,
                  subject_id,
                  coalesce(facts, 'null') as "facts!",
                  erased_at,
                  own.position as "position?",
                  own.sealed_at as "sealed_at?",
                  encode(own.payload_hash, 'hex') as "payload_hash?",
                  encode(previous.hash, 'hex') as "previous_hash?",
                  encode(own.hash, 'hex') as "hash?"
             from audit_entries
             left join audit_seals own on own.entry_id = id
             left join audit_seals previous on previous.position = own.position - 1
            where provinces <@ $1
              and ($2::timestamptz is null or at >= $2)
              and ($3::timestamptz is null or at < $3)
              and ($4::uuid is null or id > $4)
            order by id
            limit $5"#,
        provinces,
        stretch.start,
        stretch.end,
        after as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let sealed = rows.into_iter().map(|row| {
        let found = row.position.zip(row.sealed_at).zip(row.payload_hash).zip(row.hash);
        let seal = found.map(|(((position, sealed_at), payload_hash), hash)| Seal {
            position,
            sealed_at,
            payload_hash,
            previous_hash: row.previous_hash.unwrap_or_else(|| hex::encode(GENESIS)),
            hash,
        });
        let entry = Entry {
            id: row.id,
            at: row.at,
            account_id: row.account_id,
            operation: row.operation,
            permission: row.permission,
            provinces: row.provinces,
            subject_id: row.subject_id,
            facts: row.facts,
            erased_at: row.erased_at,
        };
        SealedEntry { entry, seal }
    });
    Ok(sealed.collect())
}

/// Erases the facts of a sealed entry that has them; answers the provinces of the entry.
pub async fn erase(conn: &mut PgConnection, id: AuditId, now: DateTime<Utc>) -> Result<Option<Vec<String>>> {
    let provinces = sqlx::query_scalar!(
        "update audit_entries
            set facts = null,
                erased_at = $2
          where id = $1
            and erased_at is null
            and exists (select 1 from audit_seals where entry_id = $1)
      returning provinces",
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(provinces)
}
