//! Queries over the shelf's two functions; see its migration.

pub mod common;
pub mod listings;
pub mod misses;
pub mod news;
pub mod shops;
mod spots;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::model::{CardRow, FacetKind, Filter, Sort};
use crate::kernel::{CertificateId, ListingId, MediaId, Price, VariantId, Vnd};
use crate::market::catalogue::Content;
use crate::platform::error::Result;

/// Where a page begins.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Position {
    pub key: i64,
    pub id: ListingId,
}

/// The cards after `position`, best first.
#[expect(clippy::too_many_lines, reason = "one query, and a line for each of its columns and parameters")]
pub async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    sort: Sort,
    position: Option<Position>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<CardRow>> {
    let phrase = filter.words.as_ref().map(|words| words.join(" "));
    let rows = sqlx::query_as!(
        CardRow,
        r#"with found as (
               select card.*, shelf_key(card, $17, $18, $19) as key
                 from shelf_matches($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as card)
           select found.id as "id!: _",
                  found.slug as "slug!",
                  title_vi as "title_vi!",
                  title_en,
                  summary_vi as "summary_vi!",
                  summary_en,
                  found.commune_code as "commune_code!",
                  found.legacy_province_code as "legacy_province_code!",
                  found.set_no as "set_no!: _",
                  found."group" as "group!: _",
                  orderable as "orderable!",
                  minimum_age,
                  found.stars,
                  certificates.status as "certificate_status?: _",
                  certificates.expires_on as "expires_on?",
                  certificates.filed_on,
                  certificates.revoked_on,
                  certificates.superseded_by,
                  seller_slug as "seller_slug!",
                  sellers.name as seller_name,
                  sellers.kind as "seller_kind: _",
                  price_vnd as "price_vnd: _",
                  rating_sum as "rating_sum!",
                  rating_count as "rating_count!",
                  in_stock as "in_stock!",
                  media.name as "image?",
                  found.demo as "demo!",
                  published_at as "published_at!",
                  key as "key!"
             from found
             join sellers on sellers.id = found.seller_id
             left join certificates on certificates.id = found.certificate_id and certificates.status = 'verified'
             left join media on media.id = found.image_id
            where $20::bigint is null or (key, found.id) < ($20, $21::uuid)
            order by key desc, found.id desc
            limit $22"#,
        today,
        filter.region,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.sets.as_deref(),
        filter.group as _,
        filter.stars.as_deref(),
        filter.stars_min,
        filter.seller,
        filter.price_min,
        filter.price_max,
        filter.in_stock,
        filter.words.as_deref(),
        filter.age,
        filter.slug,
        sort.name(),
        phrase,
        filter.typed,
        position.map(|position| position.key),
        position.map(|position| position.id) as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many listings fit, by one thing.
pub struct Count {
    pub value: String,
    pub count: i64,
}

/// Counts by `kind` under everything of the filter but `kind` itself.
pub async fn facet(conn: &mut PgConnection, kind: FacetKind, filter: &Filter, today: NaiveDate) -> Result<Vec<Count>> {
    let filter = filter.without(kind);
    let counts = sqlx::query_as!(
        Count,
        r#"select value as "value!", count(*) as "count!"
             from (select case $17::text
                          when 'region' then region
                          when 'province' then province_code
                          when 'legacy_province' then legacy_province_code
                          when 'set' then set_no::text
                          when 'group' then "group"
                          when 'stars' then stars::text
                          when 'in_stock' then in_stock::text
                          end as value
                     from shelf_matches($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)) as card
            where value is not null
            group by value
            order by 2 desc, 1"#,
        today,
        filter.region,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.sets.as_deref(),
        filter.group as _,
        filter.stars.as_deref(),
        filter.stars_min,
        filter.seller,
        filter.price_min,
        filter.price_max,
        filter.in_stock,
        filter.words.as_deref(),
        filter.age,
        filter.slug,
        kind.name(),
    )
    .fetch_all(conn)
    .await?;
    Ok(counts)
}

/// What the page of a listing needs beside its card.
pub struct PageRow {
    pub id: ListingId,
    pub content: sqlx::types::Json<Content>,
    pub certificate_id: Option<CertificateId>,
}

/// The listing of this name, if it is on the shelf.
pub async fn find(conn: &mut PgConnection, slug: &str, today: NaiveDate) -> Result<Option<PageRow>> {
    let row = sqlx::query_as!(
        PageRow,
        r#"select listings.id as "id: _",
                  content as "content: _",
                  listings.certificate_id as "certificate_id: _"
             from listings
             join shelf_cards($2) as card on card.id = listings.id
             join listing_revisions on listing_revisions.id = published_revision
            where listings.slug = $1"#,
        slug,
        today,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A listing on the shelf that names a certificate.
pub struct Showing {
    pub certificate_id: CertificateId,
    pub slug: String,
}

/// The listings on the shelf that name one of the certificates.
pub async fn showing(
    conn: &mut PgConnection,
    certificates: &[CertificateId],
    today: NaiveDate,
) -> Result<Vec<Showing>> {
    let showing = sqlx::query_as!(
        Showing,
        r#"select certificate_id as "certificate_id!: _", slug as "slug!"
             from shelf_cards($2)
            where certificate_id = any($1)
              and minimum_age is null
            order by slug"#,
        certificates as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(showing)
}

/// A pack on the page.
pub struct PackRow {
    pub id: VariantId,
    pub sku: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub price_vnd: Vnd,
    pub break_quantities: Vec<i32>,
    pub break_prices: Vec<Price>,
    pub per_order: Option<i32>,
    pub grams: Option<i32>,
    pub in_stock: bool,
}

/// The packs sold, in the shop's order.
pub async fn packs(conn: &mut PgConnection, listing: ListingId) -> Result<Vec<PackRow>> {
    let packs = sqlx::query_as!(
        PackRow,
        r#"select id as "id: _", sku, name_vi, name_en, price_vnd as "price_vnd: _",
                  array(
                      select from_quantity
                        from variant_price_breaks
                       where variant_id = variants.id
                       order by from_quantity) as "break_quantities!: Vec<i32>",
                  array(
                      select price_vnd
                        from variant_price_breaks
                       where variant_id = variants.id
                       order by from_quantity) as "break_prices!: Vec<Price>",
                  per_order as "per_order?", grams,
                  coalesce(on_hand > held, false) as "in_stock!"
             from variants
             left join stock on stock.variant_id = id
             left join variant_caps on variant_caps.variant_id = id
            where listing_id = $1
              and active
              and approved
            order by position, id"#,
        listing as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(packs)
}

/// The names of pictures, in the order asked for.
pub async fn picture_names(conn: &mut PgConnection, ids: &[MediaId]) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        "select name
           from unnest($1::uuid[]) with ordinality as wanted (id, position)
           join media using (id)
          order by position",
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(names)
}

/// Listings of a province that are shown whatever age a caller states, by stars.
pub struct ProvinceCount {
    pub province_code: String,
    pub stars: Option<i16>,
    pub count: i64,
}

/// The counts of every province that has any.
pub async fn province_counts(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<ProvinceCount>> {
    let counts = sqlx::query_as!(
        ProvinceCount,
        r#"select province_code as "province_code!", stars, count(*) as "count!"
             from shelf_cards($1)
            where minimum_age is null
            group by province_code, stars"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(counts)
}
