//! One sequence, told: every act is done, and after each the rules are looked at.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ocop_market::trade::payouts::jobs::{AskAgain, PayShops, ask_again, pay_shops};
use serde_json::{Value, json};
use sqlx::types::Uuid;

use super::super::payments::gateway::{SECRET, momo_notice, transaction_of, vnpay_notice};
use super::acts::{Act, Basket, Deed, sequence};
use super::checks::{Seen, Wish};
use super::market::Market;
use super::requests::{Request, Scene};
use crate::support::{Actor, Answer, bank_keys, order_form};

/// How often what was done, or refused.
pub type Tally = BTreeMap<String, usize>;

/// A sequence under way.
pub struct Tale<'m> {
    market: &'m Market,
    buyer: &'m Actor,
    seed: u64,
    /// What was done so far, for whoever must find out what went wrong.
    told: Vec<String>,
    orders: Vec<Uuid>,
    /// What each order cost when it was placed.
    agreed: BTreeMap<Uuid, i64>,
    seen: Vec<Seen>,
    last: Option<Request>,
    requests: u32,
    tally: Tally,
}

impl Drop for Tale<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}:\n  {}", self.seed, self.told.join("\n  "));
        }
    }
}

/// Tells the sequence of this seed to its end: until all its times are over.
pub async fn tell(market: &Market, seed: u64) -> Tally {
    market.fill_up().await;
    let buyer = &market.buyers[usize::try_from(seed % 3).unwrap()];
    let mut tale = Tale {
        market,
        buyer,
        seed,
        told: Vec::new(),
        orders: Vec::new(),
        agreed: BTreeMap::new(),
        seen: Vec::new(),
        last: None,
        requests: 0,
        tally: Tally::new(),
    };
    for act in sequence(seed) {
        tale.told.push(format!("{act:?}"));
        tale.act(&act).await;
    }
    tale.end().await;
    std::mem::take(&mut tale.tally)
}

impl Tale<'_> {
    async fn act(&mut self, act: &Act) {
        match act {
            Act::Place(basket) => self.place(basket).await,
            Act::Again => self.again().await,
            Act::Pass { hours, silent } => {
                self.market.gateway.says.lock().unwrap().is_silent = *silent;
                self.pass(TimeDelta::hours(*hours)).await;
                self.market.gateway.says.lock().unwrap().is_silent = false;
            }
            Act::PayOut(fault) => self.pay_out(*fault).await,
            Act::Onward(..) | Act::Anyhow(..) if self.seen.is_empty() => {}
            Act::Onward(order, whim) => {
                let order = order.get(&self.seen).clone();
                if let Some(deed) = order.next(*whim) {
                    self.deed(&order, deed, *whim).await;
                }
            }
            Act::Anyhow(order, deed, whim) => {
                let order = order.get(&self.seen).clone();
                self.deed(&order, *deed, *whim).await;
            }
        }
    }

    async fn deed(&mut self, order: &Seen, deed: Deed, whim: u8) {
        let answer = match (deed, &order.wish) {
            (Deed::Pay, _) => self.pay(order, whim).await,
            (Deed::Judge, Some(wish)) => self.judge(order, wish, whim).await,
            _ => {
                let scene = Scene {
                    order,
                    shop: self.market.shop_of(&order.seller),
                    buyer: self.buyer,
                    number: self.number(),
                    today: self.market.app.clock.today().to_string(),
                };
                match scene.request(deed, whim) {
                    Some(request) => Some(self.send(request).await),
                    None => None,
                }
            }
        };
        if let Some(answer) = answer {
            let came = if answer.status < 300 { "done" } else { "refused" };
            *self.tally.entry(format!("{deed:?} {came}")).or_default() += 1;
        }
    }

    /// A new number of a request: a key, a tracking code, a bank's reference.
    fn number(&mut self) -> String {
        self.requests += 1;
        format!("{}-{}", self.seed, self.requests)
    }

    /// Sends the request and looks at what came of it.
    async fn send(&mut self, request: Request) -> Answer {
        let answer = request.send().await;
        let problem = answer.body["type"].as_str().unwrap_or_default();
        self.told.push(format!("    {request} → {} {problem}", answer.status));
        let (refused, code) = (matches!(answer.status, 404 | 409 | 422), answer.status);
        assert!(refused || matches!(code, 200..300), "{request} was answered {code}: {}", answer.body);
        let before = std::mem::take(&mut self.seen);
        self.look().await;
        if refused {
            assert_eq!(self.seen, before, "what was refused has changed something");
            *self.tally.entry(format!("refused: {problem}")).or_default() += 1;
        }
        self.last = (!refused).then_some(request);
        answer
    }

    /// The same once more changes nothing, whatever it is answered.
    async fn again(&mut self) {
        let Some(last) = self.last.clone() else { return };
        let before = self.seen.clone();
        self.send(last).await;
        assert_eq!(self.seen, before, "the second time something changed");
        *self.tally.entry("Again".to_owned()).or_default() += 1;
    }

    /// Looks at the orders, and whether what must hold does.
    async fn look(&mut self) {
        self.seen = self.market.look(&self.orders).await;
        for order in &self.seen {
            assert_eq!(order.total_vnd, self.agreed[&order.id], "the total of order {} changed", order.id);
        }
    }

    async fn place(&mut self, basket: &Basket) {
        let wares = &self.market.wares;
        let lines: Vec<_> = basket.lines.iter().map(|(ware, quantity)| (&wares[*ware].1, *quantity)).collect();
        let mut form = order_form(&lines);
        form["vouchers"] = json!(basket.vouchers);
        let mut quote = self.buyer.post("/v1/checkouts", form.clone()).await;
        if quote.status == 409 && !basket.vouchers.is_empty() {
            // A voucher that does not apply, or is used up.
            form["vouchers"] = json!([]);
            quote = self.buyer.post("/v1/checkouts", form).await;
        }
        if quote.status == 409 {
            self.told.push(format!("    no quote: {}", quote.body["type"]));
            return;
        }
        let quote = quote.ok();
        let agreement = json!({ "total_vnd": quote["total_vnd"], "method": basket.method });
        let mut request =
            Request::put(self.buyer, format!("/v1/checkouts/{}/placement", quote["id"].as_str().unwrap()), &agreement);
        request.key = self.number();
        let placed = request.send().await;
        self.told.push(format!("    {request} → {}", placed.status));
        *self.tally.entry(format!("Place {} {}", basket.method, placed.status)).or_default() += 1;
        if placed.status == 409 {
            return;
        }
        let orders = placed.ok()["orders"].as_array().unwrap().clone();
        let paid: i64 = orders.iter().map(|order| order["total_vnd"].as_i64().unwrap()).sum();
        assert_eq!(quote["total_vnd"], paid);
        for order in &orders {
            let id: Uuid = order["id"].as_str().unwrap().parse().unwrap();
            self.orders.push(id);
            self.agreed.insert(id, order["total_vnd"].as_i64().unwrap());
        }
        if paid == 0 {
            *self.tally.entry(format!("Place {} for nothing", basket.method)).or_default() += 1;
            self.market.app.run_jobs().await;
        }
        self.last = Some(request);
        self.look().await;
    }

    async fn pass(&mut self, time: TimeDelta) {
        self.market.app.clock.advance(time);
        self.market.app.run_jobs().await;
        self.last = None;
        self.look().await;
    }

    /// The daily batch, and when an answer was lost the next look for it. What came back is made again.
    async fn pay_out(&mut self, fault: Option<&'static str>) {
        if let Some(fault) = fault {
            self.market.providers.set_faults("payout_send", &[fault]).await;
        }
        let app = &self.market.app;
        pay_shops(&app.app, PayShops::default()).await.unwrap();
        app.run_jobs().await;
        if fault.is_some() {
            app.clock.advance(TimeDelta::minutes(11));
            ask_again(&app.app, AskAgain::default()).await.unwrap();
            app.run_jobs().await;
            self.market.providers.set_faults("payout_send", &[]).await;
            let failed = self.market.operator.get("/admin/v1/payouts?status=failed").await.ok();
            let open =
                failed["items"].as_array().unwrap().iter().find(|payout| payout["replaced_by"].is_null()).cloned();
            if let Some(payout) = open {
                let retry = format!("/admin/v1/payouts/{}/retry", payout["id"].as_str().unwrap());
                let answer = self.market.operator.put(&retry, json!({})).await;
                assert!(matches!(answer.status, 200 | 409), "{}", answer.body);
                app.run_jobs().await;
            }
        }
        *self.tally.entry(format!("PayOut {}", fault.unwrap_or("well"))).or_default() += 1;
        self.last = None;
        self.look().await;
    }

    /// An officer decides on the return that lies on the desk.
    async fn judge(&mut self, order: &Seen, wish: &Wish, whim: u8) -> Option<Answer> {
        let officer = &self.market.shop_of(&order.seller).officer;
        let queue = officer.get("/admin/v1/cases?kind=refund_dispute&limit=100").await.ok();
        let about = |case: &&Value| case["subject_id"] == json!(wish.id);
        let case = queue["items"].as_array().unwrap().iter().find(about)?["id"].as_str()?.to_owned();
        let verdict = wish.verdict(whim);
        Some(self.send(Request::put(officer, format!("/admin/v1/cases/{case}/verdict"), &verdict)).await)
    }

    /// The end of all times: what is owed is sent, what is due is done, the shops are paid, and the books are read.
    async fn end(&mut self) {
        self.told.push("the end".to_owned());
        for days in [9, 12] {
            self.pass(TimeDelta::days(days)).await;
            self.pay_out(None).await;
        }
        let misposted = self.market.misposted(&self.orders).await;
        assert_eq!(misposted, Vec::<String>::new());
    }
}

/// Paying, in every way it comes.
impl Tale<'_> {
    async fn pay(&mut self, order: &Seen, whim: u8) -> Option<Answer> {
        let answer = match order.method.as_str() {
            "vietqr" if whim.is_multiple_of(4) => return self.bank_tells(order, whim).await,
            "vietqr" => self.shop_confirms(order, whim).await,
            "cod" => self.attempt(order).await,
            _ => return self.pay_at_gateway(order, whim).await,
        };
        self.hear().await;
        Some(answer)
    }

    /// What was just paid is heard of.
    async fn hear(&mut self) {
        self.market.app.run_jobs().await;
        self.look().await;
    }

    async fn shop_confirms(&mut self, order: &Seen, whim: u8) -> Answer {
        let shop = &self.market.shop_of(&order.seller).stall;
        let path = format!("/v1/shops/{}/orders/{}/payment/confirmation", shop.id, order.id);
        let amount = order.total_vnd + if whim.is_multiple_of(7) { 1_000 } else { 0 };
        let received = json!({ "amount_vnd": amount, "bank_reference": format!("FT{}", self.number()) });
        self.send(Request::put(&shop.owner, path, &received)).await
    }

    /// The bank says that a transfer came, of the right amount or another.
    async fn bank_tells(&mut self, order: &Seen, whim: u8) -> Option<Answer> {
        let amount = if whim.is_multiple_of(8) { order.total_vnd } else { order.total_vnd / 2 };
        if amount == 0 {
            return None;
        }
        let notice = json!({
            "transaction_id": format!("NH{}", self.number()), "bin": "970405", "account": "7800205123456",
            "amount": amount, "content": order.reference, "at": self.market.app.clock.now(),
        });
        let answer = self.market.app.bank_notice_signed(&bank_keys(), &notice).await;
        self.told.push(format!("    {notice} → {}", answer.status));
        assert!(answer.status < 300, "{}", answer.body);
        self.hear().await;
        Some(answer)
    }

    /// Goes to the gateway's page.
    async fn attempt(&mut self, order: &Seen) -> Answer {
        let (path, key) = (format!("/v1/payments/{}/attempts", order.payment), self.number());
        self.send(Request::post(self.buyer, path, key, String::new())).await
    }

    /// Tries to pay; the gateway says so, or says that it failed, or another amount came, or nobody says anything until
    /// it is asked, or it comes when the time is over, or twice.
    async fn pay_at_gateway(&mut self, order: &Seen, whim: u8) -> Option<Answer> {
        let attempt = self.attempt(order).await;
        if attempt.status >= 400 {
            return Some(attempt);
        }
        let amount = attempt.body["amount_vnd"].as_i64().unwrap();
        let reference = attempt.body["id"].as_str().unwrap().replace('-', "");
        match whim % 16 {
            0 => drop(self.notice(order, (&reference, amount), false).await),
            1 => self.wrong_amount(order, (&reference, amount), whim).await,
            2 => self.market.gateway.pays(&reference, amount, transaction_of(&reference)),
            3 => {
                self.pass(TimeDelta::minutes(16)).await;
                self.notice(order, (&reference, amount), true).await;
            }
            4 => {
                let second = self.attempt(order).await;
                self.notice(order, (&reference, amount), true).await;
                if let Some(second) = second.body["id"].as_str() {
                    self.notice(order, (&second.replace('-', ""), amount), true).await;
                }
            }
            _ => drop(self.notice(order, (&reference, amount), true).await),
        }
        self.hear().await;
        Some(attempt)
    }

    async fn notice(&mut self, order: &Seen, (reference, amount): (&str, i64), paid: bool) -> Answer {
        let now = self.market.app.clock.now();
        let anyone = self.market.app.anyone();
        let request = if order.method == "vnpay" {
            let notice = vnpay_notice(SECRET, (reference, amount), if paid { "00" } else { "24" }, now);
            let path = format!("/v1/payments/vnpay/ipn?{notice}");
            Request { who: anyone, method: axum::http::Method::GET, path, key: String::new(), body: String::new() }
        } else {
            let notice = momo_notice((reference, amount), if paid { 0 } else { 1006 }, now);
            Request::post(&anyone, "/v1/payments/momo/ipn".to_owned(), String::new(), notice.to_string())
        };
        self.send(request).await
    }

    /// Too much is applied by the operator, too little goes back.
    async fn wrong_amount(&mut self, order: &Seen, (reference, amount): (&str, i64), whim: u8) {
        let too_much = whim >= 128;
        let came = if too_much { amount + 1_000 } else { (amount / 2).max(1) };
        self.notice(order, (reference, came), true).await;
        let operator = &self.market.operator;
        let held = operator.get("/admin/v1/payment_exceptions?resolved=false").await.ok();
        let Some(held) = held["items"].as_array().unwrap().first() else { return };
        let due = held["due_orders"].as_array().filter(|due| too_much && !due.is_empty());
        let decision = match due {
            Some(due) => json!({ "resolution": "apply", "orders": due, "words": "Theo sao kê" }),
            None => json!({ "resolution": "refund", "words": "Theo sao kê" }),
        };
        let path = format!("/admin/v1/payment_exceptions/{}/resolution", held["id"].as_str().unwrap());
        self.send(Request::put(operator, path, &decision)).await;
    }
}
