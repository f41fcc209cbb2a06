//! Saying to which account buyers pay.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::letters;
use super::model::{AccountForm, BankAccount, holder_is_one_of};
use super::store::accounts::{self as store, NewAccount};
use crate::calendar;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, BankAccountId, SellerId};
use crate::market::sellers::{self, LOCKED, SellerStatus, ShopFile};
use crate::people::notify::Message;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;
use crate::platform::seal::Seal;

/// How long a changed account waits.
const CHANGE: &str = "bank_account.change";

/// What a sealed account number is bound to.
pub fn sealing_context(id: BankAccountId) -> String {
    format!("bank_accounts.number:{id}")
}

/// Sets the account. The first one is in force at once; another waits for its time, and every member is told. Saying
/// again what is in force takes a waiting change back, and saying the same twice changes nothing.
pub async fn set(
    conn: &mut PgConnection,
    seal: &Seal,
    (seller, by): (SellerId, AccountId),
    form: &AccountForm,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    sellers::lock(conn, seller).await?;
    let shop = sellers::file(conn, seller, day_of(now)).await?;
    check(conn, &shop, form, now).await?;
    let digest = form.number.digest(seal, &form.bin);
    let is_this = |account: &BankAccount| account.digest == digest && account.holder == form.holder.as_str();
    let (current, pending) = (store::in_force(conn, seller, now).await?, store::pending(conn, seller, now).await?);
    if pending.as_ref().is_some_and(is_this) || pending.is_none() && current.as_ref().is_some_and(is_this) {
        return Ok(Vec::new());
    }
    if let Some(pending) = &pending {
        store::withdraw(conn, pending.id, by, now).await?;
    }
    if let Some(current) = current.as_ref().filter(|current| is_this(current)) {
        return letters::tell_change_withdrawn(conn, (seller, &shop.name), current, now).await;
    }
    let effective_from = if current.is_some() { calendar::due(conn, CHANGE, now).await? } else { now };
    insert(conn, seal, (seller, by), (form, &digest, effective_from), now).await?;
    letters::tell_account_set(conn, (seller, &shop.name), form, effective_from, now).await
}

async fn insert(
    conn: &mut PgConnection,
    seal: &Seal,
    (seller, by): (SellerId, AccountId),
    (form, digest, effective_from): (&AccountForm, &[u8], DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<()> {
    let id = BankAccountId::new(now);
    let new = NewAccount {
        id,
        seller,
        bin: &form.bin,
        number_sealed: &seal.seal(form.number.reveal(), &sealing_context(id))?,
        number_last: form.number.last(),
        digest,
        holder: &form.holder,
        set_by: by,
        effective_from,
    };
    store::insert(conn, &new, now).await
}

/// Refuses the account of a shop that is no more, of a bank that takes no transfers, or of somebody else.
async fn check(conn: &mut PgConnection, shop: &ShopFile, form: &AccountForm, now: DateTime<Utc>) -> Result<()> {
    if matches!(shop.status, SellerStatus::Rejected | SellerStatus::Closed) {
        return Err(Error::from(&LOCKED));
    }
    require_bank(conn, &form.bin, now).await?;
    let names = [Some(shop.name.as_str()), shop.legal_name.as_deref(), shop.representative.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    if holder_is_one_of(&form.holder, &names) {
        return Ok(());
    }
    Err(Error::from(&INVALID).at(
        "holder",
        "phải là tên cửa hàng, tên theo đăng ký hoặc người đại diện / must be the shop, its registered name or who \
         represents it",
    ))
}

/// Refuses a bank that takes no transfers on the day.
pub async fn require_bank(conn: &mut PgConnection, bin: &str, now: DateTime<Utc>) -> Result<()> {
    match store::find_bank(conn, bin, day_of(now)).await? {
        Some(_) => Ok(()),
        None => {
            Err(Error::from(&INVALID).at("bin", "phải là mã một ngân hàng trong danh mục / must be a bank of the list"))
        }
    }
}
