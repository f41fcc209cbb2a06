//! A shop's file: what it lacks, what it takes, and how it is changed.

use chrono::{Days, TimeDelta};
use serde_json::{Value, json};

use super::{change, codes, file};
use crate::support::sellers::{PDF, PERSONAL_ID, commune_of, cooperative, household, paper};
use crate::support::{LAI_CHAU, TestApp, VINH_LONG};

#[tokio::test]
async fn a_draft_says_what_it_lacks_until_it_lacks_nothing() {
    let app = TestApp::new().await;
    let bare = json!({ "kind": "cooperative", "name": "HTX Trà", "commune_code": commune_of(LAI_CHAU) });
    let shop = app.draft_shop(bare).await;
    let lacks = ["legal_name", "street", "representative", "tax_code", "paper.business_registration"];
    let draft = file(&shop).await;
    assert_eq!(codes(&draft["missing"]), lacks);
    assert_eq!(draft["missing"][4]["text_vi"], "Cần tải lên giấy chứng nhận đăng ký kinh doanh còn hiệu lực");
    assert_eq!((&draft["status"], &draft["location"]["province"]["name"]), (&json!("draft"), &json!("Lai Châu")));
    let refused = shop.post(&shop.path("/submission"), json!({})).await.refused(422, "shop-incomplete");
    assert_eq!(codes(&refused["missing"]), lacks);

    change(&shop, "about_en", json!("Wild Shan tea")).await.ok();
    assert_eq!(codes(&file(&shop).await["missing"]), ["paper.business_registration"]);
    let full = shop.paper("business_registration").await;
    assert_eq!(codes(&full["missing"]), [""; 0]);
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    assert_eq!(file(&shop).await["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_has_expired_is_missing_again() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let today = app.clock.today();
    let media = shop.media("paper", PDF.to_vec()).await;
    let with = |field: &str, value: Value| {
        let mut form = paper("business_registration", &media);
        form[field] = value;
        form
    };
    let papers = shop.path("/papers");
    for (field, wrong) in [
        ("expires_on", json!(today - Days::new(1))),
        ("expires_on", json!("9999-12-31")),
        ("issued_on", json!(today + Days::new(1))),
        ("issued_on", json!("0001-01-01")),
        ("number", Value::Null),
        ("media_id", json!("0193f2a4-6c00-7000-8000-000000000001")),
    ] {
        let refused = shop.post(&papers, with(field, wrong)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], field);
    }
    let other = app.draft_shop(cooperative(LAI_CHAU)).await;
    let theirs = other.media("paper", PDF.to_vec()).await;
    shop.post(&papers, with("media_id", json!(theirs))).await.refused(422, "invalid");
    let picture = shop.media("picture", crate::support::sellers::png(8, 8)).await;
    shop.post(&papers, with("media_id", json!(picture))).await.refused(422, "invalid");

    shop.post(&papers, with("expires_on", json!(today))).await.ok();
    assert_eq!(codes(&file(&shop).await["missing"]), [""; 0], "the last day of validity counts");
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(codes(&file(&shop).await["missing"]), ["paper.business_registration"]);
    app.finish().await;
}

#[tokio::test]
async fn a_change_names_the_state_it_changes() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let path = shop.path("");
    let read = shop.get(&path).await;
    let tag = read.header("etag").unwrap().to_owned();
    assert_eq!(read.header("cache-control"), Some("private, no-cache"));
    shop.put(&path, cooperative(LAI_CHAU)).await.refused(428, "if-match-missing");
    let changed = shop.put_with(&path, &[("if-match", &tag)], cooperative(LAI_CHAU)).await;
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    changed.ok();
    shop.put_with(&path, &[("if-match", &tag)], cooperative(LAI_CHAU)).await.refused(412, "stale");
    shop.put_with(&path, &[("if-match", "*")], cooperative(LAI_CHAU)).await.ok();
    let before = shop.get(&path).await.header("etag").unwrap().to_owned();
    shop.paper("other").await;
    shop.put_with(&path, &[("if-match", &before)], cooperative(LAI_CHAU)).await.refused(412, "stale");
    app.finish().await;
}

#[tokio::test]
async fn a_commune_with_two_former_provinces_makes_the_seller_choose() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let mut form = cooperative(VINH_LONG);
    form["commune_code"] = json!("28921");
    let refused = owner.post("/v1/shops", form.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "legacy_province_code");
    assert_eq!(refused["errors"][0]["message"], "must be one of 83 (Bến Tre), 86 (Vĩnh Long)");
    form["legacy_province_code"] = json!("83");
    let created = owner.post("/v1/shops", form.clone()).await.ok();
    assert_eq!(created["location"]["province"]["name"], "Vĩnh Long");
    assert_eq!(created["location"]["legacy_province"]["name"], "Bến Tre");
    form["legacy_province_code"] = json!("12");
    owner.post("/v1/shops", form.clone()).await.refused(422, "invalid");
    form["commune_code"] = json!("99999");
    let refused = owner.post("/v1/shops", form).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "commune_code");
    app.finish().await;
}

#[tokio::test]
async fn each_kind_has_its_own_identifier() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let with = |mut form: Value, field: &str, value: Value| {
        form[field] = value;
        form
    };
    for (form, at) in [
        (with(cooperative(LAI_CHAU), "personal_id", json!(PERSONAL_ID)), "personal_id"),
        (with(household(LAI_CHAU), "tax_code", json!("6200012349")), "tax_code"),
        (with(household(LAI_CHAU), "representative", json!("Lò Thị Mây")), "representative"),
        (with(cooperative(LAI_CHAU), "tax_code", json!("6200012340")), "tax_code"),
        (with(household(LAI_CHAU), "personal_id", json!("12345")), "personal_id"),
        (with(cooperative(LAI_CHAU), "name", json!("A\u{0}B")), "name"),
    ] {
        let refused = owner.post("/v1/shops", form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_shop_keeps_so_many_papers_and_no_more() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let media = shop.media("paper", PDF.to_vec()).await;
    for _ in 0..100 {
        shop.post(&shop.path("/papers"), paper("other", &media)).await.ok();
    }
    shop.post(&shop.path("/papers"), paper("other", &media)).await.refused(409, "papers-full");
    app.finish().await;
}
