//! What shops do with returns of their goods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::buyer::Words;
use super::{ReturnPath, ReturnUnits, ReturnsPage, units_of};
use crate::kernel::{Lang, MediaId, OrderLineId, Page, ReturnId, SellerId, Text};
use crate::market::media::{OpenedPaper, evidence};
use crate::people::access::{HandleOrders, ManageShop, Shop, ShopFunction};
use crate::people::notify;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};
use crate::trade::returns::answering::{self, Act, Reply};
use crate::trade::returns::model::{Answer, Return};
use crate::trade::returns::store;
use crate::trade::returns::view::{self, View};

/// A return as the shop sees it: of the buyer only the name they show to others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopReturn {
    /// The return.
    #[serde(flatten)]
    returned: View,
    /// The name the buyer shows to others.
    buyer: String,
}

async fn shown(conn: &mut PgConnection, of: Return, lang: Lang) -> Result<ShopReturn> {
    Ok(ShopReturn { buyer: of.buyer_name.clone(), returned: view::of(conn, of, lang).await? })
}

/// The returns of the shop's goods, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/returns", tag = "returns", security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ReturnsPage), responses((status = OK, body = Page<ShopReturn>)))]
pub async fn list_shop_returns(
    shop: Shop<HandleOrders>,
    lang: Lang,
    Query(query): Query<ReturnsPage>,
) -> Result<Json<Page<ShopReturn>>> {
    let binding = serde_json::to_vec(&("shop_returns", shop.seller, query.status))?;
    let before = after::<ReturnId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = store::page_of_shop(conn, *seller, query.status, before, query.limit.fetch()).await?;
        let page = Page::cut(rows, query.limit, &binding, |of| of.id)?;
        let buyers: Vec<String> = page.items.iter().map(|of| of.buyer_name.clone()).collect();
        let views = view::all_of(conn, page.items, lang).await?;
        let items = views.into_iter().zip(buyers).map(|(returned, buyer)| ShopReturn { returned, buyer }).collect();
        Ok(Json(Page { items, next: page.next }))
    })
    .await
}

/// One return of the shop's goods.
#[utoipa::path(get, path = "/shops/{shop_id}/returns/{return_id}", tag = "returns",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path)), responses((status = OK, body = ShopReturn)))]
pub async fn show_shop_return(
    shop: Shop<HandleOrders>,
    lang: Lang,
    Path(path): Path<ReturnPath>,
) -> Result<Json<ShopReturn>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let reached = store::of_shop(conn, *seller, path.return_id).await?;
        let found = store::find(conn, reached).await?;
        Ok(Json(shown(conn, found, lang).await?))
    })
    .await
}

/// A picture in the path.
#[derive(Debug, Deserialize)]
pub struct PhotoPath {
    return_id: ReturnId,
    media_id: MediaId,
}

/// Look at a picture the buyer attached to a return.
#[utoipa::path(get, path = "/shops/{shop_id}/returns/{return_id}/photos/{media_id}", tag = "returns",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path), ("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn read_return_photo(shop: Shop<HandleOrders>, Path(path): Path<PhotoPath>) -> Result<OpenedPaper> {
    let photo = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            let reached = store::of_shop(conn, *seller, path.return_id).await?;
            evidence::find(conn, reached.id().as_uuid(), path.media_id).await
        })
        .await?;
    evidence::open(&shop.app().files, &photo).await
}

/// Takes a step of the shop and shows what came of it.
async fn step<F: ShopFunction>(
    shop: &Shop<F>,
    (path, lang): (ReturnPath, Lang),
    act: Act<'_>,
) -> Result<Json<ShopReturn>> {
    let now = shop.app().clock.now();
    let (view, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let reached = store::of_shop(conn, *seller, path.return_id).await?;
            let (after, letters) = answering::act(conn, reached, act, now).await?;
            Ok((shown(conn, after, lang).await?, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(Json(view))
}

/// What the shop answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "answer": "accept", "goods_back": true }))]
pub struct ReturnAnswerRequest {
    /// Everything, a part, or nothing.
    answer: Answer,
    /// Whether it refunds only once the goods are back; of no meaning where they were missing.
    #[serde(default = "yes")]
    goods_back: bool,
    /// Of an offer: how many units of each line.
    #[schema(max_items = 100)]
    lines: Option<Vec<ReturnUnits>>,
    /// Why, or what the buyer should know; needed unless everything is granted.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    words: Option<Text<1, 4000>>,
}

const fn yes() -> bool {
    true
}

impl ReturnAnswerRequest {
    fn check(&self) -> Result<Option<BTreeMap<OrderLineId, i32>>> {
        if self.answer != Answer::Accept && self.words.is_none() {
            let why = "phải có, trừ khi chấp nhận tất cả / must be given, unless everything is granted";
            return Err(Error::from(&INVALID).at("words", why));
        }
        if self.answer != Answer::Offer && self.lines.is_some() {
            let why = "chỉ nêu khi đề nghị hoàn một phần / must be left out, unless a part is offered";
            return Err(Error::from(&INVALID).at("lines", why));
        }
        self.lines.as_deref().map(units_of).transpose()
    }
}

/// Answer a return: accept it, offer a part, or refuse.
///
/// Goods at fault are always taken back: refusing them puts the matter before the province's department at once.
#[utoipa::path(put, path = "/shops/{shop_id}/returns/{return_id}/answer", tag = "returns",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path)), responses((status = OK, body = ShopReturn)))]
pub async fn answer_return(
    shop: Shop<ManageShop>,
    lang: Lang,
    Path(path): Path<ReturnPath>,
    Json(form): Json<ReturnAnswerRequest>,
) -> Result<Json<ShopReturn>> {
    let offered = form.check()?;
    let reply = Reply {
        answer: form.answer,
        goods_back: form.goods_back,
        offered: offered.as_ref(),
        words: form.words.as_deref(),
        by: shop.account,
    };
    step(&shop, (path, lang), Act::Answer(reply)).await
}

/// What became of a line's goods.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLine {
    /// The order's line.
    order_line_id: OrderLineId,
    /// Whether what came back can be sold again.
    restock: bool,
}

/// What came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "lines": [] }))]
pub struct ReturnReceipt {
    /// What of it can be sold again; a line that is not named is not.
    #[schema(max_items = 100)]
    lines: Vec<ReceivedLine>,
}

/// Confirm that the goods are back: what was granted is refunded at once.
#[utoipa::path(put, path = "/shops/{shop_id}/returns/{return_id}/receipt", tag = "returns",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path)), responses((status = OK, body = ShopReturn)))]
pub async fn receive_return(
    shop: Shop<HandleOrders>,
    lang: Lang,
    Path(path): Path<ReturnPath>,
    Json(form): Json<ReturnReceipt>,
) -> Result<Json<ShopReturn>> {
    let restocked: BTreeMap<OrderLineId, bool> =
        form.lines.iter().map(|line| (line.order_line_id, line.restock)).collect();
    if restocked.len() != form.lines.len() {
        return Err(Error::from(&INVALID).at("lines", "mỗi dòng chỉ được nêu một lần / must name each line once"));
    }
    step(&shop, (path, lang), Act::Receive(&restocked)).await
}

/// Contest what came back, or that it came: the province's department decides.
#[utoipa::path(put, path = "/shops/{shop_id}/returns/{return_id}/objection", tag = "returns",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path)), responses((status = OK, body = ShopReturn)))]
pub async fn contest_return(
    shop: Shop<ManageShop>,
    lang: Lang,
    Path(path): Path<ReturnPath>,
    Json(form): Json<Words>,
) -> Result<Json<ShopReturn>> {
    step(&shop, (path, lang), Act::Object(shop.account, &form.words)).await
}

/// Follow what the department recommends: what it found for the buyer is refunded, once the goods are back where it says so.
#[utoipa::path(put, path = "/shops/{shop_id}/returns/{return_id}/compliance", tag = "returns",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("return_id" = ReturnId, Path)), responses((status = OK, body = ShopReturn)))]
pub async fn follow_recommendation(
    shop: Shop<ManageShop>,
    lang: Lang,
    Path(path): Path<ReturnPath>,
) -> Result<Json<ShopReturn>> {
    step(&shop, (path, lang), Act::Follow).await
}
