//! Who has proved who they are, who has not, and what the law makes of it on 1 January 2027; the officers' list of shops.

use chrono::{NaiveDate, TimeDelta};
use ocop_market::kernel::clock::start_of_day;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{is_shown, joins, ware};
use crate::support::sellers::{ShopActor, household};
use crate::support::{Actor, Answer, LAI_CHAU, LAO_CAI, TestApp, order_form};

async fn record(app: &TestApp, officer: &Actor, shop: &ShopActor) -> Answer {
    let proof = json!({ "method": "vneid", "reference": "VNeID-1", "authenticated_at": app.clock.now() });
    officer.put(&format!("/admin/v1/sellers/{}/authentication", shop.id), proof).await
}

fn go_to(app: &TestApp, day: &str) {
    let day: NaiveDate = day.parse().unwrap();
    app.clock.advance(start_of_day(day) - app.clock.now());
}

async fn ids(officer: &Actor, query: &str) -> Vec<String> {
    let page = officer.get(&format!("/admin/v1/sellers?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|shop| shop["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn from_2027_on_nobody_sells_who_has_not_proved_who_they_are() {
    let app = TestApp::new().await;
    let shop = app.unproved_shop(LAI_CHAU).await;
    let goods = ware(&app.published_listing(&shop, 150_000, 10).await);
    go_to(&app, "2026-12-31");
    let buyer = app.account("Người mua").await;
    let item = format!("/v1/cart/items/{}", goods.variant);
    app.clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(30));
    buyer.put(&item, json!({ "quantity": 1 })).await.ok();
    let quote = buyer.quote(&[]).await;
    let open = async || {
        let page = app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.ok();
        let list = app.anyone().get("/v1/sellers").await.ok();
        let card = app.anyone().get(&format!("/v1/listings/{}", goods.slug)).await.ok();
        assert_eq!((&page["open"], &page["open"]), (&list["items"][0]["open"], &card["orderable"]));
        page["open"] == true
    };
    assert!(open().await);

    app.clock.advance(TimeDelta::minutes(30));
    assert!(is_shown(&app, &goods.slug).await);
    assert!(!open().await);
    let cart = buyer.get("/v1/cart").await.ok();
    assert_eq!(cart["parts"][0]["lines"][0]["obstacles"], json!([{ "kind": "seller_not_authenticated" }]));
    buyer.place(&quote, "new-year").await.refused(409, "seller-not-authenticated");
    buyer.post("/v1/checkouts", order_form(&[])).await.refused(409, "seller-not-authenticated");
    let visitor = app.account("Người khác").await;
    visitor.put(&item, json!({ "quantity": 1 })).await.refused(404, "not-found");

    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    record(&app, &officer, &shop).await.ok();
    assert!(open().await);
    let placed = buyer.place(&quote, "proved").await;
    assert_eq!(placed.status, 201, "{}", placed.body);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn who_lacks_it_is_listed_and_sees_a_warning_with_the_day() {
    let app = TestApp::new().await;
    let shop = app.unproved_shop(LAI_CHAU).await;
    let proved = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let page = officer.get("/admin/v1/sellers?unauthenticated=true").await.ok();
    assert_eq!((&page["items"][0]["id"], &page["items"][1]), (&json!(shop.id), &Value::Null));
    assert_eq!(page["authentication_needed_from"], "2027-01-01");
    assert_eq!(ids(&officer, "unauthenticated=false").await, std::slice::from_ref(&proved.id));

    let warning = shop.get(&shop.path("")).await.ok()["authentication"].clone();
    assert_eq!((&warning["missing"], &warning["needed_from"]), (&json!(true), &json!("2027-01-01")));
    let answer = record(&app, &officer, &shop).await.ok();
    assert_eq!((&answer["missing"], &answer["method"]), (&json!(false), &json!("vneid")));
    assert_eq!(shop.get(&shop.path("")).await.ok()["authentication"], answer);
    assert_eq!(ids(&officer, "unauthenticated=true").await, [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_written_to_60_30_and_7_days_before_once_each() {
    const LETTERS: &str = "select count(*) from messages where subject like 'Cần xác thực%'";
    let app = TestApp::new().await;
    let shop = app.unproved_shop(LAI_CHAU).await;
    app.approved_shop(LAI_CHAU).await;
    app.submitted_shop(LAI_CHAU).await;
    app.run_jobs().await;
    // 41 days are left: the first letter is the one of 60 days, and it is not repeated. Messages are kept for 30 days, so
    // that by the 24th it is forgotten.
    for (day, letters) in
        [("2026-11-22", 1), ("2026-12-01", 1), ("2026-12-02", 2), ("2026-12-24", 1), ("2026-12-25", 2)]
    {
        go_to(&app, day);
        app.clock.advance(TimeDelta::hours(7));
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(app.count(LETTERS).await, letters, "{day}");
    }
    assert!(app.last_message(shop.contact()).await.contains("01/01/2027"));
    // One that opens late is told of the nearest day only; one that has proved who it is, nothing more.
    let late = app.unproved_shop(LAI_CHAU).await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(app.count(LETTERS).await, 3);
    assert!(app.last_message(late.contact()).await.contains("01/01/2027"));
    app.finish().await;
}

#[tokio::test]
async fn a_proof_is_recorded_by_officers_of_the_province_and_one_the_seller_can_give() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(household(LAI_CHAU)).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let path = format!("/admin/v1/sellers/{}/authentication", shop.id);
    let proof = json!({ "method": "vneid", "reference": "VNeID-1", "authenticated_at": app.clock.now() });
    for (field, value, at) in [
        ("method", json!("business_register"), "method"),
        ("method", json!("password"), "method"),
        ("authenticated_at", json!(app.clock.now() + TimeDelta::minutes(1)), "authenticated_at"),
        ("authenticated_at", json!("2026-06-30T16:59:59Z"), "authenticated_at"),
        ("reference", json!("1"), "reference"),
    ] {
        let mut wrong = proof.clone();
        wrong[field] = value;
        let refused = officer.put(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.put(&path, proof.clone()).await.refused(404, "not-found");
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    auditor.put(&path, proof.clone()).await.refused(403, "not-your-function");
    let mut first_day = proof.clone();
    first_day["authenticated_at"] = json!("2026-06-30T17:00:00Z");
    officer.put(&path, first_day).await.ok();
    // The last record counts.
    app.clock.advance(TimeDelta::minutes(1));
    officer.put(&path, proof.clone()).await.ok();
    let mut better = proof.clone();
    better["method"] = json!("national_id_in_person");
    assert_eq!(officer.put(&path, better).await.ok()["method"], "national_id_in_person");
    joins(&app, &shop, &officer).await;
    officer.put(&path, proof).await.refused(409, "own-shop");
    app.finish().await;
}

#[tokio::test]
async fn officers_find_the_shops_of_their_province_and_reading_one_is_recorded() {
    let app = TestApp::new().await;
    let draft = app.draft_shop(household(LAI_CHAU)).await;
    let first = app.approved_shop(LAI_CHAU).await;
    let second = app.submitted_shop(LAI_CHAU).await;
    let other = app.approved_shop(LAO_CAI).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    for (query, found) in [
        ("", vec![&second, &first]),
        ("status=approved", vec![&first]),
        ("kind=household", vec![]),
        ("kind=cooperative&commune=03394&legacy_province=lai-chau", vec![&second, &first]),
        ("q=sin%20suoi", vec![&second, &first]),
        ("q=uoi", vec![]),
        ("province=15", vec![]),
        ("limit=1", vec![&second]),
    ] {
        let found: Vec<String> = found.into_iter().map(|shop| shop.id.clone()).collect();
        assert_eq!(ids(&head, query).await, found, "{query}");
    }
    let next = head.get("/admin/v1/sellers?limit=1").await.ok()["next"].as_str().unwrap().to_owned();
    assert_eq!(ids(&head, &format!("limit=1&after={next}")).await, std::slice::from_ref(&first.id));
    head.get("/admin/v1/sellers?province=atlantis").await.refused(422, "invalid");

    let file = head.get(&format!("/admin/v1/sellers/{}", first.id)).await.ok();
    assert_eq!(file["papers"][0]["kind"], "business_registration");
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(entries["items"][0]["operation"], "GET /admin/v1/sellers/{seller_id}");
    for hidden in [&draft, &other] {
        head.get(&format!("/admin/v1/sellers/{}", hidden.id)).await.refused(404, "not-found");
    }
    draft.get("/admin/v1/sellers").await.refused(403, "not-your-function");
    app.finish().await;
}
