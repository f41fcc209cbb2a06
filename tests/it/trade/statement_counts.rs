//! How often a placement asks the database.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::payments::gateway::FakeGateway;
use crate::support::{Actor, Answer, Goods, LAI_CHAU, Stall, TEA, Ware, order_form};

/// Hears the statements sent by the thread it listens on: how each begins.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        // A new connection asks what a type is called, once.
        let is_ours = event.metadata().target() == "sqlx::query" && !statement.text.contains("pg_catalog.pg_type");
        if is_ours {
            self.0.lock().unwrap().push(statement.summary);
        }
    }
}

/// A statement as it is logged.
#[derive(Default)]
struct Statement {
    summary: String,
    text: String,
}

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "summary" => self.summary = format!("{value:?}"),
            "db.statement" => self.text = format!("{value:?}"),
            _ => {}
        }
    }
}

impl Statements {
    /// Those sent while `work` is done.
    async fn of(work: impl Future<Output = Answer>) -> Vec<String> {
        let statements = Self::default();
        let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
        work.await.ok();
        drop(listening);
        let heard = statements.0.lock().unwrap();
        heard.clone()
    }
}

/// The statements of a placement of these lines with these vouchers, its quote not counted.
async fn placing(buyer: &Actor, lines: &[(&Ware, i32)], (method, vouchers): (&str, &[&str])) -> Vec<String> {
    let mut form = order_form(lines);
    form["vouchers"] = json!(vouchers);
    let quote = buyer.post("/v1/checkouts", form).await.ok();
    assert_eq!(quote["discount_vnd"] == 0, vouchers.is_empty(), "{quote}");
    Statements::of(buyer.place_by(method, &quote, quote["id"].as_str().unwrap())).await
}

/// The statements of asking for a quote of these lines with these vouchers.
async fn quoting(buyer: &Actor, lines: &[(&Ware, i32)], vouchers: &[&str]) -> Vec<String> {
    let mut form = order_form(lines);
    form["vouchers"] = json!(vouchers);
    Statements::of(buyer.post("/v1/checkouts", form)).await
}

#[tokio::test]
async fn a_checkout_takes_as_many_statements_for_many_lines_and_shops_as_for_one() {
    let gateway = FakeGateway::start().await;
    let (app, _) = gateway.marketplace().await;
    let voucher = json!({
        "bearers": { "platform_bps": 10_000, "province_bps": 0, "shop_bps": 0 },
        "voucher": {
            "code": "CHAO-MOI", "title_vi": "Giảm mười nghìn", "discount": { "kind": "amount", "amount_vnd": 10_000 },
            "valid_from": "2026-11-21", "valid_to": "2026-12-31",
        },
    });
    app.operator().await.post("/admin/v1/vouchers", voucher).await.ok();
    let mut shelves: Vec<(Stall, Vec<Ware>)> = Vec::new();
    for name in ["Hợp tác xã Mường Than", "Hợp tác xã Thèn Sin", "Hợp tác xã Nùng Nàng"] {
        let stall = app.stall(name, LAI_CHAU).await;
        app.takes_transfers(&stall).await;
        let packs = app.shelve_packs(&stall, Goods { on_hand: 100, ..TEA }, 20).await;
        shelves.push((stall, packs));
    }
    let buyer = app.account("Hoa").await;
    let one = [(&shelves[0].1[0], 1)];
    let twenty: Vec<(&Ware, i32)> = shelves[0].1.iter().map(|ware| (ware, 1)).collect();
    let shops: Vec<(&Ware, i32)> = shelves.iter().map(|(_, packs)| (&packs[0], 1)).collect();
    // The first of all also prepares what the others find prepared.
    placing(&buyer, &one, ("cod", &["CHAO-MOI"])).await;
    for way in [("cod", [].as_slice()), ("vietqr", &[]), ("vnpay", &[]), ("momo", &[]), ("cod", &["CHAO-MOI"])] {
        placing(&buyer, &one, way).await;
        let needed = placing(&buyer, &one, way).await;
        assert!(needed.len() > 15, "{needed:#?}");
        assert_eq!(placing(&buyer, &twenty, way).await, needed, "twenty lines, {way:?}");
        assert_eq!(placing(&buyer, &shops, way).await, needed, "three shops, {way:?}");
    }
    for vouchers in [[].as_slice(), &["CHAO-MOI"]] {
        let needed = quoting(&buyer, &one, vouchers).await;
        assert!(needed.len() > 5, "{needed:#?}");
        assert_eq!(quoting(&buyer, &twenty, vouchers).await, needed);
        assert_eq!(quoting(&buyer, &shops, vouchers).await, needed);
    }
    app.run_jobs().await;
    app.finish().await;
}
