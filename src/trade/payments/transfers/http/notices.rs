//! Where a reconciliation service reports money that came into a shop's account.

use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP};
use crate::app::Public;
use crate::calendar;
use crate::people::notify;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, RawBody, parse_json};
use crate::trade::payments::transfers::notices::{self, Notice, NoticeOutcome};

/// Nobody who has the key sent this.
pub const FORGED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "bank-notice-unsigned",
    vi: "Chữ ký của thông báo không đúng",
    en: "The notice's signature is wrong",
};

/// Somebody may have kept it to send it again.
pub const STALE: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "bank-notice-stale",
    vi: "Thông báo đã quá cũ",
    en: "The notice is too old",
};

/// How far from now, in either direction, a notice may have been signed.
const STALE_AFTER: &str = "webhook.stale";

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
    let (app, now) = (public.app(), public.app().clock.now());
    let keys = app.adapters.bank_notices.as_ref().or_refuse(&NOT_FOUND)?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let timestamp = header(BANK_NOTICE_TIMESTAMP);
    if !keys.verify(timestamp, &raw, header(BANK_NOTICE_SIGNATURE)) {
        return Err(Error::from(&FORGED));
    }
    let signed_at =
        timestamp.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)).or_refuse(&STALE)?;
    let notice: Notice = parse_json(&raw)?;
    if !notice.is_money() {
        return Err(Error::from(&INVALID).at("amount", "phải lớn hơn 0 / must be more than nothing"));
    }
    let (outcome, letters) = public
        .act(async |conn| {
            require_fresh(conn, signed_at, now).await?;
            notices::apply(conn, &app.seal, &notice, &raw, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(Json(BankNoticeTaken { outcome }))
}

/// Refuses what was signed too long ago, or by a clock that is as far ahead.
async fn require_fresh(conn: &mut sqlx::PgConnection, signed_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let allowance = calendar::due(conn, STALE_AFTER, now).await? - now;
    if (now - signed_at).abs() < allowance { Ok(()) } else { Err(Error::from(&STALE)) }
}
