//! The tables of this slice: `returns`, `return_lines`, `return_rules`, `shop_return_policies`.

mod lines;
mod pages;
mod policies;
mod turns;

use sqlx::PgConnection;

pub use lines::*;
pub use pages::*;
pub use policies::*;
pub use turns::*;

use super::model::{Answer, Reason, Return, ReturnStatus, Side};
use crate::kernel::{AccountId, OrderId, RefundId, ReturnId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// Selects whole returns: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_returns {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Return,
            r#"select returns.id as "id: ReturnId", returns.order_id as "order: OrderId", number as order_number,
                      returns.seller_id as "seller: SellerId", seller_name, returns.account_id as "account: AccountId",
                      display_name as buyer_name, reason as "reason: Reason", words,
                      returns.status as "status: ReturnStatus", opened_at, due_at, goods_back,
                      answer as "answer: Answer", answer_words, answered_at, carrier, tracking_code,
                      postage_vnd as "postage: Vnd", sent_at, received_at, disputed_by as "disputed_by: Side",
                      dispute_words, disputed_at, result, reason_codes, refund_id as "refund: RefundId",
                      refunded_vnd as "refunded: Vnd", returns.closed_at
                 from returns
                 join orders on orders.id = returns.order_id
                 join accounts on accounts.id = returns.account_id
               "# + $rest
            $($arguments)*
        )
    };
}
use select_returns;

/// Proof that the caller may touch the return: made only by [`of_account`] and [`of_shop`], by its case and by its own
/// deadline. Its order never changes, so the proof says which locks come first.
#[derive(Debug, Clone, Copy)]
pub struct Reached {
    id: ReturnId,
    order: OrderId,
}

impl Reached {
    /// Which return.
    pub const fn id(self) -> ReturnId {
        self.id
    }

    /// Of which order.
    pub const fn order(self) -> OrderId {
        self.order
    }
}

/// The account's own return.
pub async fn of_account(conn: &mut PgConnection, account: AccountId, id: ReturnId) -> Result<Reached> {
    let found = sqlx::query_as!(
        Reached,
        r#"select id as "id: ReturnId", order_id as "order: OrderId" from returns where id = $1 and account_id = $2"#,
        id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// A return of the shop's goods.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, id: ReturnId) -> Result<Reached> {
    let found = sqlx::query_as!(
        Reached,
        r#"select id as "id: ReturnId", order_id as "order: OrderId" from returns where id = $1 and seller_id = $2"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// The return a case was opened about, or a deadline was written for; an officer's provinces are still to be looked at.
pub async fn by_id(conn: &mut PgConnection, id: ReturnId) -> Result<Reached> {
    let found = sqlx::query_as!(
        Reached,
        r#"select id as "id: ReturnId", order_id as "order: OrderId" from returns where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// The return, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, reached: Reached) -> Result<Return> {
    sqlx::query!("select id from returns where id = $1 for no key update", reached.id as _)
        .fetch_one(&mut *conn)
        .await?;
    find(conn, reached).await
}

pub async fn find(conn: &mut PgConnection, reached: Reached) -> Result<Return> {
    let found = select_returns!("where returns.id = $1", reached.id as _,).fetch_one(conn).await?;
    Ok(found)
}

/// Which of the orders have a return somebody still has to do something about: their money stays where it is.
pub async fn open_for(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<OrderId>> {
    let open = sqlx::query_scalar!(
        r#"select distinct order_id as "order_id: OrderId"
             from returns
            where order_id = any($1)
              and status in ('requested', 'offered', 'refused', 'awaiting_goods', 'goods_sent', 'disputed')"#,
        orders as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(open)
}

/// How often something of the order was asked back.
pub async fn count_of_order(conn: &mut PgConnection, order: OrderId) -> Result<i64> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from returns where order_id = $1"#, order as _)
        .fetch_one(conn)
        .await?;
    Ok(count)
}
