//! What buyer and shop say about an order's transfer.

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
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::payments;

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
    let letters = match wait_longer(conn, &transfer, now).await? {
        Some(pay_by) => letters::tell_claimed(conn, &transfer, pay_by, now).await?,
        None => Vec::new(),
    };
    Ok((store::of_buyer(conn, buyer, order).await?, letters))
}

/// The order waits longer for its money, and until when: once, and only while it is due. So it does for what its buyer
/// says, and for money that came and does not fit: somebody must have the time to look. The payment is locked.
pub async fn wait_longer(
    conn: &mut PgConnection,
    transfer: &Transfer,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    if transfer.claimed_at.is_some() || transfer.require_due().is_err() {
        return Ok(None);
    }
    let pay_by = calendar::due(conn, CLAIMED, now).await?;
    store::set_claimed(conn, transfer, pay_by, now).await?;
    PayByMoved { order: transfer.order }.enqueue(conn, now).await?;
    Ok(Some(pay_by))
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
            let receipt = NewReceipt { order, source: Source::Shop, amount, bank_reference, by: Some(by) };
            Ok((None, take(conn, &transfer, &receipt, now).await?))
        }
        Fit::Waits(kind) => Ok((Some(report(conn, (&transfer, by), kind, received, now).await?), Vec::new())),
    }
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
) -> Result<TransferException> {
    let (seller, order, bank_reference) = (transfer.seller, transfer.order, received.bank_reference);
    if let Some(known) = exceptions::find_reported(conn, seller, order, bank_reference).await? {
        return Ok(known);
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
    wait_longer(conn, transfer, now).await?;
    let written = exceptions::find_reported(conn, seller, order, bank_reference).await?;
    written.ok_or_else(|| Error::fault("an entry of the review list vanished"))
}
