//! The shop sees which carrier has its cash, and says what it got of it.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::kernel::{Limit, Line, Page, ParcelId, SellerId};
use crate::people::access::{HandleMoney, Shop};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after, not_of_the_list};
use crate::trade::ledger::Carrier;
use crate::trade::shipping::parcels;
use crate::trade::shipping::remittances::model::{CarrierCash, CashReceipt, CashReceiptForm, OutstandingCash};
use crate::trade::shipping::remittances::{cash, store};

/// Which cash, and where a page of it begins.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OutstandingQuery {
    /// Only this carrier's.
    #[param(value_type = Option<String>, min_length = 2, max_length = 60, example = "GHN")]
    carrier: Option<Line<2, 60>>,
    /// Parcels on the page.
    #[serde(default, skip_serializing_if = "not_of_the_list")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "not_of_the_list")]
    after: Option<String>,
}

/// The parcels of delivered orders whose cash the carrier has not brought, the oldest first.
#[utoipa::path(get, path = "/shops/{shop_id}/outstanding_cash", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), OutstandingQuery),
    responses((status = OK, body = Page<OutstandingCash>)))]
pub async fn list_outstanding_cash(
    shop: Shop<HandleMoney>,
    Query(query): Query<OutstandingQuery>,
) -> Result<Json<Page<OutstandingCash>>> {
    let binding = serde_json::to_vec(&("outstanding_cash", shop.seller, &query))?;
    let begin = after::<ParcelId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let carrier = query.carrier.as_deref().map(Carrier::named);
        let rows = store::cash::outstanding(scope, carrier.as_ref(), begin, query.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, query.limit, &binding, |row| row.parcel_id)?))
    })
    .await
}

/// How much of the shop's cash each carrier has, whoever has it longest first.
#[utoipa::path(get, path = "/shops/{shop_id}/outstanding_cash/carriers", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path)),
    responses((status = OK, body = Vec<CarrierCash>)))]
pub async fn list_carriers_with_cash(shop: Shop<HandleMoney>) -> Result<Json<Vec<CarrierCash>>> {
    shop.see(async |scope| Ok(Json(store::cash::carriers(scope).await?))).await
}

/// A parcel in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct ParcelPath {
    parcel_id: ParcelId,
}

/// Say what the shop got of a parcel's cash, where no list of the carrier's does.
///
/// A driver may bring it by hand, or a list names another amount than was collected. Nothing more of it is expected
/// afterwards: what is missing is a difference in the books, and has to be explained. Said otherwise later, it is corrected.
#[utoipa::path(put, path = "/shops/{shop_id}/parcels/{parcel_id}/cash_receipt", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), ("parcel_id" = ParcelId, Path)),
    responses((status = OK, body = CashReceipt), (status = CONFLICT)))]
pub async fn record_cash_receipt(
    shop: Shop<HandleMoney>,
    Path(path): Path<ParcelPath>,
    Json(form): Json<CashReceiptForm>,
) -> Result<Json<CashReceipt>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        Ok(Json(cash::receive(conn, (*seller, shop.account), path.parcel_id, &form, now).await?))
    })
    .await
}

/// What the shop said to have got of a parcel's cash.
#[utoipa::path(get, path = "/shops/{shop_id}/parcels/{parcel_id}/cash_receipt", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), ("parcel_id" = ParcelId, Path)),
    responses((status = OK, body = CashReceipt)))]
pub async fn show_cash_receipt(shop: Shop<HandleMoney>, Path(path): Path<ParcelPath>) -> Result<Json<CashReceipt>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let parcel = parcels::find_known(conn, *seller, path.parcel_id).await?;
        Ok(Json(store::cash::find(conn, parcel.id).await?.or_refuse(&NOT_FOUND)?))
    })
    .await
}
