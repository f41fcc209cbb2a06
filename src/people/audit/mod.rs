//! The record of officers' acts and of every read of ID data: rows in the transaction of the act itself, append-only
//! by trigger.
//!
//! A sealer links what is committed into a chain of hashes ([`chain`]), so that a row changed, inserted or removed behind
//! the application's back is found by [`verify()`]; a tail that is cut off is found because the chain's heads are kept
//! outside the database too. Payloads can be erased where the law asks for it: the chain holds their hashes, and the erasure
//! is an entry itself; a payload that is gone without one is found.

pub mod chain;
pub mod export;
mod heads;
pub mod jobs;
mod sealer;
mod store;
mod verify;

pub use heads::exported as exported_heads;
pub use store::SealedEntry;
pub use verify::{Finding, Verification, Wrong, verify};

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::{AccountId, AuditId};
use crate::platform::error::Result;

/// One act of one officer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    /// The entry.
    pub id: AuditId,
    /// When the act was done.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub account_id: AccountId,
    /// Method and route.
    #[schema(example = "PUT /admin/v1/cases/{id}/verdict")]
    pub operation: String,
    /// The permission that allowed it.
    pub permission: String,
    /// The provinces the officer had with that permission at that moment.
    pub provinces: Vec<String>,
    /// What it was done to.
    pub subject_id: Uuid,
    /// What else is worth remembering; null once erased.
    #[schema(value_type = Option<Object>)]
    pub facts: serde_json::Value,
    /// When the facts were erased, if they were.
    pub erased_at: Option<DateTime<Utc>>,
}

/// Adds the entry.
pub async fn record(conn: &mut PgConnection, entry: &Entry) -> Result<()> {
    store::insert(conn, entry).await
}

/// A page of entries whose officers acted within `provinces`, on the one subject or on any, newest first; `before` is the
/// last entry of the page before.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &[String],
    subject: Option<Uuid>,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Entry>> {
    store::page(conn, provinces, subject, before, limit).await
}

/// Entries of a stretch of time with their seals, oldest first: evidence. `after` is the last entry of the part before.
pub async fn sealed_entries(
    conn: &mut PgConnection,
    provinces: &[String],
    stretch: &Range<Option<DateTime<Utc>>>,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<SealedEntry>> {
    store::sealed_entries(conn, provinces, stretch, after, limit).await
}

/// What the entry of an erasure names as its operation.
const ERASURE: &str = "audit erase";

/// Erases the payload of a sealed entry, as the law on personal data may ask, and records that. Whether there was one to
/// erase.
pub async fn erase(conn: &mut PgConnection, id: AuditId, by: AccountId, now: DateTime<Utc>) -> Result<bool> {
    let Some(provinces) = store::erase(conn, id, now).await? else { return Ok(false) };
    let erasure = Entry {
        id: AuditId::new(now),
        at: now,
        account_id: by,
        operation: ERASURE.to_owned(),
        permission: "command line".to_owned(),
        provinces,
        subject_id: id.as_uuid(),
        facts: serde_json::json!({}),
        erased_at: None,
    };
    record(conn, &erasure).await?;
    Ok(true)
}
