//! Prices by quantity, and how many one buyer gets.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware};

async fn terms(stall: &Stall, ware: &Ware, terms: Value) -> Answer {
    stall.owner.put(&format!("/v1/shops/{}/variants/{}/selling_terms", stall.id, ware.variant), terms).await
}

#[tokio::test]
async fn more_pieces_cost_less_each_in_the_listing_the_cart_and_the_quote() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    for (wrong, at) in [
        (json!([{ "from_quantity": 1, "unit_price_vnd": 170_000 }]), "price_breaks[0].from_quantity"),
        (json!([{ "from_quantity": 5, "unit_price_vnd": 185_000 }]), "price_breaks[0].unit_price_vnd"),
        (
            json!([{ "from_quantity": 5, "unit_price_vnd": 170_000 }, { "from_quantity": 9, "unit_price_vnd": 170_000 }]),
            "price_breaks[1].unit_price_vnd",
        ),
    ] {
        let refused = terms(&stall, &tea, json!({ "price_breaks": wrong })).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    let falling =
        json!([{ "from_quantity": 5, "unit_price_vnd": 170_000 }, { "from_quantity": 10, "unit_price_vnd": 150_000 }]);
    terms(&stall, &tea, json!({ "price_breaks": falling })).await.ok();
    let page = app.anyone().get(&format!("/v1/listings/{}", tea.slug)).await.ok();
    assert_eq!(page["variants"][0]["price_breaks"], falling);
    let buyer = app.account("Hoa").await;
    for (quantity, unit_price) in [(4, 185_000), (5, 170_000), (9, 170_000), (10, 150_000)] {
        let cart = buyer.put(&format!("/v1/cart/items/{}", tea.variant), json!({ "quantity": quantity })).await.ok();
        assert_eq!(cart["parts"][0]["lines"][0]["unit_price_vnd"], unit_price);
        assert_eq!(buyer.quote(&[(&tea, quantity)]).await["goods_vnd"], unit_price * i64::from(quantity));
    }
    let path = format!("/v1/shops/{}/listings/{}/variants/{}/price", stall.id, tea.listing, tea.variant);
    stall.owner.put_with(&path, &[("if-match", "*")], json!({ "price_vnd": 140_000 })).await.ok();
    assert_eq!(buyer.quote(&[(&tea, 10)]).await["goods_vnd"], 1_400_000);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_sells_one_buyer_only_so_many() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    terms(&stall, &tea, json!({ "per_period": 5 })).await.refused(422, "invalid");
    terms(&stall, &tea, json!({ "per_order": 3, "per_period": 5, "period_days": 7 })).await.ok();
    let buyer = app.account("Hoa").await;
    let cart = buyer.put(&format!("/v1/cart/items/{}", tea.variant), json!({ "quantity": 4 })).await.ok();
    assert_eq!(cart["parts"][0]["lines"][0]["obstacles"], json!([{ "kind": "too_many", "most": 3 }]));
    let form = crate::support::order_form(&[(&tea, 4)]);
    buyer.post("/v1/checkouts", form).await.refused(409, "buyer-cap");
    let first = buyer.buy(&[(&tea, 3)]).await.remove(0);
    let second = buyer.quote(&[(&tea, 3)]).await;
    let refused = buyer.place(&second, "two").await.refused(409, "buyer-cap");
    assert_eq!(refused["variants"], json!([tea.variant]));
    // The same phone is the same buyer, whatever the account.
    let alias = app.account("Hoa, lần nữa").await;
    let again = alias.quote(&[(&tea, 3)]).await;
    alias.place(&again, "three").await.refused(409, "buyer-cap");
    buyer.turn(&first, "cancellation").await.ok();
    buyer.place(&second, "four").await.ok();
    app.clock.advance(TimeDelta::days(8));
    app.run_jobs().await;
    buyer.buy(&[(&tea, 3)]).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_race_passes_a_buyers_cap() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    terms(&stall, &tea, json!({ "per_period": 5, "period_days": 7 })).await.ok();
    let buyer = app.account("Hoa").await;
    let mut requests = JoinSet::new();
    for number in 0..50 {
        let quote = buyer.quote(&[(&tea, 1)]).await;
        let buyer = buyer.clone();
        requests.spawn(async move { buyer.place(&quote, &format!("key-{number}")).await });
    }
    let mut seen = BTreeMap::<u16, usize>::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    assert_eq!(seen, BTreeMap::from([(201, 5), (409, 45)]));
    assert_eq!(app.left(&stall, &tea).await, 95);
    app.finish().await;
}
