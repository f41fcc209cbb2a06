//! The record of officers' acts and of every read of ID data: rows in the transaction of the act itself, append-only
//! by trigger.

mod store;

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
    /// What else is worth remembering.
    #[schema(value_type = Object)]
    pub facts: serde_json::Value,
}

/// Adds the entry.
pub async fn record(conn: &mut PgConnection, entry: &Entry) -> Result<()> {
    store::insert(conn, entry).await
}

/// A page of entries whose officers acted within `provinces`, newest first; `before` is the last entry of the page
/// before.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &[String],
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Entry>> {
    store::page(conn, provinces, before, limit).await
}
