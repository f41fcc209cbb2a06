//! Whose a shop is, how many one may have, and that namesakes get addresses of their own.

use std::collections::BTreeSet;

use ocop_market::people::access::MemberRole;
use serde_json::json;
use tokio::task::JoinSet;

use super::change;
use crate::support::sellers::cooperative;
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn shops_of_one_name_get_addresses_of_their_own_that_stay() {
    let app = TestApp::new().await;
    let first = app.draft_shop(cooperative(LAI_CHAU)).await;
    let second = app.draft_shop(cooperative(LAO_CAI)).await;
    let third = app.draft_shop(cooperative(LAI_CHAU)).await;
    assert_eq!(first.slug, "hop-tac-xa-tra-sin-suoi-ho");
    assert_eq!(second.slug, "hop-tac-xa-tra-sin-suoi-ho-2");
    assert_eq!(third.slug, "hop-tac-xa-tra-sin-suoi-ho-3");
    let renamed = change(&first, "name", json!("Trà cổ thụ Đỉnh Núi")).await.ok();
    assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Trà cổ thụ Đỉnh Núi"), &json!(first.slug)));
    let mut unpronounceable = cooperative(LAI_CHAU);
    unpronounceable["name"] = json!("茶葉店");
    assert_eq!(app.draft_shop(unpronounceable).await.slug, "gian-hang");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_its_members_and_managed_by_who_may() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    let stranger = app.account("Người lạ").await;
    assert_eq!(packer.get("/v1/me/shops").await.ok()[0]["role"], "packer");
    assert_eq!(stranger.get("/v1/me/shops").await.ok(), json!([]));
    packer.get(&shop.path("")).await.ok();
    packer.post(&shop.path("/submission"), json!({})).await.refused(403, "not-your-function");
    stranger.get(&shop.path("")).await.refused(404, "not-found");
    stranger.post(&shop.path("/submission"), json!({})).await.refused(404, "not-found");
    for _ in 0..9 {
        shop.post("/v1/shops", cooperative(LAI_CHAU)).await.ok();
    }
    shop.post("/v1/shops", cooperative(LAI_CHAU)).await.refused(409, "too-many-shops");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_namesakes_begun_at_once_are_ten_shops_at_ten_addresses() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let mut requests = JoinSet::new();
    for _ in 0..16 {
        let owner = owner.clone();
        requests.spawn(async move { owner.post("/v1/shops", cooperative(LAI_CHAU)).await });
    }
    let (begun, refused): (Vec<_>, Vec<_>) =
        requests.join_all().await.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(begun.len(), 10);
    for answer in refused {
        answer.refused(409, "too-many-shops");
    }
    let slugs: BTreeSet<String> =
        begun.into_iter().map(|answer| answer.ok()["slug"].as_str().unwrap().to_owned()).collect();
    assert_eq!(slugs.len(), 10);
    let base = "hop-tac-xa-tra-sin-suoi-ho";
    for known in [base.to_owned(), format!("{base}-2"), format!("{base}-3")] {
        assert!(slugs.contains(&known), "{slugs:?}");
    }
    assert_eq!(slugs.iter().filter(|slug| slug.len() == base.len() + 9).count(), 7, "{slugs:?}");
    app.finish().await;
}
