//! Reminders before a certificate expires.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{days, file_of, verified};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, TestApp};

const SHAN: &str = "Chè Shan tuyết Tả Lèng";
/// Expires on 21 May 2027, 181 days from now.
const ISSUED: &str = "2024-05-21";

/// Lets so many days pass, with the work of each.
async fn pass(app: &TestApp, count: i64) {
    for _ in 0..count {
        app.clock.advance(days(1));
        app.run_jobs().await;
    }
}

/// The reminders sent about the certificate, the first first.
async fn sent(app: &TestApp, certificate: &Value) -> Vec<i64> {
    let officer = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    let file = file_of(&officer, id_of(certificate)).await;
    let notices = file["notices"].as_array().unwrap();
    notices.iter().rev().map(|notice| notice["days_before"].as_i64().unwrap()).collect()
}

async fn started(app: &TestApp) -> (ShopActor, Value) {
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(app, &shop, SHAN, ISSUED).await;
    app.run_jobs().await;
    (shop, certificate)
}

#[tokio::test]
async fn a_shop_is_reminded_at_180_120_60_and_30_days_and_the_day_after() {
    let app = TestApp::new().await;
    let (shop, certificate) = started(&app).await;
    assert_eq!(sent(&app, &certificate).await, Vec::<i64>::new());
    let mut expected = Vec::new();
    for (passing, due, words) in [
        (1, 180, "còn 180 ngày"),
        (60, 120, "còn 120 ngày"),
        (60, 60, "còn 60 ngày"),
        (30, 30, "còn 30 ngày"),
        (31, -1, "đã hết hạn ngày 21/05/2027"),
    ] {
        pass(&app, passing - 1).await;
        assert_eq!(sent(&app, &certificate).await, expected, "the day before {due}");
        pass(&app, 1).await;
        expected.push(due);
        assert_eq!(sent(&app, &certificate).await, expected);
        let message = app.last_message(shop.contact()).await;
        assert!(message.contains(SHAN) && message.contains(words), "{message}");
    }
    pass(&app, 40).await;
    assert_eq!(sent(&app, &certificate).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn after_a_downtime_only_the_nearest_reminder_is_sent() {
    let app = TestApp::new().await;
    let (shop, certificate) = started(&app).await;
    app.clock.advance(days(130));
    app.run_jobs().await;
    assert_eq!(sent(&app, &certificate).await, [60]);
    assert!(app.last_message(shop.contact()).await.contains("còn 51 ngày"));
    pass(&app, 21).await;
    assert_eq!(sent(&app, &certificate).await, [60, 30]);
    // Nobody is told half a year late that something expired.
    app.clock.advance(days(200));
    app.run_jobs().await;
    assert_eq!(sent(&app, &certificate).await, [60, 30]);
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_filed_for_revoked_or_replaced() {
    let app = TestApp::new().await;
    let (shop, filed) = started(&app).await;
    let revoked = verified(&app, &shop, "Chè dây", ISSUED).await;
    let replaced = verified(&app, &shop, "Chè vằng", ISSUED).await;
    verified(&app, &shop, "Chè vằng", "2026-11-20").await;
    let [first, second] =
        [app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await];
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&revoked));
    let record = first.post(&path, super::revocations::decision("2026-11-18")).await.ok();
    let case = shop.case_about(id_of(&record)).await;
    second.put(&format!("/admin/v1/cases/{case}/verdict"), json!({ "verdict": "approve" })).await.ok();

    pass(&app, 1).await;
    let shop = super::again(&app, shop).await;
    let path = shop.path(&format!("/certificates/{}/renewal_filings", id_of(&filed)));
    let form = json!({ "filed_on": "2026-11-22", "receipt_number": "7", "scan_id": shop.scan().await });
    let filing = shop.post(&path, form).await.ok();
    app.decide(&shop, id_of(&filing), json!({ "verdict": "approve" })).await;
    pass(&app, 61).await;
    assert_eq!(sent(&app, &filed).await, [180]);
    assert_eq!(sent(&app, &revoked).await, Vec::<i64>::new());
    assert_eq!(sent(&app, &replaced).await, Vec::<i64>::new());
    app.finish().await;
}
