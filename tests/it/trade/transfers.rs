//! Paying a shop by bank transfer: to which account, by which code, and what becomes of every đồng that arrives.

mod accounts;
mod notices;
mod orders;
mod races;
mod refunds;

use ocop_market::kernel::{RefundId, Vnd};
use ocop_market::trade::payments::{self, NewRefund, RefundReason};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::support::{Actor, Answer, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware};

const BIN: &str = "970405";
const NUMBER: &str = "7800205123456";
/// What a packet of tea costs, sent to Ha Noi.
const PRICE: i64 = 220_000;

fn account(number: &str) -> Value {
    json!({ "bin": BIN, "number": number, "holder": "HTX MUONG THAN" })
}

/// A shop that can be paid by transfer, its tea, and somebody who buys it.
struct Market {
    app: TestApp,
    stall: Stall,
    tea: Ware,
    buyer: Actor,
}

impl Market {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        let tea = app.shelve(&stall, Goods { on_hand: 500, ..TEA }).await;
        let buyer = app.account("Hoa").await;
        let market = Self { app, stall, tea, buyer };
        market.set_account(NUMBER).await.ok();
        market
    }

    fn shop(&self, below: &str) -> String {
        format!("/v1/shops/{}{below}", self.stall.id)
    }

    async fn set_account(&self, number: &str) -> Answer {
        self.stall.owner.put(&self.shop("/bank_account"), account(number)).await
    }

    /// An order that waits for its transfer.
    async fn order(&self) -> Ordered {
        let id = self.buyer.buy_by(&[(&self.tea, 1)], "vietqr").await.remove(0);
        let qr = self.buyer.get(&format!("/v1/orders/{id}/payment/qr")).await.ok();
        Ordered { id, reference: qr["reference"].as_str().unwrap().to_owned() }
    }

    async fn qr(&self, order: &Ordered) -> Answer {
        self.buyer.get(&format!("/v1/orders/{}/payment/qr", order.id)).await
    }

    async fn claim(&self, order: &Ordered) -> Answer {
        self.buyer.put(&format!("/v1/orders/{}/payment/claim", order.id), json!({})).await
    }

    async fn confirm(&self, order: &Ordered, amount: i64, bank_reference: &str) -> Answer {
        let path = self.shop(&format!("/orders/{}/payment/confirmation", order.id));
        self.stall.owner.put(&path, json!({ "amount_vnd": amount, "bank_reference": bank_reference })).await
    }

    async fn notice(&self, id: &str, amount: i64, content: &str) -> Answer {
        self.app.bank_notice(&notice(NUMBER, (id, amount, content), &self.app)).await
    }

    async fn status(&self, order: &Ordered) -> String {
        let order = self.buyer.get(&format!("/v1/orders/{}", order.id)).await.ok();
        order["payment"]["status"].as_str().unwrap().to_owned()
    }

    /// The entries of the review list, oldest first.
    async fn exceptions(&self) -> Vec<Value> {
        let page = self.stall.owner.get(&self.shop("/transfer_exceptions?limit=100")).await.ok();
        let mut entries = page["items"].as_array().unwrap().clone();
        entries.reverse();
        entries
    }

    async fn resolve(&self, entry: &Value, resolution: Value) -> Answer {
        let path = self.shop(&format!("/transfer_exceptions/{}/resolution", id(entry)));
        self.stall.owner.put(&path, resolution).await
    }

    /// Promises money of the order back.
    async fn refund(&self, order: &Ordered, amount: i64) -> String {
        let now = self.app.clock.now();
        let new = NewRefund {
            id: RefundId::new(now),
            order: order.id.parse().unwrap(),
            amount: Vnd::new(amount),
            reason: RefundReason::Returned,
        };
        let refund = async |conn: &mut PgConnection| {
            payments::lock(conn, new.order).await?;
            payments::refund(conn, new, now).await
        };
        self.app.app.db.act(refund).await.unwrap();
        new.id.to_string()
    }

    /// The sum of what was debited to an account less what was credited to it.
    async fn balance(&self, account: String) -> i64 {
        const FOLD: &str = "select coalesce(sum(case debit when $1 then amount_vnd else 0 end
                                               - case credit when $1 then amount_vnd else 0 end), 0)::bigint
                              from ledger_entries
                             where $1 in (debit, credit)";
        let fold = async |conn: &mut PgConnection| Ok(sqlx::query_scalar(FOLD).bind(account).fetch_one(conn).await?);
        self.app.app.db.see(fold).await.unwrap()
    }

    async fn close(self) {
        self.app.run_jobs().await;
        // What a story refunds by itself was never taken back from the shop.
        if self.app.count("select count(*) from refunds").await == 0 {
            self.app.books_agree().await;
        }
        self.app.sql("delete from jobs where kind = 'payments.refund_arrived'").await;
        self.app.finish().await;
    }
}

/// An order to be paid by transfer.
#[derive(Debug, Clone)]
struct Ordered {
    id: String,
    reference: String,
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

fn notice(account: &str, (id, amount, content): (&str, i64, &str), app: &TestApp) -> Value {
    json!({
        "transaction_id": id, "bin": BIN, "account": account, "amount": amount, "content": content,
        "at": app.clock.now(), "gateway": "fields of others are let be",
    })
}
