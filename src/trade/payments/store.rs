//! The tables `payments` and `payment_allocations`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Allocation, AllocationStatus};
use crate::kernel::{CheckoutId, OrderId, PaymentId, Vnd};
use crate::platform::error::{Error, Result};

pub async fn insert(
    conn: &mut PgConnection,
    id: PaymentId,
    checkout: CheckoutId,
    amount: Vnd,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into payments (id, checkout_id, method, amount_vnd, created_at)
         values ($1, $2, 'cod', $3, $4)",
        id as _,
        checkout as _,
        amount as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_allocations(conn: &mut PgConnection, id: PaymentId, shares: &[(OrderId, Vnd)]) -> Result<()> {
    let (orders, amounts): (Vec<OrderId>, Vec<Vnd>) = shares.iter().copied().unzip();
    sqlx::query!(
        "insert into payment_allocations (payment_id, order_id, amount_vnd, status)
         select $1, order_id, amount_vnd, 'due'
           from unnest($2::uuid[], $3::bigint[]) as share (order_id, amount_vnd)",
        id as _,
        &orders as _,
        &amounts as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks the payment an order has a share in: before the order itself, by the lock order of the house.
pub async fn lock(conn: &mut PgConnection, order: OrderId) -> Result<()> {
    sqlx::query!(
        "select payments.id
           from payments
           join payment_allocations on payment_id = payments.id
          where order_id = $1
            for update of payments",
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The order's share.
pub async fn find_allocation(conn: &mut PgConnection, order: OrderId) -> Result<Allocation> {
    let allocation = sqlx::query_as!(
        Allocation,
        r#"select method as "method: _",
                  payment_allocations.amount_vnd as "amount_vnd: Vnd",
                  status as "status: _"
             from payment_allocations
             join payments on payments.id = payment_id
            where order_id = $1"#,
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(allocation)
}

/// Notes that the order's share was paid on delivery.
pub async fn collect(conn: &mut PgConnection, order: OrderId) -> Result<()> {
    settle(conn, order, AllocationStatus::Collected).await
}

/// Notes that the order's share is never to be paid.
pub async fn void(conn: &mut PgConnection, order: OrderId) -> Result<()> {
    settle(conn, order, AllocationStatus::Void).await
}

/// Only a share that is due can become anything else.
async fn settle(conn: &mut PgConnection, order: OrderId, status: AllocationStatus) -> Result<()> {
    let done = sqlx::query!(
        "update payment_allocations
            set status = $2,
                captured_vnd = case $2 when 'collected' then amount_vnd else 0 end
          where order_id = $1
            and status = 'due'",
        order as _,
        status as _,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::fault(format!("the share of order {order} is not due"))) }
}
