//! What shops have on hand.
//!
//! Only a placed order takes stock, and only [`take`] does it: all of an order's lines or none. Every change leaves a
//! movement, so that what is on hand is always the sum of its movements.

pub mod http;
mod model;
mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, OrderId, ReturnId, VariantId};
use crate::market::catalogue::offers;
use crate::platform::error::{Error, Result};

pub use model::{OnHand, SOLD_OUT, Taking, require};
pub use store::on_hand;

/// Notes how many of a variant its shop counted.
pub async fn count(
    conn: &mut PgConnection,
    variant: VariantId,
    counted: OnHand,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    store::insert_missing(conn, variant).await?;
    let before = store::lock(conn, &[variant]).await?.get(&variant).copied().unwrap_or(0);
    store::set(conn, variant, counted.get()).await?;
    store::insert_count(conn, variant, counted.get() - before, account, now).await?;
    if (before == 0) == (counted.get() == 0) { Ok(()) } else { look_again(conn, &[variant]).await }
}

/// Takes what the orders need, or refuses with [`SOLD_OUT`] and leaves everything as it was.
///
/// The rows are locked in the order of their ids, whatever the order of the lines, so that two carts with the same
/// goods cannot wait for each other.
pub async fn take(conn: &mut PgConnection, takings: &[Taking], account: AccountId, now: DateTime<Utc>) -> Result<()> {
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    let left = store::lock(conn, &variants).await?;
    require(&left, takings.iter().map(|taking| (taking.variant, taking.quantity)))?;
    store::subtract(conn, takings).await?;
    store::insert_sales(conn, takings, account, now).await?;
    let emptied: Vec<VariantId> = takings
        .iter()
        .filter(|taking| left.get(&taking.variant) == Some(&taking.quantity))
        .map(|taking| taking.variant)
        .collect();
    look_again(conn, &emptied).await
}

/// Gives back what a cancelled order took. A second time gives nothing.
pub async fn give_back(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    let sold = store::sold(conn, order).await?;
    let variants: Vec<VariantId> = sold.iter().map(|taking| taking.variant).collect();
    let left = store::lock(conn, &variants).await?;
    let returned = store::insert_returns(conn, &sold, now).await?;
    if returned.is_empty() {
        return Ok(());
    }
    if returned.len() != sold.len() {
        return Err(Error::fault(format!("part of order {order} had been given back before")));
    }
    store::add(conn, &sold).await?;
    let refilled: Vec<VariantId> = variants.into_iter().filter(|variant| left.get(variant) == Some(&0)).collect();
    look_again(conn, &refilled).await
}

/// Puts what a buyer sent back whole on the shelf again. Once for each return and variant.
pub async fn put_back(
    conn: &mut PgConnection,
    returned: ReturnId,
    goods: &BTreeMap<VariantId, i32>,
    now: DateTime<Utc>,
) -> Result<()> {
    if goods.is_empty() {
        return Ok(());
    }
    let variants: Vec<VariantId> = goods.keys().copied().collect();
    let left = store::lock(conn, &variants).await?;
    store::put_back(conn, returned, goods, now).await?;
    let refilled: Vec<VariantId> = variants.into_iter().filter(|variant| left.get(variant) == Some(&0)).collect();
    look_again(conn, &refilled).await
}

/// Notes on the listings of `variants`, which ran out or came back, whether anything is on the shelf.
async fn look_again(conn: &mut PgConnection, variants: &[VariantId]) -> Result<()> {
    if variants.is_empty() {
        return Ok(());
    }
    let listings = offers::listings_of(conn, variants).await?;
    offers::set_in_stock(conn, &listings).await
}
