//! The tables `voucher_redemptions` and `voucher_redemption_parts`, and what they count up and down.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, CheckoutId, OrderId, RedemptionId, SellerId, Vnd, VoucherId};
use crate::platform::error::{Error, OnConstraint as _, Result};
use crate::trade::vouchers::discount::{Applied, VOUCHER_EXHAUSTED};

/// What a voucher took off one order.
#[derive(Clone, Copy)]
struct Part {
    redemption: RedemptionId,
    voucher: VoucherId,
    seller: SellerId,
    order: OrderId,
    discount: Vnd,
    spent: Vnd,
}

/// Counts the use of locked vouchers and writes it down, in a number of statements that does not grow.
pub async fn insert(
    conn: &mut PgConnection,
    checkout: CheckoutId,
    account: AccountId,
    applied: &[Applied],
    orders: &[(SellerId, OrderId)],
    now: DateTime<Utc>,
) -> Result<()> {
    let redemptions: Vec<RedemptionId> = applied.iter().map(|_| RedemptionId::new(now)).collect();
    let vouchers: Vec<VoucherId> = applied.iter().map(|each| each.voucher_id).collect();
    let mut parts = Vec::new();
    for (each, redemption) in applied.iter().zip(&redemptions) {
        parts.extend(parts_of(each, *redemption, orders)?);
    }
    count_uses(conn, applied, &vouchers, account).await?;
    count_shops(conn, &parts).await?;
    sqlx::query!(
        "insert into voucher_redemptions (id, voucher_id, checkout_id, account_id, at)
         select id, voucher_id, $3, $4, $5
           from unnest($1::uuid[], $2::uuid[]) as redemption (id, voucher_id)",
        &redemptions as _,
        &vouchers as _,
        checkout as _,
        account as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    insert_parts(conn, &parts).await
}

/// What the voucher took off each order it took something off.
fn parts_of(applied: &Applied, redemption: RedemptionId, orders: &[(SellerId, OrderId)]) -> Result<Vec<Part>> {
    let mut parts: BTreeMap<SellerId, Part> = BTreeMap::new();
    for line in &applied.lines {
        let Some(&(seller, order)) = orders.iter().find(|(seller, _)| *seller == line.seller) else {
            return Err(Error::fault(format!("no order for a discounted line of shop {}", line.seller)));
        };
        let voucher = applied.voucher_id;
        let none = Part { redemption, voucher, seller, order, discount: Vnd::ZERO, spent: Vnd::ZERO };
        let part = parts.entry(seller).or_insert(none);
        let more = |sum: Vnd, amount| sum.checked_add(amount).ok_or_else(|| Error::fault("a discount does not fit"));
        part.discount = more(part.discount, line.total())?;
        part.spent = more(part.spent, line.spent_by(&applied.issuer))?;
    }
    Ok(parts.into_values().collect())
}

/// One more use of each voucher, in all and of the buyer. The constraints refuse what passes a limit.
async fn count_uses(
    conn: &mut PgConnection,
    applied: &[Applied],
    vouchers: &[VoucherId],
    account: AccountId,
) -> Result<()> {
    let spent: Vec<Vnd> = applied.iter().map(Applied::spent).collect::<Result<_>>()?;
    sqlx::query!(
        "update vouchers
            set uses = uses + 1,
                spent_vnd = spent_vnd + taken.spent
           from unnest($1::uuid[], $2::bigint[]) as taken (voucher_id, spent)
          where id = voucher_id",
        vouchers as _,
        &spent as _,
    )
    .execute(&mut *conn)
    .await
    .on_constraint("vouchers_within_total", &VOUCHER_EXHAUSTED)
    .on_constraint("vouchers_within_budget", &VOUCHER_EXHAUSTED)?;
    sqlx::query!(
        "insert into voucher_buyers (voucher_id, account_id, uses, most)
         select id, $2, 1, limit_per_buyer
           from vouchers
          where id = any($1)
         on conflict on constraint voucher_buyers_pk do update
            set uses = voucher_buyers.uses + 1",
        vouchers as _,
        account as _,
    )
    .execute(conn)
    .await
    .on_constraint("voucher_buyers_within", &VOUCHER_EXHAUSTED)?;
    Ok(())
}

/// One more use with each shop.
async fn count_shops(conn: &mut PgConnection, parts: &[Part]) -> Result<()> {
    let vouchers: Vec<VoucherId> = parts.iter().map(|part| part.voucher).collect();
    let sellers: Vec<SellerId> = parts.iter().map(|part| part.seller).collect();
    sqlx::query!(
        "insert into voucher_shops (voucher_id, seller_id, uses, most)
         select id, part.seller_id, 1, limit_per_shop
           from unnest($1::uuid[], $2::uuid[]) as part (voucher_id, seller_id)
           join vouchers on id = part.voucher_id
         on conflict on constraint voucher_shops_pk do update
            set uses = voucher_shops.uses + 1",
        &vouchers as _,
        &sellers as _,
    )
    .execute(conn)
    .await
    .on_constraint("voucher_shops_within", &VOUCHER_EXHAUSTED)?;
    Ok(())
}

async fn insert_parts(conn: &mut PgConnection, parts: &[Part]) -> Result<()> {
    let redemptions: Vec<RedemptionId> = parts.iter().map(|part| part.redemption).collect();
    let orders: Vec<OrderId> = parts.iter().map(|part| part.order).collect();
    let sellers: Vec<SellerId> = parts.iter().map(|part| part.seller).collect();
    let discounts: Vec<Vnd> = parts.iter().map(|part| part.discount).collect();
    let spent: Vec<Vnd> = parts.iter().map(|part| part.spent).collect();
    sqlx::query!(
        "insert into voucher_redemption_parts (redemption_id, order_id, seller_id, discount_vnd, spent_vnd)
         select redemption_id, order_id, seller_id, discount_vnd, spent_vnd
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])
             as part (redemption_id, order_id, seller_id, discount_vnd, spent_vnd)",
        &redemptions as _,
        &orders as _,
        &sellers as _,
        &discounts as _,
        &spent as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives back what an order used that was cancelled before it was paid; the caller holds the order's lock. A second time
/// gives nothing, and so does an order without vouchers.
pub async fn release(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    let locked = sqlx::query!(
        "select id
           from vouchers
          where id in (
                select voucher_id
                  from voucher_redemption_parts as part
                  join voucher_redemptions as redemption on redemption.id = redemption_id
                 where order_id = $1
                   and part.released_at is null)
          order by id
            for no key update",
        order as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    if locked.is_empty() {
        return Ok(());
    }
    let redemptions = release_parts(conn, order, now).await?;
    release_uses(conn, &redemptions, now).await
}

/// The order's parts of budgets and of shops' uses; answers of which redemptions.
async fn release_parts(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<Vec<RedemptionId>> {
    let released = sqlx::query_scalar!(
        r#"with released as (
               update voucher_redemption_parts as part
                  set released_at = $2
                 from voucher_redemptions as redemption
                where redemption.id = redemption_id
                  and order_id = $1
                  and part.released_at is null
            returning redemption_id, voucher_id, seller_id, spent_vnd),
           budgets as (
               update vouchers
                  set spent_vnd = vouchers.spent_vnd - released.spent_vnd
                 from released
                where vouchers.id = released.voucher_id),
           shops as (
               update voucher_shops
                  set uses = uses - 1
                 from released
                where voucher_shops.voucher_id = released.voucher_id
                  and voucher_shops.seller_id = released.seller_id)
           select redemption_id as "redemption_id!: RedemptionId" from released"#,
        order as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(released)
}

/// The uses of those redemptions of which every part is released.
async fn release_uses(conn: &mut PgConnection, redemptions: &[RedemptionId], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "with released as (
             update voucher_redemptions as redemption
                set released_at = $2
              where id = any($1)
                and released_at is null
                and not exists (
                    select 1
                      from voucher_redemption_parts
                     where redemption_id = redemption.id
                       and released_at is null)
          returning voucher_id, account_id),
         totals as (
             update vouchers
                set uses = uses - 1
               from released
              where id = voucher_id)
         update voucher_buyers
            set uses = uses - 1
           from released
          where voucher_buyers.voucher_id = released.voucher_id
            and voucher_buyers.account_id = released.account_id",
        redemptions as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a voucher did for one shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopFigures {
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name.
    pub seller_name: String,
    /// Orders it took something off, but for those released.
    pub orders: i64,
    /// What it took off.
    pub discount_vnd: Vnd,
    /// What of that its issuer bears.
    pub spent_vnd: Vnd,
}

/// What the voucher did, by shop, most taken off first.
pub async fn figures(conn: &mut PgConnection, voucher: VoucherId, limit: i64) -> Result<Vec<ShopFigures>> {
    let figures = sqlx::query_as!(
        ShopFigures,
        r#"select sellers.slug as seller_slug,
                  sellers.name as seller_name,
                  count(*) as "orders!",
                  sum(discount_vnd)::bigint as "discount_vnd!: Vnd",
                  sum(spent_vnd)::bigint as "spent_vnd!: Vnd"
             from voucher_redemptions as redemption
             join voucher_redemption_parts as part on part.redemption_id = redemption.id
             join sellers on sellers.id = part.seller_id
            where voucher_id = $1
              and part.released_at is null
            group by sellers.id
            order by sum(discount_vnd) desc, sellers.id
            limit $2"#,
        voucher as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(figures)
}
