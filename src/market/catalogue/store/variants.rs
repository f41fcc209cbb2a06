//! The table `variants`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{ListingId, Price, RevisionId, VariantId};
use crate::market::catalogue::variants::{Grams, Millimetres, NewVariant, Variant};
use crate::platform::error::Result;

/// The listing's variants in the shop's order, those no longer sold last.
pub async fn list(conn: &mut PgConnection, listing: ListingId) -> Result<Vec<Variant>> {
    let variants = sqlx::query_as!(
        Variant,
        r#"select id as "id: _", sku, name_vi, name_en, price_vnd as "price_vnd: _", grams as "grams: _",
                  length_mm as "length_mm: _", width_mm as "width_mm: _", height_mm as "height_mm: _", active, approved,
                  approved_with as "approved_with: _"
             from variants
            where listing_id = $1
            order by active desc, position, id"#,
        listing as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(variants)
}

/// Makes the list what the shop wrote: by sku, a known variant is changed and a new one added; a variant left out stays
/// for the orders that name it, but is no longer sold.
pub async fn replace(
    conn: &mut PgConnection,
    listing: ListingId,
    variants: &[NewVariant],
    now: DateTime<Utc>,
) -> Result<()> {
    fn column<T>(variants: &[NewVariant], value: impl Fn(&NewVariant) -> T) -> Vec<T> {
        variants.iter().map(value).collect()
    }
    let skus = column(variants, |variant| variant.sku.to_string());
    sqlx::query!(
        "update variants
            set active = false
          where listing_id = $1
            and sku <> all($2)",
        listing as _,
        &skus,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into variants (id, listing_id, sku, name_vi, name_en, price_vnd, grams, length_mm, width_mm,
                               height_mm, active, position, created_at)
         select id, $1, sku, name_vi, name_en, price_vnd, grams, length_mm, width_mm, height_mm, active,
                position::smallint, $12
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::integer[], $8::integer[],
                       $9::integer[], $10::integer[], $11::boolean[])
                with ordinality
                as new (id, sku, name_vi, name_en, price_vnd, grams, length_mm, width_mm, height_mm, active, position)
             on conflict on constraint variants_sku do update
            set name_vi = excluded.name_vi,
                name_en = excluded.name_en,
                price_vnd = excluded.price_vnd,
                grams = excluded.grams,
                length_mm = excluded.length_mm,
                width_mm = excluded.width_mm,
                height_mm = excluded.height_mm,
                active = excluded.active,
                position = excluded.position",
        listing as _,
        &column(variants, |_| VariantId::new(now).as_uuid()),
        &skus,
        &column(variants, |variant| variant.name_vi.to_string()),
        &column(variants, |variant| variant.name_en.as_ref().map(ToString::to_string)) as _,
        &column(variants, |variant| variant.price_vnd.vnd().get()),
        &column(variants, |variant| variant.grams.map(Grams::get)) as _,
        &column(variants, |variant| variant.length_mm.map(Millimetres::get)) as _,
        &column(variants, |variant| variant.width_mm.map(Millimetres::get)) as _,
        &column(variants, |variant| variant.height_mm.map(Millimetres::get)) as _,
        &column(variants, |variant| variant.active),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets the public see every variant there is, from this revision on.
pub async fn approve(conn: &mut PgConnection, listing: ListingId, revision: RevisionId) -> Result<()> {
    sqlx::query!(
        "update variants
            set approved = true, approved_with = $2
          where listing_id = $1
            and not approved",
        listing as _,
        revision as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Hides again what the public sees since this revision.
pub async fn disapprove(conn: &mut PgConnection, revision: RevisionId) -> Result<()> {
    sqlx::query!(
        "update variants
            set approved = false, approved_with = null
          where approved_with = $1",
        revision as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the listing has this variant, which now has its new price.
pub async fn set_price(conn: &mut PgConnection, listing: ListingId, id: VariantId, price: Price) -> Result<bool> {
    let done = sqlx::query!(
        "update variants
            set price_vnd = $3
          where id = $1
            and listing_id = $2",
        id as _,
        listing as _,
        price as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
