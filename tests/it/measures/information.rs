//! Requests of authorities for information about a shop.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{joins, order, verdict};
use crate::support::catalogue::id_of;
use crate::support::sellers::{PERSONAL_ID, ShopActor, household};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

const REQUESTS: &str = "/admin/v1/information_requests";

/// A household's shop that its department has approved.
async fn approved_household(app: &TestApp) -> ShopActor {
    let shop = app.draft_shop(household(LAI_CHAU)).await;
    shop.paper("personal_id").await;
    shop.paper("business_registration").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    app.decide(&shop, &shop.id, json!({ "verdict": "approve" })).await;
    shop
}

fn request(app: &TestApp, number: &str, shop: &ShopActor) -> Value {
    let mut request = order(app, number);
    request["seller_id"] = json!(shop.id);
    request["asked"] = json!("Danh tính chủ cửa hàng và các sản phẩm.");
    request
}

#[tokio::test]
async fn an_answer_shows_the_identity_in_full_and_that_it_was_read_is_recorded() {
    let app = TestApp::new().await;
    let shop = approved_household(&app).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    shop.draft(90_000).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let recorded = head.post(REQUESTS, request(&app, "57/QLTT", &shop)).await.ok();
    assert_eq!((&recorded["kind"], &recorded["status"]), (&json!("information"), &json!("open")));
    head.post(REQUESTS, request(&app, "57/QLTT", &shop)).await.refused(409, "authority-order-recorded");

    let path = format!("{REQUESTS}/{}", id_of(&recorded));
    let data = head.get(&format!("{path}/data")).await.ok();
    assert_eq!((&data["personal_id"], &data["seller"]["id"]), (&json!(PERSONAL_ID), &json!(shop.id)));
    assert_eq!(data["seller"]["personal_id"], "•••••••••123");
    assert_eq!(
        data["listing_counts"],
        json!([{ "status": "draft", "count": 1 }, { "status": "published", "count": 1 }])
    );
    assert_eq!(data["listings"][1]["id"], listing["id"]);
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    let entry = &entries["items"][0];
    assert_eq!(entry["operation"], "GET /admin/v1/information_requests/{information_request_id}/data");
    assert_eq!((&entry["subject_id"], &entry["facts"]), (&recorded["id"], &json!({ "id_data": "read" })));

    // It stays between the authority and the marketplace.
    let inbox = shop.get(&shop.path("/cases")).await.ok();
    assert!(inbox["items"].as_array().unwrap().iter().all(|case| case["kind"] != "information_request"));
    let before = app.last_message(shop.contact()).await;
    let answered = json!({ "verdict": "approve", "words": "Đã gửi công văn trả lời 12/SCT." });
    verdict(&head, &recorded["case_id"], answered).await.ok();
    assert_eq!(app.last_message(shop.contact()).await, before);
    let done = head.get(&path).await.ok();
    assert_eq!((&done["status"], &done["done_words"]), (&json!("done"), &json!("Đã gửi công văn trả lời 12/SCT.")));
    let list = head.get(&format!("{REQUESTS}?state=done")).await.ok();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["next"]), (1, &Value::Null));
    app.finish().await;
}

#[tokio::test]
async fn a_refused_request_is_answered_with_nothing_and_another_provinces_does_not_exist() {
    let app = TestApp::new().await;
    let shop = approved_household(&app).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    let recorded = officer.post(REQUESTS, request(&app, "57/QLTT", &shop)).await.ok();
    let data = format!("{REQUESTS}/{}/data", id_of(&recorded));
    elsewhere.get(&data).await.refused(404, "not-found");
    elsewhere.post(REQUESTS, request(&app, "58/QLTT", &shop)).await.refused(404, "not-found");
    app.officer(LAI_CHAU, OfficerRole::Auditor).await.get(&data).await.refused(403, "not-your-function");
    // It is no takedown.
    officer.get(&format!("/admin/v1/takedown_orders/{}", id_of(&recorded))).await.refused(404, "not-found");

    let no = json!({ "verdict": "reject", "reason_codes": ["information.no_basis"], "words": "Thiếu căn cứ." });
    verdict(&officer, &recorded["case_id"], no).await.ok();
    officer.get(&data).await.refused(409, "information-request-refused");
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_said_to_the_shop_about_it_and_no_member_answers_it() {
    let app = TestApp::new().await;
    let shop = approved_household(&app).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let recorded = officer.post(REQUESTS, request(&app, "57/QLTT", &shop)).await.ok();
    let notes = format!("/admin/v1/cases/{}/notes", recorded["case_id"].as_str().unwrap());
    let before = app.last_message(shop.contact()).await;
    let to_shop = json!({ "audience": "seller", "words": "Cơ quan quản lý thị trường hỏi về cửa hàng." });
    let refused = officer.post(&notes, to_shop).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "audience");
    assert_eq!(app.last_message(shop.contact()).await, before);
    officer.post(&notes, json!({ "audience": "desk", "words": "Đã gọi cơ quan hỏi." })).await.ok();

    joins(&app, &shop, &officer).await;
    officer.get(&format!("{REQUESTS}/{}/data", id_of(&recorded))).await.refused(409, "own-shop");
    app.finish().await;
}
