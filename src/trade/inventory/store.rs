//! The tables `stock`, `stock_movements` and `stock_holds`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Change, Level, Movement, Taking};
use crate::kernel::{AccountId, MovementId, OrderId, VariantId};
use crate::platform::error::{Error, Result};

struct Row {
    variant: VariantId,
    on_hand: i32,
    held: i32,
    notice_at: Option<i32>,
    noticed: bool,
}

fn by_variant(rows: Vec<Row>) -> BTreeMap<VariantId, Level> {
    let level =
        |row: Row| Level { on_hand: row.on_hand, held: row.held, notice_at: row.notice_at, noticed: row.noticed };
    rows.into_iter().map(|row| (row.variant, level(row))).collect()
}

/// What there is of each variant; one nobody ever counted is missing.
pub async fn levels(conn: &mut PgConnection, variants: &[VariantId]) -> Result<BTreeMap<VariantId, Level>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select variant_id as "variant: VariantId", on_hand, held, notice_at, noticed
             from stock
            where variant_id = any($1)"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(by_variant(rows))
}

/// Like [`levels`], and locks the rows in the order of their ids.
pub async fn lock(conn: &mut PgConnection, variants: &[VariantId]) -> Result<BTreeMap<VariantId, Level>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select variant_id as "variant: VariantId", on_hand, held, notice_at, noticed
             from stock
            where variant_id = any($1)
            order by variant_id
              for update"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(by_variant(rows))
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

/// Sets what the shop said of a locked variant.
pub async fn set(conn: &mut PgConnection, variant: VariantId, level: Level) -> Result<()> {
    sqlx::query!(
        "update stock
            set on_hand = $2,
                notice_at = $3,
                noticed = $4
          where variant_id = $1",
        variant as _,
        level.on_hand,
        level.notice_at,
        level.noticed,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the shop is told how little is available, and says how many that are; nothing, if it was told or has more.
pub async fn set_noticed(conn: &mut PgConnection, variant: VariantId) -> Result<Option<i32>> {
    let available = sqlx::query_scalar!(
        r#"update stock
              set noticed = true
            where variant_id = $1
              and not noticed
              and on_hand - held <= notice_at
        returning on_hand - held as "available!""#,
        variant as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(available)
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
         values ($1, $2, $3, $4, $5, $6)",
        MovementId::new(now) as _,
        variant as _,
        Movement::Set as _,
        difference,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes locked rows. A variant named twice, or without a row, is a fault: `update … from unnest` would silently
/// touch fewer rows than were meant.
pub async fn change(conn: &mut PgConnection, change: Change, takings: &[Taking]) -> Result<()> {
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    let (on_hand, held): (Vec<i32>, Vec<i32>) = takings.iter().map(|taking| change.of(taking.quantity)).unzip();
    let done = sqlx::query!(
        "update stock
            set on_hand = stock.on_hand + change.on_hand,
                held = stock.held + change.held
           from unnest($1::uuid[], $2::integer[], $3::integer[]) as change (variant_id, on_hand, held)
          where stock.variant_id = change.variant_id",
        &variants as _,
        &on_hand,
        &held,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == variants.len() as u64 {
        Ok(())
    } else {
        Err(Error::fault(format!("{} rows of stock changed, {} meant", done.rows_affected(), variants.len())))
    }
}

/// Notes what orders changed. Doing so twice breaks `stock_movements_once`, which is a fault.
pub async fn insert_movements(
    conn: &mut PgConnection,
    change: Change,
    takings: &[Taking],
    account: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<MovementId> = takings.iter().map(|_| MovementId::new(now)).collect();
    let orders: Vec<OrderId> = takings.iter().map(|taking| taking.order).collect();
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    let (on_hand, held): (Vec<i32>, Vec<i32>) = takings.iter().map(|taking| change.of(taking.quantity)).unzip();
    sqlx::query!(
        "insert into stock_movements (id, variant_id, kind, quantity, held, order_id, account_id, at)
         select id, variant_id, $1, on_hand, held, order_id, $2, $3
           from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::integer[], $8::integer[])
             as change (id, order_id, variant_id, on_hand, held)",
        change.movement as _,
        account as _,
        now,
        &ids as _,
        &orders as _,
        &variants as _,
        &on_hand,
        &held,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_holds(conn: &mut PgConnection, takings: &[Taking], until: DateTime<Utc>) -> Result<()> {
    let orders: Vec<OrderId> = takings.iter().map(|taking| taking.order).collect();
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    let quantities: Vec<i32> = takings.iter().map(|taking| taking.quantity).collect();
    sqlx::query!(
        "insert into stock_holds (order_id, variant_id, quantity, until)
         select order_id, variant_id, quantity, $4
           from unnest($1::uuid[], $2::uuid[], $3::integer[]) as hold (order_id, variant_id, quantity)",
        &orders as _,
        &variants as _,
        &quantities,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the deadline of the order's open holds.
pub async fn extend_holds(conn: &mut PgConnection, order: OrderId, until: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update stock_holds
            set until = $2
          where order_id = $1
            and ended_at is null",
        order as _,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the order's open holds, and says what they were.
pub async fn end_holds(conn: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<Vec<Taking>> {
    let rows = sqlx::query!(
        r#"update stock_holds
              set ended_at = $2
            where order_id = $1
              and ended_at is null
        returning variant_id as "variant_id: VariantId", quantity"#,
        order as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Taking { order, variant: row.variant_id, quantity: row.quantity }).collect())
}

/// What the order took.
pub async fn sold(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Taking>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id: VariantId", quantity
             from stock_movements
            where order_id = $1
              and kind = 'sale'"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Taking { order, variant: row.variant_id, quantity: -row.quantity }).collect())
}

/// What the refused order took, unless it is back.
pub async fn refused_and_away(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Taking>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id: VariantId", quantity
             from stock_movements
            where order_id = $1
              and kind = 'sale'
              and not exists (select 1
                                from stock_movements as back
                               where back.order_id = $1
                                 and back.kind = 'return_of_refused')"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Taking { order, variant: row.variant_id, quantity: -row.quantity }).collect())
}
