//! Who is told what when a case has its verdict, or meanwhile: the shop's members, whose inbox has it in full, unless the
//! kind of case has words and readers of its own.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::market::cases::{Case, CaseKind, Decision, Verdict};
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;
use crate::trade::{complaints, returns, reviews};

/// Writes to whom the verdict concerns. What was written is handed back, for the demo's log.
pub async fn tell(conn: &mut PgConnection, case: &Case, decision: &Decision) -> Result<Vec<Message>> {
    match case.kind {
        CaseKind::Complaint => complaints::tell(conn, case.subject_id.into(), decision).await,
        CaseKind::RefundDispute => returns::tell(conn, case.subject_id.into(), decision).await,
        CaseKind::ReportedReview => reviews::tell(conn, case.subject_id.into(), decision).await,
        // Between an authority and the marketplace: what the shop is told of it, `market::measures` says.
        CaseKind::TakedownOrder | CaseKind::InformationRequest => Ok(Vec::new()),
        // `market::certification` has told the shop what was revoked and why.
        CaseKind::CertificateRevocation if decision.verdict == Verdict::Approve => Ok(Vec::new()),
        _ => tell_shop(conn, case, decision).await,
    }
}

/// Writes to every confirmed contact of every member.
async fn tell_shop(conn: &mut PgConnection, case: &Case, decision: &Decision) -> Result<Vec<Message>> {
    let subject = "Kết quả duyệt hồ sơ / Your case was decided";
    access::write_to_members(conn, case.seller_id, subject, &body(case, decision.verdict), decision.at).await
}

/// Passes an officer's words on, without the officer's name.
pub async fn ask(conn: &mut PgConnection, case: &Case, words: &str, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let subject = "Cán bộ trao đổi về hồ sơ / Words about your case";
    let title = &case.title;
    let body = format!(
        "Về hồ sơ “{title}”: {words}\nXin trả lời trong hộp thư của cửa hàng. / \
         About “{title}”. Please answer in your shop's inbox."
    );
    access::write_to_members(conn, case.seller_id, subject, &body, now).await
}

fn body(case: &Case, verdict: Verdict) -> String {
    let title = &case.title;
    let (vi, en) = match (case.kind, verdict) {
        (CaseKind::Appeal, Verdict::Approve) => ("được chấp nhận", "was upheld"),
        (CaseKind::Appeal, Verdict::Reject) => ("không được chấp nhận", "was dismissed"),
        (_, Verdict::Approve) => ("đã được duyệt", "was approved"),
        (_, Verdict::RequestChanges) => ("cần được bổ sung", "needs changes"),
        (_, Verdict::Reject) => ("không được duyệt", "was not approved"),
    };
    format!(
        "Hồ sơ “{title}” {vi}. Xin xem chi tiết trong hộp thư của cửa hàng. / \
         “{title}” {en}. Please see your shop's inbox for details."
    )
}
