//! The sealed record of officers' acts: whatever is done to it behind the application's back is found.

mod damage;
mod exports;
mod sealing;

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::sellers::ShopActor;
use crate::support::{Actor, TestApp};

const EXPORT: &str = "/admin/v1/audit_entries/export";

/// A head of department who opened the dossier of a waiting shop so often.
async fn worked(app: &TestApp, province: &str, acts: usize) -> (Actor, String) {
    let shop = app.submitted_shop(province).await;
    let head = app.officer(province, OfficerRole::Head).await;
    let dossier = dossier_of(&shop).await;
    for _ in 0..acts {
        head.get(&dossier).await.ok();
    }
    (head, dossier)
}

async fn dossier_of(shop: &ShopActor) -> String {
    let cases = shop.get(&shop.path("/cases")).await.ok();
    format!("/admin/v1/cases/{}", cases["items"][0]["id"].as_str().unwrap())
}

/// Lets the sealer come by.
async fn seal(app: &TestApp) {
    app.run_jobs().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
}

/// Something done by whoever owns the database: triggers and foreign keys do not hold them back.
async fn behind_our_back(app: &TestApp, statement: &'static str) {
    let done = app.app.db.act(async |conn| {
        sqlx::query("set local session_replication_role = replica").execute(&mut *conn).await?;
        Ok(sqlx::query(statement).execute(conn).await?.rows_affected())
    });
    assert!(done.await.unwrap() > 0, "nothing was manipulated");
}

/// What verification finds, as (what, position).
async fn findings(officer: &Actor) -> Vec<(String, Value)> {
    let outcome = officer.get("/admin/v1/audit_verification").await.ok();
    let found = outcome["findings"].as_array().unwrap();
    assert_eq!(outcome["intact"], json!(found.is_empty()));
    found.iter().map(|one| (one["wrong"].as_str().unwrap().to_owned(), one["position"].clone())).collect()
}

fn found(what: &str, position: i64) -> (String, Value) {
    (what.to_owned(), json!(position))
}

async fn lines(officer: &Actor, path: &str) -> Vec<Value> {
    let answer = officer.get(path).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
