//! Answers that are lost, and payouts that come back: nothing is sent twice, and nothing is forgotten.

use chrono::TimeDelta;
use ocop_market::trade::ledger::{Account, Provider};
use ocop_market::trade::payouts::jobs::{PayShop, pay_shop};
use serde_json::json;

use super::{Market, seen};
use crate::support::Answer;

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_and_nothing_is_sent_twice() {
    for lost in ["drop_answer", "drop_request", "pending"] {
        let market = Market::open_with_account().await;
        market.sell(180_000).await;
        market.providers.set_faults("payout_send", &[lost]).await;
        market.next_week().await;
        assert_eq!(seen(&market.payouts().await), [("sending", 180_000)], "{lost}");
        assert_eq!(market.balance(market.balance_of_shop()).await, 0);
        assert_eq!(market.balance(Account::PayoutsInTransit(Provider::Vnpay)).await, 180_000);
        if lost == "pending" {
            let id = market.payouts().await[0]["id"].as_str().unwrap().to_owned();
            market.ask_again().await;
            assert_eq!(seen(&market.payouts().await), [("sending", 180_000)]);
            market.providers.post(&format!("/control/payouts/{id}/succeeded"), json!({})).await;
        }
        market.providers.set_faults("payout_find", &["drop_answer"]).await;
        market.ask_again().await;
        market.ask_again().await;
        assert_eq!(seen(&market.payouts().await), [("succeeded", 180_000)], "{lost}");
        assert_eq!(market.sent().await, (180_000, 1));
        assert_eq!(market.balance(Account::PayoutsInTransit(Provider::Vnpay)).await, 0);
        market.next_week().await;
        assert_eq!(market.sent().await, (180_000, 1));
        market.books_agree().await;
        market.app.finish().await;
    }
}

#[tokio::test]
async fn a_payout_nobody_was_asked_to_send_is_sent_by_the_round() {
    let market = Market::open_with_account().await;
    market.sell(180_000).await;
    market.app.clock.advance(TimeDelta::days(7));
    let job = PayShop { seller: market.stall.id, provider: Provider::Vnpay };
    pay_shop(&market.app.app, job).await.unwrap();
    // The process died after its commit, and its job with it.
    market.app.sql("delete from jobs where kind = 'payouts.send'").await;
    market.app.run_jobs().await;
    assert_eq!(market.sent().await, (0, 0));
    market.ask_again().await;
    assert_eq!(market.sent().await, (180_000, 1));
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn a_payout_that_came_back_waits_for_an_officer_or_another_account() {
    let market = Market::open_with_account().await;
    market.owe(30_000).await;
    market.sell(180_000).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("failed", 150_000)]);
    assert_eq!(market.balance(market.balance_of_shop()).await, 180_000);
    assert_eq!(market.balance(Account::SellerReceivable(market.stall.id)).await, -30_000);
    market.next_week().await;
    assert_eq!(market.payouts().await.len(), 1, "not to the same account by itself");

    let operator = market.app.operator().await;
    let listed = operator.get("/admin/v1/payouts?status=failed").await.ok();
    let failed = listed["items"][0]["id"].as_str().unwrap();
    let retry = format!("/admin/v1/payouts/{failed}/retry");
    let made = operator.put(&retry, json!({})).await.ok();
    assert_eq!(operator.put(&retry, json!({})).await.ok(), made, "asked twice, made once");
    let sending = format!("/admin/v1/payouts/{}/retry", made["id"].as_str().unwrap());
    operator.put(&sending, json!({})).await.refused(409, "payout-not-failed");
    market.app.run_jobs().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 150_000), ("failed", 150_000)]);
    let audited = "select count(*) from audit_entries where operation = 'PUT /admin/v1/payouts/{payout_id}/retry'";
    assert_eq!(market.app.count(audited).await, 2);

    market.sell(90_000).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    market.set_account("7800205999999").await;
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await)[..2], [("succeeded", 90_000), ("failed", 90_000)]);
    let failed = market.payouts().await[1]["id"].as_str().unwrap().to_owned();
    let again = operator.put(&format!("/admin/v1/payouts/{failed}/retry"), json!({})).await;
    again.refused(409, "nothing-to-pay-out");
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn a_payout_is_not_made_again_without_an_account() {
    let market = Market::open_with_account().await;
    market.sell(180_000).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    market.app.sql("insert into bank_account_withdrawals select id, set_by, set_at from bank_accounts").await;
    let failed = market.payouts().await[0]["id"].as_str().unwrap().to_owned();
    let operator = market.app.operator().await;
    let again: Answer = operator.put(&format!("/admin/v1/payouts/{failed}/retry"), json!({})).await;
    again.refused(409, "no-payout-account");
    market.app.finish().await;
}
