//! Orders nobody finishes: what a missed deadline does, and who hears of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Actor, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware, order_form};

/// A shop that can be paid by transfer, its tea, and somebody who buys it.
async fn market() -> (TestApp, Stall, Ware, Actor) {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 20, ..TEA }).await;
    app.takes_transfers(&stall).await;
    let buyer = app.account("Hoa").await;
    (app, stall, tea, buyer)
}

async fn show(buyer: &Actor, order: &str) -> Value {
    buyer.get(&format!("/v1/orders/{order}")).await.ok()
}

/// Letters that say that an order was cancelled.
async fn cancellations(app: &TestApp) -> i64 {
    app.count("select count(*) from messages where subject = 'Đơn hàng bị hủy / Order cancelled'").await
}

#[tokio::test]
async fn both_sides_hear_that_a_shop_let_its_time_pass() {
    let (app, stall, tea, buyer) = market().await;
    let forgotten = buyer.buy(&[(&tea, 1)]).await.remove(0);
    app.clock.advance(TimeDelta::hours(48));
    app.run_jobs().await;
    assert_eq!(show(&buyer, &forgotten).await["cancel_reason"], "not_accepted");
    for side in [&buyer, &stall.owner] {
        assert!(app.last_message(side.contact()).await.contains("gian hàng không nhận đúng hạn"));
    }
    let kept = buyer.buy(&[(&tea, 1)]).await.remove(0);
    stall.turn(&kept, "acceptance").await.ok();
    app.clock.advance(TimeDelta::hours(120));
    app.run_jobs().await;
    assert_eq!(show(&buyer, &kept).await["cancel_reason"], "not_shipped");
    for side in [&buyer, &stall.owner] {
        assert!(app.last_message(side.contact()).await.contains("không giao cho đơn vị vận chuyển đúng hạn"));
    }
    assert_eq!(cancellations(&app).await, 4);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_hears_of_an_order_it_can_accept_and_of_no_other() {
    let (app, stall, tea, buyer) = market().await;
    let news = async || app.count("select count(*) from messages where subject = 'Đơn hàng mới / A new order'").await;
    let placed = buyer.buy(&[(&tea, 1)]).await.remove(0);
    let regretted = buyer.buy(&[(&tea, 1)]).await.remove(0);
    buyer.turn(&regretted, "cancellation").await.ok();
    let awaited = buyer.buy_by(&[(&tea, 1)], "vietqr").await.remove(0);
    app.sql("insert into jobs (id, kind, payload, run_at) select gen_random_uuid(), kind, payload, run_at from jobs")
        .await;
    app.clock.advance(TimeDelta::minutes(2));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    let number = show(&buyer, &placed).await["number"].as_str().unwrap().to_owned();
    assert!(letter.contains(&number) && news().await == 1, "{letter}");

    stall.confirm_payment(&awaited).await.ok();
    app.run_jobs().await;
    app.clock.advance(TimeDelta::minutes(2));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    let number = show(&buyer, &awaited).await["number"].as_str().unwrap().to_owned();
    assert!(letter.contains(&number) && news().await == 2, "{letter}");
    app.finish().await;
}

#[tokio::test]
async fn whoever_did_not_cancel_hears_of_it_once() {
    let (app, stall, tea, buyer) = market().await;
    let [unwanted, declined] = [buyer.buy(&[(&tea, 1)]).await.remove(0), buyer.buy(&[(&tea, 1)]).await.remove(0)];
    for _ in 0..2 {
        buyer.turn(&unwanted, "cancellation").await.ok();
        stall.turn(&declined, "cancellation").await.ok();
    }
    assert!(app.last_message(stall.owner.contact()).await.contains("người mua không muốn mua nữa"));
    assert!(app.last_message(buyer.contact()).await.contains("gian hàng không giao được"));
    assert_eq!(cancellations(&app).await, 2);
    // The shop never saw what was not paid.
    let unpaid = buyer.buy_by(&[(&tea, 1)], "vietqr").await.remove(0);
    buyer.turn(&unpaid, "cancellation").await.ok();
    assert_eq!(cancellations(&app).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn an_order_nobody_pays_by_transfer_gives_back_its_goods_and_the_vouchers_use() {
    let (app, stall, tea, buyer) = market().await;
    let voucher = json!({
        "code": "CHE-MOT-LAN", "title_vi": "Giảm 10 % một lần", "discount": { "kind": "percent", "rate_bps": 1_000, "cap_vnd": 50_000 },
        "minimum_vnd": 0, "limits": { "total": 1, "per_buyer": 1 }, "valid_from": "2026-11-21", "valid_to": "2026-12-31",
    });
    stall.owner.post(&format!("/v1/shops/{}/vouchers", stall.id), voucher).await.ok();
    let mut form = order_form(&[(&tea, 2)]);
    form["vouchers"] = json!(["CHE-MOT-LAN"]);
    let quote = buyer.post("/v1/checkouts", form.clone()).await.ok();
    let placed = buyer.place_by("vietqr", &quote, "mot").await.ok();
    let order = placed["orders"][0]["id"].as_str().unwrap();
    let other = app.account("Lan").await;
    other.post("/v1/checkouts", form.clone()).await.refused(409, "voucher-exhausted");
    app.clock.advance(TimeDelta::hours(4));
    app.run_jobs().await;
    let expired = show(&buyer, order).await;
    assert_eq!((&expired["status"], &expired["cancel_reason"]), (&json!("cancelled"), &json!("not_paid")));
    assert!(app.last_message(buyer.contact()).await.contains("không được thanh toán đúng hạn"));
    assert_eq!(cancellations(&app).await, 1);
    assert_eq!(app.count("select held::bigint from stock").await, 0);
    let again = other.post("/v1/checkouts", form).await.ok();
    assert_eq!(again["discount_vnd"], quote["discount_vnd"]);
    other.place_by("vietqr", &again, "hai").await.ok();
    assert_eq!(app.count("select uses::bigint from vouchers").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_order_ends_though_its_shop_never_says_that_it_is_back() {
    let (app, stall, tea, buyer) = market().await;
    let order = buyer.buy_by(&[(&tea, 2)], "vietqr").await.remove(0);
    stall.confirm_payment(&order).await.ok();
    app.run_jobs().await;
    for step in ["acceptance", "packing", "shipment", "refusal"] {
        stall.turn(&order, step).await.ok();
    }
    app.run_jobs().await;
    // Saturday: the tenth working day ends on Friday in two weeks.
    assert_eq!(show(&buyer, &order).await["back_by"], "2026-12-04T17:00:00Z");
    app.clock.advance(TimeDelta::days(13));
    app.run_jobs().await;
    assert!(app.last_message(stall.owner.contact()).await.contains("Xin xác nhận đã nhận lại hàng"));
    assert_eq!(show(&buyer, &order).await["status"], "returning");
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    let ended = show(&buyer, &order).await;
    assert_eq!((&ended["status"], &ended["payment"]["refunded_vnd"]), (&json!("returned"), &ended["goods_vnd"]));
    for side in [&buyer, &stall.owner] {
        assert!(app.last_message(side.contact()).await.contains("được coi là đã hoàn về"));
    }
    // Nobody has seen the goods; once somebody has, they are for sale again, and nothing else happens.
    assert_eq!(app.left(&stall, &tea).await, 18);
    for _ in 0..2 {
        stall.turn(&order, "refusal/receipt").await.ok();
    }
    assert_eq!(app.left(&stall, &tea).await, 20);
    assert_eq!(app.count("select count(*) from refunds").await, 1);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_shop_that_says_in_time_that_a_refused_order_is_back_hears_nothing_more() {
    let (app, stall, tea, buyer) = market().await;
    let order = buyer.buy(&[(&tea, 2)]).await.remove(0);
    for step in ["acceptance", "packing", "shipment", "refusal", "refusal/receipt"] {
        stall.turn(&order, step).await.ok();
    }
    let letters = app.count("select count(*) from messages").await;
    app.clock.advance(TimeDelta::days(20));
    app.run_jobs().await;
    assert_eq!((app.left(&stall, &tea).await, app.count("select count(*) from messages").await), (20, letters));
    app.finish().await;
}
