//! The tables `trusted_publishing` and `trusted_sellers`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, SellerId};
use crate::market::screening::trust::{NewSwitch, SampleEvery, Switch, Trust};
use crate::platform::error::Result;

/// How the province has it now.
pub async fn switch(conn: &mut PgConnection, province_code: &str) -> Result<Option<Switch>> {
    let switch = sqlx::query_as!(
        Switch,
        r#"select province_code, enabled, sample_every as "sample_every: _", effective_from as "effective_from?"
             from trusted_publishing
            where province_code = $1
              and effective_to is null"#,
        province_code,
    )
    .fetch_optional(conn)
    .await?;
    Ok(switch)
}

/// Ends what the province had and begins what it has from now on; one writer at a time, readers go on.
pub async fn set_switch(
    conn: &mut PgConnection,
    province_code: &str,
    new: &NewSwitch,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("lock table trusted_publishing in share row exclusive mode").execute(&mut *conn).await?;
    sqlx::query!(
        "update trusted_publishing
            set effective_to = $2
          where province_code = $1
            and effective_to is null",
        province_code,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into trusted_publishing (id, province_code, enabled, sample_every, effective_from, set_by)
         values ($1, $2, $3, $4, $5, $6)",
        new.id as _,
        province_code,
        new.enabled,
        new.sample_every as _,
        now,
        new.by as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many of the shop's edits are published for one that is looked at, if its province has switched it on; neither
/// changes until the transaction ends.
pub async fn hold_switch(conn: &mut PgConnection, province_code: &str) -> Result<Option<SampleEvery>> {
    let every = sqlx::query_scalar!(
        r#"select sample_every as "sample_every: SampleEvery"
             from trusted_publishing
            where province_code = $1
              and effective_to is null
              and enabled
              for share"#,
        province_code,
    )
    .fetch_optional(conn)
    .await?;
    Ok(every)
}

/// Counts one more edit of a trusted shop: how many there were before it, or nothing if nobody trusts the shop.
pub async fn count_edit(conn: &mut PgConnection, seller: SellerId) -> Result<Option<i32>> {
    let before = sqlx::query_scalar!(
        r#"update trusted_sellers
              set published = published + 1
            where seller_id = $1
              and ended_at is null
        returning published - 1 as "before!""#,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(before)
}

pub async fn find(conn: &mut PgConnection, seller: SellerId) -> Result<Option<Trust>> {
    let trust = sqlx::query_as!(
        Trust,
        r#"select seller_id as "seller_id: _", ended_at is null as "trusted!", since as "since?",
                  given_words as "given_words?", published, ended_at, ended_words
             from trusted_sellers
            where seller_id = $1
            order by since desc
            limit 1"#,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(trust)
}

/// Begins to trust the shop, unless it is trusted already.
pub async fn begin(
    conn: &mut PgConnection,
    seller: SellerId,
    by: AccountId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into trusted_sellers (seller_id, since, given_by, given_words)
         values ($1, $2, $3, $4)
             on conflict do nothing",
        seller as _,
        now,
        by as _,
        words,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the trust, if there is any.
pub async fn end(
    conn: &mut PgConnection,
    seller: SellerId,
    by: AccountId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update trusted_sellers
            set ended_at = $3, ended_by = $2, ended_words = $4
          where seller_id = $1
            and ended_at is null",
        seller as _,
        by as _,
        now,
        words,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins again the trust that ended at `ended_at`, in the words it was given with, unless another began since.
pub async fn begin_again(
    conn: &mut PgConnection,
    seller: SellerId,
    ended_at: DateTime<Utc>,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into trusted_sellers (seller_id, since, given_by, given_words)
         select seller_id, $4, $3, given_words
           from trusted_sellers as ended
          where seller_id = $1
            and ended_at = $2
            and not exists (
                select 1
                  from trusted_sellers as later
                 where later.seller_id = ended.seller_id
                   and later.since > ended.since)
             on conflict do nothing",
        seller as _,
        ended_at,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
