//! From the cart to the delivered parcel.
//!
//! [`cart`] holds what somebody may want, [`checkouts`] quote it and place it, all or none, as one order per shop; here
//! is what becomes of an order after that, and [`evidence`] states what a shop has sold. Every turn of its life goes
//! through the rules of [`Order::turn`] under the order's lock, leaves an event, and may be asked for twice.

pub mod addresses;
pub mod cart;
pub mod checkouts;
pub mod evidence;
pub mod http;
pub mod invoices;
pub mod jobs;
mod letters;
pub mod life;
pub mod lookup;
mod model;
pub mod parcels;
mod posting;
mod store;

pub use model::{By, Deadline, MOVED_ON, Order, OrderStatus, Step, Turn};
pub use posting::{Units, take_back};
pub use store::{
    Borne, BoughtLine, Dealing, NewLine, NewOrder, PlacedOrder, Reached, Returnable, Terms, count_returned,
    dealing_of_buyer, insert_borne, line_of_buyer, lock_for_return, lock_returnable, of_buyer, of_checkout, of_shop,
};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::OrderId;
use crate::kernel::clock::day_of;
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;
use crate::trade::payments::Method;
use crate::trade::rates::{self, Chargeable, Charges};

/// Writes down the orders of a checkout with their lines, and gives them their numbers. Who pays in advance has until
/// the terms' deadline, else the shops have.
async fn open(conn: &mut PgConnection, orders: &mut [NewOrder], terms: &Terms, now: DateTime<Utc>) -> Result<()> {
    store::insert(conn, orders, terms, now).await?;
    let charges = charges(conn, orders, terms.method, now).await?;
    store::insert_lines(conn, orders, &charges, now).await?;
    store::insert_beginnings(conn, orders, terms, now).await?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    if let Some(accept_by) = terms.accept_by {
        jobs::watch(conn, &ids, Deadline::Acceptance, (accept_by, now)).await?;
    }
    if let Some(pay_by) = terms.pay_by {
        let missed: Vec<jobs::PaymentMissed> = ids.iter().map(|&order| jobs::PaymentMissed { order }).collect();
        jobs::PaymentMissed::enqueue_all(&missed, conn, pay_by).await?;
    }
    Ok(())
}

/// What the lines are charged by the rules of the day, in their order.
async fn charges(
    conn: &mut PgConnection,
    orders: &[NewOrder],
    method: Method,
    now: DateTime<Utc>,
) -> Result<Vec<Charges>> {
    let lines = orders.iter().flat_map(|order| order.lines.iter().map(move |line| (order.seller, line)));
    let lines: Vec<Chargeable> =
        lines.map(|(seller, line)| Chargeable { seller, listing: line.listing, method, basis: line.basis() }).collect();
    rates::charges(conn, &lines, day_of(now)).await
}
