//! The tables `refund_accounts` and `refund_proofs`, and the refunds they belong to.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, MediaId, OrderId, RefundId, SellerId, Vnd};
use crate::platform::db::Scoped;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::payments::transfers::model::AccountForm;
use crate::trade::payments::{Channel, RefundReason, RefundStatus};

/// Money a shop has to send back, or has sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ShopRefund)]
pub struct Task {
    /// The refund.
    pub id: RefundId,
    /// Of which order.
    pub order_id: OrderId,
    /// The order's number.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub number: String,
    #[serde(skip)]
    pub seller_id: SellerId,
    #[serde(skip)]
    pub shop: String,
    #[serde(skip)]
    pub buyer: AccountId,
    /// How much.
    pub amount_vnd: Vnd,
    /// Why.
    pub reason: RefundReason,
    /// How far it is.
    pub status: RefundStatus,
    /// The first instant at which it is late.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was promised.
    pub created_at: DateTime<Utc>,
    /// When the shop said to have sent it.
    pub arrived_at: Option<DateTime<Utc>>,
    /// What the bank calls the transfer.
    pub bank_reference: Option<String>,
    /// On which day it was sent.
    pub sent_on: Option<NaiveDate>,
    /// A paper of the shop that shows it.
    pub proof_id: Option<MediaId>,
}

/// Selects whole tasks: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_tasks {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Task,
            r#"select refunds.id as "id: RefundId", refunds.order_id as "order_id!: OrderId", orders.number,
                      orders.seller_id as "seller_id: SellerId", orders.seller_name as shop,
                      orders.account_id as "buyer: AccountId", amount_vnd as "amount_vnd: Vnd",
                      reason as "reason: RefundReason", refunds.status as "status: RefundStatus", due_at,
                      refunds.created_at, arrived_at, refund_proofs.bank_reference as "bank_reference?",
                      refund_proofs.sent_on as "sent_on?", refund_proofs.proof_id as "proof_id: MediaId"
                 from refunds
                 join orders on orders.id = refunds.order_id
                 left join refund_proofs on refund_proofs.refund_id = refunds.id
               "# + $rest
            $($arguments)*
        )
    };
}

/// A refund the shop has to send, or has sent.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, id: RefundId) -> Result<Task> {
    let found = select_tasks!(
        r#"where refunds.id = $1
              and orders.seller_id = $2
              and channel = 'shop'"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND)
}

/// The refund, if its shop has let the time pass.
pub async fn find_late(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<Option<Task>> {
    let found = select_tasks!(
        r#"where refunds.id = $1
              and channel = 'shop'
              and refunds.status = 'promised'
              and due_at <= $2"#,
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// A refund of the order its shop still has to send.
pub async fn promised_of_order(conn: &mut PgConnection, order: OrderId) -> Result<Option<Task>> {
    let found = select_tasks!(
        r#"where refunds.order_id = $1
              and channel = 'shop'
              and refunds.status = 'promised'
            order by refunds.id
            limit 1"#,
        order as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// The shop's refunds, newest first.
pub async fn page(
    scope: &mut Scoped<'_, SellerId>,
    status: Option<RefundStatus>,
    before: Option<RefundId>,
    limit: i64,
) -> Result<Vec<Task>> {
    let (conn, seller) = scope.split();
    let page = select_tasks!(
        r#"where orders.seller_id = $1
              and channel = 'shop'
              and ($2::text is null or refunds.status = $2)
              and ($3::uuid is null or refunds.id < $3)
            order by refunds.id desc
            limit $4"#,
        *seller as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(page)
}

/// Where a buyer wants money back to.
#[derive(Debug, Clone)]
pub struct RefundAccount {
    pub order: OrderId,
    pub bin: String,
    pub bank: String,
    pub number_sealed: Vec<u8>,
    pub number_last: String,
    pub holder: String,
    pub set_at: DateTime<Utc>,
}

/// Where money of the order goes back to, if its buyer said so.
pub async fn find_account(conn: &mut PgConnection, order: OrderId) -> Result<Option<RefundAccount>> {
    let found = sqlx::query_as!(
        RefundAccount,
        r#"select order_id as "order: OrderId", bin, short_name as bank, number_sealed, number_last, holder, set_at
             from refund_accounts
             join banks using (bin)
            where order_id = $1"#,
        order as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// Where money of these orders of the shop goes back to, as far as their buyers said so.
pub async fn accounts_of(scope: &mut Scoped<'_, SellerId>, orders: &[OrderId]) -> Result<Vec<RefundAccount>> {
    let (conn, seller) = scope.split();
    let found = sqlx::query_as!(
        RefundAccount,
        r#"select order_id as "order: OrderId", bin, short_name as bank, number_sealed, number_last, holder, set_at
             from refund_accounts
             join banks using (bin)
             join orders on orders.id = order_id
            where order_id = any($1)
              and seller_id = $2"#,
        orders as _,
        *seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(found)
}

pub async fn set_account(
    conn: &mut PgConnection,
    order: OrderId,
    form: &AccountForm,
    number_sealed: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into refund_accounts (order_id, bin, number_sealed, number_last, holder, set_at)
         values ($1, $2, $3, $4, $5, $6)
             on conflict on constraint refund_accounts_pk do update
            set bin = excluded.bin,
                number_sealed = excluded.number_sealed,
                number_last = excluded.number_last,
                holder = excluded.holder,
                set_at = excluded.set_at",
        order as _,
        &*form.bin,
        number_sealed,
        form.number.last(),
        &*form.holder,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Refuses as missing what is not the buyer's own order, or whose money a gateway holds and gives back by itself.
pub async fn require_paid_to_shop(conn: &mut PgConnection, buyer: AccountId, order: OrderId) -> Result<()> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: OrderId"
             from orders
            where id = $1
              and account_id = $2
              and method in ('cod', 'vietqr')"#,
        order as _,
        buyer as _,
    )
    .fetch_optional(conn)
    .await?;
    found.or_refuse(&NOT_FOUND).map(drop)
}

/// A proof to be written down.
pub struct NewProof<'a> {
    pub refund: RefundId,
    pub bank_reference: &'a str,
    pub sent_on: NaiveDate,
    pub paper: Option<MediaId>,
    pub by: AccountId,
}

pub async fn insert_proof(conn: &mut PgConnection, new: &NewProof<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into refund_proofs (refund_id, bank_reference, sent_on, proof_id, by, at)
         values ($1, $2, $3, $4, $5, $6)",
        new.refund as _,
        new.bank_reference,
        new.sent_on,
        new.paper as _,
        new.by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Money of an order that goes back to its buyer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderRefund {
    /// The refund.
    pub id: RefundId,
    /// How much.
    pub amount_vnd: Vnd,
    /// Why.
    pub reason: RefundReason,
    /// Who gives it back.
    pub channel: Channel,
    /// How far it is.
    pub status: RefundStatus,
    /// The first instant at which the shop is late with it; null where a gateway gives it back.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was promised.
    pub created_at: DateTime<Utc>,
    /// When it arrived, as far as is known.
    pub arrived_at: Option<DateTime<Utc>>,
    /// What the shop's bank calls the transfer.
    pub bank_reference: Option<String>,
    /// On which day the shop sent it.
    pub sent_on: Option<NaiveDate>,
}

/// The refunds of the buyer's own order, oldest first. Somebody else's order is missing.
pub async fn of_order(scope: &mut Scoped<'_, AccountId>, order: OrderId) -> Result<Vec<OrderRefund>> {
    let (conn, buyer) = scope.split();
    let own = sqlx::query_scalar!(
        r#"select id as "id: OrderId" from orders where id = $1 and account_id = $2"#,
        order as _,
        *buyer as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    own.or_refuse(&NOT_FOUND)?;
    let refunds = sqlx::query_as!(
        OrderRefund,
        r#"select refunds.id as "id: RefundId", amount_vnd as "amount_vnd: Vnd", reason as "reason: RefundReason",
                  channel as "channel: Channel", status as "status: RefundStatus", due_at, created_at, arrived_at,
                  refund_proofs.bank_reference as "bank_reference?", refund_proofs.sent_on as "sent_on?"
             from refunds
             left join refund_proofs on refund_id = refunds.id
            where order_id = $1
            order by refunds.id"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(refunds)
}
