//! The queue of one province among all of them.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ocop_market::market::cases::{self, CaseFilter, CaseStatus};
use ocop_market::people::access::{OfficerRole, Provinces};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::{Actor, LAI_CHAU, TestApp};

const CASES: i64 = 10_000;

#[tokio::test]
async fn the_queue_of_one_province_among_ten_thousand_cases_is_read_along_its_index() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let now = app.clock.now();
    let fill = app.app.db.act(async |conn| fill(conn, &shop.id, shop.account().to_string(), now).await);
    fill.await.unwrap();

    let read = app.app.db.act(async |conn| {
        let provinces = Provinces::new(vec![LAI_CHAU.to_owned()]);
        let filter = filter(officer.account(), now);
        let page = cases::queue(conn, &provinces, &filter, None, 25).await?;
        cases::count_by_kind(conn, &provinces, &filter).await?;
        let mut plans = Vec::new();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            sqlx::query(AssertSqlSafe(format!("set local plan_cache_mode = {mode}"))).execute(&mut *conn).await?;
            plans.push((mode, plan(conn, "%cross join lateral (%from cases%", &page_arguments(now)).await?));
        }
        let counting = plan(conn, "%from cases%group by kind%", &count_arguments(now)).await?;
        Ok((page, plans, counting))
    });
    let (page, plans, counting) = read.await.unwrap();
    assert_eq!(page.len(), 25);
    assert!(page.iter().all(|case| case.province_code == LAI_CHAU));
    assert!(page.is_sorted_by_key(|case| (case.due_at, case.id)));
    for (mode, plan) in plans {
        let walk = parents_of_scan(&plan);
        // What is sorted above are the first 25 cases of each province.
        assert_eq!(walk.last().map(String::as_str), Some("Index Scan using cases_queue"), "{mode}: {plan:#}");
        assert_eq!(walk[walk.len() - 2], "Limit", "{mode}: nothing is sorted below the limit: {plan:#}");
    }
    let walk = parents_of_scan(&counting);
    assert!(walk.last().unwrap().contains("cases_queue"), "{counting:#}");

    for (what, path) in [
        ("page", "/admin/v1/cases?limit=24"),
        ("page and counts", "/admin/v1/cases?limit=24&facets=kind"),
        ("page of one kind", "/admin/v1/cases?limit=24&kind=certificate_claim"),
    ] {
        println!("queue of one province, {CASES} cases in all: {what}: {:?}", median(&officer, path).await);
    }
    let operator = app.operator().await;
    let page = operator.get("/admin/v1/cases?limit=100&facets=kind").await.ok();
    let counted: i64 = page["kinds"].as_array().unwrap().iter().map(|kind| kind["count"].as_i64().unwrap()).sum();
    assert_eq!(counted, CASES);
    println!("queue of all provinces: page and counts: {:?}", median(&operator, "/admin/v1/cases?facets=kind").await);
    app.finish().await;
}

/// The open cases of one shop in every province: what they are about does not matter to the queue.
async fn fill(
    conn: &mut PgConnection,
    seller: &str,
    account: String,
    now: DateTime<Utc>,
) -> ocop_market::platform::error::Result<()> {
    sqlx::query(
        "insert into cases (id, kind, subject_id, matter_id, seller_id, province_code, commune_code, title, search_text,
                            opened_by, opened_at, due_at)
         select gen_random_uuid(),
                (array['seller_application', 'certificate_claim', 'listing_revision', 'complaint'])[1 + number % 4],
                matter, matter, $1::uuid, province_code, code, 'Hồ sơ ' || number, 'ho so ' || number, $2::uuid,
                $3::timestamptz - interval '2 days', $3::timestamptz + (number - 3000) * interval '1 minute'
           from (select number, gen_random_uuid() as matter from generate_series(1, $4) as number) as numbered
           join (select code, province_code, row_number() over (order by code) - 1 as place, count(*) over () as places
                   from communes) as placed
             on place = number % places",
    )
    .bind(seller)
    .bind(account)
    .bind(now)
    .bind(CASES)
    .execute(&mut *conn)
    .await?;
    let provinces: i64 = sqlx::query_scalar("select count(distinct province_code) from cases where status = 'open'")
        .fetch_one(&mut *conn)
        .await?;
    assert_eq!(provinces, 34);
    sqlx::query("analyze cases").execute(&mut *conn).await?;
    Ok(())
}

fn filter(viewer: ocop_market::kernel::AccountId, now: DateTime<Utc>) -> CaseFilter {
    CaseFilter {
        kind: None,
        status: CaseStatus::Open,
        province: None,
        legacy_province: None,
        commune: None,
        due_before: None,
        late: None,
        holder: None,
        words: None,
        viewer,
        now,
    }
}

fn page_arguments(now: DateTime<Utc>) -> String {
    let nulls = ["null"; 8].join(", ");
    format!("'{{12}}', 'open', {nulls}, '{now:?}', null, null, 25, null")
}

fn count_arguments(now: DateTime<Utc>) -> String {
    format!("'{{12}}', 'open', null, null, null, null, null, '{now:?}', null, null, null")
}

/// The plan of the very statement the queue has prepared on this connection.
async fn plan(conn: &mut PgConnection, like: &str, arguments: &str) -> ocop_market::platform::error::Result<Value> {
    let name: String = sqlx::query_scalar(
        "select name from pg_prepared_statements where statement like $1 and statement not like '%pg_prepared%'",
    )
    .bind(like)
    .fetch_one(&mut *conn)
    .await?;
    let explain = format!("explain (analyze, timing off, format json) execute {name} ({arguments})");
    let plan: Value = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_one(conn).await?;
    println!("{like}: planned in {} ms, executed in {} ms", plan[0]["Planning Time"], plan[0]["Execution Time"]);
    Ok(plan[0]["Plan"].clone())
}

/// The nodes from the top down to the scan of `cases`.
fn parents_of_scan(node: &Value) -> Vec<String> {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let own = match node["Index Name"].as_str() {
        Some(index) => format!("{kind} using {index}"),
        None => kind.to_owned(),
    };
    if node["Relation Name"] == "cases" {
        let below = node["Plans"].as_array().and_then(|below| below.first());
        let through = below.and_then(|below| below["Index Name"].as_str()).map(|index| format!("{own} using {index}"));
        return vec![through.unwrap_or(own)];
    }
    let below = node["Plans"].as_array().into_iter().flatten();
    let found = below.map(parents_of_scan).find(|path| !path.is_empty());
    found.map(|path| [vec![own], path].concat()).unwrap_or_default()
}

/// The middle one of 21 times, through HTTP.
async fn median(officer: &Actor, path: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        officer.get(path).await.ok();
        times.push(start.elapsed());
    }
    times.sort();
    times[10]
}
