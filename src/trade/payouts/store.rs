//! The tables `payouts`, `payout_items`, `payout_rules` and `payout_reminders`.

mod show;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Item, Payout, PayoutRule, PayoutStatus, Split};
use crate::kernel::{BankAccountId, OrderId, PayoutId, SellerId, Vnd};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::trade::ledger::{Account, Provider};

pub use show::{PayoutItem, PayoutRow, ShopPayout, items_of, of_shop, page, page_of_shop};

/// The rule in force on the day.
pub async fn rule(conn: &mut PgConnection, on: NaiveDate) -> Result<PayoutRule> {
    let rule = sqlx::query_as!(
        PayoutRule,
        r#"select minimum_vnd as "minimum_vnd: Vnd", fee_vnd as "fee_vnd: Vnd"
             from payout_rules
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by effective_from desc
            limit 1"#,
        on,
    )
    .fetch_optional(conn)
    .await?;
    rule.ok_or_else(|| Error::fault(format!("no payout rule on {on}")))
}

/// The shops whose orders, closed by then, brought more than was paid out of them, with the gateways that have it.
pub async fn shops_with_money(conn: &mut PgConnection, closed_by: DateTime<Utc>) -> Result<Vec<(SellerId, Provider)>> {
    let rows = sqlx::query!(
        r#"with brought as (
               select orders.seller_id, method,
                      sum(case when credit = 'seller_balance:' || orders.seller_id then amount_vnd
                               else -amount_vnd end) as amount_vnd
                 from orders
                 join ledger_entries on order_id = orders.id
                where method in ('vnpay', 'momo')
                  and closed_at <= $1
                  and 'seller_balance:' || orders.seller_id in (debit, credit)
                group by orders.seller_id, method),
             carried as (
               select seller_id, provider, sum(gross_vnd) as amount_vnd
                 from payouts
                where status <> 'failed'
                group by seller_id, provider)
           select brought.seller_id as "seller: SellerId", method as "provider: Provider"
             from brought
             left join carried on carried.seller_id = brought.seller_id
                              and carried.provider = method
            where brought.amount_vnd > coalesce(carried.amount_vnd, 0)
            order by brought.seller_id, method"#,
        closed_by,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.provider)).collect())
}

/// Locks the shop against other payouts, until the transaction ends.
pub async fn lock_seller(conn: &mut PgConnection, seller: SellerId) -> Result<()> {
    sqlx::query!("select id from sellers where id = $1 for no key update", seller as _).fetch_one(conn).await?;
    Ok(())
}

/// Whether a payout of the shop's money at the gateway is on its way.
pub async fn is_one_sending(conn: &mut PgConnection, seller: SellerId, provider: Provider) -> Result<bool> {
    let is_one = sqlx::query_scalar!(
        r#"select exists (select 1
                            from payouts
                           where seller_id = $1
                             and provider = $2
                             and status = 'sending') as "is_one!""#,
        seller as _,
        provider as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(is_one)
}

/// The orders of which something is to be carried: closed by then and without an open return, or carried before, and not
/// carried to the đồng.
pub async fn orders_with_money(
    conn: &mut PgConnection,
    whose: (SellerId, Provider),
    closed_by: DateTime<Utc>,
) -> Result<Vec<OrderId>> {
    Ok(fold(conn, whose, None, closed_by).await?.into_iter().map(|item| item.order).collect())
}

/// Locks the orders, in the order of their ids: whatever takes an order's money back locks it too.
pub async fn lock_orders(conn: &mut PgConnection, orders: &[OrderId]) -> Result<()> {
    sqlx::query!("select id from orders where id = any($1) order by id for no key update", orders as _)
        .fetch_all(conn)
        .await?;
    Ok(())
}

/// What is to be carried of these orders.
pub async fn items(
    conn: &mut PgConnection,
    whose: (SellerId, Provider),
    orders: &[OrderId],
    closed_by: DateTime<Utc>,
) -> Result<Vec<Item>> {
    fold(conn, whose, Some(orders), closed_by).await
}

/// The entries of the shop's balance by order, less what payouts that did not come back carried.
async fn fold(
    conn: &mut PgConnection,
    (seller, provider): (SellerId, Provider),
    orders: Option<&[OrderId]>,
    closed_by: DateTime<Utc>,
) -> Result<Vec<Item>> {
    let items = sqlx::query_as!(
        Item,
        r#"with brought as (
               select order_id, sum(case when credit = $1 then amount_vnd else -amount_vnd end) as amount_vnd
                 from ledger_entries
                where (debit = $1 or credit = $1)
                  and order_id is not null
                  and ($2::uuid[] is null or order_id = any($2))
                group by order_id),
             carried as (
               select order_id, sum(payout_items.amount_vnd) as amount_vnd
                 from payout_items
                 join payouts on payouts.id = payout_id
                where seller_id = $3
                  and provider = $4
                  and status <> 'failed'
                group by order_id)
           select orders.id as "order: OrderId",
                  (brought.amount_vnd - coalesce(carried.amount_vnd, 0))::bigint as "amount!: Vnd"
             from brought
             join orders on orders.id = brought.order_id
             left join carried on carried.order_id = orders.id
            where method = $4
              and (carried.order_id is not null
                   or closed_at <= $5
                  and not exists (select 1
                                    from returns
                                   where returns.order_id = orders.id
                                     and returns.closed_at is null))
              and brought.amount_vnd <> coalesce(carried.amount_vnd, 0)
            order by orders.id"#,
        Account::SellerBalance(seller).to_string(),
        orders as _,
        seller as _,
        provider as _,
        closed_by,
    )
    .fetch_all(conn)
    .await?;
    Ok(items)
}

/// What the shop owes for what it was paid directly; less than nothing where it is owed.
pub async fn owed(conn: &mut PgConnection, seller: SellerId) -> Result<Vnd> {
    let owed = sqlx::query_scalar!(
        r#"select coalesce(sum(case when debit = $1 then amount_vnd else -amount_vnd end), 0)::bigint as "owed!: Vnd"
             from ledger_entries
            where debit = $1
               or credit = $1"#,
        Account::SellerReceivable(seller).to_string(),
    )
    .fetch_one(conn)
    .await?;
    Ok(owed)
}

/// Whether the shop's last payout from the gateway went to this account, came back, and nobody has looked at it.
pub async fn came_back_from(
    conn: &mut PgConnection,
    (seller, provider): (SellerId, Provider),
    account: Option<BankAccountId>,
) -> Result<bool> {
    let came_back = sqlx::query_scalar!(
        r#"select exists (select 1
                            from payouts
                           where seller_id = $1
                             and provider = $2
                             and status = 'failed'
                             and replaced_by is null
                             and bank_account_id = $3) as "came_back!""#,
        seller as _,
        provider as _,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(came_back)
}

/// A payout to be written down.
pub struct NewPayout {
    pub id: PayoutId,
    pub seller: SellerId,
    pub provider: Provider,
    pub split: Split,
    pub account: Option<BankAccountId>,
}

/// One that sends nothing has succeeded.
pub async fn insert(conn: &mut PgConnection, new: &NewPayout, now: DateTime<Utc>) -> Result<()> {
    let (status, settled_at) = match new.account {
        Some(_) => (PayoutStatus::Sending, None),
        None => (PayoutStatus::Succeeded, Some(now)),
    };
    sqlx::query!(
        "insert into payouts (id, seller_id, provider, gross_vnd, offset_vnd, fee_vnd, amount_vnd, bank_account_id,
                              status, created_at, settled_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id as _,
        new.seller as _,
        new.provider as _,
        new.split.gross as _,
        new.split.offset as _,
        new.split.fee as _,
        new.split.amount as _,
        new.account as _,
        status as _,
        now,
        settled_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_items(conn: &mut PgConnection, payout: PayoutId, items: &[Item]) -> Result<()> {
    let (orders, amounts): (Vec<OrderId>, Vec<Vnd>) = items.iter().map(|item| (item.order, item.amount)).unzip();
    sqlx::query!(
        "insert into payout_items (payout_id, order_id, amount_vnd)
         select $1, order_id, amount_vnd
           from unnest($2::uuid[], $3::bigint[]) as item (order_id, amount_vnd)",
        payout as _,
        &orders as _,
        &amounts as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the payout carried of each order, as less than nothing.
pub async fn carried_back(conn: &mut PgConnection, payout: PayoutId) -> Result<Vec<(OrderId, Vnd)>> {
    let items = sqlx::query!(
        r#"select order_id as "order: OrderId", -amount_vnd as "amount!: Vnd"
             from payout_items
            where payout_id = $1
            order by order_id"#,
        payout as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(items.into_iter().map(|item| (item.order, item.amount)).collect())
}

/// The payout, as it stands.
pub async fn find(conn: &mut PgConnection, id: PayoutId) -> Result<Payout> {
    let payout = sqlx::query_as!(
        Payout,
        r#"select id as "id: PayoutId", seller_id as "seller: SellerId", provider as "provider: Provider",
                  offset_vnd as "offset_vnd: Vnd", fee_vnd as "fee_vnd: Vnd", amount_vnd as "amount_vnd: Vnd",
                  status as "status: PayoutStatus", replaced_by as "replaced_by: PayoutId"
             from payouts
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    payout.or_refuse(&NOT_FOUND)
}

pub async fn set_replaced(conn: &mut PgConnection, failed: PayoutId, by: PayoutId) -> Result<()> {
    sqlx::query!("update payouts set replaced_by = $2 where id = $1", failed as _, by as _).execute(conn).await?;
    Ok(())
}

/// What the partner is asked for.
pub struct Asked {
    pub provider: Provider,
    pub amount: Vnd,
    pub account: BankAccountId,
    /// With this time.
    pub tries: i32,
}

/// Notes that the partner is asked now; `None` if the payout has ended.
pub async fn note_asked(conn: &mut PgConnection, id: PayoutId, now: DateTime<Utc>) -> Result<Option<Asked>> {
    let asked = sqlx::query_as!(
        Asked,
        r#"update payouts
              set asked_at = $2,
                  tries = tries + 1
            where id = $1
              and status = 'sending'
        returning provider as "provider: Provider", amount_vnd as "amount: Vnd",
                  bank_account_id as "account!: BankAccountId", tries"#,
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(asked)
}

/// Ends a payout that is on its way; `None` if it has ended.
pub async fn set_settled(
    conn: &mut PgConnection,
    id: PayoutId,
    (status, reason): (PayoutStatus, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Option<Payout>> {
    let settled = sqlx::query_as!(
        Payout,
        r#"update payouts
              set status = $2,
                  reason = $3,
                  settled_at = $4
            where id = $1
              and status = 'sending'
        returning id as "id: PayoutId", seller_id as "seller: SellerId", provider as "provider: Provider",
                  offset_vnd as "offset_vnd: Vnd", fee_vnd as "fee_vnd: Vnd", amount_vnd as "amount_vnd: Vnd",
                  status as "status: PayoutStatus", replaced_by as "replaced_by: PayoutId""#,
        id as _,
        status as _,
        reason,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(settled)
}

/// The payouts on their way for which the partner was not asked since.
pub async fn unheard_of(conn: &mut PgConnection, since: DateTime<Utc>) -> Result<Vec<PayoutId>> {
    let payouts = sqlx::query_scalar!(
        r#"select id as "id: PayoutId"
             from payouts
            where status = 'sending'
              and coalesce(asked_at, created_at) <= $1
            order by id"#,
        since,
    )
    .fetch_all(conn)
    .await?;
    Ok(payouts)
}

/// Notes that the shop is asked for its account now; `false` if it was asked since.
pub async fn note_reminder(
    conn: &mut PgConnection,
    seller: SellerId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let noted = sqlx::query!(
        "insert into payout_reminders (seller_id, told_at)
         values ($1, $3)
         on conflict (seller_id) do update
            set told_at = $3
          where payout_reminders.told_at <= $2",
        seller as _,
        since,
        now,
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}
