//! What the two sides of a complaint are told. The shop is never told who complains, but for the display name.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::Complaint;
use super::store::{self, Reached};
use crate::kernel::clock::VIET_NAM;
use crate::kernel::{ComplaintId, Lang};
use crate::market::cases::{Decision, Verdict, recourse};
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// Tells the shop that it may answer, until when.
pub async fn tell_opened(conn: &mut PgConnection, complaint: &Complaint, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let until = in_viet_nam(complaint.answer_due_at);
    let body = format!(
        "{name} khiếu nại về “{about}”: {kind_vi}. Xin trả lời trước {until} trong mục khiếu nại của cửa hàng. / {name} \
         complains about “{about}”: {kind_en}. Please answer before {until} among your shop's complaints.",
        name = complaint.complainant,
        about = complaint.about,
        kind_vi = complaint.kind_vi,
        kind_en = complaint.kind_en,
    );
    access::write_to_members(conn, complaint.seller_id, "Khiếu nại mới / A new complaint", &body, now).await
}

/// Tells the complainant what the shop answers.
pub async fn tell_answered(
    conn: &mut PgConnection,
    complaint: &Complaint,
    answer: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let body = format!(
        "{shop} đã trả lời khiếu nại của bạn về “{about}”: {answer} / {shop} answered your complaint about “{about}”: \
         {answer}",
        shop = complaint.seller_name,
        about = complaint.about,
    );
    let subject = "Cửa hàng trả lời khiếu nại / The shop answered your complaint";
    access::write(conn, &[complaint.account], subject, &body, now).await
}

/// Tells the shop that there is nothing to answer any more.
pub async fn tell_withdrawn(
    conn: &mut PgConnection,
    complaint: &Complaint,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let body = format!(
        "{name} đã rút khiếu nại về “{about}”. / {name} withdrew the complaint about “{about}”.",
        name = complaint.complainant,
        about = complaint.about,
    );
    access::write_to_members(conn, complaint.seller_id, "Khiếu nại được rút / Complaint withdrawn", &body, now).await
}

/// Tells both sides the written result, and the complainant where else to turn.
pub async fn tell(conn: &mut PgConnection, id: ComplaintId, decision: &Decision) -> Result<Vec<Message>> {
    let complaint = store::find(conn, Reached::by_case(id)).await?;
    let (vi, en) = match decision.verdict {
        Verdict::Approve => ("được chấp nhận", "was upheld"),
        Verdict::Reject | Verdict::RequestChanges => ("không được chấp nhận", "was not upheld"),
    };
    let (about, words) = (&complaint.about, decision.words.as_deref().unwrap_or_default());
    let result = format!(
        "Khiếu nại về “{about}” {vi}. Kết quả của cán bộ: {words} / The complaint about “{about}” {en}. The officer's \
         result: {words}"
    );
    let subject = "Kết quả khiếu nại / The result of a complaint";
    let to_complainant = format!("{result} {} / {}", recourse(Lang::Vi), recourse(Lang::En));
    let mut letters = access::write(conn, &[complaint.account], subject, &to_complainant, decision.at).await?;
    letters.extend(access::write_to_members(conn, complaint.seller_id, subject, &result, decision.at).await?);
    Ok(letters)
}

/// A clock on the wall in Viet Nam: `17:00 24/11/2026`.
fn in_viet_nam(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y").to_string()
}
