//! Money that fits no order by itself: a row of the shop's review list, and as much on its suspense account.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::TransferException;
use super::store::exceptions::{self as store, NewException};
use crate::kernel::SellerId;
use crate::platform::error::Result;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};

/// The money waits for somebody who says what it is.
pub async fn hold(conn: &mut PgConnection, new: &NewException<'_>, now: DateTime<Utc>) -> Result<()> {
    store::insert(conn, new, now).await?;
    let accounts = (Account::SellerCash(new.seller), Account::Suspense(new.seller));
    let held = Transfer::new(TransferKind::Suspense, new.id.as_uuid()).entry(accounts, new.amount, (None, None));
    ledger::post(conn, &[held], now).await
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
