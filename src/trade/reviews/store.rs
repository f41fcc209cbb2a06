//! The table `reviews`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Review, Stars};
use crate::kernel::{AccountId, ListingId, ReviewId, SellerId};
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

/// The listing's reviews, newest first.
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

/// Sets the shop's answer to a review of its goods; answers whether there is one.
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
            and seller_id = $2",
        id as _,
        seller as _,
        text,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
