//! The tables `seller_papers` and `paper_rules`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{MediaId, PaperId, SellerId};
use crate::market::sellers::model::SellerKind;
use crate::market::sellers::papers::{NewPaper, Paper, PaperKind, PaperRule};
use crate::platform::error::Result;

pub async fn list(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<Paper>> {
    let papers = sqlx::query_as!(
        Paper,
        r#"select id as "id: PaperId", kind as "kind: _", number, issued_by, issued_on, expires_on,
                  media_id as "media_id: MediaId", created_at
             from seller_papers
            where seller_id = $1
            order by created_at, id"#,
        seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(papers)
}

/// Adds the paper; the shop is another one from now on.
pub async fn insert(
    conn: &mut PgConnection,
    id: PaperId,
    seller: SellerId,
    paper: &NewPaper,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "with versioned as (
              update sellers
                 set version = version + 1
               where id = $2)
         insert into seller_papers (id, seller_id, kind, number, issued_by, issued_on, expires_on, media_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id as _,
        seller as _,
        paper.kind as _,
        paper.number.as_deref(),
        paper.issued_by.as_str(),
        paper.issued_on,
        paper.expires_on,
        paper.media_id as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether there was such a paper to take away.
pub async fn delete(conn: &mut PgConnection, id: PaperId, seller: SellerId) -> Result<bool> {
    let done = sqlx::query!(
        "with deleted as (
              delete from seller_papers
               where id = $1
                 and seller_id = $2
           returning seller_id)
         update sellers
            set version = version + 1
          where id in (select seller_id from deleted)",
        id as _,
        seller as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn rules(conn: &mut PgConnection, kind: SellerKind, today: NaiveDate) -> Result<Vec<PaperRule>> {
    let rules = sqlx::query_as!(
        PaperRule,
        r#"select any_of as "any_of: Vec<PaperKind>", legal_basis
             from paper_rules
            where seller_kind = $1
              and $2 >= effective_from
              and (effective_to is null or $2 < effective_to)
            order by id"#,
        kind as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(rules)
}
