//! Verdicts on many cases at once.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{approval, decide, desk, newest, recorded, refusal, reviewer};
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

const MANY: &str = "/admin/v1/verdicts";
const OPERATION: &str = "POST /admin/v1/verdicts";

fn on(case: &str, mut verdict: Value) -> Value {
    verdict["case_id"] = json!(case);
    verdict
}

async fn give(officer: &Actor, verdicts: &[Value]) -> Value {
    officer.post(MANY, json!({ "verdicts": verdicts })).await.ok()["items"].clone()
}

#[tokio::test]
async fn each_verdict_of_many_stands_by_itself_and_is_answered_in_order() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let mut shops = Vec::new();
    for province in [LAI_CHAU, LAI_CHAU, LAI_CHAU, LAI_CHAU, LAO_CAI] {
        shops.push(app.submitted_shop(province).await);
    }
    let mut cases = Vec::new();
    for shop in &shops {
        cases.push(newest(shop).await);
    }
    decide(&officer, &cases[2], approval()).await;
    reviewer(&app).await.put(&desk(&cases[3], "/lease"), json!({})).await.ok();
    let answers = give(
        &officer,
        &[
            on(&cases[4], approval()),
            on(&cases[3], approval()),
            on(&cases[2], approval()),
            on(&cases[1], refusal("reject", "listing.misleading")),
            on(&cases[1].replace(&cases[1][..8], "00000000"), approval()),
            on(&cases[0], refusal("request_changes", "seller.paper_unreadable")),
        ],
    )
    .await;
    let problem = |at: usize| answers[at]["problem"]["type"].as_str();
    assert_eq!(problem(0), Some("/problems/not-found"));
    assert_eq!(problem(1), Some("/problems/case-leased"));
    assert_eq!(problem(2), Some("/problems/case-not-open"));
    assert_eq!(
        (problem(3), &answers[3]["problem"]["errors"][0]["at"]),
        (Some("/problems/invalid"), &json!("reason_codes[0]"))
    );
    assert_eq!((problem(4), &answers[4]["problem"]["status"]), (Some("/problems/not-found"), &json!(404)));
    assert_eq!(answers[5], json!({ "case_id": cases[0], "status": "decided", "problem": null }));
    assert_eq!(answers[1]["problem"]["title"], "Cán bộ khác đang xử lý hồ sơ này");
    assert_eq!(shops[0].get(&shops[0].path("")).await.ok()["status"], "changes_requested");
    for shop in [&shops[1], &shops[3], &shops[4]] {
        assert_eq!(shop.get(&shop.path("")).await.ok()["status"], "submitted");
    }
    for (case, rows) in cases.iter().zip([1, 0, 0, 0, 0]) {
        assert_eq!(recorded(&app, OPERATION, case).await, rows, "only what was done is recorded");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_record_of_a_case_says_what_was_decided_alone_or_among_many() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let (alone, among) = (app.submitted_shop(LAI_CHAU).await, app.submitted_shop(LAI_CHAU).await);
    let (alone, among) = (newest(&alone).await, newest(&among).await);
    officer.get(&desk(&alone, "")).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    decide(&officer, &alone, refusal("reject", "seller.outside_programme")).await;
    give(&officer, &[on(&among, approval())]).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let of =
        async |case: &str, more: &str| head.get(&format!("/admin/v1/audit_entries?subject_id={case}{more}")).await.ok();
    let entries = of(&alone, "").await;
    assert_eq!(entries["items"].as_array().unwrap().len(), 2, "{entries}");
    assert_eq!(
        entries["items"][0]["facts"],
        json!({
            "case_kind": "seller_application",
            "verdict": "reject",
            "reason_codes": ["seller.outside_programme"],
        })
    );
    assert_eq!(entries["items"][1]["facts"], json!({}));
    let first = of(&alone, "&limit=1").await;
    let next = first["next"].as_str().unwrap();
    assert_eq!(of(&alone, &format!("&after={next}")).await["items"][0]["id"], entries["items"][1]["id"]);
    head.get(&format!("/admin/v1/audit_entries?after={next}")).await.refused(422, "invalid");

    let entries = of(&among, "").await;
    assert_eq!((&entries["items"][0]["operation"], &entries["items"][1]), (&json!(OPERATION), &Value::Null));
    assert_eq!(entries["items"][0]["facts"]["verdict"], "approve");
    assert_eq!(entries["items"][0]["facts"]["reason_codes"], json!([]));
    head.get("/admin/v1/audit_entries?subject_id=x").await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn many_are_at_most_a_hundred_and_each_about_another_case() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let officer = reviewer(&app).await;
    let id = |number: usize| format!("0193f2a4-6c00-7000-8000-{number:012}");
    let many = |count: usize| -> Vec<Value> { (0..count).map(|number| on(&id(number), approval())).collect() };
    for (verdicts, at) in [
        (vec![], "verdicts"),
        (many(101), "verdicts"),
        (vec![on(&case, approval()), on(&id(1), approval()), on(&case, approval())], "verdicts[2].case_id"),
        (vec![on(&case, json!({ "verdict": "perhaps" }))], "verdicts[0].verdict"),
    ] {
        let refused = officer.post(MANY, json!({ "verdicts": verdicts })).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    assert_eq!(shop.get(&shop.path("")).await.ok()["status"], "submitted");
    let hundred = [many(99), vec![on(&case, approval())]].concat();
    let answers = give(&officer, &hundred).await;
    assert_eq!((answers.as_array().unwrap().len(), &answers[99]["status"]), (100, &json!("decided")));
    app.finish().await;
}
