//! Paying at VNPay and MoMo: whatever comes, however often and in whatever order, money is counted once and none is lost.

mod exceptions;
pub mod gateway;
mod momo;
mod races;
mod signatures;
mod vnpay;

use ocop_market::config::PublicUrl;
use ocop_market::kernel::SellerId;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp};
use gateway::FakeGateway;

/// A marketplace with both gateways, and a buyer who placed a checkout of two shops' goods.
pub struct Story {
    pub app: TestApp,
    pub gateway: FakeGateway,
    pub buyer: Actor,
    /// The placed orders, whose they are, and their payment.
    pub orders: Vec<String>,
    pub sellers: [SellerId; 2],
    pub payment: String,
    pub total: i64,
}

impl Story {
    pub async fn placed(method: &str) -> Self {
        let gateway = FakeGateway::start().await;
        let url: PublicUrl = "https://cho.example.vn".parse().unwrap();
        let app = TestApp::with(gateway.adapters(), Some(url)).await;
        let stalls = [app.stall("HTX Chè", LAI_CHAU).await, app.stall("HTX Ong", HA_NOI).await];
        let wares = [app.shelve(&stalls[0], TEA).await, app.shelve(&stalls[1], HONEY).await];
        let buyer = app.account("Người mua").await;
        let quote = buyer.quote(&[(&wares[0], 2), (&wares[1], 1)]).await;
        let placed = buyer.place_by(method, &quote, "dat").await.ok();
        let orders = placed["orders"].as_array().unwrap().iter().map(|order| text(&order["id"])).collect();
        let payment = text(&placed["payments"][0]["payment_id"]);
        let total = quote["total_vnd"].as_i64().unwrap();
        let sellers = [stalls[0].id, stalls[1].id];
        Self { app, gateway, buyer, orders, sellers, payment, total }
    }

    /// Tries to pay.
    pub async fn try_to_pay(&self, key: &str) -> Answer {
        let path = format!("/v1/payments/{}/attempts", self.payment);
        self.buyer.send(axum::http::Method::POST, &path, &[("idempotency-key", key)], "".into()).await
    }

    /// Tries to pay; answers with what the gateway knows the try by.
    pub async fn attempt(&self, key: &str) -> String {
        reference(&self.try_to_pay(key).await.ok())
    }

    pub async fn payment(&self) -> Value {
        self.buyer.get(&format!("/v1/payments/{}", self.payment)).await.ok()
    }

    pub async fn status_of(&self, order: usize) -> String {
        text(&self.buyer.get(&format!("/v1/orders/{}", self.orders[order])).await.ok()["status"])
    }

    /// What the books say of an account: debits less credits.
    pub async fn books(&self, account: &'static str) -> i64 {
        let query = match account {
            "clearing" => {
                "select coalesce(sum(case when debit like 'clearing:%' then amount_vnd else 0 end), 0)::bigint
                      - coalesce(sum(case when credit like 'clearing:%' then amount_vnd else 0 end), 0)::bigint
                   from ledger_entries"
            }
            _ => {
                "select coalesce(sum(case when debit = 'buyer_funds' then amount_vnd else 0 end), 0)::bigint
                      - coalesce(sum(case when credit = 'buyer_funds' then amount_vnd else 0 end), 0)::bigint
                   from ledger_entries"
            }
        };
        self.app.count(query).await
    }

    pub async fn exceptions(&self, operator: &Actor) -> Vec<Value> {
        operator.get("/admin/v1/payment_exceptions?resolved=false").await.ok()["items"].as_array().unwrap().clone()
    }

    pub async fn resolve(&self, operator: &Actor, exception: &Value, form: Value) -> Answer {
        let path = format!("/admin/v1/payment_exceptions/{}/resolution", text(&exception["id"]));
        operator.put(&path, form).await
    }

    /// Says VNPay's notice and answers with the code it gets.
    pub async fn ipn(&self, query: &str) -> String {
        text(&self.app.anyone().get(&format!("/v1/payments/vnpay/ipn?{query}")).await.ok()["RspCode"])
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// What the gateway knows a try by.
pub fn reference(attempt: &Value) -> String {
    text(&attempt["id"]).replace('-', "")
}

pub fn words(resolution: &str) -> Value {
    json!({ "resolution": resolution, "words": "Đã đối chiếu với sao kê" })
}
