//! What the daily batch sends to a shop, when, and what waits for another one.

use chrono::TimeDelta;
use ocop_market::kernel::ReturnId;
use ocop_market::trade::ledger::Account;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Market, seen};

#[tokio::test]
async fn a_completed_order_is_paid_out_when_its_time_has_come() {
    let market = Market::open_with_account().await;
    let order = market.sell(180_000).await;
    market.app.run_jobs().await;
    // Saturday; the second working day ends on Tuesday.
    market.app.clock.advance(TimeDelta::days(3));
    market.app.run_jobs().await;
    assert_eq!(market.payouts().await, Vec::<Value>::new());
    market.app.clock.advance(TimeDelta::days(1));
    market.app.run_jobs().await;
    let payouts = market.payouts().await;
    assert_eq!(seen(&payouts), [("succeeded", 180_000)]);
    let path = format!("/v1/shops/{}/payouts/{}", market.stall.id, payouts[0]["id"].as_str().unwrap());
    let shown = market.stall.owner.get(&path).await.ok();
    assert_eq!(shown["items"][0]["order_id"], json!(order));
    assert_eq!((&shown["bank"], &shown["account_last"]), (&json!("Agribank"), &json!("3456")));
    let state = market.providers.state().await;
    let sent = &state["payouts"][0]["order"];
    assert_eq!((&sent["bank"]["account"], &sent["key"]), (&json!("7800205123456"), &payouts[0]["id"]));
    assert!(market.app.last_message(market.stall.owner.contact()).await.contains("180.000 ₫"));
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    market.next_week().await;
    assert_eq!(market.payouts().await.len(), 1);
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn what_a_buyer_pays_at_a_gateway_reaches_the_shop() {
    for method in ["vnpay", "momo"] {
        let market = Market::open_with_account().await;
        let order = market.buyer.buy_at(&market.providers, method, &[(&market.tea, 2)]).await.remove(0);
        market.app.run_jobs().await;
        market.stall.deliver(&order).await;
        market.next_week().await;
        let order = market.buyer.get(&format!("/v1/orders/{order}")).await.ok();
        assert_eq!(order["status"], "completed", "{method}");
        market.next_week().await;
        let payouts = market.payouts().await;
        assert_eq!(seen(&payouts), [("succeeded", order["total_vnd"].as_i64().unwrap())], "{method}");
        assert_eq!(payouts[0]["provider"], method);
        assert_eq!(market.balance(market.balance_of_shop()).await, 0);
        let [clearing, funds] = ["clearing:", "buyer_funds"].map(|account| format!("{account}%"));
        assert_eq!((market.balance_like(&clearing).await, market.balance_like(&funds).await), (0, 0));
        market.app.finish().await;
    }
}

#[tokio::test]
async fn too_little_waits_for_more() {
    let market = Market::open_with_account().await;
    market.sell(30_000).await;
    market.next_week().await;
    assert_eq!(market.payouts().await.len(), 0);
    market.sell(30_000).await;
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 60_000)]);
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn an_order_with_an_open_return_waits() {
    let market = Market::open_with_account().await;
    let (waits, other) = (market.sell(180_000).await, market.sell(70_000).await);
    let (seller, account, now) = (market.stall.id, market.buyer.account(), market.app.clock.now());
    let ask = async |conn: &mut PgConnection| {
        for order in [waits, other] {
            sqlx::query(
                "insert into returns (id, order_id, seller_id, account_id, reason, words, status, opened_at, closed_at)
                 values ($1, $2, $3, $4, 'damaged', 'Hộp bị móp', $5, $6, $7)",
            )
            .bind(ReturnId::new(now))
            .bind(order)
            .bind(seller)
            .bind(account)
            .bind(if order == waits { "disputed" } else { "withdrawn" })
            .bind(now)
            .bind((order == other).then_some(now))
            .execute(&mut *conn)
            .await?;
        }
        Ok(())
    };
    market.app.app.db.act(ask).await.unwrap();
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 70_000)]);
    market.app.sql("update returns set status = 'not_upheld', closed_at = opened_at where closed_at is null").await;
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 180_000), ("succeeded", 70_000)]);
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn what_a_shop_owes_is_set_off_first() {
    let market = Market::open_with_account().await;
    market.owe(130_000).await;
    market.sell(100_000).await;
    market.next_week().await;
    let payouts = market.payouts().await;
    assert_eq!(seen(&payouts), [("succeeded", 0)], "nothing is sent");
    assert_eq!((&payouts[0]["offset_vnd"], &payouts[0]["bank"]), (&json!(100_000), &Value::Null));
    market.sell(100_000).await;
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 70_000), ("succeeded", 0)]);
    assert_eq!(market.balance(Account::SellerReceivable(market.stall.id)).await, 0);
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    assert_eq!(market.sent().await, (70_000, 1));
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn a_refund_after_a_payout_is_carried_by_the_next_one() {
    let market = Market::open_with_account().await;
    let first = market.sell(180_000).await;
    market.next_week().await;
    market.refund(first, 80_000).await;
    market.next_week().await;
    assert_eq!(market.payouts().await.len(), 1, "less than nothing is not paid out");
    market.sell(180_000).await;
    market.next_week().await;
    let payouts = market.payouts().await;
    assert_eq!(seen(&payouts), [("succeeded", 100_000), ("succeeded", 180_000)]);
    let path = format!("/v1/shops/{}/payouts/{}", market.stall.id, payouts[0]["id"].as_str().unwrap());
    let items = market.stall.owner.get(&path).await.ok()["items"].clone();
    assert_eq!((&items[0]["amount_vnd"], &items[1]["amount_vnd"]), (&json!(180_000), &json!(-80_000)));
    assert_eq!(market.balance(market.balance_of_shop()).await, 0);
    market.books_agree().await;
    market.app.run_jobs().await;
    market.app.finish().await;
}

#[tokio::test]
async fn a_shop_without_an_account_is_asked_for_one_and_paid_later() {
    let market = Market::open().await;
    market.sell(180_000).await;
    market.next_week().await;
    let asked = "select count(*) from messages where subject = 'Chưa có tài khoản nhận tiền / No account to pay to'";
    assert_eq!(market.app.count(asked).await, 1);
    market.app.clock.advance(TimeDelta::days(1));
    market.app.run_jobs().await;
    assert_eq!(market.app.count(asked).await, 1, "once in a while");
    market.next_week().await;
    assert_eq!(market.app.count(asked).await, 2);
    assert_eq!(market.app.count("select count(*) from payouts").await, 0);
    market.set_account("7800205123456").await;
    market.next_week().await;
    assert_eq!(market.sent().await, (180_000, 1));
    market.app.finish().await;
}
