//! The table `payment_captures`, and what captures pay.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AttemptId, CaptureId, OrderId, PaymentId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Provider;

/// Money a gateway took.
pub struct Capture {
    pub id: CaptureId,
    pub attempt: AttemptId,
    pub payment: PaymentId,
    pub provider: Provider,
    /// The gateway's number of it.
    pub transaction: String,
    pub amount: Vnd,
    /// What was promised back of it.
    pub refunded: Vnd,
}

/// An order's share that a capture paid.
pub struct Settled {
    pub order: OrderId,
    pub amount: Vnd,
}

/// Writes the capture down, unless its transaction is.
pub async fn insert(conn: &mut PgConnection, capture: &Capture, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into payment_captures (id, attempt_id, provider, provider_ref, amount_vnd, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint payment_captures_once do nothing",
        capture.id as _,
        capture.attempt as _,
        capture.provider as _,
        capture.transaction,
        capture.amount as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// By which try the transaction came.
pub async fn attempt_of(conn: &mut PgConnection, provider: Provider, transaction: &str) -> Result<AttemptId> {
    let attempt = sqlx::query_scalar!(
        r#"select attempt_id as "attempt: AttemptId"
             from payment_captures
            where provider = $1
              and provider_ref = $2"#,
        provider as _,
        transaction,
    )
    .fetch_one(conn)
    .await?;
    Ok(attempt)
}

pub async fn lock_payment(conn: &mut PgConnection, id: CaptureId) -> Result<()> {
    sqlx::query!(
        "select payments.id
           from payments
           join payment_attempts on payment_id = payments.id
           join payment_captures on attempt_id = payment_attempts.id
          where payment_captures.id = $1
            for update of payments",
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: CaptureId) -> Result<Capture> {
    let capture = sqlx::query_as!(
        Capture,
        r#"select payment_captures.id as "id: CaptureId",
                  attempt_id as "attempt: AttemptId",
                  payment_id as "payment: PaymentId",
                  payment_captures.provider as "provider: Provider",
                  provider_ref as transaction,
                  payment_captures.amount_vnd as "amount: Vnd",
                  refunded_vnd as "refunded: Vnd"
             from payment_captures
             join payment_attempts on payment_attempts.id = attempt_id
            where payment_captures.id = $1"#,
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(capture)
}

/// Pays what is due of the payment, or of these orders in it.
pub async fn settle_due(
    conn: &mut PgConnection,
    capture: &Capture,
    orders: Option<&[OrderId]>,
    now: DateTime<Utc>,
) -> Result<Vec<Settled>> {
    let settled = sqlx::query_as!(
        Settled,
        r#"update payment_allocations
              set status = 'captured',
                  captured_vnd = amount_vnd,
                  paid_at = $3,
                  capture_id = $2
            where payment_id = $1
              and status = 'due'
              and ($4::uuid[] is null or order_id = any($4))
        returning order_id as "order: OrderId", amount_vnd as "amount: Vnd""#,
        capture.payment as _,
        capture.id as _,
        now,
        orders as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(settled)
}
