//! The tables `orders`, `order_lines`, `order_events`.

mod charges;
mod dealing;
mod discounts;
mod placing;
mod refusals;
mod returnable;
mod show;
mod sold;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub use charges::*;
pub use dealing::*;
pub use discounts::{Borne, insert_borne};
pub use placing::*;
pub use refusals::*;
pub use returnable::*;
pub use show::*;
pub use sold::*;

use super::model::{By, CancelReason, Deadline, Order, OrderStatus};
use crate::kernel::{AccountId, ListingId, OrderId, SellerId};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::payments::Method;

/// Proof that the caller may touch the order: made only by [`of_buyer`], [`of_shop`] and `of_number`, by an order's
/// own deadline, return or parcel, and for an authority by `running_of_listing`.
/// Who bought and who sells never changes, so the proof outlives the row's lock.
#[derive(Debug, Clone, Copy)]
pub struct Reached(OrderId);

impl Reached {
    /// A deadline reaches the order it was written for.
    pub const fn by_deadline(order: OrderId) -> Self {
        Self(order)
    }

    /// A return reaches the order whose goods it is about.
    pub const fn by_return(order: OrderId) -> Self {
        Self(order)
    }

    /// A carrier's news reaches the order of the parcel it is about.
    pub const fn by_parcel(order: OrderId) -> Self {
        Self(order)
    }

    /// Which order.
    pub const fn id(self) -> OrderId {
        self.0
    }
}

/// The buyer's own order.
pub async fn of_buyer(conn: &mut PgConnection, account: AccountId, id: OrderId) -> Result<Reached> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: OrderId" from orders where id = $1 and account_id = $2"#,
        id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Reached(found.or_refuse(&NOT_FOUND)?))
}

/// The order of that number, if that phone was given with it.
pub async fn of_number(conn: &mut PgConnection, number: &str, phone: &str) -> Result<Option<Reached>> {
    let found = sqlx::query_scalar!(
        r#"select orders.id as "id: OrderId"
             from orders
             join checkouts on checkouts.id = checkout_id
            where number = $1
              and phone = $2"#,
        number,
        phone,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(Reached))
}

/// An order of the shop.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, id: OrderId) -> Result<Reached> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: OrderId" from orders where id = $1 and seller_id = $2"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Reached(found.or_refuse(&NOT_FOUND)?))
}

/// An order and its two sides.
pub struct Parties {
    /// The order.
    pub reached: Reached,
    /// Its number, for people.
    pub number: String,
    /// Who ordered.
    pub buyer: AccountId,
    /// Who sells.
    pub seller: SellerId,
}

/// The order's two sides.
pub async fn parties(conn: &mut PgConnection, reached: Reached) -> Result<Parties> {
    let row = sqlx::query!(
        r#"select number, account_id as "buyer: AccountId", seller_id as "seller: SellerId"
             from orders
            where id = $1"#,
        reached.id() as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(Parties { reached, number: row.number, buyer: row.buyer, seller: row.seller })
}

/// A cancelled order, for whoever is told of it.
pub struct Cancelled {
    /// Its number, for people.
    pub number: String,
    /// Who ordered.
    pub buyer: AccountId,
    /// Who sells.
    pub seller: SellerId,
    /// Why.
    pub reason: CancelReason,
    /// Whether the shop ever saw it: not while it waited for its payment.
    pub was_seen: bool,
}

/// The order, if it is cancelled.
pub async fn cancelled(conn: &mut PgConnection, reached: Reached) -> Result<Option<Cancelled>> {
    let cancelled = sqlx::query_as!(
        Cancelled,
        r#"select number,
                  account_id as "buyer: AccountId",
                  seller_id as "seller: SellerId",
                  cancel_reason as "reason!: CancelReason",
                  accept_by is not null as "was_seen!"
             from orders
            where id = $1
              and status = 'cancelled'"#,
        reached.id() as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(cancelled)
}

/// Up to `limit` orders with goods of the listing that no carrier has yet, for an authority that stops them.
pub async fn running_of_listing(conn: &mut PgConnection, listing: ListingId, limit: i64) -> Result<Vec<Parties>> {
    let rows = sqlx::query!(
        r#"select id as "id: OrderId", number, account_id as "buyer: AccountId", seller_id as "seller: SellerId"
             from orders
            where status in ('awaiting_payment', 'placed', 'accepted', 'packed')
              and id in (select order_id from order_lines where listing_id = $1)
            order by id
            limit $2"#,
        listing as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let running = rows.into_iter().map(|row| Parties {
        reached: Reached(row.id),
        number: row.number,
        buyer: row.buyer,
        seller: row.seller,
    });
    Ok(running.collect())
}

/// Notes a turn of the locked order.
pub async fn insert_event(
    conn: &mut PgConnection,
    order: OrderId,
    status: OrderStatus,
    by: By,
    account: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into order_events (order_id, seq, status, by, account_id, at)
         select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5
           from order_events
          where order_id = $1",
        order as _,
        status as _,
        by as _,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The order, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, reached: Reached) -> Result<Order> {
    let order = sqlx::query_as!(
        Order,
        r#"select id as "id: OrderId",
                  status as "status: OrderStatus",
                  method as "method: Method",
                  paid_at,
                  accept_by,
                  ship_by,
                  back_by,
                  delivered_at,
                  complete_at,
                  closed_at,
                  cancel_reason as "cancel_reason: CancelReason"
             from orders
            where id = $1
              for update"#,
        reached.id() as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(order)
}

/// Writes what a turn changed.
pub async fn save(conn: &mut PgConnection, order: &Order) -> Result<()> {
    sqlx::query!(
        "update orders
            set status = $2,
                paid_at = $3,
                accept_by = $4,
                ship_by = $5,
                back_by = $6,
                delivered_at = $7,
                complete_at = $8,
                closed_at = $9,
                cancel_reason = $10
          where id = $1",
        order.id as _,
        order.status as _,
        order.paid_at,
        order.accept_by,
        order.ship_by,
        order.back_by,
        order.delivered_at,
        order.complete_at,
        order.closed_at,
        order.cancel_reason as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the shop is told of the order; says whether it had not been.
pub async fn set_shop_told(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<bool> {
    let done =
        sqlx::query!("update orders set shop_told_at = $2 where id = $1 and shop_told_at is null", order as _, now,)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that both sides are asked whether the order arrived; says whether they had not been.
pub async fn set_arrival_asked(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update orders set arrival_asked_at = $2 where id = $1 and arrival_asked_at is null",
        order as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the shop is reminded of the deadline; says whether it had not been.
pub async fn set_reminded(conn: &mut PgConnection, order: OrderId, deadline: Deadline) -> Result<bool> {
    let done = sqlx::query!(
        "update orders
            set reminded_of = $2
          where id = $1
            and reminded_of is distinct from $2",
        order as _,
        deadline as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
