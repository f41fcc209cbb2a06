//! The model kept fresh from the database answers what plain SQL does, over random catalogues and random edits.
//!
//! Every run has a seed of its own; `SHELF_SEED` repeats one that failed.

use std::fmt::Display;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use chrono::{NaiveDate, TimeDelta};
use ocop_market::kernel::ListingId;
use ocop_market::market::catalogue::{self, Content, NewVariant};
use ocop_market::market::certification::{self, NewCertificate, SetNo, Stars};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::support::{HA_NOI, LAI_CHAU, Stall, TUYEN_QUANG, TestApp, VINH_LONG};

const PROVINCES: [&str; 4] = [HA_NOI, TUYEN_QUANG, LAI_CHAU, VINH_LONG];
/// The communes of each of these provinces that goods come from.
const COMMUNES: usize = 3;
const REGIONS: [&str; 4] =
    ["trung-du-va-mien-nui-phia-bac", "dong-bang-song-hong", "dong-bang-song-cuu-long", "nowhere"];
/// Sets of four groups; for the wine an age must be stated.
const SETS: [i16; 6] = [8, 10, 11, 14, 20, 21];
const GROUPS: [&str; 4] = ["food", "drink", "herbal", "handicraft"];
const SHOPS: usize = 6;
const WARES_OF_A_SHOP: usize = 8;
const ROUNDS: usize = 40;

/// What is counted, and as SQL; each facet ignores the filters of its own.
const FACETS: [(&str, &str, &[&str]); 7] = [
    ("region", "region", &["region"]),
    ("province", "province_code", &["province"]),
    ("legacy_province", "legacy_province_code", &["legacy_province"]),
    ("set", "set_no::text", &["set"]),
    ("group", "\"group\"", &["group"]),
    ("stars", "stars::text", &["stars", "stars_min"]),
    ("in_stock", "in_stock::text", &["in_stock"]),
];

/// Numbers that look random and follow from the seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn number(&mut self, end: usize) -> i64 {
        i64::try_from(self.below(end)).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of them, once in so many times.
    fn once_in<'a, T>(&mut self, times: usize, of: &'a [T]) -> Option<&'a T> {
        (self.below(times) == 0).then(|| self.one(of))
    }
}

fn seed() -> u64 {
    let said = std::env::var("SHELF_SEED").ok().map(|seed| seed.parse().unwrap());
    said.unwrap_or_else(|| RandomState::new().build_hasher().finish() | 1)
}

/// What there is to change and to ask for.
struct Bazaar {
    shops: Vec<Stall>,
    wares: Vec<ListingId>,
    communes: Vec<String>,
    legacy_provinces: Vec<String>,
}

impl Bazaar {
    async fn open(app: &TestApp, chance: &mut Chance) -> Self {
        let provinces = PROVINCES.map(|code| format!("'{code}'")).join(", ");
        let communes = format!(
            "select code
               from (select code, row_number() over (partition by province_code order by code) as nth
                       from communes
                      where province_code in ({provinces})) as counted
              where nth <= {COMMUNES}
              order by code"
        );
        let legacy_provinces =
            format!("select code from legacy_provinces where successor_code in ({provinces}) order by code");
        let (communes, legacy_provinces) = (column(app, communes).await, column(app, legacy_provinces).await);
        let mut bazaar = Self { shops: Vec::new(), wares: Vec::new(), communes, legacy_provinces };
        for number in 0..SHOPS {
            let shop = app.stall(&format!("Hợp tác xã {number}"), [HA_NOI, LAI_CHAU][number % 2]).await;
            for _ in 0..WARES_OF_A_SHOP {
                let set_no = *chance.one(&SETS);
                let ware = publish(app, &shop, set_no).await;
                bazaar.wares.push(ware);
                bazaar.scatter(app, chance, ware).await;
                if chance.below(3) > 0 {
                    certify(app, chance, (&shop, ware, set_no)).await;
                }
            }
            bazaar.shops.push(shop);
        }
        bazaar
    }

    /// Lets a listing be of any place, price, age and fame.
    async fn scatter(&self, app: &TestApp, chance: &mut Chance, ware: ListingId) {
        let (count, days) = (chance.number(4), chance.number(50));
        let facts = format!(
            "price_vnd = {}, in_stock = {}, rating_count = {count}, rating_sum = {},
             published_at = published_at - interval '{days} days', {}",
            price(chance),
            chance.below(3) > 0,
            count * (1 + chance.number(5)),
            self.somewhere(chance),
        );
        self.set(app, ware, &facts).await;
    }

    async fn set(&self, app: &TestApp, ware: ListingId, facts: &str) {
        run(app, format!("update listings set {facts} where id = '{ware}'")).await;
    }

    /// A commune with its province, and one of the provinces that became it.
    fn somewhere(&self, chance: &mut Chance) -> String {
        let (commune, salt) = (chance.one(&self.communes), chance.below(100));
        format!(
            "(commune_code, province_code, legacy_province_code) = (
                select communes.code, communes.province_code, legacy_provinces.code
                  from communes
                  join legacy_provinces on legacy_provinces.successor_code = communes.province_code
                 where communes.code = '{commune}'
                 order by md5(legacy_provinces.code || '{salt}')
                 limit 1)"
        )
    }

    /// One change of one listing, certificate or shop; or days go by.
    async fn edit(&self, app: &TestApp, chance: &mut Chance) {
        let ware = *chance.one(&self.wares);
        let shop = chance.one(&self.shops).id;
        let certificate = format!("id = (select certificate_id from listings where id = '{ware}')");
        let days = chance.number(5);
        let statement = match chance.below(11) {
            0 => return self.set(app, ware, &format!("price_vnd = {}", price(chance))).await,
            1 => return self.set(app, ware, "in_stock = not in_stock").await,
            2 => return self.scatter(app, chance, ware).await,
            3 => {
                let turned = "status = case status when 'published' then 'paused' else 'published' end";
                return self.set(app, ware, turned).await;
            }
            4 => return self.set(app, ware, &self.somewhere(chance)).await,
            5 => return self.set(app, ware, &format!("set_no = {}", chance.one(&SETS))).await,
            6 => format!("update certificates set stars = {} where {certificate}", 3 + chance.number(3)),
            7 => format!("update certificates set filed_on = issued_on + {} where {certificate}", 800 + days),
            8 => format!("update certificates set revoked_on = date '{}' where {certificate}", day(app, days * 20)),
            9 => format!(
                "update sellers
                    set status = case status when 'approved' then 'suspended' else 'approved' end
                  where id = '{shop}'"
            ),
            _ => return app.clock.advance(TimeDelta::days(days * 15)),
        };
        run(app, statement).await;
    }

    /// A filter: most of the time two or three of all there are.
    fn filter(&self, chance: &mut Chance) -> Filter {
        let mut filter = Filter::default();
        filter.say("region", chance.once_in(6, &REGIONS), "text");
        filter.say("province", chance.once_in(4, &PROVINCES), "text");
        filter.say("legacy_province", chance.once_in(5, &self.legacy_provinces), "text");
        filter.say("commune", chance.once_in(5, &self.communes), "text");
        filter.say("set", chance.once_in(4, &["8", "10,11", "8,14,20", "26"]), "smallint[]");
        filter.say("group", chance.once_in(4, &GROUPS), "text");
        filter.say("stars", chance.once_in(5, &["3", "4", "3,5", "4,5"]), "smallint[]");
        filter.say("stars_min", chance.once_in(5, &[1, 3, 4, 5]), "smallint");
        let shop = chance.once_in(6, &self.shops).map(|shop| &shop.slug);
        filter.say("seller", shop, "text");
        filter.say("price_min", chance.once_in(5, &[50_000, 150_000, HUGE[0], HUGE[1]]), "bigint");
        filter.say("price_max", chance.once_in(5, &[0, 150_000, 250_000, HUGE[0], HUGE[1]]), "bigint");
        filter.say("in_stock", chance.once_in(3, &[true, false]), "boolean");
        filter.say("age", chance.once_in(2, &[17, 18]), "smallint");
        filter
    }
}

/// Prices where a number of 32 bits ends.
const HUGE: [i64; 3] = [4_294_967_294, 4_294_967_295, 4_294_967_296];

fn price(chance: &mut Chance) -> i64 {
    if chance.below(5) == 0 { *chance.one(&[0, HUGE[0], HUGE[1], HUGE[2]]) } else { 50_000 * (1 + chance.number(6)) }
}

async fn publish(app: &TestApp, shop: &Stall, set_no: i16) -> ListingId {
    let text = "Đặc sản";
    let content = json!({ "set_no": set_no, "title_vi": text, "summary_vi": text, "story_vi": text });
    let pack = json!({ "sku": "goi", "name_vi": "Gói", "price_vnd": 50_000, "grams": 250 });
    let content: Content = serde_json::from_value(content).unwrap();
    let packs: [NewVariant; 1] = [serde_json::from_value(pack).unwrap()];
    let now = app.clock.now();
    let publish =
        async |conn: &mut sqlx::PgConnection| catalogue::publish_demo(conn, shop.id, &content, &packs, now).await;
    app.app.db.act(publish).await.unwrap()
}

/// A certificate issued in the last three years, by which the listing carries stars.
async fn certify(app: &TestApp, chance: &mut Chance, (shop, ware, set_no): (&Stall, ListingId, i16)) {
    let issued_on = day(app, -chance.number(1_000));
    let new = NewCertificate {
        product_name: format!("Sản phẩm {ware}"),
        owner_name: "Hợp tác xã".to_owned(),
        owner_tax_code: None,
        set_no: SetNo::try_from(set_no).unwrap(),
        stars: Stars::try_from(*chance.one(&[3, 4, 5])).unwrap(),
        decision_number: serde_json::from_value(json!("3981/QĐ-UBND")).unwrap(),
        decision_date: issued_on,
        authority: "UBND tỉnh".to_owned(),
        issued_on,
        legacy_province_code: LAI_CHAU.to_owned(),
        scan_id: None,
        import_id: None,
        demo: true,
    };
    let now = app.clock.now();
    let certify = async |conn: &mut sqlx::PgConnection| {
        let id = certification::insert_demo(conn, shop.id, &new, now).await?;
        let name = "update listings set certificate_id = $1 where id = $2";
        sqlx::query(name).bind(id).bind(ware).execute(conn).await?;
        Ok(())
    };
    app.app.db.act(certify).await.unwrap();
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

/// The first column of the rows, in their order.
async fn column(app: &TestApp, query: String) -> Vec<String> {
    let query = &query;
    let read = async |conn: &mut sqlx::PgConnection| {
        Ok(sqlx::query_scalar::<_, String>(AssertSqlSafe(query.clone())).fetch_all(conn).await?)
    };
    app.app.db.see(read).await.unwrap_or_else(|error| panic!("{query}: {error:?}"))
}

/// A filter: names, values as the query string has them, and as SQL.
#[derive(Default)]
struct Filter(Vec<(&'static str, String, String)>);

impl Filter {
    fn say<T: Display>(&mut self, name: &'static str, value: Option<&T>, of: &str) {
        let Some(value) = value else { return };
        let literal = if of.ends_with("[]") { format!("'{{{value}}}'::{of}") } else { format!("'{value}'::{of}") };
        self.0.push((name, value.to_string(), literal));
    }

    fn query(&self) -> String {
        self.0.iter().map(|(name, value, _)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// The cards that fit, without the filters of these names.
    fn cards(&self, app: &TestApp, without: &[&str]) -> String {
        let said = self.0.iter().filter(|(name, ..)| !without.contains(name));
        let said = said.map(|(name, _, literal)| format!("\"{name}\" => {literal}"));
        let today = format!("today => date '{}'", app.clock.today());
        format!("oracle_matches({})", said.chain([today]).collect::<Vec<_>>().join(", "))
    }
}

/// The slugs on all pages of a list, by their cursors.
async fn pages(app: &TestApp, query: &str, limit: usize) -> Vec<String> {
    let mut slugs = Vec::new();
    let mut after = String::new();
    loop {
        let page = app.anyone().get(&format!("/v1/listings?limit={limit}&{query}{after}")).await.ok();
        let items = page["items"].as_array().unwrap();
        slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return slugs };
        after = format!("&after={next}");
    }
}

fn counts_as(count: &Value) -> String {
    format!("{} {}", count["value"].as_str().unwrap(), count["count"])
}

#[tokio::test]
async fn the_model_answers_what_plain_sql_does() {
    let seed = seed();
    println!("SHELF_SEED={seed}");
    let mut chance = Chance(seed);
    let app = TestApp::new().await;
    app.sql(include_str!("oracle.sql")).await;
    let bazaar = Bazaar::open(&app, &mut chance).await;
    let names = FACETS.map(|(name, ..)| name).join(",");
    let mut listed = 0;
    for _ in 0..ROUNDS {
        for _ in 0..=chance.below(4) {
            bazaar.edit(&app, &mut chance).await;
        }
        let filter = bazaar.filter(&mut chance);
        let query = filter.query();
        let sort = *chance.one(&["relevance", "newest", "price", "price_desc", "rating"]);
        let cards = filter.cards(&app, &[]);
        let expected =
            column(&app, format!("select slug from {cards} as card order by oracle_key(card, '{sort}') desc, id desc"));
        let expected = expected.await;
        let limit = 1 + chance.below(10);
        assert_eq!(pages(&app, &format!("sort={sort}&{query}"), limit).await, expected, "{sort} {query}");
        listed += expected.len();

        let counted = app.anyone().get(&format!("/v1/listings?facets={names}&{query}")).await.ok();
        for (facet, value, own) in FACETS {
            let cards = filter.cards(&app, own);
            let counts = format!(
                "select value || ' ' || count(*)
                   from (select {value} as value from {cards}) as valued
                  where value is not null
                  group by value
                  order by count(*) desc, value collate \"C\""
            );
            let said: Vec<String> = counted["facets"][facet].as_array().unwrap().iter().map(counts_as).collect();
            assert_eq!(said, column(&app, counts).await, "{facet} {query}");
        }
    }
    assert!(listed >= ROUNDS, "{listed} listings were compared in all: too few to tell anything");
    app.finish().await;
}
