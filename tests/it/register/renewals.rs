//! Files for re-rating, and the stars they keep.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{again, claimed, days, file_of, listed, stars_shown, verified};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Answer, LAI_CHAU, LAO_CAI, TestApp};

/// Expires on 28 December 2026, 37 days from now.
const ISSUED: &str = "2023-12-28";
const SHAN: &str = "Chè Shan tuyết Tả Lèng";

async fn file(shop: &ShopActor, certificate: &str, filed_on: &str) -> Answer {
    let path = shop.path(&format!("/certificates/{certificate}/renewal_filings"));
    let scan = shop.scan().await;
    shop.post(&path, json!({ "filed_on": filed_on, "receipt_number": "12-03394/PĐK-12-2026", "scan_id": scan })).await
}

async fn state_of(app: &TestApp, certificate: &str) -> Value {
    let officer = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    file_of(&officer, certificate).await["state"].clone()
}

#[tokio::test]
async fn a_confirmed_filing_keeps_the_stars_for_180_days_after_expiry_and_no_longer() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, ISSUED).await;
    let slug = listed(&app, &shop, id_of(&certificate)).await;
    assert_eq!(state_of(&app, id_of(&certificate)).await, "renewal_overdue");
    let filing = file(&shop, id_of(&certificate), "2026-11-02").await.ok();
    assert_eq!(state_of(&app, id_of(&certificate)).await, "renewal_overdue");

    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let case = shop.case_about(id_of(&filing)).await;
    let dossier = officer.get(&format!("/admin/v1/cases/{case}")).await.ok();
    assert_eq!(dossier["subject"]["filing"]["scan_id"], filing["scan_id"]);
    assert_eq!(dossier["subject"]["certificate"]["id"], certificate["id"]);
    app.decide(&shop, id_of(&filing), json!({ "verdict": "approve" })).await;
    assert_eq!(state_of(&app, id_of(&certificate)).await, "valid");
    let officers = file_of(&officer, id_of(&certificate)).await;
    assert_eq!(
        (&officers["filed_on"], &officers["renewal_filings"][0]["status"]),
        (&json!("2026-11-02"), &json!("accepted"))
    );

    app.clock.advance(days(38));
    assert_eq!(state_of(&app, id_of(&certificate)).await, "grace");
    app.clock.advance(days(179));
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);
    app.clock.advance(days(1));
    assert_eq!(stars_shown(&app, &slug).await, [Value::Null, Value::Null]);
    assert_eq!(state_of(&app, id_of(&certificate)).await, "expired");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_filing_counts_from_180_days_before_expiry_to_its_last_day() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, ISSUED).await;
    for wrong in ["2026-06-30", "2026-11-22"] {
        let refusal = file(&shop, id_of(&certificate), wrong).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], "filed_on", "{refusal}");
    }
    // The file was taken in on the last day, and is recorded a month later.
    app.clock.advance(days(70));
    let shop = again(&app, shop).await;
    let refusal = file(&shop, id_of(&certificate), "2026-12-29").await.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], "filed_on");
    let filing = file(&shop, id_of(&certificate), "2026-12-28").await.ok();
    assert_eq!(state_of(&app, id_of(&certificate)).await, "expired");
    app.decide(&shop, id_of(&filing), json!({ "verdict": "approve" })).await;
    assert_eq!(state_of(&app, id_of(&certificate)).await, "grace");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_filing_is_recorded_once_and_again_only_after_a_refusal_or_withdrawal() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, ISSUED).await;
    let id = id_of(&certificate);
    let first = file(&shop, id, "2026-07-01").await.ok();
    file(&shop, id, "2026-07-01").await.refused(409, "renewal-filed-already");
    let path = |filing: &Value| format!("/certificates/{id}/renewal_filings/{}", id_of(filing));
    other.delete(&other.path(&path(&first))).await.refused(404, "not-found");
    file(&other, id, "2026-07-01").await.refused(404, "not-found");

    assert_eq!(shop.delete(&shop.path(&path(&first))).await.status, 204);
    shop.delete(&shop.path(&path(&first))).await.refused(409, "case-not-open");
    let second = file(&shop, id, "2026-07-02").await.ok();
    let refusal =
        json!({ "verdict": "reject", "reason_codes": ["renewal.no_receipt"], "words": "Xã không có phiếu này." });
    app.decide(&shop, id_of(&second), refusal).await;
    assert_eq!(state_of(&app, id).await, "renewal_overdue");
    let third = file(&shop, id, "2026-07-03").await.ok();
    app.decide(&shop, id_of(&third), json!({ "verdict": "approve" })).await;
    file(&shop, id, "2026-07-03").await.refused(409, "renewal-filed-already");
    let list = shop.get(&shop.path(&format!("/certificates/{id}/renewal_filings"))).await.ok();
    let statuses: Vec<&Value> = list.as_array().unwrap().iter().map(|filing| &filing["status"]).collect();
    assert_eq!(statuses, ["accepted", "refused", "withdrawn"]);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_filing_counts_when_an_appeal_is_upheld_unless_another_was_recorded_since() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let refusal =
        json!({ "verdict": "reject", "reason_codes": ["renewal.no_receipt"], "words": "Xã không có phiếu này." });
    let appeal = json!({ "words": "Phiếu có trong sổ của xã." });
    let mut appeals = Vec::new();
    for product in [SHAN, "Chè dây"] {
        let certificate = verified(&app, &shop, product, ISSUED).await;
        let filing = file(&shop, id_of(&certificate), "2026-11-02").await.ok();
        app.decide(&shop, id_of(&filing), refusal.clone()).await;
        appeals.push((certificate, shop.path(&format!("/cases/{}/appeal", shop.case_about(id_of(&filing)).await))));
    }
    let (upheld, path) = &appeals[0];
    let case = shop.post(path, appeal.clone()).await.ok();
    file(&shop, id_of(upheld), "2026-11-03").await.refused(409, "matter-open");
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let verdict = format!("/admin/v1/cases/{}/verdict", id_of(&case));
    officer.put(&verdict, json!({ "verdict": "approve" })).await.ok();
    assert_eq!(state_of(&app, id_of(upheld)).await, "valid");

    let (refiled, path) = &appeals[1];
    file(&shop, id_of(refiled), "2026-11-03").await.ok();
    shop.post(path, appeal).await.refused(409, "case-moved-on");
    app.finish().await;
}

#[tokio::test]
async fn only_what_holds_or_held_lately_is_re_rated_and_only_its_own_department_confirms_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop, "Chè dây", ISSUED).await;
    file(&shop, id_of(&claim), "2026-11-02").await.refused(409, "certificate-not-renewable");
    let long_gone = verified(&app, &shop, "Chè vằng", "2023-05-01").await;
    file(&shop, id_of(&long_gone), "2026-04-30").await.refused(409, "certificate-not-renewable");

    let certificate = verified(&app, &shop, SHAN, ISSUED).await;
    let filing = file(&shop, id_of(&certificate), "2026-11-02").await.ok();
    let case = shop.case_about(id_of(&filing)).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.get(&format!("/admin/v1/cases/{case}")).await.refused(404, "not-found");
    let path = format!("/admin/v1/cases/{case}/verdict");
    elsewhere.put(&path, json!({ "verdict": "approve" })).await.refused(404, "not-found");
    app.finish().await;
}
