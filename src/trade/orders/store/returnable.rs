//! Orders as returns know them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Reached;
use crate::kernel::{AccountId, OrderId, OrderLineId, SellerId};
use crate::platform::error::{Error, Result};
use crate::trade::orders::model::OrderStatus;

/// An order a buyer wants to give something of back.
#[derive(Debug, Clone)]
pub struct Returnable {
    /// Who sold.
    pub seller: SellerId,
    /// Where it is.
    pub status: OrderStatus,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// The buyer's own order, locked until the transaction ends: what is returned of it is counted under this lock.
pub async fn lock_returnable(
    conn: &mut PgConnection,
    account: AccountId,
    order: OrderId,
) -> Result<Option<Returnable>> {
    let found = sqlx::query_as!(
        Returnable,
        r#"select seller_id as "seller: SellerId", status as "status: OrderStatus", placed_at, delivered_at
             from orders
            where id = $1
              and account_id = $2
              for update"#,
        order as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// Locks the order until the transaction ends: what is returned of it is counted under this lock.
pub async fn lock_for_return(conn: &mut PgConnection, order: OrderId) -> Result<()> {
    sqlx::query!("select id from orders where id = $1 for update", order as _).fetch_one(conn).await?;
    Ok(())
}

/// Counts units of the locked order as refunded; more than were bought break `returned_units_returned`.
pub async fn count_returned(conn: &mut PgConnection, reached: Reached, units: &[(OrderLineId, i32)]) -> Result<()> {
    let (lines, quantities): (Vec<OrderLineId>, Vec<i32>) = units.iter().copied().unzip();
    let done = sqlx::query!(
        "insert into returned_units (order_line_id, bought, returned)
         select id, order_lines.quantity, unit.quantity
           from unnest($2::uuid[], $3::integer[]) as unit (line_id, quantity)
           join order_lines on id = line_id
          where order_id = $1
             on conflict on constraint returned_units_pk do update
            set returned = returned_units.returned + excluded.returned",
        reached.id() as _,
        &lines as _,
        &quantities,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == lines.len() as u64 {
        Ok(())
    } else {
        Err(Error::fault(format!("{} lines counted as returned, {} meant", done.rows_affected(), lines.len())))
    }
}
