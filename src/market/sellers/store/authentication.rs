//! The tables `selling_rules`, `seller_authentications`, `seller_authentication_notices`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, SellerId};
use crate::market::sellers::authentication::{AuthenticationMethod, NewAuthentication};
use crate::platform::error::Result;

/// Adds the proof; of two in one instant the later one counts.
pub async fn insert(
    conn: &mut PgConnection,
    seller: SellerId,
    new: &NewAuthentication,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into seller_authentications (seller_id, method, reference, authenticated_at, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint seller_authentications_pk do update
            set method = excluded.method,
                reference = excluded.reference,
                authenticated_at = excluded.authenticated_at,
                recorded_by = excluded.recorded_by",
        seller as _,
        new.method as _,
        new.reference,
        new.authenticated_at,
        now,
        by as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How and when the shop proved who it is, as recorded last.
pub async fn last(conn: &mut PgConnection, seller: SellerId) -> Result<Option<(AuthenticationMethod, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"select method as "method: AuthenticationMethod", authenticated_at
             from seller_authentications
            where seller_id = $1
            order by recorded_at desc
            limit 1"#,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.method, row.authenticated_at)))
}

/// The first day of the rule in force, or of the next one.
pub async fn needed_from(conn: &mut PgConnection, today: NaiveDate) -> Result<Option<NaiveDate>> {
    let day = sqlx::query_scalar!(
        r#"select min(effective_from) as "day"
             from selling_rules
            where kind = 'e_authentication'
              and (effective_to is null or $1 < effective_to)"#,
        today,
    )
    .fetch_one(conn)
    .await?;
    Ok(day)
}

/// A shop that is to be warned, and of what.
pub struct Warning {
    pub seller: SellerId,
    pub effective_from: NaiveDate,
}

/// Notes for up to `limit` approved or suspended shops without authentication that they are being warned of the rule to
/// come, and says which. Each is warned once as soon as a row of `notice_days` applies: the nearest one, so that a shop
/// that opens late is not told twice in one day.
pub async fn take_warnings(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Warning>> {
    let warnings = sqlx::query_as!(
        Warning,
        r#"with coming as (
               select effective_from, min(days)::smallint as days_before
                 from selling_rules
                cross join unnest(notice_days) as days
                where kind = 'e_authentication'
                  and effective_from > $1
                  and effective_from - $1 <= days
                group by effective_from)
           insert into seller_authentication_notices (seller_id, effective_from, days_before, written_at)
           select sellers.id, effective_from, days_before, $2
             from sellers
            cross join coming
            where sellers.status in ('approved', 'suspended')
              and not exists (select 1 from seller_authentications where seller_id = sellers.id)
              and not exists (
                  select 1
                    from seller_authentication_notices as written
                   where written.seller_id = sellers.id
                     and written.effective_from = coming.effective_from
                     and written.days_before = coming.days_before)
            order by sellers.id
            limit $3
               on conflict on constraint seller_authentication_notices_pk do nothing
        returning seller_id as "seller: SellerId", effective_from"#,
        today,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(warnings)
}
