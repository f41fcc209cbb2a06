//! The pictures, places and certificates a listing names, and whose they are.

use ocop_market::kernel::SellerId;
use ocop_market::platform::error::Error;
use serde_json::{Value, json};

use super::row;
use crate::support::catalogue::{id_of, tea};
use crate::support::sellers::ShopActor;
use crate::support::{Answer, LAI_CHAU, TestApp};

/// A shop, the certificate it claims, a draft of a listing, and the draft's content naming the certificate.
async fn claimed(app: &TestApp) -> (ShopActor, Value, Value, Value) {
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = shop.post(&shop.path("/certificates"), certificate(&shop.scan().await)).await.ok();
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = claim["id"].clone();
    (shop, claim, draft, content)
}

#[tokio::test]
async fn a_certificate_for_goods_of_another_set_does_not_fit() {
    let app = TestApp::new().await;
    let (shop, _, draft, mut content) = claimed(&app).await;
    let saved = shop.save(&draft, content.clone()).await.ok();
    content["set_no"] = json!(10);
    refused_at(shop.save(&saved, content).await, "certificate_id");
    shop.submit(id_of(&draft)).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn pictures_and_certificates_of_another_shop_cannot_be_used() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await);
    let own = shop.picture().await;
    let stolen = tea(&[&own, &other.picture().await]);
    refused_at(shop.post(&shop.path("/listings"), stolen).await, "pictures[1]");
    let paper = tea(&[&shop.scan().await]);
    refused_at(shop.post(&shop.path("/listings"), paper).await, "pictures[0]");
    refused_at(shop.post(&shop.path("/listings"), tea(&[&own, &own])).await, "pictures[1]");

    let certificate = other.post(&other.path("/certificates"), certificate(&other.scan().await)).await.ok();
    let mut content = tea(&[&own]);
    content["certificate_id"] = certificate["id"].clone();
    refused_at(shop.post(&shop.path("/listings"), content.clone()).await, "certificate_id");
    content["certificate_id"] = Value::Null;
    content["commune_code"] = json!("99999");
    refused_at(shop.post(&shop.path("/listings"), content.clone()).await, "commune_code");
    content["commune_code"] = json!("03405");
    content["legacy_province_code"] = json!("10");
    refused_at(shop.post(&shop.path("/listings"), content).await, "legacy_province_code");
    app.finish().await;
}

fn refused_at(answer: Answer, at: &str) {
    let refusal = answer.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
}

fn certificate(scan: &str) -> Value {
    json!({
        "product_name": "Chè Shan tuyết",
        "set_no": 11,
        "stars": 3,
        "decision_number": "858/QĐ-UBND",
        "decision_date": "2025-06-19",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-19",
        "scan_id": scan,
    })
}

#[tokio::test]
async fn a_certificate_refused_before_the_listing_is_approved_is_left_out() {
    let app = TestApp::new().await;
    let (shop, claim, draft, content) = claimed(&app).await;
    shop.save(&draft, content).await.ok();
    let waiting = shop.submit(id_of(&draft)).await.ok();
    app.decide(
        &shop,
        id_of(&claim),
        json!({ "verdict": "reject", "reason_codes": ["certificate.not_found"], "words": "Không có quyết định này." }),
    )
    .await;
    app.decide(&shop, id_of(&waiting["revision"]), json!({ "verdict": "approve" })).await;
    assert_eq!(row(&app, id_of(&draft), "certificate_id").await, "null");
    assert_eq!(row(&app, id_of(&draft), "status").await, "published");
    app.finish().await;
}

#[tokio::test]
async fn only_an_approved_shop_claims_certificates_and_hands_in_listings() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let seller: SellerId = shop.id.parse().unwrap();
    let set_status = app.app.db.act(async |conn| {
        let update = sqlx::query("update sellers set status = 'suspended' where id = $1");
        update.bind(seller).execute(conn).await.map(drop).map_err(Error::from)
    });
    set_status.await.unwrap();
    shop.submit(id_of(&draft)).await.refused(409, "shop-not-approved");
    let claim = certificate(&shop.scan().await);
    shop.post(&shop.path("/certificates"), claim).await.refused(409, "shop-not-approved");
    app.finish().await;
}
