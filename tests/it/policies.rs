//! What the marketplace promises, in versions, and who agreed to them.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::sellers::cooperative;
use crate::support::{LAI_CHAU, TestApp};

const RULES: &str = "/v1/policies/operating_rules";
const ACCEPTANCE: &str = "/v1/me/policy_acceptances/operating_rules";

fn version(effective_from: &str) -> Value {
    json!({
        "title_vi": "Quy chế hoạt động",
        "title_en": "Operating rules",
        "text_vi": "Bản mới.",
        "text_en": "A new version.",
        "effective_from": effective_from,
    })
}

#[tokio::test]
async fn five_policies_are_in_force_from_the_first_day_in_both_languages() {
    let app = TestApp::new().await;
    let policies = app.anyone().get("/v1/policies").await.ok();
    let kinds: Vec<&Value> = policies.as_array().unwrap().iter().map(|policy| &policy["kind"]).collect();
    assert_eq!(kinds, ["complaints", "operating_rules", "privacy", "ranking", "returns"]);
    for kind in kinds {
        let answer = app.anyone().get(&format!("/v1/policies/{}", kind.as_str().unwrap())).await;
        let tag = answer.header("etag").unwrap().to_owned();
        let policy = answer.ok();
        assert_eq!((&policy["version"], &policy["last_day"]), (&json!("2026-07-01"), &Value::Null));
        assert!(policy["text_vi"].as_str().unwrap().len() > 500 && policy["text_en"].as_str().unwrap().len() > 500);
        let path = format!("/v1/policies/{}", kind.as_str().unwrap());
        assert_eq!(app.anyone().get_with(&path, &[("if-none-match", &tag)]).await.status, 304);
    }
    app.anyone().get("/v1/policies/khong-co").await.refused(404, "not-found");
    app.anyone().get(&format!("{RULES}?on=2026-06-30")).await.refused(404, "not-found");
    app.anyone().get(&format!("{RULES}?on=%2B200000-01-01")).await.refused(422, "invalid");
    assert_eq!(app.anyone().get("/v1/policies?on=2026-06-30").await.ok(), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn a_version_replaces_the_one_before_on_its_first_day() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let versions = "/admin/v1/policies/operating_rules/versions";
    let listed = operator.post(versions, version("2026-12-01")).await.ok();
    assert_eq!((&listed[0]["version"], &listed[1]["last_day"]), (&json!("2026-12-01"), &json!("2026-11-30")));
    operator.post(versions, version("2026-12-01")).await.refused(409, "policy-version-taken");
    for wrong in ["2026-11-20", "2028-11-22"] {
        let refused = operator.post(versions, version(wrong)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "effective_from");
    }
    assert_eq!(operator.get(versions).await.ok(), listed);

    let read = async |query: &str| app.anyone().get(&format!("{RULES}{query}")).await.ok();
    let before = read("").await;
    assert_eq!((&before["version"], &before["last_day"]), (&json!("2026-07-01"), &json!("2026-11-30")));
    assert_eq!(read("?on=2026-12-01").await["text_vi"], "Bản mới.");
    // Ten days less the seven hours by which Viet Nam is ahead: 1 December begins there.
    app.clock.advance(TimeDelta::days(10) - TimeDelta::hours(9) - TimeDelta::microseconds(1));
    assert_eq!(read("").await["version"], "2026-07-01");
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(read("").await["version"], "2026-12-01");
    assert_eq!(read("?on=2026-11-30").await, before, "what was promised stays readable");
    assert_eq!(operator.get("/admin/v1/audit_entries").await.ok()["items"][0]["subject_id"], listed[0]["id"]);
    app.finish().await;
}

#[tokio::test]
async fn only_who_is_there_for_the_whole_country_publishes_policies() {
    let app = TestApp::new().await;
    let versions = "/admin/v1/policies/ranking/versions";
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    head.post(versions, version("2026-12-01")).await.refused(403, "not-your-function");
    head.get(versions).await.refused(403, "not-your-function");
    let operator = app.operator().await;
    let grant = json!({
        "contact": head.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["policies.manage"],
        "valid_from": app.clock.today(),
    });
    operator.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    head.post(versions, version("2026-12-01")).await.refused(403, "not-your-function");
    assert_eq!(operator.get(versions).await.ok().as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn an_acceptance_is_kept_with_its_version_and_first_instant() {
    let app = TestApp::new().await;
    let account = app.account("Hoa").await;
    let rules =
        |list: Value| list.as_array().unwrap().iter().find(|policy| policy["kind"] == "operating_rules").cloned();
    let nothing = rules(account.get("/v1/me/policy_acceptances").await.ok()).unwrap();
    assert_eq!((&nothing["up_to_date"], &nothing["accepted_version"]), (&json!(false), &Value::Null));
    let foreign = account.put(ACCEPTANCE, json!({ "version": "2026-06-01" })).await.refused(409, "policy-not-in-force");
    assert_eq!(foreign["version"], "2026-07-01");
    account.put(ACCEPTANCE, json!({})).await.refused(422, "invalid");
    account.put(ACCEPTANCE, json!({ "version": "2026-07-01" })).await.ok();
    app.clock.advance(TimeDelta::hours(1));
    let twice = rules(account.put(ACCEPTANCE, json!({ "version": "2026-07-01" })).await.ok()).unwrap();
    assert_eq!((&twice["up_to_date"], &twice["accepted_at"]), (&json!(true), &json!("2026-11-21T02:00:00Z")));
    let other = app.account("Lan").await;
    assert_eq!(rules(other.get("/v1/me/policy_acceptances").await.ok()).unwrap()["up_to_date"], false);

    app.operator().await.post("/admin/v1/policies/operating_rules/versions", version("2026-11-22")).await.ok();
    let early = json!({ "version": "2026-11-22" });
    account.put(ACCEPTANCE, early.clone()).await.refused(409, "policy-not-in-force");
    app.clock.advance(TimeDelta::days(1));
    let newer = rules(account.get("/v1/me/policy_acceptances").await.ok()).unwrap();
    assert_eq!((&newer["version"], &newer["accepted_version"]), (&json!("2026-11-22"), &json!("2026-07-01")));
    assert_eq!(newer["up_to_date"], false);
    account.put(ACCEPTANCE, early).await.ok();
    assert_eq!(app.count("select count(*) from policy_acceptances").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_submitted_by_who_agreed_to_the_rules_in_force() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    shop.paper("business_registration").await;
    app.operator().await.post("/admin/v1/policies/operating_rules/versions", version("2026-11-22")).await.ok();
    app.clock.advance(TimeDelta::days(1));
    let refused = shop.post(&shop.path("/submission"), json!({})).await.refused(409, "policy-not-accepted");
    assert_eq!((&refused["kind"], &refused["version"]), (&json!("operating_rules"), &json!("2026-11-22")));
    shop.accept_rules().await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    app.finish().await;
}
