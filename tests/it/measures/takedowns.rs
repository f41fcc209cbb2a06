//! Orders of authorities to take a listing down.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{at_once, is_shown, joins, status, takedown, verdict, ware, withdraw};
use crate::support::catalogue::id_of;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

const ORDERS: &str = "/admin/v1/takedown_orders";

async fn numbers(officer: &Actor, state: &str) -> Vec<String> {
    let page = officer.get(&format!("{ORDERS}?state={state}")).await.ok();
    let orders = page["items"].as_array().unwrap();
    orders.iter().map(|order| order["document_number"].as_str().unwrap().to_owned()).collect()
}

async fn lift(officer: &Actor, order: &Value) -> crate::support::Answer {
    officer.put(&format!("{ORDERS}/{}/lifting", id_of(order)), json!({ "document_number": "99/CV" })).await
}

#[tokio::test]
async fn an_order_is_due_24_hours_after_receipt_and_an_approval_hides_the_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let form = takedown(&app, "812/TMĐT-QL", id);
    let recorded = officer.post(ORDERS, form.clone()).await.ok();
    let due = app.clock.now() + TimeDelta::hours(23);
    assert_eq!(recorded["due_at"], json!(due));
    assert_eq!((&recorded["status"], &recorded["done_at"]), (&json!("open"), &Value::Null));
    officer.post(ORDERS, form).await.refused(409, "authority-order-recorded");
    assert!(is_shown(&app, slug).await);

    let queued = officer.get("/admin/v1/cases?kind=takedown_order").await.ok();
    assert_eq!((&queued["items"][0]["id"], &queued["items"][0]["due_at"]), (&recorded["case_id"], &json!(due)));
    let dossier = officer.get(&format!("/admin/v1/cases/{}", recorded["case_id"].as_str().unwrap())).await.ok();
    assert_eq!(dossier["subject"]["order"]["document_number"], "812/TMĐT-QL");
    assert_eq!(dossier["subject"]["listing"]["slug"], slug);
    assert_eq!((numbers(&officer, "open").await.len(), numbers(&officer, "late").await.len()), (1, 0));
    app.clock.advance(TimeDelta::hours(23));
    assert_eq!(numbers(&officer, "late").await, ["812/TMĐT-QL"]);

    let back =
        json!({ "verdict": "request_changes", "reason_codes": ["takedown.no_document"], "words": "Xin bổ sung." });
    verdict(&officer, &recorded["case_id"], back).await.refused(422, "invalid");
    let carried_out = json!({ "verdict": "approve", "words": "Đã gỡ lúc 8 giờ." });
    verdict(&officer, &recorded["case_id"], carried_out).await.ok();
    assert!(!is_shown(&app, slug).await);
    assert_eq!(status(&shop, id).await, "taken_down");
    let done = officer.get(&format!("{ORDERS}/{}", id_of(&recorded))).await.ok();
    assert_eq!((&done["status"], &done["done_words"]), (&json!("done"), &json!("Đã gỡ lúc 8 giờ.")));
    assert_eq!(done["done_at"], json!(app.clock.now()));
    let inbox = shop.get(&shop.path("/cases")).await.ok()["items"][0].clone();
    assert_eq!((&inbox["kind"], &inbox["words"]), (&json!("takedown_order"), &Value::Null));
    assert!(app.last_message(shop.contact()).await.contains("812/TMĐT-QL của Cục Thương mại điện tử"));
    assert_eq!((numbers(&officer, "done").await.len(), numbers(&officer, "open").await.len()), (1, 0));

    shop.save(&shop.listing(id).await, listing["published"].clone()).await.refused(409, "listing-closed");
    shop.put(&shop.path(&format!("/listings/{id}/pause")), json!({})).await.refused(409, "listing-closed");
    assert_eq!(lift(&officer, &recorded).await.ok()["status"], "lifted");
    assert!(is_shown(&app, slug).await);
    lift(&officer, &recorded).await.refused(409, "authority-order-not-done");
    assert_eq!(numbers(&officer, "lifted").await, ["812/TMĐT-QL"]);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn an_order_nobody_may_give_is_refused_with_reasons_and_hides_nothing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let recorded = officer.post(ORDERS, takedown(&app, "1/UBND", id)).await.ok();
    let no =
        json!({ "verdict": "reject", "reason_codes": ["takedown.not_competent"], "words": "Không đúng thẩm quyền." });
    verdict(&officer, &recorded["case_id"], no).await.ok();
    assert_eq!(status(&shop, id).await, "published");
    assert_eq!(numbers(&officer, "refused").await, ["1/UBND"]);
    lift(&officer, &recorded).await.refused(409, "authority-order-not-done");
    // The same document may come again, with what was missing.
    officer.post(ORDERS, takedown(&app, "1/UBND", id)).await.ok();

    let draft = shop.draft(150_000).await;
    let unpublished = at_once(takedown(&app, "2/UBND", id_of(&draft)));
    officer.post(ORDERS, unpublished).await.refused(409, "listing-not-published");
    for (minutes, status) in [(-1, 422), (30 * 24 * 60 + 1, 422), (0, 201)] {
        let mut form = takedown(&app, "3/UBND", id);
        form["received_at"] = json!(app.clock.now() - TimeDelta::minutes(minutes));
        assert_eq!(officer.post(ORDERS, form).await.status, status, "{minutes} minutes ago");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_order_of_another_province_does_not_exist_and_nobody_acts_on_their_own_shop() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    let recorded = officer.post(ORDERS, at_once(takedown(&app, "5/QLTT", id))).await.ok();
    assert_eq!(recorded["status"], "done");
    elsewhere.post(ORDERS, takedown(&app, "6/QLTT", id)).await.refused(404, "not-found");
    elsewhere.get(&format!("{ORDERS}/{}", id_of(&recorded))).await.refused(404, "not-found");
    lift(&elsewhere, &recorded).await.refused(404, "not-found");
    assert_eq!(elsewhere.get(ORDERS).await.ok()["items"], json!([]));
    app.officer(LAI_CHAU, OfficerRole::Auditor).await.get(ORDERS).await.refused(403, "not-your-function");
    joins(&app, &shop, &officer).await;
    officer.post(ORDERS, takedown(&app, "7/QLTT", id)).await.refused(409, "own-shop");
    lift(&officer, &recorded).await.refused(409, "own-shop");
    app.finish().await;
}

#[tokio::test]
async fn a_takedown_may_stop_running_orders_that_no_carrier_has_and_returns_their_goods() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let goods = ware(&app.published_listing(&shop, 150_000, 10).await);
    let other = ware(&app.published_listing(&shop, 200_000, 10).await);
    let buyer = app.account("Người mua").await;
    let mut orders = Vec::new();
    for steps in 0..4 {
        let order = buyer.buy(&[(&goods, 1), (&other, 1)]).await.remove(0);
        for step in ["acceptance", "packing", "shipment"].iter().take(steps) {
            let parcel = json!({ "carrier": "VNPost", "tracking_code": format!("EA-{steps}") });
            let body = if *step == "shipment" { parcel } else { json!({}) };
            shop.put(&shop.path(&format!("/orders/{order}/{step}")), body).await.ok();
        }
        orders.push(order);
    }
    let untouched = buyer.buy(&[(&other, 1)]).await.remove(0);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    // The shop has heard of its orders before.
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    let mut form = at_once(takedown(&app, "812/TMĐT-QL", &goods.listing.to_string()));
    form["stop_orders"] = json!(true);
    officer.post(ORDERS, form).await.ok();
    app.run_jobs().await;
    // Whoever was placing meanwhile is found by the second look; the first one is not repeated.
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;

    for (order, expected) in orders.iter().zip(["cancelled", "cancelled", "cancelled", "shipped"]) {
        let shown = buyer.get(&format!("/v1/orders/{order}")).await.ok();
        assert_eq!(shown["status"], expected);
        if expected == "cancelled" {
            assert_eq!(shown["cancel_reason"], "taken_down");
            assert_eq!(shown["events"].as_array().unwrap().last().unwrap()["by"], "authority");
            assert_eq!(shown["payment"]["status"], "void");
        }
    }
    assert_eq!(buyer.get(&format!("/v1/orders/{untouched}")).await.ok()["status"], "placed");
    let stock = shop.get(&shop.path("/stock")).await.ok();
    let left = |ware: &crate::support::Ware| {
        let lines = stock["items"].as_array().unwrap();
        lines.iter().find(|line| line["variant_id"] == json!(ware.variant)).unwrap()["on_hand"].clone()
    };
    assert_eq!((left(&goods), left(&other)), (json!(9), json!(8)));
    for contact in [buyer.contact(), shop.contact()] {
        assert!(app.last_message(contact).await.contains("bị hủy vì cơ quan"));
    }
    let letters = app.count("select count(*) from messages where subject like 'Đơn hàng bị hủy%'").await;
    assert_eq!(letters, 6, "each side hears once of each order");
    app.finish().await;
}

#[tokio::test]
async fn a_takedown_leaves_running_orders_alone_unless_it_says_otherwise() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let goods = ware(&app.published_listing(&shop, 150_000, 10).await);
    let buyer = app.account("Người mua").await;
    let order = buyer.buy(&[(&goods, 1)]).await.remove(0);
    let quote = buyer.quote(&[(&goods, 1)]).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    officer.post(ORDERS, at_once(takedown(&app, "812/TMĐT-QL", &goods.listing.to_string()))).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    assert_eq!(buyer.get(&format!("/v1/orders/{order}")).await.ok()["status"], "placed");
    buyer.place(&quote, "after").await.refused(409, "not-for-sale");
    app.finish().await;
}

#[tokio::test]
async fn what_is_withdrawn_and_taken_down_comes_back_when_both_have_ended() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    shop.put(&shop.path(&format!("/listings/{id}/pause")), json!({})).await.ok();
    let withdrawal = format!("/admin/v1/listings/{id}/withdrawal");
    for lifted_first in ["withdrawal", "takedown"] {
        withdraw(&officer, id).await;
        let order = officer.post(ORDERS, at_once(takedown(&app, lifted_first, id))).await.ok();
        assert_eq!(status(&shop, id).await, "taken_down");
        if lifted_first == "withdrawal" {
            officer.delete(&withdrawal).await;
            assert_eq!(status(&shop, id).await, "taken_down");
            lift(&officer, &order).await.ok();
        } else {
            lift(&officer, &order).await.ok();
            assert_eq!(status(&shop, id).await, "withdrawn");
            officer.delete(&withdrawal).await;
        }
        assert_eq!(status(&shop, id).await, "paused");
    }
    let first = officer.post(ORDERS, at_once(takedown(&app, "1/A", id))).await.ok();
    let second = officer.post(ORDERS, at_once(takedown(&app, "2/B", id))).await.ok();
    lift(&officer, &first).await.ok();
    assert_eq!(status(&shop, id).await, "taken_down");
    lift(&officer, &second).await.ok();
    assert_eq!(status(&shop, id).await, "paused");
    app.finish().await;
}

#[tokio::test]
async fn of_the_same_order_recorded_twice_at_once_one_is_kept() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let officers = (app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Head).await);
    let form = at_once(takedown(&app, "812/TMĐT-QL", id));
    let answers = tokio::join!(officers.0.post(ORDERS, form.clone()), officers.1.post(ORDERS, form));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(numbers(&officers.0, "done").await.len(), 1);
    assert_eq!(status(&shop, id).await, "taken_down");
    // Of two that end at once, the later one finds nothing that holds the listing.
    let second = officers.0.post(ORDERS, at_once(takedown(&app, "813/TMĐT-QL", id))).await.ok();
    let done = officers.0.get(&format!("{ORDERS}?state=done")).await.ok();
    let first = done["items"].as_array().unwrap().iter().find(|order| order["id"] != second["id"]).unwrap();
    let lifted = tokio::join!(lift(&officers.0, first), lift(&officers.1, &second));
    assert_eq!((lifted.0.status, lifted.1.status), (200, 200));
    assert_eq!(status(&shop, id).await, "published");
    app.finish().await;
}

#[tokio::test]
async fn an_approval_never_brings_back_what_is_taken_down() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officers = (app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Head).await);
    for round in 0..4 {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
        let mut content = listing["published"].clone();
        content["title_vi"] = json!(format!("Chè Shan tuyết, lần {round}"));
        shop.save(&listing, content).await.ok();
        let waiting = shop.submit(id).await.ok();
        let case = json!(shop.case_about(id_of(&waiting["revision"])).await);
        let (gone, approved) = tokio::join!(
            officers.0.post(ORDERS, at_once(takedown(&app, &format!("{round}/A"), id))),
            verdict(&officers.1, &case, json!({ "verdict": "approve" }))
        );
        assert_eq!(gone.status, 201, "{}", gone.body);
        if approved.status != 200 {
            approved.refused(409, "listing-closed");
        }
        assert!(!is_shown(&app, slug).await);
        assert_eq!(status(&shop, id).await, "taken_down");
    }
    app.finish().await;
}
