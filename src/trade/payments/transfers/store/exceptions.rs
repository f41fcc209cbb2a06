//! The table `transfer_exceptions`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, ExceptionId, MediaId, OrderId, SellerId, Vnd, WebhookId};
use crate::platform::db::Scoped;
use crate::platform::error::{Error, Result};
use crate::trade::payments::transfers::model::{ExceptionKind, Outcome, TransferException};

/// Selects whole exceptions: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_exceptions {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            TransferException,
            r#"select transfer_exceptions.id as "id: ExceptionId", kind as "kind: ExceptionKind",
                      amount_vnd as "amount_vnd: Vnd", bank_reference, content, order_id as "order_id: OrderId",
                      orders.number as "order_number?", opened_at, resolution as "resolution: Outcome",
                      assigned_to as "assigned_to: OrderId", returned_reference, returned_on,
                      proof_id as "proof_id: MediaId", words, resolved_at
                 from transfer_exceptions
                 left join orders on orders.id = order_id
               "# + $rest
            $($arguments)*
        )
    };
}

/// Where money that waits comes from.
#[derive(Debug, Clone, Copy)]
pub enum From {
    /// A bank's notice.
    Notice(WebhookId),
    /// A member of the shop.
    Member(AccountId),
    /// What an assignment left over of another entry.
    Exception(ExceptionId),
}

/// Money that waits.
pub struct NewException<'a> {
    pub id: ExceptionId,
    pub seller: SellerId,
    pub kind: ExceptionKind,
    pub amount: Vnd,
    pub bank_reference: &'a str,
    pub content: Option<&'a str>,
    pub order: Option<OrderId>,
    pub from: From,
}

pub async fn insert(conn: &mut PgConnection, new: &NewException<'_>, now: DateTime<Utc>) -> Result<()> {
    let (notice, member, excess_of) = match new.from {
        From::Notice(id) => (Some(id), None, None),
        From::Member(id) => (None, Some(id), None),
        From::Exception(id) => (None, None, Some(id)),
    };
    sqlx::query!(
        "insert into transfer_exceptions (id, seller_id, kind, amount_vnd, bank_reference, content, order_id, notice_id,
                                          reported_by, excess_of, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id as _,
        new.seller as _,
        new.kind as _,
        new.amount as _,
        new.bank_reference,
        new.content,
        new.order as _,
        notice as _,
        member as _,
        excess_of as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The entry about this transaction for this order or for none, whoever reported it; what still waits first.
pub async fn find_reported(
    conn: &mut PgConnection,
    seller: SellerId,
    order: OrderId,
    bank_reference: &str,
) -> Result<Option<TransferException>> {
    let found = select_exceptions!(
        r#"where transfer_exceptions.seller_id = $1
              and (order_id = $2 or order_id is null)
              and bank_reference = $3
              and excess_of is null
            order by resolved_at is not null, transfer_exceptions.id
            limit 1"#,
        seller as _,
        order as _,
        bank_reference,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// What a member of the shop reported of this transaction for this order, locked.
pub async fn find_by_member(
    conn: &mut PgConnection,
    seller: SellerId,
    order: OrderId,
    bank_reference: &str,
) -> Result<Option<TransferException>> {
    let found = select_exceptions!(
        r#"where transfer_exceptions.seller_id = $1
              and order_id = $2
              and bank_reference = $3
              and reported_by is not null
              for update of transfer_exceptions"#,
        seller as _,
        order as _,
        bank_reference,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// The entry about this transaction that waits, whatever order it names, locked.
pub async fn find_waiting(
    conn: &mut PgConnection,
    seller: SellerId,
    bank_reference: &str,
) -> Result<Option<TransferException>> {
    let found = select_exceptions!(
        r#"where transfer_exceptions.seller_id = $1
              and bank_reference = $2
              and excess_of is null
              and resolved_at is null
            order by transfer_exceptions.id
            limit 1
              for update of transfer_exceptions"#,
        seller as _,
        bank_reference,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// The bank names another amount for this transaction: what a member reported of it waits no more.
pub async fn supersede(conn: &mut PgConnection, id: ExceptionId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update transfer_exceptions set resolution = 'superseded', resolved_at = $2 where id = $1",
        id as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of the shop among these, locked in the order of their ids.
pub async fn lock(conn: &mut PgConnection, seller: SellerId, ids: &[ExceptionId]) -> Result<Vec<TransferException>> {
    let locked = select_exceptions!(
        r#"where transfer_exceptions.seller_id = $1
              and transfer_exceptions.id = any($2)
            order by transfer_exceptions.id
              for update of transfer_exceptions"#,
        seller as _,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(locked)
}

/// Money the shop received that waits for a person, or what became of it, newest first.
pub async fn page(
    scope: &mut Scoped<'_, SellerId>,
    waiting: Option<bool>,
    before: Option<ExceptionId>,
    limit: i64,
) -> Result<Vec<TransferException>> {
    let (conn, seller) = scope.split();
    let page = select_exceptions!(
        r#"where transfer_exceptions.seller_id = $1
              and ($2::boolean is null or (resolved_at is null) = $2)
              and ($3::uuid is null or transfer_exceptions.id < $3)
            order by transfer_exceptions.id desc
            limit $4"#,
        *seller as _,
        waiting,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(page)
}

/// What became of it.
pub struct Resolved<'a> {
    pub outcome: Outcome,
    pub assigned_to: Option<OrderId>,
    pub returned: Option<(&'a str, NaiveDate)>,
    pub proof: Option<MediaId>,
    pub words: Option<&'a str>,
    pub by: AccountId,
}

/// Writes down what became of these entries, which are locked and wait.
pub async fn resolve(
    conn: &mut PgConnection,
    ids: &[ExceptionId],
    resolved: &Resolved<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let done = sqlx::query!(
        "update transfer_exceptions
            set resolution = $2,
                assigned_to = $3,
                returned_reference = $4,
                returned_on = $5,
                proof_id = $6,
                words = $7,
                resolved_by = $8,
                resolved_at = $9
          where id = any($1)
            and resolution is null",
        ids as _,
        resolved.outcome as _,
        resolved.assigned_to as _,
        resolved.returned.map(|returned| returned.0),
        resolved.returned.map(|returned| returned.1),
        resolved.proof as _,
        resolved.words,
        resolved.by as _,
        now,
    )
    .execute(conn)
    .await?;
    if usize::try_from(done.rows_affected())? == ids.len() {
        Ok(())
    } else {
        Err(Error::fault("an entry of the review list was resolved behind its lock"))
    }
}
