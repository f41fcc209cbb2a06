//! Appeals, as far as they are cases: when one may be filed, and that nothing else moves meanwhile.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Case, CaseKind, NewCase, Voice};
use super::{MATTER_OPEN, notes, store};
use crate::calendar;
use crate::kernel::{AccountId, CaseId};
use crate::platform::error::{Error, OnConstraint as _, Problem, Result};

/// Not decided, approved, or of a kind no appeal is heard against (see [`CaseKind::appealable`]).
pub const NOT_APPEALABLE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-not-appealable",
    vi: "Không thể khiếu nại kết quả này",
    en: "This decision cannot be appealed against",
};

/// The published time for an appeal has passed.
pub const TOO_LATE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "appeal-too-late",
    vi: "Đã hết thời hạn khiếu nại",
    en: "The time for an appeal has passed",
};

/// A decision is appealed against once.
pub const APPEALED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-appealed-already",
    vi: "Kết quả này đã được khiếu nại",
    en: "This decision has been appealed against already",
};

/// What was decided on is not what it was: there is a newer version, or a newer case about it.
pub const MOVED_ON: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-moved-on",
    vi: "Nội dung đã thay đổi sau quyết định này",
    en: "What was decided on has changed since",
};

/// Refuses an appeal against the locked case that comes too late, a second time, or after the matter was put before an
/// officer anew.
pub async fn require_appealable(conn: &mut PgConnection, case: &Case, now: DateTime<Utc>) -> Result<()> {
    let until = case.appeal_until.ok_or(&NOT_APPEALABLE)?;
    if store::appeal_against(conn, case.id).await?.is_some() {
        return Err(Error::from(&APPEALED_ALREADY));
    }
    if now >= until {
        return Err(Error::from(&TOO_LATE));
    }
    let later = store::others_about(conn, case.matter_id, case.id).await?.into_iter().any(|other| other.id > case.id);
    if later { Err(Error::from(&MOVED_ON)) } else { Ok(()) }
}

/// Puts an appeal against the case, in the shop's words, into the same province's queue.
///
/// The caller has locked the case, then its subject, and has seen that both are as the decision left them.
pub async fn open_appeal(
    conn: &mut PgConnection,
    against: &Case,
    words: &str,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<CaseId> {
    let appeal = NewCase {
        kind: CaseKind::Appeal,
        subject: against.id.as_uuid(),
        seller: against.seller_id,
        province_code: against.province_code.clone(),
        commune_code: against.commune_code.clone(),
        legacy_province_code: against.legacy_province_code.clone(),
        title: format!("Khiếu nại: {}", against.title),
        opened_by: by,
        due_at: None,
    };
    let due_at = calendar::due(conn, CaseKind::Appeal.deadline(), now).await?;
    let id = super::insert(conn, &appeal, against.matter_id, now, due_at)
        .await
        .on_constraint("cases_one_appeal", &APPEALED_ALREADY)?;
    notes::say(conn, id, Voice::FromSeller, by, words, now).await?;
    Ok(id)
}

/// Refuses with [`MATTER_OPEN`] while an appeal about the matter waits: what it is about stays as it was decided on.
///
/// The caller holds the lock on the subject that filing an appeal takes, too.
pub async fn require_no_appeal(conn: &mut PgConnection, matter: Uuid) -> Result<()> {
    if store::appeal_waits(conn, matter).await? { Err(Error::from(&MATTER_OPEN)) } else { Ok(()) }
}

/// The case an appeal is against; none for a case that is no appeal.
pub async fn appealed(conn: &mut PgConnection, case: &Case) -> Result<Option<Case>> {
    if case.kind != CaseKind::Appeal {
        return Ok(None);
    }
    let against = store::find_any(conn, case.subject_id.into()).await?;
    against.map(Some).ok_or_else(|| Error::fault(format!("appeal {} is against no case", case.id)))
}

/// The appeal against the case, if there is one.
pub async fn appeal_against(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    store::appeal_against(conn, id).await
}

/// The open appeals that are still their province's to decide on, oldest first.
pub async fn provincial_appeals(conn: &mut PgConnection) -> Result<Vec<CaseId>> {
    store::provincial_appeals(conn).await
}

/// The appeal, locked, if it is still open and its province's.
pub async fn lock_provincial(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    let appeal = store::lock_any(conn, id).await?;
    Ok(appeal.filter(|appeal| appeal.require_open().is_ok() && !appeal.national))
}

/// Leaves the appeal to the national department. Whoever works on it stops.
pub async fn mark_national(conn: &mut PgConnection, id: CaseId) -> Result<()> {
    store::set_lease(conn, id, None).await?;
    store::set_national(conn, id).await
}
