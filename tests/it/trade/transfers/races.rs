//! Notices, claims, cancellations and confirmations at once.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::TimeDelta;
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Market, NUMBER, PRICE, notice};
use crate::support::{Answer, bank_keys};

/// Every request at once; how often each status came back.
async fn all_at_once(requests: JoinSet<Answer>) -> BTreeMap<u16, usize> {
    let mut seen = BTreeMap::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_sent_fifty_times_at_once_counts_once() {
    let market = Market::open().await;
    let (paid, odd) = (market.order().await, market.order().await);
    let mut requests = JoinSet::new();
    for (order, id, amount) in [(&paid, "FT1", PRICE), (&odd, "FT2", PRICE + 1)] {
        let body = notice(NUMBER, (id, amount, order.reference.as_str()), &market.app);
        let timestamp = market.app.clock.now().timestamp().to_string();
        let signature = bank_keys().sign(&timestamp, body.to_string().as_bytes());
        for _ in 0..50 {
            let (service, body) = (market.app.anyone(), body.to_string());
            let (timestamp, signature) = (timestamp.clone(), signature.clone());
            requests.spawn(async move {
                let headers = [(BANK_NOTICE_TIMESTAMP, &*timestamp), (BANK_NOTICE_SIGNATURE, &*signature)];
                service.send(Method::POST, "/v1/payments/bank_notices", &headers, body.into()).await
            });
        }
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(200, 100)]));
    assert_eq!(market.app.count("select count(*) from bank_notices").await, 2);
    assert_eq!(market.app.count("select count(*) from transfer_receipts").await, 1);
    assert_eq!(market.app.count("select count(*) from transfer_exceptions").await, 1);
    let shop = market.stall.id;
    let books = (market.balance(format!("seller_cash:{shop}")).await, market.balance(format!("suspense:{shop}")).await);
    assert_eq!(books, (2 * PRICE + 1, -PRICE - 1));
    market.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claim_expiry_cancellation_confirmation_and_notice_at_once_leave_one_truth() {
    let market = Market::open().await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(market.order().await);
    }
    market.app.clock.advance(TimeDelta::hours(4));
    let mut requests = JoinSet::new();
    for (turn, order) in orders.into_iter().enumerate() {
        let (id, name) = (order.id.clone(), format!("FT{turn}"));
        for (path, body) in [("payment/claim", json!({})), ("cancellation", json!({}))] {
            let (buyer, path) = (market.buyer.clone(), format!("/v1/orders/{id}/{path}"));
            requests.spawn(async move { buyer.put(&path, body).await });
        }
        let (owner, path) = (market.stall.owner.clone(), market.shop(&format!("/orders/{id}/payment/confirmation")));
        let body = json!({ "amount_vnd": PRICE, "bank_reference": name });
        requests.spawn(async move { owner.put(&path, body).await });
        let body = notice(NUMBER, (&name, PRICE, &order.reference), &market.app).to_string();
        let timestamp = market.app.clock.now().timestamp().to_string();
        let signature = bank_keys().sign(&timestamp, body.as_bytes());
        let service = market.app.anyone();
        requests.spawn(async move {
            let headers = [(BANK_NOTICE_TIMESTAMP, &*timestamp), (BANK_NOTICE_SIGNATURE, &*signature)];
            service.send(Method::POST, "/v1/payments/bank_notices", &headers, body.into()).await
        });
    }
    let (seen, ()) = tokio::join!(all_at_once(requests), market.app.run_jobs());
    assert!(seen.keys().all(|status| [200, 409].contains(status)), "{seen:?}");
    // Every order's money arrived once, told twice: it paid the order, or waits because the order was cancelled first.
    for (rule, broken) in [
        (
            "paid or waiting, never both",
            "select count(*)
               from payment_allocations
              where (select count(*) from transfer_receipts where order_id = payment_allocations.order_id)
                  + (select count(*) from transfer_exceptions where order_id = payment_allocations.order_id) <> 1",
        ),
        (
            "only what is paid has a receipt",
            "select count(*)
               from payment_allocations
               left join transfer_receipts using (order_id)
              where (status = 'captured') <> (source is not null)
                 or status not in ('captured', 'void')",
        ),
        ("each notice is kept", "select 50 - count(*) from bank_notices"),
        ("no deadlock", "select deadlocks from pg_stat_database where datname = current_database()"),
    ] {
        assert_eq!(market.app.count(broken).await, 0, "{rule}");
    }
    market.close().await;
}
