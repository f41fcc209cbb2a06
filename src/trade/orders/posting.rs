//! What an order's goods are worth in the books: posted when it is paid, taken back unit by unit.
//!
//! Every amount of a line belongs to its units once and for all ([`Vnd::of_units`]), so what is taken back in parts sums
//! exactly to what was posted, and the buyer gets back exactly what the units cost them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store::{self, Reached, Sold, SoldLine};
use crate::kernel::{OrderId, OrderLineId, RefundId, SellerId, Vnd};
use crate::platform::error::{Error, Result};
use crate::trade::ledger::{self, Account, Transfer, TransferKind};
use crate::trade::payments::Method;

/// Units of an order's line to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// Of which line.
    pub line: OrderLineId,
    /// How many.
    pub take: i32,
    /// How many were taken back before; they are counted from the first.
    pub taken_before: i32,
}

/// Posts the sale of an order that was paid just now.
pub async fn sell(conn: &mut PgConnection, order: Reached, now: DateTime<Utc>) -> Result<()> {
    let sold = store::sold(conn, order).await?;
    let accounts = Accounts::of(sold.method, sold.seller);
    let sale = Transfer::new(TransferKind::Sale, order.id().as_uuid());
    let sale = sold.lines.iter().try_fold(sale, |sale, line| accounts.post(sale, order.id(), line));
    ledger::post(conn, &[sale.ok_or_else(too_much)?], now).await
}

/// Takes units of a sold order back, with their share of its shipping or without, and posts that under the refund.
/// Answers what the buyer paid for them. More than there are is a fault: whoever takes back has counted, under the
/// order's lock.
pub async fn take_back(
    conn: &mut PgConnection,
    order: Reached,
    refund: RefundId,
    (units, with_shipping): (&[Units], bool),
    now: DateTime<Utc>,
) -> Result<Vnd> {
    let sold = store::sold(conn, order).await?;
    let taken: Vec<SoldLine> = units.iter().map(|units| taken(&sold, *units, with_shipping)).collect::<Result<_>>()?;
    let accounts = Accounts::of(sold.method, sold.seller);
    let mut reversal = Transfer::new(TransferKind::Reversal, refund.as_uuid());
    for line in &taken {
        let negative = line.map(|amount| Vnd::ZERO.checked_sub(amount)).ok_or_else(too_much)?;
        reversal = accounts.post(reversal, order.id(), &negative).ok_or_else(too_much)?;
    }
    ledger::post(conn, &[reversal], now).await?;
    let paid: Option<Vec<Vnd>> = taken.iter().map(SoldLine::paid).collect();
    paid.and_then(Vnd::checked_sum).ok_or_else(too_much)
}

/// [`take_back`] of everything in an order nothing was taken back of.
pub async fn take_back_all(
    conn: &mut PgConnection,
    order: Reached,
    refund: RefundId,
    with_shipping: bool,
    now: DateTime<Utc>,
) -> Result<Vnd> {
    let lines = store::sold(conn, order).await?.lines;
    let all: Vec<Units> =
        lines.iter().map(|line| Units { line: line.id, take: line.quantity, taken_before: 0 }).collect();
    take_back(conn, order, refund, (&all, with_shipping), now).await
}

/// What these units are of their line.
fn taken(sold: &Sold, units: Units, with_shipping: bool) -> Result<SoldLine> {
    let line = sold.lines.iter().find(|line| line.id == units.line);
    let part = line.and_then(|line| line.map(|amount| amount.of_units(line.quantity, units.taken_before, units.take)));
    let part = part.ok_or_else(|| Error::fault(format!("{units:?} are not there to be taken back")))?;
    Ok(if with_shipping { part } else { SoldLine { shipping_share: Vnd::ZERO, ..part } })
}

fn too_much() -> Error {
    Error::fault("an amount of an order does not fit")
}

/// Where a shop's sales go, by who has the money.
struct Accounts {
    /// What it has sold.
    sold: Account,
    /// What it owes of that, and what others owe it.
    owes: Account,
    seller: SellerId,
}

impl Accounts {
    fn of(method: Method, seller: SellerId) -> Self {
        if method.provider().is_some() {
            Self { sold: Account::SellerBalance(seller), owes: Account::SellerBalance(seller), seller }
        } else {
            Self { sold: Account::SellerSales(seller), owes: Account::SellerReceivable(seller), seller }
        }
    }

    /// Posts the line; a negative one the other way round.
    fn post(&self, transfer: Transfer, order: OrderId, line: &SoldLine) -> Option<Transfer> {
        let of = (Some(order), Some(line.id));
        let charges = [
            (Account::Commission, line.commission),
            (Account::VatWithheld(self.seller), line.vat),
            (Account::PitWithheld(self.seller), line.pit),
        ];
        let mut transfer = transfer.entry((Account::BuyerFunds, self.sold.clone()), line.paid()?, of);
        for (account, charge) in charges {
            transfer = transfer.entry((self.owes.clone(), account), charge, of);
        }
        for (bearer, borne) in &line.borne {
            transfer = transfer.entry((Account::VoucherExpense(bearer.clone()), self.owes.clone()), *borne, of);
        }
        Some(transfer)
    }
}
