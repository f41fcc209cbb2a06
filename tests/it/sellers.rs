//! Shops: from a draft to a public page.

mod applications;
mod drafts;
mod owners;
mod pages;

use ocop_market::people::access::OfficerRole;
use serde_json::Value;

use crate::support::sellers::{ShopActor, cooperative};
use crate::support::{LAI_CHAU, TestApp};

fn codes(missing: &Value) -> Vec<&str> {
    missing.as_array().unwrap().iter().map(|missing| missing["code"].as_str().unwrap()).collect()
}

async fn file(shop: &ShopActor) -> Value {
    shop.get(&shop.path("")).await.ok()
}

async fn decide(app: &TestApp, shop: &ShopActor, verdict: Value) {
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let case = shop.get(&shop.path("/cases")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    reviewer.put(&format!("/admin/v1/cases/{case}/verdict"), verdict).await.ok();
}

async fn change(shop: &ShopActor, field: &str, value: Value) -> crate::support::Answer {
    let tag = shop.get(&shop.path("")).await.header("etag").unwrap().to_owned();
    let mut form = cooperative(LAI_CHAU);
    form[field] = value;
    shop.put_with(&shop.path(""), &[("if-match", &tag)], form).await
}
