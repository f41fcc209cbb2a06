//! In whose hands a case is.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use super::{approval, decide, desk, dismiss, letters_to, newest, recorded, reviewer};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_case_one_officer_has_taken_is_not_decided_by_another_until_the_lease_runs_out() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    let taken = first.put(&desk(&case, "/lease"), json!({})).await.ok();
    assert_eq!(taken["lease"], json!({ "account_id": first.account(), "until": "2026-11-21T06:00:00Z" }));
    second.put(&desk(&case, "/lease"), json!({})).await.refused(409, "case-leased");
    second.delete(&desk(&case, "/lease")).await.refused(409, "case-leased");
    second.put(&desk(&case, "/verdict"), approval()).await.refused(409, "case-leased");
    let words = json!({ "audience": "seller", "words": "Xin gửi lại." });
    second.post(&desk(&case, "/notes"), words).await.refused(409, "case-leased");

    app.clock.advance(TimeDelta::hours(3));
    let kept = first.put(&desk(&case, "/lease"), json!({})).await.ok();
    assert_eq!(kept["lease"]["until"], "2026-11-21T09:00:00Z");
    app.clock.advance(TimeDelta::hours(4));
    assert_eq!(second.get(&desk(&case, "")).await.ok()["case"]["lease"], Value::Null, "it ran out by itself");
    assert_eq!(
        second.put(&desk(&case, "/lease"), json!({})).await.ok()["lease"]["account_id"],
        json!(second.account())
    );
    first.put(&desk(&case, "/verdict"), approval()).await.refused(409, "case-leased");
    let decided = decide(&second, &case, approval()).await;
    assert_eq!((&decided["status"], &decided["lease"]), (&json!("decided"), &Value::Null));
    second.put(&desk(&case, "/lease"), json!({})).await.refused(409, "case-not-open");
    assert_eq!(recorded(&app, "PUT /admin/v1/cases/{case_id}/lease", &case).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_case_given_back_is_anybodys() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    first.put(&desk(&case, "/lease"), json!({})).await.ok();
    for _ in 0..2 {
        assert_eq!(first.delete(&desk(&case, "/lease")).await.ok()["lease"], Value::Null);
    }
    decide(&second, &case, approval()).await;
    first.delete(&desk(&case, "/lease")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn who_has_a_case_hands_it_to_a_colleague_and_a_supervisor_hands_any() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    let supervisor = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let to = |officer: &crate::support::Actor| json!({ "account_id": officer.account() });
    let path = desk(&case, "/assignment");
    first.put(&path, to(&second)).await.refused(409, "case-not-leased");
    first.put(&desk(&case, "/lease"), json!({})).await.ok();
    second.put(&path, to(&second)).await.refused(409, "case-leased");

    let handed = first.put(&path, to(&second)).await.ok();
    assert_eq!(handed["lease"]["account_id"], json!(second.account()));
    assert!(letters_to(&app, second.contact()).await.iter().any(|subject| subject.contains("được giao")));
    first.put(&desk(&case, "/verdict"), approval()).await.refused(409, "case-leased");
    let reassigned = supervisor.put(&path, to(&first)).await.ok();
    assert_eq!(reassigned["lease"]["account_id"], json!(first.account()));
    decide(&first, &case, approval()).await;
    supervisor.put(&path, to(&second)).await.refused(409, "case-not-open");
    app.finish().await;
}

#[tokio::test]
async fn a_case_is_handed_only_to_who_may_decide_on_it() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let reviewer = reviewer(&app).await;
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Reviewer).await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    let grant = json!({
        "contact": packer.contact(),
        "department": "so-cong-thuong-12",
        "role": "supervisor",
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", grant).await.ok();

    let candidates = head.get(&desk(&case, "/candidates")).await.ok();
    let accounts: Vec<_> = candidates.as_array().unwrap().iter().map(|one| one["account_id"].clone()).collect();
    assert_eq!(accounts.len(), 2, "{candidates}");
    assert!(accounts.contains(&json!(head.account())) && accounts.contains(&json!(reviewer.account())));
    assert_eq!(candidates[0]["name"], "Cán bộ");
    let path = desk(&case, "/assignment");
    for unfit in [&auditor, &elsewhere, &packer] {
        let refused = head.put(&path, json!({ "account_id": unfit.account() })).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "account_id");
    }
    packer.put(&path, json!({ "account_id": reviewer.account() })).await.refused(409, "own-case");
    packer.put(&desk(&case, "/lease"), json!({})).await.refused(409, "own-case");
    auditor.put(&path, json!({ "account_id": reviewer.account() })).await.refused(403, "not-your-function");
    elsewhere.put(&path, json!({ "account_id": elsewhere.account() })).await.refused(404, "not-found");
    elsewhere.get(&desk(&case, "/candidates")).await.refused(404, "not-found");
    assert_eq!(head.get(&desk(&case, "")).await.ok()["case"]["lease"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn an_officer_who_moved_with_a_case_in_hand_can_do_nothing_with_it() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let next_door = app.officer(LAO_CAI, OfficerRole::Head).await;
    let officer = reviewer(&app).await;
    officer.put(&desk(&case, "/lease"), json!({})).await.ok();
    dismiss(&head, &officer).await;
    let moved = json!({
        "contact": officer.contact(),
        "department": "so-cong-thuong-15",
        "role": "reviewer",
        "valid_from": app.clock.today(),
    });
    next_door.post("/admin/v1/grants", moved).await.ok();

    // The same session.
    officer.put(&desk(&case, "/verdict"), approval()).await.refused(404, "not-found");
    officer.put(&desk(&case, "/lease"), json!({})).await.refused(404, "not-found");
    officer.delete(&desk(&case, "/lease")).await.refused(404, "not-found");
    let hand_over = json!({ "account_id": head.account() });
    officer.put(&desk(&case, "/assignment"), hand_over.clone()).await.refused(404, "not-found");
    officer.post(&desk(&case, "/notes"), json!({ "audience": "desk", "words": "?" })).await.refused(404, "not-found");

    // What they took with them, the head takes back.
    head.put(&desk(&case, "/verdict"), approval()).await.refused(409, "case-leased");
    head.put(&desk(&case, "/assignment"), hand_over).await.ok();
    decide(&head, &case, approval()).await;
    app.finish().await;
}
