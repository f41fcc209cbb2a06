//! The table `reviews`; those of reports are in `reports`.

pub mod reports;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Locked, ReportReason, Review, ReviewStatus, Stars};
use crate::kernel::{AccountId, ListingId, ReviewId, SellerId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;
use crate::trade::orders::BoughtLine;

/// What a buyer says about a line they received.
#[derive(Debug)]
pub struct NewReview<'a> {
    pub id: ReviewId,
    pub line: &'a BoughtLine,
    pub author: AccountId,
    pub stars: Stars,
    pub text: &'a str,
}

pub async fn insert(conn: &mut PgConnection, new: &NewReview<'_>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into reviews (id, order_line_id, listing_id, seller_id, account_id, stars, text, created_at, demo)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as _,
        new.line.line as _,
        new.line.listing as _,
        new.line.seller as _,
        new.author as _,
        new.stars.get(),
        new.text,
        now,
        new.line.demo,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: ReviewId) -> Result<Review> {
    let review = sqlx::query_as!(
        Review,
        r#"select reviews.id as "id: ReviewId",
                  stars,
                  text,
                  display_name as author,
                  reviews.created_at,
                  reply,
                  replied_at,
                  reviews.demo
             from reviews
             join accounts on accounts.id = account_id
            where reviews.id = $1"#,
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(review)
}

/// The listing's published reviews, newest first.
pub async fn page(
    conn: &mut PgConnection,
    listing: ListingId,
    before: Option<ReviewId>,
    limit: i64,
) -> Result<Vec<Review>> {
    let reviews = sqlx::query_as!(
        Review,
        r#"select reviews.id as "id: ReviewId",
                  stars,
                  text,
                  display_name as author,
                  reviews.created_at,
                  reply,
                  replied_at,
                  reviews.demo
             from reviews
             join accounts on accounts.id = account_id
            where listing_id = $1
              and status = 'published'
              and ($2::uuid is null or reviews.id < $2)
            order by reviews.id desc
            limit $3"#,
        listing as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(reviews)
}

/// Sets the shop's answer to a published review of its goods; answers whether there is one.
pub async fn set_reply(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ReviewId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update reviews
            set reply = $3,
                replied_at = $4
          where id = $1
            and seller_id = $2
            and status = 'published'",
        id as _,
        seller as _,
        text,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The review, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: ReviewId) -> Result<Option<Locked>> {
    let review = sqlx::query_as!(
        Locked,
        r#"select reviews.id as "id: ReviewId",
                  listing_id as "listing: ListingId",
                  seller_id as "seller: SellerId",
                  account_id as "author: AccountId",
                  display_name as author_name,
                  stars,
                  status as "status: ReviewStatus"
             from reviews
             join accounts on accounts.id = account_id
            where reviews.id = $1
              for update of reviews"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(review)
}

/// Keeps a locked review from everybody's eyes; its open reports say what for.
pub async fn hide(conn: &mut PgConnection, id: ReviewId, because: &str, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update reviews
            set status = 'hidden',
                hidden_because = $2,
                hidden_reasons = array(
                    select distinct reason
                      from review_reports
                     where review_id = $1
                       and review_reports.status = 'open'
                     order by reason),
                hidden_at = $3
          where id = $1",
        id as _,
        because,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A review as its author sees it.
#[derive(Debug)]
pub struct OwnRow {
    pub id: ReviewId,
    pub listing: ListingId,
    pub stars: i16,
    pub text: String,
    pub created_at: DateTime<Utc>,
    pub reply: Option<String>,
    pub status: ReviewStatus,
    pub hidden_because: Option<String>,
    pub hidden_reasons: Vec<String>,
    pub hidden_at: Option<DateTime<Utc>>,
}

/// What the account wrote, newest first, and the reasons for which any of it is hidden.
pub async fn page_of_author(
    scope: &mut Scoped<'_, AccountId>,
    before: Option<ReviewId>,
    limit: i64,
) -> Result<(Vec<OwnRow>, Vec<ReportReason>)> {
    let (conn, account) = scope.split();
    let reviews = sqlx::query_as!(
        OwnRow,
        r#"select id as "id: ReviewId",
                  listing_id as "listing: ListingId",
                  stars,
                  text,
                  created_at,
                  reply,
                  status as "status: ReviewStatus",
                  hidden_because,
                  hidden_reasons,
                  hidden_at
             from reviews
            where account_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        *account as _,
        before as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let codes: Vec<String> = reviews.iter().flat_map(|review| review.hidden_reasons.clone()).collect();
    let reasons = reports::reasons_of(conn, &codes).await?;
    Ok((reviews, reasons))
}
