//! What buyer and shop say about an order's transfer.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::PayByMoved;
use super::model::{ExceptionKind, Fit, Source, Transfer, TransferException, fit};
use super::store::exceptions::{self, From, NewException};
use super::store::transfers::{self as store, NewReceipt};
use super::{letters, suspense};
use crate::calendar;
use crate::kernel::{AccountId, ExceptionId, OrderId, SellerId, Vnd};
use crate::people::notify::Message;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::jobs::Job as _;
use crate::trade::payments;

/// The shop confirms with a transaction that waits on its review list with another amount: entry `exception_id`.
pub const TRANSFER_WAITS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "transfer-waits",
    vi: "Giao dịch này đang chờ đối soát với số tiền khác",
    en: "This transaction waits on the review list with another amount",
};

/// How long an order waits whose buyer says to have paid, or for which money came that does not fit.
const CLAIMED: &str = "payment.vietqr_claimed";

/// The buyer says to have paid: once, that keeps the order until a later time, and the shop is told. It counts as long as
/// the order has not ended, even a moment after its time.
pub async fn claim(
    conn: &mut PgConnection,
    buyer: AccountId,
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<(Transfer, Vec<Message>)> {
    store::of_buyer(conn, buyer, order).await?;
    payments::lock(conn, order).await?;
    let transfer = store::of_buyer(conn, buyer, order).await?;
    if transfer.claimed_at.is_some() {
        return Ok((transfer, Vec::new()));
    }
    transfer.require_due()?;
    store::set_claimed(conn, &transfer, now).await?;
    let pay_by = wait_longer(conn, &transfer, now).await?;
    let letters = letters::tell_claimed(conn, &transfer, pay_by, now).await?;
    Ok((store::of_buyer(conn, buyer, order).await?, letters))
}

/// Money came that does not fit the order it names: once, that keeps the order until a later time, so that somebody can
/// look, and the buyer is told. The payment is locked.
pub async fn misfit(
    conn: &mut PgConnection,
    transfer: &Transfer,
    amount: Vnd,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    if transfer.misfit_at.is_some() || transfer.require_due().is_err() {
        return Ok(Vec::new());
    }
    store::set_misfit(conn, transfer, now).await?;
    let pay_by = wait_longer(conn, transfer, now).await?;
    letters::tell_misfit(conn, transfer, (amount, pay_by), now).await
}

async fn wait_longer(conn: &mut PgConnection, transfer: &Transfer, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let pay_by = calendar::due(conn, CLAIMED, now).await?;
    store::set_pay_by(conn, transfer, pay_by).await?;
    PayByMoved { order: transfer.order }.enqueue(conn, now).await?;
    Ok(pay_by)
}

/// What a shop says to have received for an order.
pub struct Received<'a> {
    pub amount: Vnd,
    /// What the bank calls the transaction.
    pub bank_reference: &'a str,
}

/// The shop says that an order's money is there. What does not pay the order waits on the review list, and is answered.
pub async fn confirm(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    order: OrderId,
    received: &Received<'_>,
    now: DateTime<Utc>,
) -> Result<(Option<TransferException>, Vec<Message>)> {
    store::of_shop(conn, seller, order).await?;
    payments::lock(conn, order).await?;
    let transfer = store::of_shop(conn, seller, order).await?;
    let receipt = store::find_receipt(conn, order).await?;
    let Received { amount, bank_reference } = *received;
    match fit((transfer.status, transfer.amount), receipt.as_ref(), (Source::Shop, amount, bank_reference)) {
        Fit::Known => Ok((None, Vec::new())),
        Fit::Pays => {
            // What the bank had reported before is no news the bank still owes.
            let was_waiting = settle_waiting(conn, (&transfer, by), received, now).await?;
            let source = if was_waiting { Source::Review } else { Source::Shop };
            let receipt = NewReceipt { order, source, amount, bank_reference, by: Some(by) };
            Ok((None, take(conn, &transfer, &receipt, now).await?))
        }
        Fit::Waits(kind) => report(conn, (&transfer, by), kind, received, now).await,
    }
}

/// The transaction the shop confirms may wait on its review list: then it is this order's from now on. One that waits with
/// another amount is refused with [`TRANSFER_WAITS`]: the same money must not be in the books twice. Says whether it waited.
async fn settle_waiting(
    conn: &mut PgConnection,
    (transfer, by): (&Transfer, AccountId),
    received: &Received<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (seller, order) = (transfer.seller, transfer.order);
    let Some(waiting) = exceptions::find_waiting(conn, seller, received.bank_reference).await? else {
        return Ok(false);
    };
    if waiting.amount_vnd != received.amount {
        return Err(Error::from(&TRANSFER_WAITS).fact("exception_id", waiting.id.to_string()));
    }
    suspense::assign(conn, seller, &[waiting], (order, by), now).await?;
    Ok(true)
}

/// The order's money is there: it is paid, and the buyer is told. The payment is locked and due.
pub async fn take(
    conn: &mut PgConnection,
    transfer: &Transfer,
    receipt: &NewReceipt<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    store::insert_receipt(conn, receipt, now).await?;
    if !payments::capture_by_shop(conn, transfer.order, now).await? {
        return Err(Error::fault(format!("the share of order {} was due and is not", transfer.order)));
    }
    letters::tell_received(conn, transfer, now).await
}

/// Puts what the shop reported on its review list, once.
async fn report(
    conn: &mut PgConnection,
    (transfer, by): (&Transfer, AccountId),
    kind: ExceptionKind,
    received: &Received<'_>,
    now: DateTime<Utc>,
) -> Result<(Option<TransferException>, Vec<Message>)> {
    let (seller, order, bank_reference) = (transfer.seller, transfer.order, received.bank_reference);
    if let Some(known) = exceptions::find_reported(conn, seller, order, bank_reference).await? {
        return Ok((Some(known), Vec::new()));
    }
    let new = NewException {
        id: ExceptionId::new(now),
        seller,
        kind,
        amount: received.amount,
        bank_reference,
        content: None,
        order: Some(order),
        from: From::Member(by),
    };
    suspense::hold(conn, &new, now).await?;
    let letters = misfit(conn, transfer, received.amount, now).await?;
    let written = exceptions::find_reported(conn, seller, order, bank_reference).await?;
    let written = written.ok_or_else(|| Error::fault("an entry of the review list vanished"))?;
    Ok((Some(written), letters))
}
