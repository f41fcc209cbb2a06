//! The code a buyer scans, and what buyer and shop say about the money.

use axum::http::header;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OrderPath;
use crate::kernel::{Line, OrderId, Price, SellerId, Vnd};
use crate::people::access::{Buyer, HandleMoney, Shop};
use crate::people::notify;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::trade::payments::transfers::accounts::sealing_context;
use crate::trade::payments::transfers::model::{Transfer, TransferException};
use crate::trade::payments::transfers::paying::{self, Received};
use crate::trade::payments::transfers::payload::Payload;
use crate::trade::payments::transfers::{store, vietqr};
use crate::trade::payments::{self, Allocation};

/// How to pay an order by transfer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentQr {
    /// The code's text (EMVCo, VietQR).
    payload: String,
    /// The bank, by its number.
    #[schema(example = "970405")]
    bin: String,
    /// The bank's name.
    #[schema(example = "Agribank")]
    bank: String,
    /// The account number's last four characters; the code has it in full.
    #[schema(example = "2345")]
    number_last: String,
    /// Whose account it is.
    holder: String,
    /// How much, neither more nor less.
    amount_vnd: Vnd,
    /// What the transfer must say.
    #[schema(example = "OCOP2611217K3QZ8M2XW")]
    reference: String,
    /// Until when the order waits.
    pay_by: Option<DateTime<Utc>>,
    /// When the buyer said to have paid.
    claimed_at: Option<DateTime<Utc>>,
    /// The code as a drawing.
    svg: String,
    /// The code as a picture.
    png: String,
}

/// The transfer the buyer has to make, and its code; refused once nothing is due.
async fn due(buyer: &Buyer, order: OrderId) -> Result<(Transfer, Payload)> {
    let transfer = buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            store::transfers::of_buyer(conn, *account, order).await
        })
        .await?;
    transfer.require_due()?;
    let payload = payload(buyer, &transfer)?;
    Ok((transfer, payload))
}

fn payload(buyer: &Buyer, transfer: &Transfer) -> Result<Payload> {
    let account = buyer.app().seal.open(&transfer.number_sealed, &sealing_context(transfer.account))?;
    Ok(transfer.vietqr(account).payload()?)
}

/// How to pay one of the caller's own orders by transfer, while it is due.
#[utoipa::path(get, path = "/orders/{order_id}/payment/qr", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = PaymentQr)))]
pub async fn show_payment_qr(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<PaymentQr>> {
    let (transfer, payload) = due(&buyer, path.order_id).await?;
    let at = |kind: &str| format!("/v1/orders/{}/payment/qr.{kind}", path.order_id);
    Ok(Json(PaymentQr {
        payload: payload.encode(),
        bin: transfer.bin,
        bank: transfer.bank,
        number_last: transfer.number_last,
        holder: transfer.holder,
        amount_vnd: transfer.amount,
        reference: transfer.reference,
        pay_by: transfer.pay_by,
        claimed_at: transfer.claimed_at,
        svg: at("svg"),
        png: at("png"),
    }))
}

/// A drawing or picture nobody keeps.
fn image(kind: &'static str, bytes: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, no-store")], bytes)
}

/// The code to scan, as a drawing.
#[utoipa::path(get, path = "/orders/{order_id}/payment/qr.svg", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = String, content_type = "image/svg+xml")))]
pub async fn draw_payment_qr(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<impl IntoResponse> {
    let (_, payload) = due(&buyer, path.order_id).await?;
    Ok(image("image/svg+xml", vietqr::svg(&payload)?))
}

/// The code to scan, as a picture.
#[utoipa::path(get, path = "/orders/{order_id}/payment/qr.png", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = Vec<u8>, content_type = "image/png")))]
pub async fn picture_payment_qr(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<impl IntoResponse> {
    let (_, payload) = due(&buyer, path.order_id).await?;
    Ok(image("image/png", vietqr::png(&payload)?))
}

/// That the buyer says to have paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentClaim {
    /// When.
    claimed_at: Option<DateTime<Utc>>,
    /// Until when the order waits for the shop to find the money.
    pay_by: Option<DateTime<Utc>>,
}

/// Say “I have paid”: the order waits longer, once, and the shop is told to look.
#[utoipa::path(put, path = "/orders/{order_id}/payment/claim", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = PaymentClaim)))]
pub async fn claim_payment(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<PaymentClaim>> {
    let now = buyer.app().clock.now();
    let (transfer, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            paying::claim(conn, *account, path.order_id, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(buyer.app().settings.demo, letter);
    }
    Ok(Json(PaymentClaim { claimed_at: transfer.claimed_at, pay_by: transfer.pay_by }))
}

/// What the shop received for an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount_vnd": 205_000, "bank_reference": "FT26325123456" }))]
pub struct PaymentConfirmation {
    /// How much.
    amount_vnd: Price,
    /// What the bank calls the transaction.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    bank_reference: Line<1, 100>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentReceived {
    /// How the order's payment stands now.
    payment: Allocation,
    /// Where the money waits that did not pay the order; null if it did.
    exception: Option<TransferException>,
}

/// An order of the shop in the path.
#[derive(Debug, Deserialize)]
pub struct ShopOrderPath {
    order_id: OrderId,
}

/// Say what was received for an order. The right amount pays it; anything else waits on the review list.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/payment/confirmation", tag = "payments",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)),
    responses((status = OK, body = PaymentReceived)))]
pub async fn confirm_payment(
    shop: Shop<HandleMoney>,
    Path(path): Path<ShopOrderPath>,
    Json(said): Json<PaymentConfirmation>,
) -> Result<Json<PaymentReceived>> {
    let now = shop.app().clock.now();
    let received = Received { amount: said.amount_vnd.vnd(), bank_reference: &said.bank_reference };
    if received.amount == Vnd::ZERO {
        return Err(Error::from(&INVALID).at("amount_vnd", "phải lớn hơn 0 / must be more than nothing"));
    }
    let (answer, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let whose = (*seller, shop.account);
            let (exception, letters) = paying::confirm(conn, whose, path.order_id, &received, now).await?;
            let payment = payments::find_allocation(conn, path.order_id).await?;
            Ok((Json(PaymentReceived { payment, exception }), letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(answer)
}
