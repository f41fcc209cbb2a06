//! The table `payment_exceptions`.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, CaptureId, ExceptionId, OrderId, PaymentId, RefundId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::exceptions::Decision;
use crate::trade::payments::model::{ExceptionKind, Resolution};

/// An exception to write down.
pub struct NewException<'a> {
    pub kind: ExceptionKind,
    pub provider: Option<Provider>,
    pub transaction: &'a str,
    pub amount: Vnd,
    pub capture: Option<CaptureId>,
    pub refund: Option<RefundId>,
}

/// Writes it down, unless the same waits or waited for a person.
pub async fn insert(conn: &mut PgConnection, exception: &NewException<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into payment_exceptions (id, kind, provider, provider_ref, amount_vnd, capture_id, refund_id, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict do nothing",
        ExceptionId::new(now) as _,
        exception.kind as _,
        exception.provider as _,
        exception.transaction,
        exception.amount as _,
        exception.capture as _,
        exception.refund as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an exception is about, and whether it was resolved.
pub struct Exception {
    pub capture: Option<CaptureId>,
    pub refund: Option<RefundId>,
    pub resolution: Option<Resolution>,
}

pub async fn find(conn: &mut PgConnection, id: ExceptionId) -> Result<Option<Exception>> {
    let exception = sqlx::query_as!(
        Exception,
        r#"select capture_id as "capture: CaptureId",
                  refund_id as "refund: RefundId",
                  resolution as "resolution: Resolution"
             from payment_exceptions
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(exception)
}

pub async fn lock(conn: &mut PgConnection, id: ExceptionId) -> Result<Exception> {
    let exception = sqlx::query_as!(
        Exception,
        r#"select capture_id as "capture: CaptureId",
                  refund_id as "refund: RefundId",
                  resolution as "resolution: Resolution"
             from payment_exceptions
            where id = $1
              for update"#,
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(exception)
}

/// Notes what was decided.
pub async fn resolve(
    conn: &mut PgConnection,
    id: ExceptionId,
    decision: &Decision,
    officer: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update payment_exceptions
            set resolution = $2,
                words = $3,
                resolved_by = $4,
                resolved_at = $5
          where id = $1",
        id as _,
        decision.resolution as _,
        decision.words,
        officer as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An exception as officers see it: nothing of the buyer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentException)]
pub struct ExceptionView {
    /// The exception.
    pub id: ExceptionId,
    /// Why somebody must look at it.
    pub kind: ExceptionKind,
    /// Which gateway; null where a bank has the money.
    pub provider: Option<Provider>,
    /// Its number of the money; a bank's after the number of the bank.
    #[schema(example = "14422574")]
    pub provider_ref: String,
    /// How much.
    pub amount_vnd: Vnd,
    /// The payment it belongs to, if it is known.
    pub payment_id: Option<PaymentId>,
    /// The orders of that payment that are still to be paid.
    #[schema(value_type = Vec<OrderId>)]
    pub due_orders: Vec<OrderId>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// What was decided.
    pub resolution: Option<Resolution>,
    /// Why.
    pub words: Option<String>,
    /// When.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// The exceptions, newest first; one of them only, if it is named.
pub async fn page(
    conn: &mut PgConnection,
    (kind, resolved, only): (Option<ExceptionKind>, Option<bool>, Option<ExceptionId>),
    before: Option<ExceptionId>,
    limit: i64,
) -> Result<Vec<ExceptionView>> {
    let exceptions = sqlx::query_as!(
        ExceptionView,
        r#"select payment_exceptions.id as "id: ExceptionId",
                  kind as "kind: ExceptionKind",
                  payment_exceptions.provider as "provider: Provider",
                  payment_exceptions.provider_ref,
                  payment_exceptions.amount_vnd as "amount_vnd: Vnd",
                  payment.id as "payment_id?: PaymentId",
                  array(select order_id
                          from payment_allocations
                         where payment_allocations.payment_id = payment.id
                           and payment_allocations.status = 'due'
                         order by order_id) as "due_orders!: Vec<OrderId>",
                  opened_at,
                  resolution as "resolution: Resolution",
                  words,
                  resolved_at
             from payment_exceptions
             left join payment_captures on payment_captures.id = payment_exceptions.capture_id
             left join payment_attempts on payment_attempts.id = attempt_id
             left join refunds on refunds.id = refund_id
             left join payments as payment on payment.id = coalesce(payment_attempts.payment_id, refunds.payment_id)
            where ($1::text is null or kind = $1)
              and ($2::boolean is null or (resolved_at is not null) = $2)
              and ($3::uuid is null or payment_exceptions.id = $3)
              and ($4::uuid is null or payment_exceptions.id < $4)
            order by payment_exceptions.id desc
            limit $5"#,
        kind as _,
        resolved,
        only as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(exceptions)
}
