//! Lists of returns.

use super::select_returns;
use crate::kernel::{AccountId, OrderId, RefundId, ReturnId, SellerId, Vnd};
use crate::platform::db::Scoped;
use crate::platform::error::Result;
use crate::trade::returns::model::{Answer, Reason, Return, ReturnStatus, Side};

/// The account's returns, newest first.
pub async fn page_of_account(
    scope: &mut Scoped<'_, AccountId>,
    status: Option<ReturnStatus>,
    before: Option<ReturnId>,
    limit: i64,
) -> Result<Vec<Return>> {
    let (conn, account) = scope.split();
    let returns = select_returns!(
        "where returns.account_id = $1
           and ($2::text is null or returns.status = $2)
           and ($3::uuid is null or returns.id < $3)
         order by returns.id desc
         limit $4",
        *account as _,
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
    scope: &mut Scoped<'_, SellerId>,
    status: Option<ReturnStatus>,
    before: Option<ReturnId>,
    limit: i64,
) -> Result<Vec<Return>> {
    let (conn, seller) = scope.split();
    let returns = select_returns!(
        "where returns.seller_id = $1
           and ($2::text is null or returns.status = $2)
           and ($3::uuid is null or returns.id < $3)
         order by returns.id desc
         limit $4",
        *seller as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(returns)
}
