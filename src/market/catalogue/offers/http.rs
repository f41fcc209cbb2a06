//! A shop says on what terms it sells a variant.

use axum::extract::DefaultBodyLimit;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, terms};
use super::terms::Terms;
use crate::app::App;
use crate::kernel::{SellerId, VariantId};
use crate::people::access::{EditListings, ReadShop, Shop};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path};

/// The endpoints of this room.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_selling_terms, set_selling_terms)).layer(DefaultBodyLimit::max(4 * 1024))
}

/// A variant in the path.
#[derive(Debug, Deserialize)]
struct VariantPath {
    variant_id: VariantId,
}

/// On what terms the shop sells a variant: prices by quantity, and how many one buyer gets.
#[utoipa::path(get, path = "/shops/{shop_id}/variants/{variant_id}/selling_terms", tag = "catalogue",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("variant_id" = VariantId, Path)), responses((status = OK, body = Terms)))]
async fn show_selling_terms(shop: Shop<ReadShop>, Path(path): Path<VariantPath>) -> Result<Json<Terms>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        store::listing_of(conn, *seller, path.variant_id).await?.or_refuse(&NOT_FOUND)?;
        Ok(Json(terms::find(conn, path.variant_id).await?))
    })
    .await
}

/// Say on what terms the shop sells a variant, at once; orders placed before keep theirs.
#[utoipa::path(put, path = "/shops/{shop_id}/variants/{variant_id}/selling_terms", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("variant_id" = VariantId, Path)), responses((status = OK, body = Terms)))]
async fn set_selling_terms(
    shop: Shop<EditListings>,
    Path(path): Path<VariantPath>,
    Json(wanted): Json<Terms>,
) -> Result<Json<Terms>> {
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let price = terms::lock_price(conn, *seller, path.variant_id).await?.or_refuse(&NOT_FOUND)?;
        wanted.check(price)?;
        terms::replace(conn, path.variant_id, &wanted).await
    })
    .await?;
    Ok(Json(wanted))
}
