//! Payments as their buyers see them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, AttemptId, CheckoutId, OrderId, PaymentId, RefundId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::model::{
    AllocationStatus, Attempt, AttemptStatus, Channel, Method, RefundReason, RefundStatus,
};

/// A payment without its parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentFacts {
    /// The payment.
    pub id: PaymentId,
    /// Of which checkout.
    pub checkout_id: CheckoutId,
    /// How it is paid.
    pub method: Method,
    /// How much in all.
    pub amount_vnd: Vnd,
    /// By when it must be paid; none in cash.
    pub pay_by: Option<DateTime<Utc>>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// The account's own payment.
pub async fn facts(conn: &mut PgConnection, account: AccountId, id: PaymentId) -> Result<Option<PaymentFacts>> {
    let facts = sqlx::query_as!(
        PaymentFacts,
        r#"select payments.id as "id: PaymentId",
                  checkout_id as "checkout_id: CheckoutId",
                  method as "method: Method",
                  amount_vnd as "amount_vnd: Vnd",
                  pay_by,
                  payments.created_at
             from payments
             join checkouts on checkouts.id = checkout_id
            where payments.id = $1
              and account_id = $2"#,
        id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(facts)
}

/// An order's share of a payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentShare)]
pub struct Share {
    /// Which order.
    pub order_id: OrderId,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ")]
    pub number: String,
    /// How much.
    pub amount_vnd: Vnd,
    /// How far it is.
    pub status: AllocationStatus,
    /// What was promised back, whether it has arrived or not.
    pub refunded_vnd: Vnd,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
}

pub async fn shares(conn: &mut PgConnection, id: PaymentId) -> Result<Vec<Share>> {
    let shares = sqlx::query_as!(
        Share,
        r#"select order_id as "order_id: OrderId",
                  number,
                  amount_vnd as "amount_vnd: Vnd",
                  payment_allocations.status as "status: AllocationStatus",
                  refunded_vnd as "refunded_vnd: Vnd",
                  payment_allocations.paid_at
             from payment_allocations
             join orders on orders.id = order_id
            where payment_id = $1
            order by order_id"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(shares)
}

pub async fn attempts(conn: &mut PgConnection, id: PaymentId) -> Result<Vec<Attempt>> {
    let attempts = sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId",
                  payment_id as "payment: PaymentId",
                  provider as "provider: Provider",
                  amount_vnd as "amount_vnd: Vnd",
                  status as "status: AttemptStatus",
                  pay_url,
                  created_at,
                  expires_at
             from payment_attempts
            where payment_id = $1
            order by id"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(attempts)
}

/// Money that goes back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentRefund)]
pub struct Refund {
    /// The refund.
    pub id: RefundId,
    /// Of which order; none where it had paid nothing.
    pub order_id: Option<OrderId>,
    /// How much.
    pub amount_vnd: Vnd,
    /// Why.
    pub reason: RefundReason,
    /// Who gives it back.
    pub channel: Channel,
    /// How far it is.
    pub status: RefundStatus,
    /// By when the shop must have given it back.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was promised.
    pub created_at: DateTime<Utc>,
    /// When it arrived.
    pub arrived_at: Option<DateTime<Utc>>,
}

pub async fn refunds(conn: &mut PgConnection, id: PaymentId) -> Result<Vec<Refund>> {
    let refunds = sqlx::query_as!(
        Refund,
        r#"select id as "id: RefundId",
                  order_id as "order_id: OrderId",
                  amount_vnd as "amount_vnd: Vnd",
                  reason as "reason: RefundReason",
                  channel as "channel: Channel",
                  status as "status: RefundStatus",
                  due_at,
                  created_at,
                  arrived_at
             from refunds
            where payment_id = $1
            order by id"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(refunds)
}

/// Whose money came back, of which order.
pub struct RefundOfBuyer {
    pub buyer: AccountId,
    pub number: String,
    pub amount: Vnd,
}

pub async fn refund_of_buyer(conn: &mut PgConnection, id: RefundId) -> Result<Option<RefundOfBuyer>> {
    let refund = sqlx::query_as!(
        RefundOfBuyer,
        r#"select account_id as "buyer: AccountId", number, amount_vnd as "amount: Vnd"
             from refunds
             join orders on orders.id = order_id
            where refunds.id = $1
              and refunds.status = 'arrived'
              and amount_vnd > 0"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(refund)
}
