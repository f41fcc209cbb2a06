//! What shops take back without fault.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, SellerId};
use crate::platform::error::Result;

/// What a shop takes back from a buyer who has changed their mind.
#[derive(Debug, Clone)]
pub struct ShopPolicy {
    pub changed_mind_days: i16,
    pub words: Option<String>,
    pub since: DateTime<Utc>,
}

/// The shop's policy at that instant; none if it never set one, which is to take back nothing without fault.
pub async fn policy_at(conn: &mut PgConnection, seller: SellerId, at: DateTime<Utc>) -> Result<Option<ShopPolicy>> {
    let policy = sqlx::query_as!(
        ShopPolicy,
        "select changed_mind_days, words, since
           from shop_return_policies
          where seller_id = $1
            and since <= $2
          order by since desc
          limit 1",
        seller as _,
        at,
    )
    .fetch_optional(conn)
    .await?;
    Ok(policy)
}

/// Sets the shop's policy from now on. A second one of the same instant replaces the first.
pub async fn set_policy(
    conn: &mut PgConnection,
    seller: SellerId,
    (changed_mind_days, words): (i16, Option<&str>),
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into shop_return_policies (seller_id, since, changed_mind_days, words, set_by)
         values ($1, $2, $3, $4, $5)
         on conflict on constraint shop_return_policies_pk do update
            set changed_mind_days = excluded.changed_mind_days, words = excluded.words, set_by = excluded.set_by",
        seller as _,
        now,
        changed_mind_days,
        words,
        by as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
