//! Workers and refunds during a payout, fifty at once.

use chrono::TimeDelta;
use ocop_market::trade::ledger::Provider;
use ocop_market::trade::payouts::jobs::{PayShop, PayShops, pay_shop, pay_shops};
use tokio::task::JoinSet;

use super::{Market, seen};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_workers_at_once_pay_once() {
    let market = Market::open_with_account().await;
    for _ in 0..5 {
        market.sell(100_000).await;
    }
    market.app.clock.advance(TimeDelta::days(7));
    let mut workers = JoinSet::new();
    for number in 0..50 {
        let (app, seller) = (market.app.app.clone(), market.stall.id);
        workers.spawn(async move {
            if number % 10 == 0 {
                pay_shops(&app, PayShops::default()).await
            } else {
                pay_shop(&app, PayShop { seller, provider: Provider::Vnpay }).await
            }
        });
    }
    for done in workers.join_all().await {
        done.unwrap();
    }
    market.app.run_jobs().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 500_000)]);
    assert_eq!(market.sent().await, (500_000, 1));
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refunds_during_a_payout_come_before_it_or_after_it() {
    let market = Market::open_with_account().await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(market.sell(100_000).await);
    }
    market.app.clock.advance(TimeDelta::days(7));
    let refunds = async {
        let refunds: Vec<_> = orders.iter().map(|order| market.refund(*order, 60_000)).collect();
        futures_joined(refunds).await;
    };
    let payouts = async {
        let job = || PayShop { seller: market.stall.id, provider: Provider::Vnpay };
        let jobs: Vec<_> = (0..10)
            .map(|_| async {
                pay_shop(&market.app.app, job()).await.unwrap();
                market.app.run_jobs().await;
            })
            .collect();
        futures_joined(jobs).await;
    };
    tokio::join!(refunds, payouts);
    market.app.run_jobs().await;
    market.books_agree().await;
    // What was paid out too early is carried by what comes next.
    market.sell(4_000_000).await;
    market.next_week().await;
    market.next_week().await;
    assert_eq!(market.sent().await.0, 50 * 40_000 + 4_000_000);
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    market.books_agree().await;
    market.app.finish().await;
}

/// Polls them all at once, on this task.
async fn futures_joined<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
