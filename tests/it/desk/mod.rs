//! A day at the officers' desk.

mod appeals;
mod bulk;
mod hands;
mod late;
mod queue;
mod races;
mod reversals;
mod speed;
mod words;

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, TestApp};

/// The newest case of the shop.
async fn newest(shop: &ShopActor) -> String {
    let page = shop.get(&shop.path("/cases")).await.ok();
    id_of(&page["items"][0]).to_owned()
}

/// An address below the case on the desk.
fn desk(case: &str, below: &str) -> String {
    format!("/admin/v1/cases/{case}{below}")
}

fn approval() -> Value {
    json!({ "verdict": "approve" })
}

fn refusal(verdict: &str, reason: &str) -> Value {
    json!({ "verdict": verdict, "reason_codes": [reason], "words": "Xin xem lại." })
}

async fn decide(officer: &Actor, case: &str, verdict: Value) -> Value {
    officer.put(&desk(case, "/verdict"), verdict).await.ok()
}

/// What the shop says against the decision.
async fn appeal(shop: &ShopActor, case: &str) -> crate::support::Answer {
    let words = json!({ "words": "Quyết định chưa xem hết giấy tờ của chúng tôi." });
    shop.post(&shop.path(&format!("/cases/{case}/appeal")), words).await
}

async fn reviewer(app: &TestApp) -> Actor {
    app.officer(LAI_CHAU, OfficerRole::Reviewer).await
}

/// A shop, the officer who refused it (the only one in the province), and the case.
async fn refused_shop(app: &TestApp, verdict: &str) -> (ShopActor, Actor, String) {
    let shop = app.submitted_shop(LAI_CHAU).await;
    let officer = reviewer(app).await;
    let case = newest(&shop).await;
    decide(&officer, &case, refusal(verdict, "seller.outside_programme")).await;
    (shop, officer, case)
}

/// An approved shop with a listing that was refused: the listing, who refused it, and the case.
async fn refused_listing(app: &TestApp, verdict: &str) -> (ShopActor, Value, Actor, String) {
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = shop.draft(185_000).await;
    shop.submit(id_of(&listing)).await.ok();
    let officer = reviewer(app).await;
    let case = newest(&shop).await;
    decide(&officer, &case, refusal(verdict, "listing.misleading")).await;
    (shop, listing, officer, case)
}

/// How many acts of this operation on the subject were recorded.
async fn recorded(app: &TestApp, operation: &str, subject: &str) -> i64 {
    let statement = "select count(*) from audit_entries where operation = $1 and subject_id = $2::uuid";
    let counted = app.app.db.see(async |conn| {
        Ok(sqlx::query_scalar::<_, i64>(statement).bind(operation).bind(subject).fetch_one(conn).await?)
    });
    counted.await.unwrap()
}

/// The subjects of what was written to a contact, the oldest first.
async fn letters_to(app: &TestApp, contact: &str) -> Vec<String> {
    let statement = "select subject from messages where recipient = $1 order by created_at, id";
    let read = app
        .app
        .db
        .see(async |conn| Ok(sqlx::query_scalar::<_, String>(statement).bind(contact).fetch_all(conn).await?));
    read.await.unwrap()
}

/// Ends every grant of the officer today.
async fn dismiss(manager: &Actor, officer: &Actor) {
    let grants = manager.get("/admin/v1/grants").await.ok();
    for grant in grants.as_array().unwrap().iter().filter(|grant| grant["account_id"] == json!(officer.account())) {
        manager.delete(&format!("/admin/v1/grants/{}", id_of(grant))).await.ok();
    }
}
