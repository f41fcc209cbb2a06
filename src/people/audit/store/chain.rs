//! The tables `audit_unsealed`, `audit_seals` and `audit_heads`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::AuditId;
use crate::people::audit::Entry;
use crate::people::audit::chain::{GENESIS, Hash};
use crate::platform::error::{Error, Result};

/// How long the chain is, and its last hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub position: i64,
    pub hash: Hash,
}

/// A seal to add.
pub struct NewSeal {
    pub position: i64,
    pub entry_id: AuditId,
    pub payload_hash: Hash,
    pub hash: Hash,
    pub sealed_at: DateTime<Utc>,
}

/// A seal as it is found, with its entry unless that is gone.
pub struct Link {
    pub position: i64,
    pub payload_hash: Hash,
    pub hash: Hash,
    pub sealed_at: DateTime<Utc>,
    pub entry: Option<Entry>,
}

/// A day's head as it was noted.
pub struct NotedHead {
    pub day: NaiveDate,
    pub head: Head,
}

/// An entry that lacks something: its seal, or the record of its erasure.
pub struct Suspect {
    pub id: AuditId,
    pub provinces: Vec<String>,
}

/// Until the transaction ends nobody else adds to the chain; `false` if somebody does already.
pub async fn lock_chain(conn: &mut PgConnection) -> Result<bool> {
    let locked =
        sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock(hashtext('people.audit.chain')) as "locked!""#)
            .fetch_one(conn)
            .await?;
    Ok(locked)
}

pub async fn head(conn: &mut PgConnection) -> Result<Head> {
    let last = sqlx::query!("select position, hash from audit_seals order by position desc limit 1")
        .fetch_optional(conn)
        .await?;
    match last {
        Some(row) => Ok(Head { position: row.position, hash: sha256(row.hash)? }),
        None => Ok(Head { position: 0, hash: GENESIS }),
    }
}

/// The hash the chain has at `position`; `None` where it does not reach.
pub async fn hash_at(conn: &mut PgConnection, position: i64) -> Result<Option<Hash>> {
    if position == 0 {
        return Ok(Some(GENESIS));
    }
    let hash =
        sqlx::query_scalar!("select hash from audit_seals where position = $1", position).fetch_optional(conn).await?;
    hash.map(sha256).transpose()
}

/// Takes committed entries out of the queue, the oldest first.
pub async fn take_unsealed(conn: &mut PgConnection, limit: i64) -> Result<Vec<Entry>> {
    let entries = sqlx::query_as!(
        Entry,
        r#"with taken as (
               delete from audit_unsealed
                where entry_id in (select entry_id from audit_unsealed order by entry_id limit $1)
            returning entry_id)
           select id as "id: _",
                  at,
                  account_id as "account_id: _",
                  operation,
                  permission,
                  provinces,
                  subject_id,
                  coalesce(facts, 'null') as "facts!",
                  erased_at
             from audit_entries
             join taken on taken.entry_id = id
            order by id"#,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(entries)
}

pub async fn insert_seals(conn: &mut PgConnection, seals: &[NewSeal]) -> Result<()> {
    let positions: Vec<_> = seals.iter().map(|seal| seal.position).collect();
    let entries: Vec<_> = seals.iter().map(|seal| seal.entry_id.as_uuid()).collect();
    let payloads: Vec<_> = seals.iter().map(|seal| seal.payload_hash.to_vec()).collect();
    let hashes: Vec<_> = seals.iter().map(|seal| seal.hash.to_vec()).collect();
    let times: Vec<_> = seals.iter().map(|seal| seal.sealed_at).collect();
    sqlx::query!(
        "insert into audit_seals (position, entry_id, payload_hash, hash, sealed_at)
         select *
           from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])",
        &positions,
        &entries,
        &payloads,
        &hashes,
        &times,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The seals after `position`, in their order, with what they seal.
pub async fn links(conn: &mut PgConnection, after: i64, limit: i64) -> Result<Vec<Link>> {
    let rows = sqlx::query!(
        r#"select position,
                  payload_hash,
                  hash,
                  sealed_at,
                  id as "id?: AuditId",
                  at as "at?",
                  account_id as "account_id?: crate::kernel::AccountId",
                  operation as "operation?",
                  permission as "permission?",
                  provinces as "provinces?",
                  subject_id as "subject_id?",
                  coalesce(facts, 'null') as "facts!",
                  erased_at
             from audit_seals
             left join audit_entries on id = entry_id
            where position > $1
            order by position
            limit $2"#,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let links = rows.into_iter().map(|row| {
        let who = row.id.zip(row.at).zip(row.account_id);
        let what = row.operation.zip(row.permission).zip(row.provinces).zip(row.subject_id);
        let entry =
            who.zip(what).map(|(((id, at), account_id), (((operation, permission), provinces), subject_id))| {
                let (facts, erased_at) = (row.facts, row.erased_at);
                Entry { id, at, account_id, operation, permission, provinces, subject_id, facts, erased_at }
            });
        let (payload_hash, hash) = (sha256(row.payload_hash)?, sha256(row.hash)?);
        Ok(Link { position: row.position, payload_hash, hash, sealed_at: row.sealed_at, entry })
    });
    links.collect()
}

/// Entries of before `before` that have no seal.
pub async fn unsealed(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<Vec<Suspect>> {
    let entries = sqlx::query_as!(
        Suspect,
        r#"select id as "id: _", provinces
             from audit_entries
            where at < $1
              and not exists (select 1 from audit_seals where entry_id = id)
            order by id
            limit $2"#,
        before,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(entries)
}

/// Entries whose facts are gone, and of whose erasure by `operation` there is no entry.
pub async fn erased_unrecorded(conn: &mut PgConnection, operation: &str, limit: i64) -> Result<Vec<Suspect>> {
    let entries = sqlx::query_as!(
        Suspect,
        r#"select id as "id: _", provinces
             from audit_entries as erased
            where erased_at is not null
              and not exists (
                  select 1
                    from audit_entries as erasure
                   where erasure.subject_id = erased.id
                     and erasure.operation = $1)
            order by id
            limit $2"#,
        operation,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(entries)
}

/// Notes the head of the day; one that was noted before stays.
pub async fn insert_head(conn: &mut PgConnection, day: NaiveDate, head: &Head, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into audit_heads (day, position, hash, exported_at)
         values ($1, $2, $3, $4)
         on conflict on constraint audit_heads_pk do nothing",
        day,
        head.position,
        head.hash.as_slice(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn noted_heads(conn: &mut PgConnection) -> Result<Vec<NotedHead>> {
    let rows = sqlx::query!("select day, position, hash from audit_heads order by day").fetch_all(conn).await?;
    let noted = rows.into_iter().map(|row| {
        let head = Head { position: row.position, hash: sha256(row.hash)? };
        Ok(NotedHead { day: row.day, head })
    });
    noted.collect()
}

fn sha256(bytes: Vec<u8>) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::fault("a hash that is no SHA-256"))
}
