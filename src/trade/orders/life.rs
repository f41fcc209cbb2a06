//! Every turn of an order, with all that follows from it.
//!
//! Locks are taken in the order of the house: payment, order, stock.

mod ending;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::{ArrivalUnknown, CompletionDue, PaymentMissed, watch};
use super::model::{By, Deadline, Order, OrderStatus, Step, Turn};
use super::posting;
use super::store::{self, Reached};
use crate::calendar;
use crate::kernel::AccountId;
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::payments::AllocationStatus;
use crate::trade::shipping::parcels::{self, ParcelStatus};
use crate::trade::{inventory, payments};

pub use ending::{cancel, miss, miss_payment, refuse, returned, stop};

/// How long after it left nobody is asked where an order is.
const ARRIVAL: &str = "order.arrival";

/// Who turns an order.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    by: By,
    account: Option<AccountId>,
}

impl Actor {
    /// The carrier that has the parcel.
    pub const CARRIER: Self = Self { by: By::Carrier, account: None };
    /// A deadline.
    const SYSTEM: Self = Self { by: By::System, account: None };
    /// An authority's order.
    const AUTHORITY: Self = Self { by: By::Authority, account: None };
    /// Money that arrived.
    const BANK: Self = Self { by: By::Bank, account: None };

    /// The buyer.
    pub const fn buyer(account: AccountId) -> Self {
        Self { by: By::Buyer, account: Some(account) }
    }

    /// A member of the shop.
    pub const fn seller(account: AccountId) -> Self {
        Self { by: By::Seller, account: Some(account) }
    }
}

/// The order was paid in advance: what it holds is sold, and the time to accept begins. Nothing happens to an order that
/// does not wait for money any more: whoever ended it has seen to the money.
pub async fn pay(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    let share = payments::find_allocation(conn, order.id).await?;
    if order.status != OrderStatus::AwaitingPayment || share.status != AllocationStatus::Captured {
        return Ok(());
    }
    order.turn(Step::Pay, Actor::BANK.by, now)?;
    let accept_by = calendar::due(conn, "order.acceptance", now).await?;
    order.accept_by = Some(accept_by);
    record(conn, &order, Actor::BANK, now).await?;
    posting::sell(conn, reached, now).await?;
    watch(conn, &[order.id], Deadline::Acceptance, (accept_by, now)).await?;
    inventory::sell_held(conn, order.id, now).await
}

/// The order may be paid until later: its goods are held as long.
pub async fn wait_longer(conn: &mut PgConnection, reached: Reached) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let order = store::lock(conn, reached).await?;
    let share = payments::find_allocation(conn, order.id).await?;
    let Some(pay_by) = share.pay_by.filter(|_| order.status == OrderStatus::AwaitingPayment) else { return Ok(()) };
    PaymentMissed { order: order.id }.enqueue(conn, pay_by).await?;
    inventory::hold_longer(conn, order.id, pay_by).await
}

/// The shop will deliver; the time to ship begins.
pub async fn accept(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    let mut order = store::lock(conn, reached).await?;
    if order.turn(Step::Accept, actor.by, now)? == Turn::TakenBefore {
        return Ok(());
    }
    let ship_by = calendar::due(conn, "order.shipment", now).await?;
    order.ship_by = Some(ship_by);
    record(conn, &order, actor, now).await?;
    watch(conn, &[order.id], Deadline::Shipment, (ship_by, now)).await
}

/// The shop closed the parcel.
pub async fn pack(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    step(conn, reached, Step::Pack, actor, now).await.map(drop)
}

/// The first parcel left. Asked again, nothing changes.
pub async fn ship(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    if step(conn, reached, Step::Ship, actor, now).await? == Turn::TakenBefore {
        return Ok(());
    }
    let expected_by = calendar::due(conn, ARRIVAL, now).await?;
    ArrivalUnknown { order: reached.id() }.enqueue(conn, expected_by).await
}

/// Notes that both sides are asked where the order is: once, and only while nobody has said that it arrived or went back.
/// Where its last parcel left later than its first, they are asked later too.
pub async fn ask_arrival(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<bool> {
    let order = store::lock(conn, reached).await?;
    if order.status != OrderStatus::Shipped {
        return Ok(false);
    }
    if let Some(left_at) = parcels::last_left(conn, order.id).await? {
        let expected_by = calendar::due(conn, ARRIVAL, left_at).await?;
        if expected_by > now {
            ArrivalUnknown { order: order.id }.enqueue(conn, expected_by).await?;
            return Ok(false);
        }
    }
    store::set_arrival_asked(conn, order.id, now).await
}

/// The parcel arrived: cash on delivery is collected, and the time for complaints begins.
pub async fn deliver(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    if order.turn(Step::Deliver, actor.by, now)? == Turn::TakenBefore {
        return Ok(());
    }
    let complete_at = calendar::due(conn, "order.completion", now).await?;
    order.complete_at = Some(complete_at);
    record(conn, &order, actor, now).await?;
    if !order.method.is_in_advance() {
        let (parcel, others) = parcels::set_collected(conn, order.id, now).await?;
        payments::collect(conn, order.id, parcel.as_ref().map(|it| it.carrier.as_str()), now).await?;
        for other in others {
            parcels::recall(conn, order.id, Some(other), now).await?;
        }
        posting::sell(conn, reached, now).await?;
    }
    parcels::bring_all(conn, order.id, ParcelStatus::Delivered, now).await?;
    CompletionDue { order: order.id }.enqueue(conn, complete_at).await
}

/// Completes the order if it arrived long enough ago.
pub async fn complete(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<()> {
    let mut order = store::lock(conn, reached).await?;
    if !order.is_complete(now) {
        return Ok(());
    }
    order.turn(Step::Complete, By::System, now)?;
    record(conn, &order, Actor::SYSTEM, now).await
}

/// Notes that the shop is told of the order and says until when it can be accepted: once, and only while it can.
pub async fn tell(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let Some(due) = still_due(conn, reached, Deadline::Acceptance, now).await? else { return Ok(None) };
    Ok(store::set_shop_told(conn, reached.id(), now).await?.then_some(due))
}

/// Notes that the shop is reminded of the deadline and says when it is: once, and only while it still is to be met.
pub async fn remind(
    conn: &mut PgConnection,
    reached: Reached,
    deadline: Deadline,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let Some(due) = still_due(conn, reached, deadline, now).await? else { return Ok(None) };
    Ok(store::set_reminded(conn, reached.id(), deadline).await?.then_some(due))
}

/// When the deadline is, if it still is to be met; the order is locked.
async fn still_due(
    conn: &mut PgConnection,
    reached: Reached,
    deadline: Deadline,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let order = store::lock(conn, reached).await?;
    Ok(order.due(deadline).filter(|due| *due > now))
}

/// A turn that nothing else follows from.
async fn step(conn: &mut PgConnection, reached: Reached, step: Step, actor: Actor, now: DateTime<Utc>) -> Result<Turn> {
    let mut order = store::lock(conn, reached).await?;
    let turn = order.turn(step, actor.by, now)?;
    if turn == Turn::Taken {
        record(conn, &order, actor, now).await?;
    }
    Ok(turn)
}

/// Writes down where the locked order went, and who turned it.
async fn record(conn: &mut PgConnection, order: &Order, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    store::save(conn, order).await?;
    store::insert_event(conn, order.id, order.status, actor.by, actor.account, now).await
}
