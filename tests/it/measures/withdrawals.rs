//! Listings an officer takes back.

use chrono::TimeDelta;
use ocop_market::market::measures;
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::{case_of, grounds, is_shown, joins, status, verdict, withdraw};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

/// Hands a new title in.
async fn hand_in_again(app: &TestApp, shop: &ShopActor, listing: &str, title: &str) -> serde_json::Value {
    app.clock.advance(TimeDelta::minutes(1));
    let current = shop.listing(listing).await;
    let mut content = current["revision"]["content"].clone();
    content["title_vi"] = json!(title);
    shop.save(&current, content).await.ok();
    shop.submit(listing).await.ok()
}

#[tokio::test]
async fn a_withdrawn_listing_is_hidden_at_once_with_reasons_and_comes_back_when_lifted() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert!(is_shown(&app, slug).await);

    assert_eq!(withdraw(&officer, id).await.status, 204);
    assert!(!is_shown(&app, slug).await);
    assert_eq!(status(&shop, id).await, "withdrawn");
    let case = shop.get(&shop.path("/cases")).await.ok()["items"][0].clone();
    assert_eq!((&case["kind"], &case["verdict"]), (&json!("listing_withdrawal"), &json!("reject")));
    assert_eq!(case["reasons"][0]["code"], "withdrawal.misleading");
    assert_eq!(case["words"], "Bài viết hứa chữa bệnh.");
    assert!(app.last_message(shop.contact()).await.contains("đã bị gỡ"));
    let dossier = officer.get(&format!("/admin/v1/cases/{}", id_of(&case))).await.ok();
    assert_eq!(dossier["subject"]["listing"]["id"], id);
    withdraw(&officer, id).await.refused(409, "listing-closed");

    let path = format!("/admin/v1/listings/{id}/withdrawal");
    assert_eq!(officer.delete(&path).await.status, 204);
    assert!(is_shown(&app, slug).await);
    officer.delete(&path).await.refused(409, "listing-not-withdrawn");

    // What its shop had paused comes back paused.
    shop.put(&shop.path(&format!("/listings/{id}/pause")), json!({})).await.ok();
    withdraw(&officer, id).await;
    assert_eq!(status(&shop, id).await, "withdrawn");
    officer.delete(&path).await;
    assert_eq!(status(&shop, id).await, "paused");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_corrects_a_withdrawn_listing_and_an_approval_publishes_it_again() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    withdraw(&officer, id).await;
    for (method, path) in [("put", "pause"), ("post", "archive")] {
        let path = shop.path(&format!("/listings/{id}/{path}"));
        let answer = if method == "put" { shop.put(&path, json!({})).await } else { shop.post(&path, json!({})).await };
        answer.refused(409, "listing-closed");
    }
    let submitted = hand_in_again(&app, &shop, id, "Chè Shan tuyết, bản đã sửa").await;
    assert!(!is_shown(&app, slug).await);
    app.decide(&shop, id_of(&submitted["revision"]), json!({ "verdict": "approve" })).await;
    assert_eq!(status(&shop, id).await, "published");
    assert!(is_shown(&app, slug).await);
    app.finish().await;
}

#[tokio::test]
async fn what_was_handed_in_before_a_withdrawal_does_not_undo_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let waiting = hand_in_again(&app, &shop, id, "Chè Shan tuyết, bản thứ hai").await;
    let case = json!(shop.case_about(id_of(&waiting["revision"])).await);
    app.clock.advance(TimeDelta::minutes(1));
    withdraw(&officer, id).await;

    verdict(&officer, &case, json!({ "verdict": "approve" })).await.refused(409, "listing-withdrawn-meanwhile");
    let back = json!({ "verdict": "request_changes", "reason_codes": ["listing.misleading"], "words": "Gửi lại." });
    verdict(&officer, &case, back).await.ok();
    assert!(!is_shown(&app, slug).await);
    let again = hand_in_again(&app, &shop, id, "Chè Shan tuyết, bản thứ ba").await;
    app.decide(&shop, id_of(&again["revision"]), json!({ "verdict": "approve" })).await;
    assert!(is_shown(&app, slug).await);
    app.finish().await;
}

#[tokio::test]
async fn of_a_withdrawal_and_an_approval_at_once_the_listing_ends_up_withdrawn() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officers = (app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Head).await);
    for round in 0..4 {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let (id, slug) = (id_of(&listing), listing["slug"].as_str().unwrap());
        let waiting = hand_in_again(&app, &shop, id, &format!("Chè Shan tuyết, lần {round}")).await;
        let case = json!(shop.case_about(id_of(&waiting["revision"])).await);
        let (withdrawn, approved) =
            tokio::join!(withdraw(&officers.0, id), verdict(&officers.1, &case, json!({ "verdict": "approve" })));
        assert_eq!(withdrawn.status, 204, "{}", withdrawn.body);
        if approved.status != 200 {
            approved.refused(409, "listing-withdrawn-meanwhile");
        }
        assert_eq!(status(&shop, id).await, "withdrawn");
        assert!(!is_shown(&app, slug).await);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_won_appeal_undoes_the_withdrawal_it_was_made_against_and_no_other() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    withdraw(&officer, id).await;
    let first = case_of(&app, &shop, "listing_withdrawal").await;
    officer.delete(&format!("/admin/v1/listings/{id}/withdrawal")).await;
    app.clock.advance(TimeDelta::minutes(1));
    withdraw(&officer, id).await;
    let second = case_of(&app, &shop, "listing_withdrawal").await;
    assert_ne!(first.id, second.id);
    let now = app.clock.now();
    for (case, expected) in [(&first, "withdrawn"), (&second, "published"), (&second, "published")] {
        app.app.db.act(async |conn| measures::reverse_withdrawal(conn, case, now).await).await.unwrap();
        assert_eq!(status(&shop, id).await, expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_listing_is_withdrawn_by_the_officers_of_its_shop_on_grounds_that_fit() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let draft = shop.draft(150_000).await;
    withdraw(&app.officer(LAO_CAI, OfficerRole::Head).await, id).await.refused(404, "not-found");
    withdraw(&app.officer(LAI_CHAU, OfficerRole::Auditor).await, id).await.refused(403, "not-your-function");
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    withdraw(&officer, id_of(&draft)).await.refused(409, "listing-not-published");
    let path = format!("/admin/v1/listings/{id}/withdrawal");
    for (field, value, at) in [
        ("reason_codes", json!([]), "reason_codes"),
        ("reason_codes", json!(vec!["withdrawal.rights"; 11]), "reason_codes"),
        ("reason_codes", json!(["listing.misleading"]), "reason_codes[0]"),
        ("words", json!(""), "words"),
        ("at_once", json!(true), "at_once"),
    ] {
        let mut wrong = grounds();
        wrong[field] = value;
        let refused = officer.put(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    joins(&app, &shop, &officer).await;
    withdraw(&officer, id).await.refused(409, "own-shop");
    assert_eq!(status(&shop, id).await, "published");
    app.finish().await;
}
