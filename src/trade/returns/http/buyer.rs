//! What buyers do with their returns.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{ReturnPath, ReturnUnits, ReturnsPage, units_of};
use crate::kernel::{Lang, Line, MediaId, OrderId, Page, Price, ReturnId, Text};
use crate::people::access::Buyer;
use crate::people::notify::{self, Message};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::idempotency::{self, IdempotencyKey};
use crate::trade::returns::asking::{self, Act, Wish};
use crate::trade::returns::model::Reason;
use crate::trade::returns::store::{self, Sending};
use crate::trade::returns::view::{self, View};

/// What the caller wants to give back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "lines": [{ "order_line_id": "0193f2a4-6c00-7000-8000-000000000001", "quantity": 1 }],
    "reason": "damaged",
    "words": "Hộp bị vỡ, trà rơi ra ngoài."
}))]
pub struct ReturnRequest {
    /// Units of the order's lines, each line once.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<ReturnUnits>,
    /// Why.
    reason: Reason,
    /// What happened, and what the caller asks for.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    words: Text<1, 4000>,
    /// Pictures uploaded as evidence: the shop sees them, and an officer who has to decide.
    #[serde(default)]
    #[schema(max_items = 6)]
    photos: Vec<MediaId>,
}

/// An order in the path.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct OrderPath {
    order_id: OrderId,
}

/// Ask to give back goods of a delivered order, by line and quantity.
///
/// The shop answers within the published time. Goods at fault are always taken back, at the shop's cost; a change of mind
/// depends on the product set and the shop's policy. Send the same `Idempotency-Key` again to be sure.
#[utoipa::path(post, path = "/orders/{order_id}/returns", tag = "returns", security(("session" = ["account"])),
    params(
        ("order_id" = OrderId, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters, new for every return"),
    ),
    responses((status = CREATED, body = View)))]
pub async fn request_return(
    buyer: Buyer,
    lang: Lang,
    Path(path): Path<OrderPath>,
    key: IdempotencyKey,
    Json(request): Json<ReturnRequest>,
) -> Result<idempotency::Answer> {
    const ROUTE: &str = "POST /v1/orders/{order_id}/returns";
    let (now, asked) = (buyer.app().clock.now(), units_of(&request.lines)?);
    let (order, reason, id) = (path.order_id, request.reason, ReturnId::new(now));
    let wish = Wish { id, order, reason, words: &request.words, asked: &asked, photos: &request.photos };
    let (answer, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let mut letters = Vec::new();
            let ask = async |conn: &mut PgConnection| {
                let (asked, written) = asking::request(conn, *account, &wish, now).await?;
                letters = written;
                Ok((StatusCode::CREATED, view::of(conn, asked, lang).await?))
            };
            let key = (account.as_uuid(), ROUTE, &key);
            let answer = idempotency::once(conn, key, &(path, &request), now, ask).await?;
            Ok((answer, letters))
        })
        .await?;
    show(&buyer, &letters);
    Ok(answer)
}

fn show(buyer: &Buyer, letters: &[Message]) {
    for letter in letters {
        notify::show_in_demo(buyer.app().settings.demo, letter);
    }
}

/// The caller's returns, newest first.
#[utoipa::path(get, path = "/returns", tag = "returns", security(("session" = ["account"])), params(ReturnsPage),
    responses((status = OK, body = Page<View>)))]
pub async fn list_returns(buyer: Buyer, lang: Lang, Query(query): Query<ReturnsPage>) -> Result<Json<Page<View>>> {
    let binding = serde_json::to_vec(&("returns", buyer.account, query.status))?;
    let before = after::<ReturnId>(&binding, query.after.as_deref())?;
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let rows = store::page_of_account(conn, *account, query.status, before, query.limit.fetch()).await?;
            let page = Page::cut(rows, query.limit, &binding, |of| of.id)?;
            Ok(Json(Page { items: view::all_of(conn, page.items, lang).await?, next: page.next }))
        })
        .await
}

/// One of the caller's returns: where it stands, and what is theirs to do until when.
#[utoipa::path(get, path = "/returns/{return_id}", tag = "returns", security(("session" = ["account"])),
    params(("return_id" = ReturnId, Path)), responses((status = OK, body = View)))]
pub async fn show_return(buyer: Buyer, lang: Lang, Path(path): Path<ReturnPath>) -> Result<Json<View>> {
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let reached = store::of_account(conn, *account, path.return_id).await?;
            let found = store::find(conn, reached).await?;
            Ok(Json(view::of(conn, found, lang).await?))
        })
        .await
}

/// Takes a step of the buyer and shows what came of it.
async fn step(buyer: &Buyer, (path, lang): (ReturnPath, Lang), act: Act<'_>) -> Result<Json<View>> {
    let now = buyer.app().clock.now();
    let (view, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let reached = store::of_account(conn, *account, path.return_id).await?;
            let (after, letters) = asking::act(conn, reached, act, now).await?;
            Ok((view::of(conn, after, lang).await?, letters))
        })
        .await?;
    show(buyer, &letters);
    Ok(Json(view))
}

/// Take what the shop offers instead of everything asked for.
#[utoipa::path(put, path = "/returns/{return_id}/offer_acceptance", tag = "returns", security(("session" = ["account"])),
    params(("return_id" = ReturnId, Path)), responses((status = OK, body = View)))]
pub async fn take_return_offer(buyer: Buyer, lang: Lang, Path(path): Path<ReturnPath>) -> Result<Json<View>> {
    step(&buyer, (path, lang), Act::TakeOffer).await
}

/// How the goods go back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "VNPost", "tracking_code": "EA123456789VN", "postage_vnd": 25_000 }))]
pub struct ReturnShipment {
    /// Who carries them.
    #[schema(value_type = String, min_length = 2, max_length = 60)]
    carrier: Line<2, 60>,
    /// The carrier's number of the parcel.
    #[schema(value_type = String, min_length = 3, max_length = 40)]
    tracking_code: Line<3, 40>,
    /// What it cost: the shop's to repay where the goods are at fault.
    postage_vnd: Option<Price>,
}

/// Say how the goods go back.
#[utoipa::path(put, path = "/returns/{return_id}/shipment", tag = "returns", security(("session" = ["account"])),
    params(("return_id" = ReturnId, Path)), responses((status = OK, body = View)))]
pub async fn send_back(
    buyer: Buyer,
    lang: Lang,
    Path(path): Path<ReturnPath>,
    Json(form): Json<ReturnShipment>,
) -> Result<Json<View>> {
    let postage = form.postage_vnd.map(Price::vnd);
    let sending = Sending { carrier: &form.carrier, tracking_code: &form.tracking_code, postage };
    step(&buyer, (path, lang), Act::SendBack(sending)).await
}

/// Why the caller is not content.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReturnWords, example = json!({ "words": "Ảnh cho thấy hộp vỡ trước khi mở kiện." }))]
pub struct Words {
    /// In one's own words.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    pub words: Text<1, 4000>,
}

/// Put what the shop refuses, or offers too little of, before the province's department. Its result moves money only where
/// the licensed partner still has it; otherwise it is a recommendation to the shop, with a date.
#[utoipa::path(put, path = "/returns/{return_id}/escalation", tag = "returns", security(("session" = ["account"])),
    params(("return_id" = ReturnId, Path)), responses((status = OK, body = View)))]
pub async fn escalate_return(
    buyer: Buyer,
    lang: Lang,
    Path(path): Path<ReturnPath>,
    Json(form): Json<Words>,
) -> Result<Json<View>> {
    step(&buyer, (path, lang), Act::Escalate(&form.words)).await
}

/// Take a return back, unless the goods are on their way.
#[utoipa::path(put, path = "/returns/{return_id}/withdrawal", tag = "returns", security(("session" = ["account"])),
    params(("return_id" = ReturnId, Path)), responses((status = OK, body = View)))]
pub async fn withdraw_return(buyer: Buyer, lang: Lang, Path(path): Path<ReturnPath>) -> Result<Json<View>> {
    step(&buyer, (path, lang), Act::Withdraw).await
}
