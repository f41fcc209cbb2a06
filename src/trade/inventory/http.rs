//! A shop counts its goods.

use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::OnHand;
use super::store;
use crate::app::App;
use crate::kernel::{Limit, ListingId, Page, SellerId, VariantId};
use crate::market::catalogue::offers;
use crate::people::access::{EditListings, ReadShop, Shop};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_stock)).routes(routes!(set_stock)).layer(DefaultBodyLimit::max(4 * 1024))
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
    /// How many there are.
    on_hand: i32,
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
        let left = store::on_hand(conn, &variants).await?;
        Ok(Json(page.map(|row| StockLine {
            variant_id: row.variant,
            listing_id: row.listing,
            listing_slug: row.listing_slug,
            sku: row.sku,
            variant_name: row.name,
            active: row.active,
            on_hand: left.get(&row.variant).copied().unwrap_or(0),
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
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "on_hand": 25 }))]
struct Count {
    /// How many there are, orders placed so far taken off.
    on_hand: OnHand,
}

/// Say how many of a variant there are.
#[utoipa::path(put, path = "/shops/{shop_id}/variants/{variant_id}/stock", tag = "inventory",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("variant_id" = VariantId, Path)), responses((status = OK, body = Count)))]
async fn set_stock(
    shop: Shop<EditListings>,
    Path(path): Path<VariantPath>,
    Json(count): Json<Count>,
) -> Result<Json<Count>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        offers::listing_of(conn, *seller, path.variant_id).await?.or_refuse(&NOT_FOUND)?;
        super::count(conn, path.variant_id, count.on_hand, shop.account, now).await
    })
    .await?;
    Ok(Json(count))
}
