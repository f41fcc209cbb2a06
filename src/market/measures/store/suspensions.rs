//! The table `suspensions`. Its rows are locked by the lock on their shop.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, CaseId, SellerId, SuspensionId};
use crate::market::measures::model::{NewSuspension, Suspension};
use crate::platform::error::Result;

/// A suspension to be written down.
pub struct NewRow<'a> {
    pub id: SuspensionId,
    pub seller: SellerId,
    pub new: &'a NewSuspension,
    pub case: CaseId,
    pub recorded_by: AccountId,
    pub recorded_at: DateTime<Utc>,
    pub effective_at: DateTime<Utc>,
}

pub async fn insert(conn: &mut PgConnection, row: &NewRow<'_>) -> Result<()> {
    let codes: Vec<String> = row.new.grounds.reason_codes.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into suspensions (id, seller_id, basis, authority, document_number, reason_codes, words, case_id,
                                  recorded_by, recorded_at, effective_at, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.id as _,
        row.seller as _,
        row.new.basis as _,
        row.new.authority,
        row.new.document_number,
        &codes,
        row.new.grounds.words.as_ref(),
        row.case as _,
        row.recorded_by as _,
        row.recorded_at,
        row.effective_at,
        row.new.until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: SuspensionId) -> Result<Option<Suspension>> {
    let suspension = sqlx::query_as!(
        Suspension,
        r#"select id as "id: _", seller_id as "seller_id: _", basis as "basis: _", authority, document_number,
                  reason_codes, words, case_id as "case_id: _", recorded_by as "recorded_by: _", recorded_at,
                  effective_at, until, began_at, ended_at, ended_by as "ended_by: _", end_words
             from suspensions
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(suspension)
}

/// The shop's suspension that is in force or noticed.
pub async fn current(conn: &mut PgConnection, seller: SellerId) -> Result<Option<Suspension>> {
    let suspension = sqlx::query_as!(
        Suspension,
        r#"select id as "id: _", seller_id as "seller_id: _", basis as "basis: _", authority, document_number,
                  reason_codes, words, case_id as "case_id: _", recorded_by as "recorded_by: _", recorded_at,
                  effective_at, until, began_at, ended_at, ended_by as "ended_by: _", end_words
             from suspensions
            where seller_id = $1
              and ended_at is null"#,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(suspension)
}

/// Whether the shop is closed at the moment because an authority ordered it.
pub async fn is_by_order(conn: &mut PgConnection, seller: SellerId) -> Result<bool> {
    let is_by_order = sqlx::query_scalar!(
        r#"select exists (select 1
                            from suspensions
                           where seller_id = $1
                             and basis = 'order'
                             and began_at is not null
                             and ended_at is null) as "is_by_order!""#,
        seller as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(is_by_order)
}

/// The shop's suspensions decided before `before`, the newest first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<SuspensionId>,
    limit: i64,
) -> Result<Vec<Suspension>> {
    let suspensions = sqlx::query_as!(
        Suspension,
        r#"select id as "id: _", seller_id as "seller_id: _", basis as "basis: _", authority, document_number,
                  reason_codes, words, case_id as "case_id: _", recorded_by as "recorded_by: _", recorded_at,
                  effective_at, until, began_at, ended_at, ended_by as "ended_by: _", end_words
             from suspensions
            where seller_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(suspensions)
}

pub async fn set_began(conn: &mut PgConnection, id: SuspensionId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update suspensions set began_at = $2 where id = $1", id as _, now).execute(conn).await?;
    Ok(())
}

pub async fn set_ended(
    conn: &mut PgConnection,
    id: SuspensionId,
    now: DateTime<Utc>,
    by: Option<AccountId>,
    words: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "update suspensions
            set ended_at = $2, ended_by = $3, end_words = $4
          where id = $1",
        id as _,
        now,
        by as _,
        words,
    )
    .execute(conn)
    .await?;
    Ok(())
}
