//! How the catalogue keeps up with the database: nothing is passed over, nothing is shown for longer than it holds.

use std::time::Duration;

use axum::Router;
use chrono::TimeDelta;
use ocop_market::front::shelf::feed::{CHANNEL, Position, Shelf};
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::error::Error;
use ocop_market::routes;
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, Goods, HONEY, LAI_CHAU, TEA, TestApp, Ware};

/// Longer than anything here takes, so that a test that would wait for ever fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Where the news end that are committed by now.
pub async fn now(app: &TestApp) -> Position {
    app.app.db.see(async |conn| Shelf::position_of_server(conn).await).await.unwrap()
}

/// A running instance beside the test's own: its shelf keeps itself fresh, and whoever reads through it sees what it has.
struct Instance {
    shelf: Shelf,
    reader: Actor,
    stop: oneshot::Sender<()>,
    keeping: tokio::task::JoinHandle<()>,
}

impl Instance {
    fn start(app: &TestApp) -> Self {
        let shelf = Shelf::new(app.app.db.clone(), app.clock.clone());
        let reader = app.anyone().without_catching_up().through(routes::everything(&app.app, &shelf));
        let (stop, stopped) = oneshot::channel::<()>();
        let kept = shelf.clone();
        let keeping = tokio::spawn(async move { Box::pin(kept.keep_fresh(async { drop(stopped.await) })).await });
        Self { shelf, reader, stop, keeping }
    }

    /// Waits until it has what is committed by now.
    async fn catch_up(&self, app: &TestApp) {
        let position = now(app).await;
        timeout(PATIENCE, self.shelf.caught_up_to(position)).await.expect("the instance keeps up");
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.keeping.await.unwrap();
    }
}

/// The price on the listing's page.
pub async fn price(reader: &Actor, ware: &Ware) -> Value {
    reader.get(&format!("/v1/listings/{}", ware.slug)).await.ok()["price_vnd"].clone()
}

pub async fn set_price(conn: &mut PgConnection, ware: &Ware, price: i64) -> Result<(), Error> {
    const VARIANT: &str = "update variants set price_vnd = $2 where id = $1";
    const LISTING: &str = "update listings set price_vnd = $2 where id = $1";
    sqlx::query(VARIANT).bind(ware.variant).bind(price).execute(&mut *conn).await?;
    sqlx::query(LISTING).bind(ware.listing).bind(price).execute(conn).await?;
    Ok(())
}

pub async fn reprice(app: &TestApp, ware: &Ware, price: i64) {
    app.app.db.act(async |conn| set_price(conn, ware, price).await).await.unwrap();
}

/// The counter of that name in an instance's metrics.
pub fn counted(shelf: &Shelf, name: &str) -> u64 {
    let metrics = shelf.metrics();
    let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("{name} in {metrics}")).parse().unwrap()
}

/// Two listings in one stall, and a reader who sees what the test's own shelf has taken in.
pub async fn two_wares(app: &TestApp) -> (Ware, Ware, Actor) {
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let wares = (app.shelve(&stall, TEA).await, app.shelve(&stall, HONEY).await);
    app.shelf.catch_up().await.unwrap();
    (wares.0, wares.1, app.anyone().without_catching_up())
}

#[tokio::test]
async fn a_transaction_that_was_rolled_back_leaves_a_gap_nobody_waits_at() {
    let app = TestApp::new().await;
    let (tea, honey, reader) = two_wares(&app).await;
    let given_up: Result<(), Error> = app
        .app
        .db
        .act(async |conn| {
            set_price(conn, &tea, 1_000).await?;
            Err(Error::fault("the test gives up"))
        })
        .await;
    assert!(given_up.is_err());
    reprice(&app, &honey, 99_000).await;
    app.shelf.catch_up().await.unwrap();
    app.shelf.caught_up_to(now(&app).await).await;
    assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(185_000), json!(99_000)));
    app.finish().await;
}

#[tokio::test]
async fn what_an_older_transaction_commits_late_is_not_passed_over_and_delays_nobody() {
    let app = TestApp::new().await;
    let (tea, honey, reader) = two_wares(&app).await;
    let (begun, has_begun) = oneshot::channel();
    let (commit, may_commit) = oneshot::channel::<()>();
    let (begun, may_commit) = (std::sync::Mutex::new(Some(begun)), tokio::sync::Mutex::new(may_commit));
    let older = app.app.db.act(async |conn| {
        set_price(conn, &tea, 50_000).await?;
        begun.lock().unwrap().take().unwrap().send(()).unwrap();
        (&mut *may_commit.lock().await).await.unwrap();
        Ok(())
    });
    let meanwhile = async {
        has_begun.await.unwrap();
        reprice(&app, &honey, 99_000).await;
        app.shelf.catch_up().await.unwrap();
        // The younger one is seen, though the position has to wait for the older one.
        assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(185_000), json!(99_000)));
        app.shelf.caught_up_to(now(&app).await).await;
        let taken = counted(&app.shelf, "shelf_taken_total");
        app.shelf.catch_up().await.unwrap();
        assert_eq!(counted(&app.shelf, "shelf_taken_total"), taken, "what was taken in early is not read again");
        commit.send(()).unwrap();
    };
    let (done, ()) = tokio::join!(older, meanwhile);
    done.unwrap();
    app.shelf.catch_up().await.unwrap();
    assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(50_000), json!(99_000)));
    app.finish().await;
}

#[tokio::test]
async fn an_instance_whose_listening_connection_is_ended_hears_again() {
    const LISTENERS: &str = "select count(*) from pg_stat_activity
        where datname = current_database() and query = 'LISTEN \"shelf\"'";
    const ANOTHER: &str = "select count(*) from pg_stat_activity
        where datname = current_database() and query = 'LISTEN \"shelf\"'
          and backend_start > (select max(at) from shelf_news)";
    assert_eq!(CHANNEL, "shelf");
    let app = TestApp::new().await;
    let (tea, ..) = two_wares(&app).await;
    let instance = Instance::start(&app);
    timeout(PATIENCE, async { while app.count(LISTENERS).await == 0 {} }).await.expect("somebody listens");
    reprice(&app, &tea, 98_000).await;
    app.sql(
        "select pg_terminate_backend(pid)
           from pg_stat_activity
          where datname = current_database() and query = 'LISTEN \"shelf\"'",
    )
    .await;
    instance.catch_up(&app).await;
    assert_eq!(price(&instance.reader, &tea).await, json!(98_000));
    timeout(PATIENCE, async { while app.count(ANOTHER).await == 0 {} }).await.expect("somebody listens again");
    reprice(&app, &tea, 97_000).await;
    instance.catch_up(&app).await;
    assert_eq!(price(&instance.reader, &tea).await, json!(97_000));
    instance.end().await;
    app.finish().await;
}

#[tokio::test]
async fn the_stars_of_a_certificate_are_gone_at_midnight_though_nothing_happens() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    certify(&app, &tea).await;
    app.shelf.catch_up().await.unwrap();
    let reader = app.anyone().without_catching_up();
    let stars = async || {
        let page = reader.get(&format!("/v1/listings/{}", tea.slug)).await.ok();
        let list = reader.get("/v1/listings?stars=4").await.ok();
        (page["stars"].clone(), page["certificate"]["state"].clone(), list["items"].as_array().unwrap().len())
    };
    assert_eq!(stars().await, (json!(4), json!("renewal_overdue"), 1));
    // Half past eleven at night, then half an hour later.
    app.clock.advance(TimeDelta::hours(14) + TimeDelta::minutes(30));
    assert_eq!(stars().await, (json!(4), json!("renewal_overdue"), 1));
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(stars().await, (Value::Null, json!("expired"), 0));
    app.finish().await;
}

/// A certificate of four stars whose last day is the test's first.
async fn certify(app: &TestApp, ware: &Ware) {
    const NEW: &str =
        "insert into certificates (id, seller_id, owner_name, owner_key, status, product_name, product_key,
            search_text, set_no, stars, decision_number, decision_date, authority, issued_on, expires_on, province_code,
            legacy_province_code, demo, claimed_at, verified_at)
        select gen_random_uuid(), seller_id, 'x', 'x', 'verified', 'Trà Shan tuyết', 'x', 'x', set_no, 4, '1/QĐ-UBND',
               '2023-11-01', 'UBND tỉnh Lai Châu', '2023-11-21', '2026-11-21', '12', '12', true, now(), now()
          from listings where id = $1
     returning id";
    const NAME: &str = "update listings set certificate_id = $2 where id = $1";
    app.app
        .db
        .act(async |conn| {
            let id: uuid::Uuid = sqlx::query_scalar(NEW).bind(ware.listing).fetch_one(&mut *conn).await?;
            sqlx::query(NAME).bind(ware.listing).bind(id).execute(conn).await?;
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_publication_a_price_a_sale_out_a_revocation_a_suspension_and_a_takedown_reach_every_instance() {
    let app = TestApp::new().await;
    let both = [Instance::start(&app), Instance::start(&app)];
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 1, ..TEA }).await;
    let honey = app.shelve(&stall, HONEY).await;
    certify(&app, &tea).await;
    seen_by(&app, &both, &tea, "stars", &json!(4)).await;
    reprice(&app, &tea, 90_000).await;
    seen_by(&app, &both, &tea, "price_vnd", &json!(90_000)).await;
    seen_by(&app, &both, &tea, "in_stock", &json!(true)).await;
    let buyer = app.account("Người mua").await;
    buyer.buy(&[(&tea, 1)]).await;
    seen_by(&app, &both, &tea, "in_stock", &json!(false)).await;
    app.sql("update certificates set revoked_on = '2026-11-21'").await;
    seen_by(&app, &both, &tea, "stars", &Value::Null).await;
    app.sql("update listings set status = 'taken_down', held_status = 'published' where title_vi = 'Trà Shan tuyết'")
        .await;
    gone_from(&app, &both, &tea).await;
    seen_by(&app, &both, &honey, "in_stock", &json!(true)).await;
    app.sql("update sellers set status = 'suspended'").await;
    gone_from(&app, &both, &honey).await;
    for instance in both {
        instance.end().await;
    }
    app.finish().await;
}

async fn seen_by(app: &TestApp, instances: &[Instance], ware: &Ware, field: &str, value: &Value) {
    for instance in instances {
        instance.catch_up(app).await;
        let page = instance.reader.get(&format!("/v1/listings/{}", ware.slug)).await.ok();
        assert_eq!(&page[field], value, "{field}");
    }
}

async fn gone_from(app: &TestApp, instances: &[Instance], ware: &Ware) {
    for instance in instances {
        instance.catch_up(app).await;
        instance.reader.get(&format!("/v1/listings/{}", ware.slug)).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn a_database_that_has_forgotten_what_the_catalogue_knows_is_read_anew() {
    let app = TestApp::new().await;
    let (tea, honey, reader) = two_wares(&app).await;
    let before = now(&app).await;
    reprice(&app, &tea, 1_000).await;
    app.sql("update listings set status = 'paused' where title_vi = 'Mật ong bạc hà'").await;
    app.shelf.catch_up().await.unwrap();
    assert_eq!(price(&reader, &tea).await, json!(1_000));
    reader.get(&format!("/v1/listings/{}", honey.slug)).await.refused(404, "not-found");
    // As a standby has it that had not received the last transactions: neither what they changed nor the news of it.
    app.app
        .db
        .act(async |conn| {
            sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *conn).await?;
            set_price(conn, &tea, 185_000).await?;
            let restored = "update listings set status = 'published' where status = 'paused'";
            sqlx::raw_sql(restored).execute(&mut *conn).await?;
            let lost = "delete from shelf_news where (tx, id) > ($1::bigint::text::xid8, $2)";
            sqlx::query(lost).bind(before.tx).bind(before.id).execute(conn).await?;
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 1);
    app.shelf.catch_up().await.unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 2);
    assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(185_000), json!(320_000)));
    // What was only in the lost history is not kept by building anew, either.
    app.sql(
        "set local session_replication_role = replica; delete from shelf_news; delete from stock_movements;
             delete from stock; delete from variants; update listings set published_revision = null, status = 'draft';
             reset session_replication_role; insert into shelf_news (kind) values ('common')",
    )
    .await;
    app.shelf.catch_up().await.unwrap();
    assert_eq!(reader.get("/v1/listings").await.ok()["items"], json!([]));
    assert_eq!(counted(&app.shelf, "shelf_listings"), 0);
    app.finish().await;
}

#[tokio::test]
async fn news_that_come_twice_change_nothing() {
    let app = TestApp::new().await;
    let (tea, _, reader) = two_wares(&app).await;
    certify(&app, &tea).await;
    app.shelf.catch_up().await.unwrap();
    let pages = [format!("/v1/listings/{}", tea.slug), "/v1/listings?facets=stars,province".to_owned()];
    let all = async || [reader.get(&pages[0]).await.bytes, reader.get(&pages[1]).await.bytes];
    let (before, taken) = (all().await, counted(&app.shelf, "shelf_taken_total"));
    app.sql("insert into shelf_news (kind, subject) select kind, subject from shelf_news where kind <> 'places'").await;
    assert!(app.shelf.catch_up().await.unwrap());
    assert!(counted(&app.shelf, "shelf_taken_total") > taken);
    assert_eq!(all().await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_sale_is_no_news_until_it_takes_the_last_piece() {
    const ROWS: &str = "select count(*) from shelf_news";
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 3, ..TEA }).await;
    let buyer = app.account("Người mua").await;
    let before = app.count(ROWS).await;
    buyer.buy(&[(&tea, 2)]).await;
    assert_eq!(app.count(ROWS).await, before);
    buyer.buy(&[(&tea, 1)]).await;
    let sold_out = app.count(ROWS).await;
    assert!(sold_out > before);
    // It comes back, and then there is more of it.
    app.stock(&stall, &tea, 1).await.ok();
    let back = app.count(ROWS).await;
    assert!(back > sold_out);
    app.stock(&stall, &tea, 5).await.ok();
    assert_eq!(app.count(ROWS).await, back);
    app.finish().await;
}

#[tokio::test]
async fn what_the_public_does_not_see_is_no_news() {
    const ROWS: &str = "select count(*) from shelf_news";
    let app = TestApp::new().await;
    two_wares(&app).await;
    let before = app.count(ROWS).await;
    let shop: ShopActor = app.approved_shop(LAI_CHAU).await;
    let approved = app.count(ROWS).await;
    assert!(approved > before, "a new shop is");
    shop.draft(150_000).await;
    app.sql("update listings set version = version + 1, search_text = search_text").await;
    app.sql("update sellers set version = version + 1, decided_version = version").await;
    app.sql("update product_sets set sample_required = not sample_required").await;
    app.sql("update communes set lat = lat + 1").await;
    assert_eq!(app.count(ROWS).await, approved);
    app.finish().await;
}

#[tokio::test]
async fn a_set_that_moves_to_another_group_takes_its_listings_along() {
    let app = TestApp::new().await;
    let (tea, _, reader) = two_wares(&app).await;
    let shown = async || {
        let page = reader.get(&format!("/v1/listings/{}", tea.slug)).await.ok();
        let list = reader.get("/v1/listings?group=tourism").await.ok();
        (page["group"].clone(), page["ships_to"].clone(), list["items"].as_array().unwrap().len())
    };
    assert_eq!(shown().await, (json!("food"), json!("nationwide"), 0));
    app.sql("update product_sets set \"group\" = 'tourism' where set_no = 10").await;
    app.shelf.catch_up().await.unwrap();
    assert_eq!(shown().await, (json!("tourism"), json!("on_site"), 1));
    app.finish().await;
}

#[tokio::test]
async fn places_that_get_other_names_have_them_everywhere() {
    let app = TestApp::new().await;
    let (tea, _, reader) = two_wares(&app).await;
    app.sql("update communes set full_name_vi = 'Xã Tên Mới' where code = '03394'").await;
    app.shelf.catch_up().await.unwrap();
    let page = reader.get(&format!("/v1/listings/{}", tea.slug)).await.ok();
    assert_eq!(page["commune"]["name"], "Xã Tên Mới");
    app.finish().await;
}

#[tokio::test]
async fn an_instance_is_ready_once_the_catalogue_is_read_and_while_it_is_fresh() {
    let app = TestApp::new().await;
    let shelf = Shelf::new(app.app.db.clone(), app.clock.clone());
    let probe = app.anyone().without_catching_up().through(routes::everything(&app.app, &shelf));
    assert_eq!(probe.get("/readyz").await.refused(503, "shelf-not-ready")["detail"], Value::Null);
    let early = probe.get("/v1/listings").await;
    assert_eq!(early.header("retry-after"), Some("1"));
    early.refused(503, "shelf-not-ready");
    assert!(probe.get("/metrics").await.bytes.starts_with(b"# HELP shelf_ready"));
    shelf.catch_up().await.unwrap();
    assert_eq!(probe.get("/readyz").await.status, 204);
    assert_eq!(probe.get("/v1/listings").await.status, 200);
    let metrics = probe.get("/metrics").await;
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let metrics = String::from_utf8(metrics.bytes.to_vec()).unwrap();
    for line in ["shelf_ready 1", "shelf_listings 0", "shelf_builds_total 1"] {
        assert!(metrics.lines().any(|written| written == line), "{line} in {metrics}");
    }

    let strict = Shelf::with_lag_limit(app.app.db.clone(), app.clock.clone(), Duration::ZERO);
    strict.catch_up().await.unwrap();
    let router: Router = routes::public_only(&app.app, &strict);
    let late = app.anyone().without_catching_up().through(router);
    late.get("/readyz").await.refused(503, "shelf-behind");
    assert_eq!(late.get("/v1/listings").await.status, 200, "old, and still an answer");
    app.finish().await;
}

#[tokio::test]
async fn old_news_are_forgotten_but_for_the_last_and_whoever_missed_them_reads_everything() {
    const ROWS: &str = "select count(*) from shelf_news";
    let app = TestApp::new().await;
    let (tea, _, reader) = two_wares(&app).await;
    app.run_jobs().await;
    app.sql("update shelf_news set at = at - interval '8 days'").await;
    // Whoever stands at a row that is gone, or is another one, reads everything.
    app.shelf.catch_up().await.unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 2);
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(app.count(ROWS).await, 1);
    app.shelf.catch_up().await.unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 2, "the last row is still there");
    assert_eq!(price(&reader, &tea).await, json!(185_000));
    app.finish().await;
}

#[tokio::test]
async fn what_an_officer_withdraws_is_gone_from_a_running_instance() {
    let app = TestApp::new().await;
    let instance = Instance::start(&app);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let slug = listing["slug"].as_str().unwrap().to_owned();
    instance.catch_up(&app).await;
    let page = format!("/v1/listings/{slug}");
    assert_eq!(instance.reader.get(&page).await.status, 200);
    let grounds = json!({ "reason_codes": ["withdrawal.misleading"], "words": "Bài viết hứa chữa bệnh." });
    let withdrawal = format!("/admin/v1/listings/{}/withdrawal", id_of(&listing));
    officer.put(&withdrawal, grounds).await.ok();
    instance.catch_up(&app).await;
    instance.reader.get(&page).await.refused(404, "not-found");
    instance.end().await;
    app.run_jobs().await;
    app.finish().await;
}
