//! A shop's payouts.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, PayoutItem, ShopPayout};
use crate::app::App;
use crate::kernel::{Limit, Page, PayoutId, SellerId};
use crate::people::access::{HandleMoney, Shop};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_shop_payouts)).routes(routes!(show_shop_payout))
}

/// Where a page of payouts begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PayoutsPage {
    /// Payouts on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// What gateways had of the shop's sales and was sent to its account, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/payouts", tag = "payouts", security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), PayoutsPage), responses((status = OK, body = Page<ShopPayout>)))]
async fn list_shop_payouts(
    shop: Shop<HandleMoney>,
    Query(query): Query<PayoutsPage>,
) -> Result<Json<Page<ShopPayout>>> {
    let binding = serde_json::to_vec(&("shop_payouts", shop.seller))?;
    let before = after::<PayoutId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let rows = store::page_of_shop(scope, before, query.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, query.limit, &binding, |payout| payout.id)?))
    })
    .await
}

/// A payout in the path.
#[derive(Debug, Deserialize)]
struct PayoutPath {
    payout_id: PayoutId,
}

/// A payout with the orders whose money it carries.
#[derive(Debug, Serialize, ToSchema)]
struct PayoutWithItems {
    /// The payout.
    #[serde(flatten)]
    payout: ShopPayout,
    /// Its orders; what they bring sums to `gross_vnd`.
    items: Vec<PayoutItem>,
}

/// One payout, by order.
#[utoipa::path(get, path = "/shops/{shop_id}/payouts/{payout_id}", tag = "payouts",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("payout_id" = PayoutId, Path)),
    responses((status = OK, body = PayoutWithItems)))]
async fn show_shop_payout(shop: Shop<HandleMoney>, Path(path): Path<PayoutPath>) -> Result<Json<PayoutWithItems>> {
    shop.see(async |scope| {
        let payout = store::of_shop(scope, path.payout_id).await?;
        let items = store::items_of(scope, payout.id).await?;
        Ok(Json(PayoutWithItems { payout, items }))
    })
    .await
}
