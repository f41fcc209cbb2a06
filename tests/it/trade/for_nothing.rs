//! A voucher takes all the goods cost, and the shop bears the shipping: nothing is left to pay.

use ocop_market::trade::statements::checks::verify;
use serde_json::{Value, json};

use super::payments::gateway::FakeGateway;
use crate::support::{LAI_CHAU, TEA, order_form};

#[tokio::test]
async fn what_costs_nothing_is_placed_and_paid_at_once_however_it_was_to_be_paid() {
    let gateway = FakeGateway::start().await;
    let (app, _providers) = gateway.marketplace().await;
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
    for (method, left) in [("vietqr", 9), ("vnpay", 8), ("momo", 7), ("cod", 6)] {
        let mut form = order_form(&[(&tea, 1)]);
        form["vouchers"] = json!(["TRON-GOI"]);
        let quote = buyer.post("/v1/checkouts", form).await.ok();
        assert_eq!((&quote["discount_vnd"], &quote["total_vnd"]), (&json!(185_000), &json!(0)), "{method}");
        let placed = buyer.place_by(method, &quote, method).await.ok();
        let order = placed["orders"][0]["id"].as_str().unwrap();
        app.run_jobs().await;
        let shown = buyer.get(&format!("/v1/orders/{order}")).await.ok();
        assert_eq!(shown["status"], "placed", "{method}");
        assert_eq!(app.left(&stall, &tea).await, left);
        if method == "cod" {
            assert_eq!(shown["paid_at"], Value::Null);
        } else {
            assert_eq!((&placed["payments"], &shown["payment"]["status"]), (&json!([]), &json!("captured")));
            assert_eq!(shown["paid_at"], json!(app.clock.now()), "{method}");
        }
        stall.deliver(order).await;
        assert_eq!(buyer.get(&format!("/v1/orders/{order}")).await.ok()["paid_at"], json!(app.clock.now()));
    }
    assert_eq!(gateway.refunded(), Vec::<i64>::new());
    assert_eq!(app.count("select count(*) from payment_attempts").await, 0);
    // The marketplace owes the shop what the buyers did not pay.
    let borne = "select sum(amount_vnd)::bigint from ledger_entries where debit = 'voucher_expense:platform'";
    assert_eq!(app.count(borne).await, 4 * 185_000);
    let books = app.app.db.see(async |conn| verify(conn).await).await.unwrap();
    assert!(books.agrees, "{:?}", books.findings);
    app.run_jobs().await;
    app.finish().await;
}
