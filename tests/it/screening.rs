//! The automatic screening: what it finds, who edits its rules, and what goes onto the shelf because it found nothing.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod facts;
mod operators;
mod spot_checks;
mod stories;
mod trust;
mod words;

use ocop_market::market::screening::{self, Finding, Rules, Screened, Written};
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, TestApp};

/// The rules the migrations bring.
async fn rules(app: &TestApp) -> Rules {
    let today = app.clock.today();
    app.app.db.see(async |conn| screening::rules(conn, today).await).await.unwrap()
}

/// What is written at one place.
fn written(text: &str) -> Screened<'_> {
    Screened { texts: vec![Written { place: "content.story_vi".to_owned(), text }], ..Screened::default() }
}

/// The rules that found something, each once.
fn codes(findings: &[Finding]) -> Vec<&str> {
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    codes.dedup();
    codes
}

/// The rules and places of findings in a body.
fn found(screening: &Value) -> Vec<(&str, &str)> {
    let findings = screening["findings"].as_array().unwrap().iter();
    findings.map(|finding| (finding["rule"].as_str().unwrap(), finding["place"].as_str().unwrap())).collect()
}

/// Switches the province's publishing of trusted shops' edits.
async fn switch(app: &TestApp, enabled: bool, sample_every: i32) {
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let form = json!({ "enabled": enabled, "sample_every": sample_every });
    head.put(&format!("/admin/v1/provinces/{LAI_CHAU}/trusted_publishing"), form).await.ok();
}

/// Has an officer say whether the shop is trusted.
async fn trust(app: &TestApp, shop: &ShopActor, trusted: bool) -> Value {
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let form = json!({ "trusted": trusted, "words": "Ba năm không có vi phạm." });
    officer.put(&format!("/admin/v1/sellers/{}/trust", shop.id), form).await.ok()
}

/// A trusted shop of a province that looks at the first and then every so manieth of its edits.
async fn trusted_shop(app: &TestApp, sample_every: i32) -> ShopActor {
    let shop = app.approved_shop(LAI_CHAU).await;
    switch(app, true, sample_every).await;
    trust(app, &shop, true).await;
    shop
}

/// Writes that story for the listing and hands it in.
async fn edit(shop: &ShopActor, id: &str, story: &str) -> Value {
    let listing = shop.listing(id).await;
    let mut content = listing["revision"]["content"].clone();
    content["story_vi"] = json!(story);
    shop.save(&listing, content).await.ok();
    shop.submit(id).await.ok()
}

/// The address of the shop's last case about the listing's latest revision.
async fn case_of(shop: &ShopActor, listing: &Value) -> String {
    format!("/admin/v1/cases/{}", shop.case_about(id_of(&listing["revision"])).await)
}

/// The kinds of the shop's open cases about listings.
async fn waiting(shop: &ShopActor) -> Vec<String> {
    let cases = shop.get(&shop.path("/cases")).await.ok();
    let open = cases["items"].as_array().unwrap().iter().filter(|case| case["status"] == "open");
    open.map(|case| case["kind"].as_str().unwrap().to_owned()).collect()
}

async fn reviewer(app: &TestApp) -> Actor {
    app.officer(LAI_CHAU, OfficerRole::Reviewer).await
}
