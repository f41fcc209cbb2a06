//! Money, cancellations and deadlines at once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Actor, Answer, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware};

async fn market(on_hand: i32) -> (TestApp, Stall, Ware) {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand, ..TEA }).await;
    app.takes_transfers(&stall).await;
    (app, stall, tea)
}

/// Every request at once; how often each status came back.
async fn all_at_once(requests: JoinSet<Answer>) -> BTreeMap<u16, usize> {
    let mut seen = BTreeMap::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    seen
}

/// Rows that break a rule, for rules that hold whatever happened in whatever order.
#[expect(clippy::too_many_lines, reason = "a list of rules")]
async fn nothing_is_broken(app: &TestApp) {
    const RULES: [(&str, &str); 6] = [
        (
            "on hand and held are the sums of their movements, and held that of the open holds",
            "select count(*)
               from stock
              where (on_hand, held) <> (select sum(quantity), sum(held)
                                          from stock_movements
                                         where stock_movements.variant_id = stock.variant_id)
                 or held <> (select coalesce(sum(quantity), 0)
                               from stock_holds
                              where stock_holds.variant_id = stock.variant_id
                                and ended_at is null)",
        ),
        (
            "an order that waits for money holds its goods, a cancelled one nothing, any other has taken them",
            "select count(*)
               from orders
               join lateral (select sum(quantity) as taken, sum(held) as held
                               from stock_movements
                              where order_id = orders.id) as moved on true
               join lateral (select sum(quantity) as bought
                               from order_lines
                              where order_id = orders.id) as lines on true
              where held <> case when status = 'awaiting_payment' then bought else 0 end
                 or taken <> case when status in ('awaiting_payment', 'cancelled', 'returned') then 0 else -bought end",
        ),
        (
            "a cancelled order keeps no money, a paid one all of it",
            "select count(*)
               from orders
               join payment_allocations as share on share.order_id = orders.id
              where case
                    when orders.status = 'cancelled' then captured_vnd <> refunded_vnd or share.status = 'due'
                    when orders.status = 'awaiting_payment' then share.status <> 'due'
                    else refunded_vnd <> 0 or share.status = 'void'
                end",
        ),
        (
            "a sale is in the books once while the order stands, and its reversal once when it does not",
            "select count(*)
               from orders
              where (select coalesce(sum(case when credit like 'seller_sales:%' then amount_vnd
                                              when debit like 'seller_sales:%' then -amount_vnd end), 0)
                       from ledger_entries
                      where order_id = orders.id)
                    <> case when paid_at is null or status = 'cancelled' then 0 else total_vnd end",
        ),
        (
            "what buyers have paid and no sale has taken is what was promised back",
            "select (coalesce(sum(case when credit = 'buyer_funds' then amount_vnd else 0 end
                                - case when debit = 'buyer_funds' then amount_vnd else 0 end), 0)
                     <> (select coalesce(sum(amount_vnd), 0) from refunds where status = 'promised'))::int::bigint
               from ledger_entries",
        ),
        (
            "every turn is taken once",
            "select count(*) from (select 1 from order_events group by order_id, status having count(*) > 1) as twice",
        ),
    ];
    for (rule, broken) in RULES {
        assert_eq!(app.count(broken).await, 0, "broken: {rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_buyers_in_cash_and_in_advance_get_the_last_packet_once() {
    let (app, stall, tea) = market(1).await;
    let mut quoted = Vec::new();
    for number in 0..50 {
        let buyer = app.account("Người mua").await;
        let method = if number % 2 == 0 { "cod" } else { "vietqr" };
        quoted.push((buyer.quote(&[(&tea, 1)]).await, buyer, method));
    }
    let mut requests = JoinSet::new();
    for (quote, buyer, method) in quoted {
        requests.spawn(async move { buyer.place_by(method, &quote, "one").await });
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(201, 1), (409, 49)]));
    let levels = stall.owner.get(&format!("/v1/shops/{}/stock", stall.id)).await.ok();
    assert_eq!(levels["items"][0]["available"], 0);
    assert_eq!(app.count("select count(*) from orders").await, 1);
    nothing_is_broken(&app).await;
    app.finish().await;
}

/// Fifty orders that wait for their transfer.
async fn waiting(buyer: &Actor, tea: &Ware) -> Vec<String> {
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.extend(buyer.buy_by(&[(tea, 1)], "vietqr").await);
    }
    orders
}

#[tokio::test(flavor = "multi_thread")]
async fn paying_cancelling_and_expiring_at_once_leaves_one_truth() {
    let (app, stall, tea) = market(100).await;
    let buyer = app.account("Hoa").await;
    let orders = waiting(&buyer, &tea).await;
    app.clock.advance(TimeDelta::hours(4));
    let mut requests = JoinSet::new();
    for (number, order) in orders.iter().enumerate() {
        let received = json!({ "amount_vnd": 220_000, "bank_reference": format!("FT{number}") });
        let path = format!("/v1/shops/{}/orders/{order}/payment/confirmation", stall.id);
        let owner = stall.owner.clone();
        requests.spawn(async move { owner.put(&path, received).await });
        // Every second one is cancelled too.
        if number % 2 == 0 {
            let (buyer, path) = (buyer.clone(), format!("/v1/orders/{order}/cancellation"));
            requests.spawn(async move { buyer.put(&path, json!({})).await });
        }
    }
    let (statuses, ()) = tokio::join!(all_at_once(requests), app.run_jobs());
    app.run_jobs().await;
    assert!(statuses.keys().all(|status| [200, 409].contains(status)), "{statuses:?}");
    assert_eq!(app.count("select count(*) from orders where status = 'awaiting_payment'").await, 0);
    let standing = app.count("select count(*) from orders where status = 'placed'").await;
    assert_eq!(app.left(&stall, &tea).await, 100 - standing);
    // Money that came too late for its order waits on the shop's review list: none is lost.
    let told = app
        .count(
            "select (select count(*) from payment_allocations where captured_vnd > 0)
                  + (select count(*) from transfer_exceptions)",
        )
        .await;
    assert_eq!(told, 50);
    nothing_is_broken(&app).await;
    app.sql("delete from jobs where kind = 'payments.refund_arrived'").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_that_come_twice_at_once_release_every_hold_once() {
    let (app, stall, tea) = market(50).await;
    let buyer = app.account("Hoa").await;
    waiting(&buyer, &tea).await;
    app.sql("insert into jobs (id, kind, payload, run_at) select gen_random_uuid(), kind, payload, run_at from jobs")
        .await;
    app.clock.advance(TimeDelta::hours(4));
    tokio::join!(app.run_jobs(), app.run_jobs(), app.run_jobs());
    assert_eq!(app.left(&stall, &tea).await, 50);
    assert_eq!(app.count("select count(*) from stock_movements where kind = 'hold_released'").await, 50);
    assert_eq!(app.count("select count(*) from orders where cancel_reason = 'not_paid'").await, 50);
    nothing_is_broken(&app).await;
    app.finish().await;
}
