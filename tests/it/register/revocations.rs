//! Revocations: recorded by one, confirmed by another, and the stars are gone.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{DECISION, claimed, days, file_of, first_certificate, join, listed, registered, stars_shown, verified};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

const SHAN: &str = "Chè Shan tuyết Tả Lèng";

/// A decision to revoke with effect from the day.
pub fn decision(effective_on: &str) -> Value {
    json!({
        "decision_number": "2210/QĐ-UBND",
        "decision_date": "2026-11-18",
        "authority": "UBND tỉnh Lai Châu",
        "ground": "đ",
        "effective_on": effective_on,
        "words": "Cơ sở đã ngừng sản xuất",
    })
}

async fn record(officer: &Actor, certificate: &Value, effective_on: &str) -> Value {
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(certificate));
    officer.post(&path, decision(effective_on)).await.ok()
}

async fn two_officers(app: &TestApp) -> [Actor; 2] {
    [app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await]
}

async fn verdict_on(shop: &ShopActor, revocation: &Value) -> String {
    format!("/admin/v1/cases/{}/verdict", shop.case_about(id_of(revocation)).await)
}

#[tokio::test]
async fn a_recorded_revocation_takes_the_stars_at_once_when_a_second_officer_confirms_it() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, "2025-06-30").await;
    let slug = listed(&app, &shop, id_of(&certificate)).await;
    let recorded = record(&first, &certificate, "2026-11-18").await;
    assert_eq!((&recorded["ground"], &recorded["status"]), (&json!("đ"), &json!("recorded")));
    assert!(app.last_message(shop.contact()).await.contains("2210/QĐ-UBND"));
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);

    let path = verdict_on(&shop, &recorded).await;
    first.put(&path, json!({ "verdict": "approve" })).await.refused(409, "own-record");
    let unclear =
        json!({ "verdict": "request_changes", "reason_codes": ["revocation.wrong_data"], "words": "Sai ngày." });
    second.put(&path, unclear).await.refused(422, "invalid");
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);
    let case = second.get(path.trim_end_matches("/verdict")).await.ok();
    assert_eq!(case["subject"]["revocation"]["decision_number"], "2210/QĐ-UBND");

    let candidates = second.get(&path.replace("/verdict", "/candidates")).await.ok();
    let offered: Vec<&Value> = candidates.as_array().unwrap().iter().map(|officer| &officer["account_id"]).collect();
    assert!(offered.contains(&&json!(second.account())), "{candidates}");
    assert!(!offered.contains(&&json!(first.account())), "{candidates}");

    app.clock.advance(TimeDelta::minutes(1));
    second.put(&path, json!({ "verdict": "approve" })).await.ok();
    let letter = app.last_message(shop.contact()).await;
    assert!(letter.contains("Cơ sở đã ngừng sản xuất. Sản phẩm không còn"), "{letter}");
    let generic = "select count(*) from messages where body like '%thu hồi theo 2210%'";
    assert_eq!(app.count(generic).await, 0, "one letter says it all");
    assert_eq!(stars_shown(&app, &slug).await, [Value::Null, Value::Null]);
    assert!(app.last_message(shop.contact()).await.contains("bị thu hồi theo quyết định 2210/QĐ-UBND"));
    let page = app.anyone().get(&format!("/v1/listings/{slug}")).await.ok();
    assert_eq!(page["certificate"]["sentence_vi"], "Bị thu hồi ngày 18/11/2026");
    let file = file_of(&second, id_of(&certificate)).await;
    assert_eq!((&file["state"], &file["revocations"][0]["status"]), (&json!("revoked"), &json!("confirmed")));
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&certificate));
    first.post(&path, decision("2026-11-18")).await.refused(409, "certificate-revoked-already");
    app.finish().await;
}

#[tokio::test]
async fn a_revocation_takes_effect_on_its_day() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, "2025-06-30").await;
    let slug = listed(&app, &shop, id_of(&certificate)).await;
    let recorded = record(&first, &certificate, "2026-11-23").await;
    second.put(&verdict_on(&shop, &recorded).await, json!({ "verdict": "approve" })).await.ok();
    app.clock.advance(days(1));
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);
    app.clock.advance(days(1));
    assert_eq!(stars_shown(&app, &slug).await, [Value::Null, Value::Null]);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_record_found_wrong_is_void_and_can_be_made_anew() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, SHAN, "2025-06-30").await;
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&certificate));
    for (field, value) in [
        ("authority", "Sở Công Thương tỉnh Lai Châu"),
        ("authority", "Bộ Nông nghiệp và Môi trường"),
        ("decision_date", "2026-11-22"),
        ("decision_date", "2025-06-29"),
        ("effective_on", "2026-11-17"),
        ("effective_on", "2028-01-01"),
    ] {
        let mut wrong = decision("2026-11-18");
        wrong[field] = json!(value);
        let refusal = first.post(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], field, "{refusal}");
    }
    let recorded = record(&first, &certificate, "2026-11-18").await;
    let wrong =
        json!({ "verdict": "reject", "reason_codes": ["revocation.other_certificate"], "words": "Sản phẩm khác." });
    second.put(&verdict_on(&shop, &recorded).await, wrong).await.ok();
    let file = file_of(&second, id_of(&certificate)).await;
    assert_eq!((&file["state"], &file["revocations"][0]["status"]), (&json!("valid"), &json!("void")));
    record(&first, &certificate, "2026-11-18").await;

    let claim = claimed(&shop, "Chè dây", "2025-06-30").await;
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&claim));
    first.post(&path, decision("2026-11-18")).await.refused(409, "certificate-not-verified");
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&certificate));
    elsewhere.post(&path, decision("2026-11-18")).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn without_a_shop_the_second_officer_confirms_the_record_itself() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let import = registered(&first, &DECISION, &[[SHAN, "HTX Tả Lèng", "", "11", "4"]]).await;
    let path = format!("/admin/v1/certificates/{}/revocations", first_certificate(&import));
    let recorded = first.post(&path, decision("2026-11-18")).await.ok();
    let waiting = second.get("/admin/v1/revocations").await.ok();
    assert_eq!((&waiting["items"][0]["id"], &waiting["items"][0]["in_queue"]), (&recorded["id"], &json!(false)));

    let path = format!("/admin/v1/revocations/{}/confirmation", id_of(&recorded));
    let confirm = json!({ "outcome": "confirm" });
    first.put(&path, confirm.clone()).await.refused(409, "own-record");
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.put(&path, confirm.clone()).await.refused(404, "not-found");
    let third = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let (one, other) = tokio::join!(second.put(&path, confirm.clone()), third.put(&path, confirm.clone()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    second.put(&path, confirm.clone()).await.refused(409, "revocation-decided");
    assert_eq!(file_of(&second, first_certificate(&import)).await["state"], "revoked");
    assert_eq!(second.get("/admin/v1/revocations").await.ok()["items"], json!([]));

    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = verified(&app, &shop, "Chè dây", "2025-06-30").await;
    let queued = record(&first, &certificate, "2026-11-18").await;
    let path = format!("/admin/v1/revocations/{}/confirmation", id_of(&queued));
    second.put(&path, confirm).await.refused(409, "revocation-in-queue");
    app.finish().await;
}

#[tokio::test]
async fn nobody_records_or_voids_the_revocation_of_their_own_shops_certificate() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let import = registered(&first, &DECISION, &[[SHAN, "HTX Tả Lèng", "", "11", "4"]]).await;
    let path = format!("/admin/v1/certificates/{}/revocations", first_certificate(&import));
    let recorded = first.post(&path, decision("2026-11-18")).await.ok();
    let shop = app.approved_shop(LAI_CHAU).await;
    join(&app, &shop, &second).await;
    let other = verified(&app, &shop, "Chè dây", "2025-06-30").await;
    let path = format!("/admin/v1/certificates/{}/revocations", id_of(&other));
    second.post(&path, decision("2026-11-18")).await.refused(409, "own-shop");

    // The record was made before the shop claimed what the register knew, and so waits outside the queue.
    verified(&app, &shop, SHAN, "2025-06-25").await;
    let path = format!("/admin/v1/revocations/{}/confirmation", id_of(&recorded));
    for outcome in ["void", "confirm"] {
        second.put(&path, json!({ "outcome": outcome })).await.refused(409, "own-shop");
    }
    let third = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert_eq!(third.put(&path, json!({ "outcome": "confirm" })).await.ok()["status"], "confirmed");
    app.finish().await;
}

#[tokio::test]
async fn a_revocation_recorded_while_a_claim_becomes_one_with_its_entry_is_not_lost() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    for product in ["Chè dây", "Chè xanh", "Chè đen", "Chè vàng", "Chè trắng"] {
        let import = registered(&first, &DECISION, &[[product, "HTX Tả Lèng", "", "11", "4"]]).await;
        let claim = claimed(&shop, product, "2025-06-25").await;
        let verdict = format!("/admin/v1/cases/{}/verdict", shop.case_about(id_of(&claim)).await);
        let record = format!("/admin/v1/certificates/{}/revocations", first_certificate(&import));
        let (verified, recorded) = tokio::join!(
            second.put(&verdict, json!({ "verdict": "approve" })),
            first.post(&record, decision("2026-11-18")),
        );
        assert_eq!(verified.status, 200, "{product}");
        assert!([201, 404, 409].contains(&recorded.status), "{product}: {}", recorded.status);
        let kept = file_of(&first, id_of(&claim)).await["revocations"].as_array().unwrap().len();
        assert_eq!(kept, usize::from(recorded.status == 201), "{product}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_revocation_and_a_publication_at_the_same_moment_end_without_stars() {
    let app = TestApp::new().await;
    let [first, second] = two_officers(&app).await;
    let third = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    for round in 0..5 {
        let shop = app.approved_shop(LAI_CHAU).await;
        let certificate = verified(&app, &shop, SHAN, "2025-06-30").await;
        let draft = shop.draft(150_000).await;
        let mut content = draft["revision"]["content"].clone();
        content["certificate_id"] = certificate["id"].clone();
        shop.save(&draft, content).await.ok();
        let submitted = shop.submit(id_of(&draft)).await.ok();
        let publication = format!("/admin/v1/cases/{}/verdict", shop.case_about(id_of(&submitted["revision"])).await);
        let revocation = verdict_on(&shop, &record(&first, &certificate, "2026-11-18").await).await;
        let approve = json!({ "verdict": "approve" });
        let (revoked, published) =
            tokio::join!(second.put(&revocation, approve.clone()), third.put(&publication, approve.clone()));
        assert_eq!((revoked.status, published.status), (200, 200), "round {round}");
        let listing = shop.listing(id_of(&draft)).await;
        assert_eq!(stars_shown(&app, listing["slug"].as_str().unwrap()).await, [Value::Null, Value::Null]);
    }
    app.finish().await;
}
