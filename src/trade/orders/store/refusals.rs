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

/// Counts over every cash order of the account that placed this one. Of a guest, who may have been another account each time,
/// over those of all guests with the phone the carrier calls: never over those of somebody with an account, whose number
/// anybody could type.
pub async fn buyer_refusals(conn: &mut PgConnection, reached: Reached) -> Result<BuyerRefusals> {
    let refusals = sqlx::query_as!(
        BuyerRefusals,
        r#"select count(*) filter (where status in ('returning', 'returned')) as "refused!",
                  count(*) filter (where status in ('delivered', 'completed')) as "delivered!"
             from orders
            where method = 'cod'
              and id in (select same.id
                           from orders as same
                           join orders as this on this.account_id = same.account_id
                          where this.id = $1
                          union
                         select same.id
                           from orders as this
                           join accounts as buyer on buyer.id = this.account_id and buyer.guest
                           join checkouts on checkouts.id = this.checkout_id
                           join checkouts as others on others.phone = checkouts.phone and others.status = 'placed'
                           join accounts as other on other.id = others.account_id and other.guest
                           join orders as same on same.checkout_id = others.id
                          where this.id = $1)"#,
        reached.id() as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(refusals)
}
