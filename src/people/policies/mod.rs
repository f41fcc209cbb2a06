//! What the marketplace promises in public (Decree 248/2026/NĐ-CP, art. 4–14), in dated versions, and who agreed to
//! which of them.
//!
//! A version is named by the first day it is in force. It is never changed and never deleted: a later one replaces it.
//! Agreeing is an act of its own that names the version; nothing is agreed to by silence (Law 91/2025/QH15).

pub mod admin;
pub mod http;
mod model;
mod store;

pub use model::{Policy, PolicyKind};

use axum::http::StatusCode;
use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::AccountId;
use crate::platform::error::{Error, Problem, Result};

/// The version in force is not agreed to. The facts `kind` and `version` name it.
pub const NOT_ACCEPTED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "policy-not-accepted",
    vi: "Cần đồng ý với phiên bản đang có hiệu lực của chính sách",
    en: "The version of the policy in force must be agreed to first",
};

/// The version of the policy in force on the day, with its text.
pub async fn in_force(conn: &mut PgConnection, kind: PolicyKind, on: NaiveDate) -> Result<Option<Policy>> {
    store::find_on(conn, kind, on).await
}

/// Refuses with [`NOT_ACCEPTED`] unless the account agreed to the version in force on the day.
pub async fn require_accepted(
    conn: &mut PgConnection,
    account: AccountId,
    kind: PolicyKind,
    today: NaiveDate,
) -> Result<()> {
    let Some(version) = store::version_on(conn, kind, today).await? else {
        return Err(Error::fault(format!("no policy {kind:?} on {today}")));
    };
    if store::has_accepted(conn, account, kind, version).await? {
        return Ok(());
    }
    Err(Error::from(&NOT_ACCEPTED).fact("kind", kind.name()).fact("version", version.to_string()))
}
