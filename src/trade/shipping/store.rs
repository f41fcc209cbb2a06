//! The tables of rates, carriers' rules, communes that are hard to reach, and shops' terms.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{CarrierRule, Place, Rate, ShippingTerms, Surcharge, Tariff};
use crate::kernel::{Price, SellerId, Vnd};
use crate::platform::error::{Error, Result};

/// What it costs today to send something from these shops to the commune, and where that lies.
pub async fn tariff(
    conn: &mut PgConnection,
    sellers: &[SellerId],
    commune: &str,
    today: NaiveDate,
) -> Result<(Tariff, Place)> {
    let (to, surcharge) = destination(conn, commune, today).await?;
    let tariff = Tariff {
        rates: rates(conn, today).await?,
        rule: carrier_rule(conn, "tariff", today).await?,
        surcharge,
        terms: terms(conn, sellers).await?.into_iter().collect(),
    };
    Ok((tariff, to))
}

async fn rates(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Rate>> {
    let rates = sqlx::query_as!(
        Rate,
        r#"select scope as "reach: _", up_to_grams, price_vnd as "price: Vnd", days_min, days_max
             from shipping_rates
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by id"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(rates)
}

/// What the carrier takes on the day.
pub async fn carrier_rule(conn: &mut PgConnection, carrier: &str, today: NaiveDate) -> Result<CarrierRule> {
    let rule = sqlx::query_as!(
        CarrierRule,
        r#"select divisor, most_grams, most_side_mm, most_parcels, most_cod_vnd as "most_cod: Vnd",
                  most_insured_vnd as "most_insured: Vnd"
             from carrier_rules
            where carrier = $1
              and $2 >= effective_from
              and (effective_to is null or $2 < effective_to)
            order by effective_from desc, id desc
            limit 1"#,
        carrier,
        today,
    )
    .fetch_optional(conn)
    .await?;
    rule.ok_or_else(|| Error::fault(format!("no rule of carrier `{carrier}` on {today}")))
}

/// Where the commune lies, and what it costs more if it is hard to reach.
async fn destination(conn: &mut PgConnection, commune: &str, today: NaiveDate) -> Result<(Place, Option<Surcharge>)> {
    let row = sqlx::query!(
        r#"select province_code,
                  region,
                  surcharge.price_vnd as "price?: Vnd",
                  surcharge.extra_days as "extra_days?"
             from communes
             join provinces on provinces.code = province_code
             left join lateral (
                  select price_vnd, extra_days
                    from remote_communes
                    join remote_surcharges using (kind)
                   where commune_code = communes.code
                     and $2 >= remote_communes.effective_from
                     and (remote_communes.effective_to is null or $2 < remote_communes.effective_to)
                     and $2 >= remote_surcharges.effective_from
                     and (remote_surcharges.effective_to is null or $2 < remote_surcharges.effective_to)
                   order by remote_communes.effective_from desc, remote_surcharges.effective_from desc
                   limit 1) as surcharge on true
            where communes.code = $1"#,
        commune,
        today,
    )
    .fetch_optional(conn)
    .await?;
    let row = row.ok_or_else(|| Error::fault(format!("commune {commune} does not exist")))?;
    let surcharge = row.price.zip(row.extra_days).map(|(price, extra_days)| Surcharge { price, extra_days });
    Ok((Place { province: row.province_code, region: row.region }, surcharge))
}

/// What these shops promise; those that never said anything are missing.
pub async fn terms(conn: &mut PgConnection, sellers: &[SellerId]) -> Result<Vec<(SellerId, ShippingTerms)>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller: SellerId", free_from_vnd as "free_from: Price", handling_days
             from shipping_terms
            where seller_id = any($1)"#,
        sellers as _,
    )
    .fetch_all(conn)
    .await?;
    let terms = rows
        .into_iter()
        .map(|row| (row.seller, ShippingTerms { free_from_vnd: row.free_from, handling_days: row.handling_days }));
    Ok(terms.collect())
}

/// Writes down what a shop promises from now on.
pub async fn set_terms(
    conn: &mut PgConnection,
    seller: SellerId,
    terms: &ShippingTerms,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into shipping_terms (seller_id, free_from_vnd, handling_days, changed_at)
         values ($1, $2, $3, $4)
         on conflict on constraint shipping_terms_pk
         do update set free_from_vnd = excluded.free_from_vnd,
                       handling_days = excluded.handling_days,
                       changed_at = excluded.changed_at",
        seller as _,
        terms.free_from_vnd as _,
        terms.handling_days,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
