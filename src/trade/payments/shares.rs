//! Payments and the orders' shares in them: opened, paid, void. The caller holds the payment's lock.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::Paid;
use super::model::{AllocationStatus, DuePayment, NewPayment, Voided};
use super::store::shares as store;
use crate::kernel::{OrderId, ParcelId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};

/// Opens the payments of a placed checkout, in three statements however many they are. Shares that do not sum to their
/// payment are a fault. A share of nothing that would be paid in advance is paid. Answers what is due, like
/// [`due_of_checkout`](super::due_of_checkout).
pub async fn open(conn: &mut PgConnection, payments: &[NewPayment], now: DateTime<Utc>) -> Result<Vec<DuePayment>> {
    for payment in payments {
        if Vnd::checked_sum(payment.shares.iter().map(|share| share.1)) != Some(payment.amount) {
            let (id, amount) = (payment.id, payment.amount);
            return Err(Error::fault(format!("the shares of payment {id} do not sum to {amount}")));
        }
    }
    store::insert(conn, payments, now).await?;
    store::insert_allocations(conn, payments, now).await?;
    let shares = payments.iter().flat_map(|payment| payment.shares.iter().map(move |share| (payment, share)));
    let paid = shares.filter(|(payment, share)| payment.is_paid(share));
    let paid: Vec<Paid> = paid.map(|(_, share)| Paid { order: share.0 }).collect();
    Paid::enqueue_all(&paid, conn, now).await?;
    let mut due: Vec<DuePayment> = payments.iter().filter_map(NewPayment::due).collect();
    due.sort_by_key(|payment| payment.payment_id);
    Ok(due)
}

/// A bank transfer reached the shop's own account: the order's share is paid. Says `false` and changes nothing if it is
/// not due any more.
pub async fn capture_by_shop(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<bool> {
    if !store::settle(conn, order, (AllocationStatus::Due, AllocationStatus::Captured), now).await? {
        return Ok(false);
    }
    let (seller, amount) = store::seller_and_amount(conn, order).await?;
    let capture = Transfer::new(TransferKind::Capture, order.as_uuid()).entry(
        (Account::SellerCash(seller), Account::BuyerFunds),
        amount,
        (Some(order), None),
    );
    ledger::post(conn, &[capture], now).await?;
    Paid { order }.enqueue(conn, now).await?;
    Ok(true)
}

/// The carrier took the cash of the delivered order. A share that is not due is a fault.
pub async fn collect(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    require(store::settle(conn, order, (AllocationStatus::Due, AllocationStatus::Collected), now).await?, order)?;
    let (_, amount) = store::seller_and_amount(conn, order).await?;
    let capture = Transfer::new(TransferKind::Capture, order.as_uuid()).entry(
        (Account::CarrierCash, Account::BuyerFunds),
        amount,
        (Some(order), None),
    );
    ledger::post(conn, &[capture], now).await
}

/// The carrier gave the cash of the order, which came with `parcel`, to the shop. A share that was not collected is a
/// fault.
pub async fn remit(conn: &mut PgConnection, parcel: ParcelId, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    require(store::settle(conn, order, (AllocationStatus::Collected, AllocationStatus::Remitted), now).await?, order)?;
    let (seller, amount) = store::seller_and_amount(conn, order).await?;
    let remittance = Transfer::new(TransferKind::Remittance, parcel.as_uuid()).entry(
        (Account::SellerCash(seller), Account::CarrierCash),
        amount,
        (Some(order), None),
    );
    ledger::post(conn, &[remittance], now).await
}

fn require(settled: bool, order: OrderId) -> Result<()> {
    if settled {
        Ok(())
    } else {
        Err(Error::fault(format!("the share of order {order} is further already, or not yet")))
    }
}

/// The order will not be delivered. What is due will never be paid; what is paid stays so, and the answer says how much
/// of it is left to give back. Asked again, it answers again.
pub async fn void(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<Voided> {
    if store::settle(conn, order, (AllocationStatus::Due, AllocationStatus::Void), now).await? {
        return Ok(Voided::NothingPaid);
    }
    let share = store::find_allocation(conn, order).await?;
    match share.captured_vnd.checked_sub(share.refunded_vnd) {
        Some(left) if left > Vnd::ZERO => Ok(Voided::Paid(left)),
        _ => Ok(Voided::NothingPaid),
    }
}
