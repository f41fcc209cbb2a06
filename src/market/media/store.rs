//! The table `media`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::intake::Stored;
use super::model::{Evidence, Mime, Paper, Purpose};
use crate::kernel::{AccountId, MediaId, SellerId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

pub async fn insert(
    conn: &mut PgConnection,
    id: MediaId,
    (seller, uploaded_by): (Option<SellerId>, AccountId),
    stored: &Stored,
    now: DateTime<Utc>,
) -> Result<()> {
    let (width, height) = stored.size.unzip();
    sqlx::query!(
        "insert into media (id, seller_id, uploaded_by, purpose, name, mime, bytes, width, height, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id as _,
        seller as _,
        uploaded_by as _,
        stored.purpose as _,
        stored.name,
        stored.mime as _,
        i64::try_from(stored.bytes)?,
        width.map(i32::try_from).transpose()?,
        height.map(i32::try_from).transpose()?,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many files the shop has.
pub async fn count(scope: &mut Scoped<'_, SellerId>) -> Result<i64> {
    let (conn, seller) = scope.split();
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from media where seller_id = $1"#, *seller as _)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

pub async fn owned(conn: &mut PgConnection, id: MediaId, seller: SellerId, purpose: Purpose) -> Result<bool> {
    let owned = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from media
                   where id = $1
                     and seller_id = $2
                     and purpose = $3) as "exists!""#,
        id as _,
        seller as _,
        purpose as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(owned)
}

pub async fn find_paper(conn: &mut PgConnection, id: MediaId) -> Result<Option<Paper>> {
    let paper = sqlx::query_as!(
        Paper,
        r#"select id as "id: MediaId", seller_id as "seller!: SellerId", mime as "mime: Mime", name
             from media
            where id = $1
              and purpose = 'paper'"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(paper)
}

/// The paper, if it is the shop's.
pub async fn find_own_paper(scope: &mut Scoped<'_, SellerId>, id: MediaId) -> Result<Option<Paper>> {
    let (conn, seller) = scope.split();
    Ok(find_paper(conn, id).await?.filter(|paper| paper.seller == *seller))
}

/// How many pictures the buyer has uploaded.
pub async fn count_evidence(scope: &mut Scoped<'_, AccountId>) -> Result<i64> {
    let (conn, account) = scope.split();
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from media where uploaded_by = $1 and purpose = 'evidence'"#,
        *account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The picture, if the buyer uploaded it.
pub async fn find_own_evidence(scope: &mut Scoped<'_, AccountId>, id: MediaId) -> Result<Option<Evidence>> {
    let (conn, account) = scope.split();
    let evidence = sqlx::query_as!(
        Evidence,
        r#"select id as "id: MediaId", name
             from media
            where id = $1
              and uploaded_by = $2
              and purpose = 'evidence'"#,
        id as _,
        *account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(evidence)
}

/// Attaches those of the pictures that are the buyer's; answers how many they are.
pub async fn attach(conn: &mut PgConnection, account: AccountId, subject: Uuid, ids: &[MediaId]) -> Result<u64> {
    let done = sqlx::query!(
        "insert into evidence (media_id, subject_id)
         select id, $3
           from media
          where id = any($1)
            and uploaded_by = $2
            and purpose = 'evidence'",
        ids as _,
        account as _,
        subject,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// What is attached to each of the subjects, the oldest upload first.
pub async fn attached(conn: &mut PgConnection, subjects: &[Uuid]) -> Result<Vec<(Uuid, MediaId)>> {
    let rows = sqlx::query!(
        r#"select subject_id, media_id as "media_id: MediaId"
             from evidence
            where subject_id = any($1)
            order by subject_id, media_id"#,
        subjects,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, row.media_id)).collect())
}

pub async fn find_attached(conn: &mut PgConnection, subject: Uuid, id: MediaId) -> Result<Option<Evidence>> {
    let evidence = sqlx::query_as!(
        Evidence,
        r#"select id as "id: MediaId", name
             from evidence
             join media on media.id = media_id
            where subject_id = $1
              and media_id = $2"#,
        subject,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(evidence)
}
