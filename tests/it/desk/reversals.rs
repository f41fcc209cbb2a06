//! What an appeal that is upheld does.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{appeal, approval, decide, newest, refusal, refused_listing, refused_shop, reviewer};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn a_shop_that_was_refused_opens() {
    let app = TestApp::new().await;
    for verdict in ["reject", "request_changes"] {
        let (shop, _, case) = refused_shop(&app, verdict).await;
        let officer = reviewer(&app).await;
        let filed = appeal(&shop, &case).await.ok();
        decide(&officer, id_of(&filed), approval()).await;
        assert_eq!(shop.get(&shop.path("")).await.ok()["status"], "approved");
        assert_eq!(app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.status, 200);
        let inbox = shop.get(&shop.path(&format!("/cases/{case}"))).await.ok();
        assert_eq!(inbox["verdict"], verdict, "what was decided stays on record");
        assert!(app.last_message(shop.contact()).await.contains("Khiếu nại"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_listing_that_was_refused_is_published_as_it_was_handed_in() {
    let app = TestApp::new().await;
    for verdict in ["reject", "request_changes"] {
        let (shop, listing, _, case) = refused_listing(&app, verdict).await;
        let filed = appeal(&shop, &case).await.ok();
        decide(&reviewer(&app).await, id_of(&filed), approval()).await;
        let published = shop.listing(id_of(&listing)).await;
        assert_eq!((&published["status"], &published["revision"]["status"]), (&json!("published"), &json!("approved")));
        assert_eq!(published["verdict"]["verdict"], "approve", "the reversal stands for the decision");
        let slug = published["slug"].as_str().unwrap();
        assert_eq!(app.anyone().get(&format!("/v1/listings/{slug}")).await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_published_version_stays_until_the_appeal_about_its_successor_is_upheld() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let published = app.published_listing(&shop, 185_000, 10).await;
    let mut content = published["revision"]["content"].clone();
    content["title_vi"] = json!("Chè Shan tuyết trăm năm");
    let edited = shop.save(&published, content).await.ok();
    shop.submit(id_of(&edited)).await.ok();
    app.decide(&shop, id_of(&edited["revision"]), refusal("reject", "listing.misleading")).await;
    let slug = format!("/v1/listings/{}", published["slug"].as_str().unwrap());
    let filed = appeal(&shop, &newest(&shop).await).await.ok();
    assert_eq!(app.anyone().get(&slug).await.ok()["title"], published["revision"]["content"]["title_vi"]);
    decide(&reviewer(&app).await, id_of(&filed), approval()).await;
    assert_eq!(app.anyone().get(&slug).await.ok()["title"], "Chè Shan tuyết trăm năm");
    app.finish().await;
}

async fn claim(shop: &ShopActor, scan: &str) -> crate::support::Answer {
    let claim = json!({
        "product_name": "Chè Shan tuyết Tả Lèng",
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/QĐ-UBND",
        "decision_date": "2025-06-25",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-30",
        "scan_id": scan,
    });
    shop.post(&shop.path("/certificates"), claim).await
}

async fn stars(shop: &ShopActor, certificate: &str) -> Value {
    let page = shop.get(&shop.path("/certificates")).await.ok();
    let mut own = page["items"].as_array().unwrap().iter();
    own.find(|own| own["id"] == certificate).unwrap()["stars_today"].clone()
}

#[tokio::test]
async fn a_certificate_that_was_refused_counts_and_is_not_claimed_anew_meanwhile() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let scan = shop.scan().await;
    let claimed = claim(&shop, &scan).await.ok();
    app.decide(&shop, id_of(&claimed), refusal("reject", "certificate.not_found")).await;
    let case = newest(&shop).await;
    let filed = appeal(&shop, &case).await.ok();
    claim(&shop, &scan).await.refused(409, "matter-open");
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    decide(&officer, id_of(&filed), approval()).await;
    assert_eq!(stars(&shop, id_of(&claimed)).await, 4);
    claim(&shop, &scan).await.refused(409, "certificate-claimed-already");
    app.finish().await;
}

#[tokio::test]
async fn a_claim_made_anew_is_decided_itself() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let scan = shop.scan().await;
    let claimed = claim(&shop, &scan).await.ok();
    app.decide(&shop, id_of(&claimed), refusal("request_changes", "certificate.unreadable")).await;
    let case = newest(&shop).await;
    let anew = claim(&shop, &scan).await.ok();
    appeal(&shop, &case).await.refused(409, "case-moved-on");
    app.decide(&shop, id_of(&anew), approval()).await;
    assert_eq!((stars(&shop, id_of(&anew)).await, stars(&shop, id_of(&claimed)).await), (json!(4), Value::Null));
    app.finish().await;
}
