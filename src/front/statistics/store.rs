//! What is counted, in the tables of every slice, and the table `statistics_months`.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::{
    CaseFigures, CertificateCount, ListingCount, OrderFigures, Period, ProvinceFigures, SearchCount, SellerCount,
};
use crate::front::shelf::search::FEWEST_SEARCHES;
use crate::kernel::clock::day_of;
use crate::kernel::{Month, Vnd};
use crate::market::certification::{self, ClaimStatus, Standing};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// Figures by province code.
type ByProvince<T> = Vec<(String, T)>;

/// Counts everything in the provinces, those with nothing to count included, by code.
pub async fn count(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<Vec<ProvinceFigures>> {
    let mut counted = empty(conn, provinces).await?;
    let mut put = Figures(&mut counted);
    put.each(sellers(conn, provinces, period).await?, |province| &mut province.sellers);
    put.each(listings(conn, provinces, period).await?, |province| &mut province.listings);
    put.each(certificates(conn, provinces, period).await?, |province| &mut province.certificates);
    put.each(cases(conn, provinces, period).await?, |province| &mut province.cases);
    put.each(orders(conn, provinces, period).await?, |province| &mut province.orders);
    put.each(searches(conn, provinces, period).await?, |province| &mut province.searches);
    Ok(counted.into_values().collect())
}

struct Figures<'a>(&'a mut BTreeMap<String, ProvinceFigures>);

impl Figures<'_> {
    fn each<T>(&mut self, counted: ByProvince<T>, place: impl Fn(&mut ProvinceFigures) -> &mut Vec<T>) {
        for (province, figures) in counted {
            if let Some(province) = self.0.get_mut(&province) {
                place(province).push(figures);
            }
        }
    }
}

async fn empty(conn: &mut PgConnection, provinces: &Provinces) -> Result<BTreeMap<String, ProvinceFigures>> {
    let names = sqlx::query!("select code, name_vi from provinces where code = any($1)", provinces.codes())
        .fetch_all(conn)
        .await?;
    let none = |code: &str, province: String| ProvinceFigures {
        province_code: code.to_owned(),
        province,
        sellers: Vec::new(),
        listings: Vec::new(),
        certificates: Vec::new(),
        cases: Vec::new(),
        orders: Vec::new(),
        searches: Vec::new(),
    };
    Ok(names.into_iter().map(|row| (row.code.clone(), none(&row.code, row.name_vi))).collect())
}

/// Shops by kind, status and commune. The status has no history, but for the approval's instant.
async fn sellers(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<ByProvince<SellerCount>> {
    let rows = sqlx::query!(
        r#"select sellers.province_code,
                  commune_code,
                  communes.name_vi as commune,
                  sellers.kind,
                  case when approved_at >= $2 and submitted_at < $2 then 'submitted'
                       when approved_at >= $2 then 'draft'
                       else status
                  end as "status!",
                  count(*) as "sellers!"
             from sellers
             join communes on communes.code = sellers.commune_code
            where sellers.province_code = any($1)
              and created_at < $2
            group by 1, 2, 3, 4, 5
            order by 1, 2, 4, 5"#,
        provinces.codes(),
        period.end,
    )
    .fetch_all(conn)
    .await?;
    let counted = rows.into_iter().map(|row| {
        let count = SellerCount {
            commune_code: row.commune_code,
            commune: row.commune,
            kind: row.kind,
            status: row.status,
            sellers: row.sellers,
        };
        (row.province_code, count)
    });
    Ok(counted.collect())
}

/// What is on the shelf, by commune, set and stars. What left the shelf since is not known.
async fn listings(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<ByProvince<ListingCount>> {
    let rows = sqlx::query!(
        r#"select card.province_code as "province_code!",
                  card.commune_code as "commune_code!",
                  communes.name_vi as commune,
                  card.set_no as "set_no!",
                  product_sets.name_vi as product_set,
                  card.stars,
                  count(*) as "listings!"
             from shelf_cards($3) as card
             join communes on communes.code = card.commune_code
             join product_sets on product_sets.set_no = card.set_no
            where card.province_code = any($1)
              and card.published_at < $2
            group by 1, 2, 3, 4, 5, 6
            order by 1, 2, 4, 6 desc nulls last"#,
        provinces.codes(),
        period.end,
        period.last_day,
    )
    .fetch_all(conn)
    .await?;
    let counted = rows.into_iter().map(|row| {
        let count = ListingCount {
            commune_code: row.commune_code,
            commune: row.commune,
            set_no: row.set_no,
            product_set: row.product_set,
            stars: row.stars,
            listings: row.listings,
        };
        (row.province_code, count)
    });
    Ok(counted.collect())
}

/// Certificates by state and stars. The state is the one of `certification`, on the period's last day, from what was known
/// by then: claims, verifications and filings are dated; a refusal and a successor are not.
async fn certificates(
    conn: &mut PgConnection,
    provinces: &Provinces,
    period: &Period,
) -> Result<ByProvince<CertificateCount>> {
    let rows = sqlx::query!(
        r#"select province_code,
                  case when verified_at >= $2 then 'claimed' else status end as "status!: ClaimStatus",
                  stars,
                  expires_on,
                  case when filed_on <= $3 then filed_on end as filed_on,
                  revoked_on,
                  superseded_by is not null as "superseded!",
                  count(*) as "certificates!"
             from certificates
            where province_code = any($1)
              and claimed_at < $2
            group by 1, 2, 3, 4, 5, 6, 7"#,
        provinces.codes(),
        period.end,
        period.last_day,
    )
    .fetch_all(conn)
    .await?;
    let mut counts = BTreeMap::<(String, String, i16), CertificateCount>::new();
    for row in rows {
        let standing = Standing {
            status: row.status,
            expires_on: row.expires_on,
            filed_on: row.filed_on,
            revoked_on: row.revoked_on,
            superseded: row.superseded,
        };
        let state = certification::state(&standing, period.last_day);
        let key = (row.province_code, format!("{state:?}"), row.stars);
        let count = counts.entry(key).or_insert_with(|| CertificateCount::none(state, row.stars));
        count.add(row.certificates, (row.expires_on - period.last_day).num_days());
    }
    Ok(counts.into_iter().map(|((province, _, _), count)| (province, count)).collect())
}

/// Cases by kind: opened and decided in the period, and what waits at its end.
async fn cases(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<ByProvince<CaseFigures>> {
    let rows = sqlx::query!(
        r#"select province_code,
                  kind,
                  count(*) filter (where opened_at >= $2) as "opened!",
                  array_agg(floor(extract(epoch from decided_at - opened_at) / 60)::bigint
                            order by decided_at - opened_at)
                      filter (where decided_at >= $2 and decided_at < $3) as handling_minutes,
                  count(*) filter (where decided_at >= $2 and decided_at < $3 and decided_at >= due_at)
                      as "decided_late!",
                  count(*) filter (where status = 'open' or decided_at >= $3) as "waiting!",
                  count(*) filter (where (status = 'open' or decided_at >= $3) and due_at <= $4) as "waiting_late!"
             from cases
            where province_code = any($1)
              and opened_at < $3
              and (opened_at >= $2 or status = 'open' or decided_at >= $2)
            group by 1, 2
            order by 1, 2"#,
        provinces.codes(),
        period.start,
        period.end,
        period.as_of,
    )
    .fetch_all(conn)
    .await?;
    let counted = rows.into_iter().map(|row| {
        let figures = CaseFigures {
            kind: row.kind,
            opened: row.opened,
            handling_minutes: row.handling_minutes.unwrap_or_default(),
            decided_late: row.decided_late,
            waiting: row.waiting,
            waiting_late: row.waiting_late,
        };
        (row.province_code, figures)
    });
    Ok(counted.collect())
}

/// Orders by the shop's province and the destination, each by the instants of its turns.
async fn orders(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<ByProvince<OrderFigures>> {
    let rows = sqlx::query!(
        r#"select sellers.province_code,
                  checkouts.province_code as destination_code,
                  provinces.name_vi as destination,
                  count(*) filter (where event.status = 'placed') as "placed!",
                  coalesce(sum(orders.goods_vnd) filter (where event.status = 'placed'), 0)::bigint as "placed_vnd!: Vnd",
                  count(*) filter (where event.status = 'delivered') as "delivered!",
                  coalesce(sum(orders.goods_vnd) filter (where event.status = 'delivered'), 0)::bigint as "delivered_vnd!: Vnd",
                  -- An order nobody ever paid was never placed.
                  count(*) filter (where event.status = 'cancelled' and orders.accept_by is not null) as "cancelled!"
             from order_events as event
             join orders on orders.id = event.order_id
             join sellers on sellers.id = orders.seller_id
             join checkouts on checkouts.id = orders.checkout_id
             join provinces on provinces.code = checkouts.province_code
            where event.at >= $2
              and event.at < $3
              and event.status in ('placed', 'delivered', 'cancelled')
              and sellers.province_code = any($1)
            group by 1, 2, 3
            order by 1, 2"#,
        provinces.codes(),
        period.start,
        period.end,
    )
    .fetch_all(conn)
    .await?;
    let counted = rows.into_iter().map(|row| {
        let figures = OrderFigures {
            destination_code: row.destination_code,
            destination: row.destination,
            placed: row.placed,
            placed_vnd: row.placed_vnd,
            delivered: row.delivered,
            delivered_vnd: row.delivered_vnd,
            cancelled: row.cancelled,
        };
        (row.province_code, figures)
    });
    Ok(counted.collect())
}

/// What was looked for in vain in each province, as far as enough people did; the most often first.
async fn searches(conn: &mut PgConnection, provinces: &Provinces, period: &Period) -> Result<ByProvince<SearchCount>> {
    let rows = sqlx::query!(
        r#"select province_code as "province_code!", words, sum(count) as "searches!"
             from search_misses
            where province_code = any($1)
              and day >= $2
              and day <= $3
            group by province_code, words
           having sum(count) >= $4
            order by province_code, 3 desc, words"#,
        provinces.codes(),
        day_of(period.start),
        period.last_day,
        i64::from(FEWEST_SEARCHES),
    )
    .fetch_all(conn)
    .await?;
    let counted =
        rows.into_iter().map(|row| (row.province_code, SearchCount { words: row.words, searches: row.searches }));
    Ok(counted.collect())
}

/// The figures of the month as they were frozen, by province code, and when the last of them were.
pub async fn find_frozen(
    conn: &mut PgConnection,
    provinces: &Provinces,
    month: Month,
) -> Result<Option<(Vec<ProvinceFigures>, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"select figures as "figures: Json<ProvinceFigures>", frozen_at
             from statistics_months
            where month = $1
              and province_code = any($2)
            order by province_code"#,
        month.first_day(),
        provinces.codes(),
    )
    .fetch_all(conn)
    .await?;
    let frozen_at = rows.iter().map(|row| row.frozen_at).max();
    Ok(frozen_at.map(|at| (rows.into_iter().map(|row| row.figures.0).collect(), at)))
}

/// Lets one transaction at a time freeze months.
pub async fn lock_freezing(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('statistics.freeze'))").execute(conn).await?;
    Ok(())
}

/// The first month that is not frozen: after the last one that is, or the one in which anything happened first.
pub async fn first_unfrozen(conn: &mut PgConnection) -> Result<Option<Month>> {
    let day = sqlx::query_scalar!(
        r#"select coalesce(
                      (select (max(month) + interval '1 month')::date from statistics_months),
                      (least((select min(created_at) from sellers),
                             (select min(claimed_at) from certificates)) at time zone 'Asia/Ho_Chi_Minh')::date)"#
    )
    .fetch_one(conn)
    .await?;
    Ok(day.map(|day: NaiveDate| Month::of(day)))
}

/// Writes the figures of a closed month down, for good.
pub async fn freeze(
    conn: &mut PgConnection,
    month: Month,
    figures: &[ProvinceFigures],
    now: DateTime<Utc>,
) -> Result<()> {
    for province in figures {
        sqlx::query!(
            "insert into statistics_months (month, province_code, figures, frozen_at)
             values ($1, $2, $3, $4)",
            month.first_day(),
            province.province_code,
            Json(province) as _,
            now,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
