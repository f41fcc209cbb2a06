//! What shops have on hand, and what of it unpaid orders hold.
//!
//! Only a placed order takes stock: one paid in cash at once ([`take`]), one paid in advance holds it ([`hold`]) until
//! the money arrives ([`sell_held`]) or the order ends ([`give_back`]): all of an order's lines or none. Every change
//! leaves a movement, so that what is on hand and what is held are always the sums of their movements.
//!
//! Whoever turns an order holds its lock, so that of two at once only one finds the hold open.

pub mod http;
pub mod jobs;
mod model;
mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, OrderId, VariantId};
use crate::market::catalogue::offers;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;

use model::{Change, Movement};
pub use model::{Level, OnHand, SOLD_OUT, STOCK_HELD, Taking, require};
pub use store::levels;

/// Notes how many of a variant its shop counted, those held for unpaid orders with them. Refuses with [`STOCK_HELD`] a
/// count below what is held.
pub async fn count(
    conn: &mut PgConnection,
    variant: VariantId,
    counted: OnHand,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Level> {
    store::insert_missing(conn, variant).await?;
    let before = store::lock(conn, &[variant]).await?.get(&variant).copied().unwrap_or_default();
    if counted.get() < before.held {
        return Err(Error::from(&STOCK_HELD).fact("held", before.held));
    }
    let after = before.after((counted.get() - before.on_hand, 0));
    let after = Level { noticed: after.noticed && after.is_low(), ..after };
    store::set(conn, variant, after).await?;
    store::insert_count(conn, variant, after.on_hand - before.on_hand, account, now).await?;
    if (before.available() == 0) != (after.available() == 0) {
        look_again(conn, &[variant]).await?;
    }
    Ok(after)
}

/// Notes at how few available pieces the shop wants a letter; none, never.
pub async fn set_notice(conn: &mut PgConnection, variant: VariantId, notice_at: Option<OnHand>) -> Result<Level> {
    store::insert_missing(conn, variant).await?;
    let before = store::lock(conn, &[variant]).await?.get(&variant).copied().unwrap_or_default();
    let after = Level { notice_at: notice_at.map(OnHand::get), noticed: false, ..before };
    store::set(conn, variant, after).await?;
    Ok(after)
}

/// Takes what the orders need, or refuses with [`SOLD_OUT`] and leaves everything as it was.
pub async fn take(conn: &mut PgConnection, takings: &[Taking], account: AccountId, now: DateTime<Utc>) -> Result<()> {
    change(conn, Change::TAKE, takings, Some(account), now).await
}

/// Holds what the orders need until then at least, or refuses with [`SOLD_OUT`] and leaves everything as it was.
pub async fn hold(
    conn: &mut PgConnection,
    takings: &[Taking],
    until: DateTime<Utc>,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    change(conn, Change::HOLD, takings, Some(account), now).await?;
    store::insert_holds(conn, takings, until).await
}

/// Keeps what the order holds until then.
pub async fn hold_longer(conn: &mut PgConnection, order: OrderId, until: DateTime<Utc>) -> Result<()> {
    store::extend_holds(conn, order, until).await
}

/// The order is paid: what it holds is sold.
pub async fn sell_held(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    let held = store::end_holds(conn, order, now).await?;
    change(conn, Change::SELL, &held, None, now).await
}

/// The order is cancelled: it gives back what it took, or lets go of what it holds.
pub async fn give_back(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    let held = store::end_holds(conn, order, now).await?;
    if held.is_empty() {
        let sold = store::sold(conn, order).await?;
        change(conn, Change::CANCEL, &sold, None, now).await
    } else {
        change(conn, Change::RELEASE, &held, None, now).await
    }
}

/// The order's refused parcel is in the shop again. Said again, nothing changes.
pub async fn receive_refused(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    let away = store::refused_and_away(conn, order).await?;
    if away.is_empty() { Ok(()) } else { change(conn, Change::REFUSE, &away, None, now).await }
}

/// What a buyer sent back whole is for sale again, in as many parts as it came.
pub async fn put_back(conn: &mut PgConnection, takings: &[Taking], now: DateTime<Utc>) -> Result<()> {
    change(conn, Change::RETURN, takings, None, now).await
}

/// Changes the stock of everything in `takings`, or refuses with [`SOLD_OUT`] what is not available.
///
/// The rows are locked in the order of their ids, whatever the order of the lines, so that two carts with the same
/// goods cannot wait for each other. The statements are as many for one line as for fifty.
async fn change(
    conn: &mut PgConnection,
    change: Change,
    takings: &[Taking],
    account: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    let before = store::lock(conn, &variants).await?;
    let level = |variant: &VariantId| before.get(variant).copied().unwrap_or_default();
    let after: BTreeMap<VariantId, Level> = takings
        .iter()
        .map(|taking| (taking.variant, level(&taking.variant).after(change.of(taking.quantity))))
        .collect();
    if matches!(change.movement, Movement::Sale | Movement::Hold) && change.on_hand != change.held {
        require(&before, takings.iter().map(|taking| (taking.variant, taking.quantity)))?;
    }
    store::change(conn, change, takings).await?;
    store::insert_movements(conn, change, takings, account, now).await?;
    let turned = after.iter().filter(|(variant, after)| (level(variant).available() == 0) != (after.available() == 0));
    let turned: Vec<VariantId> = turned.map(|(variant, _)| *variant).collect();
    look_again(conn, &turned).await?;
    let low = after.iter().filter(|(_, after)| after.is_low() && !after.noticed);
    let low: Vec<jobs::StockLow> = low.map(|(variant, _)| jobs::StockLow { variant: *variant }).collect();
    jobs::StockLow::enqueue_all(&low, conn, now).await
}

/// Notes on the listings of `variants`, which ran out or came back, whether anything is on the shelf.
async fn look_again(conn: &mut PgConnection, variants: &[VariantId]) -> Result<()> {
    if variants.is_empty() {
        return Ok(());
    }
    let listings = offers::listings_of(conn, variants).await?;
    offers::set_in_stock(conn, &listings).await
}
