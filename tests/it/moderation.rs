//! The officers' desk.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

async fn case_of(shop: &ShopActor) -> String {
    let case = shop.get(&shop.path("/cases")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    format!("/admin/v1/cases/{case}")
}

async fn ids(officer: &Actor, query: &str) -> Vec<String> {
    let page = officer.get(&format!("/admin/v1/cases?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|case| case["seller_id"].as_str().unwrap().to_owned()).collect()
}

fn approval() -> Value {
    json!({ "verdict": "approve" })
}

fn rejection(reason: &str) -> Value {
    json!({ "verdict": "reject", "reason_codes": [reason], "words": "Không đúng đối tượng." })
}

#[tokio::test]
async fn a_case_of_another_province_does_not_exist() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = case_of(&shop).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    assert_eq!(ids(&elsewhere, "").await, [""; 0]);
    assert_eq!(ids(&elsewhere, "province=lai-chau").await, [""; 0]);
    elsewhere.get(&case).await.refused(404, "not-found");
    elsewhere.put(&format!("{case}/verdict"), approval()).await.refused(404, "not-found");
    shop.get(&case).await.refused(403, "not-your-function");
    app.anyone().get(&case).await.refused(401, "sign-in-first");
    let operator = app.operator().await;
    assert_eq!(ids(&operator, "").await, std::slice::from_ref(&shop.id));
    operator.put(&format!("{case}/verdict"), approval()).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn who_reads_but_does_not_decide_is_told_so() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let verdict = format!("{}/verdict", case_of(&shop).await);
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    auditor.get(&case_of(&shop).await).await.ok();
    auditor.put(&verdict, approval()).await.refused(403, "not-your-function");

    // Decides on certificates here, on everything next door: sees this case, may not decide on it.
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let neighbour = app.officer(LAO_CAI, OfficerRole::Reviewer).await;
    neighbour.put(&verdict, approval()).await.refused(404, "not-found");
    let grant = json!({
        "contact": neighbour.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["cases.read", "certificates.decide"],
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    neighbour.put(&verdict, approval()).await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn an_officer_who_moved_an_hour_ago_sees_the_new_desk_and_not_the_old() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let verdict = format!("{}/verdict", case_of(&shop).await);
    let heads = (app.officer(LAI_CHAU, OfficerRole::Head).await, app.officer(LAO_CAI, OfficerRole::Head).await);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert_eq!(ids(&officer, "").await, std::slice::from_ref(&shop.id));

    let grants = heads.0.get("/admin/v1/grants").await.ok();
    let own = grants.as_array().unwrap().iter().find(|grant| grant["account_id"] == officer.account().to_string());
    let grant = own.unwrap()["id"].as_str().unwrap().to_owned();
    heads.0.delete(&format!("/admin/v1/grants/{grant}")).await;
    let moved = json!({
        "contact": officer.contact(),
        "department": "so-cong-thuong-15",
        "role": "reviewer",
        "valid_from": app.clock.today(),
    });
    heads.1.post("/admin/v1/grants", moved).await.ok();
    app.clock.advance(TimeDelta::hours(1));

    // The same session; nothing of the grants was kept.
    assert_eq!(ids(&officer, "").await, [""; 0]);
    officer.put(&verdict, approval()).await.refused(404, "not-found");
    let next_door = app.submitted_shop(LAO_CAI).await;
    assert_eq!(ids(&officer, "").await, std::slice::from_ref(&next_door.id));
    officer.put(&format!("{}/verdict", case_of(&next_door).await), approval()).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_case_is_decided_once() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = case_of(&shop).await;
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let mut verdicts = tokio::task::JoinSet::new();
    for turn in 0..6 {
        let (reviewer, path) = (reviewer.clone(), format!("{case}/verdict"));
        let verdict = if turn % 2 == 0 { approval() } else { rejection("seller.outside_programme") };
        verdicts.spawn(async move { reviewer.put(&path, verdict).await });
    }
    let answers = verdicts.join_all().await;
    let (decided, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((decided.len(), refused.len()), (1, 5));
    for answer in refused {
        answer.refused(409, "case-not-open");
    }
    let status = shop.get(&shop.path("")).await.ok()["status"].clone();
    let expected = if decided[0].body["verdict"] == "approve" { "approved" } else { "rejected" };
    assert_eq!(status, expected);

    let withdrawn = app.submitted_shop(LAI_CHAU).await;
    let case = case_of(&withdrawn).await;
    withdrawn.delete(&withdrawn.path("/submission")).await.ok();
    reviewer.put(&format!("{case}/verdict"), approval()).await.refused(409, "case-not-open");
    assert_eq!(withdrawn.get(&withdrawn.path("")).await.ok()["status"], "draft");
    app.finish().await;
}

#[tokio::test]
async fn nobody_decides_on_their_own_shop() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    let grant = json!({
        "contact": packer.contact(),
        "department": "so-cong-thuong-12",
        "role": "supervisor",
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    packer.put(&format!("{}/verdict", case_of(&shop).await), approval()).await.refused(409, "own-case");
    assert_eq!(shop.get(&shop.path("")).await.ok()["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_has_grounds_that_fit_and_an_approval_has_none() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let path = format!("{}/verdict", case_of(&shop).await);
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let many: Vec<_> = vec!["seller.paper_missing"; 11];
    for (verdict, at) in [
        (json!({ "verdict": "reject", "words": "Không." }), "reason_codes"),
        (json!({ "verdict": "reject", "reason_codes": [], "words": "Không." }), "reason_codes"),
        (json!({ "verdict": "reject", "reason_codes": ["seller.paper_missing"] }), "words"),
        (rejection("listing.misleading"), "reason_codes[0]"),
        (rejection("because"), "reason_codes[0]"),
        (json!({ "verdict": "approve", "reason_codes": ["seller.paper_missing"] }), "reason_codes"),
        (json!({ "verdict": "reject", "reason_codes": many, "words": "Không." }), "reason_codes"),
        (json!({ "verdict": "perhaps" }), "verdict"),
    ] {
        let refused = reviewer.put(&path, verdict).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    let reasons = reviewer.get("/admin/v1/verdict_reasons").await.ok();
    let fitting = reasons.as_array().unwrap().iter().find(|reason| reason["kind"] == "seller_application").unwrap();
    reviewer.put(&path, rejection(fitting["code"].as_str().unwrap())).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_dossier_shows_the_papers_and_the_history_and_is_recorded() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    shop.delete(&shop.path("/submission")).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let case = case_of(&shop).await;
    let supervisor = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let dossier = supervisor.get(&case).await.ok();
    assert_eq!(dossier["case"]["status"], "open");
    assert_eq!(dossier["seller"]["tax_code"], "6200012349");
    assert_eq!(dossier["seller"]["papers"][0]["kind"], "business_registration");
    assert_eq!(dossier["seller"]["missing"], json!([]));
    assert_eq!(dossier["subject"], json!({ "findings": [] }));
    assert_eq!(dossier["other_cases"][0]["status"], "withdrawn");

    supervisor.put(&format!("{case}/verdict"), approval()).await.ok();
    let record = supervisor.get("/admin/v1/audit_entries").await.ok();
    let entries: Vec<_> = record["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["operation"].as_str().unwrap(), entry["permission"].as_str().unwrap()))
        .collect();
    assert_eq!(entries[0], ("PUT /admin/v1/cases/{case_id}/verdict", "cases.decide"));
    assert_eq!(entries[1], ("GET /admin/v1/cases/{case_id}", "cases.read"));
    assert_eq!(record["items"][1]["subject_id"], dossier["case"]["id"]);
    app.finish().await;
}

#[tokio::test]
async fn the_queue_starts_with_the_oldest_deadline_and_says_what_is_late() {
    let app = TestApp::new().await;
    let first = app.submitted_shop(LAI_CHAU).await;
    app.clock.advance(TimeDelta::days(3));
    let second = app.submitted_shop(LAI_CHAU).await;
    let third = app.submitted_shop(LAO_CAI).await;
    app.clock.advance(TimeDelta::days(2));
    let operator = app.operator().await;
    let queue = operator.get("/admin/v1/cases?facets=kind").await.ok();
    let late: Vec<_> = queue["items"].as_array().unwrap().iter().map(|case| case["late"].as_bool().unwrap()).collect();
    assert_eq!(late, [true, false, false]);
    assert_eq!(queue["kinds"], json!([{ "kind": "seller_application", "count": 3, "late": 1 }]));
    assert_eq!(ids(&operator, "").await, [first.id.clone(), second.id.clone(), third.id.clone()]);
    assert_eq!(ids(&operator, "province=15").await, std::slice::from_ref(&third.id));
    assert_eq!(ids(&operator, "legacy_province=lai-chau&commune=03394").await, [first.id.clone(), second.id.clone()]);
    assert_eq!(ids(&operator, "due_before=2026-11-27").await, std::slice::from_ref(&first.id));
    assert_eq!(ids(&operator, "kind=listing_revision").await, [""; 0]);
    assert_eq!(ids(&operator, "status=decided").await, [""; 0]);

    let page = operator.get("/admin/v1/cases?limit=2").await.ok();
    let next = page["next"].as_str().unwrap();
    assert_eq!(ids(&operator, &format!("limit=2&after={next}")).await, std::slice::from_ref(&third.id));
    operator.get(&format!("/admin/v1/cases?limit=2&status=decided&after={next}")).await.refused(422, "invalid");
    for wrong in
        ["due_before=%2B200000-01-01", "due_before=tomorrow", "province=atlantis", "legacy_province=x", "order=up"]
    {
        operator.get(&format!("/admin/v1/cases?{wrong}")).await.refused(422, "invalid");
    }
    app.run_jobs().await;
    app.finish().await;
}
