//! Vouchers: discounts somebody promises, by a code that is typed at the checkout.
//!
//! The marketplace, a province with a programme, or a shop issues one; who *bears* it is said in basis points. A shop
//! bears a share of somebody else's voucher only if it has agreed to take part. What was promised is never edited: a
//! voucher is counted, and ended.
//!
//! ## How vouchers add up
//!
//! At most one voucher of each shop, and one of the marketplace or of a province, go with one checkout. They apply in
//! that order, the shops' by their ids: each takes its discount off what the earlier ones left of a line, so a line
//! never costs less than nothing. The minimum is asked of the goods' prices before any discount. A discount is shared
//! over its lines, and each line's over its bearers, by the largest remainder.
//!
//! ## Limits
//!
//! One checkout is one use, however many orders it becomes; with a shop, one checkout that took something off its goods.
//! A quote takes no use. [`redeem`] counts under the vouchers' locks (before the stock's), and the counters' check
//! constraints are the proof that no race passes a limit. The budget is the issuer's own share: a discount that does not
//! fit what is left of it is refused, never cut.
//!
//! What an order cancelled before it was paid had used comes back ([`release`]): its part of the budget and of the
//! shop's uses at once, the use itself when every order it took something off was cancelled so. Once money was paid, or
//! a parcel refused at the door, the voucher was used.

pub mod admin;
mod discount;
mod form;
pub mod http;
mod model;
mod store;

pub use discount::{Applied, Counts, LineDiscount, LineFacts, VOUCHER_EXHAUSTED, apply};
pub use model::{Bearers, Discount, Issuer, Limits, Promise, Scope, Voucher, VoucherCode};
pub use store::redemptions::release;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CheckoutId, OrderId, SellerId, VoucherId};
use crate::platform::error::{Error, Result};
use model::VOUCHER_UNKNOWN;

/// Whoever uses vouchers: one account; of guests, who have as many accounts as they like, one phone number.
#[derive(Debug, Clone, Copy)]
pub struct User<'a> {
    /// The account.
    pub account: AccountId,
    /// The number the carrier is to call.
    pub phone: &'a str,
}

/// What the vouchers of these codes take off the lines today, in the order in which they apply. Nothing is counted yet, and
/// nothing is said of a phone number: or anybody could ask, number by number, who has used which.
pub async fn quote(
    conn: &mut PgConnection,
    account: AccountId,
    codes: &[VoucherCode],
    lines: &[LineFacts],
    now: DateTime<Utc>,
) -> Result<Vec<Applied>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let vouchers = store::of_codes(conn, codes).await?;
    if let Some(unknown) = codes.iter().find(|code| !vouchers.iter().any(|voucher| voucher.code.is(code))) {
        return Err(Error::from(&VOUCHER_UNKNOWN).fact("voucher", unknown.as_ref()));
    }
    let sellers = lines.iter().map(|line| line.seller).collect();
    let counts = counts(conn, (account, None), &vouchers, sellers).await?;
    discount::apply(vouchers, &counts, lines, day_of(now))
}

/// What a quote of before took off its lines, in the order in which [`quote`] answered it.
pub async fn applied(conn: &mut PgConnection, lines: Vec<(VoucherId, LineDiscount)>) -> Result<Vec<Applied>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<VoucherId> = lines.iter().map(|(voucher, _)| *voucher).collect();
    let vouchers = discount::in_order(store::of_ids(conn, &ids).await?);
    Ok(vouchers.iter().map(|voucher| Applied::of(voucher, &lines)).collect())
}

/// How often each voucher was used by the account or with the phone, and with these shops.
async fn counts(
    conn: &mut PgConnection,
    (account, phone): (AccountId, Option<&str>),
    vouchers: &[Voucher],
    sellers: BTreeSet<SellerId>,
) -> Result<Counts> {
    let ids: Vec<VoucherId> = vouchers.iter().map(|voucher| voucher.id).collect();
    let sellers: Vec<SellerId> = sellers.into_iter().collect();
    store::counts(conn, (account, phone), &ids, &sellers).await
}

/// Uses the vouchers for the checkout, whose orders have just been written. To be called with what [`quote`] found in
/// the same transaction; refuses if a limit was reached or a voucher ended meanwhile.
///
/// A voucher used twice for one checkout breaks `voucher_redemptions_once`, which is a fault: whoever places holds the
/// checkout's lock.
pub async fn redeem(
    conn: &mut PgConnection,
    checkout: CheckoutId,
    by: User<'_>,
    applied: &[Applied],
    orders: &[(SellerId, OrderId)],
    now: DateTime<Utc>,
) -> Result<()> {
    if applied.is_empty() {
        return Ok(());
    }
    let ids: Vec<VoucherId> = applied.iter().map(|each| each.voucher_id).collect();
    let vouchers = store::lock(conn, &ids).await?;
    let sellers = applied.iter().flat_map(Applied::sellers).collect();
    let counts = counts(conn, (by.account, Some(by.phone)), &vouchers, sellers).await?;
    for voucher in &vouchers {
        let Some(used) = applied.iter().find(|each| each.voucher_id == voucher.id) else {
            return Err(Error::fault(format!("voucher {} was locked and not applied", voucher.id)));
        };
        voucher.require_running(day_of(now))?;
        discount::require_within(voucher, &counts, used)?;
    }
    store::redemptions::insert(conn, checkout, by.account, applied, orders, now).await
}
