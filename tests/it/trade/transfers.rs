//! Paying a shop by bank transfer: to which account, by which code, and what becomes of every đồng that arrives.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::TimeDelta;
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP, BankNotices};
use ocop_market::kernel::{OrderId, PaymentId, RefundId, Vnd};
use ocop_market::people::access::MemberRole;
use ocop_market::trade::payments::transfers::payload::Payload;
use ocop_market::trade::payments::transfers::vietqr::VietQr;
use ocop_market::trade::payments::{self, NewRefund, RefundReason, transfers};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::task::JoinSet;

use crate::support::{Actor, Answer, BANK_KEY_BEFORE, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware, bank_keys};

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

#[tokio::test]
async fn anybody_sees_the_banks() {
    let app = TestApp::new().await;
    let banks = app.anyone().get("/v1/banks").await.ok();
    let banks = banks.as_array().unwrap();
    assert!(banks.len() > 50);
    let ours = banks.iter().find(|bank| bank["bin"] == BIN).unwrap();
    assert_eq!(ours["short_name"], "Agribank");
    app.finish().await;
}

#[tokio::test]
async fn a_changed_account_waits_a_day_and_everybody_of_the_shop_is_told() {
    let market = Market::open().await;
    let (app, owner) = (&market.app, &market.stall.owner);
    let path = market.shop("/bank_account");
    let set = owner.get(&path).await.ok();
    assert_eq!((&set["current"]["number_last"], &set["pending"]), (&json!("3456"), &Value::Null));
    assert!(!set.to_string().contains(NUMBER), "{set}");
    assert_eq!(market.set_account(NUMBER).await.ok(), set, "the second click changes nothing");

    let changed = market.set_account("1900 5555 777").await.ok();
    assert_eq!(changed["current"], set["current"]);
    assert_eq!(changed["pending"]["number_last"], "5777");
    let letter = app.last_message(owner.contact()).await;
    assert!(letter.contains("•5777") && !letter.contains("19005555777"), "{letter}");
    app.clock.advance(TimeDelta::hours(23));
    assert_eq!(owner.get(&path).await.ok()["current"]["number_last"], "3456");
    app.clock.advance(TimeDelta::hours(1));
    let now = owner.get(&path).await.ok();
    assert_eq!((&now["current"]["number_last"], &now["pending"]), (&json!("5777"), &Value::Null));
    assert_eq!(app.count("select count(*) from bank_accounts").await, 2);
    market.close().await;
}

#[tokio::test]
async fn the_former_account_set_again_takes_a_change_back() {
    let market = Market::open().await;
    market.set_account("19005555777").await.ok();
    let replaced = market.set_account("19005555888").await.ok();
    assert_eq!(replaced["pending"]["number_last"], "5888");
    let kept = market.set_account(NUMBER).await.ok();
    assert_eq!((&kept["current"]["number_last"], &kept["pending"]), (&json!("3456"), &Value::Null));
    market.app.clock.advance(TimeDelta::hours(25));
    let later = market.stall.owner.get(&market.shop("/bank_account")).await.ok();
    assert_eq!((&later["current"]["number_last"], &later["pending"]), (&json!("3456"), &Value::Null));
    market.close().await;
}

#[tokio::test]
async fn an_account_is_the_shops_own_at_a_bank_of_the_list() {
    let market = Market::open().await;
    let (app, owner, path) = (&market.app, &market.stall.owner, market.shop("/bank_account"));
    for (field, wrong) in [("holder", "NGUYEN VAN A"), ("bin", "999999")] {
        let mut form = account(NUMBER);
        form[field] = json!(wrong);
        let refused = owner.put(&path, form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], field);
    }
    let mut form = account(NUMBER);
    form["number"] = json!("12");
    owner.put(&path, form).await.refused(422, "invalid");

    let packer = app.account("Người đóng gói").await;
    app.joins(&market.stall, &packer).await;
    assert_eq!(packer.get(&path).await.ok()["current"]["number_last"], "3456");
    packer.put(&path, account(NUMBER)).await.refused(403, "not-your-function");
    let in_clear = app
        .count("select count(*) from bank_accounts where position('7800205123456'::bytea in number_sealed) > 0")
        .await;
    assert_eq!(in_clear, 0);
    market.close().await;
}

#[tokio::test]
async fn the_code_pays_the_account_of_the_day_it_was_ordered() {
    let market = Market::open().await;
    let order = market.order().await;
    let qr = market.qr(&order).await.ok();
    let meant = VietQr {
        bin: BIN.to_owned(),
        account: NUMBER.to_owned(),
        amount: Some(Vnd::new(PRICE)),
        purpose: Some(order.reference.clone()),
    };
    assert_eq!(VietQr::of(&Payload::parse(qr["payload"].as_str().unwrap()).unwrap()), Some(meant));
    assert_eq!((&qr["number_last"], &qr["amount_vnd"]), (&json!("3456"), &json!(PRICE)));
    assert_eq!(qr["reference"], order.reference);
    for (field, kind, magic) in [("svg", "image/svg+xml", "<?xml".as_bytes()), ("png", "image/png", b"\x89PNG")] {
        let drawn = market.buyer.get(qr[field].as_str().unwrap()).await;
        assert_eq!((drawn.status, drawn.header("content-type")), (200, Some(kind)));
        assert_eq!(drawn.header("cache-control"), Some("private, no-store"));
        assert!(drawn.bytes.starts_with(magic), "{kind}");
    }

    market.set_account("19005555777").await.ok();
    market.app.clock.advance(TimeDelta::hours(25));
    assert_eq!(market.qr(&order).await.ok()["payload"], qr["payload"]);
    let stranger = market.app.account("Người lạ").await;
    stranger.get(&format!("/v1/orders/{}/payment/qr", order.id)).await.refused(404, "not-found");
    market.confirm(&order, PRICE, "FT1").await.ok();
    let refused = market.qr(&order).await.refused(409, "transfer-not-due");
    assert_eq!(refused["payment_status"], "captured");
    market.close().await;
}

#[tokio::test]
async fn a_shop_without_account_cannot_be_paid_so() {
    let market = Market::open().await;
    let other = market.app.stall("Nhà vườn Ba Đình", LAI_CHAU).await;
    let order = market.order().await;
    let (order, now): (OrderId, _) = (order.id.parse().unwrap(), market.app.clock.now());
    let freeze =
        async |conn: &mut PgConnection| transfers::freeze(conn, &[(order, PaymentId::new(now), other.id)], now).await;
    let refused = market.app.app.db.act(freeze).await.unwrap_err();
    let code = "no-bank-account";
    assert!(refused.is(&transfers::NO_BANK_ACCOUNT), "not {code}: {refused:?}");
    market.close().await;
}

#[tokio::test]
async fn who_says_to_have_paid_is_waited_for_once() {
    let market = Market::open().await;
    let order = market.order().await;
    let before = market.qr(&order).await.ok()["pay_by"].clone();
    market.app.clock.advance(TimeDelta::hours(1));
    let claimed = market.claim(&order).await.ok();
    assert_ne!(claimed["pay_by"], before);
    assert_eq!(market.qr(&order).await.ok()["pay_by"], claimed["pay_by"]);
    let letter = market.app.last_message(market.stall.owner.contact()).await;
    assert!(letter.contains(&order.reference), "{letter}");
    market.app.clock.advance(TimeDelta::hours(1));
    assert_eq!(market.claim(&order).await.ok(), claimed, "the second click changes nothing");
    market.confirm(&order, PRICE, "FT1").await.ok();
    assert_eq!(market.claim(&order).await.ok(), claimed);

    let paid = market.order().await;
    market.confirm(&paid, PRICE, "FT2").await.ok();
    market.claim(&paid).await.refused(409, "transfer-not-due");
    market.close().await;
}

#[tokio::test]
async fn an_unpaid_order_ends_and_a_claimed_one_waits_a_day() {
    let market = Market::open().await;
    let (unpaid, claimed) = (market.order().await, market.order().await);
    market.claim(&claimed).await.ok();
    market.app.clock.advance(TimeDelta::hours(4));
    market.app.run_jobs().await;
    assert_eq!((market.status(&unpaid).await, market.status(&claimed).await), ("void".to_owned(), "due".to_owned()));
    market.app.clock.advance(TimeDelta::hours(19));
    market.app.run_jobs().await;
    assert_eq!(market.status(&claimed).await, "due");
    market.app.clock.advance(TimeDelta::hours(1));
    market.app.run_jobs().await;
    assert_eq!(market.status(&claimed).await, "void");
    // Money that comes now is late, and waits.
    assert_eq!(market.notice("FT1", PRICE, &claimed.reference).await.ok(), json!({ "outcome": "review" }));
    assert_eq!(market.exceptions().await[0]["kind"], "late");
    market.close().await;
}

#[tokio::test]
async fn the_shop_confirms_what_it_received() {
    let market = Market::open().await;
    let order = market.order().await;
    market.confirm(&order, 0, "FT1").await.refused(422, "invalid");
    let short = market.confirm(&order, PRICE - 1, "FT1").await.ok();
    assert_eq!((&short["payment"]["status"], &short["exception"]["kind"]), (&json!("due"), &json!("under")));
    assert_eq!(market.confirm(&order, PRICE - 1, "FT1").await.ok(), short, "the second click changes nothing");

    let paid = market.confirm(&order, PRICE, "FT2").await.ok();
    assert_eq!((&paid["payment"]["status"], &paid["exception"]), (&json!("captured"), &Value::Null));
    assert_eq!(market.confirm(&order, PRICE, "FT2").await.ok(), paid);
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE);
    let letter = market.app.last_message(market.buyer.contact()).await;
    assert!(letter.contains("220.000 ₫"), "{letter}");
    let again = market.confirm(&order, PRICE, "FT3").await.ok();
    assert_eq!(again["exception"]["kind"], "again");

    let accountant = market.app.account("Kế toán").await;
    market.app.joins_as(&market.stall, &accountant, MemberRole::Accountant).await;
    let cancelled = market.order().await;
    market.buyer.turn(&cancelled.id, "cancellation").await.ok();
    let path = market.shop(&format!("/orders/{}/payment/confirmation", cancelled.id));
    let late = accountant.put(&path, json!({ "amount_vnd": PRICE, "bank_reference": "FT4" })).await.ok();
    assert_eq!((&late["payment"]["status"], &late["exception"]["kind"]), (&json!("void"), &json!("late")));
    let waiting: Vec<Value> = market.exceptions().await.iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(waiting, ["under", "again", "late"]);
    market.close().await;
}

#[tokio::test]
async fn a_notice_that_names_order_and_amount_pays_it_once() {
    let market = Market::open().await;
    let order = market.order().await;
    let words = format!("MBVCB.99 ct tu HOANG THI HOA {} mua che", order.reference.to_lowercase());
    let taken = market.notice("FT1", PRICE, &words).await.ok();
    assert_eq!(taken, json!({ "outcome": "captured" }));
    assert_eq!(market.status(&order).await, "captured");
    assert_eq!(market.notice("FT1", PRICE, &words).await.ok(), json!({ "outcome": null }));
    // The shop sees the money too, under whatever name.
    let confirmed = market.confirm(&order, PRICE, "so phu 17").await.ok();
    assert_eq!(confirmed["exception"], Value::Null);
    assert_eq!(market.notice("FT2", PRICE, &order.reference).await.ok(), json!({ "outcome": "review" }));
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE);
    assert_eq!(market.exceptions().await.len(), 1);
    let stored = market.app.count("select count(*) from bank_notices where position('HOA'::bytea in raw_sealed) > 0");
    assert_eq!(stored.await, 0, "names of payers are sealed");
    market.close().await;
}

#[tokio::test]
async fn a_notice_after_the_shops_word_is_the_same_money() {
    let market = Market::open().await;
    let order = market.order().await;
    market.confirm(&order, PRICE, "so phu 17").await.ok();
    assert_eq!(market.notice("FT1", PRICE, &order.reference).await.ok(), json!({ "outcome": "confirmed" }));
    assert_eq!(market.notice("FT2", PRICE, &order.reference).await.ok(), json!({ "outcome": "review" }));
    let short = market.order().await;
    market.confirm(&short, 1_000, "FT3").await.ok();
    assert_eq!(market.notice("FT3", 1_000, &short.reference).await.ok(), json!({ "outcome": "confirmed" }));
    let kinds: Vec<Value> = market.exceptions().await.iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["again", "under"]);
    market.close().await;
}

#[tokio::test]
async fn money_that_fits_nothing_waits_and_is_never_lost() {
    let market = Market::open().await;
    let (first, second) = (market.order().await, market.order().await);
    let cancelled = market.order().await;
    market.buyer.turn(&cancelled.id, "cancellation").await.ok();
    let both = format!("{} va {}", first.reference, second.reference);
    for (id, amount, words, kind) in [
        ("FT1", PRICE + 1, first.reference.as_str(), "over"),
        ("FT2", PRICE - 1, first.reference.as_str(), "under"),
        ("FT3", PRICE, "tien che", "unknown"),
        ("FT4", 2 * PRICE, both.as_str(), "unknown"),
        ("FT5", PRICE, cancelled.reference.as_str(), "late"),
        ("FT6", 1, "\u{0}\u{202E}", "unknown"),
    ] {
        assert_eq!(market.notice(id, amount, words).await.ok(), json!({ "outcome": "review" }), "{id}");
        let last = market.exceptions().await.pop().unwrap();
        assert_eq!(
            (&last["kind"], &last["amount_vnd"], &last["bank_reference"]),
            (&json!(kind), &json!(amount), &json!(id))
        );
    }
    let letter = market.app.last_message(market.stall.owner.contact()).await;
    assert!(letter.contains("FT6"), "{letter}");
    // An account nobody here has; and another shop's reference.
    let stray = market.app.bank_notice(&notice("111122223333", ("FT7", PRICE, "x"), &market.app)).await.ok();
    assert_eq!(stray, json!({ "outcome": "stray" }));
    let other = market.app.stall("Nhà vườn Ba Đình", LAI_CHAU).await;
    let form = json!({ "bin": BIN, "number": "444455556666", "holder": "NHA VUON BA DINH" });
    other.owner.put(&format!("/v1/shops/{}/bank_account", other.id), form).await.ok();
    let elsewhere = notice("444455556666", ("FT1", PRICE, first.reference.as_str()), &market.app);
    assert_eq!(market.app.bank_notice(&elsewhere).await.ok(), json!({ "outcome": "review" }));
    let theirs = other.owner.get(&format!("/v1/shops/{}/transfer_exceptions", other.id)).await.ok();
    assert_eq!((&theirs["items"][0]["kind"], &theirs["items"][0]["order_id"]), (&json!("unknown"), &Value::Null));
    assert_eq!(market.status(&first).await, "due");
    market.close().await;
}

#[tokio::test]
async fn forged_stale_and_senseless_notices_change_nothing() {
    let market = Market::open().await;
    let (app, order) = (&market.app, market.order().await);
    let body = notice(NUMBER, ("FT1", PRICE, order.reference.as_str()), app);
    let forger = BankNotices::new(&"khoa cua ke gian khong ai biet".into(), None).unwrap();
    app.bank_notice_signed(&forger, &body).await.refused(400, "bank-notice-unsigned");
    let now = app.clock.now();
    for (timestamp, changed, why) in [
        (now.timestamp().to_string(), true, "bank-notice-unsigned"),
        ((now - TimeDelta::minutes(15)).timestamp().to_string(), false, "bank-notice-stale"),
        ((now + TimeDelta::minutes(15)).timestamp().to_string(), false, "bank-notice-stale"),
        ("hom nay".to_owned(), false, "bank-notice-stale"),
    ] {
        let signature = bank_keys().sign(&timestamp, body.to_string().as_bytes());
        let mut sent = body.clone();
        if changed {
            sent["amount"] = json!(PRICE + 1);
        }
        let headers = [(BANK_NOTICE_TIMESTAMP, timestamp.as_str()), (BANK_NOTICE_SIGNATURE, signature.as_str())];
        let path = "/v1/payments/bank_notices";
        app.anyone().send(Method::POST, path, &headers, sent.to_string().into()).await.refused(400, why);
    }
    for (field, value) in [("amount", json!(0)), ("amount", json!(-5)), ("account", json!("1")), ("at", json!("x"))] {
        let mut wrong = body.clone();
        wrong[field] = value;
        app.bank_notice(&wrong).await.refused(422, "invalid");
    }
    app.anyone().post("/v1/payments/bank_notices", body.clone()).await.refused(400, "bank-notice-unsigned");
    assert_eq!(app.count("select count(*) from bank_notices").await, 0);

    let before = BankNotices::new(&BANK_KEY_BEFORE.into(), None).unwrap();
    assert_eq!(
        app.bank_notice_signed(&before, &body).await.ok(),
        json!({ "outcome": "captured" }),
        "the key before still holds"
    );
    assert!(BankNotices::new(&"ngan".into(), None).is_err(), "a short key is refused");
    market.close().await;
}

#[tokio::test]
async fn the_shop_says_what_becomes_of_money_that_waits() {
    let market = Market::open().await;
    let order = market.order().await;
    for (id, amount) in [("FT1", 100_000), ("FT2", 100_000), ("FT3", 50_000), ("FT4", 7_000)] {
        market.notice(id, amount, &order.reference).await.ok();
    }
    let waiting = market.exceptions().await;
    let assigned = |with: &[&Value]| {
        let with: Vec<&str> = with.iter().map(|entry| id(entry)).collect();
        json!({ "outcome": "assigned", "order_id": order.id, "together_with": with })
    };
    let refused = market.resolve(&waiting[0], assigned(&[&waiting[1]])).await.refused(409, "transfer-not-enough");
    assert_eq!((&refused["received_vnd"], &refused["amount_vnd"]), (&json!(200_000), &json!(PRICE)));
    let all = assigned(&[&waiting[1], &waiting[2]]);
    let resolved = market.resolve(&waiting[0], all.clone()).await.ok();
    assert_eq!((&resolved["resolution"], &resolved["assigned_to"]), (&json!("assigned"), &json!(order.id)));
    assert_eq!(market.resolve(&waiting[0], all.clone()).await.ok(), resolved, "the second click changes nothing");
    assert_eq!(market.status(&order).await, "captured");
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE);

    // What was left over waits as well.
    let now = market.exceptions().await;
    assert_eq!((now.len(), &now[4]["kind"], &now[4]["amount_vnd"]), (5, &json!("excess"), &json!(30_000)));
    let back = json!({ "outcome": "returned", "bank_reference": "FT9", "on": "2026-11-21" });
    let mut tomorrow = back.clone();
    tomorrow["on"] = json!("2026-11-22");
    market.resolve(&now[4], tomorrow).await.refused(422, "invalid");
    let mut unproved = back.clone();
    unproved["proof_id"] = json!(market.stall.id);
    market.resolve(&now[4], unproved).await.refused(422, "invalid");
    let returned = market.resolve(&now[4], back.clone()).await.ok();
    assert_eq!(returned["returned_reference"], "FT9");
    assert_eq!(market.resolve(&now[4], back).await.ok(), returned);

    let other = json!({ "outcome": "other", "words": "Tiền mua tại xưởng." });
    market.resolve(&now[4], other.clone()).await.refused(409, "transfer-exception-resolved");
    market.resolve(&now[3], assigned(&[])).await.refused(409, "transfer-not-due");
    market.resolve(&now[3], other.clone()).await.ok();
    market.resolve(&now[3], assigned(&[])).await.refused(409, "transfer-exception-resolved");
    let left = market.stall.owner.get(&market.shop("/transfer_exceptions?waiting=true")).await.ok();
    assert_eq!(left["items"], json!([]));
    let stranger = market.app.stall("Nhà vườn Ba Đình", LAI_CHAU).await;
    let path = format!("/v1/shops/{}/transfer_exceptions/{}/resolution", stranger.id, id(&now[0]));
    stranger.owner.put(&path, other).await.refused(404, "not-found");
    market.close().await;
}

#[tokio::test]
async fn a_refund_is_sent_where_the_buyer_says_and_proved_once() {
    let market = Market::open().await;
    let (app, owner) = (&market.app, &market.stall.owner);
    let order = market.order().await;
    market.confirm(&order, PRICE, "FT1").await.ok();
    let refund = market.refund(&order, 20_000).await;
    let to = json!({ "bin": "970436", "number": "0011 0012 3456 7", "holder": "NGUYEN THI HOA" });
    let account = format!("/v1/orders/{}/refund_account", order.id);
    let set = market.buyer.put(&account, to.clone()).await.ok();
    assert_eq!((&set["bank"], &set["number_last"]), (&json!("Vietcombank"), &json!("4567")));
    assert_eq!(market.buyer.put(&account, to.clone()).await.ok(), set);
    let mut nowhere = to.clone();
    nowhere["bin"] = json!("000000");
    market.buyer.put(&account, nowhere).await.refused(422, "invalid");
    owner.put(&account, to).await.refused(404, "not-found");

    let tasks = owner.get(&market.shop("/refunds?status=promised")).await.ok();
    let task = &tasks["items"][0];
    assert_eq!((&task["amount_vnd"], &task["to"]["number"]), (&json!(20_000), &json!("0011001234567")));
    assert_eq!(task["late"], false);
    let proof = json!({ "bank_reference": "FT9", "sent_on": "2026-11-21" });
    let address = market.shop(&format!("/refunds/{refund}/proof"));
    let proved = owner.put(&address, proof.clone()).await.ok();
    assert_eq!((&proved["status"], &proved["to"]), (&json!("arrived"), &Value::Null));
    assert_eq!(owner.put(&address, proof).await.ok(), proved, "the second click changes nothing");
    let other = json!({ "bank_reference": "FT10", "sent_on": "2026-11-21" });
    owner.put(&address, other).await.refused(409, "refund-settled");
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE - 20_000);
    let letter = app.last_message(market.buyer.contact()).await;
    assert!(letter.contains("20.000 ₫"), "{letter}");
    let seen = market.buyer.get(&format!("/v1/orders/{}/refunds", order.id)).await.ok();
    assert_eq!((&seen[0]["status"], &seen[0]["bank_reference"]), (&json!("arrived"), &json!("FT9")));
    let tasks = owner.get(&market.shop("/refunds")).await.ok();
    assert!(!tasks.to_string().contains("0011001234567"), "nothing is owed any more: {tasks}");
    owner.get(&format!("/v1/orders/{}/refunds", order.id)).await.refused(404, "not-found");
    market.close().await;
}

#[tokio::test]
async fn a_late_refund_is_a_matter_for_a_complaint() {
    let market = Market::open().await;
    let order = market.order().await;
    market.confirm(&order, PRICE, "FT1").await.ok();
    market.refund(&order, PRICE).await;
    // Three working days from a Saturday: until the end of Wednesday.
    market.app.clock.advance(TimeDelta::hours(24 * 4 + 14));
    market.app.run_jobs().await;
    let letter = market.app.last_message(market.buyer.contact()).await;
    assert!(!letter.contains("khiếu nại về đơn hàng"), "{letter}");
    market.app.clock.advance(TimeDelta::hours(2));
    market.app.run_jobs().await;
    for contact in [market.buyer.contact(), market.stall.owner.contact()] {
        let letter = market.app.last_message(contact).await;
        assert!(letter.contains("220.000 ₫") && letter.contains("thời hạn"), "{letter}");
    }
    let tasks = market.stall.owner.get(&market.shop("/refunds")).await.ok();
    assert_eq!(tasks["items"][0]["late"], true);
    let complaint = json!({
        "against": { "order": order.id }, "kind": "refund_overdue", "words": "Đã quá hạn mà chưa nhận được tiền.",
    });
    market.buyer.post("/v1/complaints", complaint).await.ok();
    market.close().await;
}

/// Every request at once; how often each status came back.
async fn all_at_once(requests: JoinSet<Answer>) -> BTreeMap<u16, usize> {
    let mut seen = BTreeMap::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_sent_fifty_times_at_once_counts_once() {
    let market = Market::open().await;
    let (paid, odd) = (market.order().await, market.order().await);
    let mut requests = JoinSet::new();
    for (order, id, amount) in [(&paid, "FT1", PRICE), (&odd, "FT2", PRICE + 1)] {
        let body = notice(NUMBER, (id, amount, order.reference.as_str()), &market.app);
        let timestamp = market.app.clock.now().timestamp().to_string();
        let signature = bank_keys().sign(&timestamp, body.to_string().as_bytes());
        for _ in 0..50 {
            let (service, body) = (market.app.anyone(), body.to_string());
            let (timestamp, signature) = (timestamp.clone(), signature.clone());
            requests.spawn(async move {
                let headers = [(BANK_NOTICE_TIMESTAMP, &*timestamp), (BANK_NOTICE_SIGNATURE, &*signature)];
                service.send(Method::POST, "/v1/payments/bank_notices", &headers, body.into()).await
            });
        }
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(200, 100)]));
    assert_eq!(market.app.count("select count(*) from bank_notices").await, 2);
    assert_eq!(market.app.count("select count(*) from transfer_receipts").await, 1);
    assert_eq!(market.app.count("select count(*) from transfer_exceptions").await, 1);
    assert_eq!(market.balance(format!("seller_cash:{}", market.stall.id)).await, PRICE);
    market.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claim_expiry_cancellation_confirmation_and_notice_at_once_leave_one_truth() {
    let market = Market::open().await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(market.order().await);
    }
    market.app.clock.advance(TimeDelta::hours(4));
    let mut requests = JoinSet::new();
    for (turn, order) in orders.into_iter().enumerate() {
        let (id, name) = (order.id.clone(), format!("FT{turn}"));
        for (path, body) in [("payment/claim", json!({})), ("cancellation", json!({}))] {
            let (buyer, path) = (market.buyer.clone(), format!("/v1/orders/{id}/{path}"));
            requests.spawn(async move { buyer.put(&path, body).await });
        }
        let (owner, path) = (market.stall.owner.clone(), market.shop(&format!("/orders/{id}/payment/confirmation")));
        let body = json!({ "amount_vnd": PRICE, "bank_reference": name });
        requests.spawn(async move { owner.put(&path, body).await });
        let body = notice(NUMBER, (&name, PRICE, &order.reference), &market.app).to_string();
        let timestamp = market.app.clock.now().timestamp().to_string();
        let signature = bank_keys().sign(&timestamp, body.as_bytes());
        let service = market.app.anyone();
        requests.spawn(async move {
            let headers = [(BANK_NOTICE_TIMESTAMP, &*timestamp), (BANK_NOTICE_SIGNATURE, &*signature)];
            service.send(Method::POST, "/v1/payments/bank_notices", &headers, body.into()).await
        });
    }
    let (seen, ()) = tokio::join!(all_at_once(requests), market.app.run_jobs());
    assert!(seen.keys().all(|status| [200, 409].contains(status)), "{seen:?}");
    // Every order's money arrived once, told twice: it paid the order, or waits because the order was cancelled first.
    for (rule, broken) in [
        (
            "paid or waiting, never both",
            "select count(*)
               from payment_allocations
              where (select count(*) from transfer_receipts where order_id = payment_allocations.order_id)
                  + (select count(*) from transfer_exceptions where order_id = payment_allocations.order_id) <> 1",
        ),
        (
            "only what is paid has a receipt",
            "select count(*)
               from payment_allocations
               left join transfer_receipts using (order_id)
              where (status = 'captured') <> (source is not null)
                 or status not in ('captured', 'void')",
        ),
        ("each notice is kept", "select 50 - count(*) from bank_notices"),
        ("no deadlock", "select deadlocks from pg_stat_database where datname = current_database()"),
    ] {
        assert_eq!(market.app.count(broken).await, 0, "{rule}");
    }
    market.close().await;
}
