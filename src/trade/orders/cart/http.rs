//! The caller's own cart.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Cart, LONGEST, Quantity};
use super::store;
use crate::app::App;
use crate::kernel::{AccountId, VariantId};
use crate::market::catalogue::offers;
use crate::people::access::Buyer;
use crate::people::identity;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{Json, Path};
use crate::trade::inventory;

/// The cart has as many lines as one can order at once.
pub const CART_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "cart-full",
    vi: "Giỏ hàng đã đủ 50 dòng",
    en: "The cart already has 50 lines",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_cart, clear_cart))
        .routes(routes!(put_cart_item, remove_cart_item))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

async fn view(conn: &mut PgConnection, account: AccountId, today: NaiveDate) -> Result<Json<Cart>> {
    let items = store::list(conn, account).await?;
    let variants: Vec<VariantId> = items.iter().map(|item| item.variant).collect();
    let offers = offers::find(conn, &variants, today).await?;
    let levels = inventory::levels(conn, &variants).await?;
    Ok(Json(Cart::of(&items, &offers, &levels, today)?))
}

/// The cart by shop, with today's prices and whatever stands in the way of ordering.
#[utoipa::path(get, path = "/cart", tag = "cart", security(("session" = ["account"])),
    responses((status = OK, body = Cart)))]
async fn show_cart(buyer: Buyer) -> Result<Json<Cart>> {
    let today = buyer.app().clock.today();
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            view(conn, *account, today).await
        })
        .await
}

/// A variant in the path.
#[derive(Debug, Deserialize)]
struct ItemPath {
    variant_id: VariantId,
}

/// How many are wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "quantity": 2 }))]
struct Wanted {
    /// How many.
    quantity: Quantity,
}

/// Put a variant into the cart, or change how many of it are wanted.
#[utoipa::path(put, path = "/cart/items/{variant_id}", tag = "cart", security(("session" = ["account"])),
    params(("variant_id" = VariantId, Path)), responses((status = OK, body = Cart)))]
async fn put_cart_item(buyer: Buyer, Path(path): Path<ItemPath>, Json(wanted): Json<Wanted>) -> Result<Json<Cart>> {
    let clock = &buyer.app().clock;
    let (now, today) = (clock.now(), clock.today());
    let variant = path.variant_id;
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            identity::lock(conn, *account).await?;
            let offer = offers::find(conn, &[variant], today).await?.pop().or_refuse(&NOT_FOUND)?;
            let items = store::list(conn, *account).await?;
            let held = items.iter().any(|item| item.variant == variant);
            let may_enter = offer.for_sale && offer.is_seller_approved() && offer.seller_authenticated;
            if !held && !may_enter {
                return Err(Error::from(&NOT_FOUND));
            }
            if !held && items.len() >= LONGEST {
                return Err(Error::from(&CART_FULL));
            }
            let price = offer.unit_price(wanted.quantity.get());
            store::put(conn, *account, variant, wanted.quantity, price, now).await?;
            view(conn, *account, today).await
        })
        .await
}

/// Take a variant out of the cart.
#[utoipa::path(delete, path = "/cart/items/{variant_id}", tag = "cart", security(("session" = ["account"])),
    params(("variant_id" = VariantId, Path)), responses((status = NO_CONTENT)))]
async fn remove_cart_item(buyer: Buyer, Path(path): Path<ItemPath>) -> Result<StatusCode> {
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            store::remove(conn, *account, &[path.variant_id]).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Empty the cart.
#[utoipa::path(delete, path = "/cart", tag = "cart", security(("session" = ["account"])),
    responses((status = NO_CONTENT)))]
async fn clear_cart(buyer: Buyer) -> Result<StatusCode> {
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            store::clear(conn, *account).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
