//! A voucher takes all the goods cost, and the shop bears the shipping: nothing is left to pay.

use serde_json::{Value, json};

use super::payments::gateway::FakeGateway;
use crate::support::{Actor, Answer, LAI_CHAU, Stall, TEA, TestApp, Ware, order_form};

/// A shop that sends everything for nothing, its tea, a buyer with a voucher over all of it, and a gateway.
struct Market {
    app: TestApp,
    gateway: FakeGateway,
    stall: Stall,
    tea: Ware,
    buyer: Actor,
}

impl Market {
    async fn open() -> Self {
        let gateway = FakeGateway::start().await;
        let (app, _) = gateway.marketplace().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        app.takes_transfers(&stall).await;
        let tea = app.shelve(&stall, TEA).await;
        let terms = json!({ "free_from_vnd": 0, "handling_days": 1 });
        stall.owner.put(&format!("/v1/shops/{}/shipping", stall.id), terms).await.ok();
        let voucher = json!({
            "bearers": { "platform_bps": 10_000, "province_bps": 0, "shop_bps": 0 },
            "voucher": {
                "code": "TRON-GOI", "title_vi": "Giảm hết", "discount": { "kind": "amount", "amount_vnd": 1_000_000 },
                "valid_from": "2026-11-21", "valid_to": "2026-12-31",
            },
        });
        app.operator().await.post("/admin/v1/vouchers", voucher).await.ok();
        let buyer = app.account("Hoa").await;
        Self { app, gateway, stall, tea, buyer }
    }

    /// A pack of tea with the voucher.
    async fn place(&self, method: &str) -> Answer {
        let mut form = order_form(&[(&self.tea, 1)]);
        form["vouchers"] = json!(["TRON-GOI"]);
        let quote = self.buyer.post("/v1/checkouts", form).await.ok();
        assert_eq!((&quote["discount_vnd"], &quote["total_vnd"]), (&json!(185_000), &json!(0)), "{method}");
        let placed = self.buyer.place_by(method, &quote, method).await;
        self.app.run_jobs().await;
        placed
    }

    async fn order(&self, order: &str) -> Value {
        self.buyer.get(&format!("/v1/orders/{order}")).await.ok()
    }

    /// The books agree, and say that the marketplace owes the shop so much.
    async fn finish(self, borne: i64) {
        assert_eq!(self.gateway.refunded(), Vec::<i64>::new());
        assert_eq!(self.app.count("select count(*) from payment_attempts").await, 0);
        let owed = "select (coalesce(sum(amount_vnd) filter (where debit = 'voucher_expense:platform'), 0)
                            - coalesce(sum(amount_vnd) filter (where credit = 'voucher_expense:platform'), 0))::bigint
                      from ledger_entries";
        assert_eq!(self.app.count(owed).await, borne);
        self.app.books_agree().await;
        self.app.run_jobs().await;
        self.app.finish().await;
    }
}

#[tokio::test]
async fn what_costs_nothing_is_placed_and_paid_at_once_however_it_was_to_be_paid() {
    let market = Market::open().await;
    for (method, left) in [("vietqr", 9), ("vnpay", 8), ("momo", 7), ("cod", 6)] {
        let placed = market.place(method).await.ok();
        let order = placed["orders"][0]["id"].as_str().unwrap();
        let shown = market.order(order).await;
        assert_eq!(shown["status"], "placed", "{method}");
        assert_eq!(market.app.left(&market.stall, &market.tea).await, left);
        if method == "cod" {
            assert_eq!(shown["paid_at"], Value::Null);
        } else {
            assert_eq!((&placed["payments"], &shown["payment"]["status"]), (&json!([]), &json!("captured")));
            assert_eq!(shown["paid_at"], json!(market.app.clock.now()), "{method}");
        }
        market.stall.deliver(order).await;
        assert_eq!(market.order(order).await["paid_at"], json!(market.app.clock.now()));
    }
    market.finish(4 * 185_000).await;
}

#[tokio::test]
async fn what_costs_nothing_and_is_cancelled_or_refused_costs_nobody_anything() {
    let market = Market::open().await;
    for method in ["vietqr", "vnpay"] {
        let placed = market.place(method).await.ok();
        let order = placed["orders"][0]["id"].as_str().unwrap();
        let cancelled = market.buyer.turn(order, "cancellation").await.ok();
        assert_eq!((&cancelled["status"], &cancelled["payment"]["refunded_vnd"]), (&json!("cancelled"), &json!(0)));
    }
    for method in ["momo", "cod"] {
        let placed = market.place(method).await.ok();
        let order = placed["orders"][0]["id"].as_str().unwrap();
        for step in ["acceptance", "packing", "shipment", "refusal", "refusal/receipt"] {
            market.stall.turn(order, step).await.ok();
        }
    }
    assert_eq!(market.app.left(&market.stall, &market.tea).await, 10);
    market.finish(0).await;
}
