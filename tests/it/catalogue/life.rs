//! A listing's address stays; its shop pauses it, resumes it, gives it up, and finds it again.

use ocop_market::market::catalogue::{self, Content, NewVariant};
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, packs, tea};
use crate::support::{HA_NOI, LAI_CHAU, TestApp};

#[tokio::test]
async fn slugs_have_no_diacritics_are_unique_and_stay() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(HA_NOI).await);
    let first = shop.draft(1).await;
    let mut slugs = vec![first["slug"].as_str().unwrap().to_owned()];
    for owner in [&shop, &other, &other] {
        slugs.push(owner.draft(1).await["slug"].as_str().unwrap().to_owned());
    }
    assert_eq!(slugs[0], "che-shan-tuyet-ta-leng");
    assert!(slugs.iter().all(|slug| slug.starts_with("che-shan-tuyet-ta-leng")), "{slugs:?}");
    assert_eq!(slugs.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{slugs:?}");

    let mut renamed = tea(&[]);
    renamed["title_vi"] = json!("Đặc sản: Mật ong bạc hà (Mèo Vạc)");
    assert_eq!(shop.save(&first, renamed.clone()).await.ok()["slug"], "che-shan-tuyet-ta-leng");
    let honey = shop.post(&shop.path("/listings"), renamed.clone()).await.ok();
    assert_eq!(honey["slug"], "dac-san-mat-ong-bac-ha-meo-vac");
    renamed["title_vi"] = json!("普洱茶");
    assert_eq!(shop.post(&shop.path("/listings"), renamed).await.ok()["slug"], "san-pham");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_pauses_resumes_and_gives_up_a_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let id = id_of(&draft);
    let (pause, archive) = (shop.path(&format!("/listings/{id}/pause")), shop.path(&format!("/listings/{id}/archive")));
    shop.put(&pause, json!({})).await.refused(409, "listing-not-published");
    app.publish(&shop, id).await;
    for _ in 0..2 {
        assert_eq!(shop.put(&pause, json!({})).await.ok()["status"], "paused");
    }
    // A paused listing stays paused when a revision is approved.
    let paused = shop.listing(id).await;
    shop.save(&paused, paused["published"].clone()).await.ok();
    assert_eq!(app.publish(&shop, id).await["status"], "paused");
    assert_eq!(shop.delete(&pause).await.ok()["status"], "published");

    let archived = shop.post(&archive, json!({})).await.ok();
    assert_eq!(archived["status"], "archived");
    shop.post(&archive, json!({})).await.ok();
    shop.put(&pause, json!({})).await.refused(409, "listing-closed");
    shop.save(&archived, tea(&[])).await.refused(409, "listing-closed");
    shop.submit(id).await.refused(409, "listing-closed");
    let path = shop.path(&format!("/listings/{id}/variants"));
    shop.put(&path, packs(&[("A", 1, Some(1))])).await.refused(409, "listing-closed");
    app.finish().await;
}

#[tokio::test]
async fn the_shop_lists_what_it_has_page_by_page_and_by_status() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await);
    other.draft(1).await;
    let oldest = app.published_listing(&shop, 1, 5).await;
    for _ in 0..2 {
        shop.draft(1).await;
    }
    let first = shop.get(&shop.path("/listings?limit=2")).await.ok();
    let next = first["next"].as_str().unwrap();
    let second = shop.get(&shop.path(&format!("/listings?limit=2&after={next}"))).await.ok();
    assert_eq!((ids(&first).len(), ids(&second)), (2, vec![id_of(&oldest)]));
    assert_eq!(second["next"], Value::Null);
    let published = shop.get(&shop.path("/listings?status=published")).await.ok();
    assert_eq!(ids(&published), [id_of(&oldest)]);
    shop.get(&shop.path(&format!("/listings?limit=2&status=draft&after={next}"))).await.refused(422, "invalid");
    shop.get(&shop.path("/listings?status=sold")).await.refused(422, "invalid");
    app.finish().await;
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn demo_data_is_published_through_the_same_rules() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let content: Content = serde_json::from_value(tea(&[])).unwrap();
    let variants: Vec<NewVariant> =
        serde_json::from_value(packs(&[("P0001-1", 95_000, Some(290))])["variants"].clone()).unwrap();
    let (seller, now) = (shop.id.parse().unwrap(), app.clock.now());
    let publish = app.app.db.act(async |conn| catalogue::publish_demo(conn, seller, &content, &variants, now).await);
    let id = publish.await.unwrap();
    let listing = shop.listing(&id.to_string()).await;
    assert_eq!((&listing["status"], &listing["price_vnd"]), (&json!("published"), &json!(95_000)));
    assert_eq!(listing["revision"]["status"], "approved");
    app.finish().await;
}
