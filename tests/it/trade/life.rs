//! The life of an order.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware};

fn path_of(events: &Value) -> Vec<String> {
    let events = events.as_array().unwrap().iter();
    events.map(|it| format!("{} {}", it["by"].as_str().unwrap(), it["status"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn an_order_goes_from_placed_to_completed() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 2)]).await.remove(0);

    stall.turn(&order, "packing").await.refused(409, "order-moved-on");
    assert_eq!(stall.turn(&order, "acceptance").await.ok()["status"], "accepted");
    assert_eq!(stall.turn(&order, "packing").await.ok()["status"], "packed");
    buyer.turn(&order, "delivery").await.refused(409, "order-moved-on");
    assert_eq!(stall.turn(&order, "shipment").await.ok()["parcels"][0]["carrier"], "VNPost");
    let refused = stall.turn(&order, "cancellation").await.refused(409, "order-moved-on");
    assert_eq!(refused["order_status"], "shipped");
    let delivered = buyer.turn(&order, "delivery").await.ok();
    assert_eq!((&delivered["status"], &delivered["payment"]["status"]), (&json!("delivered"), &json!("collected")));
    assert_eq!(delivered["parcels"][0]["delivered_at"], delivered["delivered_at"]);

    app.clock.advance(TimeDelta::hours(71));
    app.run_jobs().await;
    assert_eq!(buyer.get(&format!("/v1/orders/{order}")).await.ok()["status"], "delivered");
    app.clock.advance(TimeDelta::hours(1));
    app.run_jobs().await;
    let completed = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!(
        path_of(&completed["events"]),
        ["buyer placed", "seller accepted", "seller packed", "seller shipped", "buyer delivered", "system completed"]
    );
    assert_eq!(app.left(&stall, &tea).await, 8);
    app.finish().await;
}

#[tokio::test]
async fn both_sides_are_asked_once_where_an_order_is_that_nobody_speaks_of() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let orders = [buyer.buy(&[(&tea, 1)]).await.remove(0), buyer.buy(&[(&tea, 1)]).await.remove(0)];
    for order in &orders {
        for step in ["acceptance", "packing", "shipment"] {
            stall.turn(order, step).await.ok();
        }
    }
    buyer.turn(&orders[0], "delivery").await.ok();
    let asked = "select count(*) from messages where subject like 'Đơn hàng đã đến chưa?%'";
    app.clock.advance(TimeDelta::hours(239));
    app.run_jobs().await;
    assert_eq!(app.count(asked).await, 0);
    app.clock.advance(TimeDelta::hours(1));
    app.run_jobs().await;
    assert_eq!(app.count(asked).await, 2, "buyer and shop, of the one that did not arrive");
    let number = stall.owner.get(&format!("/v1/shops/{}/orders/{}", stall.id, orders[1])).await.ok()["number"].clone();
    for actor in [&buyer, &stall.owner] {
        let letter = app.last_message(actor.contact()).await;
        assert!(letter.contains(number.as_str().unwrap()), "{letter}");
    }
    app.clock.advance(TimeDelta::hours(480));
    app.run_jobs().await;
    assert_eq!(app.count(asked).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn asking_twice_changes_nothing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
    for step in ["acceptance", "packing", "shipment", "delivery"] {
        let once = stall.turn(&order, step).await.ok();
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(stall.turn(&order, step).await.ok(), once);
    }
    // Another parcel for a shipped order is another thing, and so is another order by the same code.
    let path = format!("/v1/shops/{}/orders/{order}/shipment", stall.id);
    let other = json!({ "carrier": "VNPost", "tracking_code": "EA-OTHER" });
    stall.owner.put(&path, other).await.refused(409, "order-moved-on");
    let second = buyer.buy(&[(&tea, 1)]).await.remove(0);
    stall.turn(&second, "acceptance").await.ok();
    stall.turn(&second, "packing").await.ok();
    let used = json!({ "carrier": "VNPost", "tracking_code": format!("EA-{}", &order[24..]) });
    let path = format!("/v1/shops/{}/orders/{second}/shipment", stall.id);
    stall.owner.put(&path, used).await.refused(409, "tracking-code-used");
    assert_eq!(stall.owner.get(&format!("/v1/shops/{}/orders/{second}", stall.id)).await.ok()["status"], "packed");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_buyer_cancels_until_the_parcel_is_closed() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let (early, late) = (buyer.buy(&[(&tea, 3)]).await.remove(0), buyer.buy(&[(&tea, 4)]).await.remove(0));
    stall.turn(&early, "acceptance").await.ok();
    let cancelled = buyer.turn(&early, "cancellation").await.ok();
    assert_eq!((&cancelled["cancel_reason"], &cancelled["payment"]["status"]), (&json!("buyer"), &json!("void")));
    assert_eq!(app.left(&stall, &tea).await, 6);
    assert_eq!(buyer.turn(&early, "cancellation").await.ok(), cancelled);
    assert_eq!(app.left(&stall, &tea).await, 6);
    stall.turn(&early, "acceptance").await.refused(409, "order-moved-on");

    stall.turn(&late, "acceptance").await.ok();
    stall.turn(&late, "packing").await.ok();
    buyer.turn(&late, "cancellation").await.refused(409, "order-moved-on");
    assert_eq!(stall.turn(&late, "cancellation").await.ok()["cancel_reason"], "seller");
    assert_eq!(app.left(&stall, &tea).await, 10);
    // Nobody's deadline wakes a cancelled order.
    app.clock.advance(TimeDelta::days(3));
    app.run_jobs().await;
    assert_eq!(app.left(&stall, &tea).await, 10);
    app.finish().await;
}

#[tokio::test]
async fn an_order_nobody_accepts_is_cancelled_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let (missed, taken) = (buyer.buy(&[(&tea, 3)]).await.remove(0), buyer.buy(&[(&tea, 1)]).await.remove(0));
    stall.turn(&taken, "acceptance").await.ok();
    app.sql("insert into jobs (id, kind, payload, run_at) select gen_random_uuid(), kind, payload, run_at from jobs")
        .await;
    app.clock.advance(TimeDelta::hours(48));
    app.run_jobs().await;
    let order = buyer.get(&format!("/v1/orders/{missed}")).await.ok();
    assert_eq!((&order["cancel_reason"], &order["payment"]["status"]), (&json!("not_accepted"), &json!("void")));
    assert_eq!(path_of(&order["events"]), ["buyer placed", "system cancelled"]);
    assert_eq!(buyer.get(&format!("/v1/orders/{taken}")).await.ok()["status"], "accepted");
    assert_eq!(app.left(&stall, &tea).await, 9);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_sees_the_address_of_its_own_orders_and_no_account() {
    let app = TestApp::new().await;
    let (stall, other) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&other, HONEY).await);
    let buyer = app.account("Hoa").await;
    let orders = buyer.buy(&[(&tea, 1), (&honey, 1)]).await;
    let shown = stall.owner.get(&format!("/v1/shops/{}/orders/{}", stall.id, orders[0])).await;
    assert!(!String::from_utf8_lossy(&shown.bytes).contains(&buyer.account().to_string()));
    let shown = shown.ok();
    assert_eq!((&shown["recipient"], &shown["phone"]), (&json!("Nguyễn Thị Hoa"), &json!("+84912345678")));
    assert_eq!(shown["commune_name"], "Phường Ba Đình");

    let stranger = app.account("Lan").await;
    for order in &orders {
        stranger.get(&format!("/v1/orders/{order}")).await.refused(404, "not-found");
        stranger.turn(order, "cancellation").await.refused(404, "not-found");
    }
    other.owner.get(&format!("/v1/shops/{}/orders/{}", other.id, orders[0])).await.refused(404, "not-found");
    other.turn(&orders[0], "acceptance").await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn orders_come_newest_first_in_pages_and_by_state() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.push(buyer.buy(&[(&tea, 1)]).await.remove(0));
    }
    placed.reverse();
    stall.turn(&placed[1], "acceptance").await.ok();
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    for (who, path) in [(&buyer, "/v1/orders".to_owned()), (&stall.owner, format!("/v1/shops/{}/orders", stall.id))] {
        let first = who.get(&format!("{path}?limit=2")).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = who.get(&format!("{path}?limit=2&after={next}")).await.ok();
        assert_eq!([ids(&first), ids(&second)].concat(), placed);
        assert_eq!(ids(&who.get(&format!("{path}?status=accepted")).await.ok()), [placed[1].clone()]);
        who.get(&format!("{path}?status=accepted&after={next}")).await.refused(422, "invalid");
        who.get(&format!("{path}?status=lost")).await.refused(422, "invalid");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_tracking_code_is_taken_within_one_shop_only() {
    let app = TestApp::new().await;
    let first = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let second = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let buyer = app.account("Hoa").await;
    let ship = async |stall: &Stall, ware: &Ware, carrier: &str| {
        let order = buyer.buy(&[(ware, 1)]).await.remove(0);
        for step in ["acceptance", "packing"] {
            stall.turn(&order, step).await.ok();
        }
        let parcel = json!({ "carrier": carrier, "tracking_code": "EA123456789VN" });
        stall.owner.put(&format!("/v1/shops/{}/orders/{order}/shipment", stall.id), parcel).await
    };
    let (tea, honey) = (app.shelve(&first, TEA).await, app.shelve(&second, HONEY).await);
    ship(&first, &tea, "VNPost").await.ok();
    ship(&second, &honey, "VNPost").await.ok();
    ship(&first, &tea, "vnpost").await.refused(409, "tracking-code-used");
    app.finish().await;
}
