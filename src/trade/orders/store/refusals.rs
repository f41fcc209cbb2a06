//! How reliably a buyer takes parcels.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::Reached;
use crate::platform::error::Result;

/// What became of the parcels a buyer was to pay for at the door, over all shops; it names none.
#[derive(Debug, Serialize, ToSchema)]
pub struct BuyerRefusals {
    /// Orders whose parcels went back.
    refused: i64,
    /// Orders that arrived and were paid.
    delivered: i64,
}

/// Counts over every cash order of whoever placed this one.
pub async fn buyer_refusals(conn: &mut PgConnection, reached: Reached) -> Result<BuyerRefusals> {
    let refusals = sqlx::query_as!(
        BuyerRefusals,
        r#"select count(*) filter (where status in ('returning', 'returned')) as "refused!",
                  count(*) filter (where status in ('delivered', 'completed')) as "delivered!"
             from orders
            where account_id = (select account_id from orders where id = $1)
              and method = 'cod'"#,
        reached.id() as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(refusals)
}
