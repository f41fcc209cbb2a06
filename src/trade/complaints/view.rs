//! A complaint as its two sides see it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Complaint, ComplaintStatus, TargetKind};
use super::store::Around;
use crate::kernel::{ComplaintId, Lang, ListingId, MediaId, OrderId};
use crate::market::cases::recourse;

/// Something with a stable name, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplaintTerm)]
pub struct Term {
    /// Stable name.
    #[schema(example = "not_as_described")]
    pub code: String,
    /// In words.
    #[schema(example = "Hàng không đúng mô tả")]
    pub text: String,
}

/// What the shop answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplaintAnswer)]
pub struct Answer {
    /// In the shop's words.
    words: String,
    /// When.
    at: DateTime<Utc>,
}

/// The written result.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplaintResult)]
pub struct WrittenResult {
    /// The officer's words.
    words: String,
    /// Why it was not upheld; empty if it was.
    reasons: Vec<Term>,
    /// Where the complainant may turn who is not content with it.
    recourse: &'static str,
}

/// A complaint as the complainant sees it, and the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplaintView)]
pub struct View {
    /// The complaint.
    pub id: ComplaintId,
    /// Of which kind.
    kind: Term,
    /// Against what.
    target: TargetKind,
    /// The listing's title, the order's number or the shop's name on the day of the complaint.
    about: String,
    /// The shop's name on that day.
    shop: String,
    /// The listing, if it is against one.
    listing_id: Option<ListingId>,
    /// The order, if it is against one.
    order_id: Option<OrderId>,
    /// In the complainant's words.
    words: String,
    /// Pictures the complainant attached.
    photos: Vec<MediaId>,
    /// Where it stands.
    status: ComplaintStatus,
    /// When it was made.
    opened_at: DateTime<Utc>,
    /// The first instant at which the result is late.
    due_at: DateTime<Utc>,
    /// Whether it still waits for its result although its time has passed.
    late: bool,
    /// The first instant at which the shop's answer is late.
    answer_due_at: DateTime<Utc>,
    /// Whether the shop answered too late, or has not answered in time what is still open.
    answer_late: bool,
    /// What the shop answers.
    answer: Option<Answer>,
    /// The written result.
    result: Option<WrittenResult>,
    /// When it was decided or withdrawn.
    closed_at: Option<DateTime<Utc>>,
}

impl View {
    /// For a reader of that language, now; `around` holds at least what belongs to it.
    pub fn new(complaint: Complaint, around: &Around, lang: Lang, now: DateTime<Utc>) -> Self {
        let (target, late, answer_late) = (complaint.target(), complaint.is_late(now), complaint.is_answer_late(now));
        let given = around.reasons.iter().filter(|reason| complaint.reason_codes.contains(&reason.code));
        let reasons = given.map(|reason| Term { code: reason.code.clone(), text: reason.text(lang).to_owned() });
        let reasons = reasons.collect();
        let attached = around.photos.iter().filter(|(subject, _)| *subject == complaint.id.as_uuid());
        let photos = attached.map(|(_, photo)| *photo).collect();
        let text = match lang {
            Lang::Vi => complaint.kind_vi,
            Lang::En => complaint.kind_en,
        };
        Self {
            id: complaint.id,
            kind: Term { code: complaint.kind, text },
            target,
            about: complaint.about,
            shop: complaint.seller_name,
            listing_id: complaint.listing_id,
            order_id: complaint.order_id,
            words: complaint.words,
            photos,
            status: complaint.status,
            opened_at: complaint.opened_at,
            due_at: complaint.due_at,
            late,
            answer_due_at: complaint.answer_due_at,
            answer_late,
            answer: complaint.answer.zip(complaint.answered_at).map(|(words, at)| Answer { words, at }),
            result: complaint.result.map(|words| WrittenResult { words, reasons, recourse: recourse(lang) }),
            closed_at: complaint.closed_at,
        }
    }
}
