//! What a shop may claim, how often, and who reads, decides and withdraws it.

use ocop_market::kernel::CertificateId;
use ocop_market::market::certification;
use serde_json::{Value, json};

use super::{claim, claimed, only_certificate};
use crate::support::catalogue::{id_of, tea};
use crate::support::{HA_NOI, LAI_CHAU, TestApp, VINH_LONG};

/// The claim with one value changed.
fn with(mut claim: Value, field: &str, value: impl Into<Value>) -> Value {
    claim[field] = value.into();
    claim
}

#[tokio::test]
async fn a_claim_that_cannot_be_true_is_refused_where_it_is_wrong() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(HA_NOI).await;
    let good = claim(&shop.scan().await);
    for (field, value, at) in [
        ("issued_on", json!("2026-11-22"), "issued_on"),
        ("issued_on", json!("2023-12-19"), "issued_on"),
        ("decision_date", json!("2018-05-06"), "decision_date"),
        ("decision_date", json!("-200000-01-01"), "decision_date"),
        ("stars", json!(2), "stars"),
        ("stars", json!(6), "stars"),
        ("set_no", json!(27), "set_no"),
        ("decision_number", json!("DEMO-1"), "decision_number"),
        ("product_name", json!("x\u{0}y"), "product_name"),
        ("legacy_province_code", json!("99"), "legacy_province_code"),
        ("scan_id", json!(other.scan().await), "scan_id"),
        ("scan_id", json!(shop.picture().await), "scan_id"),
        ("verified", json!(true), "verified"),
    ] {
        let refusal =
            shop.post(&shop.path("/certificates"), with(good.clone(), field, value)).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    assert_eq!(shop.get(&shop.path("/certificates")).await.ok()["items"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn five_stars_are_claimed_from_the_ministry_and_fewer_from_a_peoples_committee() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let good = claim(&shop.scan().await);
    let path = shop.path("/certificates");
    for (stars, authority, why) in [
        (5, "UBND tỉnh Lai Châu", "phải là Bộ: 5 sao do Bộ công nhận"),
        (4, "Bộ Nông nghiệp và Môi trường", "phải là Ủy ban nhân dân (UBND): 3 và 4 sao do UBND công nhận"),
        (3, "Sở Công Thương tỉnh Lai Châu", "phải là Ủy ban nhân dân (UBND): 3 và 4 sao do UBND công nhận"),
    ] {
        let wrong = with(with(good.clone(), "stars", json!(stars)), "authority", json!(authority));
        let refusal = shop.post(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], "authority", "{refusal}");
        assert!(refusal.to_string().contains(why), "{refusal}");
    }
    let wrong = with(good.clone(), "stars", json!(5)).to_string();
    let headers = [("accept-language", "en"), ("content-type", "application/json")];
    let refusal = shop.send(axum::http::Method::POST, &path, &headers, wrong.into()).await.refused(422, "invalid");
    assert!(refusal.to_string().contains("must be the Ministry (Bộ)"), "{refusal}");

    let ministry = with(with(good, "stars", json!(5)), "authority", json!("Bộ Nông nghiệp và Môi trường"));
    assert_eq!(shop.post(&path, ministry).await.ok()["stars"], 5);
    app.finish().await;
}

#[tokio::test]
async fn a_district_that_no_longer_exists_issued_certificates_until_june_2025() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(VINH_LONG).await;
    let by_district = with(claim(&shop.scan().await), "authority", "UBND huyện Mỏ Cày Nam");
    let by_district = with(with(by_district, "decision_date", "2025-06-16"), "legacy_province_code", "83");
    let too_late = with(by_district.clone(), "issued_on", "2025-07-01");
    let refusal = shop.post(&shop.path("/certificates"), too_late).await.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], "authority");

    let in_time = with(by_district, "issued_on", "2025-06-30");
    let certificate = shop.post(&shop.path("/certificates"), in_time).await.ok();
    let issued_in = &certificate["issued_in"];
    assert_eq!(
        (&issued_in["province"]["name"], &issued_in["legacy_province"]["name"]),
        (&json!("Vĩnh Long"), &json!("Bến Tre"))
    );
    app.finish().await;
}

#[tokio::test]
async fn the_same_product_of_the_same_decision_is_claimed_once_unless_it_was_refused() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let first = claimed(&shop).await;
    let again = with(claim(&shop.scan().await), "product_name", "CHÈ SHAN TUYẾT TẢ LÈNG");
    shop.post(&shop.path("/certificates"), again.clone()).await.refused(409, "certificate-claimed-already");

    app.decide(
        &shop,
        id_of(&first),
        json!({ "verdict": "request_changes", "reason_codes": ["certificate.unreadable"], "words": "Bản quét mờ." }),
    )
    .await;
    assert_eq!(only_certificate(&shop).await["state"], "refused");
    shop.post(&shop.path("/certificates"), again).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_claim_is_withdrawn_only_while_it_waits_and_nobody_shows_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop).await;
    let path = shop.path(&format!("/certificates/{}", id_of(&claim)));
    other.delete(&other.path(&format!("/certificates/{}", id_of(&claim)))).await.refused(404, "not-found");

    let mut content = tea(&[&shop.picture().await]);
    content["certificate_id"] = claim["id"].clone();
    let listing = shop.draft(150_000).await;
    shop.save(&listing, content).await.ok();
    app.publish(&shop, id_of(&listing)).await;
    shop.delete(&path).await.refused(409, "certificate-in-use");
    assert_eq!(only_certificate(&shop).await["status"], "claimed");

    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    shop.delete(&path).await.refused(409, "case-not-open");

    let second = claimed(&other).await;
    let path = other.path(&format!("/certificates/{}", id_of(&second)));
    assert_eq!(other.delete(&path).await.status, 204);
    other.delete(&path).await.refused(404, "not-found");
    assert_eq!(other.get(&other.path("/certificates")).await.ok()["items"], json!([]));
    claimed(&other).await;
    app.finish().await;
}

#[tokio::test]
async fn officers_of_other_provinces_can_neither_read_nor_decide_a_claim() {
    use ocop_market::people::access::Provinces;
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop).await;
    let id: CertificateId = id_of(&claim).parse().unwrap();
    let today = app.clock.today();
    let read = async |province: &str| {
        let provinces = Provinces::new(vec![province.to_owned()]);
        app.app.db.see(async |conn| certification::dossier(conn, id, &provinces, today).await).await
    };
    assert!(read(HA_NOI).await.is_err_and(|error| error.is(&ocop_market::platform::error::NOT_FOUND)));
    let dossier = serde_json::to_value(read(LAI_CHAU).await.unwrap()).unwrap();
    assert_eq!(dossier["product_set"]["set_no"], 11);
    assert_eq!(dossier["claim"]["scan_id"], claim["scan_id"]);
    app.finish().await;
}
