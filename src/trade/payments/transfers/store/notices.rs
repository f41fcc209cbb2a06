//! The table `bank_notices`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{OrderId, SellerId, Vnd, WebhookId};
use crate::platform::error::Result;
use crate::trade::payments::transfers::notices::NoticeOutcome;

/// What a bank reported, and what it meant.
pub struct NewNotice<'a> {
    pub id: WebhookId,
    pub account_digest: &'a [u8],
    pub transaction_id: &'a str,
    pub seller: Option<SellerId>,
    pub order: Option<OrderId>,
    pub amount: Vnd,
    pub booked_at: DateTime<Utc>,
    pub webhook: WebhookId,
    pub outcome: NoticeOutcome,
}

/// Writes it down unless that account's transaction was reported before; `false` if it was.
pub async fn insert(conn: &mut PgConnection, new: &NewNotice<'_>, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into bank_notices (id, account_digest, transaction_id, seller_id, order_id, amount_vnd, booked_at,
                                   webhook_id, outcome, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict on constraint bank_notices_once do nothing",
        new.id as _,
        new.account_digest,
        new.transaction_id,
        new.seller as _,
        new.order as _,
        new.amount as _,
        new.booked_at,
        new.webhook as _,
        new.outcome as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
