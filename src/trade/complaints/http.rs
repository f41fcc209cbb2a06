//! Complaining: what about, how, and what came of it.

mod shop;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::filing::{self, Filing};
use super::model::{ANSWER_DEADLINE, Against, Complaint, ComplaintStatus, TargetKind};
use super::store;
use super::view::View;
use crate::app::{App, Public};
use crate::calendar::{self, Allowance};
use crate::kernel::{ComplaintId, Lang, Limit, Line, MediaId, Page, Text};
use crate::people::access::Buyer;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_complaint_kinds))
        .routes(routes!(list_complaints, file_complaint))
        .routes(routes!(show_complaint))
        .routes(routes!(withdraw_complaint))
        .routes(routes!(shop::list_shop_complaints))
        .routes(routes!(shop::answer_complaint))
        .routes(routes!(shop::read_complaint_photo))
        .layer(DefaultBodyLimit::max(32 * 1024))
}

/// What a span is counted in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeadlineUnit)]
enum Unit {
    /// By the clock.
    Minutes,
    /// By the clock.
    Hours,
    /// Monday to Friday but for holidays; the first day does not count.
    WorkingDays,
}

/// A published deadline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadlineSpan)]
struct Span {
    /// How many.
    #[schema(example = 7)]
    amount: i32,
    /// Of what.
    unit: Unit,
    /// In words.
    #[schema(example = "7 ngày làm việc")]
    text: String,
}

impl Span {
    fn new(allowance: Allowance, lang: Lang) -> Self {
        let (amount, unit) = match allowance {
            Allowance::Minutes(minutes) => (minutes, Unit::Minutes),
            Allowance::Hours(hours) => (hours, Unit::Hours),
            Allowance::WorkingDays(days) => (days, Unit::WorkingDays),
        };
        Self { amount, unit, text: allowance.words(lang) }
    }
}

/// Something that can be complained about.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintKind {
    /// Stable name.
    #[schema(example = "not_as_described")]
    code: String,
    /// In words.
    #[schema(example = "Hàng không đúng mô tả")]
    text: String,
    /// Against what.
    targets: Vec<TargetKind>,
    /// How long the result may take.
    decided_within: Span,
}

/// What can be complained about, with the published deadlines.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintKinds {
    /// How long the shop has to answer.
    answered_within: Span,
    /// The kinds.
    kinds: Vec<ComplaintKind>,
}

/// What can be complained about, and how long each takes (Decree 248/2026/NĐ-CP, art. 7).
#[utoipa::path(get, path = "/complaint_kinds", tag = "complaints", security(()),
    responses((status = OK, body = ComplaintKinds)))]
async fn list_complaint_kinds(public: Public) -> Result<Cacheable<ComplaintKinds>> {
    let (today, lang) = (public.app().clock.today(), public.lang);
    public
        .see(async |conn| {
            let mut kinds = Vec::new();
            for kind in store::kinds(conn, today).await? {
                let allowance = calendar::allowance(conn, &kind.deadline(), today).await?;
                let text = kind.text(lang).to_owned();
                let decided_within = Span::new(allowance, lang);
                kinds.push(ComplaintKind { text, decided_within, code: kind.code, targets: kind.targets });
            }
            let answer = calendar::allowance(conn, ANSWER_DEADLINE, today).await?;
            Ok(Cacheable(ComplaintKinds { answered_within: Span::new(answer, lang), kinds }))
        })
        .await
}

/// What the caller complains about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "against": { "listing": "che-shan-tuyet-ta-leng" },
    "kind": "not_as_described",
    "words": "Trên hộp ghi 150 g, trong bài đăng là 200 g."
}))]
struct ComplaintRequest {
    /// Against what: one of the three.
    against: Against,
    /// Code of a kind in force that fits it.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    kind: Line<1, 40>,
    /// What happened, and what the caller asks for.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    words: Text<1, 4000>,
    /// Pictures uploaded as evidence: the shop sees them, and the officer who decides.
    #[serde(default)]
    #[schema(max_items = 6)]
    photos: Vec<MediaId>,
}

/// Complain about a listing, a shop, or one of one's own orders.
///
/// The shop's provincial department decides within the published time. The shop is told, and sees the caller's display
/// name only. Needs a confirmed contact: the result is sent there. A guest, who has none, may complain about an own order and
/// looks here for the result while the session lasts.
#[utoipa::path(post, path = "/complaints", tag = "complaints", security(("session" = ["account"])),
    responses((status = CREATED, body = View)))]
async fn file_complaint(
    buyer: Buyer,
    lang: Lang,
    Json(request): Json<ComplaintRequest>,
) -> Result<(StatusCode, Json<View>)> {
    let now = buyer.app().clock.now();
    let id = ComplaintId::new(now);
    let (view, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let (against, kind, words) = (&request.against, &*request.kind, &*request.words);
            let filing =
                Filing { id, account: *account, guest: buyer.guest, against, kind, words, photos: &request.photos };
            let letters = filing::file(conn, &filing, now).await?;
            let reached = store::of_account(conn, *account, id).await?;
            let complaint = store::find(conn, reached).await?;
            Ok((shown(conn, complaint, lang, now).await?, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(buyer.app().settings.demo, letter);
    }
    Ok((StatusCode::CREATED, Json(view)))
}

/// Which complaints, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ComplaintsPage {
    /// Where they stand; all if nothing is said.
    status: Option<ComplaintStatus>,
    /// Complaints on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The caller's complaints, newest first.
#[utoipa::path(get, path = "/complaints", tag = "complaints", security(("session" = ["account"])),
    params(ComplaintsPage), responses((status = OK, body = Page<View>)))]
async fn list_complaints(buyer: Buyer, lang: Lang, Query(query): Query<ComplaintsPage>) -> Result<Json<Page<View>>> {
    let now = buyer.app().clock.now();
    let binding = serde_json::to_vec(&("complaints", buyer.account, query.status))?;
    let before = after::<ComplaintId>(&binding, query.after.as_deref())?;
    buyer
        .see(async |scope| {
            let (rows, around) = store::page_of_account(scope, query.status, before, query.limit.fetch()).await?;
            let page = Page::cut(rows, query.limit, &binding, |complaint| complaint.id)?;
            Ok(Json(page.map(|complaint| View::new(complaint, &around, lang, now))))
        })
        .await
}

/// A complaint in the path.
#[derive(Debug, Deserialize)]
struct ComplaintPath {
    complaint_id: ComplaintId,
}

/// One of the caller's complaints: where it stands, what the shop answers, what the officer decided.
#[utoipa::path(get, path = "/complaints/{complaint_id}", tag = "complaints", security(("session" = ["account"])),
    params(("complaint_id" = ComplaintId, Path)), responses((status = OK, body = View)))]
async fn show_complaint(buyer: Buyer, lang: Lang, Path(path): Path<ComplaintPath>) -> Result<Json<View>> {
    let now = buyer.app().clock.now();
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let reached = store::of_account(conn, *account, path.complaint_id).await?;
            let complaint = store::find(conn, reached).await?;
            Ok(Json(shown(conn, complaint, lang, now).await?))
        })
        .await
}

/// The complaint in the reader's language, with the reasons of its result and its pictures.
async fn shown(conn: &mut PgConnection, complaint: Complaint, lang: Lang, now: DateTime<Utc>) -> Result<View> {
    let around = store::around(conn, std::slice::from_ref(&complaint)).await?;
    Ok(View::new(complaint, &around, lang, now))
}

/// Take a complaint back while it has no result.
#[utoipa::path(put, path = "/complaints/{complaint_id}/withdrawal", tag = "complaints",
    security(("session" = ["account"])), params(("complaint_id" = ComplaintId, Path)),
    responses((status = OK, body = View)))]
async fn withdraw_complaint(buyer: Buyer, lang: Lang, Path(path): Path<ComplaintPath>) -> Result<Json<View>> {
    let now = buyer.app().clock.now();
    let (view, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let (complaint, letters) = filing::withdraw(conn, *account, path.complaint_id, now).await?;
            Ok((shown(conn, complaint, lang, now).await?, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(buyer.app().settings.demo, letter);
    }
    Ok(Json(view))
}
