//! The lines of returns, and what is left of an order's.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::Reached;
use crate::kernel::{ListingId, OrderId, OrderLineId, ReturnId, VariantId};
use crate::platform::error::{Error, Result};
use crate::trade::returns::model::{ReturnLine, Wanted};

/// The lines of the order with what is left of them; the order is locked, so nothing else is asked for meanwhile.
pub async fn wanted(conn: &mut PgConnection, order: OrderId, today: NaiveDate) -> Result<Vec<Wanted>> {
    let lines = sqlx::query_as!(
        Wanted,
        r#"select order_lines.id as "line: OrderLineId",
                  quantity as bought,
                  (coalesce((select returned from returned_units where order_line_id = order_lines.id), 0)
                   + coalesce((select sum(asked)
                                 from return_lines
                                 join returns on returns.id = return_id
                                where order_line_id = order_lines.id
                                  and status not in ('refunded', 'not_upheld', 'withdrawn', 'lapsed')), 0)
                  )::integer as "taken!",
                  coalesce((select return_rules.changed_mind
                              from return_rules
                              join listings on listings.id = listing_id
                             where (return_rules.set_no = listings.set_no or return_rules.set_no is null)
                               and $2 >= effective_from
                               and (effective_to is null or $2 < effective_to)
                             order by return_rules.set_no nulls last
                             limit 1), false) as "changed_mind!"
             from order_lines
            where order_id = $1
            order by order_lines.id"#,
        order as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// Writes down what is asked for of each line.
pub async fn insert_lines(conn: &mut PgConnection, id: ReturnId, asked: &BTreeMap<OrderLineId, i32>) -> Result<()> {
    let lines: Vec<OrderLineId> = asked.keys().copied().collect();
    let quantities: Vec<i32> = asked.values().copied().collect();
    sqlx::query!(
        "insert into return_lines (return_id, order_line_id, asked)
         select $1, line_id, quantity
           from unnest($2::uuid[], $3::integer[]) as line (line_id, quantity)",
        id as _,
        &lines as _,
        &quantities,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The lines of each of the returns.
pub async fn lines_of(conn: &mut PgConnection, returns: &[ReturnId]) -> Result<Vec<(ReturnId, ReturnLine)>> {
    let rows = sqlx::query!(
        r#"select return_id as "return_id: ReturnId",
                  order_line_id as "line: OrderLineId",
                  variant_id as "variant: VariantId",
                  listing_id as "listing: ListingId",
                  title,
                  variant_name,
                  quantity as bought,
                  coalesce((select returned from returned_units as units where units.order_line_id = order_lines.id), 0)
                    as "returned!",
                  asked,
                  granted,
                  restocked
             from return_lines
             join order_lines on order_lines.id = order_line_id
            where return_id = any($1)
            order by return_id, order_line_id"#,
        returns as _,
    )
    .fetch_all(conn)
    .await?;
    let lines = rows.into_iter().map(|row| {
        let line = ReturnLine {
            line: row.line,
            variant: row.variant,
            listing: row.listing,
            title: row.title,
            variant_name: row.variant_name,
            bought: row.bought,
            returned: row.returned,
            asked: row.asked,
            granted: row.granted,
            restocked: row.restocked,
        };
        (row.return_id, line)
    });
    Ok(lines.collect())
}

/// The lines of the return.
pub async fn lines(conn: &mut PgConnection, reached: Reached) -> Result<Vec<ReturnLine>> {
    Ok(lines_of(conn, &[reached.id()]).await?.into_iter().map(|(_, line)| line).collect())
}

/// Sets how many units of each line are granted.
pub async fn set_granted(
    conn: &mut PgConnection,
    reached: Reached,
    granted: &BTreeMap<OrderLineId, i32>,
) -> Result<()> {
    let lines: Vec<OrderLineId> = granted.keys().copied().collect();
    let quantities: Vec<i32> = granted.values().copied().collect();
    let done = sqlx::query!(
        "update return_lines
            set granted = line.quantity
           from unnest($2::uuid[], $3::integer[]) as line (line_id, quantity)
          where return_id = $1
            and order_line_id = line.line_id",
        reached.id() as _,
        &lines as _,
        &quantities,
    )
    .execute(conn)
    .await?;
    touched(done.rows_affected(), lines.len())
}

/// Notes of each line whether what came back is for sale again.
pub async fn set_restocked(
    conn: &mut PgConnection,
    reached: Reached,
    restocked: &BTreeMap<OrderLineId, bool>,
) -> Result<()> {
    let lines: Vec<OrderLineId> = restocked.keys().copied().collect();
    let back: Vec<bool> = restocked.values().copied().collect();
    let done = sqlx::query!(
        "update return_lines
            set restocked = line.back
           from unnest($2::uuid[], $3::boolean[]) as line (line_id, back)
          where return_id = $1
            and order_line_id = line.line_id",
        reached.id() as _,
        &lines as _,
        &back,
    )
    .execute(conn)
    .await?;
    touched(done.rows_affected(), lines.len())
}

fn touched(rows: u64, meant: usize) -> Result<()> {
    if rows == meant as u64 {
        Ok(())
    } else {
        Err(Error::fault(format!("{rows} lines of a return changed, {meant} meant")))
    }
}
