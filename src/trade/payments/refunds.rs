//! Money that goes back. The caller holds the payment's lock; that no more goes back than was paid is a constraint of
//! the table.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::{RefundArrived, SendRefund, ShopRefundLate};
use super::model::{Channel, NewRefund};
use super::store::refunds::{self as store, Promise};
use super::store::shares::seller_and_amount;
use crate::calendar;
use crate::kernel::{RefundId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};

/// Promises the buyer money of an order back: by the gateway that holds it, or by the shop, which gets a deadline
/// (row `refund.by_seller`). More than was paid and not promised yet breaks `payment_allocations_refunded`, which is a
/// fault: whoever refunds has counted first.
pub async fn refund(conn: &mut PgConnection, new: NewRefund, now: DateTime<Utc>) -> Result<()> {
    let share = store::count(conn, new.order, new.amount).await?;
    let channel = if share.capture.is_some() { Channel::Gateway } else { Channel::Shop };
    let due_at = match channel {
        Channel::Gateway => None,
        Channel::Shop => Some(calendar::due(conn, "refund.by_seller", now).await?),
    };
    let promise = Promise {
        id: new.id,
        payment: share.payment,
        order: Some(new.order),
        capture: share.capture,
        channel,
        amount: new.amount,
        reason: new.reason,
        due_at,
    };
    store::insert(conn, &promise, now).await?;
    match due_at {
        _ if new.amount == Vnd::ZERO => arrive(conn, new.id, now).await.map(drop),
        Some(due_at) => ShopRefundLate { refund: new.id }.enqueue(conn, due_at).await,
        None => SendRefund { refund: new.id }.enqueue(conn, now).await,
    }
}

/// The buyer has the money: the books say so, and whoever asked for the refund hears of it. Says `false` and changes
/// nothing if that was known.
pub async fn arrive(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<bool> {
    let Some(refund) = store::set_arrived(conn, id, now).await? else { return Ok(false) };
    let source = match (refund.provider, refund.order) {
        (Some(provider), _) => Account::Clearing(provider),
        (None, Some(order)) => Account::SellerCash(seller_and_amount(conn, order).await?.0),
        (None, None) => return Err(Error::fault(format!("refund {id} is nobody's"))),
    };
    let transfer = Transfer::new(TransferKind::Refund, id.as_uuid()).entry(
        (Account::BuyerFunds, source),
        refund.amount,
        (refund.order, None),
    );
    ledger::post(conn, &[transfer], now).await?;
    if refund.order.is_some() {
        RefundArrived { refund: id }.enqueue(conn, now).await?;
    }
    send_next(conn, id, now).await?;
    Ok(true)
}

/// It is known that the gateway has not carried the refund out, or a person has seen to it: what waited for that is sent.
pub async fn end_doubt(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<()> {
    store::set_certain(conn, id).await?;
    send_next(conn, id, now).await
}

async fn send_next(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<()> {
    match store::next_waiting(conn, id).await? {
        Some(refund) => SendRefund { refund }.enqueue(conn, now).await,
        None => Ok(()),
    }
}
