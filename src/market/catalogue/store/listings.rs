//! The table `listings`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{CertificateId, ListingId, MediaId, RevisionId, SellerId};
use crate::market::catalogue::OnShelf;
use crate::market::catalogue::holds::{Hold, ListingOutline, StatusCount};
use crate::market::catalogue::model::{Listing, ListingRow, ListingStatus};
use crate::market::certification::SetNo;
use crate::platform::error::Result;

/// Begins a listing under the slug, unless another one has it.
pub async fn insert(
    conn: &mut PgConnection,
    id: ListingId,
    seller: SellerId,
    slug: &str,
    demo: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into listings (id, seller_id, slug, demo, created_at)
         values ($1, $2, $3, $4, $5)
             on conflict on constraint listing_slug_key do nothing",
        id as _,
        seller as _,
        slug,
        demo,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The shop's listing.
pub async fn find(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<Option<Listing>> {
    let listing = sqlx::query_as!(
        Listing,
        r#"select id as "id: _", seller_id as "seller_id: _", slug, status as "status: _", version,
                  set_no as "set_no: _", published_revision as "published_revision: _", published_at, created_at,
                  price_vnd as "price_vnd: _", held_status as "held_status: _", withdrawn_by as "withdrawn_by: _",
                  withdrawn_at
             from listings
            where id = $1
              and seller_id = $2"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing)
}

/// The shop's listing, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<Option<Listing>> {
    let listing = sqlx::query_as!(
        Listing,
        r#"select id as "id: _", seller_id as "seller_id: _", slug, status as "status: _", version,
                  set_no as "set_no: _", published_revision as "published_revision: _", published_at, created_at,
                  price_vnd as "price_vnd: _", held_status as "held_status: _", withdrawn_by as "withdrawn_by: _",
                  withdrawn_at
             from listings
            where id = $1
              and seller_id = $2
              for update"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing)
}

/// The shop's listings begun before `before`, the newest first, with the title as edited last.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    status: Option<ListingStatus>,
    before: Option<ListingId>,
    limit: i64,
) -> Result<Vec<ListingRow>> {
    let rows = sqlx::query_as!(
        ListingRow,
        r#"select listings.id as "id: _", slug, listings.status as "status: _",
                  latest.content ->> 'title_vi' as "title_vi!", latest.status as "revision_status: _",
                  price_vnd as "price_vnd: _", in_stock, listings.created_at
             from listings
             join lateral (
                  select content, status
                    from listing_revisions
                   where listing_id = listings.id
                   order by number desc
                   limit 1) latest on true
            where seller_id = $1
              and ($2::text is null or listings.status = $2)
              and ($3::uuid is null or listings.id < $3)
            order by listings.id desc
            limit $4"#,
        seller as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The listing's new status, or the same one with something else changed: another version either way.
pub async fn set_status(conn: &mut PgConnection, id: ListingId, status: ListingStatus) -> Result<()> {
    sqlx::query!(
        "update listings
            set status = $2, version = version + 1
          where id = $1",
        id as _,
        status as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a measure needs to know of a listing before it locks it.
pub async fn outline(conn: &mut PgConnection, id: ListingId) -> Result<Option<ListingOutline>> {
    let outline = sqlx::query_as!(
        ListingOutline,
        r#"select id as "id: _", seller_id as "seller_id: _", slug, title_vi, status as "status: _"
             from listings
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(outline)
}

/// Where a measure, or its end, puts a listing; another version of it.
pub async fn set_hold(conn: &mut PgConnection, id: ListingId, hold: &Hold) -> Result<()> {
    sqlx::query!(
        "update listings
            set status = $2, held_status = $3, withdrawn_by = $4, withdrawn_at = $5, version = version + 1
          where id = $1",
        id as _,
        hold.status as _,
        hold.held_status as _,
        hold.withdrawn_by as _,
        hold.withdrawn_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many listings a shop has of each status.
pub async fn count_by_status(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<StatusCount>> {
    let counts = sqlx::query_as!(
        StatusCount,
        r#"select status as "status: _", count(*) as "count!"
             from listings
            where seller_id = $1
            group by status
            order by status"#,
        seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(counts)
}

/// What the public reads of a listing, taken from an approved revision.
pub struct Publication<'a> {
    pub revision: RevisionId,
    pub status: ListingStatus,
    pub set_no: SetNo,
    pub title_vi: &'a str,
    pub title_en: Option<&'a str>,
    pub summary_vi: &'a str,
    pub summary_en: Option<&'a str>,
    pub province_code: &'a str,
    pub commune_code: &'a str,
    pub legacy_province_code: &'a str,
    pub certificate_id: Option<CertificateId>,
    pub image_id: Option<MediaId>,
    pub search_text: &'a str,
    pub at: DateTime<Utc>,
}

/// Puts the revision on the shelf, and ends a withdrawal. The day of first publication stays.
pub async fn publish(conn: &mut PgConnection, id: ListingId, publication: &Publication<'_>) -> Result<()> {
    sqlx::query!(
        "update listings
            set published_revision = $2,
                status = $3,
                held_status = case when $3 in ('withdrawn', 'taken_down') then held_status end,
                withdrawn_by = case when $3 in ('withdrawn', 'taken_down') then withdrawn_by end,
                withdrawn_at = case when $3 in ('withdrawn', 'taken_down') then withdrawn_at end,
                set_no = $4,
                title_vi = $5,
                title_en = $6,
                summary_vi = $7,
                summary_en = $8,
                province_code = $9,
                commune_code = $10,
                legacy_province_code = $11,
                certificate_id = $12,
                image_id = $13,
                search_text = $14,
                published_at = coalesce(published_at, $15),
                version = version + 1
          where id = $1",
        id as _,
        publication.revision as _,
        publication.status as _,
        publication.set_no as _,
        publication.title_vi,
        publication.title_en,
        publication.summary_vi,
        publication.summary_en,
        publication.province_code,
        publication.commune_code,
        publication.legacy_province_code,
        publication.certificate_id as _,
        publication.image_id as _,
        publication.search_text,
        publication.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Brings the lowest price up to date with the variants; of a published listing, with those the public sees.
pub async fn refresh_price(conn: &mut PgConnection, id: ListingId) -> Result<()> {
    sqlx::query!(
        "update listings
            set price_vnd = (
                select min(variants.price_vnd)
                  from variants
                 where listing_id = $1
                   and active
                   and (approved or published_revision is null))
          where id = $1",
        id as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of the listings are on the shelf, and their names in addresses.
pub async fn slugs_on_shelf(conn: &mut PgConnection, ids: &[ListingId]) -> Result<Vec<(ListingId, String)>> {
    let rows = sqlx::query!(
        r#"select id as "id: ListingId", slug
             from listings
            where id = any($1)
              and status = 'published'"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.slug)).collect())
}

/// How many listings of the shop are on the shelf, and since when the first of them.
pub async fn published(conn: &mut PgConnection, seller: SellerId) -> Result<OnShelf> {
    let on_shelf = sqlx::query_as!(
        OnShelf,
        r#"select count(*) as "listings!", min(published_at) as since
             from listings
            where seller_id = $1
              and status = 'published'"#,
        seller as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(on_shelf)
}
