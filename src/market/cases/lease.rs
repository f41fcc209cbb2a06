//! One officer at a time: a case is taken for a while, given back, handed over. A lease runs out by itself.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::Case;
use super::store;
use crate::calendar;
use crate::kernel::AccountId;
use crate::platform::error::{Problem, Result};

/// Another officer works on it.
pub const LEASED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-leased",
    vi: "Cán bộ khác đang xử lý hồ sơ này",
    en: "Another officer is working on this case",
};

/// Who hands a case over must have it first.
pub const NOT_LEASED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-not-leased",
    vi: "Hãy nhận hồ sơ trước khi chuyển cho người khác",
    en: "Take the case before handing it over",
};

/// Takes the locked case for the officer, or keeps it longer, by the calendar's row `case.lease`.
pub async fn take(conn: &mut PgConnection, case: &Case, officer: AccountId, now: DateTime<Utc>) -> Result<()> {
    case.require_free_for(officer, now)?;
    hand_over(conn, case, officer, now).await
}

/// Gives the locked case to an officer, whoever has it.
pub async fn hand_over(conn: &mut PgConnection, case: &Case, to: AccountId, now: DateTime<Utc>) -> Result<()> {
    case.require_open()?;
    let until = calendar::due(conn, "case.lease", now).await?;
    store::set_lease(conn, case.id, Some((to, until))).await
}

/// Gives the locked case back to whoever takes it next. Twice is once.
pub async fn give_back(conn: &mut PgConnection, case: &Case, officer: AccountId, now: DateTime<Utc>) -> Result<()> {
    case.require_free_for(officer, now)?;
    store::set_lease(conn, case.id, None).await
}
