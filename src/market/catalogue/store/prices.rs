//! What the goods of a set usually cost.

use sqlx::PgConnection;

use crate::kernel::{SellerId, Vnd};
use crate::market::certification::SetNo;
use crate::market::screening::UsualPrice;
use crate::platform::error::Result;

/// The median over the published listings of other shops in the set, each with its cheapest pack; none if there are no
/// such listings. What is sent is compared by the kilogram.
pub async fn usual(
    conn: &mut PgConnection,
    set_no: SetNo,
    but_of: SellerId,
    per_kilogram: bool,
) -> Result<Option<UsualPrice>> {
    let row = sqlx::query!(
        r#"select percentile_disc(0.5) within group (order by cheapest) as "median: Vnd",
                  count(*) as "listings!"
             from (
                  select min(case when $3 then variants.price_vnd * 1000 / grams else variants.price_vnd end) as cheapest
                    from listings
                    join variants on variants.listing_id = listings.id
                   where listings.set_no = $1
                     and listings.status = 'published'
                     and listings.seller_id <> $2
                     and variants.active
                     and variants.approved
                     and variants.price_vnd > 0
                     and (grams is not null or not $3)
                   group by listings.id) listed"#,
        set_no as _,
        but_of as _,
        per_kilogram,
    )
    .fetch_one(conn)
    .await?;
    Ok(row.median.map(|median| UsualPrice { per_kilogram, median, listings: row.listings }))
}
