//! What delivered orders add up to, and the table `sales_certificates`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Destinations, Figures, Issued, Period, ProductSales, Totals};
use crate::kernel::{AccountId, SalesCertificateId, SellerId, Vnd};
use crate::platform::error::Result;

/// A certificate as it was written down.
pub struct Written {
    pub statement: String,
    pub digest: Vec<u8>,
}

/// The shop's delivered orders of the period; `home` is its own province.
pub async fn figures(conn: &mut PgConnection, seller: SellerId, home: &str, period: Period) -> Result<Figures> {
    let (from, until) = period.instants()?;
    let products = products(conn, seller, (from, until)).await?;
    let sums = sqlx::query!(
        r#"select count(*) as "orders!", coalesce(sum(o.goods_vnd), 0)::bigint as "goods_vnd!: Vnd",
                  count(distinct c.province_code) as "provinces!",
                  count(*) filter (where c.province_code <> $4) as "orders_outside!",
                  coalesce(sum(o.goods_vnd) filter (where c.province_code <> $4), 0)::bigint
                      as "goods_outside_vnd!: Vnd"
             from orders o
             join checkouts c on c.id = o.checkout_id
            where o.seller_id = $1
              and o.status in ('delivered', 'completed')
              and o.delivered_at >= $2
              and o.delivered_at < $3"#,
        seller as _,
        from,
        until,
        home,
    )
    .fetch_one(conn)
    .await?;
    let quantity = products.iter().map(|product| product.quantity).sum();
    Ok(Figures {
        delivered: Totals { orders: sums.orders, quantity, goods_vnd: sums.goods_vnd },
        destinations: Destinations::new(sums.provinces, sums.orders_outside, sums.goods_outside_vnd, sums.orders),
        products,
    })
}

async fn products(
    conn: &mut PgConnection,
    seller: SellerId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<ProductSales>> {
    let products = sqlx::query_as!(
        ProductSales,
        r#"select to_char(o.delivered_at at time zone interval '07:00', 'YYYY-MM') as "month!",
                  l.listing_id as "listing_id: _",
                  (array_agg(l.title order by o.delivered_at desc, o.id desc, l.id desc))[1] as "title!",
                  count(distinct o.id) as "orders!", sum(l.quantity)::bigint as "quantity!",
                  sum(l.amount_vnd)::bigint as "goods_vnd!: _"
             from orders o
             join order_lines l on l.order_id = o.id
            where o.seller_id = $1
              and o.status in ('delivered', 'completed')
              and o.delivered_at >= $2
              and o.delivered_at < $3
            group by 1, l.listing_id
            order by 1, 3, l.listing_id"#,
        seller as _,
        from,
        until,
    )
    .fetch_all(conn)
    .await?;
    Ok(products)
}

pub async fn insert(
    conn: &mut PgConnection,
    id: SalesCertificateId,
    seller: SellerId,
    statement: &str,
    digest: &[u8],
    (by, now): (AccountId, DateTime<Utc>),
) -> Result<()> {
    sqlx::query!(
        "insert into sales_certificates (id, seller_id, statement, digest, issued_by, issued_at)
         values ($1, $2, $3, $4, $5, $6)",
        id as _,
        seller as _,
        statement,
        digest,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: SalesCertificateId) -> Result<Option<Written>> {
    let written = sqlx::query_as!(Written, "select statement, digest from sales_certificates where id = $1", id as _)
        .fetch_optional(conn)
        .await?;
    Ok(written)
}

/// The shop's certificates issued before `before`, newest first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<SalesCertificateId>,
    limit: i64,
) -> Result<Vec<Issued>> {
    let page = sqlx::query_as!(
        Issued,
        r#"select id as "id: _", issued_at
             from sales_certificates
            where seller_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(page)
}

/// How many certificates the shop has asked for since.
pub async fn count_since(conn: &mut PgConnection, seller: SellerId, since: DateTime<Utc>) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from sales_certificates where seller_id = $1 and issued_at >= $2"#,
        seller as _,
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}
