//! What the steps of a return write.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Reached;
use crate::kernel::{AccountId, OrderId, RefundId, ReturnId, SellerId, Vnd};
use crate::platform::error::Result;
use crate::trade::returns::model::{Answer, Reason, ReturnStatus, Side};

/// A return to be written down.
#[derive(Debug)]
pub struct NewReturn<'a> {
    pub id: ReturnId,
    pub order: OrderId,
    pub seller: SellerId,
    pub account: AccountId,
    pub reason: Reason,
    pub words: &'a str,
}

pub async fn insert(conn: &mut PgConnection, new: &NewReturn<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into returns (id, order_id, seller_id, account_id, reason, words, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.id as _,
        new.order as _,
        new.seller as _,
        new.account as _,
        new.reason as _,
        new.words,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the locked return to where it stands now, with the deadline of the next act.
pub async fn set_status(
    conn: &mut PgConnection,
    reached: Reached,
    status: ReturnStatus,
    due_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update returns
            set status = $2, due_at = $3, closed_at = $4
          where id = $1",
        reached.id() as _,
        status as _,
        due_at,
        status.is_closed().then_some(now),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes the locked return with its refund.
pub async fn set_refunded(
    conn: &mut PgConnection,
    reached: Reached,
    (refund, amount): (RefundId, Vnd),
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update returns
            set status = 'refunded', due_at = null, refund_id = $2, refunded_vnd = $3, closed_at = $4
          where id = $1",
        reached.id() as _,
        refund as _,
        amount as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says whether what is granted waits for the goods.
pub async fn set_goods_back(conn: &mut PgConnection, reached: Reached, goods_back: bool) -> Result<()> {
    sqlx::query!("update returns set goods_back = $2 where id = $1", reached.id() as _, goods_back)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes down what the shop answered.
pub async fn set_answer(
    conn: &mut PgConnection,
    reached: Reached,
    (answer, words): (Answer, Option<&str>),
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update returns
            set answer = $2, answer_words = $3, answered_by = $4, answered_at = $5
          where id = $1",
        reached.id() as _,
        answer as _,
        words,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How goods go back.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    pub carrier: &'a str,
    pub tracking_code: &'a str,
    pub postage: Option<Vnd>,
}

/// Writes down how the goods go back.
pub async fn set_sent(
    conn: &mut PgConnection,
    reached: Reached,
    sending: Sending<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update returns
            set carrier = $2, tracking_code = $3, postage_vnd = $4, sent_at = $5
          where id = $1",
        reached.id() as _,
        sending.carrier,
        sending.tracking_code,
        sending.postage as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that the shop has the goods.
pub async fn set_received(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update returns set received_at = $2 where id = $1", reached.id() as _, now).execute(conn).await?;
    Ok(())
}

/// Writes down who put the matter before the desk, and what they say.
pub async fn set_disputed(
    conn: &mut PgConnection,
    reached: Reached,
    (by, words): (Side, Option<&str>),
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update returns
            set disputed_by = $2, dispute_words = $3, disputed_at = $4
          where id = $1",
        reached.id() as _,
        by as _,
        words,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what the officer found.
pub async fn set_result(
    conn: &mut PgConnection,
    reached: Reached,
    (result, reason_codes): (&str, &[String]),
) -> Result<()> {
    sqlx::query!(
        "update returns
            set result = $2, reason_codes = $3
          where id = $1",
        reached.id() as _,
        result,
        reason_codes,
    )
    .execute(conn)
    .await?;
    Ok(())
}
