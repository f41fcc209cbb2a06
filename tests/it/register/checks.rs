//! What anybody can check.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{DECISION, claimed, listed, registered, with_query};
use crate::support::catalogue::id_of;
use crate::support::{LAI_CHAU, TestApp};

const SHAN: &str = "Chè Shan tuyết Tả Lèng";

async fn check(app: &TestApp, pairs: &[(&str, &str)]) -> Vec<Value> {
    let found = app.anyone().get(&with_query("/v1/certificate_checks", pairs)).await.ok();
    found["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn anybody_checks_a_certificate_by_its_decision_and_product() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [["Mật ong rừng", "HTX Tam Đường", "", "4", "3"], ["Miến dong", "HTX Bình Lư", "", "6", "3"]];
    registered(&officer, &DECISION, &rows).await;
    let number = ("decision_number", "1187/qd-ubnd");
    assert_eq!(check(&app, &[number]).await.len(), 2);
    let found = check(&app, &[number, ("product", "mat ong")]).await;
    assert_eq!(found.len(), 1);
    let found = &found[0];
    assert_eq!((&found["product_name"], &found["stars_today"]), (&json!("Mật ong rừng"), &json!(3)));
    assert_eq!((&found["state"], &found["listings"]), (&json!("valid"), &json!([])));
    assert_eq!(found["issued_in"]["legacy_province"]["name"], "Lai Châu");
    assert_eq!(found.get("owner_tax_code"), None);
    assert_eq!(check(&app, &[number, ("product", "sâm")]).await.len(), 0);
    app.anyone().get("/v1/certificate_checks?decision_number=abc").await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn a_claim_is_no_answer_until_it_is_verified_and_then_says_where_it_is_shown() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop, SHAN, "2025-06-25").await;
    let number = ("decision_number", "1187/QĐ-UBND");
    assert_eq!(check(&app, &[number]).await.len(), 0);
    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    let slug = listed(&app, &shop, id_of(&claim)).await;
    let found = check(&app, &[number, ("product", SHAN)]).await;
    assert_eq!((&found[0]["id"], &found[0]["listings"]), (&claim["id"], &json!([slug])));

    let path = with_query("/v1/certificate_checks", &[number]);
    let first = app.anyone().get(&path).await;
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(app.anyone().get_with(&path, &[("if-none-match", &tag)]).await.status, 304);
    app.finish().await;
}
