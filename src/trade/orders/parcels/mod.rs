//! An order on its way, in one parcel or several.
//!
//! The order is shipped when the first of them leaves and delivered when all its goods are there. An order paid in cash
//! is paid with its first parcel; the others leave once that one has arrived, so that nothing is given away unpaid.
//! Parcels move by news ([`crate::trade::shipping::parcels`]); `follow` draws the order after them.

mod booking;
pub mod http;
pub mod jobs;
mod model;

pub use model::{CASH_FIRST, NOTHING_TO_SEND, Sendable};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::life::{self, Actor};
use super::model::{MOVED_ON, Order, OrderStatus};
use super::store::{self, Reached};
use crate::kernel::clock::day_of;
use crate::kernel::{ParcelId, SellerId, Vnd};
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::payments::{self, Method};
use crate::trade::shipping;
use crate::trade::shipping::parcels::{
    self, BookParcel, Carriage, Fate, HandedOver, NewParcel, Packed, Parcel, ParcelStatus,
};

/// The order, locked after its payment; parcels come after both.
async fn lock(conn: &mut PgConnection, reached: Reached) -> Result<Order> {
    payments::lock(conn, reached.id()).await?;
    store::lock(conn, reached).await
}

/// Sends some of the order's goods, or all that have not left: at once where a carrier has them, else the carrier is asked.
async fn send(
    conn: &mut PgConnection,
    (reached, seller): (Reached, SellerId),
    (carriage, lines): (&Carriage, Option<&[Packed]>),
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<ParcelId> {
    let order = lock(conn, reached).await?;
    order.require_sendable()?;
    let sendable = Sendable::new(&store::lines(conn, reached).await?, &parcels::quantities(conn, order.id).await?);
    let new = NewParcel {
        id: ParcelId::new(now),
        order: order.id,
        seller,
        carriage: carriage.clone(),
        lines: sendable.choose(lines)?,
        cod: model::cash(order_cash(conn, &order).await?, &parcels::list(conn, order.id).await?)?,
    };
    if let Carriage::Ghn(measured) = carriage {
        model::check("carriage.ghn.", measured, new.cod, &shipping::carrier_rule(conn, "ghn", day_of(now)).await?)?;
    }
    parcels::insert(conn, &new, now).await?;
    match carriage {
        Carriage::HandedOver(_) => life::ship(conn, reached, actor, now).await?,
        Carriage::Ghn(_) => BookParcel { parcel: new.id }.enqueue(conn, now).await?,
    }
    Ok(new.id)
}

/// What is to be collected for the order in cash; none if it is paid otherwise.
async fn order_cash(conn: &mut PgConnection, order: &Order) -> Result<Option<Vnd>> {
    if order.method == Method::Cod {
        Ok(Some(payments::find_allocation(conn, order.id).await?.amount_vnd))
    } else {
        Ok(None)
    }
}

/// A carrier of the shop's has everything that has not left. Asked again for the same parcel, nothing changes; for another
/// one, it refuses.
pub async fn ship(
    conn: &mut PgConnection,
    (reached, seller): (Reached, SellerId),
    parcel: &HandedOver,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    lock(conn, reached).await?;
    if parcels::list(conn, reached.id()).await?.iter().any(|sent| sent.is(parcel)) {
        return Ok(());
    }
    let sent = send(conn, (reached, seller), (&Carriage::HandedOver(parcel.clone()), None), actor, now).await;
    match sent {
        Err(error) if error.is(&NOTHING_TO_SEND) => {
            Err(MOVED_ON.because(("đơn hàng đã được gửi trong kiện khác", "the order was shipped in another parcel")))
        }
        sent => sent.map(drop),
    }
}

/// The shop says that everything arrived; it cannot where something has not left.
pub async fn deliver_by_shop(
    conn: &mut PgConnection,
    reached: Reached,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let sent: Vec<Packed> = parcels::list(conn, reached.id())
        .await?
        .into_iter()
        .filter(|parcel| parcel.status.has_left())
        .flat_map(|parcel| parcel.lines)
        .collect();
    let left = Sendable::new(&store::lines(conn, reached).await?, &sent);
    if !sent.is_empty() && !left.is_empty() {
        return Err(MOVED_ON.because(("còn hàng chưa gửi", "some of the goods have not left")));
    }
    life::deliver(conn, reached, actor, now).await
}

/// Draws the order after its parcels. Asked twice, or late, it changes nothing.
async fn follow(conn: &mut PgConnection, reached: Reached, actor: Actor, now: DateTime<Utc>) -> Result<()> {
    let order = lock(conn, reached).await?;
    // What nobody took may come back after its order has ended.
    let is_open = matches!(
        order.status,
        OrderStatus::Packed | OrderStatus::Shipped | OrderStatus::Returning | OrderStatus::Returned
    );
    let parcels = parcels::list(conn, order.id).await?;
    let fate = fate(&store::lines(conn, reached).await?, &parcels);
    if !is_open || fate == Fate::Waiting {
        return Ok(());
    }
    if order.status == OrderStatus::Packed {
        life::ship(conn, reached, actor, now).await?;
    }
    match (fate, order.status) {
        (Fate::Delivered, OrderStatus::Packed | OrderStatus::Shipped) => life::deliver(conn, reached, actor, now).await,
        (Fate::Returning, _) => life::refuse(conn, reached, actor, now).await,
        (Fate::Returned, _) => {
            life::refuse(conn, reached, actor, now).await?;
            life::returned(conn, reached, actor, now).await
        }
        _ => Ok(()),
    }
}

fn fate(lines: &[store::OrderLine], parcels: &[Parcel]) -> Fate {
    let statuses: Vec<ParcelStatus> = parcels.iter().map(|parcel| parcel.status).collect();
    let delivered = parcels.iter().filter(|parcel| parcel.status == ParcelStatus::Delivered);
    let delivered: Vec<Packed> = delivered.flat_map(|parcel| parcel.lines.clone()).collect();
    parcels::fate(&statuses, Sendable::new(lines, &delivered).is_empty())
}
