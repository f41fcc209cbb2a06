//! Certificates: claimed, verified, and worth something only between their days.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod claims;
mod rules;
mod shown;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::sellers::ShopActor;

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// A claim to 4 stars of a real day.
fn claim(scan: &str) -> Value {
    json!({
        "product_name": "Chè Shan tuyết Tả Lèng",
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/qđ-ubnd",
        "decision_date": "2023-12-20",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2023-12-28",
        "scan_id": scan,
    })
}

async fn claimed(shop: &ShopActor) -> Value {
    shop.post(&shop.path("/certificates"), claim(&shop.scan().await)).await.ok()
}

async fn only_certificate(shop: &ShopActor) -> Value {
    let page = shop.get(&shop.path("/certificates")).await.ok();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (1, &Value::Null));
    page["items"][0].clone()
}
