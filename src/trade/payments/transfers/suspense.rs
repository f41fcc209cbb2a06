//! Money that fits no order by itself: a row of the shop's review list, and as much on its suspense account.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Outcome, TransferException};
use super::store::exceptions::{self as store, NewException, Resolved};
use crate::kernel::{AccountId, ExceptionId, OrderId, SellerId};
use crate::platform::error::Result;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};

/// The money waits for somebody who says what it is.
pub async fn hold(conn: &mut PgConnection, new: &NewException<'_>, now: DateTime<Utc>) -> Result<()> {
    store::insert(conn, new, now).await?;
    let accounts = (Account::SellerCash(new.seller), Account::Suspense(new.seller));
    let held = Transfer::new(TransferKind::Suspense, new.id.as_uuid()).entry(accounts, new.amount, (None, None));
    ledger::post(conn, &[held], now).await
}

/// These pay the order, says a member of the shop; its money is captured next.
pub async fn assign(
    conn: &mut PgConnection,
    seller: SellerId,
    entries: &[TransferException],
    (order, by): (OrderId, AccountId),
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<ExceptionId> = entries.iter().map(|entry| entry.id).collect();
    let outcome = Outcome::Assigned;
    let resolved = Resolved { outcome, assigned_to: Some(order), returned: None, proof: None, words: None, by };
    store::resolve(conn, &ids, &resolved, now).await?;
    release(conn, seller, entries, now).await
}

/// The bank names another amount for a transaction than the member of the shop who reported it: the bank's word counts.
pub async fn supersede(
    conn: &mut PgConnection,
    seller: SellerId,
    reported: &TransferException,
    now: DateTime<Utc>,
) -> Result<()> {
    store::supersede(conn, reported.id, now).await?;
    release(conn, seller, std::slice::from_ref(reported), now).await
}

/// Somebody said what these are: an order's money, which is captured next; the buyer's, who has it back; or none of ours.
pub async fn release(
    conn: &mut PgConnection,
    seller: SellerId,
    entries: &[TransferException],
    now: DateTime<Utc>,
) -> Result<()> {
    let accounts = (Account::Suspense(seller), Account::SellerCash(seller));
    let released = entries.iter().map(|entry| {
        let release = Transfer::new(TransferKind::SuspenseRelease, entry.id.as_uuid());
        release.entry(accounts.clone(), entry.amount_vnd, (None, None))
    });
    ledger::post(conn, &released.collect::<Vec<_>>(), now).await
}
