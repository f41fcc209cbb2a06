//! The tables `stock` and `stock_movements`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::Taking;
use crate::kernel::{AccountId, MovementId, OrderId, ReturnId, VariantId};
use crate::platform::error::{Error, Result};

/// How many of each variant are on hand; one nobody ever counted is missing.
pub async fn on_hand(conn: &mut PgConnection, variants: &[VariantId]) -> Result<BTreeMap<VariantId, i32>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id: VariantId", on_hand
             from stock
            where variant_id = any($1)"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.variant_id, row.on_hand)).collect())
}

/// Like [`on_hand`], and locks the rows in the order of their ids.
pub async fn lock(conn: &mut PgConnection, variants: &[VariantId]) -> Result<BTreeMap<VariantId, i32>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id: VariantId", on_hand
             from stock
            where variant_id = any($1)
            order by variant_id
              for update"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.variant_id, row.on_hand)).collect())
}

/// Makes sure that the variant has a row to lock.
pub async fn insert_missing(conn: &mut PgConnection, variant: VariantId) -> Result<()> {
    sqlx::query!(
        "insert into stock (variant_id, on_hand)
         values ($1, 0)
         on conflict on constraint stock_pk do nothing",
        variant as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets what is on hand of a locked variant.
pub async fn set(conn: &mut PgConnection, variant: VariantId, on_hand: i32) -> Result<()> {
    sqlx::query!("update stock set on_hand = $2 where variant_id = $1", variant as _, on_hand).execute(conn).await?;
    Ok(())
}

/// Notes that a member of the shop counted, and what changed by it.
pub async fn insert_count(
    conn: &mut PgConnection,
    variant: VariantId,
    difference: i32,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into stock_movements (id, variant_id, kind, quantity, account_id, at)
         values ($1, $2, 'set', $3, $4, $5)",
        MovementId::new(now) as _,
        variant as _,
        difference,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The columns of `takings`, for `unnest`.
fn columns(takings: &[Taking]) -> (Vec<OrderId>, Vec<VariantId>, Vec<i32>) {
    let orders = takings.iter().map(|taking| taking.order).collect();
    let variants = takings.iter().map(|taking| taking.variant).collect();
    let quantities = takings.iter().map(|taking| taking.quantity).collect();
    (orders, variants, quantities)
}

/// Takes from locked rows. A variant named twice, or without a row, is a fault: `update … from unnest` would silently
/// touch fewer rows than were meant.
pub async fn subtract(conn: &mut PgConnection, takings: &[Taking]) -> Result<()> {
    let (_, variants, quantities) = columns(takings);
    let negated: Vec<i32> = quantities.iter().map(|quantity| -quantity).collect();
    change(conn, &variants, &negated).await
}

/// Adds to locked rows, like [`subtract`].
pub async fn add(conn: &mut PgConnection, takings: &[Taking]) -> Result<()> {
    let (_, variants, quantities) = columns(takings);
    change(conn, &variants, &quantities).await
}

async fn change(conn: &mut PgConnection, variants: &[VariantId], quantities: &[i32]) -> Result<()> {
    let done = sqlx::query!(
        "update stock
            set on_hand = on_hand + change.quantity
           from unnest($1::uuid[], $2::integer[]) as change (variant_id, quantity)
          where stock.variant_id = change.variant_id",
        variants as _,
        quantities,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == variants.len() as u64 {
        Ok(())
    } else {
        Err(Error::fault(format!("{} rows of stock changed, {} meant", done.rows_affected(), variants.len())))
    }
}

pub async fn insert_sales(
    conn: &mut PgConnection,
    takings: &[Taking],
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (orders, variants, quantities) = columns(takings);
    let ids: Vec<MovementId> = takings.iter().map(|_| MovementId::new(now)).collect();
    sqlx::query!(
        "insert into stock_movements (id, variant_id, kind, quantity, order_id, account_id, at)
         select id, variant_id, 'sale', -quantity, order_id, $5, $6
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[]) as sale (id, order_id, variant_id, quantity)",
        &ids as _,
        &orders as _,
        &variants as _,
        &quantities,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the order took.
pub async fn sold(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Taking>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id: VariantId", quantity
             from stock_movements
            where order_id = $1
              and kind = 'sale'
            order by variant_id"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Taking { order, variant: row.variant_id, quantity: -row.quantity }).collect())
}

/// Notes that what was sold comes back; answers which of it had not been noted before.
pub async fn insert_returns(conn: &mut PgConnection, sold: &[Taking], now: DateTime<Utc>) -> Result<Vec<VariantId>> {
    let (orders, variants, quantities) = columns(sold);
    let ids: Vec<MovementId> = sold.iter().map(|_| MovementId::new(now)).collect();
    let returned = sqlx::query_scalar!(
        r#"insert into stock_movements (id, variant_id, kind, quantity, order_id, at)
           select id, variant_id, 'return_of_cancelled', quantity, order_id, $5
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[]) as sale (id, order_id, variant_id, quantity)
           on conflict on constraint stock_movements_once do nothing
        returning variant_id as "variant_id: VariantId""#,
        &ids as _,
        &orders as _,
        &variants as _,
        &quantities,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(returned)
}

/// Adds what came back with a return to locked rows, and notes it.
pub async fn put_back(
    conn: &mut PgConnection,
    returned: ReturnId,
    goods: &BTreeMap<VariantId, i32>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (variants, quantities): (Vec<VariantId>, Vec<i32>) = goods.iter().unzip();
    let ids: Vec<MovementId> = variants.iter().map(|_| MovementId::new(now)).collect();
    change(&mut *conn, &variants, &quantities).await?;
    sqlx::query!(
        "insert into stock_movements (id, variant_id, kind, quantity, return_id, at)
         select id, variant_id, 'return', quantity, $4, $5
           from unnest($1::uuid[], $2::uuid[], $3::integer[]) as goods (id, variant_id, quantity)",
        &ids as _,
        &variants as _,
        &quantities,
        returned as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
