//! Orders on their way, in one parcel or several.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::ghn::{FakeGhn, Fault, message};
use crate::support::{Actor, Answer, HA_NOI, LAI_CHAU, Stall, TEA, TestApp, Ware};
use crate::trade::guests::guest;

const MEASURED: &str = r#"{ "ghn": { "grams": 1200, "length_mm": 301, "width_mm": 200, "height_mm": 120 } }"#;

fn by_ghn() -> Value {
    serde_json::from_str(MEASURED).unwrap()
}

fn by_hand(code: &str) -> Value {
    json!({ "handed_over": { "carrier": "VNPost", "tracking_code": code } })
}

/// An order of so many boxes of tea, packed.
async fn packed(stall: &Stall, buyer: &Actor, tea: &Ware, quantity: i32) -> Value {
    let order = buyer.buy(&[(tea, quantity)]).await.remove(0);
    stall.turn(&order, "acceptance").await.ok();
    stall.turn(&order, "packing").await.ok()
}

fn id_of(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

impl Stall {
    async fn send(&self, order: &Value, key: &str, body: Value) -> Answer {
        let path = format!("/v1/shops/{}/orders/{}/parcels", self.id, id_of(order));
        let headers = [("idempotency-key", key), ("content-type", "application/json")];
        self.owner.send(Method::POST, &path, &headers, body.to_string().into()).await
    }

    /// So many of the order's first line, by a carrier of the shop's.
    async fn send_some(&self, order: &Value, code: &str, quantity: i32) -> Answer {
        let lines = json!([{ "line_id": order["lines"][0]["id"], "quantity": quantity }]);
        self.send(order, code, json!({ "carriage": by_hand(code), "lines": lines })).await
    }

    async fn report(&self, order: &Value, parcel: &Value, status: &str) -> Answer {
        let path = format!("/v1/shops/{}/orders/{}/parcels/{}/status", self.id, id_of(order), id_of(parcel));
        self.owner.put(&path, json!({ "status": status })).await
    }

    async fn show(&self, order: &Value) -> Value {
        self.owner.get(&format!("/v1/shops/{}/orders/{}", self.id, id_of(order))).await.ok()
    }
}

/// A shop with tea, a buyer and an order GHN has taken.
async fn booked(app: &TestApp) -> (Stall, Ware, Actor, Value) {
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = packed(&stall, &buyer, &tea, 2).await;
    stall.send(&order, "ghn", json!({ "carriage": by_ghn() })).await.ok();
    app.run_jobs().await;
    (stall, tea, buyer, order)
}

async fn says(app: &TestApp, status: &str) {
    let body = message("GHN000000", status, &app.clock.now().to_rfc3339());
    assert_eq!(app.anyone().ghn_says(&body).await.status, 200);
    app.run_jobs().await;
}

#[tokio::test]
async fn cash_comes_with_the_first_parcel_and_the_order_arrives_with_the_last() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = packed(&stall, &buyer, &tea, 3).await;

    let first = stall.send_some(&order, "EA-1111", 2).await.ok();
    assert_eq!((&first["status"], &first["cod_vnd"]), (&json!("in_transit"), &order["total_vnd"]));
    assert_eq!(stall.show(&order).await["status"], "shipped");
    // What leaves before the cash is there would be given away.
    stall.send_some(&order, "EA-2222", 1).await.refused(409, "cash-first");
    stall.turn(id_of(&order), "delivery").await.refused(409, "order-moved-on");
    stall.report(&order, &first, "delivered").await.ok();
    assert_eq!(stall.show(&order).await["status"], "shipped");
    let wrong = stall.send_some(&order, "EA-2222", 2).await.refused(422, "invalid");
    assert_eq!(wrong["errors"][0]["at"], "lines[0].quantity");

    let second = stall.send_some(&order, "EA-3333", 1).await.ok();
    assert_eq!(second["cod_vnd"], 0);
    // The second click is the same parcel, another one is refused.
    assert_eq!(stall.send_some(&order, "EA-3333", 1).await.ok(), second);
    stall.send(&order, "nua", json!({ "carriage": by_hand("EA-4444") })).await.refused(409, "nothing-to-send");
    let delivered = stall.report(&order, &second, "delivered").await.ok();
    assert_eq!(stall.report(&order, &second, "delivered").await.ok(), delivered);
    stall.report(&order, &second, "lost").await.refused(409, "parcel-moved-on");
    let shown = buyer.get(&format!("/v1/orders/{}", id_of(&order))).await.ok();
    assert_eq!((&shown["status"], &shown["payment"]["status"]), (&json!("delivered"), &json!("collected")));
    assert_eq!(shown["parcels"][1]["lines"][0]["quantity"], 1);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn both_sides_hear_once_of_a_parcel_that_came_back_without_the_rest() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = packed(&stall, &buyer, &tea, 3).await;
    let first = stall.send_some(&order, "EA-1111", 2).await.ok();
    stall.report(&order, &first, "delivered").await.ok();
    let second = stall.send_some(&order, "EA-2222", 1).await.ok();
    for status in ["returning", "returned", "returned"] {
        stall.report(&order, &second, status).await.ok();
        app.run_jobs().await;
    }
    assert_eq!(stall.show(&order).await["status"], "shipped");
    for side in [&buyer, &stall.owner] {
        assert!(app.last_message(side.contact()).await.contains("phần còn lại thì chưa"));
    }
    assert_eq!(app.count("select count(*) from messages where subject like 'Một kiện hàng đã quay về%'").await, 2);
    // Sent again, it arrives, and the order with it.
    let third = stall.send_some(&order, "EA-3333", 1).await.ok();
    stall.report(&order, &third, "delivered").await.ok();
    assert_eq!(stall.show(&order).await["status"], "delivered");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_parcel_its_carrier_brings_back_late_is_for_sale_again_when_it_comes() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, tea, _, order) = booked(&app).await;
    says(&app, "delivering").await;
    says(&app, "returning").await;
    assert_eq!(stall.show(&order).await["status"], "returning");
    ghn.moves(0, "returning");
    app.clock.advance(TimeDelta::days(20));
    app.run_jobs().await;
    assert_eq!((&stall.show(&order).await["status"], app.left(&stall, &tea).await), (&json!("returned"), 8));
    says(&app, "returned").await;
    says(&app, "returned").await;
    assert_eq!(
        (&stall.show(&order).await["parcels"][0]["status"], app.left(&stall, &tea).await),
        (&json!("returned"), 10)
    );
    app.finish().await;
}

#[tokio::test]
async fn a_refused_parcel_comes_back_with_its_goods_and_is_counted() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let other = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let (tea, more) = (app.shelve(&stall, TEA).await, app.shelve(&other, TEA).await);
    let buyer = app.account("Hoa").await;
    let order = packed(&stall, &buyer, &tea, 4).await;
    let parcel = stall.send_some(&order, "EA-1111", 4).await.ok();
    assert_eq!(app.left(&stall, &tea).await, 6);
    stall.report(&order, &parcel, "returning").await.ok();
    let refused = stall.show(&order).await;
    assert_eq!((&refused["status"], &refused["payment"]["status"]), (&json!("returning"), &json!("void")));
    // The goods are for sale again only once they are there.
    assert_eq!(app.left(&stall, &tea).await, 6);
    stall.report(&order, &parcel, "returned").await.ok();
    app.run_jobs().await;
    assert_eq!(stall.show(&order).await["status"], "returned");
    assert_eq!(app.left(&stall, &tea).await, 10);

    // Another shop learns of it before it accepts, but not from whom.
    let kept = buyer.buy(&[(&more, 1)]).await.remove(0);
    other.deliver(&kept).await;
    let next = buyer.buy(&[(&more, 1)]).await.remove(0);
    let shown = other.owner.get(&format!("/v1/shops/{}/orders/{next}", other.id)).await.ok();
    assert_eq!(shown["buyer_refusals"], json!({ "refused": 1, "delivered": 1 }));
    assert_eq!(buyer.get(&format!("/v1/orders/{next}")).await.ok().get("buyer_refusals"), None);
    // Whoever comes back without an account is known by the phone, but not as somebody who has one.
    let refusals = async |order: &str| {
        other.owner.get(&format!("/v1/shops/{}/orders/{order}", other.id)).await.ok()["buyer_refusals"].clone()
    };
    let first = guest(&app).await.buy(&[(&more, 1)]).await.remove(0);
    assert_eq!(refusals(&first).await, json!({ "refused": 0, "delivered": 0 }));
    other.deliver(&first).await;
    let second = guest(&app).await.buy(&[(&more, 1)]).await.remove(0);
    assert_eq!(refusals(&second).await, json!({ "refused": 0, "delivered": 1 }));
    assert_eq!(refusals(&next).await, json!({ "refused": 1, "delivered": 1 }));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn ghn_is_told_of_old_places_and_new_ones_and_asked_once() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    ghn.fail(&[Fault::LoseAnswer]);
    let (stall, _, buyer, order) = booked(&app).await;
    // GHN made the order, its answer was lost: asked again, it makes no second one.
    assert_eq!(stall.show(&order).await["parcels"][0]["status"], "booking");
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    assert_eq!(ghn.orders().len(), 1);
    let parcel = stall.show(&order).await["parcels"][0].clone();
    assert_eq!((&parcel["status"], &parcel["tracking_code"]), (&json!("booked"), &json!("GHN000000")));

    let asked = &ghn.orders()[0];
    assert_eq!(asked["client_order_code"], parcel["id"]);
    assert_eq!((&asked["to_name"], &asked["to_phone"]), (&json!("Nguyễn Thị Hoa"), &json!("0912345678")));
    assert_eq!(asked["to_address"], "12 phố Phan Đình Phùng, Phường Ba Đình, Thành phố Hà Nội");
    assert_eq!((&asked["to_district_name"], &asked["to_province_name"]), (&json!("Quận Ba Đình"), &json!("Hà Nội")));
    assert_eq!(asked["from_province_name"], "Lai Châu");
    assert_eq!((&asked["length"], &asked["weight"]), (&json!(31), &json!(1_200)));
    assert_eq!((&asked["cod_amount"], &asked["insurance_value"]), (&order["total_vnd"], &json!(370_000)));
    assert_eq!((&asked["required_note"], &asked["service_type_id"]), (&json!("CHOXEMHANGKHONGTHU"), &json!(2)));
    assert_eq!(asked["items"][0]["quantity"], 2);

    let path = format!("/v1/shops/{}/orders/{}/parcels/{}/label", stall.id, id_of(&order), id_of(&parcel));
    let label = stall.owner.get(&path).await.ok()["url"].as_str().unwrap().to_owned();
    assert!(label.ends_with("/a5/public-api/printA5?token=in%2Fnh%C3%A3n"), "{label}");
    // Where GHN speaks, people do not.
    stall.report(&order, &parcel, "delivered").await.refused(409, "parcel-moved-on");
    assert_eq!(buyer.get(&format!("/v1/orders/{}", id_of(&order))).await.ok()["status"], "packed");
    app.finish().await;
}

#[tokio::test]
async fn a_parcel_ghn_does_not_take_leaves_its_goods_to_another() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    ghn.fail(&[Fault::Refuse]);
    let (stall, _, _, order) = booked(&app).await;
    let refused = stall.show(&order).await["parcels"][0].clone();
    assert_eq!((&refused["status"], &refused["refusal"]), (&json!("cancelled"), &json!("Khu vực chưa hỗ trợ")));
    assert_eq!(app.count("select count(*) from messages where subject like 'GHN không nhận%'").await, 1);
    let path = format!("/v1/shops/{}/orders/{}/parcel_quotes", stall.id, id_of(&order));
    let box_of = |side: i32| json!({ "grams": 1_200, "length_mm": side, "width_mm": 200, "height_mm": 120 });
    // 300 × 200 × 120 mm count as 1 200 g where 6 000 cm³ are a kilogram.
    let quoted = stall.owner.post(&path, box_of(310)).await.ok();
    assert_eq!((&quoted["fee_vnd"], &quoted["chargeable_grams"]), (&json!(22_000), &json!(1_240)));
    let hollow = json!({ "grams": 1_200, "length_mm": 2_000, "width_mm": 1_500, "height_mm": 200 });
    let hollow = stall.owner.post(&path, hollow).await.refused(422, "invalid");
    assert!(hollow["errors"][0]["message"].as_str().unwrap().contains("100000 g"), "{hollow}");
    let large = stall.owner.post(&path, box_of(2_001)).await.refused(422, "invalid");
    assert_eq!(large["errors"][0]["at"], "length_mm");
    ghn.fail(&[Fault::Refuse, Fault::LoseAnswer]);
    assert_eq!(
        stall.owner.post(&path, box_of(300)).await.refused(409, "carrier-refused")["detail"],
        "Khu vực chưa hỗ trợ"
    );
    stall.owner.post(&path, box_of(300)).await.refused(503, "carrier-silent");
    stall.send(&order, "tay", json!({ "carriage": by_hand("EA-1111") })).await.ok();
    assert_eq!(stall.show(&order).await["status"], "shipped");
    app.finish().await;
}

#[tokio::test]
async fn without_ghn_nothing_of_ghn_is_offered() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let order = packed(&stall, &app.account("Hoa").await, &tea, 1).await;
    stall.send(&order, "ghn", json!({ "carriage": by_ghn() })).await.refused(409, "carrier-not-offered");
    let body = message("GHN000000", "delivered", "2026-11-21T03:00:00Z");
    app.anyone().ghn_says(&body).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn ghn_brings_the_order_to_the_buyer_in_whatever_order_it_speaks() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, _, buyer, order) = booked(&app).await;
    let path = format!("/v1/orders/{}", id_of(&order));
    says(&app, "storing").await;
    assert_eq!(buyer.get(&path).await.ok()["status"], "shipped");
    // A failed attempt is no refusal: GHN tries again.
    says(&app, "delivery_fail").await;
    assert_eq!(buyer.get(&path).await.ok()["status"], "shipped");
    says(&app, "delivered").await;
    says(&app, "picked").await;
    says(&app, "return").await;
    let shown = buyer.get(&path).await.ok();
    assert_eq!((&shown["status"], &shown["payment"]["status"]), (&json!("delivered"), &json!("collected")));
    let events: Vec<(&str, Option<&str>)> = shown["parcels"][0]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["said"].as_str().unwrap(), event["status"].as_str()))
        .collect();
    assert_eq!(
        events,
        [
            ("storing", Some("in_transit")),
            ("delivery_fail", None),
            ("delivered", Some("delivered")),
            ("picked", None),
            ("return", None)
        ]
    );
    assert_eq!(stall.show(&order).await["events"].as_array().unwrap().last().unwrap()["by"], "carrier");
    app.finish().await;
}

#[tokio::test]
async fn a_message_is_heard_once_and_only_from_ghn() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, tea, _, order) = booked(&app).await;
    let body = message("GHN000000", "return", "2026-11-21T03:00:00Z");
    let anyone = app.anyone();
    anyone.ghn_message(&body, "").await.refused(401, "not-the-carrier");
    anyone.ghn_message(&body, &"0".repeat(64)).await.refused(401, "not-the-carrier");
    anyone.ghn_says("{}").await.refused(422, "invalid");
    // Everything is kept as it came, and nothing of it believed.
    assert_eq!(app.count("select count(*) from webhooks where source = 'ghn' and outcome = 'forged'").await, 1);
    assert_eq!(app.count("select times::bigint from webhooks where not verified").await, 2);
    assert_eq!(app.count("select count(*) from webhooks where verified and outcome = 'malformed'").await, 1);
    assert_eq!(app.count("select count(*) from parcel_events").await, 0);
    assert_eq!(anyone.ghn_says(&message("GHN999999", "delivered", "2026-11-21T03:00:00Z")).await.status, 200);

    let mut told = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (anyone, body) = (anyone.clone(), body.clone());
        told.spawn(async move { anyone.ghn_says(&body).await.status });
    }
    while let Some(status) = told.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
    // The forged one said the same; that does not make the genuine one forged.
    assert_eq!(app.count("select count(*) from webhooks where outcome in ('unknown', 'applied')").await, 2);
    assert_eq!(app.count("select times::bigint from webhooks where outcome = 'applied'").await, 50);
    assert_eq!(app.count("select count(*) from parcel_events").await, 1);
    assert_eq!(app.count("select count(*) from jobs where kind = 'shipping.parcel_moved'").await, 1);
    app.run_jobs().await;
    assert_eq!(stall.show(&order).await["status"], "returning");
    says(&app, "returned").await;
    assert_eq!(stall.show(&order).await["status"], "returned");
    assert_eq!(app.left(&stall, &tea).await, 10);
    app.finish().await;
}

#[tokio::test]
async fn an_old_message_is_not_believed_and_ghn_is_asked_instead() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, _, _, order) = booked(&app).await;
    ghn.moves(0, "delivering");
    for at in [app.clock.now() - TimeDelta::hours(24), app.clock.now() + TimeDelta::hours(24)] {
        let old = message("GHN000000", "lost", &at.to_rfc3339());
        app.anyone().ghn_says(&old).await.refused(400, "carrier-message-stale");
        app.anyone().ghn_says(&old).await.refused(400, "carrier-message-stale");
    }
    assert_eq!(app.count("select count(*) from jobs where kind = 'shipping.ask_about_parcel'").await, 2);
    assert_eq!(app.outcomes_of_webhooks().await, ["stale", "stale"]);
    app.run_jobs().await;
    let shown = stall.show(&order).await;
    assert_eq!((&shown["status"], &shown["parcels"][0]["status"]), (&json!("shipped"), &json!("in_transit")));
    app.finish().await;
}

#[tokio::test]
async fn a_lost_parcel_is_told_once_to_both_and_sent_again() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, _, buyer, order) = booked(&app).await;
    says(&app, "picked").await;
    says(&app, "lost").await;
    app.sql("insert into jobs (id, kind, payload, run_at)
             select gen_random_uuid(), 'shipping.parcel_moved', json_build_object('parcel', id), now() - interval '1 year'
               from parcels")
        .await;
    app.run_jobs().await;
    assert_eq!(app.count("select count(*) from messages where subject like 'Kiện hàng gặp sự cố%'").await, 2);
    let shown = stall.show(&order).await;
    assert_eq!((&shown["status"], shown["parcels"][0]["claim_since"].is_string()), (&json!("shipped"), true));

    let again = stall.send(&order, "lai", json!({ "carriage": by_hand("EA-1111") })).await.ok();
    assert_eq!(again["cod_vnd"], order["total_vnd"]);
    stall.report(&order, &again, "delivered").await.ok();
    assert_eq!(buyer.get(&format!("/v1/orders/{}", id_of(&order))).await.ok()["status"], "delivered");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_parcel_is_taken_back_until_ghn_has_it() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, _, buyer, order) = booked(&app).await;
    let recall = async |order: &Value| {
        let parcel = stall.show(order).await["parcels"][0].clone();
        let path = format!("/v1/shops/{}/orders/{}/parcels/{}/recall", stall.id, id_of(order), id_of(&parcel));
        stall.owner.put(&path, json!({})).await
    };
    assert!(recall(&order).await.ok()["recalled_at"].is_string());
    app.run_jobs().await;
    assert_eq!((ghn.status(0).as_str(), &recall(&order).await.ok()["status"]), ("cancel", &json!("cancelled")));

    // GHN had fetched this one when it was asked.
    stall.send(&order, "hai", json!({ "carriage": by_ghn() })).await.ok();
    app.run_jobs().await;
    ghn.moves(1, "picked");
    let second = stall.show(&order).await["parcels"][1].clone();
    let path = format!("/v1/shops/{}/orders/{}/parcels/{}/recall", stall.id, id_of(&order), id_of(&second));
    stall.owner.put(&path, json!({})).await.ok();
    app.run_jobs().await;
    assert_eq!(buyer.get(&format!("/v1/orders/{}", id_of(&order))).await.ok()["status"], "shipped");
    stall.owner.put(&path, json!({})).await.refused(409, "parcel-moved-on");
    app.finish().await;
}

#[tokio::test]
async fn ghn_is_asked_where_a_parcel_is_when_it_is_silent() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, _, _, order) = booked(&app).await;
    ghn.moves(0, "delivering");
    app.clock.advance(TimeDelta::hours(23));
    app.run_jobs().await;
    assert_eq!(stall.show(&order).await["status"], "packed");
    app.clock.advance(TimeDelta::hours(2));
    app.run_jobs().await;
    let shown = stall.show(&order).await;
    assert_eq!(
        (&shown["status"], &shown["parcels"][0]["events"][0]["said"]),
        (&json!("shipped"), &json!("delivering"))
    );
    app.finish().await;
}

#[tokio::test]
async fn an_order_the_shop_cancels_takes_its_parcel_back() {
    let ghn = FakeGhn::start().await;
    let app = ghn.marketplace().await;
    let (stall, tea, _, order) = booked(&app).await;
    stall.turn(id_of(&order), "cancellation").await.ok();
    app.run_jobs().await;
    assert_eq!(ghn.status(0), "cancel");
    let shown = stall.show(&order).await;
    assert_eq!((&shown["status"], &shown["parcels"][0]["status"]), (&json!("cancelled"), &json!("cancelled")));
    assert_eq!(app.left(&stall, &tea).await, 10);
    app.finish().await;
}
