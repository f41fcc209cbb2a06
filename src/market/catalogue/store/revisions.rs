//! The table `listing_revisions`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::kernel::{ListingId, RevisionId, SellerId};
use crate::market::catalogue::content::Content;
use crate::market::catalogue::model::{Revision, RevisionStatus, Unseen};
use crate::platform::error::Result;

/// A row of `listing_revisions`.
struct Row {
    id: RevisionId,
    number: i32,
    status: RevisionStatus,
    content: Json<Content>,
    changed_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    published_over: Option<RevisionId>,
    unseen: Option<Unseen>,
}

impl From<Row> for Revision {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            number: row.number,
            status: row.status,
            content: row.content.0,
            changed_at: row.changed_at,
            submitted_at: row.submitted_at,
            decided_at: row.decided_at,
            published_over: row.published_over,
            unseen: row.unseen,
        }
    }
}

/// Begins a revision as a draft.
pub async fn insert(
    conn: &mut PgConnection,
    id: RevisionId,
    listing: ListingId,
    number: i32,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into listing_revisions (id, listing_id, number, content, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $5)",
        id as _,
        listing as _,
        number,
        Json(content) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The listing's latest revision: the open one, if there is one.
pub async fn latest(conn: &mut PgConnection, listing: ListingId) -> Result<Option<Revision>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: _", number, status as "status: _", content as "content: _", changed_at, submitted_at,
                  decided_at, published_over as "published_over: _", unseen as "unseen: _"
             from listing_revisions
            where listing_id = $1
            order by number desc
            limit 1"#,
        listing as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Revision::from))
}

pub async fn find(conn: &mut PgConnection, id: RevisionId) -> Result<Option<Revision>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: _", number, status as "status: _", content as "content: _", changed_at, submitted_at,
                  decided_at, published_over as "published_over: _", unseen as "unseen: _"
             from listing_revisions
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Revision::from))
}

/// The listing the revision is of, and its seller.
pub async fn listing_of(conn: &mut PgConnection, id: RevisionId) -> Result<Option<(ListingId, SellerId)>> {
    let row = sqlx::query!(
        r#"select listings.id as "listing_id: ListingId", seller_id as "seller_id: SellerId"
             from listing_revisions
             join listings on listings.id = listing_id
            where listing_revisions.id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.listing_id, row.seller_id)))
}

pub async fn set_content(
    conn: &mut PgConnection,
    id: RevisionId,
    status: RevisionStatus,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update listing_revisions
            set content = $2, status = $3, changed_at = $4
          where id = $1",
        id as _,
        Json(content) as _,
        status as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_submitted(
    conn: &mut PgConnection,
    id: RevisionId,
    status: RevisionStatus,
    submitted_at: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update listing_revisions
            set status = $2, submitted_at = $3, decided_at = null
          where id = $1",
        id as _,
        status as _,
        submitted_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_decided(
    conn: &mut PgConnection,
    id: RevisionId,
    status: RevisionStatus,
    decided_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update listing_revisions
            set status = $2, decided_at = $3
          where id = $1",
        id as _,
        status as _,
        decided_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes which revision was on the shelf until this one is.
pub async fn set_published_over(conn: &mut PgConnection, id: RevisionId, over: Option<RevisionId>) -> Result<()> {
    sqlx::query!("update listing_revisions set published_over = $2 where id = $1", id as _, over as _)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that no officer saw the revision before it was published, or that one has by now.
pub async fn set_unseen(conn: &mut PgConnection, id: RevisionId, unseen: Unseen) -> Result<()> {
    sqlx::query!("update listing_revisions set unseen = $2 where id = $1", id as _, unseen as _).execute(conn).await?;
    Ok(())
}
