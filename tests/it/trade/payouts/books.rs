//! What is posted of payouts, and that the check of the books finds what is not.

use axum::http::Method;
use chrono::TimeDelta;
use ocop_market::trade::ledger::{Account, Provider};
use ocop_market::trade::statements::checks::Disagreement;
use serde_json::{Value, json};

use super::Market;

#[tokio::test]
async fn the_check_of_the_books_finds_a_payout_that_is_not_what_was_posted() {
    let market = Market::open_with_account().await;
    let order = market.buyer.buy_at(&market.providers, "vnpay", &[(&market.tea, 2)]).await.remove(0);
    market.app.run_jobs().await;
    market.stall.deliver(&order).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    market.next_week().await;
    market.set_account("7800205999999").await;
    market.next_week().await;
    let states: Vec<Value> = market.payouts().await.iter().map(|payout| payout["status"].clone()).collect();
    assert_eq!((states, market.findings().await), (vec![json!("succeeded"), json!("failed")], Vec::new()));
    // Somebody marks a payout that came back as one that is still on its way.
    let failed = market.payouts().await[1]["id"].as_str().unwrap().to_owned();
    market
        .app
        .sql("update payouts set status = 'sending', reason = null, settled_at = null where status = 'failed'")
        .await;
    let number = market.buyer.get(&format!("/v1/orders/{order}")).await.ok()["number"].as_str().unwrap().to_owned();
    let wrong = [failed, number, "payouts_in_transit:vnpay".to_owned()].map(|subject| (Disagreement::Payouts, subject));
    assert_eq!(market.findings().await, wrong);
    market.app.abandon().await;
}

#[tokio::test]
async fn what_comes_back_after_it_was_paid_out_is_the_shops_debt_and_the_books_agree() {
    let market = Market::open_with_account().await;
    let order = market.buyer.buy_at(&market.providers, "vnpay", &[(&market.tea, 2)]).await.remove(0);
    market.app.run_jobs().await;
    market.stall.deliver(&order).await;
    for _ in 0..2 {
        market.app.run_jobs().await;
        market.app.clock.advance(TimeDelta::days(3));
    }
    market.app.run_jobs().await;
    let shown = market.buyer.get(&format!("/v1/orders/{order}")).await.ok();
    let wish = json!({
        "lines": [{ "order_line_id": shown["lines"][0]["id"], "quantity": 2 }], "reason": "spoiled", "words": "Trà mốc.",
    });
    let headers = [("idempotency-key", "moc"), ("content-type", "application/json")];
    let path = format!("/v1/orders/{order}/returns");
    let made = market.buyer.send(Method::POST, &path, &headers, wish.to_string().into()).await.ok();
    let path = format!("/v1/shops/{}/returns/{}/answer", market.stall.id, made["id"].as_str().unwrap());
    market.stall.owner.put(&path, json!({ "answer": "accept", "goods_back": false })).await.ok();
    market.app.run_jobs().await;
    let total = shown["total_vnd"].as_i64().unwrap();
    assert_eq!((market.sent().await, market.balance(market.balance_of_shop()).await), ((total, 1), -total));
    assert_eq!(market.balance(Account::Clearing(Provider::Vnpay)).await, total);
    assert_eq!(market.findings().await, Vec::<(Disagreement, String)>::new());
    market.app.sql("update payouts set status = 'failed', reason = 'x'").await;
    assert!(market.findings().await.contains(&(Disagreement::Clearing, "clearing:vnpay".to_owned())));
    market.app.finish().await;
}
