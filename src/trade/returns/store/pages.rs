//! Lists of returns.

use sqlx::PgConnection;

use super::select_returns;
use crate::kernel::{AccountId, OrderId, RefundId, ReturnId, SellerId, Vnd};
use crate::platform::error::Result;
use crate::trade::returns::model::{Answer, Reason, Return, ReturnStatus, Side};

/// The account's returns, newest first.
pub async fn page_of_account(
    conn: &mut PgConnection,
    account: AccountId,
    status: Option<ReturnStatus>,
    before: Option<ReturnId>,
    limit: i64,
) -> Result<Vec<Return>> {
    let returns = select_returns!(
        "where returns.account_id = $1
           and ($2::text is null or returns.status = $2)
           and ($3::uuid is null or returns.id < $3)
         order by returns.id desc
         limit $4",
        account as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(returns)
}

/// The returns of the shop's goods, newest first.
pub async fn page_of_shop(
    conn: &mut PgConnection,
    seller: SellerId,
    status: Option<ReturnStatus>,
    before: Option<ReturnId>,
    limit: i64,
) -> Result<Vec<Return>> {
    let returns = select_returns!(
        "where returns.seller_id = $1
           and ($2::text is null or returns.status = $2)
           and ($3::uuid is null or returns.id < $3)
         order by returns.id desc
         limit $4",
        seller as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(returns)
}
