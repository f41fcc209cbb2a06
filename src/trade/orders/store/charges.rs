//! What a line's shop is charged, as its shop sees it.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::Reached;
use crate::kernel::{OrderLineId, Rate, Vnd};
use crate::platform::error::Result;

/// What the shop is charged for a line if it is sold, as frozen at placement.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineCharges {
    /// The line.
    pub line_id: OrderLineId,
    /// What it is charged on: the price of the goods, less the discounts the shop bears.
    pub basis_vnd: Vnd,
    /// The marketplace's commission.
    pub commission_bps: Rate,
    /// … in đồng.
    pub commission_vnd: Vnd,
    /// Value-added tax to be withheld.
    pub vat_bps: Rate,
    /// … in đồng.
    pub vat_vnd: Vnd,
    /// Personal income tax to be withheld.
    pub pit_bps: Rate,
    /// … in đồng.
    pub pit_vnd: Vnd,
    /// What says that tax is withheld; null where none is.
    #[schema(example = "Nghị định 252/2026/NĐ-CP, Điều 44")]
    pub tax_basis: Option<String>,
    /// Whether that is applied until there is guidance.
    pub tax_provisional: bool,
}

pub async fn charges(conn: &mut PgConnection, reached: Reached) -> Result<Vec<LineCharges>> {
    let charges = sqlx::query_as!(
        LineCharges,
        r#"select id as "line_id: OrderLineId",
                  basis_vnd as "basis_vnd: Vnd",
                  commission_bps as "commission_bps: Rate",
                  commission_vnd as "commission_vnd: Vnd",
                  vat_bps as "vat_bps: Rate",
                  vat_vnd as "vat_vnd: Vnd",
                  pit_bps as "pit_bps: Rate",
                  pit_vnd as "pit_vnd: Vnd",
                  tax_basis,
                  tax_provisional
             from order_lines
            where order_id = $1
            order by id"#,
        reached.id() as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(charges)
}
