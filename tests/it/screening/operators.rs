//! Rules and word lists are rows: the national operator edits them, a province's officers read them.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{case_of, found, reviewer};
use crate::support::catalogue::id_of;
use crate::support::{Actor, LAI_CHAU, TestApp};

const RULES: &str = "/admin/v1/screening_rules";
const TERMS: &str = "/admin/v1/screening_terms";

async fn rule(officer: &Actor, code: &str) -> Value {
    let rules = officer.get(RULES).await.ok();
    rules.as_array().unwrap().iter().find(|rule| rule["code"] == code).cloned().unwrap_or_default()
}

fn words_rule() -> Value {
    json!({
        "test": { "kind": "words" },
        "severity": "notice",
        "why_vi": "Từ ngữ cần xem lại",
        "why_en": "Words to look at",
        "legal_basis": "Quy chế sàn",
    })
}

fn term(rule_code: &str, phrase: &str) -> Value {
    json!({
        "rule_code": rule_code,
        "phrase": phrase,
        "term": { "accents_matter": true, "legal_basis": "Quy chế sàn" },
    })
}

#[tokio::test]
async fn a_rule_and_its_words_are_added_changed_and_ended() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/findings", id_of(&draft)));
    let findings = async || shop.get(&path).await.ok();

    let added = operator.post(RULES, json!({ "code": "old_trees", "rule": words_rule() })).await.ok();
    assert_eq!((&added["effective_from"], &added["effective_to"]), (&json!("2026-11-21"), &Value::Null));
    assert_eq!(found(&findings().await), []);
    let phrase = operator.post(TERMS, term("old_trees", "cổ thụ")).await.ok();
    assert_eq!(found(&findings().await), [("old_trees", "content.summary_vi"), ("old_trees", "content.story_vi")]);

    // Another version of the rule keeps its words; what was found names the version that found it.
    shop.submit(id_of(&draft)).await.ok();
    app.clock.advance(TimeDelta::days(1));
    let mut changed = words_rule();
    changed["severity"] = json!("serious");
    let next = operator.put(&format!("{RULES}/{}", id_of(&added)), changed.clone()).await.ok();
    assert_eq!((&next["code"], &next["effective_from"]), (&json!("old_trees"), &json!("2026-11-22")));
    assert_eq!(findings().await["findings"][0]["rule_id"], next["id"]);
    let waiting = shop.listing(id_of(&draft)).await;
    let dossier = reviewer(&app).await.get(&case_of(&shop, &waiting).await).await.ok();
    let then = &dossier["subject"]["screening"]["findings"][0];
    assert_eq!((&then["rule_id"], &then["severity"]), (&added["id"], &json!("notice")));
    operator.put(&format!("{RULES}/{}", id_of(&added)), changed).await.refused(409, "screening-row-ended");

    // A phrase with an exception, then none at all.
    let body = json!({ "accents_matter": true, "exceptions": ["chè cổ thụ"], "legal_basis": "Quy chế sàn" });
    let narrowed = operator.put(&format!("{TERMS}/{}", id_of(&phrase)), body.clone()).await.ok();
    assert_eq!(found(&findings().await), [("old_trees", "content.summary_vi")]);
    operator.put(&format!("{TERMS}/{}", id_of(&phrase)), body).await.refused(409, "screening-row-ended");
    for _ in 0..2 {
        assert_eq!(operator.delete(&format!("{TERMS}/{}", id_of(&narrowed))).await.status, 204);
    }
    assert_eq!(found(&findings().await), []);
    assert_eq!(operator.delete(&format!("{RULES}/{}", id_of(&next))).await.status, 204);
    assert_eq!(rule(&operator, "old_trees").await, Value::Null);
    operator.post(RULES, json!({ "code": "old_trees", "rule": words_rule() })).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn of_two_operators_who_change_one_rule_one_is_told_so() {
    let app = TestApp::new().await;
    let (one, two) = (app.operator().await, app.operator().await);
    let path = format!("{RULES}/{}", id_of(&rule(&one, "superlative").await));
    let (first, second) = tokio::join!(one.put(&path, words_rule()), two.put(&path, words_rule()));
    let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
    won.ok();
    lost.refused(409, "screening-row-ended");
    assert_eq!(rule(&one, "superlative").await["severity"], "notice");
    app.finish().await;
}

#[tokio::test]
async fn a_province_reads_the_rules_and_does_not_change_them() {
    let app = TestApp::new().await;
    let (head, operator) = (app.officer(LAI_CHAU, OfficerRole::Head).await, app.operator().await);
    let present = rule(&head, "organic_claim").await;
    let terms = head.get(&format!("{TERMS}?rule=organic_claim")).await.ok();
    assert_eq!(terms["items"].as_array().unwrap().len(), 3);
    head.post(RULES, json!({ "code": "own", "rule": words_rule() })).await.refused(403, "not-your-function");
    head.put(&format!("{RULES}/{}", id_of(&present)), words_rule()).await.refused(403, "not-your-function");
    head.delete(&format!("{RULES}/{}", id_of(&present))).await.refused(403, "not-your-function");
    head.post(TERMS, term("organic_claim", "sạch")).await.refused(403, "not-your-function");
    head.delete(&format!("{TERMS}/{}", id_of(&terms["items"][0]))).await.refused(403, "not-your-function");
    reviewer(&app).await.get(RULES).await.refused(403, "not-your-function");
    assert_eq!(rule(&operator, "organic_claim").await, present);
    let record = operator.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(record["items"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn rules_and_words_that_make_no_sense_are_refused_where_they_are_wrong() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let with = |field: &str, value: Value| {
        let mut rule = words_rule();
        rule[field] = value;
        json!({ "code": "new_rule", "rule": rule })
    };
    for (body, at) in [
        (json!({ "code": "New rule", "rule": words_rule() }), "code"),
        (with("test", json!({ "kind": "price_outlier", "times": 1, "least_listings": 5 })), "test.times"),
        (with("test", json!({ "kind": "price_outlier", "times": 2, "least_listings": 0 })), "test.least_listings"),
        (with("test", json!({ "kind": "near_duplicate", "percent": 29 })), "test.percent"),
    ] {
        let refusal = operator.post(RULES, body).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    for test in [json!({ "kind": "guess" }), json!({ "kind": "words", "times": 3 }), json!({})] {
        operator.post(RULES, with("test", test)).await.refused(422, "invalid");
    }
    let taken = json!({ "code": "superlative", "rule": words_rule() });
    operator.post(RULES, taken).await.refused(409, "screening-row-exists");
    let outlier = rule(&operator, "price_outlier").await;
    let refusal = operator.put(&format!("{RULES}/{}", id_of(&outlier)), words_rule()).await.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], "test.kind");

    let many = vec!["không hữu cơ"; 21];
    for (body, at) in [
        (term("nobody", "sạch"), "rule_code"),
        (term("price_outlier", "sạch"), "rule_code"),
        (term("star_claim", "sáu sao"), "stars"),
        (term("superlative", "…!"), "phrase"),
        (with_term("exceptions", json!(many)), "term.exceptions"),
        (with_term("note_vi", json!("Xem giấy")), "term.note_en"),
        (with_term("stars", json!(5)), "stars"),
        (with_term("backed_by", json!(["stamp"])), "term.backed_by[0]"),
    ] {
        let refusal = operator.post(TERMS, body).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    operator.post(TERMS, term("organic_claim", "hữu cơ")).await.refused(409, "screening-row-exists");
    let first = operator.get(&format!("{TERMS}?limit=2")).await.ok();
    let next = first["next"].as_str().unwrap();
    operator.get(&format!("{TERMS}?limit=2&rule=superlative&after={next}")).await.refused(422, "invalid");
    app.finish().await;
}

fn with_term(field: &str, value: Value) -> Value {
    let mut body = term("superlative", "số dách");
    body["term"][field] = value;
    body
}
