//! Orders that are not delivered: cancelled by somebody or by a deadline, or refused at the door.
//!
//! What is due is void before anything else; what was paid goes back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Actor, record};
use crate::calendar;
use crate::kernel::RefundId;
use crate::platform::error::Result;
use crate::trade::orders::jobs::watch;
use crate::trade::orders::model::{Deadline, Order, OrderStatus, Step, Turn};
use crate::trade::orders::posting;
use crate::trade::orders::store::{self, Reached};
use crate::trade::payments::{AllocationStatus, NewRefund, RefundReason, Voided};
use crate::trade::shipping::parcels::{self, ParcelStatus};
use crate::trade::{inventory, payments, vouchers};

/// The order will not be delivered: nothing is owed, what was paid goes back, and the goods are for sale again.
pub async fn cancel(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<Turn> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    cancel_locked(conn, (reached, &mut order), actor, now).await
}

async fn cancel_locked(
    conn: &mut PgConnection,
    (reached, order): (Reached, &mut Order),
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<Turn> {
    let was_sold = order.paid_at.is_some();
    if order.turn(Step::Cancel, actor.by, now)? == Turn::TakenBefore {
        return Ok(Turn::TakenBefore);
    }
    record(conn, order, actor, now).await?;
    let voided = payments::void(conn, order.id, now).await?;
    let id = RefundId::new(now);
    // An order that cost its buyer nothing was sold too. Money whose news was still on its way has sold nothing yet:
    // there is nothing to take back in the books.
    let back = match voided {
        _ if was_sold => Some(posting::take_back_all(conn, reached, id, true, now).await?),
        Voided::Paid(left) => Some(left),
        Voided::NothingPaid => None,
    };
    if let Some(amount) = back {
        let refund = NewRefund { id, order: order.id, amount, reason: RefundReason::Cancelled };
        payments::refund(conn, refund, now).await?;
    }
    if !was_sold {
        vouchers::release(conn, order.id, now).await?;
    }
    parcels::recall(conn, order.id, None, now).await?;
    inventory::give_back(conn, order.id, now).await?;
    Ok(Turn::Taken)
}

/// Ends the order if its shop let the deadline pass, and says whether it did: one nobody accepted or shipped is cancelled;
/// one nobody took counts as back.
pub async fn miss(conn: &mut PgConnection, reached: Reached, deadline: Deadline, now: DateTime<Utc>) -> Result<bool> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    if !order.has_missed(deadline, now) {
        return Ok(false);
    }
    let turn = match deadline {
        Deadline::Acceptance | Deadline::Shipment => {
            cancel_locked(conn, (reached, &mut order), Actor::SYSTEM, now).await?
        }
        Deadline::Receipt => end_return(conn, (reached, &mut order), Actor::SYSTEM, now).await?,
    };
    Ok(turn == Turn::Taken)
}

/// Cancels the order if it was not paid in time, and says whether it did. One that was paid a moment ago, or may be paid
/// until later by now, stays.
pub async fn miss_payment(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<bool> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    let share = payments::find_allocation(conn, order.id).await?;
    let is_late = share.status == AllocationStatus::Due && share.pay_by.is_some_and(|pay_by| pay_by <= now);
    if !is_late || order.status != OrderStatus::AwaitingPayment {
        return Ok(false);
    }
    Ok(cancel_locked(conn, (reached, &mut order), Actor::SYSTEM, now).await? == Turn::Taken)
}

/// Cancels the order for an authority unless the carrier has it by now; says whether that changed anything.
pub async fn stop(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<bool> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    let stoppable = order.status.is_stoppable();
    if stoppable {
        cancel_locked(conn, (reached, &mut order), Actor::AUTHORITY, now).await?;
    }
    Ok(stoppable)
}

/// Nobody took the parcel, and it goes back: cash on delivery will never be paid. What was paid in advance goes back
/// once the shop has its goods, or has let the time pass to say so (row `order.receipt`).
pub async fn refuse(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    if order.turn(Step::Refuse, actor.by, now)? == Turn::TakenBefore {
        return Ok(());
    }
    let back_by = calendar::due(conn, "order.receipt", now).await?;
    order.back_by = Some(back_by);
    record(conn, &order, actor, now).await?;
    watch(conn, &[order.id], Deadline::Receipt, (back_by, now)).await?;
    parcels::bring_all(conn, order.id, ParcelStatus::Returning, now).await?;
    parcels::recall(conn, order.id, None, now).await?;
    payments::void(conn, order.id, now).await.map(drop)
}

/// The shop has the refused parcel back: the order ends, if it has not yet, and its goods are for sale again.
pub async fn returned(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    end_return(conn, (reached, &mut order), actor, now).await?;
    parcels::bring_all(conn, order.id, ParcelStatus::Returned, now).await?;
    inventory::receive_refused(conn, order.id, now).await
}

/// Ends the refused order: what was paid for its goods in advance goes back, what the way cost does not. The goods are for
/// sale again only once somebody has seen them, which may be later.
async fn end_return(
    conn: &mut PgConnection,
    (reached, order): (Reached, &mut Order),
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<Turn> {
    if order.turn(Step::Return, actor.by, now)? == Turn::TakenBefore {
        return Ok(Turn::TakenBefore);
    }
    record(conn, order, actor, now).await?;
    if order.paid_at.is_some() {
        let id = RefundId::new(now);
        let amount = posting::take_back_all(conn, reached, id, false, now).await?;
        let refund = NewRefund { id, order: order.id, amount, reason: RefundReason::Returned };
        payments::refund(conn, refund, now).await?;
    }
    Ok(Turn::Taken)
}
