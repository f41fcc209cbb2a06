//! Appeals against measures, from the shop's inbox to the other officer's verdict.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{at_once, case_of, is_shown, status, takedown, verdict, withdraw};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, Answer, LAI_CHAU, TestApp};

fn approval() -> Value {
    json!({ "verdict": "approve" })
}

fn dismissal() -> Value {
    json!({ "verdict": "reject", "reason_codes": ["appeal.decision_stands"], "words": "Quyết định đúng." })
}

/// Appeals against the shop's newest case of the kind.
async fn appeal(app: &TestApp, shop: &ShopActor, kind: &str) -> Answer {
    let case = case_of(app, shop, kind).await.id;
    shop.post(&shop.path(&format!("/cases/{case}/appeal")), json!({ "words": "Chúng tôi có căn cứ." })).await
}

/// Two officers of the province: who takes the measure, and who hears the shop.
async fn officers(app: &TestApp) -> [Actor; 2] {
    [app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await]
}

async fn suspend(officer: &Actor, shop: &ShopActor, form: Value) {
    officer.post(&format!("/admin/v1/sellers/{}/suspensions", shop.id), form).await.ok();
}

fn breach() -> Value {
    json!({ "basis": "breach", "reason_codes": ["suspension.complaints"], "words": "Khiếu nại chưa được trả lời." })
}

async fn standing(shop: &ShopActor) -> Value {
    shop.get(&shop.path("")).await.ok()["status"].clone()
}

#[tokio::test]
async fn a_withdrawn_listing_comes_back_when_another_officer_upholds_the_appeal() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let [first, second] = officers(&app).await;
    withdraw(&first, id).await;
    let appealed = appeal(&app, &shop, "listing_withdrawal").await.ok();
    verdict(&first, &appealed["id"], approval()).await.refused(409, "own-decision");
    let dossier = second.get(&format!("/admin/v1/cases/{}", id_of(&appealed))).await.ok();
    assert_eq!(
        (&dossier["appealed"]["kind"], &dossier["subject"]["listing"]["id"]),
        (&json!("listing_withdrawal"), &json!(id))
    );
    verdict(&second, &appealed["id"], approval()).await.ok();
    assert!(is_shown(&app, slug).await);

    // The same goods can be withdrawn again, and that decision stands.
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(withdraw(&first, id).await.status, 204);
    let again = appeal(&app, &shop, "listing_withdrawal").await.ok();
    verdict(&second, &again["id"], dismissal()).await.ok();
    assert_eq!(status(&shop, id).await, "withdrawn");
    app.finish().await;
}

#[tokio::test]
async fn a_won_appeal_against_a_withdrawal_leaves_an_authoritys_order_standing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let [first, second] = officers(&app).await;
    withdraw(&first, id).await;
    let order = first.post("/admin/v1/takedown_orders", at_once(takedown(&app, "9/TMĐT", id))).await.ok();
    let appealed = appeal(&app, &shop, "listing_withdrawal").await.ok();
    verdict(&second, &appealed["id"], approval()).await.ok();
    assert_eq!(status(&shop, id).await, "taken_down");
    let end = format!("/admin/v1/takedown_orders/{}/lifting", id_of(&order));
    first.put(&end, json!({ "document_number": "10/TMĐT" })).await.ok();
    assert!(is_shown(&app, slug).await);
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_against_a_withdrawal_that_was_lifted_is_not_heard() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let [officer, _] = officers(&app).await;
    withdraw(&officer, id_of(&listing)).await;
    officer.delete(&format!("/admin/v1/listings/{}/withdrawal", id_of(&listing))).await;
    appeal(&app, &shop, "listing_withdrawal").await.refused(409, "case-moved-on");
    app.finish().await;
}

#[tokio::test]
async fn content_refused_while_its_listing_is_withdrawn_is_appealed_about_and_then_comes_back_with_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let [first, second] = officers(&app).await;
    let refusal = json!({ "verdict": "reject", "reason_codes": ["listing.misleading"], "words": "Vẫn chưa đúng." });
    let hand_in = async |title: &str| {
        app.clock.advance(TimeDelta::minutes(1));
        let current = shop.listing(id).await;
        let mut content = current["revision"]["content"].clone();
        content["title_vi"] = json!(title);
        shop.save(&current, content).await.ok();
        let waiting = shop.submit(id).await.ok();
        json!(shop.case_about(id_of(&waiting["revision"])).await)
    };
    let before = hand_in("Chè Shan tuyết, bản thứ hai").await;
    app.clock.advance(TimeDelta::minutes(1));
    withdraw(&first, id).await;
    verdict(&first, &before, refusal.clone()).await.ok();
    // What was handed in before the withdrawal cannot undo it.
    appeal(&app, &shop, "listing_revision").await.refused(409, "listing-closed");

    let since = hand_in("Chè Shan tuyết, bản đã sửa").await;
    verdict(&first, &since, refusal).await.ok();
    let appealed = appeal(&app, &shop, "listing_revision").await.ok();
    verdict(&second, &appealed["id"], approval()).await.ok();
    assert!(is_shown(&app, slug).await);
    assert_eq!(app.anyone().get(&format!("/v1/listings/{slug}")).await.ok()["title"], "Chè Shan tuyết, bản đã sửa");
    app.finish().await;
}

#[tokio::test]
async fn an_upheld_appeal_ends_a_suspension_in_force_and_calls_one_off_that_is_noticed() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let slug = app.published_listing(&shop, 150_000, 5).await["slug"].as_str().unwrap().to_owned();
    let [first, second] = officers(&app).await;
    let state = async || {
        let history = first.get(&format!("/admin/v1/sellers/{}/suspensions", shop.id)).await.ok();
        history["items"][0]["state"].clone()
    };
    suspend(&first, &shop, breach()).await;
    app.clock.advance(TimeDelta::hours(120));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "suspended");
    let appealed = appeal(&app, &shop, "suspension").await.ok();
    verdict(&first, &appealed["id"], approval()).await.refused(409, "own-decision");
    let dossier = second.get(&format!("/admin/v1/cases/{}", id_of(&appealed))).await.ok();
    assert_eq!(dossier["subject"]["suspension"]["state"], Value::Null);
    assert_eq!(dossier["subject"]["suspension"]["seller_id"], json!(shop.id));
    verdict(&second, &appealed["id"], approval()).await.ok();
    assert_eq!((standing(&shop).await, state().await), (json!("approved"), json!("ended")));
    assert!(is_shown(&app, &slug).await);

    app.clock.advance(TimeDelta::minutes(1));
    suspend(&first, &shop, breach()).await;
    let appealed = appeal(&app, &shop, "suspension").await.ok();
    verdict(&second, &appealed["id"], approval()).await.ok();
    assert_eq!(state().await, "called_off");
    app.clock.advance(TimeDelta::days(6));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "approved");
    app.finish().await;
}

#[tokio::test]
async fn a_dismissed_appeal_lets_the_suspension_take_hold_and_an_authoritys_order_has_none() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let [first, second] = officers(&app).await;
    suspend(&first, &shop, breach()).await;
    let appealed = appeal(&app, &shop, "suspension").await.ok();
    verdict(&second, &appealed["id"], dismissal()).await.ok();
    app.clock.advance(TimeDelta::hours(120));
    app.run_jobs().await;
    assert_eq!(standing(&shop).await, "suspended");

    let ordered = app.approved_shop(LAI_CHAU).await;
    let mut form = breach();
    form["basis"] = json!("order");
    form["authority"] = json!("Cục Thương mại điện tử và Kinh tế số");
    form["document_number"] = json!("77/TMĐT");
    form["reason_codes"] = json!(["suspension.order"]);
    suspend(&first, &ordered, form).await;
    appeal(&app, &ordered, "suspension").await.refused(409, "case-not-appealable");
    app.finish().await;
}
