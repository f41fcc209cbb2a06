//! The register: imported decisions, filings, revocations, reminders, and what the public can check.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod checks;
mod entries;
mod imports;
mod notices;
mod renewals;
mod revocations;

use chrono::TimeDelta;
use ocop_market::people::access::MemberRole;
use serde_json::{Value, json};

use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, TestApp};

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// A path with a query of these pairs.
fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// The decision the lists of these tests belong to.
const DECISION: [(&str, &str); 3] =
    [("decision_number", "1187/QĐ-UBND"), ("decision_date", "2025-06-25"), ("authority", "UBND tỉnh Lai Châu")];

/// Uploads a list of this decision: product, owner, tax code, set, stars.
async fn upload(officer: &Actor, decision: &[(&str, &str)], rows: &[[&str; 5]]) -> Value {
    let lines: Vec<String> = rows.iter().map(|row| row.join(";")).collect();
    let csv = format!("Tên sản phẩm;Chủ thể;Mã số thuế;Bộ sản phẩm;Số sao\n{}\n", lines.join("\n"));
    officer.upload(&with_query("/admin/v1/certificate_imports", decision), "text/csv", csv).await.ok()
}

async fn accept_all(officer: &Actor, import: &Value) -> Value {
    let path = format!("/admin/v1/certificate_imports/{}/acceptance", id_of(import));
    officer.put(&path, json!({ "rows": "all" })).await.ok()
}

/// Puts the rows of a decision into the register.
async fn registered(officer: &Actor, decision: &[(&str, &str)], rows: &[[&str; 5]]) -> Value {
    let import = accept_all(officer, &upload(officer, decision, rows).await).await;
    assert_eq!(import["counts"]["written"], rows.len(), "{import}");
    import
}

/// The certificate that the first row of an import became.
fn first_certificate(import: &Value) -> &str {
    import["rows"][0]["certificate_id"].as_str().unwrap()
}

/// Makes the officer a member of the shop.
async fn join(app: &TestApp, shop: &ShopActor, officer: &Actor) {
    let (seller, now) = (shop.id.parse().unwrap(), app.clock.now());
    let joined = app.app.db.act(async |conn| {
        ocop_market::people::access::add_member(conn, seller, officer.account(), MemberRole::Manager, now).await
    });
    joined.await.unwrap();
}

async fn register_of(officer: &Actor) -> Vec<Value> {
    let page = officer.get("/admin/v1/certificates?limit=100").await.ok();
    page["items"].as_array().unwrap().clone()
}

async fn file_of(officer: &Actor, certificate: &str) -> Value {
    officer.get(&format!("/admin/v1/certificates/{certificate}")).await.ok()
}

/// The shop's claim to 4 stars of [`DECISION`], issued on the day.
async fn claimed(shop: &ShopActor, product: &str, issued_on: &str) -> Value {
    let claim = json!({
        "product_name": product,
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/QĐ-UBND",
        "decision_date": issued_on,
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": issued_on,
        "scan_id": shop.scan().await,
    });
    shop.post(&shop.path("/certificates"), claim).await.ok()
}

/// The same, verified.
async fn verified(app: &TestApp, shop: &ShopActor, product: &str, issued_on: &str) -> Value {
    let claim = claimed(shop, product, issued_on).await;
    app.decide(shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    claim
}

/// A published listing that names the certificate; its slug.
async fn listed(app: &TestApp, shop: &ShopActor, certificate: &str) -> String {
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = json!(certificate);
    shop.save(&draft, content).await.ok();
    app.publish(shop, id_of(&draft)).await["slug"].as_str().unwrap().to_owned()
}

/// The stars everybody sees: on the listing's page and on its card.
async fn stars_shown(app: &TestApp, slug: &str) -> [Value; 2] {
    let page = app.anyone().get(&format!("/v1/listings/{slug}")).await.ok();
    let list = app.anyone().get("/v1/listings").await.ok();
    let cards = list["items"].as_array().unwrap();
    let card = cards.iter().find(|card| card["slug"] == slug).unwrap();
    [page["stars"].clone(), card["stars"].clone()]
}

/// The shop with its owner signed in anew: time has passed.
async fn again(app: &TestApp, shop: ShopActor) -> ShopActor {
    ShopActor { actor: app.sign_in(shop.contact()).await, ..shop }
}
