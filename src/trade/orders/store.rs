//! The tables `orders`, `order_lines`, `order_events`.

mod dealing;
mod discounts;
mod show;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub use dealing::*;
pub use discounts::{Borne, insert_borne};
pub use show::*;

use super::model::{By, CancelReason, Order, OrderStatus};
use crate::kernel::clock::VIET_NAM;
use crate::kernel::{AccountId, CheckoutId, ListingId, OrderId, OrderLineId, SellerId, VariantId, Vnd};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::tokens::random_letters;

/// Proof that the caller may touch the order: made only by [`of_buyer`], [`of_shop`] and [`of_number`], by an order's own deadline, and
/// for an authority by [`running_of_listing`].
/// Who bought and who sells never changes, so the proof outlives the row's lock.
#[derive(Debug, Clone, Copy)]
pub struct Reached(OrderId);

impl Reached {
    /// A deadline reaches the order it was written for.
    pub const fn by_deadline(order: OrderId) -> Self {
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

/// An order with goods of a listing that no carrier has yet.
pub struct Running {
    /// The order.
    pub reached: Reached,
    /// Its number, for people.
    pub number: String,
    /// Who ordered.
    pub buyer: AccountId,
    /// Who sells.
    pub seller: SellerId,
}

/// Up to `limit` orders with goods of the listing that no carrier has yet, for an authority that stops them.
pub async fn running_of_listing(conn: &mut PgConnection, listing: ListingId, limit: i64) -> Result<Vec<Running>> {
    let rows = sqlx::query!(
        r#"select id as "id: OrderId", number, account_id as "buyer: AccountId", seller_id as "seller: SellerId"
             from orders
            where status in ('placed', 'accepted', 'packed')
              and id in (select order_id from order_lines where listing_id = $1)
            order by id
            limit $2"#,
        listing as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let running = rows.into_iter().map(|row| Running {
        reached: Reached(row.id),
        number: row.number,
        buyer: row.buyer,
        seller: row.seller,
    });
    Ok(running.collect())
}

/// A line to order, as it is frozen.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// What.
    pub variant: VariantId,
    /// Of which listing.
    pub listing: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// The listing's title.
    pub title: String,
    /// The variant's name.
    pub variant_name: String,
    /// The shop's own code.
    pub sku: String,
    /// Price of one.
    pub unit_price: Vnd,
    /// How many.
    pub quantity: i32,
    /// Price of all.
    pub amount: Vnd,
    /// What vouchers take off that.
    pub discount: Vnd,
    /// What of that the shop itself bears.
    pub discount_by_seller: Vnd,
}

/// An order to write down.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The order.
    pub id: OrderId,
    /// Which checkout placed it.
    pub checkout: CheckoutId,
    /// Who delivers.
    pub seller: SellerId,
    /// The shop's address of that day.
    pub seller_slug: String,
    /// The shop's name of that day.
    pub seller_name: String,
    /// Sum of the lines.
    pub goods: Vnd,
    /// What vouchers take off that.
    pub discount: Vnd,
    /// Price of the parcel.
    pub shipping: Vnd,
    /// Sum of both.
    pub total: Vnd,
    /// Demonstration data.
    pub demo: bool,
    /// The lines.
    pub lines: Vec<NewLine>,
}

/// Writes the order under a free number such as `OCOP-261121-7K3QZ8M2XW`. The letters keep shops from
/// counting each other's orders, and with the phone number they let a guest see the order: 50 random bits.
pub async fn insert(
    conn: &mut PgConnection,
    order: &NewOrder,
    buyer: AccountId,
    accept_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    const TRIES: usize = 8;
    for _ in 0..TRIES {
        let number = format!("OCOP-{}-{}", now.with_timezone(&VIET_NAM).format("%y%m%d"), random_letters(10)?);
        let done = sqlx::query!(
            "insert into orders (id, number, checkout_id, seller_id, seller_slug, seller_name, account_id, status,
                                 goods_vnd, discount_vnd, shipping_vnd, total_vnd, demo, placed_at, accept_by)
             values ($1, $2, $3, $4, $5, $6, $7, 'placed', $8, $9, $10, $11, $12, $13, $14)
             on conflict on constraint orders_number_key do nothing",
            order.id as _,
            number,
            order.checkout as _,
            order.seller as _,
            order.seller_slug,
            order.seller_name,
            buyer as _,
            order.goods as _,
            order.discount as _,
            order.shipping as _,
            order.total as _,
            order.demo,
            now,
            accept_by,
        )
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
    }
    Err(Error::fault(format!("no free order number after {TRIES} tries")))
}

pub async fn insert_lines(conn: &mut PgConnection, order: &NewOrder, now: DateTime<Utc>) -> Result<()> {
    for line in &order.lines {
        sqlx::query!(
            "insert into order_lines (id, order_id, variant_id, listing_id, listing_slug, title, variant_name, sku,
                                      unit_price_vnd, quantity, amount_vnd, discount_vnd, discount_by_seller_vnd)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            OrderLineId::new(now) as _,
            order.id as _,
            line.variant as _,
            line.listing as _,
            line.listing_slug,
            line.title,
            line.variant_name,
            line.sku,
            line.unit_price as _,
            line.quantity,
            line.amount as _,
            line.discount as _,
            line.discount_by_seller as _,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Notes a turn of the order, which is locked or new.
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
                  accept_by,
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
                delivered_at = $3,
                complete_at = $4,
                closed_at = $5,
                cancel_reason = $6
          where id = $1",
        order.id as _,
        order.status as _,
        order.delivered_at,
        order.complete_at,
        order.closed_at,
        order.cancel_reason as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
