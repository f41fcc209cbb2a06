//! Shops that are closed for the time being.

use chrono::TimeDelta;
use ocop_market::market::measures;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{case_of, is_shown, joins, status, ware};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, Answer, LAI_CHAU, LAO_CAI, TestApp};

fn breach() -> Value {
    json!({ "basis": "breach", "reason_codes": ["suspension.complaints"], "words": "Khiếu nại chưa được trả lời." })
}

fn by_order() -> Value {
    json!({
        "basis": "order",
        "authority": "Cục Thương mại điện tử và Kinh tế số",
        "document_number": "77/TMĐT",
        "reason_codes": ["suspension.order"],
        "words": "Theo văn bản 77/TMĐT.",
    })
}

async fn suspend(officer: &Actor, shop: &ShopActor, form: Value) -> Answer {
    officer.post(&format!("/admin/v1/sellers/{}/suspensions", shop.id), form).await
}

async fn reinstate(officer: &Actor, shop: &ShopActor) -> Answer {
    let words = json!({ "words": "Đã giải quyết xong." });
    officer.put(&format!("/admin/v1/sellers/{}/reinstatement", shop.id), words).await
}

async fn standing(shop: &ShopActor) -> Value {
    shop.get(&shop.path("")).await.ok()["status"].clone()
}

/// What stands between the only line of the cart and an order.
async fn obstacles(buyer: &Actor) -> Value {
    buyer.get("/v1/cart").await.ok()["parts"][0]["lines"][0]["obstacles"].clone()
}

#[tokio::test]
async fn a_suspended_shop_is_hidden_sells_nothing_new_finishes_what_runs_and_comes_back_whole() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let goods = ware(&app.published_listing(&shop, 150_000, 10).await);
    let buyer = app.account("Người mua").await;
    buyer.put(&format!("/v1/cart/items/{}", goods.variant), json!({ "quantity": 2 })).await.ok();
    let running = buyer.buy(&[(&goods, 1)]).await.remove(0);
    buyer.put(&format!("/v1/cart/items/{}", goods.variant), json!({ "quantity": 2 })).await.ok();
    let quote = buyer.quote(&[]).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;

    let suspension = suspend(&officer, &shop, by_order()).await.ok();
    assert_eq!((&suspension["state"], &suspension["began_at"]), (&json!("in_force"), &json!(app.clock.now())));
    assert_eq!(standing(&shop).await, "suspended");
    assert!(!is_shown(&app, &goods.slug).await);
    app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.refused(404, "not-found");
    assert_eq!(obstacles(&buyer).await, json!([{ "kind": "seller_closed" }]));
    buyer.place(&quote, "while").await.refused(409, "seller-closed");
    buyer.post("/v1/checkouts", crate::support::order_form(&[])).await.refused(409, "seller-closed");
    let visitor = app.account("Người khác").await;
    let item = format!("/v1/cart/items/{}", goods.variant);
    visitor.put(&item, json!({ "quantity": 1 })).await.refused(404, "not-found");
    // Its members read and prepare, and hand nothing in.
    let draft = shop.draft(90_000).await;
    shop.submit(id_of(&draft)).await.refused(409, "shop-not-approved");
    let told = shop.get(&shop.path("/suspensions")).await.ok();
    assert_eq!(
        (&told["items"][0]["authority"], &told["items"][0]["state"]),
        (&by_order()["authority"], &json!("in_force"))
    );
    assert_eq!(told["items"][0]["recorded_by"], Value::Null);

    for step in ["acceptance", "packing", "shipment", "delivery"] {
        let parcel = json!({ "carrier": "VNPost", "tracking_code": "EA-1" });
        let body = if step == "shipment" { parcel } else { json!({}) };
        shop.put(&shop.path(&format!("/orders/{running}/{step}")), body).await.ok();
    }
    assert_eq!(reinstate(&officer, &shop).await.ok()["state"], "ended");
    assert_eq!(standing(&shop).await, "approved");
    assert!(is_shown(&app, &goods.slug).await);
    assert_eq!(obstacles(&buyer).await, json!([]));
    let placed = buyer.place(&quote, "after").await;
    assert_eq!(placed.status, 201, "{}", placed.body);
    assert!(app.last_message(shop.contact()).await.contains("Đã giải quyết xong."));
    reinstate(&officer, &shop).await.refused(409, "shop-not-suspended");
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "approved");
    app.finish().await;
}

#[tokio::test]
async fn a_breach_has_five_days_notice_and_an_order_none() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let slug = listing["slug"].as_str().unwrap();
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let suspension = suspend(&officer, &shop, breach()).await.ok();
    assert_eq!(suspension["state"], "noticed");
    assert_eq!(suspension["effective_at"], json!(app.clock.now() + TimeDelta::hours(120)));
    assert!(app.last_message(shop.contact()).await.contains("09:00 26/11/2026"));
    let case = case_of(&app, &shop, "suspension").await;
    assert_eq!(case.reason_codes, ["suspension.complaints"]);
    let dossier = officer.get(&format!("/admin/v1/cases/{}", case.id)).await.ok();
    assert_eq!(dossier["subject"]["suspension"]["id"], suspension["id"]);
    suspend(&officer, &shop, breach()).await.refused(409, "shop-suspended-already");

    app.clock.advance(TimeDelta::hours(120) - TimeDelta::minutes(1));
    app.run_jobs().await;
    assert!(is_shown(&app, slug).await);
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    assert!(!is_shown(&app, slug).await);
    assert_eq!(standing(&shop).await, "suspended");
    suspend(&officer, &shop, breach()).await.refused(409, "shop-suspended-already");
    reinstate(&officer, &shop).await.ok();
    assert!(is_shown(&app, slug).await);
    let history = officer.get(&format!("/admin/v1/sellers/{}/suspensions", shop.id)).await.ok();
    assert_eq!((history["items"].as_array().unwrap().len(), &history["items"][0]["state"]), (1, &json!("ended")));
    app.finish().await;
}

/// The states of the shop's suspensions, the newest first.
async fn states(officer: &Actor, shop: &ShopActor) -> Vec<Value> {
    let history = officer.get(&format!("/admin/v1/sellers/{}/suspensions", shop.id)).await.ok();
    history["items"].as_array().unwrap().iter().map(|suspension| suspension["state"].clone()).collect()
}

#[tokio::test]
async fn an_order_closes_the_shop_at_once_while_a_breach_is_only_noticed_and_outlasts_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let mut noticed = breach();
    noticed["until"] = json!("2026-11-27");
    suspend(&officer, &shop, noticed).await.ok();
    app.clock.advance(TimeDelta::hours(1));
    let order = suspend(&officer, &shop, by_order()).await.ok();
    assert_eq!((&order["state"], &order["began_at"]), (&json!("in_force"), &json!(app.clock.now())));
    assert_eq!(standing(&shop).await, "suspended");
    assert_eq!(states(&officer, &shop).await, ["in_force", "called_off"]);
    for form in [breach(), by_order()] {
        suspend(&officer, &shop, form).await.refused(409, "shop-suspended-already");
    }

    // The end of the notice and the last day of what was superseded come and go.
    app.clock.advance(TimeDelta::days(8));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "suspended");
    assert_eq!(states(&officer, &shop).await, ["in_force", "called_off"]);
    assert_eq!(reinstate(&officer, &shop).await.ok()["id"], order["id"]);
    assert_eq!(standing(&shop).await, "approved");
    reinstate(&officer, &shop).await.refused(409, "shop-not-suspended");
    app.finish().await;
}

#[tokio::test]
async fn an_order_takes_the_place_of_a_breach_that_holds_and_the_shop_stays_closed() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let earlier = suspend(&officer, &shop, breach()).await.ok();
    app.clock.advance(TimeDelta::hours(120));
    app.run_jobs().await;
    assert_eq!(states(&officer, &shop).await, ["in_force"]);
    let (one, other) = tokio::join!(suspend(&officer, &shop, by_order()), suspend(&officer, &shop, by_order()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.body, other.body);
    assert_eq!(states(&officer, &shop).await, ["in_force", "ended"]);
    assert_eq!(standing(&shop).await, "suspended");
    // A won appeal against what was superseded opens nothing.
    let (id, now) = (id_of(&earlier).parse().unwrap(), app.clock.now());
    let won = app.app.db.act(async |conn| measures::reverse_suspension(conn, id, officer.account(), now).await);
    won.await.unwrap();
    assert_eq!(standing(&shop).await, "suspended");
    reinstate(&officer, &shop).await.ok();
    assert_eq!(standing(&shop).await, "approved");
    app.finish().await;
}

#[tokio::test]
async fn a_notice_that_is_called_off_or_appealed_against_closes_nothing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    suspend(&officer, &shop, breach()).await.ok();
    assert_eq!(reinstate(&officer, &shop).await.ok()["state"], "called_off");
    app.clock.advance(TimeDelta::hours(1));
    let second = suspend(&officer, &shop, breach()).await.ok();
    let (id, now) = (id_of(&second).parse().unwrap(), app.clock.now());
    let db = &app.app.db;
    // A won appeal, decided twice.
    for _ in 0..2 {
        db.act(async |conn| measures::reverse_suspension(conn, id, officer.account(), now).await).await.unwrap();
    }
    app.clock.advance(TimeDelta::days(6));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "approved");

    let third = suspend(&officer, &shop, by_order()).await.ok();
    let (id, now) = (id_of(&third).parse().unwrap(), app.clock.now());
    db.act(async |conn| measures::reverse_suspension(conn, id, officer.account(), now).await).await.unwrap();
    assert_eq!(standing(&shop).await, "approved");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_suspension_with_a_last_day_ends_by_itself() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    for (form, until) in [(breach(), "2026-11-25"), (by_order(), "2026-11-20"), (by_order(), "2028-11-22")] {
        let mut form = form;
        form["until"] = json!(until);
        let refused = suspend(&officer, &shop, form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "until", "{refused}");
    }
    let mut form = by_order();
    form["until"] = json!("2026-11-23");
    suspend(&officer, &shop, form).await.ok();
    // The clock stands at 9 in the morning of the 21st in Viet Nam.
    app.clock.advance(TimeDelta::hours(62) + TimeDelta::minutes(59));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "suspended");
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "approved");
    app.finish().await;
}

#[tokio::test]
async fn what_is_approved_during_a_suspension_is_shown_when_it_ends() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let waiting = shop.submit(id_of(&draft)).await.ok();
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    suspend(&officer, &shop, by_order()).await.ok();
    app.decide(&shop, id_of(&waiting["revision"]), json!({ "verdict": "approve" })).await;
    let slug = draft["slug"].as_str().unwrap();
    assert_eq!(status(&shop, id_of(&draft)).await, "published");
    assert!(!is_shown(&app, slug).await);
    reinstate(&officer, &shop).await.ok();
    assert!(is_shown(&app, slug).await);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn at_the_instant_it_takes_hold_a_suspension_that_is_lifted_leaves_the_shop_open() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let shops = [app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await];
    for shop in &shops {
        suspend(&officer, shop, breach()).await.ok();
    }
    app.clock.advance(TimeDelta::hours(120));
    let ((), first, second) =
        tokio::join!(app.run_jobs(), reinstate(&officer, &shops[0]), reinstate(&officer, &shops[1]));
    for (shop, ended) in shops.iter().zip([first, second]) {
        let state = ended.ok()["state"].clone();
        assert!(state == "ended" || state == "called_off", "{state}");
        assert_eq!(standing(shop).await, "approved");
    }
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn of_two_suspensions_at_once_one_is_kept() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officers = (app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Head).await);
    let answers = tokio::join!(suspend(&officers.0, &shop, breach()), suspend(&officers.1, &shop, breach()));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);

    // Whichever comes first, the order is the one that holds.
    let shop = app.approved_shop(LAI_CHAU).await;
    let answers = tokio::join!(suspend(&officers.0, &shop, breach()), suspend(&officers.1, &shop, by_order()));
    assert_eq!(answers.1.status, 201, "{}", answers.1.body);
    assert_eq!(standing(&shop).await, "suspended");
    let holding = states(&officers.0, &shop).await.into_iter().filter(|state| state == "in_force").count();
    assert_eq!(holding, 1);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_suspended_by_the_officers_of_its_province_on_a_basis_that_is_whole() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    suspend(&app.officer(LAO_CAI, OfficerRole::Head).await, &shop, breach()).await.refused(404, "not-found");
    suspend(&app.officer(LAI_CHAU, OfficerRole::Auditor).await, &shop, breach())
        .await
        .refused(403, "not-your-function");
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let without = |field: &str| {
        let mut form = by_order();
        form.as_object_mut().unwrap().remove(field);
        form
    };
    let mut with_paper = breach();
    with_paper["document_number"] = json!("1/A");
    let mut unfit = breach();
    unfit["reason_codes"] = json!(["withdrawal.unsafe"]);
    for (form, at) in [
        (without("authority"), "authority"),
        (without("document_number"), "document_number"),
        (with_paper, "document_number"),
        (unfit, "reason_codes[0]"),
    ] {
        let refused = suspend(&officer, &shop, form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    let waiting = app.submitted_shop(LAI_CHAU).await;
    suspend(&officer, &waiting, by_order()).await.refused(409, "shop-not-approved");
    joins(&app, &shop, &officer).await;
    suspend(&officer, &shop, breach()).await.refused(409, "own-shop");
    reinstate(&officer, &shop).await.refused(409, "own-shop");
    assert_eq!(standing(&shop).await, "approved");
    app.finish().await;
}
