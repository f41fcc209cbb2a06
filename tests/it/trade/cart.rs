//! What somebody may want to buy.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Actor, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp, Ware};

async fn put(buyer: &Actor, ware: &Ware, quantity: i64) -> crate::support::Answer {
    buyer.put(&format!("/v1/cart/items/{}", ware.variant), json!({ "quantity": quantity })).await
}

#[tokio::test]
async fn a_cart_groups_its_lines_by_shop_and_sums_them() {
    let app = TestApp::new().await;
    let (muong_than, ba_dinh) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&muong_than, TEA).await, app.shelve(&ba_dinh, HONEY).await);
    let buyer = app.account("Hoa").await;
    put(&buyer, &tea, 1).await.ok();
    put(&buyer, &honey, 1).await.ok();
    let cart = put(&buyer, &tea, 3).await.ok();

    assert_eq!(cart["parts"][0]["seller_slug"], json!(muong_than.slug));
    assert_eq!(cart["parts"][0]["lines"][0]["quantity"], 3);
    assert_eq!((&cart["parts"][0]["goods_vnd"], &cart["goods_vnd"]), (&json!(555_000), &json!(875_000)));
    assert_eq!(app.account("Người khác").await.get("/v1/cart").await.ok()["parts"], json!([]));

    buyer.delete(&format!("/v1/cart/items/{}", tea.variant)).await.ok();
    assert_eq!(buyer.get("/v1/cart").await.ok()["goods_vnd"], 320_000);
    buyer.delete("/v1/cart").await.ok();
    assert_eq!(buyer.get("/v1/cart").await.ok()["parts"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn a_cart_says_what_stands_in_the_way() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    put(&buyer, &tea, 11).await.ok();
    app.sql("update variants set price_vnd = 190000").await;
    let line = async || buyer.get("/v1/cart").await.ok()["parts"][0]["lines"][0].clone();
    let seen = line().await;
    assert_eq!(seen["obstacles"], json!([{ "kind": "sold_out", "left": 10 }]));
    assert_eq!((&seen["price_was_vnd"], &seen["unit_price_vnd"]), (&json!(185_000), &json!(190_000)));

    app.sql("update listings set status = 'paused'; update sellers set closed_from = '2026-11-01'").await;
    app.sale_rule(TEA.set_no, false, false, None).await;
    let kinds: Vec<_> = line().await["obstacles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["not_for_sale", "seller_closed", "enquiry_only", "sold_out"]);
    assert_eq!(buyer.get("/v1/cart").await.ok()["goods_vnd"], 0);
    app.finish().await;
}

#[tokio::test]
async fn a_cart_takes_fifty_lines_of_what_is_for_sale() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    for wrong in [0, 100, -3] {
        put(&buyer, &tea, wrong).await.refused(422, "invalid");
    }
    let nothing = "/v1/cart/items/0193f2a4-6c00-7000-8000-000000000001";
    buyer.put(nothing, json!({ "quantity": 1 })).await.refused(404, "not-found");
    for ware in app.shelve_packs(&stall, TEA, 50).await {
        put(&buyer, &ware, 1).await.ok();
    }
    put(&buyer, &tea, 1).await.refused(409, "cart-full");
    app.sql("update listings set status = 'paused'; delete from cart_items").await;
    put(&buyer, &tea, 1).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn goods_of_a_suspended_shop_stay_in_carts_and_enter_none() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, late) = (app.account("Hoa").await, app.account("Lan").await);
    put(&buyer, &tea, 1).await.ok();
    app.sql("update sellers set status = 'suspended'").await;
    put(&late, &tea, 1).await.refused(404, "not-found");
    let cart = put(&buyer, &tea, 2).await.ok();
    assert_eq!(cart, buyer.get("/v1/cart").await.ok());
    let line = &cart["parts"][0]["lines"][0];
    assert_eq!((&line["quantity"], &line["obstacles"]), (&json!(2), &json!([{ "kind": "seller_closed" }])));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_filled_from_many_devices_has_fifty_lines_at_most() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let mut wares = app.shelve_packs(&stall, TEA, 50).await;
    wares.extend(app.shelve_packs(&stall, HONEY, 10).await);
    let buyer = app.account("Hoa").await;
    for ware in &wares[..48] {
        put(&buyer, ware, 1).await.ok();
    }
    let mut requests = JoinSet::new();
    for ware in &wares[48..] {
        let (buyer, ware) = (buyer.clone(), ware.clone());
        requests.spawn(async move { put(&buyer, &ware, 1).await.status });
    }
    let mut statuses = requests.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200; 2], vec![409; 10]].concat());
    assert_eq!(app.count("select count(*) from cart_items").await, 50);
    app.finish().await;
}
