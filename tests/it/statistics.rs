//! The provinces' numbers: right while the month runs, and never changed once it is closed.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod measures;
mod months;

use chrono::{DateTime, TimeDelta, Utc};
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::sheets::{Limits, SheetRow, read_blocking};
use serde_json::{Value, json};

use crate::support::catalogue::id_of;
use crate::support::sellers::{PDF, ShopActor, household};
use crate::support::{Actor, HA_NOI, HONEY, LAI_CHAU, LAO_CAI, TEA, TestApp, order_form};

const TABLES: [&str; 7] = ["sellers", "listings", "certificates", "cases", "orders", "searches", "concentration"];

fn path(table: &str, query: &str) -> String {
    format!("/admin/v1/statistics/{table}?{query}")
}

async fn report(officer: &Actor, table: &str, month: &str) -> Value {
    officer.get(&path(table, &format!("month={month}"))).await.ok()
}

async fn rows(officer: &Actor, table: &str) -> Vec<Value> {
    officer.get(&path(table, "")).await.ok()["rows"].as_array().unwrap().clone()
}

/// Signs an officer in again, whose session has run out.
async fn again(app: &TestApp, officer: &Actor) -> Actor {
    app.sign_in(officer.contact()).await
}

async fn case_of(shop: &ShopActor) -> String {
    shop.get(&shop.path("/cases")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned()
}

async fn approve(officer: &Actor, shop: &ShopActor) {
    let verdict = format!("/admin/v1/cases/{}/verdict", case_of(shop).await);
    officer.put(&verdict, json!({ "verdict": "approve" })).await.ok();
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

/// Moves the clock to an instant to come.
fn advance_to(app: &TestApp, instant: &str) {
    app.clock.advance(at(instant) - app.clock.now());
}

#[tokio::test]
async fn shops_and_the_shelf_are_counted_by_place_and_kind() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let (tea, other) = (app.stall("Trà Lai Châu", LAI_CHAU).await, app.stall("Gian hàng khác", LAI_CHAU).await);
    app.draft_shop(household(LAI_CHAU)).await;
    app.stall("Gian hàng Lào Cai", LAO_CAI).await;
    app.shelve(&tea, TEA).await;
    app.shelve(&other, TEA).await;
    app.shelve(&other, HONEY).await;

    let place = json!({ "province_code": "12", "province": "Lai Châu", "commune_code": "03394" });
    let counted = |row: &Value| {
        assert!(place.as_object().unwrap().iter().all(|(key, value)| &row[key] == value), "{row}");
        assert!(!row["commune"].as_str().unwrap().is_empty());
    };
    let sellers = rows(&officer, "sellers").await;
    sellers.iter().for_each(counted);
    let brief: Vec<_> = sellers.iter().map(|row| json!([row["kind"], row["status"], row["sellers"]])).collect();
    assert_eq!(brief, [json!(["cooperative", "approved", 2]), json!(["household", "draft", 1])]);

    let listings = rows(&officer, "listings").await;
    listings.iter().for_each(counted);
    let brief: Vec<_> = listings.iter().map(|row| json!([row["set_no"], row["stars"], row["listings"]])).collect();
    assert_eq!(brief, [json!([8, null, 1]), json!([10, null, 2])]);
    app.finish().await;
}

#[tokio::test]
async fn cases_are_counted_with_how_fast_they_were_decided() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let mut shops = Vec::new();
    for _ in 0..5 {
        shops.push(app.submitted_shop(LAI_CHAU).await);
    }
    // Opened on Saturday the 21st; three working days end with Wednesday the 25th.
    for (shop, minutes) in shops[..4].iter().zip([90, 90, 1_440, 10_080]) {
        app.clock.advance(TimeDelta::minutes(minutes));
        approve(&officer, shop).await;
    }
    let cases = rows(&officer, "cases").await;
    let expected = json!({
        "province_code": "12", "province": "Lai Châu", "kind": "seller_application",
        "opened": 5, "decided": 4, "decided_late": 1, "late_basis_points": 2_500,
        // After 90, 180, 1,620 and 11,700 minutes: the second of four, and the fourth.
        "median_minutes": 180, "p90_minutes": 11_700,
        "waiting": 1, "waiting_late": 1,
    });
    assert_eq!(cases, [expected]);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn several_provinces_are_also_summed_up_with_a_median_of_their_own() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (near, far) = (app.submitted_shop(LAI_CHAU).await, app.submitted_shop(LAO_CAI).await);
    let third = app.submitted_shop(LAO_CAI).await;
    for (shop, minutes) in [(&near, 10), (&far, 20), (&third, 30)] {
        app.clock.advance(TimeDelta::minutes(minutes));
        approve(&operator, shop).await;
    }
    let cases = rows(&operator, "cases").await;
    let brief: Vec<_> = cases
        .iter()
        .map(|row| json!([row["province_code"], row["decided"], row["median_minutes"], row["p90_minutes"]]))
        .collect();
    assert_eq!(brief, [json!([null, 3, 30, 60]), json!(["12", 1, 10, 10]), json!(["15", 2, 30, 60])]);
    app.finish().await;
}

#[tokio::test]
async fn orders_are_counted_by_destination_and_their_concentration_is_told() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (tea, honey) = (app.stall("Trà", LAI_CHAU).await, app.stall("Mật ong", HA_NOI).await);
    let (tea_pack, honey_jar) = (app.shelve(&tea, TEA).await, app.shelve(&honey, HONEY).await);
    let buyer = app.account("Người mua").await;
    // Two to Hà Nội, one from there to Lào Cai.
    let delivered = buyer.buy(&[(&tea_pack, 2)]).await.remove(0);
    let cancelled = buyer.buy(&[(&tea_pack, 1)]).await.remove(0);
    let mut near = order_form(&[(&honey_jar, 1)]);
    near["commune"] = json!("02728");
    let quote = buyer.post("/v1/checkouts", near).await.ok();
    buyer.place(&quote, "near").await.ok();
    tea.deliver(&delivered).await;
    buyer.turn(&cancelled, "cancellation").await.ok();

    let orders = rows(&operator, "orders").await;
    let expected = [
        json!({
            "province_code": "01", "province": "Hà Nội", "destination_code": "15", "destination": "Lào Cai",
            "placed": 1, "placed_vnd": 320_000, "delivered": 0, "delivered_vnd": 0, "cancelled": 0,
        }),
        json!({
            "province_code": "12", "province": "Lai Châu", "destination_code": "01", "destination": "Hà Nội",
            "placed": 2, "placed_vnd": 555_000, "delivered": 1, "delivered_vnd": 370_000, "cancelled": 1,
        }),
    ];
    assert_eq!(orders, expected);

    let concentration = rows(&operator, "concentration").await;
    let of = |side: &str, measure: &str| {
        let row = concentration.iter().find(|row| row["side"] == side && row["measure"] == measure).unwrap();
        json!([row["total"], row["metropoles"], row["elsewhere"], row["metropoles_basis_points"], row["hhi"]])
    };
    // (2/3)² + (1/3)² = 5/9; (555² + 320²) / 875² = 0.536059…
    assert_eq!(of("origin", "orders"), json!([3, 1, 2, 3_333, 5_556]));
    assert_eq!(of("origin", "value_vnd"), json!([875_000, 320_000, 555_000, 3_657, 5_361]));
    assert_eq!(of("destination", "orders"), json!([3, 2, 1, 6_667, 5_556]));
    assert_eq!(of("destination", "value_vnd"), json!([875_000, 555_000, 320_000, 6_343, 5_361]));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn certificates_are_counted_by_state_with_what_falls_due() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    // 36 months from issue: 30, 31, 179 and 406 days from 21 November 2026.
    for (product, issued_on) in
        [("Trà xanh", "2023-12-21"), ("Trà đỏ", "2023-12-22"), ("Trà trắng", "2024-05-19"), ("Trà đen", "2025-01-01")]
    {
        let certificate = claim(&shop, product, issued_on).await;
        app.decide(&shop, id_of(&certificate), json!({ "verdict": "approve" })).await;
    }
    claim(&shop, "Trà vàng", "2025-01-01").await;
    let counts = rows(&officer, "certificates").await;
    let brief: Vec<_> = counts
        .iter()
        .map(|row| {
            let due = [30, 60, 120, 180].map(|days| row[format!("due_in_{days}_days")].clone());
            json!([row["state"], row["stars"], row["certificates"], due])
        })
        .collect();
    let expected = [
        json!(["claimed", 4, 1, [0, 0, 0, 0]]),
        json!(["renewal_overdue", 4, 2, [1, 2, 2, 2]]),
        json!(["renewal_window", 4, 1, [0, 0, 0, 1]]),
        json!(["valid", 4, 1, [0, 0, 0, 0]]),
    ];
    assert_eq!(brief, expected);
    app.finish().await;
}

/// The shop claims a certificate of four stars.
async fn claim(shop: &ShopActor, product: &str, issued_on: &str) -> Value {
    let form = json!({
        "product_name": product,
        "set_no": 10,
        "stars": 4,
        "decision_number": "1187/QĐ-UBND",
        "decision_date": issued_on,
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": issued_on,
        "scan_id": shop.media("paper", PDF.to_vec()).await,
    });
    shop.post(&shop.path("/certificates"), form).await.ok()
}

#[tokio::test]
async fn an_officer_sees_the_numbers_of_their_province_only() {
    let app = TestApp::new().await;
    let stall = app.stall("Trà", LAI_CHAU).await;
    let ware = app.shelve(&stall, TEA).await;
    app.account("Người mua").await.buy(&[(&ware, 1)]).await;
    app.submitted_shop(LAI_CHAU).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    for table in TABLES.iter().filter(|table| **table != "concentration") {
        assert_eq!(rows(&elsewhere, table).await, Vec::<Value>::new(), "{table}");
    }
    assert!(rows(&elsewhere, "concentration").await.iter().all(|row| row["total"] == 0 && row["hhi"].is_null()));
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    for table in TABLES {
        reviewer.get(&path(table, "")).await.refused(403, "not-your-function");
        stall.owner.get(&path(table, "")).await.refused(403, "not-your-function");
    }
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn files_say_the_same_as_json() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let stall = app.stall("Trà", LAI_CHAU).await;
    let ware = app.shelve(&stall, TEA).await;
    app.account("Người mua").await.buy(&[(&ware, 3)]).await;
    app.submitted_shop(LAI_CHAU).await;
    for table in TABLES {
        let expected = rows(&officer, table).await;
        let lines = officer.get(&path(table, "format=jsonl")).await.bytes;
        let lines: Vec<&str> = std::str::from_utf8(&lines).unwrap().lines().collect();
        let objects: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects, expected, "{table}");
        let cells: Vec<Vec<String>> = lines.iter().zip(&objects).map(|(line, object)| in_order(line, object)).collect();
        for format in ["csv", "xlsx"] {
            let file = officer.get(&path(table, &format!("format={format}"))).await;
            let name = file.header("content-disposition").unwrap();
            assert!(name.contains(&format!("2026-11-tam-tinh.{format}")), "{name}");
            let sheet = read_blocking(&file.bytes, &Limits::IMPORT).unwrap();
            let read: Vec<Vec<String>> = sheet.rows.iter().skip(1).map(texts).collect();
            assert_eq!(read, cells, "{table} as {format}");
        }
    }
    let english = officer.get_with(&path("orders", "format=csv"), &[("accept-language", "en")]).await;
    assert!(
        std::str::from_utf8(&english.bytes).unwrap().starts_with("\u{FEFF}Province code,Province,Destination code,")
    );
    app.run_jobs().await;
    app.finish().await;
}

/// What a JSON line says that is not null, in the order it says it.
fn in_order(line: &str, object: &Value) -> Vec<String> {
    let mut members: Vec<_> = object.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).collect();
    members.sort_by_key(|(key, _)| line.find(&format!("\"{key}\":")));
    members.iter().map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

/// What a row of a sheet says.
fn texts(row: &SheetRow) -> Vec<String> {
    row.cells.iter().filter_map(|cell| Some(cell.text()?.into_owned())).collect()
}
