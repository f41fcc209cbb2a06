//! Paying shops by bank transfer: whose account, which code, what was received, what goes back.

mod accounts;
mod notices;
mod paying;
mod refunds;
mod review;

use axum::extract::DefaultBodyLimit;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::kernel::OrderId;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts::list_banks))
        .routes(routes!(accounts::show_bank_account, accounts::set_bank_account))
        .routes(routes!(paying::show_payment_qr))
        .routes(routes!(paying::draw_payment_qr))
        .routes(routes!(paying::picture_payment_qr))
        .routes(routes!(paying::claim_payment))
        .routes(routes!(paying::confirm_payment))
        .routes(routes!(notices::receive_bank_notice))
        .routes(routes!(review::list_transfer_exceptions))
        .routes(routes!(review::resolve_transfer_exception))
        .routes(routes!(refunds::list_order_refunds))
        .routes(routes!(refunds::set_refund_account))
        .routes(routes!(refunds::list_shop_refunds))
        .routes(routes!(refunds::prove_refund))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// An order in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct OrderPath {
    order_id: OrderId,
}
