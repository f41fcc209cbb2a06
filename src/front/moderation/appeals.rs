//! Appeals: filed by the shop, decided by another officer, and by the national department where the province has none
//! left.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::eligibility::Matter;
use super::subjects;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CaseId, SellerId};
use crate::market::cases::{self, Case, Decision, Verdict};
use crate::people::access::{self, Provinces};
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::INVALID;

/// Appeals against the decision of the shop's case; the appeal, and what was written to whom.
pub async fn file(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    id: CaseId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(Case, Vec<Message>)> {
    let case = cases::lock_of_seller(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    cases::require_appealable(conn, &case, now).await?;
    subjects::require_unmoved(conn, &case).await?;
    let appeal = cases::open_appeal(conn, &case, words, by, now).await?;
    let appeal = cases::lock_of_seller(conn, seller, appeal).await?.or_refuse(&NOT_FOUND)?;
    let matter = Matter { case: appeal, appealed: Some(case) };
    let letters = escalate_if_orphaned(conn, &matter, now).await?;
    Ok((matter.case, letters))
}

/// Leaves an open appeal to the national department, and tells it, if its province has nobody to decide on it.
pub async fn recheck(conn: &mut PgConnection, id: CaseId, now: DateTime<Utc>) -> Result<Vec<Message>> {
    match cases::lock_provincial(conn, id).await? {
        Some(appeal) => {
            let matter = Matter::of(conn, appeal).await?;
            escalate_if_orphaned(conn, &matter, now).await
        }
        None => Ok(Vec::new()),
    }
}

async fn escalate_if_orphaned(conn: &mut PgConnection, appeal: &Matter, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let today = day_of(now);
    if !appeal.eligible(conn, today).await?.is_empty() {
        return Ok(Vec::new());
    }
    cases::mark_national(conn, appeal.case.id).await?;
    let (province, permission) = (&appeal.case.province_code, appeal.permission()?);
    let desk = access::national_officers_of(conn, province, permission, today).await?;
    let subject = "Khiếu nại chuyển lên cấp quốc gia / An appeal for the national desk";
    let title = &appeal.case.title;
    let body = format!(
        "Địa phương không còn cán bộ đủ điều kiện giải quyết “{title}”. Xin phân công cán bộ. / \
         Nobody eligible is left in the province to decide on “{title}”. Please see that an officer does."
    );
    access::write(conn, &desk, subject, &body, now).await
}

/// Carries the verdict on an appeal out: an approval reverses the decision appealed against, a rejection lets it stand.
pub async fn decide(
    conn: &mut PgConnection,
    appealed: &Case,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    match decision.verdict {
        Verdict::Approve => subjects::reverse(conn, appealed, provinces, decision).await,
        Verdict::Reject => Ok(()),
        Verdict::RequestChanges => {
            Err(Error::from(&INVALID).at("verdict", "khiếu nại chỉ được chấp nhận hoặc bác, không có bước bổ sung / an appeal is approved or rejected: nothing is corrected in it"))
        }
    }
}
