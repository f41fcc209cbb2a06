//! The queue as officers look at it: filters, order, counts, and in whose hands a case is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Case, CaseKind, CaseStatus};
use crate::kernel::{AccountId, CaseId};

/// A case in the hands of one officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lease {
    /// The officer.
    pub account_id: AccountId,
    /// The first instant at which anybody may take it.
    pub until: DateTime<Utc>,
}

/// Whose hands the cases of a list are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Holder {
    /// One's own.
    Mine,
    /// Nobody's.
    Free,
    /// Another officer's.
    Taken,
}

/// Which cases of the queue.
#[derive(Debug, Clone)]
pub struct CaseFilter {
    /// To decide what.
    pub kind: Option<CaseKind>,
    /// Where they stand.
    pub status: CaseStatus,
    /// In which of the officer's provinces.
    pub province: Option<String>,
    /// In which province of before 1 July 2025.
    pub legacy_province: Option<String>,
    /// In which commune.
    pub commune: Option<String>,
    /// Due before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// Whether they still wait although their time has passed.
    pub late: Option<bool>,
    /// In whose hands, as seen by `viewer`.
    pub holder: Option<Holder>,
    /// Folded words of the title, the last of them perhaps unfinished.
    pub words: Option<String>,
    /// Who asks.
    pub viewer: AccountId,
    /// When.
    pub now: DateTime<Utc>,
}

/// Where a case stands in the queue: by deadline, then by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueuePosition {
    /// Its deadline.
    pub due_at: DateTime<Utc>,
    /// Itself.
    pub id: CaseId,
}

impl QueuePosition {
    /// Where the case stands.
    pub fn of(case: &Case) -> Self {
        Self { due_at: case.due_at, id: case.id }
    }
}

/// How many cases there are of a kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: CaseKind,
    /// How many.
    pub count: i64,
    /// How many of them still wait although their time has passed.
    pub late: i64,
}
