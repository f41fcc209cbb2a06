//! Grants: who gives what to whom, from which day to which, and that the record says so.

use chrono::{Days, TimeDelta};
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::{grant_by, grant_to};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_head_makes_officers_of_their_own_province_only() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let _elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = |department: &str| {
        json!({
            "contact": new.contact(),
            "department": department,
            "role": "reviewer",
            "valid_from": "2026-11-21",
        })
    };
    head.post("/admin/v1/grants", grant("so-cong-thuong-15")).await.refused(404, "not-found");
    let grants = head.post("/admin/v1/grants", grant("so-cong-thuong-12")).await.ok();
    assert_eq!(grants.as_array().unwrap().len(), 2);
    assert_eq!(grants[1]["provinces"], json!([LAI_CHAU]));
    let departments = head.get("/admin/v1/departments").await.ok();
    assert_eq!(departments.as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_role_has_the_functions_it_has() {
    let app = TestApp::new().await;
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let buyer = app.account("Người mua").await;
    for stranger in [&reviewer, &buyer] {
        stranger.get("/admin/v1/grants").await.refused(403, "not-your-function");
    }
    app.anyone().get("/admin/v1/grants").await.refused(401, "sign-in-first");
    app.finish().await;
}

#[tokio::test]
async fn a_grant_holds_from_its_first_to_its_last_day() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let today = app.clock.today();
    let grant = json!({
        "contact": new.contact(),
        "department": "so-cong-thuong-12",
        "role": "auditor",
        "valid_from": today + Days::new(1),
        "valid_to": today + Days::new(1),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    new.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    app.clock.advance(TimeDelta::days(1));
    new.get("/admin/v1/audit_entries").await.ok();
    app.clock.advance(TimeDelta::days(1));
    new.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn an_ended_grant_is_refused_at_the_next_request_and_the_record_says_who_ended_it() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    let grants = head.get("/admin/v1/grants").await.ok();
    let of = |account: &str| {
        let found = grants.as_array().unwrap().iter().find(|grant| grant["account_id"] == account).unwrap();
        format!("/admin/v1/grants/{}", found["id"].as_str().unwrap())
    };
    head.delete(&of(&head.account().to_string())).await.refused(409, "own-grant");
    officer.get("/admin/v1/audit_entries").await.ok();
    head.delete(&of(&officer.account().to_string())).await.ok();
    officer.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    let record = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(record["items"][0]["operation"], "DELETE /admin/v1/grants/{id}");
    assert_eq!(record["items"][0]["account_id"], head.account().to_string());
    app.finish().await;
}

#[tokio::test]
async fn the_record_of_acts_cannot_be_changed() {
    let app = TestApp::new().await;
    for statement in ["delete from audit_entries", "update audit_entries set operation = ''"] {
        let error = app.app.db.act(async |conn| Ok(sqlx::query(statement).execute(conn).await?)).await.unwrap_err();
        assert_eq!(error.sqlstate().as_deref(), Some("23000"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_permission_nobody_knows_is_refused_by_name() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let grant = json!({
        "contact": head.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["cases.read", "moi.quyen"],
        "valid_from": "2026-11-21",
    });
    let refused = head.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "permissions[1]");
    app.finish().await;
}

#[tokio::test]
async fn whoever_only_claims_a_contact_is_not_made_an_officer() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let stranger = app.account("Người lạ").await;
    stranger.post("/v1/me/contacts", json!({ "contact": "moi@laichau.gov.example" })).await.ok();
    let grant = grant_by("moi@laichau.gov.example", "so-cong-thuong-12", "reviewer", &app);
    head.post("/admin/v1/grants", grant).await.refused(409, "no-such-account");
    app.finish().await;
}

#[tokio::test]
async fn nobody_gives_to_themselves_nor_what_they_do_not_have() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = |contact: &str, role: &str| json!({ "contact": contact, "department": "so-cong-thuong-12", "role": role, "valid_from": "2026-11-21" });
    head.post("/admin/v1/grants", grant(head.contact(), "reviewer")).await.refused(409, "own-grant");
    let mut operator = grant(new.contact(), "operator");
    operator["permissions"] = json!(["cases.read"]);
    let refused = head.post("/admin/v1/grants", operator).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "role");
    let mut only_manages = grant(new.contact(), "head");
    only_manages["permissions"] = json!(["officers.manage"]);
    head.post("/admin/v1/grants", only_manages).await.ok();
    let third = app.account("Người thứ ba").await;
    new.post("/admin/v1/grants", grant(third.contact(), "reviewer")).await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_granted_for_days_that_have_passed() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let mut grant = grant_to(&new, "so-cong-thuong-12", "reviewer", &app);
    grant["valid_from"] = json!(app.clock.today() - Days::new(1));
    let refused = head.post("/admin/v1/grants", grant.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "valid_from");
    grant["valid_from"] = json!(app.clock.today() + Days::new(2));
    grant["valid_to"] = json!(app.clock.today() + Days::new(1));
    let refused = head.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "valid_to");
    app.finish().await;
}

#[tokio::test]
async fn a_second_grant_of_the_same_days_is_refused_until_the_first_is_ended() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let colleague = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = grant_to(&new, "so-cong-thuong-12", "reviewer", &app);
    let answers =
        tokio::join!(head.post("/admin/v1/grants", grant.clone()), colleague.post("/admin/v1/grants", grant.clone()));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    head.post("/admin/v1/grants", grant.clone()).await.refused(409, "grant-already");

    let own = new.get("/v1/me/grants").await.ok();
    let path = format!("/admin/v1/grants/{}", own[0]["id"].as_str().unwrap());
    head.delete(&path).await.ok();
    head.delete(&path).await.refused(404, "not-found");
    assert_eq!(new.get("/v1/me/grants").await.ok(), json!([]));
    let mut first_week = grant.clone();
    first_week["valid_to"] = json!(app.clock.today() + Days::new(6));
    head.post("/admin/v1/grants", first_week).await.ok();
    let mut afterwards = grant;
    afterwards["valid_from"] = json!(app.clock.today() + Days::new(6));
    head.post("/admin/v1/grants", afterwards.clone()).await.refused(409, "grant-already");
    afterwards["valid_from"] = json!(app.clock.today() + Days::new(7));
    head.post("/admin/v1/grants", afterwards).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn the_platforms_policies_are_nobodys_in_a_province() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let _head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let mut grant = grant_to(&new, "so-cong-thuong-12", "head", &app);
    grant["permissions"] = json!(["policies.manage"]);
    let refused = operator.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "permissions[0]");
    app.finish().await;
}
