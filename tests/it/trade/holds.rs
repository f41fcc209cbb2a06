//! What is on hand, what of it unpaid orders hold, and what is left to buy.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Actor, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware};

/// A shop that can be paid by transfer, its tea, and somebody who buys it.
async fn market(goods: Goods<'_>) -> (TestApp, Stall, Ware, Actor) {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, goods).await;
    app.takes_transfers(&stall).await;
    let buyer = app.account("Hoa").await;
    (app, stall, tea, buyer)
}

/// On hand, held, available.
async fn level(stall: &Stall) -> [i64; 3] {
    let page = stall.owner.get(&format!("/v1/shops/{}/stock", stall.id)).await.ok();
    ["on_hand", "held", "available"].map(|field| page["items"][0][field].as_i64().unwrap())
}

#[tokio::test]
async fn an_unpaid_order_holds_its_goods_until_it_is_paid() {
    let (app, stall, tea, buyer) = market(TEA).await;
    let order = buyer.buy_by(&[(&tea, 4)], "vietqr").await.remove(0);
    assert_eq!(level(&stall).await, [10, 4, 6]);
    let refused = buyer.post("/v1/checkouts", crate::support::order_form(&[(&tea, 7)])).await.refused(409, "sold-out");
    assert_eq!(refused["lines"][0]["left"], 6);

    stall.confirm_payment(&order).await.ok();
    app.run_jobs().await;
    assert_eq!(level(&stall).await, [6, 0, 6]);
    let kinds = app.count("select count(*) from stock_movements where kind in ('hold', 'sale')").await;
    assert_eq!((kinds, app.count("select count(*) from stock_holds where ended_at is null").await), (2, 0));
    app.finish().await;
}

#[tokio::test]
async fn a_hold_ends_once_with_its_deadline() {
    let (app, stall, tea, buyer) = market(Goods { on_hand: 3, ..TEA }).await;
    let in_stock = async || app.count("select count(*) from listings where in_stock").await;
    let order = buyer.buy_by(&[(&tea, 3)], "vietqr").await.remove(0);
    assert_eq!((level(&stall).await, in_stock().await), ([3, 3, 0], 0));
    app.sql("insert into jobs (id, kind, payload, run_at) select gen_random_uuid(), kind, payload, run_at from jobs")
        .await;
    app.clock.advance(TimeDelta::hours(4) - TimeDelta::seconds(1));
    app.run_jobs().await;
    assert_eq!(level(&stall).await, [3, 3, 0]);
    app.clock.advance(TimeDelta::seconds(1));
    app.run_jobs().await;
    let shown = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!((&shown["status"], &shown["cancel_reason"]), (&json!("cancelled"), &json!("not_paid")));
    assert_eq!((level(&stall).await, in_stock().await), ([3, 0, 3], 1));
    assert_eq!(app.count("select count(*) from stock_movements where kind = 'hold_released'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn who_says_to_have_paid_keeps_the_goods_longer() {
    let (app, stall, tea, buyer) = market(TEA).await;
    let order = buyer.buy_by(&[(&tea, 2)], "vietqr").await.remove(0);
    app.clock.advance(TimeDelta::hours(3));
    buyer.put(&format!("/v1/orders/{order}/payment/claim"), json!({})).await.ok();
    app.clock.advance(TimeDelta::hours(23));
    app.run_jobs().await;
    assert_eq!(level(&stall).await, [10, 2, 8]);
    app.clock.advance(TimeDelta::hours(1));
    app.run_jobs().await;
    assert_eq!(buyer.get(&format!("/v1/orders/{order}")).await.ok()["cancel_reason"], "not_paid");
    assert_eq!(level(&stall).await, [10, 0, 10]);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_cannot_count_away_what_is_held() {
    let (app, stall, tea, buyer) = market(TEA).await;
    buyer.buy_by(&[(&tea, 4)], "vietqr").await;
    assert_eq!(app.stock(&stall, &tea, 3).await.refused(409, "stock-held")["held"], 4);
    let counted = app.stock(&stall, &tea, 4).await.ok();
    assert_eq!(counted, json!({ "on_hand": 4, "held": 4, "available": 0, "notice_at": null }));
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_told_once_that_little_is_left() {
    let (app, stall, tea, buyer) = market(TEA).await;
    let letters = async || app.count("select count(*) from messages where subject like 'Sắp hết hàng%'").await;
    let notice = format!("/v1/shops/{}/variants/{}/stock_notice", stall.id, tea.variant);
    assert_eq!(stall.owner.put(&notice, json!({ "notice_at": 5 })).await.ok()["notice_at"], 5);
    stall.owner.put(&notice, json!({ "notice_at": -1 })).await.refused(422, "invalid");
    buyer.put(&notice, json!({ "notice_at": 5 })).await.refused(404, "not-found");

    buyer.buy(&[(&tea, 4)]).await;
    app.run_jobs().await;
    assert_eq!(letters().await, 0);
    // A hold leaves as little to buy as a sale.
    buyer.buy_by(&[(&tea, 1)], "vietqr").await;
    buyer.buy(&[(&tea, 1)]).await;
    app.run_jobs().await;
    assert_eq!(letters().await, 1);
    let letter = app.last_message(stall.owner.contact()).await;
    assert!(letter.contains("chỉ còn 4 để bán"), "{letter}");
    buyer.buy(&[(&tea, 1)]).await;
    app.run_jobs().await;
    assert_eq!(letters().await, 1, "told once");

    app.stock(&stall, &tea, 20).await.ok();
    buyer.buy(&[(&tea, 15)]).await;
    app.run_jobs().await;
    assert_eq!(letters().await, 2, "and once more after it was refilled");
    stall.owner.put(&notice, json!({ "notice_at": Value::Null })).await.ok();
    buyer.buy(&[(&tea, 1)]).await;
    app.run_jobs().await;
    assert_eq!(letters().await, 2);
    app.finish().await;
}
