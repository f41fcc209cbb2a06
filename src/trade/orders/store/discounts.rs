//! The table `order_line_discounts`: what others than the shop bear of a line's discount.

use sqlx::PgConnection;

use crate::kernel::{OrderId, VariantId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Bearer;

/// What somebody else bears of an order's line.
#[derive(Debug, Clone)]
pub struct Borne {
    /// Of which order.
    pub order: OrderId,
    /// Which line.
    pub variant: VariantId,
    /// Who.
    pub bearer: Bearer,
    /// How much.
    pub amount: Vnd,
}

/// Writes down who bears what of the lines, which have just been written, in one statement.
pub async fn insert_borne(conn: &mut PgConnection, borne: &[Borne]) -> Result<()> {
    if borne.is_empty() {
        return Ok(());
    }
    let orders: Vec<OrderId> = borne.iter().map(|each| each.order).collect();
    let variants: Vec<VariantId> = borne.iter().map(|each| each.variant).collect();
    let bearers: Vec<String> = borne.iter().map(|each| each.bearer.to_string()).collect();
    let amounts: Vec<Vnd> = borne.iter().map(|each| each.amount).collect();
    sqlx::query!(
        "insert into order_line_discounts (order_line_id, bearer, amount_vnd)
         select order_lines.id, bearer, borne.amount_vnd
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])
             as borne (order_id, variant_id, bearer, amount_vnd)
           join order_lines using (order_id, variant_id)",
        &orders as _,
        &variants as _,
        &bearers,
        &amounts as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
