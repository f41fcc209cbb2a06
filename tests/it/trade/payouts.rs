//! Gateway money on its way to the shops: whatever is lost, late or done twice, every đồng is paid out once.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::{NaiveDate, TimeDelta};
use ocop_market::calendar::Allowance;
use ocop_market::kernel::{OrderId, RefundId, ReturnId, Vnd};
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::error::Result;
use ocop_market::trade::ledger::{self, Account, Provider, Transfer, TransferKind};
use ocop_market::trade::payments::{self, NewRefund, RefundReason};
use ocop_market::trade::payouts::jobs::{PayShop, PayShops, pay_shop, pay_shops};
use ocop_market::trade::payouts::{PayoutRule, Split};
use ocop_market::trade::statements::checks::{self, Disagreement};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Actor, Answer, Goods, LAI_CHAU, Providers, Stall, TEA, TestApp, Ware, start};

/// A shop whose buyers pay by VNPay, and the partner that pays it out.
struct Market {
    app: TestApp,
    providers: Providers,
    stall: Stall,
    tea: Ware,
    buyer: Actor,
}

impl Market {
    async fn open() -> Self {
        let (app, providers) = TestApp::with_providers().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        let tea = app.shelve(&stall, Goods { on_hand: 500, ..TEA }).await;
        let buyer = app.account("Hoa").await;
        Self { app, providers, stall, tea, buyer }
    }

    async fn open_with_account() -> Self {
        let market = Self::open().await;
        market.set_account("7800205123456").await;
        market
    }

    async fn set_account(&self, number: &str) {
        let account = json!({ "bin": "970405", "number": number, "holder": "HTX MUONG THAN" });
        self.stall.owner.put(&format!("/v1/shops/{}/bank_account", self.stall.id), account).await.ok();
    }

    /// An order paid by VNPay and completed now that brought the shop so much.
    async fn sell(&self, brings: i64) -> OrderId {
        let order: OrderId = self.buyer.buy(&[(&self.tea, 1)]).await[0].parse().unwrap();
        let now = self.app.clock.now();
        let complete = async |conn: &mut PgConnection| {
            sqlx::query("set local session_replication_role = replica").execute(&mut *conn).await?;
            sqlx::query(
                "update orders
                    set method = 'vnpay', status = 'completed', paid_at = $2, delivered_at = $2, closed_at = $2
                  where id = $1",
            )
            .bind(order)
            .bind(now)
            .execute(&mut *conn)
            .await?;
            sqlx::query(
                "update payment_allocations
                    set status = 'captured', captured_vnd = amount_vnd, paid_at = $2
                  where order_id = $1",
            )
            .bind(order)
            .bind(now)
            .execute(&mut *conn)
            .await?;
            self.post(conn, order.as_uuid(), order, brings).await
        };
        self.app.app.db.act(complete).await.unwrap();
        order
    }

    /// Puts so much of an order into the shop's balance.
    async fn post(&self, conn: &mut PgConnection, subject: Uuid, order: OrderId, amount: i64) -> Result<()> {
        let transfer = Transfer::new(TransferKind::Correction, subject).entry(
            (Account::Clearing(Provider::Vnpay), Account::SellerBalance(self.stall.id)),
            Vnd::new(amount),
            (Some(order), None),
        );
        ledger::post(conn, &[transfer], self.app.clock.now()).await
    }

    /// Gives the buyer so much of an order back, as a return does.
    async fn refund(&self, order: OrderId, amount: i64) {
        let now = self.app.clock.now();
        let id = RefundId::new(now);
        let (seller, amount) = (self.stall.id, Vnd::new(amount));
        let take_back = async |conn: &mut PgConnection| {
            payments::lock(conn, order).await?;
            sqlx::query("select id from orders where id = $1 for update").bind(order).execute(&mut *conn).await?;
            let reversal = Transfer::new(TransferKind::Reversal, id.as_uuid()).entry(
                (Account::SellerBalance(seller), Account::BuyerFunds),
                amount,
                (Some(order), None),
            );
            ledger::post(conn, &[reversal], now).await?;
            payments::refund(conn, NewRefund { id, order, amount, reason: RefundReason::Returned }, now).await
        };
        self.app.app.db.act(take_back).await.unwrap();
    }

    /// The shop owes so much for sales it was paid for directly.
    async fn owe(&self, amount: i64) {
        let transfer = Transfer::new(TransferKind::Correction, self.stall.id.as_uuid()).entry(
            (Account::SellerReceivable(self.stall.id), Account::Commission),
            Vnd::new(amount),
            (None, None),
        );
        let now = self.app.clock.now();
        self.app.app.db.act(async |conn| ledger::post(conn, std::slice::from_ref(&transfer), now).await).await.unwrap();
    }

    /// A week later, when every waiting order's time has come; the daily batch has run.
    async fn next_week(&self) {
        // What recurs is written down first.
        self.app.run_jobs().await;
        self.app.clock.advance(TimeDelta::days(7));
        self.app.run_jobs().await;
    }

    /// Until the partner is asked again for what it has not answered for.
    async fn ask_again(&self) {
        self.app.clock.advance(TimeDelta::minutes(11));
        self.app.run_jobs().await;
    }

    /// The shop's payouts, newest first.
    async fn payouts(&self) -> Vec<Value> {
        let page = self.stall.owner.get(&format!("/v1/shops/{}/payouts", self.stall.id)).await.ok();
        page["items"].as_array().unwrap().clone()
    }

    /// What the partner has sent in all, and in how many payouts.
    async fn sent(&self) -> (i64, usize) {
        let state = self.providers.state().await;
        let payouts = state["payouts"].as_array().unwrap();
        let sent = payouts.iter().filter(|payout| payout["stand"] == "succeeded");
        let amounts: Vec<i64> = sent.map(|payout| payout["order"]["amount"].as_i64().unwrap()).collect();
        (amounts.iter().sum(), amounts.len())
    }

    async fn balance(&self, account: Account) -> i64 {
        let account = account.to_string();
        let fold = async |conn: &mut PgConnection| {
            Ok(sqlx::query_scalar::<_, i64>(
                "select coalesce(sum(case when credit = $1 then amount_vnd else -amount_vnd end), 0)::bigint
                   from ledger_entries
                  where $1 in (debit, credit)",
            )
            .bind(&account)
            .fetch_one(conn)
            .await?)
        };
        self.app.app.db.see(fold).await.unwrap()
    }

    async fn balance_like(&self, accounts: &str) -> i64 {
        let fold = async |conn: &mut PgConnection| {
            Ok(sqlx::query_scalar::<_, i64>(
                "select (sum(amount_vnd) filter (where credit like $1)
                         - sum(amount_vnd) filter (where debit like $1))::bigint
                   from ledger_entries",
            )
            .bind(accounts)
            .fetch_one(conn)
            .await?)
        };
        self.app.app.db.see(fold).await.unwrap()
    }

    /// What is on its way is nowhere else, and what has arrived is what the partner sent.
    async fn books_agree(&self) {
        let in_transit = self.balance(Account::PayoutsInTransit(Provider::Vnpay)).await;
        let sending = "select coalesce(sum(amount_vnd), 0)::bigint from payouts where status = 'sending'";
        assert_eq!(in_transit, self.app.count(sending).await);
        let arrived = "select coalesce(sum(amount_vnd), 0)::bigint from payouts where status = 'succeeded'";
        assert_eq!(self.sent().await.0, self.app.count(arrived).await);
        let wrong_items = "select count(*)
                             from payouts
                            where gross_vnd <> (select sum(amount_vnd) from payout_items where payout_id = payouts.id)";
        assert_eq!(self.app.count(wrong_items).await, 0);
    }

    /// What the check of the books finds.
    async fn findings(&self) -> Vec<(Disagreement, String)> {
        let outcome = self.app.app.db.see(async |conn| checks::verify(conn).await).await.unwrap();
        outcome.findings.into_iter().map(|finding| (finding.wrong, finding.subject)).collect()
    }

    fn balance_of_shop(&self) -> Account {
        Account::SellerBalance(self.stall.id)
    }
}

/// Amounts and states, newest first.
fn seen(payouts: &[Value]) -> Vec<(&str, i64)> {
    payouts.iter().map(|payout| (payout["status"].as_str().unwrap(), payout["amount_vnd"].as_i64().unwrap())).collect()
}

#[test]
fn the_latest_start_is_the_last_whose_time_is_over() {
    let allowances =
        [Allowance::Minutes(15), Allowance::Hours(72), Allowance::WorkingDays(1), Allowance::WorkingDays(5)];
    let holidays = BTreeSet::from([NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()]);
    for allowance in allowances {
        for hours in 0..14 * 24 {
            let at = start() + TimeDelta::hours(hours);
            let latest = allowance.latest_start(at, &holidays);
            assert!(allowance.ends(latest, &holidays) <= at, "{allowance:?} {at}");
            assert!(allowance.ends(latest + TimeDelta::microseconds(1), &holidays) > at, "{allowance:?} {at}");
        }
    }
}

#[test]
fn the_shop_s_debt_goes_first_and_little_waits() {
    let rule = PayoutRule { minimum_vnd: Vnd::new(50_000), fee_vnd: Vnd::new(2_000) };
    let split = |gross, owed| {
        rule.split(Vnd::new(gross), Vnd::new(owed)).map(|split| {
            let Split { gross, offset, fee, amount } = split;
            assert_eq!(Vnd::checked_sum([offset, fee, amount]), Some(gross));
            (offset.get(), fee.get(), amount.get())
        })
    };
    assert_eq!(split(100_000, 0), Some((0, 2_000, 98_000)));
    assert_eq!(split(100_000, 30_000), Some((30_000, 2_000, 68_000)));
    assert_eq!(split(52_000, 0), Some((0, 2_000, 50_000)));
    assert_eq!(split(51_999, 0), None);
    assert_eq!(split(30_000, 40_000), Some((30_000, 0, 0)));
    assert_eq!(split(100_000, -5_000), Some((0, 2_000, 98_000)));
    assert_eq!(split(0, 0), None);
    assert_eq!(split(-1, 0), None);
}

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
async fn the_check_of_the_books_finds_a_payout_that_is_not_what_was_posted() {
    let market = Market::open_with_account().await;
    let order = market.buyer.buy_at(&market.providers, "vnpay", &[(&market.tea, 2)]).await.remove(0);
    market.app.run_jobs().await;
    market.stall.deliver(&order).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    market.next_week().await;
    market.set_account("7800205999999").await;
    market.next_week().await;
    let states: Vec<Value> = market.payouts().await.iter().map(|payout| payout["status"].clone()).collect();
    assert_eq!((states, market.findings().await), (vec![json!("succeeded"), json!("failed")], Vec::new()));
    // Somebody marks a payout that came back as one that is still on its way.
    let failed = market.payouts().await[1]["id"].as_str().unwrap().to_owned();
    market
        .app
        .sql("update payouts set status = 'sending', reason = null, settled_at = null where status = 'failed'")
        .await;
    let number = market.buyer.get(&format!("/v1/orders/{order}")).await.ok()["number"].as_str().unwrap().to_owned();
    let wrong = [failed, number, "payouts_in_transit:vnpay".to_owned()].map(|subject| (Disagreement::Payouts, subject));
    assert_eq!(market.findings().await, wrong);
    market.app.abandon().await;
}

#[tokio::test]
async fn what_comes_back_after_it_was_paid_out_is_the_shops_debt_and_the_books_agree() {
    let market = Market::open_with_account().await;
    let order = market.buyer.buy_at(&market.providers, "vnpay", &[(&market.tea, 2)]).await.remove(0);
    market.app.run_jobs().await;
    market.stall.deliver(&order).await;
    for _ in 0..2 {
        market.app.run_jobs().await;
        market.app.clock.advance(TimeDelta::days(3));
    }
    market.app.run_jobs().await;
    let shown = market.buyer.get(&format!("/v1/orders/{order}")).await.ok();
    let wish = json!({
        "lines": [{ "order_line_id": shown["lines"][0]["id"], "quantity": 2 }], "reason": "spoiled", "words": "Trà mốc.",
    });
    let headers = [("idempotency-key", "moc"), ("content-type", "application/json")];
    let path = format!("/v1/orders/{order}/returns");
    let made = market.buyer.send(Method::POST, &path, &headers, wish.to_string().into()).await.ok();
    let path = format!("/v1/shops/{}/returns/{}/answer", market.stall.id, made["id"].as_str().unwrap());
    market.stall.owner.put(&path, json!({ "answer": "accept", "goods_back": false })).await.ok();
    market.app.run_jobs().await;
    let total = shown["total_vnd"].as_i64().unwrap();
    assert_eq!((market.sent().await, market.balance(market.balance_of_shop()).await), ((total, 1), -total));
    assert_eq!(market.balance(Account::Clearing(Provider::Vnpay)).await, total);
    assert_eq!(market.findings().await, Vec::<(Disagreement, String)>::new());
    market.app.sql("update payouts set status = 'failed', reason = 'x'").await;
    assert!(market.findings().await.contains(&(Disagreement::Clearing, "clearing:vnpay".to_owned())));
    market.app.finish().await;
}

#[tokio::test]
async fn what_a_suspended_or_closed_shop_sold_is_its_own_unless_an_authority_keeps_it_closed() {
    let market = Market::open_with_account().await;
    let officer = market.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let suspension = format!("/admin/v1/sellers/{}/suspensions", market.stall.id);
    let reinstatement = format!("/admin/v1/sellers/{}/reinstatement", market.stall.id);
    let by_order = json!({
        "basis": "order", "authority": "Cục Thương mại điện tử và Kinh tế số", "document_number": "77/TMĐT",
        "reason_codes": ["suspension.order"], "words": "Theo văn bản 77/TMĐT.",
    });
    market.sell(180_000).await;
    officer.post(&suspension, by_order).await.ok();
    market.next_week().await;
    assert_eq!(market.payouts().await, Vec::<Value>::new());
    assert_eq!(market.balance(market.balance_of_shop()).await, 180_000);
    officer.put(&reinstatement, json!({ "words": "Đã giải quyết xong." })).await.ok();
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 180_000)]);

    // For a breach of the marketplace's own rules nobody's money is kept: five days' notice, and it takes hold.
    let breach =
        json!({ "basis": "breach", "reason_codes": ["suspension.complaints"], "words": "Khiếu nại chưa trả lời." });
    officer.post(&suspension, breach).await.ok();
    market.app.clock.advance(TimeDelta::days(4));
    market.app.run_jobs().await;
    market.sell(90_000).await;
    market.next_week().await;
    let suspended = "select count(*) from sellers where status = 'suspended'";
    assert_eq!((market.app.count(suspended).await, seen(&market.payouts().await)[0]), (1, ("succeeded", 90_000)));
    officer.put(&reinstatement, json!({ "words": "Đã giải quyết xong." })).await.ok();
    market.sell(70_000).await;
    market.app.sql("update sellers set status = 'closed'").await;
    market.next_week().await;
    assert_eq!(market.sent().await, (340_000, 3));
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn while_an_authority_keeps_a_shop_closed_nothing_is_sent_again_either() {
    let market = Market::open_with_account().await;
    market.sell(180_000).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    let officer = market.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let by_order = json!({
        "basis": "order", "authority": "Cục Thương mại điện tử và Kinh tế số", "document_number": "78/TMĐT",
        "reason_codes": ["suspension.order"], "words": "Theo văn bản 78/TMĐT.",
    });
    officer.post(&format!("/admin/v1/sellers/{}/suspensions", market.stall.id), by_order).await.ok();
    let failed = market.payouts().await[0]["id"].as_str().unwrap().to_owned();
    let operator = market.app.operator().await;
    operator.put(&format!("/admin/v1/payouts/{failed}/retry"), json!({})).await.refused(409, "payouts-held");
    market.app.run_jobs().await;
    market.app.finish().await;
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
