//! What vouchers take off a checkout, and that its orders keep it.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{form, off, offer};
use crate::support::{Goods, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp, Ware, order_form};

fn with_vouchers(lines: &[(&Ware, i32)], codes: &[&str]) -> Value {
    let mut form = order_form(lines);
    form["vouchers"] = json!(codes);
    form
}

#[tokio::test]
async fn a_checkout_shows_what_each_voucher_takes_off_and_its_orders_keep_it() {
    let app = TestApp::new().await;
    let (stall, elsewhere) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&elsewhere, HONEY).await);
    offer(&stall, form("CHE-20", off(20_000), json!({}))).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", json!({ "kind": "percent", "rate_bps": 1_000, "cap_vnd": 100_000 }),
                        json!({ "budget_vnd": 1_000_000 })),
    });
    let programme = head.post("/admin/v1/vouchers", programme).await.ok();
    let taking_part = format!("/v1/shops/{}/voucher_programmes/{}", stall.id, programme["id"].as_str().unwrap());
    stall.owner.put(&taking_part, json!({})).await.ok();

    let buyer = app.account("Hoa").await;
    let lines = [(&tea, 2), (&honey, 1)];
    let twice = buyer.post("/v1/checkouts", with_vouchers(&lines, &["che 20", "CHÈ-20"])).await;
    assert_eq!(twice.refused(422, "invalid")["errors"][0]["at"], "vouchers[1]");
    let quote = buyer.post("/v1/checkouts", with_vouchers(&lines, &["lai chau", "chè 20"])).await.ok();
    // 370,000 less 20,000 of the shop, less a tenth of the rest; the honey is from elsewhere.
    assert_eq!((&quote["goods_vnd"], &quote["discount_vnd"]), (&json!(690_000), &json!(55_000)));
    let vouchers = quote["vouchers"].as_array().unwrap();
    assert_eq!([&vouchers[0]["code"], &vouchers[1]["code"]], ["CHE-20", "LAI-CHAU"]);
    assert_eq!(
        (&vouchers[1]["lines"][0]["by_province_vnd"], &vouchers[1]["lines"][0]["by_seller_vnd"]),
        (&json!(24_500), &json!(10_500))
    );
    let path = format!("/v1/checkouts/{}", quote["id"].as_str().unwrap());
    assert_eq!(buyer.get(&path).await.ok(), quote);

    let placed = buyer.place(&quote, "one").await.ok();
    assert_eq!(placed["total_vnd"], quote["total_vnd"]);
    let order = placed["orders"][0]["id"].as_str().unwrap();
    let shown = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!((&shown["discount_vnd"], &shown["lines"][0]["discount_vnd"]), (&json!(55_000), &json!(55_000)));
    let frozen = "select discount_vnd - discount_by_seller_vnd from order_lines where discount_vnd > 0";
    assert_eq!(app.count(frozen).await, 24_500);
    assert_eq!(app.count("select amount_vnd from order_line_discounts where bearer = '12'").await, 24_500);
    let figures = head.get(&format!("/admin/v1/vouchers/{}", programme["id"].as_str().unwrap())).await.ok();
    assert_eq!((&figures["uses"], &figures["spent_vnd"]), (&json!(1), &json!(24_500)));
    assert_eq!((&figures["participants"], &figures["shops"][0]["discount_vnd"]), (&json!(1), &json!(35_000)));

    buyer.turn(order, "cancellation").await.ok();
    let figures = head.get(&format!("/admin/v1/vouchers/{}", programme["id"].as_str().unwrap())).await.ok();
    assert_eq!((&figures["uses"], &figures["spent_vnd"], &figures["shops"]), (&json!(0), &json!(0), &json!([])));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_voucher_that_ended_since_the_quote_takes_nothing_and_places_nothing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let voucher = offer(&stall, form("CHE-20", off(20_000), json!({}))).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.post("/v1/checkouts", with_vouchers(&[(&tea, 1)], &["CHE-20"])).await.ok();
    stall.owner.delete(&format!("/v1/shops/{}/vouchers/{}", stall.id, voucher["id"].as_str().unwrap())).await;
    buyer.place(&quote, "one").await.refused(409, "voucher-not-running");
    assert_eq!((app.left(&stall, &tea).await, app.count("select count(*) from orders").await), (10, 0));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_checkouts_use_a_voucher_for_ten() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    offer(&stall, form("MUOI-LUOT", off(20_000), json!({ "total": 10 }))).await;
    let mut quoted = Vec::new();
    for _ in 0..64 {
        let buyer = app.account("Người mua").await;
        let quote = buyer.post("/v1/checkouts", with_vouchers(&[(&tea, 1)], &["MUOI-LUOT"])).await.ok();
        quoted.push((buyer, quote));
    }
    let mut requests = JoinSet::new();
    for (buyer, quote) in quoted {
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    let mut placed = 0;
    for answer in requests.join_all().await {
        if answer.status == 201 {
            placed += 1;
        } else {
            assert_eq!(answer.refused(409, "voucher-exhausted")["limit"], "total");
        }
    }
    assert_eq!((placed, app.left(&stall, &tea).await), (10, 90));
    assert_eq!(app.count("select count(*) from orders where discount_vnd = 20000").await, 10);
    app.finish().await;
}
