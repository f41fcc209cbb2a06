//! The table `payment_attempts`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, AttemptId, OrderId, PaymentId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Provider;
use crate::trade::payments::model::{Attempt, AttemptStatus, Method};

/// How and until when a payment is to be made.
pub struct Terms {
    pub method: Method,
    pub pay_by: Option<DateTime<Utc>>,
}

/// The terms of the account's own payment, locked.
pub async fn lock_terms(conn: &mut PgConnection, account: AccountId, payment: PaymentId) -> Result<Option<Terms>> {
    let terms = sqlx::query_as!(
        Terms,
        r#"select method as "method: Method", pay_by
             from payments
             join checkouts on checkouts.id = checkout_id
            where payments.id = $1
              and account_id = $2
              for update of payments"#,
        payment as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(terms)
}

/// What is due of the payment.
pub async fn amount_due(conn: &mut PgConnection, payment: PaymentId) -> Result<Vnd> {
    let due = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_vnd), 0)::bigint as "due!: Vnd"
             from payment_allocations
            where payment_id = $1
              and status = 'due'"#,
        payment as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(due)
}

/// How often the locked payment was tried.
pub async fn count_of(conn: &mut PgConnection, payment: PaymentId) -> Result<i64> {
    let tries = sqlx::query_scalar!(
        r#"select count(*) as "tries!" from payment_attempts where payment_id = $1"#,
        payment as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(tries)
}

pub async fn insert(conn: &mut PgConnection, attempt: &Attempt) -> Result<()> {
    sqlx::query!(
        "insert into payment_attempts (id, payment_id, provider, amount_vnd, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        attempt.id as _,
        attempt.payment as _,
        attempt.provider as _,
        attempt.amount_vnd as _,
        attempt.created_at,
        attempt.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: AttemptId) -> Result<Option<Attempt>> {
    let attempt = sqlx::query_as!(
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
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(attempt)
}

/// The try, read after its payment was locked.
pub async fn lock_with_payment(conn: &mut PgConnection, id: AttemptId) -> Result<Attempt> {
    sqlx::query!(
        "select payments.id
           from payments
           join payment_attempts on payment_id = payments.id
          where payment_attempts.id = $1
            for update of payments",
        id as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    Ok(find(conn, id).await?.ok_or(sqlx::Error::RowNotFound)?)
}

/// The tries to pay the order that nobody has reported on.
pub async fn open_of_order(conn: &mut PgConnection, order: OrderId) -> Result<Vec<Attempt>> {
    let attempts = sqlx::query_as!(
        Attempt,
        r#"select payment_attempts.id as "id: AttemptId",
                  payment_attempts.payment_id as "payment: PaymentId",
                  provider as "provider: Provider",
                  payment_attempts.amount_vnd as "amount_vnd: Vnd",
                  payment_attempts.status as "status: AttemptStatus",
                  pay_url,
                  created_at,
                  expires_at
             from payment_attempts
             join payment_allocations using (payment_id)
            where order_id = $1
              and payment_attempts.status = 'open'
            order by payment_attempts.id"#,
        order as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(attempts)
}

/// Notes where to pay.
pub async fn set_pay_url(conn: &mut PgConnection, id: AttemptId, pay_url: &str) -> Result<()> {
    sqlx::query!("update payment_attempts set pay_url = $2 where id = $1 and pay_url is null", id as _, pay_url)
        .execute(conn)
        .await?;
    Ok(())
}

/// Decides the try, unless it is decided; but that money was captured is always noted.
pub async fn decide(conn: &mut PgConnection, id: AttemptId, status: AttemptStatus, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update payment_attempts
            set status = $2,
                decided_at = $3
          where id = $1
            and (status = 'open' or $2 = 'captured')",
        id as _,
        status as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a question about the try while it is open; says how many that makes.
pub async fn count_query(conn: &mut PgConnection, id: AttemptId, now: DateTime<Utc>) -> Result<Option<i32>> {
    let queries = sqlx::query_scalar!(
        "update payment_attempts
            set queries = queries + 1,
                queried_at = $2
          where id = $1
            and status = 'open'
        returning queries",
        id as _,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(queries)
}
