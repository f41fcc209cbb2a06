//! What a shop promises about shipping.

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::ShippingTerms;
use super::{parcels, remittances, store};
use crate::app::App;
use crate::kernel::SellerId;
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::{Error, INVALID, Result};
use crate::platform::extract::Json;

/// The longest a shop may take to hand a parcel over.
const MOST_HANDLING_DAYS: i16 = 15;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_shipping_terms, set_shipping_terms))
        .layer(DefaultBodyLimit::max(4 * 1024))
        .merge(parcels::http::router())
        .merge(remittances::http::router())
}

/// What the shop promises about shipping.
#[utoipa::path(get, path = "/shops/{shop_id}/shipping", tag = "shipping", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShippingTerms)))]
async fn show_shipping_terms(shop: Shop<ReadShop>) -> Result<Json<ShippingTerms>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let terms = store::terms(conn, &[*seller]).await?.pop();
        Ok(Json(terms.map_or_else(ShippingTerms::default, |(_, terms)| terms)))
    })
    .await
}

/// Say from which worth on the shop bears the shipping, and how long it takes to hand a parcel over. Quotes that were not
/// placed yet are made anew.
#[utoipa::path(put, path = "/shops/{shop_id}/shipping", tag = "shipping", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShippingTerms)))]
async fn set_shipping_terms(shop: Shop<ManageShop>, Json(terms): Json<ShippingTerms>) -> Result<Json<ShippingTerms>> {
    if !(0..=MOST_HANDLING_DAYS).contains(&terms.handling_days) {
        return Err(Error::from(&INVALID).at("handling_days", "phải từ 0 đến 15 / must be 0 to 15"));
    }
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        store::set_terms(conn, *seller, &terms, now).await?;
        Ok(Json(terms))
    })
    .await
}
