//! Buyers give back what they paid at a gateway while their money is paid out to the shop.

use axum::http::Method;
use chrono::TimeDelta;
use ocop_market::platform::error::Result;
use ocop_market::trade::ledger::{self, Account, Provider};
use ocop_market::trade::payouts::jobs::{PayShop, pay_shop};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::payments::gateway::{FakeGateway, SECRET, vnpay_notice};
use crate::support::{Actor, Goods, LAI_CHAU, Providers, Stall, TEA, TestApp, Ware};

/// A shop that buyers pay by VNPay, and the partner that pays it out.
struct Market {
    app: TestApp,
    gateway: FakeGateway,
    providers: Providers,
    stall: Stall,
    tea: Ware,
    buyer: Actor,
}

/// What a return is about: an order of the shop and one unit of its line.
#[derive(Clone)]
struct Wish {
    buyer: Actor,
    shop: Actor,
    order: String,
    answers: String,
    body: String,
}

impl Market {
    async fn open() -> Self {
        let gateway = FakeGateway::start().await;
        let (app, providers) = gateway.marketplace().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        app.takes_transfers(&stall).await;
        let tea = app.shelve(&stall, Goods { on_hand: 500, ..TEA }).await;
        let buyer = app.account("Hoa").await;
        Self { app, gateway, providers, stall, tea, buyer }
    }

    /// So many packets in an order of their own, paid and delivered now.
    async fn sell(&self, packets: i32) -> Value {
        let quote = self.buyer.quote(&[(&self.tea, packets)]).await;
        let placed = self.buyer.place_by("vnpay", &quote, quote["id"].as_str().unwrap()).await.ok();
        let payment = placed["payments"][0]["payment_id"].as_str().unwrap();
        let (path, key) = (format!("/v1/payments/{payment}/attempts"), [("idempotency-key", payment)]);
        let attempt = self.buyer.send(Method::POST, &path, &key, "".into()).await.ok();
        let reference = attempt["id"].as_str().unwrap().replace('-', "");
        let sale = (reference.as_str(), quote["total_vnd"].as_i64().unwrap());
        let notice = vnpay_notice(SECRET, sale, "00", self.app.clock.now());
        self.app.anyone().get(&format!("/v1/payments/vnpay/ipn?{notice}")).await.ok();
        self.app.run_jobs().await;
        let order = placed["orders"][0]["id"].as_str().unwrap();
        self.stall.deliver(order).await;
        self.buyer.get(&format!("/v1/orders/{order}")).await.ok()
    }

    fn wish(&self, order: &Value) -> Wish {
        let lines = [json!({ "order_line_id": order["lines"][0]["id"], "quantity": 1 })];
        Wish {
            buyer: self.buyer.clone(),
            shop: self.stall.owner.clone(),
            order: order["id"].as_str().unwrap().to_owned(),
            answers: format!("/v1/shops/{}/returns", self.stall.id),
            body: json!({ "lines": lines, "reason": "damaged", "words": "Hộp bị vỡ." }).to_string(),
        }
    }

    async fn next_week(&self) {
        self.app.run_jobs().await;
        self.app.clock.advance(TimeDelta::days(7));
        self.app.run_jobs().await;
    }

    async fn balance(&self, account: Account) -> i64 {
        self.app.app.db.see(async |conn| ledger::balance(conn, &account).await).await.unwrap().get()
    }

    /// What the partner sent to the shop, and in how many payouts.
    async fn sent(&self) -> (i64, usize) {
        let state = self.providers.state().await;
        let sent = state["payouts"].as_array().unwrap();
        (sent.iter().map(|payout| payout["order"]["amount"].as_i64().unwrap()).sum(), sent.len())
    }

    async fn books_agree(&self) {
        self.app.books_agree().await;
        assert_eq!(self.balance(Account::BuyerFunds).await, 0);
    }
}

impl Wish {
    /// Asks for it; answers with the return.
    async fn ask(&self) -> String {
        let path = format!("/v1/orders/{}/returns", self.order);
        let headers = [("idempotency-key", self.order.as_str()), ("content-type", "application/json")];
        let asked = self.buyer.send(Method::POST, &path, &headers, self.body.clone().into()).await.ok();
        asked["id"].as_str().unwrap().to_owned()
    }

    /// The shop grants it, which gives the money back at once; answers with how much.
    async fn grant(&self, asked: &str) -> i64 {
        let accept = json!({ "answer": "accept", "goods_back": false });
        let granted = self.shop.put(&format!("{}/{asked}/answer", self.answers), accept).await.ok();
        granted["refund"]["amount_vnd"].as_i64().unwrap()
    }
}

/// Of half of the orders the return is open when the money is paid out: they wait. The others' may come before it or
/// after it.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_returns_during_a_payout_take_nothing_from_the_shop_or_the_buyer_twice() {
    let market = Market::open().await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(market.sell(2).await);
    }
    // Delivered on Saturday, completed on Tuesday, to be paid out from Friday on; returns are taken until Saturday.
    market.app.clock.advance(TimeDelta::days(3));
    market.app.run_jobs().await;
    market.app.clock.advance(TimeDelta::hours(84));
    let mut returns = JoinSet::new();
    for (number, order) in orders.iter().enumerate() {
        let wish = market.wish(order);
        let early = if number % 2 == 0 { Some(wish.ask().await) } else { None };
        returns.spawn(async move {
            let asked = match early {
                Some(asked) => asked,
                None => wish.ask().await,
            };
            wish.grant(&asked).await
        });
    }
    let mut payouts = JoinSet::new();
    for _ in 0..10 {
        let (app, seller) = (market.app.app.clone(), market.stall.id);
        payouts.spawn(async move { pay_shop(&app, PayShop { seller, provider: Provider::Vnpay }).await });
    }
    let (refunds, done): (Vec<i64>, Vec<Result<()>>) = tokio::join!(returns.join_all(), payouts.join_all());
    assert!(done.into_iter().all(|done| done.is_ok()));
    market.app.run_jobs().await;
    market.books_agree().await;
    assert_eq!(market.gateway.refunded().iter().sum::<i64>(), refunds.iter().sum::<i64>());
    assert_eq!(market.gateway.refunded().len(), 50);

    // What was paid out before it went back is carried by what comes next.
    let more = market.sell(20).await;
    market.next_week().await;
    market.next_week().await;
    let paid = |order: &Value| order["total_vnd"].as_i64().unwrap();
    let kept = orders.iter().chain([&more]).map(paid).sum::<i64>() - refunds.iter().sum::<i64>();
    assert_eq!(market.sent().await.0, kept);
    assert_eq!(market.balance(Account::SellerBalance(market.stall.id)).await, 0);
    assert_eq!(market.balance(Account::Clearing(Provider::Vnpay)).await, 0);
    market.books_agree().await;
    market.app.finish().await;
}
