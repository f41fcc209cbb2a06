//! The operator's look at payouts, and another try for those that came back.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::PayoutStatus;
use super::store::PayoutRow;
use super::{making, store};
use crate::app::App;
use crate::kernel::{Limit, Page, PayoutId, SellerId};
use crate::people::access::{ManageMoney, Officer, require_national};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_payouts)).routes(routes!(retry_payout))
}

/// Which payouts, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PayoutsPage {
    /// How far they are; all if nothing is said.
    status: Option<PayoutStatus>,
    /// Only those of this shop.
    seller_id: Option<SellerId>,
    /// Payouts on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// Payouts of the whole marketplace, newest first.
#[utoipa::path(get, path = "/payouts", tag = "payouts", security(("session" = ["money.manage"])),
    params(PayoutsPage), responses((status = OK, body = Page<PayoutRow>)))]
async fn list_payouts(
    officer: Officer<ManageMoney>,
    Query(query): Query<PayoutsPage>,
) -> Result<Json<Page<PayoutRow>>> {
    let binding = serde_json::to_vec(&("payouts", query.status, query.seller_id))?;
    let before = after::<PayoutId>(&binding, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let rows = store::page(conn, (query.status, query.seller_id), before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, query.limit, &binding, |payout| payout.id)?))
        })
        .await
}

/// A payout in the path.
#[derive(Debug, Deserialize)]
struct PayoutPath {
    payout_id: PayoutId,
}

/// The payout that was made.
#[derive(Debug, Serialize, ToSchema)]
struct PayoutMade {
    /// The payout.
    id: PayoutId,
}

/// Make a payout in the place of one that came back, of what there is to pay out now. Asked again, it is the same one.
#[utoipa::path(put, path = "/payouts/{payout_id}/retry", tag = "payouts", security(("session" = ["money.manage"])),
    params(("payout_id" = PayoutId, Path)), responses((status = OK, body = PayoutMade)))]
async fn retry_payout(officer: Officer<ManageMoney>, Path(path): Path<PayoutPath>) -> Result<Json<PayoutMade>> {
    let now = officer.app().clock.now();
    let failed = path.payout_id;
    officer
        .act(failed.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            Ok(Json(PayoutMade { id: making::make_again(conn, failed, now).await? }))
        })
        .await
}
