//! The tables `variant_price_breaks` and `variant_caps`.

use sqlx::PgConnection;

use crate::kernel::{Price, SellerId, VariantId};
use crate::market::catalogue::offers::terms::{PriceBreak, Terms};
use crate::platform::error::Result;

/// The price of one of the shop's variants, locked until the transaction ends.
pub async fn lock_price(conn: &mut PgConnection, seller: SellerId, variant: VariantId) -> Result<Option<Price>> {
    let price = sqlx::query_scalar!(
        r#"select variants.price_vnd as "price_vnd: Price"
             from variants
             join listings on listings.id = listing_id
            where variants.id = $1
              and seller_id = $2
              for no key update of variants"#,
        variant as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(price)
}

/// The terms of a variant.
pub async fn find(conn: &mut PgConnection, variant: VariantId) -> Result<Terms> {
    let price_breaks = sqlx::query_as!(
        PriceBreak,
        r#"select from_quantity, price_vnd as "unit_price_vnd: Price"
             from variant_price_breaks
            where variant_id = $1
            order by from_quantity"#,
        variant as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let caps = sqlx::query!(
        "select per_order, per_period, period_days from variant_caps where variant_id = $1",
        variant as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match caps {
        None => Terms { price_breaks, ..Terms::default() },
        Some(caps) => Terms {
            price_breaks,
            per_order: caps.per_order,
            per_period: caps.per_period,
            period_days: caps.period_days,
        },
    })
}

/// Puts these in the place of the locked variant's terms.
pub async fn replace(conn: &mut PgConnection, variant: VariantId, terms: &Terms) -> Result<()> {
    sqlx::query!("delete from variant_price_breaks where variant_id = $1", variant as _).execute(&mut *conn).await?;
    sqlx::query!("delete from variant_caps where variant_id = $1", variant as _).execute(&mut *conn).await?;
    let quantities: Vec<i32> = terms.price_breaks.iter().map(|step| step.from_quantity).collect();
    let prices: Vec<Price> = terms.price_breaks.iter().map(|step| step.unit_price_vnd).collect();
    sqlx::query!(
        "insert into variant_price_breaks (variant_id, from_quantity, price_vnd)
         select $1, from_quantity, price_vnd
           from unnest($2::integer[], $3::bigint[]) as step (from_quantity, price_vnd)",
        variant as _,
        &quantities,
        &prices as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into variant_caps (variant_id, per_order, per_period, period_days)
         select $1, $2, $3, $4
          where num_nonnulls($2::integer, $3::integer) > 0",
        variant as _,
        terms.per_order,
        terms.per_period,
        terms.period_days,
    )
    .execute(conn)
    .await?;
    Ok(())
}
