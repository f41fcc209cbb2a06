//! Looking afterwards at what was published at once.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{case_of, edit, found, reviewer, trust, trusted_shop};
use crate::support::TestApp;
use crate::support::catalogue::id_of;

fn verdict(verdict: &str) -> Value {
    json!({ "verdict": verdict, "reason_codes": ["spot_check.misleading"], "words": "Nội dung không đúng sản phẩm." })
}

#[tokio::test]
async fn the_dossier_of_a_spot_check_shows_what_the_edit_changed() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let edited = edit(&shop, id_of(&listing), "Chè mùa mới.").await;
    let dossier = reviewer(&app).await.get(&case_of(&shop, &edited).await).await.ok();
    assert_eq!(
        (&dossier["case"]["kind"], &dossier["case"]["title"]),
        (&json!("spot_check"), &listing["published"]["title_vi"])
    );
    assert_eq!(
        dossier["subject"]["changes"],
        json!([{ "path": "content.story_vi", "before": listing["published"]["story_vi"], "after": "Chè mùa mới." }])
    );
    assert_eq!(found(&dossier["subject"]["screening"]), []);
    app.finish().await;
}

#[tokio::test]
async fn an_edit_that_passes_its_check_stays_and_so_does_the_trust() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let edited = edit(&shop, id_of(&listing), "Chè mùa mới.").await;
    let case = case_of(&shop, &edited).await;
    reviewer(&app).await.put(&format!("{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
    let checked = shop.listing(id_of(&listing)).await;
    assert_eq!(
        (&checked["revision"]["unseen"], &checked["revision"]["status"]),
        (&json!("checked"), &json!("approved"))
    );
    assert_eq!(checked["published"]["story_vi"], "Chè mùa mới.");
    assert_eq!(trust(&app, &shop, true).await["ended_at"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn an_edit_that_fails_its_check_is_taken_back_with_its_packs_and_the_trust_is_lost() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let page = format!("/v1/listings/{}", listing["slug"].as_str().unwrap());
    let before = app.anyone().get(&page).await.ok();
    let variants = json!({ "variants": [
        { "sku": "HOP-200", "name_vi": "Gói HOP-200", "price_vnd": 150_000, "grams": 260 },
        { "sku": "KHAC", "name_vi": "Gói khác hẳn", "price_vnd": 9_000, "grams": 100 },
    ] });
    shop.put(&shop.path(&format!("/listings/{id}/variants")), variants).await.ok();
    let edited = edit(&shop, id, "Đây là mật ong.").await;
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((&shown["price_vnd"], &shown["story"]), (&json!(9_000), &json!("Đây là mật ong.")));

    let case = case_of(&shop, &edited).await;
    let officer = reviewer(&app).await;
    let wrong = json!({ "verdict": "reject", "reason_codes": ["listing.misleading"], "words": "Không." });
    officer.put(&format!("{case}/verdict"), wrong).await.refused(422, "invalid");
    officer.put(&format!("{case}/verdict"), verdict("reject")).await.ok();
    assert_eq!(app.anyone().get(&page).await.ok(), before);
    let back = shop.listing(id).await;
    assert_eq!((&back["published"], &back["revision"]["status"]), (&listing["published"], &json!("rejected")));
    assert_eq!(back["verdict"]["reason_codes"], json!(["spot_check.misleading"]));
    assert_eq!(back["variants"][1]["approved"], false);
    let state = officer.get(&format!("/admin/v1/sellers/{}/trust", shop.id)).await.ok();
    assert_eq!((&state["trusted"], &state["ended_words"]), (&json!(false), &json!("Nội dung không đúng sản phẩm.")));

    let inbox = shop.get(&shop.path("/cases")).await.ok();
    assert_eq!((&inbox["items"][0]["kind"], &inbox["items"][0]["verdict"]), (&json!("spot_check"), &json!("reject")));
    assert!(app.last_message(shop.contact()).await.contains("không được duyệt"));
    assert_eq!(edit(&shop, id, "Chè thật.").await["revision"]["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn an_edit_sent_back_can_be_mended_and_then_waits_for_an_officer_even_of_a_shop_trusted_again() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let edited = edit(&shop, id, "Đây là mật ong.").await;
    let case = case_of(&shop, &edited).await;
    reviewer(&app).await.put(&format!("{case}/verdict"), verdict("request_changes")).await.ok();
    let back = shop.listing(id).await;
    assert_eq!(back["published"], listing["published"]);
    assert_eq!(
        (&back["revision"]["id"], &back["revision"]["status"]),
        (&edited["revision"]["id"], &json!("changes_requested"))
    );
    app.clock.advance(TimeDelta::minutes(1));
    trust(&app, &shop, true).await;
    let mended = edit(&shop, id, "Đây là chè.").await;
    assert_eq!(mended["revision"]["status"], "submitted");
    let dossier = reviewer(&app).await.get(&case_of(&shop, &mended).await).await.ok();
    assert_eq!(dossier["subject"]["changes"].as_array().unwrap().len(), 1);
    app.decide(&shop, id_of(&mended["revision"]), json!({ "verdict": "approve" })).await;
    assert_eq!(shop.listing(id).await["published"]["story_vi"], "Đây là chè.");
    app.finish().await;
}

#[tokio::test]
async fn what_a_newer_version_has_replaced_cannot_be_taken_back_any_more() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let edited = edit(&shop, id, "Chè mùa một.").await;
    let case = case_of(&shop, &edited).await;
    let newer = edit(&shop, id, "Chè mùa hai.").await;
    app.decide(&shop, id_of(&newer["revision"]), json!({ "verdict": "approve" })).await;
    let officer = reviewer(&app).await;
    officer.put(&format!("{case}/verdict"), verdict("reject")).await.refused(409, "listing-superseded");
    assert_eq!(shop.listing(id).await["published"]["story_vi"], "Chè mùa hai.");
    officer.put(&format!("{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn taking_an_edit_back_leaves_what_the_shop_is_writing() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let edited = edit(&shop, id, "Đây là mật ong.").await;
    let case = case_of(&shop, &edited).await;
    let mut content = edited["published"].clone();
    content["story_vi"] = json!("Đang viết dở.");
    let writing = shop.save(&edited, content).await.ok();
    let archive = shop.path(&format!("/listings/{id}/archive"));
    reviewer(&app).await.put(&format!("{case}/verdict"), verdict("request_changes")).await.ok();
    let back = shop.listing(id).await;
    assert_eq!((&back["revision"]["id"], &back["revision"]["status"]), (&writing["revision"]["id"], &json!("draft")));
    assert_eq!(back["published"], listing["published"]);
    shop.post(&archive, json!({})).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn an_edit_of_a_listing_given_up_meanwhile_is_taken_back_and_stays_given_up() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let edited = edit(&shop, id_of(&listing), "Đây là mật ong.").await;
    let case = case_of(&shop, &edited).await;
    shop.post(&shop.path(&format!("/listings/{}/archive", id_of(&listing))), json!({})).await.ok();
    reviewer(&app).await.put(&format!("{case}/verdict"), verdict("reject")).await.ok();
    let back = shop.listing(id_of(&listing)).await;
    assert_eq!((&back["status"], &back["published"]), (&json!("archived"), &listing["published"]));
    app.finish().await;
}

#[tokio::test]
async fn an_edit_that_failed_its_check_is_back_when_an_appeal_is_upheld() {
    let app = TestApp::new().await;
    for outcome in ["reject", "request_changes"] {
        let shop = trusted_shop(&app, 1).await;
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let edited = edit(&shop, id_of(&listing), "Chè mùa mới.").await;
        let case = case_of(&shop, &edited).await;
        let checker = reviewer(&app).await;
        checker.put(&format!("{case}/verdict"), verdict(outcome)).await.ok();
        assert_eq!(shop.listing(id_of(&listing)).await["published"], listing["published"]);

        let path = case.replace("/admin/v1", &shop.path("")) + "/appeal";
        let appeal = shop.post(&path, json!({ "words": "Đây là chè của chúng tôi." })).await.ok();
        let appealed = format!("/admin/v1/cases/{}", id_of(&appeal));
        let approval = json!({ "verdict": "approve" });
        checker.put(&format!("{appealed}/verdict"), approval.clone()).await.refused(409, "own-decision");
        let other = reviewer(&app).await;
        app.clock.advance(TimeDelta::minutes(1));
        let dossier = other.get(&appealed).await.ok();
        assert_eq!(dossier["subject"]["changes"][0]["path"], "content.story_vi");
        other.put(&format!("{appealed}/verdict"), approval).await.ok();
        let back = shop.listing(id_of(&listing)).await;
        assert_eq!(
            (&back["published"]["story_vi"], &back["revision"]["status"]),
            (&json!("Chè mùa mới."), &json!("approved"))
        );
        let state = other.get(&format!("/admin/v1/sellers/{}/trust", shop.id)).await.ok();
        assert_eq!((&state["trusted"], &state["ended_at"]), (&json!(true), &Value::Null));
    }
    app.finish().await;
}
