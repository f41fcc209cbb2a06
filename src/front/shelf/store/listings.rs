//! Published listings, with everything that stands on their pages but certificate and shop.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::spots::Spots;
use crate::front::shelf::facts::{Listing, Pack};
use crate::kernel::{CertificateId, ListingId, MediaId, Price, SellerId, VariantId, Vnd};
use crate::market::catalogue::Label;
use crate::market::certification::SetNo;
use crate::places::Location;
use crate::platform::error::Result;

/// How many listings are published.
pub async fn count(conn: &mut PgConnection) -> Result<i64> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from listings where status = 'published'"#);
    Ok(count.fetch_one(conn).await?)
}

/// The ids of published listings after `after`, in their order.
pub async fn ids(conn: &mut PgConnection, after: Option<ListingId>, limit: i64) -> Result<Vec<ListingId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: ListingId"
             from listings
            where status = 'published'
              and ($1::uuid is null or id > $1)
            order by id
            limit $2"#,
        after as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Those of the listings that are published. As many statements for one as for thousands.
pub async fn published(conn: &mut PgConnection, ids: &[ListingId]) -> Result<Vec<Listing>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rows(conn, ids).await?;
    let mut packs = packs(conn, ids).await?;
    let names = names(conn, &rows).await?;
    let pairs = rows.iter().map(|row| (row.commune_code.as_str(), row.legacy_province_code.as_str()));
    let spots = Spots::read(conn, pairs).await?;
    let listing = |row: Row| {
        let location = spots.of(&row.commune_code, &row.legacy_province_code)?;
        let packs = packs.remove(&row.id).unwrap_or_default();
        Ok(row.into_listing(location, packs, &names))
    };
    rows.into_iter().map(listing).collect()
}

struct Row {
    id: ListingId,
    slug: String,
    seller: SellerId,
    set_no: SetNo,
    commune_code: String,
    legacy_province_code: String,
    certificate: Option<CertificateId>,
    image: Option<MediaId>,
    title_vi: String,
    title_en: Option<String>,
    summary_vi: String,
    summary_en: Option<String>,
    content: Json<Told>,
    price: Option<Vnd>,
    in_stock: bool,
    rating_sum: i64,
    rating_count: i32,
    published_at: DateTime<Utc>,
    demo: bool,
}

/// What of [`crate::market::catalogue::Content`] is not in columns of the listing.
#[derive(Deserialize)]
struct Told {
    story_vi: String,
    #[serde(default)]
    story_en: Option<String>,
    #[serde(default)]
    label: Label,
    #[serde(default)]
    pictures: Vec<MediaId>,
}

impl Row {
    fn into_listing(self, location: Location, packs: Vec<Pack>, names: &HashMap<MediaId, String>) -> Listing {
        let Told { story_vi, story_en, label, pictures } = self.content.0;
        Listing {
            id: self.id,
            slug: self.slug,
            seller: self.seller,
            set_no: self.set_no,
            location,
            certificate: self.certificate,
            title_vi: self.title_vi,
            title_en: self.title_en,
            summary_vi: self.summary_vi,
            summary_en: self.summary_en,
            story_vi,
            story_en,
            label,
            pictures: pictures.iter().filter_map(|id| names.get(id).cloned()).collect(),
            image: self.image.and_then(|id| names.get(&id).cloned()),
            packs,
            price: self.price,
            in_stock: self.in_stock,
            rating_sum: self.rating_sum,
            rating_count: self.rating_count,
            published_at: self.published_at,
            demo: self.demo,
        }
    }
}

async fn rows(conn: &mut PgConnection, ids: &[ListingId]) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select listings.id as "id: _",
                  slug,
                  seller_id as "seller: _",
                  set_no as "set_no!: _",
                  commune_code as "commune_code!",
                  legacy_province_code as "legacy_province_code!",
                  certificate_id as "certificate: _",
                  image_id as "image: _",
                  title_vi as "title_vi!",
                  title_en,
                  summary_vi as "summary_vi!",
                  summary_en,
                  content as "content: _",
                  price_vnd as "price: _",
                  in_stock,
                  rating_sum,
                  rating_count,
                  published_at as "published_at!",
                  demo
             from listings
             join listing_revisions on listing_revisions.id = published_revision
            where listings.id = any($1)
              and listings.status = 'published'"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The packs sold of each listing, in the shop's order.
async fn packs(conn: &mut PgConnection, listings: &[ListingId]) -> Result<HashMap<ListingId, Vec<Pack>>> {
    let rows = sqlx::query!(
        r#"select listing_id as "listing: ListingId",
                  id as "id: VariantId",
                  sku,
                  name_vi,
                  name_en,
                  price_vnd as "price: Vnd",
                  per_order as "per_order?",
                  grams,
                  coalesce(on_hand > held, false) as "in_stock!"
             from variants
             left join stock on stock.variant_id = id
             left join variant_caps on variant_caps.variant_id = id
            where listing_id = any($1)
              and active
              and approved
            order by position, id"#,
        listings as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let variants: Vec<VariantId> = rows.iter().map(|row| row.id).collect();
    let mut price_breaks = price_breaks(conn, &variants).await?;
    let mut packs = HashMap::<ListingId, Vec<Pack>>::new();
    for row in rows {
        packs.entry(row.listing).or_default().push(Pack {
            id: row.id,
            sku: row.sku,
            name_vi: row.name_vi,
            name_en: row.name_en,
            price: row.price,
            price_breaks: price_breaks.remove(&row.id).unwrap_or_default(),
            per_order: row.per_order,
            grams: row.grams,
            in_stock: row.in_stock,
        });
    }
    Ok(packs)
}

async fn price_breaks(
    conn: &mut PgConnection,
    variants: &[VariantId],
) -> Result<HashMap<VariantId, Vec<(i32, Price)>>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant: VariantId", from_quantity, price_vnd as "price: Price"
             from variant_price_breaks
            where variant_id = any($1)
            order by from_quantity"#,
        variants as _,
    )
    .fetch_all(conn)
    .await?;
    let mut breaks = HashMap::<VariantId, Vec<(i32, Price)>>::new();
    for row in rows {
        breaks.entry(row.variant).or_default().push((row.from_quantity, row.price));
    }
    Ok(breaks)
}

/// The names of all the pictures.
async fn names(conn: &mut PgConnection, rows: &[Row]) -> Result<HashMap<MediaId, String>> {
    let ids: Vec<MediaId> = rows.iter().flat_map(|row| row.content.pictures.iter().copied().chain(row.image)).collect();
    let rows = sqlx::query!(r#"select id as "id: MediaId", name from media where id = any($1)"#, &ids as _)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
