//! What gateways send: their notices, and buyers who come back from them.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{App, Public};
use crate::kernel::{PaymentId, Vnd};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{Json, RawBody};
use crate::trade::ledger::Provider;
use crate::trade::payments::model::AttemptStatus;
use crate::trade::payments::store::attempts;
use crate::trade::payments::{gateways, notices};
use crate::trade::webhooks::Heard;

/// Not the gateway's words: forged, or not readable as such.
pub const BAD_SIGNATURE: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "bad-signature",
    vi: "Thông báo không đúng chữ ký của cổng thanh toán",
    en: "The message is not signed by the payment gateway",
};

/// The notice is older than row `webhook.stale` allows, by the gateway's own clock.
pub const STALE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "stale-notice",
    vi: "Thông báo đã quá cũ",
    en: "The message is too old",
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(return_from_vnpay))
        .routes(routes!(return_from_momo))
        .routes(routes!(hear_vnpay))
        .routes(routes!(hear_momo))
}

/// What a buyer who comes back learns.
#[derive(Serialize, ToSchema)]
#[schema(as = GatewayReturn)]
struct ReturnView {
    /// Which payment.
    payment_id: PaymentId,
    /// How much the try was about.
    amount_vnd: Vnd,
    /// What became of the try; while it is `open`, ask for the payment again in a moment.
    status: AttemptStatus,
}

async fn come_back(public: &Public, provider: Provider, query: Option<String>) -> Result<Json<ReturnView>> {
    let raw = query.unwrap_or_default().into_bytes();
    let read = gateways::of(public.app(), provider)?.read_return(&raw);
    notices::hear(public.app(), provider, &raw, read.as_ref().map_err(|why| *why)).await?;
    let notice = read.map_err(|_| Error::from(&BAD_SIGNATURE))?;
    let id = gateways::attempt_of(&notice.reference).or_refuse(&NOT_FOUND)?;
    let attempt = public.see(async |conn| attempts::find(conn, id).await).await?.or_refuse(&NOT_FOUND)?;
    Ok(Json(ReturnView { payment_id: attempt.payment, amount_vnd: attempt.amount_vnd, status: attempt.status }))
}

/// Where VNPay sends a buyer back to. What it signed counts as its notice does.
#[utoipa::path(get, path = "/payments/vnpay/return", tag = "payments", security(()),
    responses((status = OK, body = ReturnView)))]
async fn return_from_vnpay(public: Public, RawQuery(query): RawQuery) -> Result<Json<ReturnView>> {
    come_back(&public, Provider::Vnpay, query).await
}

/// Where MoMo sends a buyer back to. What it signed counts as its notice does.
#[utoipa::path(get, path = "/payments/momo/return", tag = "payments", security(()),
    responses((status = OK, body = ReturnView)))]
async fn return_from_momo(public: Public, RawQuery(query): RawQuery) -> Result<Json<ReturnView>> {
    come_back(&public, Provider::Momo, query).await
}

/// What VNPay reads of our answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct VnpayAnswer {
    /// 00 noted, 01 no such try, 02 known already, 04 another amount, 97 bad signature, 99 anything else.
    #[serde(rename = "RspCode")]
    #[schema(example = "00")]
    code: String,
    /// The same in words.
    #[serde(rename = "Message")]
    #[schema(example = "Confirm Success")]
    message: String,
}

impl VnpayAnswer {
    fn of(heard: Heard) -> Self {
        let (code, message) = match heard {
            Heard::Applied | Heard::Failed | Heard::Pending => ("00", "Confirm Success"),
            Heard::Unknown => ("01", "Order not Found"),
            Heard::Duplicate => ("02", "Order already confirmed"),
            Heard::Held => ("04", "Invalid amount"),
            Heard::Forged => ("97", "Invalid Checksum"),
            Heard::Malformed | Heard::Stale => ("99", "Unknown error"),
        };
        Self { code: code.to_owned(), message: message.to_owned() }
    }
}

/// VNPay's notice (IPN): always answered with 200 and a code, by which VNPay knows whether to send it again.
#[utoipa::path(get, path = "/payments/vnpay/ipn", tag = "payments", security(()),
    responses((status = OK, body = VnpayAnswer)))]
async fn hear_vnpay(public: Public, RawQuery(query): RawQuery) -> Json<VnpayAnswer> {
    let raw = query.unwrap_or_default().into_bytes();
    let heard = async {
        let read = gateways::of(public.app(), Provider::Vnpay)?.read(&raw);
        notices::hear(public.app(), Provider::Vnpay, &raw, read.as_ref().map_err(|why| *why)).await
    };
    Json(match heard.await {
        Ok(heard) => VnpayAnswer::of(heard),
        Err(error) => {
            tracing::error!(?error, "VNPay's notice");
            VnpayAnswer::of(Heard::Malformed)
        }
    })
}

/// MoMo's notice (IPN): answered with 204 once it is noted, whatever it says.
#[utoipa::path(post, path = "/payments/momo/ipn", tag = "payments", security(()),
    responses((status = NO_CONTENT)))]
async fn hear_momo(public: Public, RawBody(body): RawBody) -> Result<StatusCode> {
    let read = gateways::of(public.app(), Provider::Momo)?.read(&body);
    match notices::hear(public.app(), Provider::Momo, &body, read.as_ref().map_err(|why| *why)).await? {
        Heard::Forged | Heard::Malformed => Err(Error::from(&BAD_SIGNATURE)),
        Heard::Stale => Err(Error::from(&STALE)),
        Heard::Unknown => Err(Error::from(&NOT_FOUND)),
        Heard::Applied | Heard::Duplicate | Heard::Held | Heard::Failed | Heard::Pending => Ok(StatusCode::NO_CONTENT),
    }
}
