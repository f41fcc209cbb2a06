//! Returns: asked for, answered, sent back, refunded, disputed.

mod disputes;
mod evidence;
mod races;
mod rules;
mod wishes;

use axum::body::Bytes;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, Goods, LAI_CHAU, Providers, Stall, TEA, TestApp, Ware};

/// A delivered order of one shop.
struct Deal {
    app: TestApp,
    stall: Stall,
    buyer: Actor,
    goods: Ware,
    order: String,
    line: String,
    /// Who played the gateway, where one was paid at.
    providers: Option<Providers>,
}

impl Deal {
    /// So many packets of tea, delivered and paid in cash.
    async fn new(packets: i32) -> Self {
        Self::of(TEA, packets).await
    }

    async fn of(goods: Goods<'_>, quantity: i32) -> Self {
        let app = TestApp::new().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        let goods = app.shelve(&stall, goods).await;
        let buyer = app.account("Hoa").await;
        let order = buyer.buy(&[(&goods, quantity)]).await.remove(0);
        Self { app, stall, buyer, goods, order, line: String::new(), providers: None }.delivered().await
    }

    /// So many packets of tea, paid at VNPay and delivered.
    async fn paid_at_vnpay(packets: i32) -> Self {
        let (app, providers) = TestApp::with_providers().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        let goods = app.shelve(&stall, TEA).await;
        let buyer = app.account("Hoa").await;
        let order = buyer.buy_at(&providers, "vnpay", &[(&goods, packets)]).await.remove(0);
        app.run_jobs().await;
        Self { app, stall, buyer, goods, order, line: String::new(), providers: Some(providers) }.delivered().await
    }

    async fn delivered(self) -> Self {
        self.stall.deliver(&self.order).await;
        let line = self.order().await["lines"][0]["id"].as_str().unwrap().to_owned();
        self.app.run_jobs().await;
        Self { line, ..self }
    }

    /// The buyer's wish for so many units.
    fn wish(&self, reason: &str, quantity: i32) -> Value {
        let lines = json!([{ "order_line_id": self.line, "quantity": quantity }]);
        json!({ "lines": lines, "reason": reason, "words": "Hộp bị vỡ, trà rơi ra ngoài." })
    }

    async fn ask_as(&self, buyer: &Actor, wish: Value, key: &str) -> Answer {
        ask(buyer, &self.order, wish, key).await
    }

    async fn ask(&self, reason: &str, quantity: i32) -> Value {
        let key = format!("{reason}-{quantity}-{}", self.app.count("select count(*) from returns").await);
        self.ask_as(&self.buyer, self.wish(reason, quantity), &key).await.ok()
    }

    /// The buyer takes a step.
    async fn buyer(&self, id: &Value, step: &str, body: Value) -> Answer {
        self.buyer.put(&format!("/v1/returns/{}/{step}", id.as_str().unwrap()), body).await
    }

    /// The shop takes a step.
    async fn shop(&self, id: &Value, step: &str, body: Value) -> Answer {
        let path = format!("/v1/shops/{}/returns/{}/{step}", self.stall.id, id.as_str().unwrap());
        self.stall.owner.put(&path, body).await
    }

    async fn seen(&self, id: &Value) -> Value {
        self.buyer.get(&format!("/v1/returns/{}", id.as_str().unwrap())).await.ok()
    }

    async fn order(&self) -> Value {
        self.buyer.get(&format!("/v1/orders/{}", self.order)).await.ok()
    }

    /// The officer's only open dispute.
    async fn dispute(&self, officer: &Actor) -> String {
        let queue = officer.get("/admin/v1/cases?kind=refund_dispute").await.ok();
        let cases = queue["items"].as_array().unwrap();
        assert_eq!(cases.len(), 1, "{cases:?}");
        cases[0]["id"].as_str().unwrap().to_owned()
    }

    async fn decide(&self, officer: &Actor, verdict: Value) -> Answer {
        let case = self.dispute(officer).await;
        officer.put(&format!("/admin/v1/cases/{case}/verdict"), verdict).await
    }
}

async fn ask(buyer: &Actor, order: &str, wish: Value, key: &str) -> Answer {
    let headers = [("idempotency-key", key), ("content-type", "application/json")];
    let path = format!("/v1/orders/{order}/returns");
    buyer.send(Method::POST, &path, &headers, Bytes::from(wish.to_string())).await
}

fn parcel() -> Value {
    json!({ "carrier": "VNPost", "tracking_code": "EA-TRA-01", "postage_vnd": 25_000 })
}
