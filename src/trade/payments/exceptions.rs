//! Money that fits nothing by itself: it waits in a list, and a person of the national desk decides.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::SendRefund;
use super::model::{ExceptionKind, Resolution, Sending};
use super::store::captures::Capture;
use super::store::exceptions::{self as store, Exception, NewException};
use super::store::refunds as promises;
use super::{captures, refunds};
use crate::kernel::{AccountId, CaptureId, ExceptionId, OrderId, RefundId, Vnd};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::Provider;

/// Somebody decided otherwise before.
pub const EXCEPTION_RESOLVED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "exception-resolved",
    vi: "Khoản này đã được xử lý",
    en: "This has been resolved already",
};

/// The money cannot go that way; the detail says why.
pub const RESOLUTION_DOES_NOT_FIT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "resolution-does-not-fit",
    vi: "Cách xử lý không phù hợp với khoản này",
    en: "This way of resolving it does not fit",
};

/// A person's decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What is to be done.
    pub resolution: Resolution,
    /// Which orders the money pays, where it is applied.
    pub orders: Vec<OrderId>,
    /// Why.
    pub words: String,
}

/// Another amount came than was asked for: it is held.
pub async fn open_mismatch(conn: &mut PgConnection, capture: &Capture, now: DateTime<Utc>) -> Result<()> {
    let exception = NewException {
        kind: ExceptionKind::AmountMismatch,
        provider: Some(capture.provider),
        transaction: &capture.transaction,
        amount: capture.amount,
        capture: Some(capture.id),
        refund: None,
    };
    store::insert(conn, &exception, now).await
}

/// A signed message says that money came for a try nobody made. Said again, it is the same.
pub async fn open_unknown(
    conn: &mut PgConnection,
    provider: Provider,
    transaction: &str,
    amount: Vnd,
    now: DateTime<Utc>,
) -> Result<()> {
    let kind = ExceptionKind::UnknownAttempt;
    let provider = Some(provider);
    let exception = NewException { kind, provider, transaction, amount, capture: None, refund: None };
    store::insert(conn, &exception, now).await
}

/// A bank reports money on an account that is no shop's: whoever reads that account for us should not.
pub async fn open_stray(conn: &mut PgConnection, reference: &str, amount: Vnd, now: DateTime<Utc>) -> Result<()> {
    let kind = ExceptionKind::StrayTransfer;
    let exception = NewException { kind, provider: None, transaction: reference, amount, capture: None, refund: None };
    store::insert(conn, &exception, now).await
}

/// The gateway will not give money back.
pub async fn open_stuck(conn: &mut PgConnection, sending: &Sending, now: DateTime<Utc>) -> Result<()> {
    let exception = NewException {
        kind: ExceptionKind::RefundStuck,
        provider: Some(sending.provider),
        transaction: &sending.transaction,
        amount: sending.amount,
        capture: None,
        refund: Some(sending.id),
    };
    store::insert(conn, &exception, now).await
}

/// Carries out what the officer decided. Decided the same before, it stays as it is.
pub async fn resolve(
    conn: &mut PgConnection,
    id: ExceptionId,
    decision: &Decision,
    officer: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    let subject = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    lock_money(conn, &subject).await?;
    let exception = store::lock(conn, id).await?;
    match exception.resolution {
        Some(before) if before == decision.resolution => return Ok(()),
        Some(_) => return Err(Error::from(&EXCEPTION_RESOLVED)),
        None => {}
    }
    match (decision.resolution, exception.capture, exception.refund) {
        (Resolution::Note, _, Some(refund)) => refunds::end_doubt(conn, refund, now).await?,
        (Resolution::Note, ..) => {}
        (Resolution::Apply, Some(capture), _) => apply(conn, capture, &decision.orders, now).await?,
        (Resolution::Refund, Some(capture), _) => refund(conn, capture, now).await?,
        (Resolution::Refund, _, Some(refund)) => send_again(conn, refund, now).await?,
        (Resolution::Arrived, _, Some(refund)) => refunds::arrive(conn, refund, now).await.map(drop)?,
        (Resolution::Apply, ..) => return Err(RESOLUTION_DOES_NOT_FIT.because("no money is held here")),
        (Resolution::Refund | Resolution::Arrived, ..) => {
            return Err(RESOLUTION_DOES_NOT_FIT.because("there is nothing that could go back"));
        }
    }
    store::resolve(conn, id, decision, officer, now).await
}

/// The payment comes before everything else.
async fn lock_money(conn: &mut PgConnection, exception: &Exception) -> Result<()> {
    match (exception.capture, exception.refund) {
        (Some(capture), _) => captures::lock(conn, capture).await.map(drop),
        (None, Some(refund)) => promises::lock_payment(conn, refund).await,
        (None, None) => Ok(()),
    }
}

async fn apply(conn: &mut PgConnection, id: CaptureId, orders: &[OrderId], now: DateTime<Utc>) -> Result<()> {
    let capture = captures::lock(conn, id).await?;
    let settled = captures::pay(conn, &capture, Some(orders), now).await?;
    if settled.is_empty() || settled.len() != orders.len() {
        return Err(RESOLUTION_DOES_NOT_FIT.because("each of the orders must be in this payment, and due"));
    }
    let Ok(rest) = captures::rest(&capture, &settled) else {
        return Err(RESOLUTION_DOES_NOT_FIT.because("the money is not enough for these orders"));
    };
    captures::give_back(conn, &capture, rest, now).await
}

async fn refund(conn: &mut PgConnection, id: CaptureId, now: DateTime<Utc>) -> Result<()> {
    let capture = captures::lock(conn, id).await?;
    let rest = captures::rest(&capture, &[])?;
    captures::give_back(conn, &capture, rest, now).await
}

async fn send_again(conn: &mut PgConnection, refund: RefundId, now: DateTime<Utc>) -> Result<()> {
    if !promises::unstick(conn, refund).await? {
        return Err(RESOLUTION_DOES_NOT_FIT.because("the buyer has the money by now"));
    }
    SendRefund { refund }.enqueue(conn, now).await
}
