//! Vouchers: who promises what, what it takes off, and that no race passes a limit.

mod checkouts;
mod limits;
mod promises;
mod rules;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::Stall;

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the values in place")]
fn form(code: &str, discount: Value, limits: Value) -> Value {
    json!({
        "code": code,
        "title_vi": "Giảm giá mùa Tết",
        "discount": discount,
        "valid_from": "2026-11-21",
        "valid_to": "2026-12-31",
        "limits": limits,
    })
}

fn off(amount: i64) -> Value {
    json!({ "kind": "amount", "amount_vnd": amount })
}

async fn offer(stall: &Stall, form: Value) -> Value {
    stall.owner.post(&format!("/v1/shops/{}/vouchers", stall.id), form).await.ok()
}
