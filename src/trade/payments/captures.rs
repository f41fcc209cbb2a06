//! A gateway's word on a try, applied exactly once: whoever brings it (webhook, return of the buyer, query) and however
//! often and in whatever order. That it took money outweighs everything it said before.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::exceptions;
use super::jobs::{Paid, SendRefund};
use super::model::{Attempt, AttemptStatus, Channel, RefundReason};
use super::store::attempts;
use super::store::captures::{self as store, Capture, Settled};
use super::store::refunds::{self, Promise};
use crate::adapters::gateway::{Notice, Outcome};
use crate::kernel::{AttemptId, CaptureId, OrderId, RefundId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};
use crate::trade::webhooks::Heard;

/// Applies the notice to its try, under the payment's lock.
pub async fn apply(conn: &mut PgConnection, id: AttemptId, notice: &Notice, now: DateTime<Utc>) -> Result<Heard> {
    let attempt = attempts::lock_with_payment(conn, id).await?;
    match &notice.outcome {
        Outcome::Pending => Ok(Heard::Pending),
        Outcome::Failed if attempts::decide(conn, id, AttemptStatus::Failed, now).await? => Ok(Heard::Failed),
        Outcome::Failed => Ok(Heard::Duplicate),
        Outcome::Paid { transaction } => take(conn, &attempt, (transaction, notice.amount), now).await,
    }
}

async fn take(
    conn: &mut PgConnection,
    attempt: &Attempt,
    (transaction, amount): (&str, Vnd),
    now: DateTime<Utc>,
) -> Result<Heard> {
    let capture = Capture {
        id: CaptureId::new(now),
        attempt: attempt.id,
        payment: attempt.payment,
        provider: attempt.provider,
        transaction: transaction.to_owned(),
        amount,
        refunded: Vnd::ZERO,
    };
    if !store::insert(conn, &capture, now).await? {
        return known(conn, &capture).await;
    }
    attempts::decide(conn, attempt.id, AttemptStatus::Captured, now).await?;
    if amount != attempt.amount_vnd {
        post(conn, &capture, &[], amount, now).await?;
        exceptions::open_mismatch(conn, &capture, now).await?;
        return Ok(Heard::Held);
    }
    let settled = pay(conn, &capture, None, now).await?;
    let rest = rest(&capture, &settled)?;
    post(conn, &capture, &settled, rest, now).await?;
    give_back(conn, &capture, rest, now).await?;
    Ok(Heard::Applied)
}

/// A transaction that is written down already; that of another try would be money lost from sight.
async fn known(conn: &mut PgConnection, capture: &Capture) -> Result<Heard> {
    let of = store::attempt_of(conn, capture.provider, &capture.transaction).await?;
    if of == capture.attempt {
        Ok(Heard::Duplicate)
    } else {
        Err(Error::fault(format!("transaction {} was for {of}, now for {}", capture.transaction, capture.attempt)))
    }
}

/// Pays what is due of the payment, or of these orders in it, and tells whoever waits for it.
pub async fn pay(
    conn: &mut PgConnection,
    capture: &Capture,
    orders: Option<&[OrderId]>,
    now: DateTime<Utc>,
) -> Result<Vec<Settled>> {
    let settled = store::settle_due(conn, capture, orders, now).await?;
    for share in &settled {
        Paid { order: share.order }.enqueue(conn, now).await?;
    }
    Ok(settled)
}

/// What is left of the capture when these shares are paid; more shares than money are a fault.
pub fn rest(capture: &Capture, settled: &[Settled]) -> Result<Vnd> {
    let rest = Vnd::checked_sum(settled.iter().map(|share| share.amount))
        .and_then(|paid| capture.amount.checked_sub(paid)?.checked_sub(capture.refunded))
        .filter(|rest| *rest >= Vnd::ZERO);
    rest.ok_or_else(|| Error::fault(format!("capture {} does not pay for what it should", capture.id)))
}

async fn post(
    conn: &mut PgConnection,
    capture: &Capture,
    settled: &[Settled],
    rest: Vnd,
    now: DateTime<Utc>,
) -> Result<()> {
    let accounts = (Account::Clearing(capture.provider), Account::BuyerFunds);
    let mut transfer = Transfer::new(TransferKind::Capture, capture.id.as_uuid());
    for share in settled {
        transfer = transfer.entry(accounts.clone(), share.amount, (Some(share.order), None));
    }
    ledger::post(conn, &[transfer.entry(accounts, rest, (None, None))], now).await
}

/// Promises back what paid nothing.
pub async fn give_back(conn: &mut PgConnection, capture: &Capture, amount: Vnd, now: DateTime<Utc>) -> Result<()> {
    if amount == Vnd::ZERO {
        return Ok(());
    }
    refunds::count_of_capture(conn, capture.id, amount).await?;
    let promise = Promise {
        id: RefundId::new(now),
        payment: capture.payment,
        order: None,
        capture: Some(capture.id),
        channel: Channel::Gateway,
        amount,
        reason: RefundReason::Excess,
        due_at: None,
    };
    refunds::insert(conn, &promise, now).await?;
    SendRefund { refund: promise.id }.enqueue(conn, now).await
}

/// The capture, with its payment locked.
pub async fn lock(conn: &mut PgConnection, id: CaptureId) -> Result<Capture> {
    store::lock_payment(conn, id).await?;
    store::find(conn, id).await
}
