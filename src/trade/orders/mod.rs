//! From the cart to the delivered parcel.
//!
//! [`cart`] holds what somebody may want, [`checkouts`] quote it and place it, all or none, as one order per shop; here
//! is what becomes of an order after that, and [`evidence`] states what a shop has sold. Every turn of its life goes through the rules of [`Order::turn`] under the
//! order's lock, leaves an event, and may be asked for twice.

pub mod addresses;
pub mod cart;
pub mod checkouts;
pub mod evidence;
pub mod http;
pub mod invoices;
pub mod jobs;
mod life;
pub mod lookup;
mod model;
mod store;

pub use model::{By, MOVED_ON, Order, OrderStatus, Step, Turn};
pub use store::{Borne, BoughtLine, Dealing, NewLine, NewOrder, PlacedOrder, dealing_of_buyer, insert_borne, line_of_buyer, of_checkout};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::calendar;
use crate::kernel::AccountId;
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;

/// Writes down a placed order with its lines; its shop has until the deadline to accept it.
async fn open(conn: &mut PgConnection, new: &NewOrder, buyer: AccountId, now: DateTime<Utc>) -> Result<()> {
    let accept_by = calendar::due(conn, "order.acceptance", now).await?;
    store::insert(conn, new, buyer, accept_by, now).await?;
    store::insert_lines(conn, new, now).await?;
    store::insert_event(conn, new.id, OrderStatus::Placed, By::Buyer, Some(buyer), now).await?;
    jobs::AcceptanceMissed { order: new.id }.enqueue(conn, accept_by).await
}
