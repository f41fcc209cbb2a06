//! Buying without an account, and finding the order again.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Actor, LAI_CHAU, TEA, TestApp};

/// Somebody who buys without an account.
pub async fn guest(app: &TestApp) -> Actor {
    let anyone = app.anyone();
    let opened = anyone.post("/v1/guest_sessions", json!({})).await.ok();
    let account = opened["account_id"].as_str().unwrap().parse().unwrap();
    anyone.signed_in(opened["token"].as_str().unwrap(), "", account)
}

#[tokio::test]
async fn a_guest_buys_and_does_nothing_else() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let guest = guest(&app).await;
    guest.put(&format!("/v1/cart/items/{}", tea.variant), json!({ "quantity": 2 })).await.ok();
    let quote = guest.quote(&[]).await;
    let placed = guest.place(&quote, "one").await.ok();
    let order = placed["orders"][0]["id"].as_str().unwrap();
    guest.get(&format!("/v1/orders/{order}")).await.ok();
    stall.deliver(order).await;
    let line = guest.get(&format!("/v1/orders/{order}")).await.ok()["lines"][0]["id"].clone();
    let review = format!("/v1/orders/{order}/lines/{}/review", line.as_str().unwrap());
    for refused in [
        guest.get("/v1/me").await,
        guest.post("/v1/me/contacts", json!({ "contact": "khach@example.vn" })).await,
        guest.post(&review, json!({ "stars": 5, "text": "Thơm." })).await,
        guest.get("/v1/me/shops").await,
        guest.get("/v1/addresses").await,
        guest.get("/admin/v1/cases").await,
    ] {
        refused.refused(403, "account-needed");
    }
    // What was delivered can come back, and that takes longer than a day.
    app.clock.advance(TimeDelta::days(6));
    app.run_jobs().await;
    let broken =
        json!({ "lines": [{ "order_line_id": line, "quantity": 1 }], "reason": "damaged", "words": "Hộp vỡ." });
    let headers = [("idempotency-key", "vo"), ("content-type", "application/json")];
    // A guest complains about what was bought, and about nothing else.
    let against = |what: Value| json!({ "against": what, "kind": "not_as_described", "words": "Trên hộp ghi 150 g." });
    let seller = guest.get(&format!("/v1/orders/{order}")).await.ok()["seller_slug"].clone();
    guest.post("/v1/complaints", against(json!({ "seller": seller }))).await.refused(409, "contact-unconfirmed");
    let complaint = guest.post("/v1/complaints", against(json!({ "order": order }))).await.ok();
    let listed = guest.get("/v1/complaints").await.ok();
    assert_eq!(listed["items"][0]["id"], complaint["id"]);
    let mine = format!("/v1/complaints/{}", complaint["id"].as_str().unwrap());
    self::guest(&app).await.get(&mine).await.refused(404, "not-found");
    assert_eq!(guest.get(&mine).await.ok()["status"], "open");
    assert_eq!(guest.put(&format!("{mine}/withdrawal"), json!({})).await.ok()["status"], "withdrawn");
    let path = format!("/v1/orders/{order}/returns");
    guest.send(axum::http::Method::POST, &path, &headers, broken.to_string().into()).await.ok();
    app.clock.advance(TimeDelta::days(54));
    guest.get("/v1/orders").await.refused(401, "sign-in-first");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn an_order_is_found_by_its_number_and_phone_and_wrong_pairs_look_alike() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let guest = guest(&app).await;
    let quote = guest.quote(&[(&tea, 2)]).await;
    let placed = guest.place(&quote, "one").await.ok();
    let number = placed["orders"][0]["number"].as_str().unwrap();
    assert_eq!(number.rsplit('-').next().unwrap().len(), 10);
    let pair = |number: &str, phone: &str| json!({ "number": number, "phone": phone });
    let someone = app.anyone();
    let found = someone.post("/v1/order_lookups", pair(&number.to_lowercase(), "+84 912 345 678")).await.ok();
    assert_eq!((&found["number"], &found["id"]), (&json!(number), &placed["orders"][0]["id"]));
    let alike = |body: Value| {
        let mut body = body;
        body.as_object_mut().unwrap().remove("trace_id");
        body
    };
    let wrong_phone = someone.post("/v1/order_lookups", pair(number, "0912 345 679")).await.refused(404, "not-found");
    let nobodys = someone.post("/v1/order_lookups", pair("OCOP-261121-0000000000", "0912 345 678")).await;
    assert_eq!(alike(wrong_phone), alike(nobodys.refused(404, "not-found")));
    app.finish().await;
}

#[tokio::test]
async fn whoever_guesses_is_told_to_wait() {
    let app = TestApp::new().await;
    let number = "OCOP-261121-0000000000";
    for _ in 0..10 {
        let guess = json!({ "number": number, "phone": "0912 345 678" });
        app.anyone().post("/v1/order_lookups", guess).await.refused(404, "not-found");
    }
    let guess = json!({ "number": number, "phone": "0912 345 678" });
    app.anyone().post("/v1/order_lookups", guess).await.refused(429, "too-many-attempts");
    let one = app.anyone();
    for _ in 0..50 {
        one.post("/v1/guest_sessions", json!({})).await.ok();
    }
    one.post("/v1/guest_sessions", json!({})).await.refused(429, "too-many-attempts");
    app.anyone().post("/v1/guest_sessions", json!({})).await.ok();
    app.finish().await;
}
