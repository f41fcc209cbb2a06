//! Money a shop sends back by transfer.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Market, PRICE};

#[tokio::test]
async fn a_refund_is_sent_where_the_buyer_says_and_proved_once() {
    let market = Market::open().await;
    let (app, owner) = (&market.app, &market.stall.owner);
    let order = market.order().await;
    market.confirm(&order, PRICE, "FT1").await.ok();
    let refund = market.refund(&order, 20_000).await;
    let to = json!({ "bin": "970436", "number": "0011 0012 3456 7", "holder": "NGUYEN THI HOA" });
    let account = format!("/v1/orders/{}/refund_account", order.id);
    let set = market.buyer.put(&account, to.clone()).await.ok();
    assert_eq!((&set["bank"], &set["number_last"]), (&json!("Vietcombank"), &json!("4567")));
    assert_eq!(market.buyer.put(&account, to.clone()).await.ok(), set);
    let mut nowhere = to.clone();
    nowhere["bin"] = json!("000000");
    market.buyer.put(&account, nowhere).await.refused(422, "invalid");
    owner.put(&account, to).await.refused(404, "not-found");

    let tasks = owner.get(&market.shop("/refunds?status=promised")).await.ok();
    let task = &tasks["items"][0];
    assert_eq!((&task["amount_vnd"], &task["to"]["number"]), (&json!(20_000), &json!("0011001234567")));
    assert_eq!(task["late"], false);
    let proof = json!({ "bank_reference": "FT9", "sent_on": "2026-11-21" });
    let address = market.shop(&format!("/refunds/{refund}/proof"));
    let proved = owner.put(&address, proof.clone()).await.ok();
    assert_eq!((&proved["status"], &proved["to"]), (&json!("arrived"), &Value::Null));
    assert_eq!(owner.put(&address, proof).await.ok(), proved, "the second click changes nothing");
    let other = json!({ "bank_reference": "FT10", "sent_on": "2026-11-21" });
    owner.put(&address, other).await.refused(409, "refund-settled");
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE - 20_000);
    let letter = app.last_message(market.buyer.contact()).await;
    assert!(letter.contains("20.000 ₫"), "{letter}");
    let seen = market.buyer.get(&format!("/v1/orders/{}/refunds", order.id)).await.ok();
    assert_eq!((&seen[0]["status"], &seen[0]["bank_reference"]), (&json!("arrived"), &json!("FT9")));
    let tasks = owner.get(&market.shop("/refunds")).await.ok();
    assert!(!tasks.to_string().contains("0011001234567"), "nothing is owed any more: {tasks}");
    owner.get(&format!("/v1/orders/{}/refunds", order.id)).await.refused(404, "not-found");
    market.close().await;
}

#[tokio::test]
async fn a_late_refund_is_a_matter_for_a_complaint() {
    let market = Market::open().await;
    let order = market.order().await;
    market.confirm(&order, PRICE, "FT1").await.ok();
    market.refund(&order, PRICE).await;
    // Three working days from a Saturday: until the end of Wednesday.
    market.app.clock.advance(TimeDelta::hours(24 * 4 + 14));
    market.app.run_jobs().await;
    // By then the shop has also heard of the order.
    market.app.clock.advance(TimeDelta::minutes(1));
    market.app.run_jobs().await;
    let letter = market.app.last_message(market.buyer.contact()).await;
    assert!(!letter.contains("khiếu nại về đơn hàng"), "{letter}");
    market.app.clock.advance(TimeDelta::hours(2));
    market.app.run_jobs().await;
    for contact in [market.buyer.contact(), market.stall.owner.contact()] {
        let letter = market.app.last_message(contact).await;
        assert!(letter.contains("220.000 ₫") && letter.contains("thời hạn"), "{letter}");
    }
    let tasks = market.stall.owner.get(&market.shop("/refunds")).await.ok();
    assert_eq!(tasks["items"][0]["late"], true);
    let complaint = json!({
        "against": { "order": order.id }, "kind": "refund_overdue", "words": "Đã quá hạn mà chưa nhận được tiền.",
    });
    market.buyer.post("/v1/complaints", complaint).await.ok();
    market.close().await;
}
