//! Everybody at once.

use chrono::TimeDelta;
use ocop_market::kernel::{OrderId, RefundId, SellerId, Vnd};
use ocop_market::platform::db::Db;
use ocop_market::platform::error::Result;
use ocop_market::trade::ledger::{self, Account, Transfer, TransferKind};
use ocop_market::trade::payments::{self, NewRefund, RefundReason};
use tokio::task::JoinSet;

use super::Story;
use super::gateway::{SECRET, transaction_of, vnpay_notice};

/// Webhook, return and query at once, fifty of each.
#[tokio::test(flavor = "multi_thread")]
async fn webhook_return_and_query_pay_once() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    let now = story.app.clock.now();
    let notice = vnpay_notice(SECRET, (&attempt, story.total), "00", now);
    story.gateway.pays(&attempt, story.total, transaction_of(&attempt));
    let mut all = JoinSet::new();
    for _ in 0..50 {
        for path in ["ipn", "return"] {
            let (anyone, path) = (story.app.anyone(), format!("/v1/payments/vnpay/{path}?{notice}"));
            all.spawn(async move { anyone.get(&path).await.status });
        }
        let (app, order) = (story.app.app.clone(), story.orders[0].parse().unwrap());
        all.spawn(async move {
            ocop_market::trade::payments::ask_about(&app, order).await.unwrap();
            200
        });
    }
    while let Some(status) = all.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
    story.app.run_jobs().await;
    assert_eq!(story.app.count("select count(*) from payment_captures").await, 1);
    assert_eq!(story.app.count("select count(*) from ledger_transfers where kind = 'capture'").await, 1);
    assert_eq!(story.app.count("select count(*) from refunds").await, 0);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (story.total, 0));
    story.app.finish().await;
}

/// The money comes while the buyer cancels and the time to pay ends: each order is sold or cancelled, and what is not
/// sold goes back.
#[tokio::test(flavor = "multi_thread")]
async fn pay_cancel_and_expiry_lose_nothing() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    story.app.clock.advance(TimeDelta::minutes(15));
    let now = story.app.clock.now();
    let notice = vnpay_notice(SECRET, (&attempt, story.total), "00", now);
    let mut all = JoinSet::new();
    for turn in 0..50 {
        let (anyone, path) = (story.app.anyone(), format!("/v1/payments/vnpay/ipn?{notice}"));
        all.spawn(async move { anyone.get(&path).await.status });
        let (buyer, order) = (story.buyer.clone(), story.orders[turn % 2].clone());
        all.spawn(async move { buyer.turn(&order, "cancellation").await.status });
    }
    story.app.run_jobs().await;
    while let Some(status) = all.join_next().await {
        assert!(matches!(status.unwrap(), 200 | 409));
    }
    story.app.run_jobs().await;
    assert_eq!(story.app.count("select count(*) from payment_captures").await, 1);
    assert_eq!((story.status_of(0).await, story.status_of(1).await), ("cancelled".into(), "cancelled".into()));
    assert_eq!(story.gateway.refunded().iter().sum::<i64>(), story.total);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (0, 0));
    assert_eq!(story.app.count("select coalesce(sum(held), 0)::bigint from stock").await, 0);
    story.app.finish().await;
}

/// Gives so much of an order back, and takes it out of the shop's balance with it.
async fn give_back(db: Db, (order, seller): (OrderId, SellerId), amount: Vnd, id: RefundId) -> Result<()> {
    let now = crate::support::start();
    db.act(async |conn| {
        payments::lock(conn, order).await?;
        let reversal = Transfer::new(TransferKind::Reversal, id.as_uuid()).entry(
            (Account::SellerBalance(seller), Account::BuyerFunds),
            amount,
            (Some(order), None),
        );
        ledger::post(conn, &[reversal], now).await?;
        payments::refund(conn, NewRefund { id, order, amount, reason: RefundReason::Returned }, now).await
    })
    .await
}

/// Fifty want a ninth of an order's money back, and a ninth less than is needed for ten: nine get it.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_refunds_of_one_payment_give_back_no_more_than_came() {
    let story = Story::placed("vnpay").await;
    let (attempt, now) = (story.attempt("mot").await, story.app.clock.now());
    assert_eq!(story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "00", now)).await, "00");
    story.app.run_jobs().await;
    let paid = story.buyer.get(&format!("/v1/orders/{}", story.orders[0])).await.ok();
    let share = paid["total_vnd"].as_i64().unwrap();
    let seller = story.sellers[0];
    let ninth = Vnd::new(share / 9);
    let mut refunds = JoinSet::new();
    for _ in 0..50 {
        let (db, order) = (story.app.app.db.clone(), story.orders[0].parse().unwrap());
        refunds.spawn(give_back(db, (order, seller), ninth, RefundId::new(now)));
    }
    let mut given = 0;
    for done in refunds.join_all().await {
        match done {
            Ok(()) => given += 1,
            // The constraint `payment_allocations_refunded`.
            Err(error) => assert_eq!(error.sqlstate().as_deref(), Some("23514"), "{error:?}"),
        }
    }
    assert_eq!(given, 9);
    story.app.run_jobs().await;
    assert_eq!(story.gateway.refunded(), [ninth.get(); 9]);
    assert_eq!(story.payment().await["orders"][0]["refunded_vnd"], 9 * ninth.get());
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (story.total - 9 * ninth.get(), 0));
    story.app.books_agree().await;
    story.app.finish().await;
}
