//! A return as its two sides see it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{Answer, Reason, Return, ReturnLine, ReturnStatus, Side};
use super::store;
use crate::kernel::{Lang, ListingId, MediaId, OrderId, OrderLineId, RefundId, ReturnId, Vnd};
use crate::market::cases;
use crate::market::media::evidence;
use crate::platform::error::Result;

/// Something with a stable name, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnTerm)]
pub struct Term {
    /// Stable name.
    #[schema(example = "refund.not_shown")]
    code: String,
    /// In words.
    #[schema(example = "Chưa đủ hình ảnh, thông tin để chứng minh")]
    text: String,
}

/// A line of a return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnedLine)]
pub struct LineView {
    /// The order's line.
    order_line_id: OrderLineId,
    /// Of which listing.
    listing_id: ListingId,
    /// The listing's title.
    title: String,
    /// The variant's name.
    variant_name: String,
    /// How many the order has.
    bought: i32,
    /// How many of them were refunded so far, by whatever return.
    returned: i32,
    /// How many are asked back.
    asked: i32,
    /// How many are granted; null until somebody grants any.
    granted: Option<i32>,
    /// Whether what came back is for sale again; null until it came back.
    restocked: Option<bool>,
}

impl From<ReturnLine> for LineView {
    fn from(line: ReturnLine) -> Self {
        Self {
            order_line_id: line.line,
            listing_id: line.listing,
            title: line.title,
            variant_name: line.variant_name,
            bought: line.bought,
            returned: line.returned,
            asked: line.asked,
            granted: line.granted,
            restocked: line.restocked,
        }
    }
}

/// What the shop answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnAnswer)]
pub struct AnswerView {
    /// What.
    answer: Answer,
    /// In the shop's words.
    words: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// How the goods go back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnParcel)]
pub struct ParcelView {
    /// Who carries it.
    carrier: String,
    /// The carrier's number of the parcel.
    tracking_code: String,
    /// What it cost, as the buyer states it.
    postage_vnd: Option<Vnd>,
    /// When it was handed over.
    sent_at: DateTime<Utc>,
    /// When the shop had it.
    received_at: Option<DateTime<Utc>>,
}

/// Why it lies, or lay, on the desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnDispute)]
pub struct DisputeView {
    /// Who put it there; `system` where the shop let its time pass.
    by: Side,
    /// In their words.
    words: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// The written result of the desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnResult)]
pub struct ResultView {
    /// The officer's words.
    words: String,
    /// Why it was not upheld; empty if it was.
    reasons: Vec<Term>,
    /// Where a side may turn that is not content with it.
    recourse: &'static str,
}

/// What goes back to the buyer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnRefund)]
pub struct RefundView {
    /// The refund.
    id: RefundId,
    /// How much.
    amount_vnd: Vnd,
}

/// A return as the buyer sees it, and the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnView)]
pub struct View {
    /// The return.
    id: ReturnId,
    /// Of which order.
    order_id: OrderId,
    /// The order's number, for people.
    #[schema(example = "OCOP-261121-7K3QZ")]
    order_number: String,
    /// The shop's name when the order was placed.
    shop: String,
    /// Why.
    reason: Reason,
    /// Why, in words.
    #[schema(example = "Hàng bị hỏng, vỡ")]
    reason_text: &'static str,
    /// In the buyer's words.
    words: String,
    /// Pictures the buyer attached.
    photos: Vec<MediaId>,
    /// What is asked back.
    lines: Vec<LineView>,
    /// Where it stands.
    status: ReturnStatus,
    /// When it was asked for.
    opened_at: DateTime<Utc>,
    /// The first instant that is too late for the next act; null where no side's act is awaited.
    due_at: Option<DateTime<Utc>>,
    /// Whether what is granted is refunded only once the goods are back; null until something is granted.
    goods_back: Option<bool>,
    /// Who bears what sending back costs.
    postage_borne_by: Side,
    /// What the shop answers.
    answer: Option<AnswerView>,
    /// How the goods go back.
    parcel: Option<ParcelView>,
    /// Why it lies, or lay, on the desk.
    dispute: Option<DisputeView>,
    /// What the desk found.
    result: Option<ResultView>,
    /// What goes back to the buyer.
    refund: Option<RefundView>,
    /// When it ended.
    closed_at: Option<DateTime<Utc>>,
}

/// The return for a reader of that language.
pub async fn of(conn: &mut PgConnection, one: Return, lang: Lang) -> Result<View> {
    Ok(all_of(conn, vec![one], lang).await?.remove(0))
}

/// The returns for a reader of that language, in a constant number of statements.
pub async fn all_of(conn: &mut PgConnection, returns: Vec<Return>, lang: Lang) -> Result<Vec<View>> {
    let ids: Vec<ReturnId> = returns.iter().map(|of| of.id).collect();
    let subjects: Vec<_> = ids.iter().map(|id| id.as_uuid()).collect();
    let codes: Vec<String> = returns.iter().flat_map(|of| of.reason_codes.clone()).collect();
    let lines = store::lines_of(conn, &ids).await?;
    let photos = evidence::attached(conn, &subjects).await?;
    let reasons = cases::reasons_of(conn, &codes).await?;
    let view = |of: Return| {
        let own = lines.iter().filter(|(id, _)| *id == of.id).map(|(_, line)| line.clone().into()).collect();
        let shown = photos.iter().filter(|(subject, _)| *subject == of.id.as_uuid()).map(|(_, photo)| *photo).collect();
        let given = reasons.iter().filter(|reason| of.reason_codes.contains(&reason.code));
        let why = given.map(|reason| Term { code: reason.code.clone(), text: reason.text(lang).to_owned() }).collect();
        View::new(of, (own, shown, why), lang)
    };
    Ok(returns.into_iter().map(view).collect())
}

impl View {
    fn new(of: Return, (lines, photos, reasons): (Vec<LineView>, Vec<MediaId>, Vec<Term>), lang: Lang) -> Self {
        let reason_text = match lang {
            Lang::Vi => of.reason.words().0,
            Lang::En => of.reason.words().1,
        };
        let parcel = of.carrier.zip(of.tracking_code).zip(of.sent_at);
        Self {
            id: of.id,
            order_id: of.order,
            order_number: of.order_number,
            shop: of.seller_name,
            reason: of.reason,
            reason_text,
            words: of.words,
            photos,
            lines,
            status: of.status,
            opened_at: of.opened_at,
            due_at: of.due_at,
            goods_back: of.goods_back,
            postage_borne_by: if of.reason.is_fault() { Side::Seller } else { Side::Buyer },
            answer: of.answer.zip(of.answered_at).map(|(answer, at)| AnswerView { answer, words: of.answer_words, at }),
            parcel: parcel.map(|((carrier, tracking_code), sent_at)| ParcelView {
                carrier,
                tracking_code,
                postage_vnd: of.postage,
                sent_at,
                received_at: of.received_at,
            }),
            dispute: of.disputed_by.zip(of.disputed_at).map(|(by, at)| DisputeView { by, words: of.dispute_words, at }),
            result: of.result.map(|words| ResultView { words, reasons, recourse: cases::recourse(lang) }),
            refund: of.refund.zip(of.refunded).map(|(id, amount_vnd)| RefundView { id, amount_vnd }),
            closed_at: of.closed_at,
        }
    }
}
