//! Writing, reading and answering reviews.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Review, Stars};
use super::store::{self, NewReview};
use crate::app::{App, Public};
use crate::kernel::{Age, Limit, Line, OrderId, OrderLineId, Page, ReviewId, SellerId, Text};
use crate::market::catalogue::offers;
use crate::people::access::{self, Buyer, ManageShop, Shop};
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
        .routes(routes!(reply_to_review))
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
    buyer: Buyer,
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

/// A review of one's own shop in the path.
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
