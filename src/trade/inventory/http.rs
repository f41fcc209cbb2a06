//! A shop counts its goods.

use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Level, OnHand};
use super::store;
use crate::app::App;
use crate::kernel::{Limit, ListingId, Page, SellerId, VariantId};
use crate::market::catalogue::offers;
use crate::people::access::{EditListings, ReadShop, Shop};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_stock))
        .routes(routes!(set_stock))
        .routes(routes!(set_stock_notice))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

/// A variant and how many of it the shop has.
#[derive(Serialize, ToSchema)]
struct StockLine {
    /// The variant.
    variant_id: VariantId,
    /// Its listing.
    listing_id: ListingId,
    /// The listing's address.
    listing_slug: String,
    /// The shop's own code.
    sku: String,
    /// The variant's name.
    variant_name: String,
    /// Whether it is offered.
    active: bool,
    #[serde(flatten)]
    stock: Stock,
}

/// What there is of a variant.
#[derive(Serialize, ToSchema)]
struct Stock {
    /// What lies in the shop: what was counted last, sold orders taken off.
    on_hand: i32,
    /// Of that, what orders awaiting payment hold.
    held: i32,
    /// What can be bought: the difference.
    available: i32,
    /// The shop gets a letter when no more than this is available; null, never.
    notice_at: Option<i32>,
}

impl From<Level> for Stock {
    fn from(level: Level) -> Self {
        Self { on_hand: level.on_hand, held: level.held, available: level.available(), notice_at: level.notice_at }
    }
}

/// Where a page of the stock begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StockPage {
    /// Variants on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// What the shop has on hand, newest variants first.
#[utoipa::path(get, path = "/shops/{shop_id}/stock", tag = "inventory", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), StockPage), responses((status = OK, body = Page<StockLine>)))]
async fn list_stock(shop: Shop<ReadShop>, Query(query): Query<StockPage>) -> Result<Json<Page<StockLine>>> {
    const LIST: &[u8] = b"stock";
    let before = after::<VariantId>(LIST, query.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = offers::page_of_shop(conn, *seller, before, query.limit.fetch()).await?;
        let page = Page::cut(rows, query.limit, LIST, |row| row.variant)?;
        let variants: Vec<VariantId> = page.items.iter().map(|row| row.variant).collect();
        let levels = store::levels(conn, &variants).await?;
        Ok(Json(page.map(|row| StockLine {
            variant_id: row.variant,
            listing_id: row.listing,
            listing_slug: row.listing_slug,
            sku: row.sku,
            variant_name: row.name,
            active: row.active,
            stock: levels.get(&row.variant).copied().unwrap_or_default().into(),
        })))
    })
    .await
}

/// A variant in the path.
#[derive(Debug, Deserialize)]
struct VariantPath {
    variant_id: VariantId,
}

/// How many there are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "on_hand": 25 }))]
struct Count {
    /// How many there are, orders placed so far taken off, those held for orders awaiting payment with them.
    on_hand: OnHand,
}

/// Say how many of a variant there are: no fewer than are held for orders awaiting payment.
#[utoipa::path(put, path = "/shops/{shop_id}/variants/{variant_id}/stock", tag = "inventory",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("variant_id" = VariantId, Path)), responses((status = OK, body = Stock)))]
async fn set_stock(
    shop: Shop<EditListings>,
    Path(path): Path<VariantPath>,
    Json(count): Json<Count>,
) -> Result<Json<Stock>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        offers::listing_of(conn, *seller, path.variant_id).await?.or_refuse(&NOT_FOUND)?;
        let level = super::count(conn, path.variant_id, count.on_hand, shop.account, now).await?;
        Ok(Json(level.into()))
    })
    .await
}

/// When to write to the shop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "notice_at": 5 }))]
struct Notice {
    /// Write when no more than this can be bought; null, never.
    notice_at: Option<OnHand>,
}

/// Ask for a letter when only so many of a variant are left to buy. It is written once, until the shop counts more.
#[utoipa::path(put, path = "/shops/{shop_id}/variants/{variant_id}/stock_notice", tag = "inventory",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("variant_id" = VariantId, Path)), responses((status = OK, body = Stock)))]
async fn set_stock_notice(
    shop: Shop<EditListings>,
    Path(path): Path<VariantPath>,
    Json(notice): Json<Notice>,
) -> Result<Json<Stock>> {
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        offers::listing_of(conn, *seller, path.variant_id).await?.or_refuse(&NOT_FOUND)?;
        let level = super::set_notice(conn, path.variant_id, notice.notice_at).await?;
        Ok(Json(level.into()))
    })
    .await
}
