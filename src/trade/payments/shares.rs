//! Payments and the orders' shares in them: opened, paid, void. The caller holds the payment's lock.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::Paid;
use super::model::{AllocationStatus, DuePayment, NewPayment, Voided};
use super::store::shares as store;
use crate::kernel::{CashReceiptId, OrderId, ParcelId, RemittanceRowId, SellerId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::{self, Account, Carrier, Transfer, TransferKind};

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

/// The carrier took the cash of the delivered order. A share that is not due is a fault, and so is cash without a carrier.
pub async fn collect(conn: &mut PgConnection, order: OrderId, carrier: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    require(store::settle(conn, order, (AllocationStatus::Due, AllocationStatus::Collected), now).await?, order)?;
    let (_, amount) = store::seller_and_amount(conn, order).await?;
    if amount == Vnd::ZERO {
        return Ok(());
    }
    let carrier = carrier.ok_or_else(|| Error::fault(format!("nobody collects the cash of order {order}")))?;
    let capture = Transfer::new(TransferKind::Capture, order.as_uuid()).entry(
        (Account::CarrierCash(Carrier::named(carrier)), Account::BuyerFunds),
        amount,
        (Some(order), None),
    );
    ledger::post(conn, &[capture], now).await
}

/// What a carrier gave a shop of the cash it collected with a parcel.
#[derive(Debug, Clone, Copy)]
pub struct Remitted<'a> {
    /// With which parcel.
    pub parcel: ParcelId,
    /// Of which order.
    pub order: OrderId,
    /// Which carrier.
    pub carrier: &'a str,
    /// What the shop has of it.
    pub received: Vnd,
    /// What the carrier kept for its services.
    pub fee: Vnd,
}

/// The carrier gave the order's cash to the shop: nothing more of it will come, and what is missing is a difference
/// (negative where too much came). A share that was not collected is a fault.
pub async fn remit(conn: &mut PgConnection, remitted: &Remitted<'_>, now: DateTime<Utc>) -> Result<()> {
    let Remitted { parcel, order, carrier, received, fee } = *remitted;
    require(store::settle(conn, order, (AllocationStatus::Collected, AllocationStatus::Remitted), now).await?, order)?;
    let (seller, amount) = store::seller_and_amount(conn, order).await?;
    let difference = amount.checked_sub(received).and_then(|rest| rest.checked_sub(fee));
    let difference = difference.ok_or_else(|| Error::fault("what a carrier gave does not fit"))?;
    let (cash, of) = (Account::CarrierCash(Carrier::named(carrier)), (Some(order), None));
    let remittance = Transfer::new(TransferKind::Remittance, parcel.as_uuid())
        .entry((Account::SellerCash(seller), cash.clone()), received, of)
        .entry((Account::CarrierFees(seller), cash.clone()), fee, of)
        .entry((Account::CarrierDifference(seller), cash), difference, of);
    ledger::post(conn, &[remittance], now).await
}

/// A carrier kept a fee for a parcel that brought no cash, out of what it gave the shop of others, says the row of its
/// list. A row that was posted before is a fault.
pub async fn keep_fee(
    conn: &mut PgConnection,
    row: RemittanceRowId,
    (order, seller): (OrderId, SellerId),
    fee: Vnd,
    now: DateTime<Utc>,
) -> Result<()> {
    let accounts = (Account::CarrierFees(seller), Account::SellerCash(seller));
    let kept = Transfer::new(TransferKind::CarrierFee, row.as_uuid()).entry(accounts, fee, (Some(order), None));
    ledger::post(conn, &[kept], now).await
}

/// The shop says something else of what it got: so much more of the cash, and so much more of a fee.
pub async fn correct_remittance(
    conn: &mut PgConnection,
    receipt: CashReceiptId,
    (order, seller): (OrderId, SellerId),
    (received, fee): (Vnd, Vnd),
    now: DateTime<Utc>,
) -> Result<()> {
    let (difference, of) = (Account::CarrierDifference(seller), (Some(order), None));
    let correction = Transfer::new(TransferKind::Correction, receipt.as_uuid())
        .entry((Account::SellerCash(seller), difference.clone()), received, of)
        .entry((Account::CarrierFees(seller), difference), fee, of);
    ledger::post(conn, &[correction], now).await
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
