//! Policies and their versions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::PolicyVersionId;

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PolicyKind {
    /// How the marketplace works, for buyers and sellers (quy chế hoạt động).
    OperatingRules,
    /// What becomes of personal data.
    Privacy,
    /// How complaints are settled, within which time.
    Complaints,
    /// Returns and refunds.
    Returns,
    /// What decides about the order in which listings are shown.
    Ranking,
}

impl PolicyKind {
    /// As in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OperatingRules => "operating_rules",
            Self::Privacy => "privacy",
            Self::Complaints => "complaints",
            Self::Returns => "returns",
            Self::Ranking => "ranking",
        }
    }
}

/// A version without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyHeading {
    /// The version, as records of officers' acts name it.
    pub id: PolicyVersionId,
    /// Of which policy.
    pub kind: PolicyKind,
    /// Names the version: the first day it is in force.
    pub version: NaiveDate,
    /// The last day it is in force; null until a later version is published.
    pub last_day: Option<NaiveDate>,
    /// Title in Vietnamese.
    #[schema(example = "Quy chế hoạt động")]
    pub title_vi: String,
    /// Title in English.
    #[schema(example = "Operating rules")]
    pub title_en: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// A version with its text. The Vietnamese text is the binding one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Policy {
    /// The version, as records of officers' acts name it.
    pub id: PolicyVersionId,
    /// Of which policy.
    pub kind: PolicyKind,
    /// Names the version: the first day it is in force.
    pub version: NaiveDate,
    /// The last day it is in force; null until a later version is published.
    pub last_day: Option<NaiveDate>,
    /// Title in Vietnamese.
    #[schema(example = "Quy chế hoạt động")]
    pub title_vi: String,
    /// Title in English.
    #[schema(example = "Operating rules")]
    pub title_en: String,
    /// The text in Vietnamese.
    pub text_vi: String,
    /// The text in English.
    pub text_en: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// Where an account stands with a policy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyAcceptance {
    /// Which policy.
    pub kind: PolicyKind,
    /// The version in force.
    pub version: NaiveDate,
    /// Whether that version is agreed to.
    pub up_to_date: bool,
    /// The latest version agreed to; null if none ever was.
    pub accepted_version: Option<NaiveDate>,
    /// When that was.
    pub accepted_at: Option<DateTime<Utc>>,
}
