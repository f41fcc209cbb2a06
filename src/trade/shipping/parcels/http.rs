//! What carriers tell.

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store;
use super::{News, ParcelStatus, hear};
use crate::adapters::ghn::{self, StatusMessage};
use crate::app::{App, Public};
use crate::kernel::WebhookId;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{RawBody, parse_json};

/// The message is not signed with the secret the carrier has.
pub const NOT_THE_CARRIER: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "not-the-carrier",
    vi: "Chữ ký của đơn vị vận chuyển không đúng",
    en: "The carrier's signature is wrong",
};

/// The largest message a carrier sends.
const LARGEST: usize = 64 * 1024;

/// The endpoints carriers call.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hear_ghn)).layer(DefaultBodyLimit::max(LARGEST))
}

/// Where GHN says how far a parcel is.
///
/// Signed by `X-Ghn-Signature`, the HMAC-SHA-256 of the body in hexadecimal. Whatever is signed and can be read is kept as it
/// came, and applied once; a parcel nobody here knows is no reason for GHN to repeat itself. Nor is a message's age one to
/// refuse it: GHN repeats for hours what was not heard, a parcel never goes back by it, and the same message does nothing
/// a second time.
#[utoipa::path(post, path = "/carriers/ghn/status", tag = "parcels", security(()),
    request_body(content = StatusMessage, content_type = "application/json"),
    params(("X-Ghn-Signature" = String, Header, description = "64 hexadecimal digits")),
    responses((status = OK), (status = UNAUTHORIZED)))]
async fn hear_ghn(public: Public, headers: HeaderMap, RawBody(body): RawBody) -> Result<StatusCode> {
    let app = public.app();
    let ghn = app.adapters.ghn.as_ref().or_refuse(&NOT_FOUND)?;
    let signature = headers.get(ghn::SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !ghn.is_genuine(&body, signature).map_err(Error::Fault)? {
        return Err(Error::from(&NOT_THE_CARRIER));
    }
    let message: StatusMessage = parse_json(&body)?;
    let now = app.clock.now();
    let digest = Sha256::digest(&body);
    public
        .act(async |conn| {
            let id = WebhookId::new(now);
            if store::insert_message(conn, id, "ghn", &digest, &body, now).await? {
                apply(conn, id, &message, now).await?;
            }
            Ok(StatusCode::OK)
        })
        .await
}

async fn apply(conn: &mut PgConnection, id: WebhookId, message: &StatusMessage, now: DateTime<Utc>) -> Result<()> {
    let Some(parcel) = store::find_by_ghn_code(conn, &message.order_code, &message.client_order_code).await? else {
        tracing::warn!(message = %id, "GHN speaks of a parcel nobody knows");
        return Ok(());
    };
    store::set_code(conn, parcel, &message.order_code).await?;
    let news = News {
        said: &message.status,
        status: ParcelStatus::of_ghn(&message.status),
        note: message.reason.as_deref().filter(|reason| !reason.is_empty()),
        at: message.time,
        message: Some(id),
    };
    hear(conn, parcel, &news, now).await
}
