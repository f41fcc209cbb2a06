//! The buyer sees the invoice of an order, its shop records it.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Invoice, IssuedInvoice};
use super::store;
use crate::app::App;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, AuditId, Line, OrderId, SellerId};
use crate::market::sellers;
use crate::people::access::{Buyer, HandleMoney, Shop, ShopFunction as _};
use crate::people::audit;
use crate::platform::error::{Error, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::platform::seal::Seal;
use crate::trade::orders::store::{Reached, of_buyer, of_shop};

/// The buyer did not ask for an invoice with this order.
pub const INVOICE_NOT_WANTED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "invoice-not-wanted",
    vi: "Người mua không yêu cầu xuất hóa đơn cho đơn hàng này",
    en: "The buyer did not ask for an invoice with this order",
};

/// The endpoints of this room.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_invoice))
        .routes(routes!(show_shop_invoice, record_invoice))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

/// An order in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct OrderPath {
    order_id: OrderId,
}

async fn find(conn: &mut PgConnection, seal: &Seal, order: Reached) -> Result<Invoice> {
    store::find(conn, seal, order).await?.or_refuse(&INVOICE_NOT_WANTED)
}

/// The invoice of one of the caller's own orders: whom it is made out to, and its number once the shop has issued it.
#[utoipa::path(get, path = "/orders/{order_id}/invoice", tag = "invoices", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = Invoice), (status = CONFLICT)))]
async fn show_invoice(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<Invoice>> {
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let order = of_buyer(conn, *account, path.order_id).await?;
            Ok(Json(find(conn, &buyer.app().seal, order).await?))
        })
        .await
}

/// The invoice the buyer of an order wants, for whoever issues it.
#[utoipa::path(get, path = "/shops/{shop_id}/orders/{order_id}/invoice", tag = "invoices",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)),
    responses((status = OK, body = Invoice), (status = CONFLICT)))]
async fn show_shop_invoice(shop: Shop<HandleMoney>, Path(path): Path<OrderPath>) -> Result<Json<Invoice>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = of_shop(conn, *seller, path.order_id).await?;
        let invoice = find(conn, &shop.app().seal, order).await?;
        if invoice.names_person {
            record_read(conn, (*seller, shop.account), path.order_id, now).await?;
        }
        Ok(Json(invoice))
    })
    .await
}

/// Every read of ID data is recorded, whoever reads.
async fn record_read(
    conn: &mut PgConnection,
    (seller, account_id): (SellerId, AccountId),
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<()> {
    let entry = audit::Entry {
        id: AuditId::new(now),
        at: now,
        account_id,
        operation: "GET /v1/shops/{shop_id}/orders/{order_id}/invoice".to_owned(),
        permission: HandleMoney::NAME.to_owned(),
        provinces: vec![sellers::summary(conn, seller).await?.province_code],
        subject_id: order.as_uuid(),
        facts: serde_json::json!({ "id_data": "read" }),
        erased_at: None,
    };
    audit::record(conn, &entry).await
}

/// The invoice as issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "number": "1C26THT-00000123", "issued_on": "2026-11-21" }))]
struct Issued {
    /// Its symbol and number.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    number: Line<1, 40>,
    /// The day on it: not before the order, not in the future.
    issued_on: NaiveDate,
}

/// Record the invoice the shop issued for an order, or correct what was recorded.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/invoice", tag = "invoices",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)),
    responses((status = OK, body = IssuedInvoice)))]
async fn record_invoice(
    shop: Shop<HandleMoney>,
    Path(path): Path<OrderPath>,
    Json(issued): Json<Issued>,
) -> Result<Json<IssuedInvoice>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = of_shop(conn, *seller, path.order_id).await?;
        let placed_at = store::wanted_since(conn, order).await?.or_refuse(&INVOICE_NOT_WANTED)?;
        if issued.issued_on > day_of(now) || issued.issued_on < day_of(placed_at) {
            let why = "phải từ ngày đặt hàng đến hôm nay / must lie between the order's day and today";
            return Err(Error::from(&INVALID).at("issued_on", why));
        }
        store::put(conn, order, (issued.number.as_str(), issued.issued_on), shop.account, now).await?;
        let (number, issued_on) = (issued.number.to_string(), issued.issued_on);
        Ok(Json(IssuedInvoice { number, issued_on, recorded_at: now }))
    })
    .await
}
