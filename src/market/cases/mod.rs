//! The queue: something an officer must decide, in one province, with a deadline.
//!
//! A slice that needs an officer [`open`]s a case in its own transaction; the officers' desk (`front::moderation`)
//! [`lock`]s it, lets the slice decide on the subject, and [`record`]s the verdict. Deadlines are rows of the calendar,
//! reasons are rows of this slice: a province's practice changes no code.
//!
//! A decision that is no approval can be appealed against once, in time, as long as nothing has happened to its subject
//! since: the appeal is a case about the same *matter*, and as one matter has one open case, nothing else can be asked
//! about it meanwhile.

mod appeals;
pub mod http;
pub mod jobs;
mod lease;
mod model;
mod notes;
mod queue;
mod store;

pub use appeals::{
    APPEALED_ALREADY, MOVED_ON, NOT_APPEALABLE, TOO_LATE, appeal_against, appealed, lock_provincial, mark_national,
    open_appeal, provincial_appeals, require_appealable, require_no_appeal,
};
pub use lease::{LEASED, NOT_LEASED, give_back, hand_over, take};
pub use model::{Case, CaseKind, CaseNote, CaseStatus, Decision, NewCase, Reason, Verdict, Voice, recourse};
pub use notes::{TOO_MANY_NOTES, notes, say};
pub use queue::{CaseFilter, Holder, KindCount, Lease, QueuePosition};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::calendar;
use crate::kernel::{CaseId, SellerId};
use crate::people::access::Provinces;
use crate::platform::error::{Error, OnConstraint as _, Problem, Result};
use crate::platform::jobs::Job as _;
use jobs::CaseLate;

/// Nothing waits for a verdict any more: it was decided, or withdrawn.
pub const NOT_OPEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-not-open",
    vi: "Hồ sơ này không chờ quyết định",
    en: "This case is not waiting for a verdict",
};

/// Two decisions on one matter would cross each other.
pub const MATTER_OPEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "matter-open",
    vi: "Việc này đang chờ quyết định, có thể ở bước khiếu nại kết quả",
    en: "This matter is waiting for a decision, perhaps on appeal",
};

/// Puts a case into its province's queue, due by the calendar's row `case.<kind>`.
///
/// The caller holds a lock on the subject and has seen that it does not wait already: a second open case about one
/// matter is refused with [`MATTER_OPEN`] (an appeal may be under way).
pub async fn open(conn: &mut PgConnection, case: &NewCase, now: DateTime<Utc>) -> Result<CaseId> {
    let due_at = match case.due_at {
        Some(due_at) => due_at,
        None => calendar::due(conn, case.kind.deadline(), now).await?,
    };
    insert(conn, case, case.subject, now, due_at).await
}

/// Writes the case down and sees to it that its supervisors hear of it when it is late.
async fn insert(
    conn: &mut PgConnection,
    case: &NewCase,
    matter: Uuid,
    now: DateTime<Utc>,
    due_at: DateTime<Utc>,
) -> Result<CaseId> {
    let id = CaseId::new(now);
    store::insert(conn, id, case, matter, now, due_at).await.on_constraint("cases_one_open", &MATTER_OPEN)?;
    CaseLate { case: id }.enqueue(conn, due_at).await?;
    Ok(id)
}

/// Writes down what an officer decided without being asked: the shop finds it in its inbox and can appeal against it.
///
/// The decision carries [`Verdict::Reject`] and its reasons. Nothing waits, so it is due when it is decided.
pub async fn open_decided(conn: &mut PgConnection, case: &NewCase, decision: &Decision) -> Result<CaseId> {
    let id = CaseId::new(decision.at);
    let inserted = store::insert(conn, id, case, case.subject, decision.at, decision.at).await;
    inserted.on_constraint("cases_one_open", &MATTER_OPEN)?;
    record(conn, id, decision).await?;
    Ok(id)
}

/// Takes the subject's open case out of the queue; [`NOT_OPEN`] if there is none.
///
/// Call it before locking the subject: a verdict locks the case first, too.
pub async fn withdraw(conn: &mut PgConnection, kind: CaseKind, subject: Uuid) -> Result<()> {
    if store::withdraw(conn, kind, subject).await? { Ok(()) } else { Err(Error::from(&NOT_OPEN)) }
}

/// Whether the seller ever put a case before the officers of `provinces`.
pub async fn concern(conn: &mut PgConnection, provinces: &Provinces, seller: SellerId) -> Result<bool> {
    store::concern(conn, provinces, seller).await
}

/// A page of the queue of `provinces`, the oldest deadline first.
pub async fn queue(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
    after: Option<&QueuePosition>,
    limit: i64,
) -> Result<Vec<Case>> {
    store::queue(conn, provinces, filter, after, limit).await
}

/// How many cases of each kind the filter finds, whatever kind it asks for.
pub async fn count_by_kind(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
) -> Result<Vec<KindCount>> {
    store::count_by_kind(conn, provinces, filter).await
}

/// The case, if it lies in `provinces`.
pub async fn find(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    store::find(conn, provinces, id).await
}

/// The shop's own case, locked until the transaction ends.
pub async fn lock_of_seller(conn: &mut PgConnection, seller: SellerId, id: CaseId) -> Result<Option<Case>> {
    store::lock_of_seller(conn, seller, id).await
}

/// The case, if it lies in `provinces`, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    store::lock(conn, provinces, id).await
}

/// Closes a locked case with its verdict, and says until when the shop may appeal against it, by the calendar's row
/// `appeal.filing` of that day; [`NOT_OPEN`] unless it waits for one.
pub async fn record(conn: &mut PgConnection, id: CaseId, decision: &Decision) -> Result<()> {
    if !store::decide(conn, id, decision).await? {
        return Err(Error::from(&NOT_OPEN));
    }
    if decision.verdict != Verdict::Approve && store::kind_of(conn, id).await?.appealable() {
        let until = calendar::due(conn, "appeal.filing", decision.at).await?;
        store::set_appeal_until(conn, id, Some(until)).await?;
    }
    Ok(())
}

/// Takes the appeal away from a decided case that only passes on what an authority ordered.
pub async fn set_final(conn: &mut PgConnection, id: CaseId) -> Result<()> {
    store::set_appeal_until(conn, id, None).await
}

/// The seller's other cases in `provinces`, newest first.
pub async fn others_of_seller(
    conn: &mut PgConnection,
    provinces: &Provinces,
    seller: SellerId,
    except: CaseId,
) -> Result<Vec<Case>> {
    store::others_of_seller(conn, provinces, seller, except).await
}

/// The other cases about the same matter in `provinces`, oldest first.
pub async fn others_about(conn: &mut PgConnection, provinces: &Provinces, case: &Case) -> Result<Vec<Case>> {
    let others = store::others_about(conn, case.matter_id, case.id).await?;
    Ok(others.into_iter().filter(|other| provinces.contains(&other.province_code)).collect())
}

/// What was decided on the subject last; an appeal that was upheld stands for the decision it reversed.
pub async fn last_decision(conn: &mut PgConnection, kind: CaseKind, subject: Uuid) -> Result<Option<Decision>> {
    store::last_decision(conn, kind, subject).await
}

/// The reasons of these codes, whether or not they may still be given.
pub async fn reasons_of(conn: &mut PgConnection, codes: &[String]) -> Result<Vec<Reason>> {
    store::find_reasons(conn, codes).await
}

/// The reasons a verdict may give on the day.
pub async fn reasons(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Reason>> {
    store::reasons(conn, today).await
}
