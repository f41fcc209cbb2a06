//! What carriers tell.

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::messages;
use crate::adapters::ghn::{self, StatusMessage};
use crate::app::{App, Public};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::RawBody;

/// The largest message a carrier sends.
const LARGEST: usize = 64 * 1024;

/// The endpoints carriers call.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hear_ghn)).layer(DefaultBodyLimit::max(LARGEST))
}

/// Where GHN says how far a parcel is.
///
/// Signed by `X-Ghn-Signature`, the HMAC-SHA-256 of the body in hexadecimal. It is kept as it came, and applied once; a
/// parcel nobody here knows is no reason for GHN to repeat itself. One that is older than a day (or from a day ahead) is
/// refused, and GHN is asked instead.
#[utoipa::path(post, path = "/carriers/ghn/status", tag = "parcels", security(()),
    request_body(content = StatusMessage, content_type = "application/json"),
    params(("X-Ghn-Signature" = String, Header, description = "64 hexadecimal digits")),
    responses((status = OK), (status = UNAUTHORIZED)))]
async fn hear_ghn(public: Public, headers: HeaderMap, RawBody(body): RawBody) -> Result<StatusCode> {
    let app = public.app();
    let ghn = app.adapters.ghn.as_ref().or_refuse(&NOT_FOUND)?;
    let signature = headers.get(ghn::SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_genuine = ghn.is_genuine(&body, signature).map_err(Error::Fault)?;
    messages::hear(app, &body, is_genuine).await.map(|()| StatusCode::OK)
}
