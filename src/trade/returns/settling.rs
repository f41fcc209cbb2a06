//! What every step of a return ends in: it stands somewhere with a deadline, lies on the desk, or is refunded.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::ReturnDue;
use super::letters;
use super::model::{Next, Return, ReturnLine, ReturnStatus, Side, Step};
use super::store::{self, Reached};
use crate::calendar;
use crate::kernel::{AccountId, OrderLineId, RefundId, ReturnId, Vnd};
use crate::market::cases::{self, CaseKind, NewCase};
use crate::market::sellers;
use crate::people::notify::Message;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::inventory::{self, Taking};
use crate::trade::ledger::{self, Account};
use crate::trade::orders::{self, Units};
use crate::trade::payments::{self, NewRefund, RefundReason};

/// The return, locked after the payment and the order it may move money of.
pub async fn lock_with_money(conn: &mut PgConnection, reached: Reached) -> Result<Return> {
    payments::lock(conn, reached.order()).await?;
    orders::lock_for_return(conn, reached.order()).await?;
    store::lock(conn, reached).await
}

/// Takes the locked return where a step leads it. Whoever puts it before the desk has been written down.
pub async fn settle(conn: &mut PgConnection, reached: Reached, next: Next, now: DateTime<Utc>) -> Result<Return> {
    match next {
        Next::Refund => refund(conn, reached, now).await?,
        Next::Stand(status) => stand(conn, reached, status, now).await?,
    }
    store::find(conn, reached).await
}

/// [`settle`], and tells whom it concerns.
pub async fn settle_and_tell(
    conn: &mut PgConnection,
    reached: Reached,
    next: Next,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let after = settle(conn, reached, next, now).await?;
    let letters = letters::tell(conn, &after, now).await?;
    Ok((after, letters))
}

async fn stand(conn: &mut PgConnection, reached: Reached, status: ReturnStatus, now: DateTime<Utc>) -> Result<()> {
    let due_at = match status.deadline() {
        Some(kind) => Some(calendar::due(conn, kind, now).await?),
        None => None,
    };
    store::set_status(conn, reached, status, due_at, now).await?;
    if let Some(due_at) = due_at {
        ReturnDue { return_id: reached.id() }.enqueue(conn, due_at).await?;
    }
    Ok(())
}

/// Puts the locked return before the officers of the shop's province.
pub async fn dispute(
    conn: &mut PgConnection,
    reached: Reached,
    (side, by, words): (Side, AccountId, Option<&str>),
    now: DateTime<Utc>,
) -> Result<()> {
    store::set_disputed(conn, reached, (side, words), now).await?;
    let disputed = store::find(conn, reached).await?;
    let shop = sellers::summary(conn, disputed.seller).await?;
    let case = NewCase {
        kind: CaseKind::RefundDispute,
        subject: disputed.id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{}: {}", disputed.reason.words().0, disputed.order_number),
        opened_by: by,
        due_at: None,
    };
    cases::open(conn, &case, now).await.map(drop)
}

/// Gives back what is granted, unit by unit, and with goods at fault their share of the shipping.
async fn refund(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<()> {
    let settled = store::find(conn, reached).await?;
    let lines = store::lines(conn, reached).await?;
    let units: Vec<Units> =
        granted(&lines).map(|(line, take)| Units { line: line.line, take, taken_before: line.returned }).collect();
    let (id, order) = (RefundId::new(now), orders::Reached::by_return(reached.order()));
    let amount = orders::take_back(conn, order, id, (&units, settled.reason.is_fault()), now).await?;
    let counted: Vec<(OrderLineId, i32)> = units.iter().map(|units| (units.line, units.take)).collect();
    orders::count_returned(conn, order, &counted).await?;
    let reason = if settled.result.is_some() { RefundReason::Dispute } else { RefundReason::Returned };
    payments::refund(conn, NewRefund { id, order: reached.order(), amount, reason }, now).await?;
    store::set_refunded(conn, reached, (id, amount), now).await?;
    restock(conn, reached, &lines, now).await
}

fn granted(lines: &[ReturnLine]) -> impl Iterator<Item = (&ReturnLine, i32)> {
    lines.iter().filter_map(|line| Some((line, line.granted.filter(|units| *units > 0)?)))
}

/// Puts what came back whole on the shelf again.
async fn restock(conn: &mut PgConnection, reached: Reached, lines: &[ReturnLine], now: DateTime<Utc>) -> Result<()> {
    let whole = granted(lines).filter(|(line, _)| line.restocked == Some(true));
    let order = reached.order();
    let goods: Vec<Taking> = whole.map(|(line, quantity)| Taking { order, variant: line.variant, quantity }).collect();
    if goods.is_empty() { Ok(()) } else { inventory::put_back(conn, &goods, now).await }
}

/// Whether the licensed partner still has the order's money: a gateway took it, and payouts have not carried all of what
/// is the shop's. Payouts lock the order too: whoever holds its lock finds it so until they are done.
pub async fn is_with_partner(conn: &mut PgConnection, of: &Return) -> Result<bool> {
    if payments::find_allocation(conn, of.order).await?.method.provider().is_none() {
        return Ok(false);
    }
    let balance = ledger::balance_of_order(conn, &Account::SellerBalance(of.seller), of.order).await?;
    let left = payments::paid_out(conn, of.order).await?.checked_add(balance);
    Ok(left.ok_or_else(|| Error::fault("the money of an order does not fit"))? < Vnd::ZERO)
}

/// Deals with the lateness of the next act, once.
pub async fn expire(conn: &mut PgConnection, id: ReturnId, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let reached = store::by_id(conn, id).await?;
    let late = store::lock(conn, reached).await?;
    if !late.is_due(now) {
        return Ok(Vec::new());
    }
    let next = late.after(Step::Expire)?;
    match next {
        Next::Refund => return Err(Error::fault(format!("the silence about return {id} would move money"))),
        Next::Stand(ReturnStatus::Disputed) => dispute(conn, reached, (Side::System, late.account, None), now).await?,
        Next::Stand(_) => {}
    }
    Ok(settle_and_tell(conn, reached, next, now).await?.1)
}
