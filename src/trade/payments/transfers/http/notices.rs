//! Where a reconciliation service reports money that came into a shop's account.

use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP};
use crate::app::Public;
use crate::people::notify;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, RawBody};
use crate::trade::payments::transfers::notices::{self, Notice, NoticeOutcome};

/// That the notice was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct BankNoticeTaken {
    /// What it meant; null if the transaction was reported before.
    outcome: Option<NoticeOutcome>,
}

/// Report money that came into a shop's account.
///
/// Signed by `Bank-Notice-Signature`, the HMAC-SHA-256 in hexadecimal of `Bank-Notice-Timestamp` (seconds since 1970), a
/// full stop and the body. Send it again until it is answered: each transaction of an account counts once. Money that
/// fits no order by itself waits on the shop's review list.
#[utoipa::path(post, path = "/payments/bank_notices", tag = "payments", security(()),
    request_body(content = Notice, content_type = "application/json"),
    params(
        ("Bank-Notice-Timestamp" = String, Header, description = "When it was signed, in seconds since 1970"),
        ("Bank-Notice-Signature" = String, Header, description = "64 hexadecimal digits"),
    ),
    responses((status = OK, body = BankNoticeTaken)))]
pub async fn receive_bank_notice(
    public: Public,
    headers: HeaderMap,
    RawBody(raw): RawBody,
) -> Result<Json<BankNoticeTaken>> {
    let app = public.app();
    let keys = app.adapters.bank_notices.as_ref().or_refuse(&NOT_FOUND)?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let timestamp = header(BANK_NOTICE_TIMESTAMP);
    let is_signed = keys.verify(timestamp, &raw, header(BANK_NOTICE_SIGNATURE));
    let (outcome, letters) = notices::hear(app, &raw, is_signed.then_some(timestamp)).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(Json(BankNoticeTaken { outcome }))
}
