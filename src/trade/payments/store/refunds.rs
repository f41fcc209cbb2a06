//! The table `refunds`, and what is counted of it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AttemptId, CaptureId, OrderId, PaymentId, RefundId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::model::{Channel, RefundReason, Sending};

/// Where the money of an order's share is.
pub struct Share {
    /// The payment.
    pub payment: PaymentId,
    /// What a gateway took of it, if one did.
    pub capture: Option<CaptureId>,
}

/// Counts a refund of the order's share, and of what the gateway took.
pub async fn count(conn: &mut PgConnection, order: OrderId, amount: Vnd) -> Result<Share> {
    let share = sqlx::query_as!(
        Share,
        r#"update payment_allocations
              set refunded_vnd = refunded_vnd + $2
            where order_id = $1
        returning payment_id as "payment: PaymentId", capture_id as "capture: CaptureId""#,
        order as _,
        amount as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    if let Some(capture) = share.capture {
        count_of_capture(conn, capture, amount).await?;
    }
    Ok(share)
}

/// Counts a refund of what a gateway took.
pub async fn count_of_capture(conn: &mut PgConnection, capture: CaptureId, amount: Vnd) -> Result<()> {
    sqlx::query!(
        "update payment_captures set refunded_vnd = refunded_vnd + $2 where id = $1",
        capture as _,
        amount as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A refund as it is written down.
pub struct Promise {
    pub id: RefundId,
    pub payment: PaymentId,
    pub order: Option<OrderId>,
    pub capture: Option<CaptureId>,
    pub channel: Channel,
    pub amount: Vnd,
    pub reason: RefundReason,
    pub due_at: Option<DateTime<Utc>>,
}

pub async fn insert(conn: &mut PgConnection, promise: &Promise, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into refunds (id, payment_id, order_id, capture_id, channel, amount_vnd, reason, status, due_at,
                              created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'promised', $8, $9)",
        promise.id as _,
        promise.payment as _,
        promise.order as _,
        promise.capture as _,
        promise.channel as _,
        promise.amount as _,
        promise.reason as _,
        promise.due_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A refund that arrived.
pub struct Arrived {
    /// Of which order.
    pub order: Option<OrderId>,
    /// How much.
    pub amount: Vnd,
    /// Which gateway gave it back, if one did.
    pub provider: Option<Provider>,
}

/// Notes that the refund arrived, unless that was known.
pub async fn set_arrived(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<Option<Arrived>> {
    let arrived = sqlx::query_as!(
        Arrived,
        r#"update refunds
              set status = 'arrived',
                  arrived_at = $2,
                  in_doubt = false
            where id = $1
              and status <> 'arrived'
        returning order_id as "order: OrderId",
                  amount_vnd as "amount: Vnd",
                  (select provider from payment_captures where payment_captures.id = capture_id) as "provider: Provider""#,
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(arrived)
}

pub async fn lock_payment(conn: &mut PgConnection, id: RefundId) -> Result<()> {
    sqlx::query!(
        "select payments.id
           from payments
           join refunds on payment_id = payments.id
          where refunds.id = $1
            for update of payments",
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Whether it is not known what became of another refund of the same capture.
pub async fn is_another_in_doubt(conn: &mut PgConnection, id: RefundId) -> Result<bool> {
    let is_another = sqlx::query_scalar!(
        r#"select exists (select 1
                            from refunds
                            join refunds as others using (capture_id)
                           where refunds.id = $1
                             and others.id <> $1
                             and others.in_doubt) as "is_another!""#,
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(is_another)
}

/// The promised refund that waits longest for this one of the same capture.
pub async fn next_waiting(conn: &mut PgConnection, id: RefundId) -> Result<Option<RefundId>> {
    let waiting = sqlx::query_scalar!(
        r#"select others.id as "id: RefundId"
             from refunds
             join refunds as others using (capture_id)
            where refunds.id = $1
              and others.id <> $1
              and others.status = 'promised'
              and not others.in_doubt
            order by others.id
            limit 1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(waiting)
}

/// Notes that it is known what became of the refund.
pub async fn set_certain(conn: &mut PgConnection, id: RefundId) -> Result<()> {
    sqlx::query!("update refunds set in_doubt = false where id = $1", id as _).execute(conn).await?;
    Ok(())
}

/// Counts that a promised refund is sent to its gateway, and is in doubt until it answers; `None` if there is nothing to
/// send any more.
pub async fn begin_sending(conn: &mut PgConnection, id: RefundId, now: DateTime<Utc>) -> Result<Option<Sending>> {
    let sending = sqlx::query_as!(
        Sending,
        r#"update refunds
              set sent_at = $2,
                  tries = tries + 1,
                  in_doubt = true
             from payment_captures
             join payment_attempts on payment_attempts.id = attempt_id
            where refunds.id = $1
              and refunds.status = 'promised'
              and payment_captures.id = capture_id
        returning refunds.id as "id: RefundId",
                  payment_captures.provider as "provider: Provider",
                  refunds.amount_vnd as "amount: Vnd",
                  tries,
                  attempt_id as "attempt: AttemptId",
                  payment_attempts.created_at as attempted_at,
                  payment_captures.provider_ref as transaction,
                  payment_captures.amount_vnd as "captured: Vnd",
                  array(select others.provider_ref
                          from refunds as others
                         where others.capture_id = payment_captures.id
                           and others.id <> refunds.id
                           and others.provider_ref is not null) as "others!""#,
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(sending)
}

/// Notes the gateway's number of the refund.
pub async fn set_transaction(conn: &mut PgConnection, id: RefundId, transaction: Option<&str>) -> Result<()> {
    sqlx::query!("update refunds set provider_ref = coalesce($2, provider_ref) where id = $1", id as _, transaction)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that the gateway does not give it back, unless it has.
pub async fn set_stuck(conn: &mut PgConnection, id: RefundId) -> Result<bool> {
    let done = sqlx::query!("update refunds set status = 'stuck' where id = $1 and status = 'promised'", id as _)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a stuck refund be sent anew.
pub async fn unstick(conn: &mut PgConnection, id: RefundId) -> Result<bool> {
    let done = sqlx::query!(
        "update refunds
            set status = 'promised',
                tries = 0
          where id = $1
            and status = 'stuck'",
        id as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
