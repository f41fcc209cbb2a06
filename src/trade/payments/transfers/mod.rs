//! Bank transfers straight to a shop's own account (VietQR).
//!
//! A shop says to which account buyers pay (`accounts`); an order that is paid by transfer freezes it at placement
//! ([`freeze`]). The buyer scans a code ([`vietqr`], [`payload`]) that names the order by its reference, and may say
//! to have paid (`paying`), which keeps the order a day longer. That the money is there is known from the shop, or from
//! a bank's signed notice ([`notices`]). Money that fits no order by itself waits on the shop's review list (`review`):
//! it is never lost, never counted twice, and keeps the order it names a day longer. In the books it stands on the shop's
//! suspense account (`suspense`). What goes back to a buyer the shop sends itself (`refunds`).
//!
//! Whatever decides about an order's money does so under the payment's lock.

mod accounts;
pub mod http;
pub mod jobs;
mod letters;
mod model;
pub mod notices;
mod paying;
pub mod payload;
pub mod reference;
mod refunds;
mod review;
mod store;
mod suspense;
pub mod vietqr;

pub use jobs::PayByMoved;
pub use model::{
    AccountForm, AccountNumber, ExceptionKind, Fit, NO_BANK_ACCOUNT, Receipt, Source, fit, holder_is_one_of,
};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, BankAccountId, OrderId, PaymentId, SellerId};
use crate::people::notify::Message;
use crate::platform::error::{Error, Result};
use crate::platform::seal::Seal;

/// Says to which account buyers of the shop pay, as its members do; for the demonstration's shops.
pub async fn set_account(
    conn: &mut PgConnection,
    seal: &Seal,
    whose: (SellerId, AccountId),
    form: &AccountForm,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    accounts::set(conn, seal, whose, form, now).await
}

/// A shop's account with its number in full, for whoever sends money to it.
pub struct OpenAccount {
    /// The bank, by its number.
    pub bin: String,
    /// The number in full.
    pub number: String,
    /// Whose it is.
    pub holder: String,
}

/// The account in force of a shop that money is to be sent to.
pub async fn account_of(
    conn: &mut PgConnection,
    seller: SellerId,
    now: DateTime<Utc>,
) -> Result<Option<BankAccountId>> {
    Ok(store::accounts::in_force(conn, seller, now).await?.map(|account| account.id))
}

/// A shop's account, opened.
pub async fn open_account(conn: &mut PgConnection, seal: &Seal, id: BankAccountId) -> Result<OpenAccount> {
    let sealed = store::accounts::sealed(conn, id).await?;
    let number = seal.open(&sealed.number, &accounts::sealing_context(id))?;
    Ok(OpenAccount { bin: sealed.bin, number, holder: sealed.holder })
}

/// Whether each of these shops can be paid by transfer now.
pub async fn are_offered(conn: &mut PgConnection, sellers: &[SellerId], now: DateTime<Utc>) -> Result<bool> {
    Ok(store::accounts::count_with_account(conn, sellers, now).await? == sellers.len())
}

/// Freezes for each order the account its shop is paid to now, in one statement however many they are. Refuses with
/// [`NO_BANK_ACCOUNT`] if a shop has none.
pub async fn freeze(
    conn: &mut PgConnection,
    orders: &[(OrderId, PaymentId, SellerId)],
    now: DateTime<Utc>,
) -> Result<()> {
    if store::transfers::insert(conn, orders, now).await? == orders.len() {
        Ok(())
    } else {
        Err(Error::from(&NO_BANK_ACCOUNT))
    }
}
