//! Orders as complaints know them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, OrderId, SellerId, Vnd};
use crate::platform::error::Result;
use crate::trade::orders::model::OrderStatus;

/// An order, as far as a complaint about it needs it: nothing of the address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dealing {
    /// The order.
    pub id: OrderId,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub number: String,
    /// Who sold.
    pub seller_id: SellerId,
    /// Where it is.
    pub status: OrderStatus,
    /// What there was to pay.
    pub total_vnd: Vnd,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was completed or cancelled.
    pub closed_at: Option<DateTime<Utc>>,
}

/// The order, if the account placed it.
pub async fn dealing_of_buyer(conn: &mut PgConnection, account: AccountId, order: OrderId) -> Result<Option<Dealing>> {
    let dealing = sqlx::query_as!(
        Dealing,
        r#"select id as "id: OrderId",
                  number,
                  seller_id as "seller_id: SellerId",
                  status as "status: OrderStatus",
                  total_vnd as "total_vnd: Vnd",
                  placed_at,
                  delivered_at,
                  closed_at
             from orders
            where id = $1
              and account_id = $2"#,
        order as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(dealing)
}
