//! How many of a variant one buyer has had.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, VariantId};
use crate::platform::error::Result;

/// Of these variants, those of which the buyer has ordered more than their shop sells one buyer within its period. One
/// buyer is one account, or one phone number: guests have as many accounts as they like.
pub async fn over_cap(
    conn: &mut PgConnection,
    account: AccountId,
    phone: &str,
    variants: &[VariantId],
    now: DateTime<Utc>,
) -> Result<Vec<VariantId>> {
    let over = sqlx::query_scalar!(
        r#"select cap.variant_id as "variant_id: VariantId"
             from variant_caps as cap
             join order_lines on order_lines.variant_id = cap.variant_id
             join orders on orders.id = order_id
             join checkouts on checkouts.id = checkout_id
            where cap.variant_id = any($3)
              and per_period is not null
              and (orders.account_id = $1 or phone = $2)
              and orders.status not in ('cancelled', 'returned')
              and orders.placed_at > $4::timestamptz - make_interval(days => period_days)
            group by cap.variant_id
           having sum(quantity) > per_period
            order by cap.variant_id"#,
        account as _,
        phone,
        variants as _,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(over)
}
