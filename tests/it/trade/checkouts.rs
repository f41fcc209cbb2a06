//! Quotes and their placement.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Goods, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp, Ware, order_form};

#[tokio::test]
async fn a_quote_takes_nothing_and_names_every_part() {
    let app = TestApp::new().await;
    let (muong_than, ba_dinh) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&muong_than, TEA).await, app.shelve(&ba_dinh, HONEY).await);
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 9), (&honey, 1)]).await;

    // 2,250 g from Lai Châu: another region; 700 g within Hà Nội.
    let parts = quote["parts"].as_array().unwrap();
    assert_eq!((&parts[0]["grams"], &parts[0]["shipping_vnd"]), (&json!(2_250), &json!(65_000)));
    assert_eq!((&parts[1]["days_min"], &parts[1]["shipping_vnd"]), (&json!(2), &json!(20_000)));
    assert_eq!((&quote["goods_vnd"], &quote["total_vnd"]), (&json!(1_985_000), &json!(2_070_000)));
    assert_eq!((&quote["commune_name"], &quote["status"]), (&json!("Phường Ba Đình"), &json!("quoted")));
    assert_eq!((app.left(&muong_than, &tea).await, quote["orders"].clone()), (10, json!([])));

    let path = format!("/v1/checkouts/{}", quote["id"].as_str().unwrap());
    assert_eq!(buyer.get(&path).await.ok(), quote);
    muong_than.owner.get(&path).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn two_lines_of_one_variant_are_one() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&stall, HONEY).await);
    let breaks = json!({ "price_breaks": [{ "from_quantity": 4, "unit_price_vnd": 170_000 }] });
    let path = format!("/v1/shops/{}/variants/{}/selling_terms", stall.id, tea.variant);
    stall.owner.put(&path, breaks).await.ok();
    let buyer = app.account("Hoa").await;
    // Together they reach the price for four, and must not pass what is left.
    let quote = buyer.quote(&[(&tea, 3), (&honey, 1), (&tea, 2)]).await;
    let lines = quote["parts"][0]["lines"].as_array().unwrap();
    let of_tea: Vec<_> = lines.iter().filter(|line| line["variant_id"] == json!(tea.variant)).collect();
    assert_eq!(of_tea.len(), 1);
    assert_eq!((&of_tea[0]["quantity"], &of_tea[0]["unit_price_vnd"]), (&json!(5), &json!(170_000)));
    buyer.place(&quote, "one").await.ok();
    assert_eq!((app.left(&stall, &tea).await, app.left(&stall, &honey).await), (5, 9));
    buyer.post("/v1/checkouts", order_form(&[(&tea, 3), (&tea, 3)])).await.refused(409, "sold-out");
    let too_many = buyer.post("/v1/checkouts", order_form(&[(&tea, 99), (&tea, 1)])).await.refused(422, "invalid");
    assert_eq!(too_many["errors"][0]["at"], "lines[1].quantity");
    app.finish().await;
}

#[tokio::test]
async fn a_placement_makes_one_order_per_shop_and_empties_the_cart() {
    let app = TestApp::new().await;
    let (muong_than, ba_dinh) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&muong_than, TEA).await, app.shelve(&ba_dinh, HONEY).await);
    let buyer = app.account("Hoa").await;
    for (ware, quantity) in [(&tea, 2), (&honey, 1)] {
        buyer.put(&format!("/v1/cart/items/{}", ware.variant), json!({ "quantity": quantity })).await.ok();
    }
    let quote = buyer.quote(&[]).await;
    let placed = buyer.place(&quote, "one").await;
    assert_eq!(placed.status, 201);
    let orders = placed.body["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    let number = orders[0]["number"].as_str().unwrap();
    assert!(number.starts_with("OCOP-261121-") && number.len() == 22, "{number}");
    let sum: i64 = orders.iter().map(|order| order["total_vnd"].as_i64().unwrap()).sum();
    assert_eq!((json!(sum), &placed.body["total_vnd"]), (quote["total_vnd"].clone(), &quote["total_vnd"]));
    assert_eq!((app.left(&muong_than, &tea).await, app.left(&ba_dinh, &honey).await), (8, 9));
    assert_eq!(buyer.get("/v1/cart").await.ok()["parts"], json!([]));

    let again = buyer.place(&quote, "one").await;
    assert_eq!((again.status, again.header("idempotent-replayed"), &again.body), (201, Some("true"), &placed.body));
    let other_key = buyer.place(&quote, "two").await.refused(409, "placed-already");
    assert_eq!(other_key["orders"], placed.body["orders"]);
    let checkout = buyer.get(&format!("/v1/checkouts/{}", quote["id"].as_str().unwrap())).await.ok();
    assert_eq!((&checkout["status"], &checkout["orders"]), (&json!("placed"), &placed.body["orders"]));
    app.finish().await;
}

#[tokio::test]
async fn a_placement_needs_a_key_and_the_key_belongs_to_one_request() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let (first, second) = (buyer.quote(&[(&tea, 1)]).await, buyer.quote(&[(&tea, 2)]).await);
    let path = format!("/v1/checkouts/{}/placement", first["id"].as_str().unwrap());
    let agreement = json!({ "total_vnd": first["total_vnd"], "method": "cod" });
    buyer.put(&path, agreement.clone()).await.refused(400, "idempotency-key-missing");
    let spaced = buyer.put_with(&path, &[("idempotency-key", "a b")], agreement.clone()).await;
    spaced.refused(400, "idempotency-key-missing");
    buyer.place(&first, "key").await.ok();
    buyer.place(&second, "key").await.refused(422, "idempotency-key-reused");
    // Another buyer's key of the same name is another key, and the checkout is not theirs.
    let other = app.account("Lan").await;
    other.put_with(&path, &[("idempotency-key", "key")], agreement).await.refused(404, "not-found");
    let bank = json!({ "total_vnd": second["total_vnd"], "method": "bank" });
    buyer.put_with(&path, &[("idempotency-key", "new")], bank).await.refused(422, "invalid");
    assert_eq!(app.left(&stall, &tea).await, 9);
    app.finish().await;
}

#[tokio::test]
async fn a_changed_price_is_shown_before_it_is_paid() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut quote = buyer.quote(&[(&tea, 2)]).await;
    app.sql("update variants set price_vnd = 200000").await;
    let refused = buyer.place(&quote, "a").await.refused(409, "total-changed");
    assert_eq!((&refused["total_vnd"], app.left(&stall, &tea).await), (&json!(435_000), 10));
    quote["total_vnd"] = refused["total_vnd"].clone();
    let placed = buyer.place(&quote, "a").await.ok();
    let order = buyer.get(&format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap())).await.ok();
    assert_eq!(order["lines"][0]["unit_price_vnd"], 200_000);
    let checkout = buyer.get(&format!("/v1/checkouts/{}", quote["id"].as_str().unwrap())).await.ok();
    assert_eq!((&checkout["total_vnd"], &checkout["goods_vnd"]), (&json!(435_000), &json!(400_000)));
    app.finish().await;
}

#[tokio::test]
async fn a_quote_expires_and_is_forgotten() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 2)]).await;
    app.clock.advance(TimeDelta::hours(1));
    buyer.place(&quote, "a").await.refused(409, "quote-expired");
    let path = format!("/v1/checkouts/{}", quote["id"].as_str().unwrap());
    buyer.get(&path).await.ok();
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(2));
    app.run_jobs().await;
    buyer.get(&path).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn all_shops_deliver_or_none() {
    let app = TestApp::new().await;
    let (muong_than, ba_dinh) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&muong_than, TEA).await, app.shelve(&ba_dinh, HONEY).await);
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 2), (&honey, 5)]).await;
    app.stock(&ba_dinh, &honey, 4).await.ok();
    let refused = buyer.place(&quote, "a").await.refused(409, "sold-out");
    assert_eq!(refused["lines"], json!([{ "variant_id": honey.variant, "wanted": 5, "left": 4 }]));
    assert_eq!((app.left(&muong_than, &tea).await, app.left(&ba_dinh, &honey).await), (10, 4));
    assert_eq!(app.count("select count(*) from orders").await, 0);
    assert_eq!(app.count("select count(*) from jobs where kind like 'orders.%'").await, 0);
    // What refused left nothing: the same key places once there is enough.
    app.stock(&ba_dinh, &honey, 5).await.ok();
    assert_eq!(buyer.place(&quote, "a").await.status, 201);
    app.finish().await;
}

#[tokio::test]
async fn nobody_orders_what_cannot_be_ordered() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let tour = app.shelve(&stall, Goods { title: "Ruộng bậc thang", set_no: 26, grams: None, ..TEA }).await;
    let wine = app.shelve(&stall, Goods { title: "Rượu ngô", set_no: 14, ..TEA }).await;
    let liquor = app.shelve(&stall, Goods { title: "Rượu táo mèo", set_no: 15, ..TEA }).await;
    let stone = app.shelve(&stall, Goods { title: "Cối đá", set_no: 20, grams: Some(50_001), ..TEA }).await;
    app.sale_rule(15, true, true, Some(18)).await;
    let buyer = app.account("Hoa").await;
    let quote = async |lines: &[(&Ware, i32)]| buyer.post("/v1/checkouts", order_form(lines)).await;

    quote(&[]).await.refused(409, "cart-empty");
    let nothing = Ware { variant: ocop_market::kernel::VariantId::new(app.clock.now()), ..tea.clone() };
    quote(&[(&nothing, 1)]).await.refused(409, "not-for-sale");
    let refused = quote(&[(&tea, 1), (&tour, 1)]).await.refused(409, "enquiry-only");
    assert_eq!(refused["variants"], json!([tour.variant]));
    app.sale_rule(14, true, false, None).await;
    let cashless = quote(&[(&wine, 1), (&tea, 1)]).await.ok();
    assert_eq!(cashless["methods"], json!([]));
    let refused = buyer.place(&cashless, "wine").await.refused(409, "cash-not-allowed");
    assert_eq!(refused["variants"], json!([wine.variant]));
    let refused = buyer.place_by("vietqr", &cashless, "wine").await.refused(409, "method-not-offered");
    assert_eq!(refused["methods"], json!([]));
    assert_eq!(quote(&[(&liquor, 1)]).await.refused(409, "minimum-age")["minimum_age"], 18);
    let aged = |age: Value| {
        let mut form = order_form(&[(&liquor, 1)]);
        form["stated_age"] = age;
        form
    };
    buyer.post("/v1/checkouts", aged(json!(17))).await.refused(409, "minimum-age");
    buyer.post("/v1/checkouts", aged(json!(18))).await.ok();
    buyer.post("/v1/checkouts", aged(json!(0))).await.refused(422, "invalid");
    let refused = quote(&[(&stone, 1)]).await.refused(409, "parcel-too-heavy");
    assert_eq!((&refused["grams"], &refused["most_grams"]), (&json!(50_001), &json!(50_000)));
    assert_eq!(quote(&[(&tea, 11)]).await.refused(409, "sold-out")["lines"][0]["left"], 10);
    stall.owner.post("/v1/checkouts", order_form(&[(&tea, 1)])).await.refused(409, "own-goods");

    app.sql("update sellers set closed_from = '2026-11-21', closed_to = '2026-11-21'").await;
    quote(&[(&tea, 1)]).await.refused(409, "seller-closed");
    app.sql("update listings set status = 'paused'").await;
    quote(&[(&tea, 1)]).await.refused(409, "not-for-sale");
    app.finish().await;
}

#[tokio::test]
async fn a_form_says_what_is_wrong_with_it() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let wrong = [
        ("commune", json!("99999"), "commune"),
        ("phone", json!("024 3825 0000"), "phone"),
        ("recipient", json!("H\u{0}a"), "recipient"),
        ("lines", json!([]), "lines"),
        ("lines", json!([{ "variant_id": tea.variant, "quantity": 100 }]), "lines[0].quantity"),
        ("lines", json!(vec![json!({ "variant_id": tea.variant, "quantity": 1 }); 51]), "lines"),
    ];
    for (field, value, at) in wrong {
        let mut form = order_form(&[(&tea, 1)]);
        form[field] = value;
        assert_eq!(buyer.post("/v1/checkouts", form).await.refused(422, "invalid")["errors"][0]["at"], at);
    }
    app.finish().await;
}

#[tokio::test]
async fn whoever_joins_the_shop_after_the_quote_does_not_place_it() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 1)]).await;
    app.joins(&stall, &buyer).await;
    assert_eq!(buyer.place(&quote, "one").await.refused(409, "own-goods")["seller_slug"], stall.slug);
    assert_eq!(app.count("select count(*) from orders").await, 0);
    assert_eq!(app.left(&stall, &tea).await, 10);
    app.finish().await;
}
