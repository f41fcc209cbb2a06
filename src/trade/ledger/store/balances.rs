//! Balances: the snapshot of the last closed month, and the entries since.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::Vnd;
use crate::platform::error::Result;
use crate::trade::ledger::model::Account;

/// What stands on the account now: its debits less its credits.
pub async fn balance(conn: &mut PgConnection, account: &Account) -> Result<Vnd> {
    fold(conn, account, None).await
}

/// What stood on the account before that instant.
pub async fn balance_before(conn: &mut PgConnection, account: &Account, until: DateTime<Utc>) -> Result<Vnd> {
    fold(conn, account, Some(until)).await
}

async fn fold(conn: &mut PgConnection, account: &Account, until: Option<DateTime<Utc>>) -> Result<Vnd> {
    let balance = sqlx::query_scalar!(
        r#"with closed as (
               select coalesce(max(until), '-infinity') as until
                 from ledger_months
                where $2::timestamptz is null
                   or until <= $2
           )
           select (coalesce((select balance_vnd
                               from ledger_snapshots
                              where until = (select until from closed)
                                and account = $1), 0)
                   + coalesce((select sum(amount_vnd)
                                 from ledger_entries
                                where debit = $1
                                  and at >= (select until from closed)
                                  and ($2 is null or at < $2)), 0)
                   - coalesce((select sum(amount_vnd)
                                 from ledger_entries
                                where credit = $1
                                  and at >= (select until from closed)
                                  and ($2 is null or at < $2)), 0))::bigint as "balance!: Vnd""#,
        account.to_string(),
        until,
    )
    .fetch_one(conn)
    .await?;
    Ok(balance)
}

/// The balances of the accounts whose names begin so, by name, those with nothing left out.
pub async fn balances(conn: &mut PgConnection, prefix: &str) -> Result<Vec<(String, Vnd)>> {
    let rows = sqlx::query!(
        r#"with closed as (
               select coalesce(max(until), '-infinity') as until from ledger_months
           ),
           moved as (
               select account, balance_vnd as amount_vnd
                 from ledger_snapshots
                where until = (select until from closed)
                union all
               select debit, amount_vnd from ledger_entries where at >= (select until from closed)
                union all
               select credit, -amount_vnd from ledger_entries where at >= (select until from closed)
           )
           select account as "account!",
                  sum(amount_vnd)::bigint as "balance!: Vnd"
             from moved
            where starts_with(account, $1)
            group by account
           having sum(amount_vnd) <> 0
            order by account"#,
        prefix,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account, row.balance)).collect())
}
