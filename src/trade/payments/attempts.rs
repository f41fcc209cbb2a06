//! A buyer tries to pay at a gateway. The try is committed before anybody hears of it: its id is the gateway's key, so a
//! crash at any moment leaves something that can be asked about.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::gateways::{self, Visitor};
use super::jobs::QueryAttempt;
use super::model::{Attempt, AttemptStatus};
use super::store::attempts as store;
use crate::adapters::gateway::Created;
use crate::app::App;
use crate::calendar;
use crate::kernel::{AccountId, AttemptId, PaymentId, Vnd};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::jobs::Job as _;

/// The payment is in cash or by bank transfer.
pub const NOT_BY_GATEWAY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "not-by-gateway",
    vi: "Khoản này không thanh toán qua cổng",
    en: "This payment is not made at a gateway",
};

/// It is paid, or its orders were cancelled.
pub const NOTHING_DUE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "nothing-due",
    vi: "Không còn gì phải thanh toán",
    en: "There is nothing left to pay",
};

/// The payment was tried as often as it may be; the fact `most` says how often. An earlier page may still be paid.
pub const TOO_MANY_TRIES: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "too-many-payment-attempts",
    vi: "Đã thử thanh toán quá nhiều lần, xin dùng trang thanh toán đã mở hoặc đặt lại bằng hình thức khác",
    en: "This payment was tried too often; use a page that is open, or order again and pay otherwise",
};

/// Tries to pay one payment: nobody needs as many, and each is asked about at the gateway.
const MOST_TRIES: i64 = 10;

/// The time to pay is over (row `payment.gateway`).
pub const PAY_BY_PASSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "pay-by-passed",
    vi: "Đã hết thời gian thanh toán",
    en: "The time to pay is over",
};

/// The gateway did not answer. The same request again is the same try.
pub const GATEWAY_UNREACHABLE: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "gateway-unreachable",
    vi: "Cổng thanh toán không phản hồi, xin thử lại",
    en: "The payment gateway does not answer; please try again",
};

/// The gateway takes no such payment, and says why.
pub const GATEWAY_REFUSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "gateway-refused",
    vi: "Cổng thanh toán từ chối giao dịch này",
    en: "The payment gateway refuses this payment",
};

/// Writes down that the buyer tries to pay what is due now, and when the result will be asked for.
pub async fn begin(
    conn: &mut PgConnection,
    account: AccountId,
    payment: PaymentId,
    now: DateTime<Utc>,
) -> Result<AttemptId> {
    let terms = store::lock_terms(conn, account, payment).await?.or_refuse(&NOT_FOUND)?;
    let provider = terms.method.provider().or_refuse(&NOT_BY_GATEWAY)?;
    let amount = store::amount_due(conn, payment).await?;
    if amount == Vnd::ZERO {
        return Err(Error::from(&NOTHING_DUE));
    }
    let expires_at = terms.pay_by.filter(|pay_by| *pay_by > now).or_refuse(&PAY_BY_PASSED)?;
    if store::count_of(conn, payment).await? >= MOST_TRIES {
        return Err(Error::from(&TOO_MANY_TRIES).fact("most", MOST_TRIES));
    }
    let attempt = Attempt {
        id: AttemptId::new(now),
        payment,
        provider,
        amount_vnd: amount,
        status: AttemptStatus::Open,
        pay_url: None,
        created_at: now,
        expires_at,
    };
    store::insert(conn, &attempt).await?;
    let ask_at = calendar::due(conn, "payment.query", now).await?;
    QueryAttempt { attempt: attempt.id }.enqueue(conn, ask_at).await?;
    Ok(attempt.id)
}

/// The committed try with its pay page, which the gateway is asked for unless it has said so before.
pub async fn with_page(app: &App, id: AttemptId, visitor: Visitor) -> Result<Attempt> {
    let attempt = app.db.see(async |conn| store::find(conn, id).await).await?.or_refuse(&NOT_FOUND)?;
    if attempt.pay_url.is_some() || attempt.status != AttemptStatus::Open {
        return Ok(attempt);
    }
    let gateway = gateways::of(app, attempt.provider)?;
    match gateway.create(app, &attempt, visitor).await? {
        Ok(Created::At(page)) => {
            app.db.act(async |conn| store::set_pay_url(conn, id, &page).await).await?;
            Ok(Attempt { pay_url: Some(page), ..attempt })
        }
        Ok(Created::Refused(why)) => {
            let now = app.clock.now();
            app.db.act(async |conn| store::decide(conn, id, AttemptStatus::Failed, now).await.map(drop)).await?;
            Err(GATEWAY_REFUSED.because(why))
        }
        Err(unreachable) => {
            tracing::warn!(attempt = %id, error = %unreachable.0, "the gateway did not answer");
            Err(Error::from(&GATEWAY_UNREACHABLE).retry_after(5))
        }
    }
}
