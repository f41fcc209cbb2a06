//! A shop counts its goods.

use serde_json::json;

use crate::support::{HA_NOI, HONEY, LAI_CHAU, TEA, TestApp};

#[tokio::test]
async fn a_shop_counts_its_own_goods_only() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let other = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let tea = app.shelve(&stall, TEA).await;
    let honey = app.shelve(&stall, HONEY).await;

    app.stock(&stall, &tea, 25).await.ok();
    assert_eq!((app.left(&stall, &tea).await, app.left(&stall, &honey).await), (25, 10));
    app.stock(&other, &tea, 1).await.refused(404, "not-found");
    assert_eq!(other.owner.get(&format!("/v1/shops/{}/stock", other.id)).await.ok()["items"], json!([]));
    for wrong in [json!(-1), json!(1_000_001), json!("10"), json!(1.5)] {
        let path = format!("/v1/shops/{}/variants/{}/stock", stall.id, tea.variant);
        stall.owner.put(&path, json!({ "on_hand": wrong })).await.refused(422, "invalid");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_stock_comes_in_pages() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(json!(app.shelve(&stall, TEA).await.variant));
    }
    let path = format!("/v1/shops/{}/stock?limit=2", stall.id);
    let first = stall.owner.get(&path).await.ok();
    let second = stall.owner.get(&format!("{path}&after={}", first["next"].as_str().unwrap())).await.ok();
    let seen: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|line| line["variant_id"].clone())
        .collect();
    made.reverse();
    assert_eq!((seen, &second["next"]), (made, &json!(null)));
    stall.owner.get(&format!("{path}&after=forged")).await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn a_listing_is_in_stock_while_any_of_its_variants_is() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let packs = app.shelve_packs(&stall, TEA, 2).await;
    let (packet, tin) = (&packs[0], &packs[1]);
    let in_stock = async || app.count("select count(*) from listings where in_stock").await;
    assert_eq!(in_stock().await, 1);
    app.stock(&stall, packet, 0).await.ok();
    assert_eq!(in_stock().await, 1);
    app.stock(&stall, tin, 0).await.ok();
    assert_eq!(in_stock().await, 0);
    app.stock(&stall, tin, 3).await.ok();
    assert_eq!(in_stock().await, 1);

    // Selling the last and giving it back is noted like counting.
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(tin, 3)]).await.remove(0);
    assert_eq!(in_stock().await, 0);
    buyer.turn(&order, "cancellation").await.ok();
    assert_eq!(in_stock().await, 1);

    // Only the tin is left, and it is not offered any more.
    let path = format!("/v1/shops/{}/listings/{}/variants", stall.id, packet.listing);
    let only_packet = json!([{ "sku": "goi-0", "name_vi": "goi-0", "price_vnd": 185_000, "grams": 250 }]);
    stall.owner.put(&path, json!({ "variants": only_packet })).await.ok();
    assert_eq!(in_stock().await, 0);
    app.finish().await;
}
