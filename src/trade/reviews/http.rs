//! Writing, reading and answering reviews.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{ReasonTold, ReportReason, Review, ReviewStatus, Stars};
use super::reports::{self, Reporting};
use super::store::{self, NewReview, OwnRow};
use crate::app::{App, Public};
use crate::kernel::{
    Age, Lang, Limit, Line, ListingId, OrderId, OrderLineId, Page, ReviewId, ReviewReportId, SellerId, Text,
};
use crate::market::catalogue::offers;
use crate::people::access::{self, ManageShop, Shop};
use crate::people::identity::SignedIn;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Json, Path, Query, after};
use crate::trade::orders::{self, checkouts::OWN_GOODS};

/// Only what arrived can be reviewed.
pub const NOT_DELIVERED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "not-delivered",
    vi: "Chỉ đánh giá được sản phẩm đã nhận",
    en: "Only delivered goods can be reviewed",
};

/// One review per line.
pub const REVIEWED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "reviewed-already",
    vi: "Bạn đã đánh giá sản phẩm này trong đơn hàng",
    en: "You have reviewed this item of the order already",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(write_review))
        .routes(routes!(list_reviews))
        .routes(routes!(list_my_reviews))
        .routes(routes!(reply_to_review))
        .routes(routes!(list_review_report_reasons))
        .routes(routes!(report_review))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// A line of an order in the path.
#[derive(Debug, Deserialize)]
struct LinePath {
    order_id: OrderId,
    line_id: OrderLineId,
}

/// How it was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "stars": 5, "text": "Trà thơm, nước xanh, giao nhanh." }))]
struct ReviewRequest {
    /// 1 to 5.
    stars: Stars,
    /// In the buyer's words.
    #[schema(value_type = String, min_length = 1, max_length = 2000)]
    text: Text<1, 2000>,
}

/// Review something that arrived, once.
#[utoipa::path(post, path = "/orders/{order_id}/lines/{line_id}/review", tag = "reviews",
    security(("session" = ["account"])),
    params(("order_id" = OrderId, Path), ("line_id" = OrderLineId, Path)), responses((status = CREATED, body = Review)))]
async fn write_review(
    buyer: SignedIn,
    Path(path): Path<LinePath>,
    Json(request): Json<ReviewRequest>,
) -> Result<(StatusCode, Json<Review>)> {
    let now = buyer.app().clock.now();
    let id = ReviewId::new(now);
    buyer
        .act(async |scope| {
            let line = orders::line_of_buyer(scope, path.order_id, path.line_id).await?.or_refuse(&NOT_FOUND)?;
            if !line.status.is_delivered() {
                return Err(Error::from(&NOT_DELIVERED));
            }
            let (conn, account) = scope.split();
            if access::is_member(conn, line.seller, *account).await? {
                return Err(Error::from(&OWN_GOODS));
            }
            let new =
                NewReview { id, line: &line, author: *account, stars: request.stars, text: request.text.as_str() };
            store::insert(conn, &new, now).await.on_constraint("reviews_line_key", &REVIEWED_ALREADY)?;
            offers::add_rating(conn, line.listing, request.stars.get()).await?;
            Ok((StatusCode::CREATED, Json(store::find(conn, id).await?)))
        })
        .await
}

/// A listing in the path.
#[derive(Debug, Deserialize)]
struct ListingPath {
    slug: Line<1, 120>,
}

/// Where a page of reviews begins, and what the caller states.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReviewsPage {
    /// The age the caller states; without it, nothing with a minimum age is shown.
    #[param(value_type = Option<i16>, minimum = 0, maximum = 150)]
    age: Option<Age>,
    /// Reviews on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// What buyers say about a listing, newest first.
#[utoipa::path(get, path = "/listings/{slug}/reviews", tag = "reviews", security(()),
    params(("slug" = String, Path), ReviewsPage), responses((status = OK, body = Page<Review>)))]
async fn list_reviews(
    public: Public,
    Path(path): Path<ListingPath>,
    Query(query): Query<ReviewsPage>,
) -> Result<Cacheable<Page<Review>>> {
    let binding = serde_json::to_vec(&("reviews", path.slug.as_str()))?;
    let before = after::<ReviewId>(&binding, query.after.as_deref())?;
    let (age, today) = (query.age.map(Age::years), public.app().clock.today());
    public
        .see(async |conn| {
            let listing = offers::published(conn, path.slug.as_str(), age, today).await?.or_refuse(&NOT_FOUND)?;
            let rows = store::page(conn, listing, before, query.limit.fetch()).await?;
            Ok(Cacheable(Page::cut(rows, query.limit, &binding, |review| review.id)?))
        })
        .await
}

/// A review of the caller's own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnReview {
    /// The review.
    id: ReviewId,
    /// Of which listing.
    listing_id: ListingId,
    /// 1 to 5.
    stars: i16,
    /// What the caller said.
    text: String,
    /// When.
    created_at: DateTime<Utc>,
    /// What the shop answers.
    reply: Option<String>,
    /// Whether everybody sees it.
    status: ReviewStatus,
    /// Why it is hidden; null while it is not.
    hidden: Option<Hiding>,
}

/// Why a review is hidden.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewHiding)]
struct Hiding {
    /// What was reported, and found to be so.
    reasons: Vec<ReasonTold>,
    /// What the officer says.
    words: String,
    /// Since when.
    at: DateTime<Utc>,
}

impl OwnReview {
    fn new(row: OwnRow, reasons: &[ReportReason], lang: Lang) -> Self {
        let given = reasons.iter().filter(|reason| row.hidden_reasons.contains(&reason.code));
        let reasons = given.map(|reason| reason.told(lang)).collect();
        let hidden = row.hidden_because.zip(row.hidden_at).map(|(words, at)| Hiding { reasons, words, at });
        Self {
            id: row.id,
            listing_id: row.listing,
            stars: row.stars,
            text: row.text,
            created_at: row.created_at,
            reply: row.reply,
            status: row.status,
            hidden,
        }
    }
}

/// Where a page of one's own reviews begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OwnReviewsPage {
    /// Reviews on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// What the caller wrote, newest first; of a hidden review also why it is hidden.
#[utoipa::path(get, path = "/me/reviews", tag = "reviews", security(("session" = ["account"])),
    params(OwnReviewsPage), responses((status = OK, body = Page<OwnReview>)))]
async fn list_my_reviews(
    buyer: SignedIn,
    lang: Lang,
    Query(query): Query<OwnReviewsPage>,
) -> Result<Json<Page<OwnReview>>> {
    let binding = serde_json::to_vec(&("my_reviews", buyer.account))?;
    let before = after::<ReviewId>(&binding, query.after.as_deref())?;
    buyer
        .see(async |scope| {
            let (rows, reasons) = store::page_of_author(scope, before, query.limit.fetch()).await?;
            let page = Page::cut(rows, query.limit, &binding, |row| row.id)?;
            Ok(Json(page.map(|row| OwnReview::new(row, &reasons, lang))))
        })
        .await
}

/// Why a review may be reported. That it is negative is no reason.
#[utoipa::path(get, path = "/review_report_reasons", tag = "reviews", security(()),
    responses((status = OK, body = Vec<ReasonTold>)))]
async fn list_review_report_reasons(public: Public) -> Result<Cacheable<Vec<ReasonTold>>> {
    let (today, lang) = (public.app().clock.today(), public.lang);
    public
        .see(async |conn| {
            let reasons = store::reports::reasons(conn, today).await?;
            Ok(Cacheable(reasons.iter().map(|reason| reason.told(lang)).collect()))
        })
        .await
}

/// What is wrong with a review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "personal_data", "words": "Đánh giá nêu số điện thoại của tôi." }))]
struct ReportRequest {
    /// Code of a reason in force.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    reason: Line<1, 40>,
    /// In the reporter's words.
    #[schema(value_type = Option<String>, max_length = 1000)]
    words: Option<Text<1, 1000>>,
}

/// A report that was taken.
#[derive(Debug, Serialize, ToSchema)]
struct ReportTaken {
    /// The report.
    id: ReviewReportId,
    /// Why.
    #[schema(example = "personal_data")]
    reason: String,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// Report a published review, once. An officer of the shop's province decides; until then it stays.
#[utoipa::path(post, path = "/reviews/{review_id}/reports", tag = "reviews", security(("session" = ["account"])),
    params(("review_id" = ReviewId, Path)), responses((status = CREATED, body = ReportTaken)))]
async fn report_review(
    reader: SignedIn,
    Path(path): Path<ReviewPath>,
    Json(request): Json<ReportRequest>,
) -> Result<(StatusCode, Json<ReportTaken>)> {
    let now = reader.app().clock.now();
    let id = ReviewReportId::new(now);
    reader
        .act(async |scope| {
            let (conn, account) = scope.split();
            let reporting =
                Reporting { id, reporter: *account, reason: &request.reason, words: request.words.as_ref() };
            reports::report(conn, path.review_id, &reporting, now).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(ReportTaken { id, reason: request.reason.to_string(), created_at: now })))
}

/// A review in the path.
#[derive(Debug, Deserialize)]
struct ReviewPath {
    review_id: ReviewId,
}

/// The shop's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Hợp tác xã cảm ơn anh/chị!" }))]
struct Reply {
    /// In the shop's words.
    #[schema(value_type = String, min_length = 1, max_length = 2000)]
    text: Text<1, 2000>,
}

/// Answer a review of the shop's goods; a new answer replaces the old one.
#[utoipa::path(put, path = "/shops/{shop_id}/reviews/{review_id}/reply", tag = "reviews",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("review_id" = ReviewId, Path)), responses((status = OK, body = Review)))]
async fn reply_to_review(
    shop: Shop<ManageShop>,
    Path(path): Path<ReviewPath>,
    Json(reply): Json<Reply>,
) -> Result<Json<Review>> {
    let now = shop.app().clock.now();
    let id = path.review_id;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        if !store::set_reply(conn, *seller, id, reply.text.as_str(), now).await? {
            return Err(Error::from(&NOT_FOUND));
        }
        Ok(Json(store::find(conn, id).await?))
    })
    .await
}
