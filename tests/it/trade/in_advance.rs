//! Orders paid in advance: what is offered, what follows from the money, and what goes back.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Actor, Goods, HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware};

/// A shop that can be paid by transfer, its tea, and somebody who buys it.
async fn market() -> (TestApp, Stall, Ware, Actor) {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 20, ..TEA }).await;
    app.takes_transfers(&stall).await;
    let buyer = app.account("Hoa").await;
    (app, stall, tea, buyer)
}

/// An order the shop has been paid for.
async fn paid(app: &TestApp, stall: &Stall, buyer: &Actor, lines: &[(&Ware, i32)]) -> String {
    let order = buyer.buy_by(lines, "vietqr").await.remove(0);
    stall.confirm_payment(&order).await.ok();
    app.run_jobs().await;
    order
}

async fn order(buyer: &Actor, order: &str) -> Value {
    buyer.get(&format!("/v1/orders/{order}")).await.ok()
}

/// Credits less debits of the accounts that begin so.
async fn credit(app: &TestApp, account: &str) -> i64 {
    let fold = "select coalesce(sum(case when starts_with(credit, $1) then amount_vnd else 0 end
                                   - case when starts_with(debit, $1) then amount_vnd else 0 end), 0)::bigint
                  from ledger_entries";
    let fold = async |conn: &mut sqlx::PgConnection| Ok(sqlx::query_scalar(fold).bind(account).fetch_one(conn).await?);
    app.app.db.see(fold).await.unwrap()
}

/// The refunds' news belongs to those who asked for them.
async fn finish(app: TestApp) {
    app.sql("delete from jobs where kind = 'payments.refund_arrived'").await;
    app.finish().await;
}

#[tokio::test]
async fn a_transfer_is_offered_when_every_shop_takes_it_and_paid_order_by_order() {
    let (app, stall, tea, buyer) = market().await;
    let other = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let honey = app.shelve(&other, HONEY).await;
    let lines = [(&tea, 1), (&honey, 1)];
    let quote = buyer.quote(&lines).await;
    assert_eq!(quote["methods"], json!(["cod"]));
    assert_eq!(buyer.place_by("momo", &quote, "a").await.refused(409, "method-not-offered")["methods"], json!(["cod"]));
    app.takes_transfers(&other).await;
    let path = format!("/v1/checkouts/{}", quote["id"].as_str().unwrap());
    assert_eq!(buyer.get(&path).await.ok()["methods"], json!(["cod", "vietqr"]));

    let placed = buyer.place_by("vietqr", &quote, "a").await.ok();
    let (orders, payments) = (placed["orders"].as_array().unwrap(), placed["payments"].as_array().unwrap());
    assert_eq!((orders.len(), payments.len()), (2, 2));
    for (order, payment) in orders.iter().zip(payments) {
        assert_eq!((&payment["amount_vnd"], &payment["method"]), (&order["total_vnd"], &json!("vietqr")));
        assert_eq!(payment["pay_by"], json!(app.clock.now() + TimeDelta::hours(4)));
    }
    let first = orders[0]["id"].as_str().unwrap();
    let shown = order(&buyer, first).await;
    assert_eq!((&shown["status"], &shown["accept_by"]), (&json!("awaiting_payment"), &Value::Null));
    stall.turn(first, "acceptance").await.refused(409, "order-moved-on");

    stall.confirm_payment(first).await.ok();
    app.run_jobs().await;
    let shown = order(&buyer, first).await;
    assert_eq!((&shown["status"], &shown["paid_at"]), (&json!("placed"), &json!(app.clock.now())));
    assert_eq!(shown["accept_by"], json!(app.clock.now() + TimeDelta::hours(48)));
    let view = buyer.get(&path).await.ok();
    assert_eq!((&view["methods"], &view["payments"]), (&json!([]), &json!([payments[1]])));
    // Each expires alone.
    app.clock.advance(TimeDelta::hours(4));
    app.run_jobs().await;
    assert_eq!(order(&buyer, first).await["status"], "placed");
    assert_eq!(order(&buyer, orders[1]["id"].as_str().unwrap()).await["cancel_reason"], "not_paid");
    app.finish().await;
}

#[tokio::test]
async fn the_sale_is_in_the_books_when_it_is_paid_and_taken_out_when_cancelled() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = paid(&app, &stall, &buyer, &[(&tea, 3)]).await;
    let total = order(&buyer, &order_id).await["total_vnd"].as_i64().unwrap();
    assert_eq!((credit(&app, "buyer_funds").await, credit(&app, "seller_sales:").await), (0, total));

    stall.turn(&order_id, "acceptance").await.ok();
    let cancelled = buyer.turn(&order_id, "cancellation").await.ok();
    assert_eq!(cancelled["payment"]["refunded_vnd"], total);
    assert_eq!(cancelled["payment"]["status"], "captured");
    assert_eq!((credit(&app, "buyer_funds").await, credit(&app, "seller_sales:").await), (total, 0));
    assert_eq!(app.left(&stall, &tea).await, 20);
    assert_eq!(buyer.turn(&order_id, "cancellation").await.ok(), cancelled);
    assert_eq!(app.count("select count(*) from refunds").await, 1);
    finish(app).await;
}

#[tokio::test]
async fn money_whose_news_is_on_its_way_goes_back_with_the_cancellation() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = buyer.buy_by(&[(&tea, 3)], "vietqr").await.remove(0);
    stall.confirm_payment(&order_id).await.ok();
    let cancelled = buyer.turn(&order_id, "cancellation").await.ok();
    assert_eq!(cancelled["payment"]["refunded_vnd"], cancelled["total_vnd"]);
    app.run_jobs().await;
    let shown = order(&buyer, &order_id).await;
    assert_eq!((&shown["status"], &shown["paid_at"]), (&json!("cancelled"), &Value::Null));
    assert_eq!(json!(credit(&app, "buyer_funds").await), shown["total_vnd"]);
    assert_eq!((credit(&app, "seller_sales:").await, app.left(&stall, &tea).await), (0, 20));
    finish(app).await;
}

#[tokio::test]
async fn the_shop_is_reminded_and_an_order_no_carrier_gets_ends_with_the_money_back() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = paid(&app, &stall, &buyer, &[(&tea, 2)]).await;
    let reminders = async || app.count("select count(*) from messages where subject like 'Đơn hàng chờ %'").await;
    app.sql("insert into jobs (id, kind, payload, run_at) select gen_random_uuid(), kind, payload, run_at from jobs")
        .await;
    app.clock.advance(TimeDelta::hours(24));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    assert!(letter.contains("must be accepted by") && reminders().await == 1, "{letter}");

    stall.turn(&order_id, "acceptance").await.ok();
    stall.turn(&order_id, "packing").await.ok();
    app.clock.advance(TimeDelta::hours(96));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    assert!(letter.contains("must be with a carrier by") && reminders().await == 2, "{letter}");
    app.clock.advance(TimeDelta::hours(24));
    app.run_jobs().await;
    let shown = order(&buyer, &order_id).await;
    assert_eq!((&shown["status"], &shown["cancel_reason"]), (&json!("cancelled"), &json!("not_shipped")));
    assert_eq!(shown["payment"]["refunded_vnd"], shown["total_vnd"]);
    assert_eq!((app.left(&stall, &tea).await, credit(&app, "seller_sales:").await), (20, 0));
    finish(app).await;
}

#[tokio::test]
async fn a_refused_parcel_paid_on_delivery_owes_nothing_and_comes_back_into_the_stock() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = buyer.buy(&[(&tea, 2)]).await.remove(0);
    for step in ["acceptance", "packing", "shipment"] {
        stall.turn(&order_id, step).await.ok();
    }
    stall.turn(&order_id, "refusal/receipt").await.refused(409, "order-moved-on");
    let refused = stall.turn(&order_id, "refusal").await.ok();
    assert_eq!((&refused["status"], &refused["payment"]["status"]), (&json!("returning"), &json!("void")));
    assert_eq!((stall.turn(&order_id, "refusal").await.ok(), app.left(&stall, &tea).await), (refused, 18));
    stall.turn(&order_id, "delivery").await.refused(409, "order-moved-on");
    let returned = stall.turn(&order_id, "refusal/receipt").await.ok();
    assert_eq!((&returned["status"], app.left(&stall, &tea).await), (&json!("returned"), 20));
    assert_eq!(stall.turn(&order_id, "refusal/receipt").await.ok(), returned);
    assert_eq!(app.left(&stall, &tea).await, 20);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_parcel_paid_in_advance_gives_back_all_but_its_way() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = paid(&app, &stall, &buyer, &[(&tea, 2)]).await;
    for step in ["acceptance", "packing", "shipment", "refusal"] {
        stall.turn(&order_id, step).await.ok();
    }
    assert_eq!(order(&buyer, &order_id).await["payment"]["refunded_vnd"], 0);
    let returned = stall.turn(&order_id, "refusal/receipt").await.ok();
    assert_eq!(returned["payment"]["refunded_vnd"], returned["goods_vnd"]);
    assert_eq!(json!(credit(&app, "seller_sales:").await), returned["shipping_vnd"]);
    assert_eq!(app.left(&stall, &tea).await, 20);
    finish(app).await;
}

#[tokio::test]
async fn cash_is_in_the_books_when_the_parcel_arrives() {
    let (app, stall, tea, buyer) = market().await;
    let order_id = buyer.buy(&[(&tea, 2)]).await.remove(0);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 0);
    stall.deliver(&order_id).await;
    let shown = order(&buyer, &order_id).await;
    assert_eq!(json!(credit(&app, "seller_sales:").await), shown["total_vnd"]);
    assert_eq!(shown["paid_at"], shown["delivered_at"]);
    assert_eq!(credit(&app, "buyer_funds").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_was_agreed_never_changes() {
    let (app, _, tea, buyer) = market().await;
    buyer.buy(&[(&tea, 2)]).await;
    for change in [
        "update orders set total_vnd = 1, goods_vnd = 1, shipping_vnd = 0",
        "update orders set method = 'vietqr'",
        "delete from orders",
        "update order_lines set quantity = quantity",
        "delete from order_lines",
        "update order_events set at = now()",
    ] {
        let changed = app.app.db.act(async |conn| Ok(sqlx::raw_sql(change).execute(conn).await.map(drop)?)).await;
        assert_eq!(changed.unwrap_err().sqlstate().as_deref(), Some("23000"), "{change}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_shop_suspended_after_the_quote_sells_nothing() {
    let (app, _, tea, buyer) = market().await;
    let quote = buyer.quote(&[(&tea, 1)]).await;
    app.sql("update sellers set closed_from = '2026-11-20'").await;
    buyer.place_by("vietqr", &quote, "a").await.refused(409, "seller-closed");
    app.sql("update sellers set closed_from = null, status = 'suspended'").await;
    buyer.place_by("vietqr", &quote, "a").await.refused(409, "seller-closed");
    assert_eq!(app.count("select count(*) from stock_holds").await, 0);
    app.finish().await;
}
