//! What trade reads of `listings`, `variants` and `sale_rules`, with the shop's name and province in the same statement:
//! it stands on the road of every order.

pub mod terms;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::model::{Offer, Sale, ShopVariant, Shown};
use crate::kernel::{ListingId, SellerId, VariantId, Vnd};
use crate::market::certification::SetNo;
use crate::market::sellers::SellerStatus;
use crate::platform::error::Result;

/// The offers of these variants, by variant; what was never approved is not among them. A set without a sale rule in
/// force is not orderable.
#[expect(clippy::too_many_lines, reason = "one query, and a line for each of its columns and parameters")]
pub async fn find(conn: &mut PgConnection, variants: &[VariantId], today: NaiveDate) -> Result<Vec<Offer>> {
    let offers = sqlx::query_as!(
        Offer,
        r#"select variants.id as "variant: VariantId",
                  listings.id as "listing: ListingId",
                  listings.slug as listing_slug,
                  sellers.id as "seller: SellerId",
                  sellers.slug as seller_slug,
                  sellers.name as seller_name,
                  sellers.status as "seller_status: SellerStatus",
                  exists (
                      select 1
                        from authenticated_sellers($2) as authenticated
                       where authenticated = sellers.id) as "seller_authenticated!",
                  sellers.closed_from,
                  sellers.closed_to,
                  provinces.code as province,
                  provinces.region,
                  listings.title_vi as "title!",
                  variants.name_vi as variant_name,
                  variants.sku,
                  variants.price_vnd as "price: Vnd",
                  array(select from_quantity from variant_price_breaks where variant_id = variants.id
                         order by from_quantity) as "break_quantities!: Vec<i32>",
                  array(select price_vnd from variant_price_breaks where variant_id = variants.id
                         order by from_quantity) as "break_prices!: Vec<Vnd>",
                  per_order as "per_order?",
                  variants.grams,
                  case
                      when num_nonnulls(length_mm, width_mm, height_mm) = 3
                      then array[length_mm, width_mm, height_mm]
                  end as millimetres,
                  variants.active and listings.status = 'published' as "for_sale!",
                  listings.set_no as "set_no!: SetNo",
                  case
                      when rule.orderable is not true then 'enquiry_only'
                      when rule.cash_allowed then 'free'
                      else 'cashless'
                  end as "sale!: Sale",
                  rule.minimum_age as "minimum_age?",
                  listings.demo
             from variants
             join listings on listings.id = variants.listing_id
             join sellers on sellers.id = listings.seller_id
             join provinces on provinces.code = sellers.province_code
             left join variant_caps on variant_caps.variant_id = variants.id
             left join lateral (
                  select orderable, cash_allowed, minimum_age
                    from sale_rules
                   where (sale_rules.set_no = listings.set_no or sale_rules.set_no is null)
                     and $2 >= effective_from
                     and (effective_to is null or $2 < effective_to)
                   order by sale_rules.set_no nulls last, effective_from desc
                   limit 1) rule on true
            where variants.id = any($1)
              and variants.approved
            order by variants.id"#,
        variants as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(offers)
}

/// The listing of one of the shop's variants.
pub async fn listing_of(conn: &mut PgConnection, seller: SellerId, variant: VariantId) -> Result<Option<ListingId>> {
    let listing = sqlx::query_scalar!(
        r#"select listings.id as "id: ListingId"
             from variants
             join listings on listings.id = variants.listing_id
            where variants.id = $1
              and listings.seller_id = $2"#,
        variant as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing)
}

/// The shop's variants, newest first.
pub async fn page_of_shop(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<VariantId>,
    limit: i64,
) -> Result<Vec<ShopVariant>> {
    let variants = sqlx::query_as!(
        ShopVariant,
        r#"select variants.id as "variant: VariantId",
                  listings.id as "listing: ListingId",
                  listings.slug as listing_slug,
                  variants.sku,
                  variants.name_vi as name,
                  variants.active
             from variants
             join listings on listings.id = variants.listing_id
            where listings.seller_id = $1
              and ($2::uuid is null or variants.id < $2)
            order by variants.id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(variants)
}

/// The listing of that address, if somebody who states that age may see it today: published by an approved shop, in a
/// set without a higher minimum age.
pub async fn published(
    conn: &mut PgConnection,
    slug: &str,
    age: Option<i16>,
    today: NaiveDate,
) -> Result<Option<ListingId>> {
    let listing = sqlx::query_scalar!(
        r#"select listings.id as "id: ListingId"
             from listings
             join sellers on sellers.id = listings.seller_id
             left join lateral (
                  select minimum_age
                    from sale_rules
                   where (sale_rules.set_no = listings.set_no or sale_rules.set_no is null)
                     and $3 >= effective_from
                     and (effective_to is null or $3 < effective_to)
                   order by sale_rules.set_no nulls last, effective_from desc
                   limit 1) rule on true
            where listings.slug = $1
              and listings.status = 'published'
              and sellers.status = 'approved'
              and (rule.minimum_age is null or rule.minimum_age <= $2)"#,
        slug,
        age,
        today,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing)
}

/// The listing of that address, if the public ever saw it.
pub async fn shown(conn: &mut PgConnection, slug: &str) -> Result<Option<Shown>> {
    let listing = sqlx::query_as!(
        Shown,
        r#"select id as "listing: ListingId", seller_id as "seller: SellerId", title_vi as "title!"
             from listings
            where slug = $1
              and published_revision is not null"#,
        slug,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing)
}

/// The listings of these variants, each once.
pub async fn listings_of(conn: &mut PgConnection, variants: &[VariantId]) -> Result<Vec<ListingId>> {
    let listings = sqlx::query_scalar!(
        r#"select distinct listing_id as "listing_id: ListingId" from variants where id = any($1)"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(listings)
}

/// Looks again whether anything of these listings is available, and notes it where that has changed.
///
/// To be called when a variant runs out or comes back, is offered or withdrawn. The listings are locked before the
/// look, so that of two sales that each take the last of one variant, the second sees what the first has done.
pub async fn set_in_stock(conn: &mut PgConnection, listings: &[ListingId]) -> Result<()> {
    let locked = sqlx::query_scalar!(
        r#"select id as "id: ListingId"
             from listings
            where id = any($1)
            order by id
              for no key update"#,
        listings as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update listings
            set in_stock = not in_stock
          where id = any($1)
            and in_stock <> exists (
                select 1
                  from variants
                  join stock on stock.variant_id = variants.id
                 where variants.listing_id = listings.id
                   and variants.active
                   and variants.approved
                   and stock.on_hand > stock.held)",
        &locked as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a review's stars to the listing's rating.
pub async fn add_rating(conn: &mut PgConnection, listing: ListingId, stars: i16) -> Result<()> {
    sqlx::query!(
        "update listings
            set rating_sum = rating_sum + $2,
                rating_count = rating_count + 1
          where id = $1",
        listing as _,
        i64::from(stars),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the stars of a hidden review out of the listing's rating again.
pub async fn remove_rating(conn: &mut PgConnection, listing: ListingId, stars: i16) -> Result<()> {
    sqlx::query!(
        "update listings
            set rating_sum = rating_sum - $2,
                rating_count = rating_count - 1
          where id = $1",
        listing as _,
        i64::from(stars),
    )
    .execute(conn)
    .await?;
    Ok(())
}
