//! The tables `checkouts`, `checkout_parts`, `checkout_lines`.

mod caps;
mod discounts;

pub use caps::over_cap;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{Part, Quote, QuotedLine};
use crate::kernel::{AccountId, CheckoutId, ListingId, SellerId, VariantId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::orders::cart::{amount, sum};

/// How far a checkout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CheckoutStatus {
    /// Nothing is taken yet.
    Quoted,
    /// It became orders.
    Placed,
}

/// A checkout without its quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checkout {
    /// The checkout.
    pub id: CheckoutId,
    /// How far it is.
    pub status: CheckoutStatus,
    /// Who receives the parcels.
    pub recipient: String,
    /// Whom the carrier calls.
    pub phone: String,
    /// Code of the province.
    pub province_code: String,
    /// Its name when quoted.
    pub province_name: String,
    /// Code of the commune.
    pub commune_code: String,
    /// Its name when quoted.
    pub commune_name: String,
    /// House and street, or hamlet.
    pub street: String,
    /// For whoever brings the parcels.
    pub note: Option<String>,
    /// How old the buyer says to be.
    pub stated_age: Option<i16>,
    /// When it was quoted.
    pub created_at: DateTime<Utc>,
    /// Until when it can be placed.
    pub expires_at: DateTime<Utc>,
    /// When it was placed.
    pub placed_at: Option<DateTime<Utc>>,
}

/// Writes down a checkout and its quote.
pub async fn insert(conn: &mut PgConnection, account: AccountId, checkout: &Checkout, quote: &Quote) -> Result<()> {
    sqlx::query!(
        "insert into checkouts (id, account_id, status, recipient, phone, province_code, province_name, commune_code,
                                commune_name, street, note, stated_age, goods_vnd, discount_vnd, shipping_vnd,
                                total_vnd, created_at, expires_at, placed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        checkout.id as _,
        account as _,
        checkout.status as _,
        checkout.recipient,
        checkout.phone,
        checkout.province_code,
        checkout.province_name,
        checkout.commune_code,
        checkout.commune_name,
        checkout.street,
        checkout.note,
        checkout.stated_age,
        quote.goods_vnd as _,
        quote.discount_vnd as _,
        quote.shipping_vnd as _,
        quote.total_vnd as _,
        checkout.created_at,
        checkout.expires_at,
        checkout.placed_at,
    )
    .execute(&mut *conn)
    .await?;
    insert_parts(conn, checkout.id, quote).await
}

async fn insert_parts(conn: &mut PgConnection, id: CheckoutId, quote: &Quote) -> Result<()> {
    let parts = || quote.parts.iter();
    let sellers: Vec<SellerId> = parts().map(|part| part.seller_id).collect();
    let slugs: Vec<String> = parts().map(|part| part.seller_slug.clone()).collect();
    let names: Vec<String> = parts().map(|part| part.seller_name.clone()).collect();
    let provinces: Vec<String> = parts().map(|part| part.province_code.clone()).collect();
    let grams: Vec<i32> = parts().map(|part| part.grams).collect();
    let parcels: Vec<i16> = parts().map(|part| part.parcels).collect();
    let shipping: Vec<Vnd> = parts().map(|part| part.shipping_vnd).collect();
    let waived: Vec<Vnd> = parts().map(|part| part.shipping_waived_vnd).collect();
    let days_min: Vec<i16> = parts().map(|part| part.days_min).collect();
    let days_max: Vec<i16> = parts().map(|part| part.days_max).collect();
    let demos: Vec<bool> = parts().map(|part| part.demo).collect();
    sqlx::query!(
        "insert into checkout_parts (checkout_id, seller_id, seller_slug, seller_name, province_code, grams, parcels,
                                     shipping_vnd, shipping_waived_vnd, days_min, days_max, demo)
         select $1, seller_id, seller_slug, seller_name, province_code, grams, parcels, shipping_vnd,
                shipping_waived_vnd, days_min, days_max, demo
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::smallint[], $8::bigint[],
                       $9::bigint[], $10::smallint[], $11::smallint[], $12::boolean[])
             as part (seller_id, seller_slug, seller_name, province_code, grams, parcels, shipping_vnd,
                      shipping_waived_vnd, days_min, days_max, demo)",
        id as _,
        &sellers as _,
        &slugs,
        &names,
        &provinces,
        &grams,
        &parcels,
        &shipping as _,
        &waived as _,
        &days_min,
        &days_max,
        &demos,
    )
    .execute(&mut *conn)
    .await?;
    insert_lines(conn, id, quote).await?;
    discounts::insert(conn, id, &quote.vouchers).await
}

async fn insert_lines(conn: &mut PgConnection, id: CheckoutId, quote: &Quote) -> Result<()> {
    let lines = || quote.parts.iter().flat_map(|part| part.lines.iter().map(move |line| (part.seller_id, line)));
    let sellers: Vec<SellerId> = lines().map(|(seller, _)| seller).collect();
    let variants: Vec<VariantId> = lines().map(|(_, line)| line.variant_id).collect();
    let listings: Vec<ListingId> = lines().map(|(_, line)| line.listing_id).collect();
    let slugs: Vec<String> = lines().map(|(_, line)| line.listing_slug.clone()).collect();
    let titles: Vec<String> = lines().map(|(_, line)| line.title.clone()).collect();
    let names: Vec<String> = lines().map(|(_, line)| line.variant_name.clone()).collect();
    let skus: Vec<String> = lines().map(|(_, line)| line.sku.clone()).collect();
    let prices: Vec<Vnd> = lines().map(|(_, line)| line.unit_price_vnd).collect();
    let quantities: Vec<i32> = lines().map(|(_, line)| line.quantity).collect();
    let cash_allowed: Vec<bool> = lines().map(|(_, line)| line.cash_allowed).collect();
    sqlx::query!(
        "insert into checkout_lines (checkout_id, seller_id, variant_id, listing_id, listing_slug, title, variant_name,
                                     sku, unit_price_vnd, quantity, cash_allowed)
         select $1, seller_id, variant_id, listing_id, listing_slug, title, variant_name, sku, unit_price_vnd, quantity,
                cash_allowed
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                       $10::integer[], $11::boolean[])
             as line (seller_id, variant_id, listing_id, listing_slug, title, variant_name, sku, unit_price_vnd,
                      quantity, cash_allowed)",
        id as _,
        &sellers as _,
        &variants as _,
        &listings as _,
        &slugs,
        &titles,
        &names,
        &skus,
        &prices as _,
        &quantities,
        &cash_allowed,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The account's own checkout, by what follows its `select`.
macro_rules! select_checkout {
    ($rest:tt, $id:expr, $account:expr) => {
        sqlx::query_as!(
            Checkout,
            r#"select id as "id: CheckoutId",
                      status as "status: CheckoutStatus",
                      recipient,
                      phone,
                      province_code,
                      province_name,
                      commune_code,
                      commune_name,
                      street,
                      note,
                      stated_age,
                      created_at,
                      expires_at,
                      placed_at
                 from checkouts
                where id = $1
                  and account_id = $2
               "#
                + $rest,
            $id as _,
            $account as _,
        )
    };
}

/// The account's own checkout.
pub async fn find(conn: &mut PgConnection, account: AccountId, id: CheckoutId) -> Result<Checkout> {
    let checkout = select_checkout!("", id, account).fetch_optional(conn).await?;
    checkout.or_refuse(&NOT_FOUND)
}

/// Like [`find`], locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, account: AccountId, id: CheckoutId) -> Result<Checkout> {
    let checkout = select_checkout!("for update", id, account).fetch_optional(conn).await?;
    checkout.or_refuse(&NOT_FOUND)
}

/// What the checkout was quoted.
pub async fn quote(conn: &mut PgConnection, id: CheckoutId) -> Result<Quote> {
    let mut lines = lines(conn, id).await?;
    let rows = sqlx::query!(
        r#"select seller_id as "seller_id: SellerId",
                  seller_slug,
                  seller_name,
                  province_code,
                  grams,
                  parcels,
                  shipping_vnd as "shipping_vnd: Vnd",
                  shipping_waived_vnd as "shipping_waived_vnd: Vnd",
                  days_min,
                  days_max,
                  demo
             from checkout_parts
            where checkout_id = $1
            order by seller_id"#,
        id as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut parts = Vec::with_capacity(rows.len());
    for row in rows {
        let lines = lines.remove(&row.seller_id).unwrap_or_default();
        let goods_vnd = sum(lines.iter().map(|line| line.amount_vnd))?;
        parts.push(Part {
            seller_id: row.seller_id,
            seller_slug: row.seller_slug,
            seller_name: row.seller_name,
            province_code: row.province_code,
            lines,
            grams: row.grams,
            parcels: row.parcels,
            goods_vnd,
            discount_vnd: Vnd::ZERO,
            shipping_vnd: row.shipping_vnd,
            shipping_waived_vnd: row.shipping_waived_vnd,
            total_vnd: sum([goods_vnd, row.shipping_vnd])?,
            days_min: row.days_min,
            days_max: row.days_max,
            demo: row.demo,
        });
    }
    Quote::sum(parts)?.discounted(discounts::find(conn, id).await?)
}

async fn lines(conn: &mut PgConnection, id: CheckoutId) -> Result<BTreeMap<SellerId, Vec<QuotedLine>>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller_id: SellerId",
                  variant_id as "variant_id: VariantId",
                  listing_id as "listing_id: ListingId",
                  listing_slug,
                  title,
                  variant_name,
                  sku,
                  unit_price_vnd as "unit_price_vnd: Vnd",
                  quantity,
                  cash_allowed
             from checkout_lines
            where checkout_id = $1
            order by variant_id"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    let mut lines: BTreeMap<SellerId, Vec<QuotedLine>> = BTreeMap::new();
    for row in rows {
        lines.entry(row.seller_id).or_default().push(QuotedLine {
            variant_id: row.variant_id,
            listing_id: row.listing_id,
            listing_slug: row.listing_slug,
            title: row.title,
            variant_name: row.variant_name,
            sku: row.sku,
            unit_price_vnd: row.unit_price_vnd,
            quantity: row.quantity,
            amount_vnd: amount(row.unit_price_vnd, row.quantity)?,
            discount_vnd: Vnd::ZERO,
            discount_by_seller_vnd: Vnd::ZERO,
            cash_allowed: row.cash_allowed,
        });
    }
    Ok(lines)
}

/// Puts a new quote in the place of the old one.
pub async fn replace_quote(conn: &mut PgConnection, id: CheckoutId, quote: &Quote) -> Result<()> {
    sqlx::query!("delete from checkout_parts where checkout_id = $1", id as _).execute(&mut *conn).await?;
    sqlx::query!(
        "update checkouts
            set goods_vnd = $2,
                discount_vnd = $3,
                shipping_vnd = $4,
                total_vnd = $5
          where id = $1",
        id as _,
        quote.goods_vnd as _,
        quote.discount_vnd as _,
        quote.shipping_vnd as _,
        quote.total_vnd as _,
    )
    .execute(&mut *conn)
    .await?;
    insert_parts(conn, id, quote).await
}

/// Notes that the checkout became orders.
pub async fn set_placed(conn: &mut PgConnection, id: CheckoutId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update checkouts set status = 'placed', placed_at = $2 where id = $1", id as _, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes the quotes that expired before `then`, and the addresses in them.
pub async fn forget(conn: &mut PgConnection, then: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from checkouts where status = 'quoted' and expires_at < $1", then).execute(conn).await?;
    Ok(())
}
