//! Gateway money on its way to the shops: whatever is lost, late or done twice, every đồng is paid out once.

mod batches;
mod books;
mod failures;
mod races;
mod rules;
mod suspensions;

use chrono::TimeDelta;
use ocop_market::kernel::{OrderId, RefundId, Vnd};
use ocop_market::platform::error::Result;
use ocop_market::trade::ledger::{self, Account, Provider, Transfer, TransferKind};
use ocop_market::trade::payments::{self, NewRefund, RefundReason};
use ocop_market::trade::statements::checks::{self, Disagreement};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::support::{Actor, Goods, LAI_CHAU, Providers, Stall, TEA, TestApp, Ware};

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
