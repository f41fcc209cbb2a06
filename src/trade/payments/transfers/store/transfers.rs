//! The tables `bank_transfers` and `transfer_receipts`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, BankAccountId, OrderId, PaymentId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::payments::AllocationStatus;
use crate::trade::payments::transfers::model::{Receipt, Source, Transfer};

/// Selects whole transfers: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_transfers {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Transfer,
            r#"select bank_transfers.order_id as "order: OrderId", bank_transfers.payment_id as "payment: PaymentId",
                      orders.number, orders.seller_id as "seller: SellerId", orders.seller_name as shop,
                      orders.account_id as "buyer: AccountId", payments.reference as "reference!",
                      payment_allocations.amount_vnd as "amount: Vnd",
                      payment_allocations.status as "status: AllocationStatus", payments.pay_by, claimed_at, misfit_at,
                      bank_account_id as "account: BankAccountId", bank_accounts.bin, banks.short_name as bank,
                      number_sealed, number_last, holder
                 from bank_transfers
                 join payments on payments.id = bank_transfers.payment_id
                 join payment_allocations on payment_allocations.order_id = bank_transfers.order_id
                 join orders on orders.id = bank_transfers.order_id
                 join bank_accounts on bank_accounts.id = bank_account_id
                 join banks on banks.bin = bank_accounts.bin
               "# + $rest
            $($arguments)*
        )
    };
}

/// Freezes for each payment the account its shop is paid to now. Answers how many shops had one.
pub async fn insert(
    conn: &mut PgConnection,
    new: &[(OrderId, PaymentId, SellerId)],
    now: DateTime<Utc>,
) -> Result<usize> {
    let orders: Vec<OrderId> = new.iter().map(|transfer| transfer.0).collect();
    let payments: Vec<PaymentId> = new.iter().map(|transfer| transfer.1).collect();
    let sellers: Vec<SellerId> = new.iter().map(|transfer| transfer.2).collect();
    let done = sqlx::query!(
        "insert into bank_transfers (order_id, payment_id, bank_account_id)
         select order_id, payment_id, account.id
           from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as new (order_id, payment_id, seller_id)
           join lateral (
                select id
                  from bank_accounts
                 where seller_id = new.seller_id
                   and effective_from <= $4
                   and not exists (select 1 from bank_account_withdrawals where bank_account_id = bank_accounts.id)
                 order by effective_from desc, id desc
                 limit 1) as account on true",
        &orders as _,
        &payments as _,
        &sellers as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(usize::try_from(done.rows_affected())?)
}

/// The buyer's own order, if it is paid by transfer.
pub async fn of_buyer(conn: &mut PgConnection, account: AccountId, order: OrderId) -> Result<Transfer> {
    let found = select_transfers!(
        r#"where bank_transfers.order_id = $1
              and orders.account_id = $2"#,
        order as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// An order of the shop, if it is paid by transfer.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, order: OrderId) -> Result<Transfer> {
    let found = select_transfers!(
        r#"where bank_transfers.order_id = $1
              and orders.seller_id = $2"#,
        order as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// The orders with one of these references whose buyers were to pay to the account with this digest.
pub async fn of_references(conn: &mut PgConnection, references: &[String], digest: &[u8]) -> Result<Vec<Transfer>> {
    let found = select_transfers!(
        r#"where payments.reference = any($1)
              and bank_accounts.digest = $2
            order by bank_transfers.order_id"#,
        references,
        digest,
    )
    .fetch_all(conn)
    .await?;
    Ok(found)
}

/// Notes that the buyer said to have paid.
pub async fn set_claimed(conn: &mut PgConnection, transfer: &Transfer, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update bank_transfers set claimed_at = $2 where order_id = $1", transfer.order as _, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that money came which does not fit.
pub async fn set_misfit(conn: &mut PgConnection, transfer: &Transfer, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update bank_transfers set misfit_at = $2 where order_id = $1", transfer.order as _, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the order until then at least; the payment is locked.
pub async fn set_pay_by(conn: &mut PgConnection, transfer: &Transfer, pay_by: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update payments set pay_by = greatest(pay_by, $2) where id = $1", transfer.payment as _, pay_by)
        .execute(conn)
        .await?;
    Ok(())
}

/// The shop's order for which its members reported this very transaction, and which the bank has not: it was paid with it,
/// or it waits.
pub async fn of_report(
    conn: &mut PgConnection,
    seller: SellerId,
    (bank_reference, amount): (&str, Vnd),
) -> Result<Option<Transfer>> {
    let found = select_transfers!(
        r#"where orders.seller_id = $1
              and bank_transfers.order_id in (
                  select order_id
                    from transfer_receipts
                   where bank_reference = $2
                     and amount_vnd = $3
                     and source = 'shop'
                     and not exists (select
                                       from bank_notices
                                      where bank_notices.order_id = transfer_receipts.order_id
                                        and outcome in ('captured', 'confirmed'))
                   union all
                  select order_id
                    from transfer_exceptions
                   where seller_id = $1
                     and bank_reference = $2
                     and reported_by is not null)
            order by bank_transfers.order_id
            limit 1"#,
        seller as _,
        bank_reference,
        amount as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// That the order's money is there, if it is.
pub async fn find_receipt(conn: &mut PgConnection, order: OrderId) -> Result<Option<Receipt>> {
    let receipt = sqlx::query_as!(
        Receipt,
        r#"select source as "source: Source",
                  amount_vnd as "amount: Vnd",
                  bank_reference,
                  exists (select 1
                            from bank_notices
                           where bank_notices.order_id = transfer_receipts.order_id
                             and outcome in ('captured', 'confirmed')) as "reported!"
             from transfer_receipts
            where order_id = $1"#,
        order as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(receipt)
}

/// A receipt to be written down.
pub struct NewReceipt<'a> {
    pub order: OrderId,
    pub source: Source,
    pub amount: Vnd,
    pub bank_reference: &'a str,
    /// Who of the shop said so.
    pub by: Option<AccountId>,
}

pub async fn insert_receipt(conn: &mut PgConnection, new: &NewReceipt<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into transfer_receipts (order_id, source, amount_vnd, bank_reference, by, at)
         values ($1, $2, $3, $4, $5, $6)",
        new.order as _,
        new.source as _,
        new.amount as _,
        new.bank_reference,
        new.by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
