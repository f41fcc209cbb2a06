//! The tables `banks`, `bank_accounts` and `bank_account_withdrawals`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, BankAccountId, SellerId};
use crate::platform::error::Result;
use crate::trade::payments::transfers::model::{Bank, BankAccount};

/// The banks that take transfers on the day.
pub async fn banks(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<Bank>> {
    let banks = sqlx::query_as!(
        Bank,
        "select bin, code, short_name, name_vi
           from banks
          where closed_on is null
             or $1 < closed_on
          order by short_name, bin",
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(banks)
}

/// The bank of that number, if it takes transfers on the day.
pub async fn find_bank(conn: &mut PgConnection, bin: &str, on: NaiveDate) -> Result<Option<Bank>> {
    let bank = sqlx::query_as!(
        Bank,
        "select bin, code, short_name, name_vi
           from banks
          where bin = $1
            and (closed_on is null or $2 < closed_on)",
        bin,
        on,
    )
    .fetch_optional(conn)
    .await?;
    Ok(bank)
}

/// How many of these shops have an account buyers pay to at that time.
pub async fn count_with_account(conn: &mut PgConnection, sellers: &[SellerId], at: DateTime<Utc>) -> Result<usize> {
    let count = sqlx::query_scalar!(
        r#"select count(distinct seller_id) as "count!"
             from bank_accounts
            where seller_id = any($1)
              and effective_from <= $2
              and not exists (select 1 from bank_account_withdrawals where bank_account_id = bank_accounts.id)"#,
        sellers as _,
        at,
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(count)?)
}

/// The account buyers of the shop pay to at that time.
pub async fn in_force(conn: &mut PgConnection, seller: SellerId, at: DateTime<Utc>) -> Result<Option<BankAccount>> {
    let account = sqlx::query_as!(
        BankAccount,
        r#"select bank_accounts.id as "id: BankAccountId", digest, bin, short_name as bank, number_last, holder, set_at,
                  effective_from
             from bank_accounts
             join banks using (bin)
            where seller_id = $1
              and effective_from <= $2
              and not exists (select 1 from bank_account_withdrawals where bank_account_id = bank_accounts.id)
            order by effective_from desc, bank_accounts.id desc
            limit 1"#,
        seller as _,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(account)
}

/// The account buyers of the shop will pay to once its time has come.
pub async fn pending(conn: &mut PgConnection, seller: SellerId, at: DateTime<Utc>) -> Result<Option<BankAccount>> {
    let account = sqlx::query_as!(
        BankAccount,
        r#"select bank_accounts.id as "id: BankAccountId", digest, bin, short_name as bank, number_last, holder, set_at,
                  effective_from
             from bank_accounts
             join banks using (bin)
            where seller_id = $1
              and effective_from > $2
              and not exists (select 1 from bank_account_withdrawals where bank_account_id = bank_accounts.id)
            order by effective_from desc, bank_accounts.id desc
            limit 1"#,
        seller as _,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(account)
}

/// An account to be written down.
pub struct NewAccount<'a> {
    pub id: BankAccountId,
    pub seller: SellerId,
    pub bin: &'a str,
    pub number_sealed: &'a [u8],
    pub number_last: &'a str,
    pub digest: &'a [u8],
    pub holder: &'a str,
    pub set_by: AccountId,
    pub effective_from: DateTime<Utc>,
}

pub async fn insert(conn: &mut PgConnection, new: &NewAccount<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into bank_accounts (id, seller_id, bin, number_sealed, number_last, digest, holder, set_by, set_at,
                                    effective_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id as _,
        new.seller as _,
        new.bin,
        new.number_sealed,
        new.number_last,
        new.digest,
        new.holder,
        new.set_by as _,
        now,
        new.effective_from,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back a change that is not in force yet.
pub async fn withdraw(conn: &mut PgConnection, id: BankAccountId, by: AccountId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into bank_account_withdrawals (bank_account_id, by, at) values ($1, $2, $3)",
        id as _,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose account it is: the shop that said so last, should several share one; none if it was never in force.
pub async fn holder_of(conn: &mut PgConnection, digest: &[u8], at: DateTime<Utc>) -> Result<Option<SellerId>> {
    let seller = sqlx::query_scalar!(
        r#"select seller_id as "seller_id: SellerId"
             from bank_accounts
            where digest = $1
              and effective_from <= $2
              and not exists (select 1 from bank_account_withdrawals where bank_account_id = bank_accounts.id)
            order by effective_from desc, id desc
            limit 1"#,
        digest,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(seller)
}
