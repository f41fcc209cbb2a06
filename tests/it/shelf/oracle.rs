//! The model kept fresh from the database answers what plain SQL does, over random catalogues and random edits.

use chrono::{NaiveDate, TimeDelta};
use ocop_market::market::certification::{self, NewCertificate, SetNo, Stars};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::support::{Goods, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp};

/// Numbers that look random and are the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let end = i64::try_from(of.len()).unwrap();
        of[usize::try_from(self.below(end)).unwrap()]
    }

    /// Half of the time nothing.
    fn maybe<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (self.below(2) == 0).then(|| self.one(of))
    }
}

/// Shops in three provinces with goods of several sets, some of them certified.
async fn market(app: &TestApp) {
    const WINE: Goods<'static> = Goods { title: "Rượu ngô", set_no: 14, ..TEA };
    for (name, province) in [("Hợp tác xã A", LAI_CHAU), ("Hợp tác xã B", HA_NOI), ("Hợp tác xã C", LAI_CHAU)]
    {
        let stall = app.stall(name, province).await;
        for goods in [TEA, HONEY, WINE, TEA, HONEY] {
            let ware = app.shelve(&stall, goods).await;
            let new = NewCertificate {
                product_name: format!("{} {}", goods.title, ware.slug),
                owner_name: name.to_owned(),
                owner_tax_code: None,
                set_no: SetNo::try_from(goods.set_no).unwrap(),
                stars: Stars::try_from(3).unwrap(),
                decision_number: serde_json::from_value(json!("3981/QĐ-UBND")).unwrap(),
                decision_date: day(app, -300),
                authority: "UBND tỉnh".to_owned(),
                issued_on: day(app, -300),
                legacy_province_code: "12".to_owned(),
                scan_id: None,
                import_id: None,
                demo: true,
            };
            let now = app.clock.now();
            let certify = async |conn: &mut sqlx::PgConnection| {
                let id = certification::insert_demo(conn, stall.id, &new, now).await?;
                sqlx::query("update listings set certificate_id = $1 where id = $2")
                    .bind(id)
                    .bind(ware.listing)
                    .execute(conn)
                    .await?;
                Ok(())
            };
            app.app.db.act(certify).await.unwrap();
        }
    }
}

fn day(app: &TestApp, days: i64) -> NaiveDate {
    app.clock.today() + TimeDelta::days(days)
}

async fn run(app: &TestApp, statement: String) {
    let statement = &statement;
    let run = async |conn: &mut sqlx::PgConnection| {
        sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(conn).await?;
        Ok(())
    };
    app.app.db.act(run).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}

/// One change of one listing, certificate or shop; or days go by.
async fn edit(app: &TestApp, chance: &mut Chance) {
    let any = |table: &str, nth: i64| format!("(select id from {table} order by id offset {nth} limit 1)");
    let listing = any("listings", chance.below(15));
    let certificate = any("certificates", chance.below(15));
    let shop = any("sellers", chance.below(3));
    let number = chance.below(5);
    let statement = match chance.below(9) {
        0 => format!("update listings set price_vnd = {} where id = {listing}", 50_000 * (number + 1)),
        1 => format!("update listings set in_stock = not in_stock where id = {listing}"),
        2 => format!("update listings set rating_sum = {}, rating_count = {number} where id = {listing}", number * 4),
        3 => format!(
            "update listings
                set status = case status when 'published' then 'paused' else 'published' end
              where id = {listing}"
        ),
        4 => format!("update certificates set stars = {} where id = {certificate}", 3 + number % 3),
        5 => format!("update certificates set filed_on = issued_on + {} where id = {certificate}", 800 + number),
        6 => format!("update certificates set revoked_on = date '{}' where id = {certificate}", day(app, number * 20)),
        7 => format!(
            "update sellers
                set status = case status when 'approved' then 'suspended' else 'approved' end
              where id = {shop}"
        ),
        _ => {
            app.clock.advance(TimeDelta::days(number * 30));
            return;
        }
    };
    run(app, statement).await;
}

/// A filter, as the query string has it and as arguments of the oracle.
fn filter(chance: &mut Chance) -> (String, String) {
    let region = chance.maybe(&["trung-du-va-mien-nui-phia-bac", "nowhere"]).filter(|_| chance.below(3) == 0);
    let province = chance.maybe(&[LAI_CHAU, HA_NOI]);
    let set = chance.maybe(&["8", "10", "8,14"]);
    let stars_min = chance.maybe(&[3, 4, 5]).filter(|_| chance.below(2) == 0);
    let seller = chance.maybe(&["hop-tac-xa-a", "hop-tac-xa-c"]).filter(|_| chance.below(2) == 0);
    let prices = (chance.maybe(&[50_000, 150_000]), chance.maybe(&[150_000, 250_000]));
    let in_stock = chance.maybe(&[true, false]).filter(|_| chance.below(2) == 0);
    let age = chance.maybe(&[17, 18]);
    let said = [
        ("region", region.map(str::to_owned)),
        ("province", province.map(str::to_owned)),
        ("set", set.map(str::to_owned)),
        ("stars_min", stars_min.map(|stars| stars.to_string())),
        ("seller", seller.map(str::to_owned)),
        ("price_min", prices.0.map(|price: i64| price.to_string())),
        ("price_max", prices.1.map(|price: i64| price.to_string())),
        ("in_stock", in_stock.map(|in_stock| in_stock.to_string())),
        ("age", age.map(|age| age.to_string())),
    ];
    let query = said.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
    let text = |value: Option<&str>| value.map_or("null".to_owned(), |value| format!("'{value}'"));
    let number = |value: Option<i64>| value.map_or("null".to_owned(), |value| value.to_string());
    let arguments = [
        text(region),
        text(province),
        "null".to_owned(),
        set.map_or("null".to_owned(), |sets| format!("'{{{sets}}}'::smallint[]")),
        format!("{}::smallint", number(stars_min.map(i64::from))),
        text(seller),
        number(prices.0),
        number(prices.1),
        in_stock.map_or("null".to_owned(), |in_stock| in_stock.to_string()),
        format!("{}::smallint", number(age.map(i64::from))),
    ];
    (query.collect::<Vec<_>>().join("&"), arguments.join(", "))
}

/// The first column of the rows, in their order.
async fn column(app: &TestApp, query: String) -> Vec<String> {
    let query = &query;
    let read = async |conn: &mut sqlx::PgConnection| {
        Ok(sqlx::query_scalar::<_, String>(AssertSqlSafe(query.clone())).fetch_all(conn).await?)
    };
    app.app.db.see(read).await.unwrap_or_else(|error| panic!("{query}: {error:?}"))
}

/// The slugs on all pages of a list, three a page, by their cursors.
async fn pages(app: &TestApp, query: &str) -> Vec<String> {
    let mut slugs = Vec::new();
    let mut after = String::new();
    loop {
        let page = app.anyone().get(&format!("/v1/listings?limit=3&{query}{after}")).await.ok();
        let items = page["items"].as_array().unwrap();
        slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return slugs };
        after = format!("&after={next}");
    }
}

#[tokio::test]
async fn the_model_answers_what_plain_sql_does() {
    let app = TestApp::new().await;
    app.sql(include_str!("oracle.sql")).await;
    market(&app).await;
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..40 {
        for _ in 0..=chance.below(3) {
            edit(&app, &mut chance).await;
        }
        let (query, arguments) = filter(&mut chance);
        let fitting = format!("oracle_matches(date '{}', {arguments}) as card", app.clock.today());
        let sort = chance.one(&["relevance", "newest", "price", "price_desc", "rating"]);
        let expected = format!("select slug from {fitting} order by oracle_key(card, '{sort}') desc, id desc");
        assert_eq!(pages(&app, &format!("sort={sort}&{query}")).await, column(&app, expected).await, "{sort} {query}");

        let counted = app.anyone().get(&format!("/v1/listings?facets=group,legacy_province&{query}")).await.ok();
        for (facet, value) in [("group", "\"group\""), ("legacy_province", "legacy_province_code")] {
            let counts = format!(
                "select {value} || ' ' || count(*) from {fitting} group by {value} order by count(*) desc, {value}"
            );
            let said: Vec<String> = counted["facets"][facet].as_array().unwrap().iter().map(counts_as).collect();
            assert_eq!(said, column(&app, counts).await, "{facet} {query}");
        }
    }
    app.finish().await;
}

fn counts_as(count: &Value) -> String {
    format!("{} {}", count["value"].as_str().unwrap(), count["count"])
}
