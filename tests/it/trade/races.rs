//! Many at once.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use ocop_market::platform::error::Result;
use serde_json::json;
use sqlx::PgConnection;
use tokio::task::JoinSet;

use crate::support::{Actor, Answer, Goods, HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware};

/// Every request at once; how often each status came back.
async fn all_at_once(requests: JoinSet<Answer>) -> BTreeMap<u16, usize> {
    let mut seen = BTreeMap::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    seen
}

async fn movements_explain_the_stock(app: &TestApp) {
    let unexplained = app
        .count(
            "select count(*)
               from stock
              where on_hand <> (select sum(quantity) from stock_movements where variant_id = stock.variant_id)",
        )
        .await;
    assert_eq!(unexplained, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_buyers_get_ten_packets_of_tea() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let mut buyers = Vec::new();
    for _ in 0..64 {
        let buyer = app.account("Người mua").await;
        let quote = buyer.quote(&[(&tea, 1)]).await;
        buyers.push((buyer, quote));
    }
    let mut requests = JoinSet::new();
    for (buyer, quote) in buyers {
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(201, 10), (409, 54)]));
    assert_eq!(app.left(&stall, &tea).await, 0);
    assert_eq!(app.count("select count(*) from orders").await, 10);
    assert_eq!(app.count("select count(*) from payments").await, 10);
    assert_eq!(app.count("select count(*) from checkouts where status = 'placed'").await, 10);
    assert_eq!(app.count("select count(*) from listings where in_stock").await, 0);
    movements_explain_the_stock(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_placement_sent_fifty_times_places_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 2)]).await;
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let (buyer, quote) = (buyer.clone(), quote.clone());
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    let mut placed = Vec::new();
    for answer in requests.join_all().await {
        if answer.status == 409 {
            answer.refused(409, "idempotency-in-progress");
        } else {
            placed.push(answer.ok());
        }
    }
    assert!(!placed.is_empty() && placed.iter().all(|body| *body == placed[0]), "{placed:?}");
    assert_eq!(buyer.place(&quote, "one").await.ok(), placed[0]);
    assert_eq!(app.count("select count(*) from orders").await, 1);
    assert_eq!(app.left(&stall, &tea).await, 8);
    app.finish().await;
}

/// Returns once another transaction waits for this one.
async fn until_somebody_waits(conn: &mut PgConnection) -> Result<()> {
    let waiting = "select count(*)
                     from pg_locks as waits
                     join pg_locks as held on held.transactionid = waits.transactionid
                    where not waits.granted
                      and held.granted
                      and held.pid = pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *conn).await? == 0 {
        tokio::task::yield_now().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_in_flight_is_told_to_wait() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.quote(&[(&tea, 2)]).await;
    // The first is held up at the stock until the second has been answered.
    let held = app
        .app
        .db
        .act(async |conn| {
            sqlx::query("select variant_id from stock for update").execute(&mut *conn).await?;
            let first = tokio::spawn({
                let (buyer, quote) = (buyer.clone(), quote.clone());
                async move { buyer.place(&quote, "one").await }
            });
            tokio::time::timeout(Duration::from_secs(4), until_somebody_waits(conn)).await.expect("the first waits")?;
            let second = buyer.place(&quote, "one").await;
            Ok((first, second))
        })
        .await
        .unwrap();
    held.1.refused(409, "idempotency-in-progress");
    held.0.await.unwrap().ok();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carts_in_opposite_order_do_not_wait_for_each_other() {
    let app = TestApp::new().await;
    let (muong_than, ba_dinh) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let tea = app.shelve(&muong_than, Goods { on_hand: 24, ..TEA }).await;
    let honey = app.shelve(&ba_dinh, Goods { on_hand: 24, ..HONEY }).await;
    let mut quoted = Vec::new();
    for number in 0..24 {
        let buyer = app.account("Người mua").await;
        let lines: [(&Ware, i32); 2] =
            if number % 2 == 0 { [(&tea, 1), (&honey, 1)] } else { [(&honey, 1), (&tea, 1)] };
        quoted.push((buyer.quote(&lines).await, buyer));
    }
    let mut requests = JoinSet::new();
    for (quote, buyer) in quoted {
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(201, 24)]));
    assert_eq!((app.left(&muong_than, &tea).await, app.left(&ba_dinh, &honey).await), (0, 0));
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(app.count(deadlocks).await, 0);
    movements_explain_the_stock(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_two_packs_of_a_listing_sold_at_once_empty_the_shelf() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let mut quoted = Vec::new();
    for _ in 0..12 {
        for pack in app.shelve_packs(&stall, Goods { on_hand: 1, ..TEA }, 2).await {
            let buyer = app.account("Người mua").await;
            quoted.push((buyer.quote(&[(&pack, 1)]).await, buyer));
        }
    }
    let mut requests = JoinSet::new();
    for (quote, buyer) in quoted {
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(201, 24)]));
    assert_eq!(app.count("select count(*) from listings where in_stock").await, 0);
    app.finish().await;
}

/// Sends the same orders' turns by buyer, shop and deadline at once.
async fn turned_at_once(buyer: &Actor, stall: &Stall, orders: &[String], steps: [(&str, bool); 2]) {
    let mut requests = JoinSet::new();
    for order in orders {
        for (step, by_buyer) in steps {
            let path = if by_buyer {
                format!("/v1/orders/{order}/{step}")
            } else {
                format!("/v1/shops/{}/orders/{order}/{step}", stall.id)
            };
            let actor = if by_buyer { buyer.clone() } else { stall.owner.clone() };
            requests.spawn(async move { actor.put(&path, json!({})).await });
        }
    }
    assert!(all_at_once(requests).await.keys().all(|status| [200, 409].contains(status)));
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_and_accepting_at_once_leaves_one_truth() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut orders = Vec::new();
    for _ in 0..8 {
        orders.extend(buyer.buy(&[(&tea, 1)]).await);
    }
    turned_at_once(&buyer, &stall, &orders, [("cancellation", true), ("acceptance", false)]).await;
    // Acceptance may come first, and the cancellation after it; never the other way round.
    for order in &orders {
        let order = buyer.get(&format!("/v1/orders/{order}")).await.ok();
        assert_eq!((&order["status"], &order["payment"]["status"]), (&json!("cancelled"), &json!("void")), "{order}");
    }
    assert_eq!(app.left(&stall, &tea).await, 10);
    movements_explain_the_stock(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packing_and_cancelling_at_once_leaves_one_truth() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut orders = Vec::new();
    for _ in 0..8 {
        let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
        stall.turn(&order, "acceptance").await.ok();
        orders.push(order);
    }
    turned_at_once(&buyer, &stall, &orders, [("cancellation", true), ("packing", false)]).await;
    let mut cancelled = 0;
    for order in &orders {
        let order = buyer.get(&format!("/v1/orders/{order}")).await.ok();
        let events = order["events"].as_array().unwrap().len();
        assert_eq!(events, 3, "either packed or cancelled: {order}");
        cancelled += i64::from(order["status"] == "cancelled");
    }
    assert_eq!(app.left(&stall, &tea).await, 2 + cancelled);
    movements_explain_the_stock(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_and_a_cancellation_give_the_stock_back_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut orders = Vec::new();
    for _ in 0..8 {
        orders.extend(buyer.buy(&[(&tea, 1)]).await);
    }
    app.clock.advance(TimeDelta::hours(48));
    tokio::join!(
        app.run_jobs(),
        turned_at_once(&buyer, &stall, &orders, [("cancellation", true), ("cancellation", false)]),
    );
    app.run_jobs().await;
    assert_eq!(app.left(&stall, &tea).await, 10);
    assert_eq!(app.count("select count(*) from payment_allocations where status = 'void'").await, 8);
    assert_eq!(app.count("select count(*) from order_events where status = 'cancelled'").await, 8);
    movements_explain_the_stock(&app).await;
    app.finish().await;
}
