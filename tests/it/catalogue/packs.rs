//! The packs a listing is sold in: their prices, names and stock.

use serde_json::{Value, json};

use super::{missing, row};
use crate::support::catalogue::{id_of, packs};
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn prices_change_at_once_and_the_lowest_one_stands_for_the_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let pack = id_of(&listing["variants"][0]).to_owned();
    let price = shop.path(&format!("/listings/{id}/variants/{pack}/price"));
    let cheaper = shop.put(&price, json!({ "price_vnd": 120_000 })).await.ok();
    assert_eq!((&cheaper["price_vnd"], &cheaper["revision"]["status"]), (&json!(120_000), &json!("approved")));

    let variants = shop.path(&format!("/listings/{id}/variants"));
    let two = shop.put(&variants, packs(&[("HOP-200", 130_000, Some(260)), ("GOI-50", 40_000, Some(80))])).await.ok();
    assert_eq!((&two["price_vnd"], id_of(&two["variants"][0])), (&json!(130_000), pack.as_str()));
    let two = approve_packs(&app, &shop, &two).await;
    assert_eq!(two["price_vnd"], 40_000);
    let one = shop.put(&variants, packs(&[("HOP-200", 130_000, Some(260))])).await.ok();
    assert_eq!((&one["price_vnd"], &one["variants"][1]["active"]), (&json!(130_000), &json!(false)));

    for unfit in [packs(&[]), packs(&[("HOP-200", 130_000, None)])] {
        shop.put(&variants, unfit).await.refused(422, "listing-incomplete");
    }
    let other = app.published_listing(&shop, 10_000, 5).await;
    let not_its_own = shop.path(&format!("/listings/{}/variants/{pack}/price", id_of(&other)));
    shop.put(&not_its_own, json!({ "price_vnd": 1 })).await.refused(404, "not-found");
    app.finish().await;
}

/// Has the listing approved again as it is, with the packs it has by now.
async fn approve_packs(app: &TestApp, shop: &ShopActor, listing: &Value) -> Value {
    let revised = shop.save(listing, listing["published"].clone()).await.ok();
    app.publish(shop, id_of(&revised)).await
}

#[tokio::test]
async fn a_new_pack_is_shown_and_sold_only_once_it_is_approved() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 0).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&listing)));
    let two = packs(&[("HOP-200", 150_000, Some(260)), ("CHUA-KHOI-UNG-THU", 9_000, Some(80))]);
    let waiting = shop.put(&path, two).await.ok();
    let new = id_of(&waiting["variants"][1]).to_owned();
    assert_eq!(waiting["variants"][1]["approved"], false);
    shop.put(&shop.path(&format!("/variants/{new}/stock")), json!({ "on_hand": 3 })).await.ok();

    let page = format!("/v1/listings/{}", listing["slug"].as_str().unwrap());
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((shown["variants"].as_array().unwrap().len(), &shown["price_vnd"]), (1, &json!(150_000)));
    assert_eq!(shown["in_stock"], false);
    let buyer = app.account("Hoa").await;
    assert!((400..500).contains(&buyer.put(&format!("/v1/cart/items/{new}"), json!({ "quantity": 1 })).await.status));
    let only_new = packs(&[("CHUA-KHOI-UNG-THU", 9_000, Some(80))]);
    assert_eq!(missing(&shop.put(&path, only_new).await.refused(422, "listing-incomplete")), ["variants"]);

    approve_packs(&app, &shop, &shop.listing(id_of(&listing)).await).await;
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((shown["variants"].as_array().unwrap().len(), &shown["price_vnd"]), (2, &json!(9_000)));
    assert_eq!(shown["in_stock"], true);
    app.finish().await;
}

#[tokio::test]
async fn a_packs_name_changes_neither_behind_an_approval_nor_before_an_officers_eyes() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    let mut renamed = packs(&[("HOP-200", 150_000, Some(260))]);
    shop.submit(id_of(&draft)).await.ok();
    renamed["variants"][0]["name_en"] = json!("Cures cancer");
    shop.put(&path, renamed.clone()).await.refused(409, "listing-under-review");
    let added = packs(&[("HOP-200", 150_000, Some(260)), ("GOI-50", 40_000, Some(80))]);
    shop.put(&path, added).await.refused(409, "listing-under-review");
    shop.put(&path, packs(&[("HOP-200", 140_000, Some(265))])).await.ok();

    let revision = shop.listing(id_of(&draft)).await["revision"]["id"].as_str().unwrap().to_owned();
    app.decide(&shop, &revision, json!({ "verdict": "approve" })).await;
    for (field, name) in [("name_en", "Cures cancer"), ("name_vi", "CHỮA KHỎI UNG THƯ 100%")] {
        let mut renamed = packs(&[("HOP-200", 150_000, Some(260))]);
        renamed["variants"][0][field] = json!(name);
        let refusal = shop.put(&path, renamed).await.refused(409, "variant-name-approved");
        assert_eq!(refusal["skus"], json!(["HOP-200"]));
    }
    let repriced = shop.put(&path, packs(&[("HOP-200", 130_000, Some(270))])).await.ok();
    assert_eq!((&repriced["price_vnd"], &repriced["variants"][0]["grams"]), (&json!(130_000), &json!(270)));
    app.finish().await;
}

#[tokio::test]
async fn a_listing_is_out_of_stock_once_its_last_stocked_pack_is_no_longer_sold() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, path) = (id_of(&listing), shop.path(&format!("/listings/{}/variants", id_of(&listing))));
    let both = packs(&[("GOI-50", 40_000, Some(80)), ("HOP-200", 150_000, Some(260))]);
    let waiting = shop.put(&path, both.clone()).await.ok();
    approve_packs(&app, &shop, &waiting).await;
    assert_eq!(row(&app, id, "in_stock").await, "true");
    shop.put(&path, packs(&[("GOI-50", 40_000, Some(80))])).await.ok();
    assert_eq!(row(&app, id, "in_stock").await, "false");
    shop.put(&path, both).await.ok();
    assert_eq!(row(&app, id, "in_stock").await, "true");
    app.finish().await;
}

#[tokio::test]
async fn packs_that_make_no_sense_are_refused_where_they_are_wrong() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    let many: Vec<(String, i64, Option<i32>)> = (0..51).map(|number| (number.to_string(), 1, Some(1))).collect();
    let many: Vec<(&str, i64, Option<i32>)> =
        many.iter().map(|(sku, price, grams)| (sku.as_str(), *price, *grams)).collect();
    for (body, at) in [
        (packs(&[("A", -1, Some(1))]), "variants[0].price_vnd"),
        (packs(&[("A", 100_000_000_001, Some(1))]), "variants[0].price_vnd"),
        (packs(&[("A", 1, Some(0))]), "variants[0].grams"),
        (packs(&[("A", 1, Some(100_001))]), "variants[0].grams"),
        (packs(&[("", 1, Some(1))]), "variants[0].sku"),
        (packs(&[("A", 1, Some(1)), ("A", 2, Some(1))]), "variants[1].sku"),
        (packs(&many), "variants"),
        (json!({ "variants": [], "stock": 1 }), "stock"),
    ] {
        let refusal = shop.put(&path, body).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    assert_eq!(shop.listing(id_of(&draft)).await["variants"], draft["variants"]);
    app.finish().await;
}
