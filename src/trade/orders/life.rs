//! Every turn of an order, with all that follows from it.
//!
//! Locks are taken in the order of the house: payment, order, stock.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::CompletionDue;
use super::model::{By, MOVED_ON, Order, OrderStatus, Step, Turn};
use super::store::{self, Reached};
use crate::calendar;
use crate::kernel::{AccountId, SellerId};
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::shipping::{self, NewParcel};
use crate::trade::{inventory, payments, vouchers};

/// Who turns an order.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    by: By,
    account: Option<AccountId>,
}

impl Actor {
    /// A deadline.
    const SYSTEM: Self = Self { by: By::System, account: None };
    /// An authority's order.
    const AUTHORITY: Self = Self { by: By::Authority, account: None };

    /// The buyer.
    pub const fn buyer(account: AccountId) -> Self {
        Self { by: By::Buyer, account: Some(account) }
    }

    /// A member of the shop.
    pub const fn seller(account: AccountId) -> Self {
        Self { by: By::Seller, account: Some(account) }
    }
}

/// The shop will deliver.
pub async fn accept(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    step(conn, reached, Step::Accept, actor, now).await.map(drop)
}

/// The shop closed the parcel.
pub async fn pack(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    step(conn, reached, Step::Pack, actor, now).await.map(drop)
}

/// The shop `seller` handed the parcel to a carrier. Asked again for another parcel, it refuses.
pub async fn ship(
    conn: &mut PgConnection,
    (reached, seller): (Reached, SellerId),
    parcel: &NewParcel,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    if step(conn, reached, Step::Ship, actor, now).await? == Turn::Taken {
        return shipping::insert_parcel(conn, (reached.id(), seller), parcel, now).await;
    }
    let shipped = shipping::find_parcel(conn, reached.id()).await?;
    if shipped.is_some_and(|shipped| shipped.is(parcel)) {
        Ok(())
    } else {
        Err(MOVED_ON.because("the order was shipped in another parcel"))
    }
}

/// The parcel arrived: the cash is collected, and the time for complaints begins.
pub async fn deliver(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    if order.turn(Step::Deliver, actor.by, now)? == Turn::TakenBefore {
        return Ok(());
    }
    let complete_at = calendar::due(conn, "order.completion", now).await?;
    order.complete_at = Some(complete_at);
    record(conn, &order, actor, now).await?;
    payments::collect(conn, order.id).await?;
    shipping::set_delivered(conn, order.id, now).await?;
    CompletionDue { order: order.id }.enqueue(conn, complete_at).await
}

/// The order will not be delivered: nothing is owed, and the goods are for sale again.
pub async fn cancel(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    cancel_locked(conn, &mut order, actor, now).await
}

async fn cancel_locked(conn: &mut PgConnection, order: &mut Order, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    if order.turn(Step::Cancel, actor.by, now)? == Turn::TakenBefore {
        return Ok(());
    }
    record(conn, order, actor, now).await?;
    payments::void(conn, order.id).await?;
    vouchers::release(conn, order.id, now).await?;
    inventory::give_back(conn, order.id, now).await
}

/// Cancels the order if its shop let the deadline pass.
pub async fn miss_acceptance(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<()> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    if order.is_acceptance_missed(now) { cancel_locked(conn, &mut order, Actor::SYSTEM, now).await } else { Ok(()) }
}

/// Cancels the order for an authority unless the carrier has it by now; says whether that changed anything.
pub async fn stop(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<bool> {
    payments::lock(conn, reached.id()).await?;
    let mut order = store::lock(conn, reached).await?;
    let running = matches!(order.status, OrderStatus::Placed | OrderStatus::Accepted | OrderStatus::Packed);
    if running {
        cancel_locked(conn, &mut order, Actor::AUTHORITY, now).await?;
    }
    Ok(running)
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
