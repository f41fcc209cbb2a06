//! What the bank says has arrived, and what becomes of money that fits no order.

use axum::http::Method;
use chrono::TimeDelta;
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP, BankNotices};
use serde_json::{Value, json};

use super::{BIN, Market, NUMBER, PRICE, id, notice};
use crate::support::{BANK_KEY_BEFORE, LAI_CHAU, bank_keys};

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
    // The second is the shop's too, but pays nothing yet.
    let shop = market.stall.id;
    let books = (market.balance(format!("seller_cash:{shop}")).await, market.balance(format!("suspense:{shop}")).await);
    assert_eq!(books, (2 * PRICE, -PRICE));
    assert_eq!(market.exceptions().await.len(), 1);
    let stored = market.app.count("select count(*) from webhooks where position('HOA'::bytea in raw) > 0");
    assert_eq!(stored.await, 0, "names of payers are sealed");
    let open = async |conn: &mut sqlx::PgConnection| {
        let first = "select id::text, raw from webhooks order by id limit 1";
        Ok(sqlx::query_as::<_, (String, Vec<u8>)>(first).fetch_one(conn).await?)
    };
    let (id, raw) = market.app.app.db.see(open).await.unwrap();
    let raw = market.app.app.seal.open(&raw, &format!("webhooks.raw:{id}")).unwrap();
    assert!(raw.contains("HOANG THI HOA"), "and can be read by who has the key: {raw}");
    assert_eq!(market.app.count("select count(*) from webhooks where source = 'bank' and verified").await, 2);
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
async fn one_transaction_is_in_the_books_once_whoever_reports_it_and_in_whatever_order() {
    let market = Market::open().await;
    let shop = market.stall.id;
    let cash = async || market.balance(format!("seller_cash:{shop}")).await;
    // Without words the bank's report waits; the shop knows whose it is.
    let first = market.order().await;
    market.notice("FT1", PRICE, "tien che").await.ok();
    let confirmed = market.confirm(&first, PRICE, "FT1").await.ok();
    assert_eq!((&confirmed["payment"]["status"], cash().await), (&json!("captured"), PRICE));
    let waiting = market.exceptions().await;
    assert_eq!((&waiting[0]["resolution"], &waiting[0]["assigned_to"]), (&json!("assigned"), &json!(first.id)));
    // The other way round.
    let second = market.order().await;
    market.confirm(&second, PRICE, "FT2").await.ok();
    assert_eq!(market.notice("FT2", PRICE, "tien che").await.ok(), json!({ "outcome": "confirmed" }));
    assert_eq!(cash().await, 2 * PRICE);
    // The shop may not say two amounts of one transaction; the bank may say another.
    let third = market.order().await;
    market.confirm(&third, 100_000, "FT3").await.ok();
    let refused = market.confirm(&third, PRICE, "FT3").await.refused(409, "transfer-waits");
    assert_eq!(refused["exception_id"], market.exceptions().await[1]["id"]);
    assert_eq!(market.notice("FT3", 150_000, &third.reference).await.ok(), json!({ "outcome": "review" }));
    let told: Vec<Value> = market.exceptions().await.iter().skip(1).map(|entry| entry["resolution"].clone()).collect();
    assert_eq!((told, cash().await), (vec![json!("superseded"), Value::Null], 2 * PRICE + 150_000));
    // What the shop reported as too little is the same money when the bank speaks of it without words.
    let fourth = market.order().await;
    market.confirm(&fourth, 50_000, "FT4").await.ok();
    assert_eq!(market.notice("FT4", 50_000, "tien che").await.ok(), json!({ "outcome": "confirmed" }));
    assert_eq!(cash().await, 2 * PRICE + 200_000);
    // The first buyer pays a second time: that is other money.
    assert_eq!(market.notice("FT5", PRICE, &first.reference).await.ok(), json!({ "outcome": "review" }));
    let again = market.exceptions().await.pop().unwrap();
    assert_eq!((&again["kind"], cash().await), (&json!("again"), 3 * PRICE + 200_000));
    // A transaction the shop took for one order names another: a person must tell.
    let (fifth, sixth) = (market.order().await, market.order().await);
    market.confirm(&fifth, PRICE, "FT6").await.ok();
    assert_eq!(market.notice("FT6", PRICE, &sixth.reference).await.ok(), json!({ "outcome": "review" }));
    assert_eq!(market.status(&sixth).await, "due");
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
    let desk = market.app.operator().await.get("/admin/v1/payment_exceptions?kind=stray_transfer").await.ok();
    let (found, reference) = (&desk["items"][0], format!("{BIN} •3333 FT7"));
    assert_eq!(
        (&found["provider"], &found["provider_ref"], &found["amount_vnd"]),
        (&Value::Null, &json!(reference), &json!(PRICE))
    );
    let path = format!("/admin/v1/payment_exceptions/{}/resolution", id(found));
    let refund = json!({ "resolution": "refund", "words": "Trả lại" });
    market.app.operator().await.put(&path, refund).await.refused(409, "resolution-does-not-fit");
    let note = json!({ "resolution": "note", "words": "Đã báo dịch vụ đối soát" });
    assert_eq!(market.app.operator().await.put(&path, note).await.ok()["resolution"], "note");
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
    // All are kept as they came, and told apart by what is wrong with them.
    for (heard, kept) in [("forged", 2), ("stale", 1), ("malformed", 4)] {
        let outcomes = app.outcomes_of_webhooks().await;
        assert_eq!(outcomes.iter().filter(|outcome| *outcome == heard).count(), kept, "{heard}: {outcomes:?}");
    }

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
    let (cash, suspense) = (format!("seller_cash:{}", market.stall.id), format!("suspense:{}", market.stall.id));
    assert_eq!(
        (market.balance(cash.clone()).await, market.balance(suspense.clone()).await),
        (257_000, 220_000 - 257_000)
    );

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
    // What went back, and what was no order's, is in the shop's books no more.
    assert_eq!((market.balance(cash).await, market.balance(suspense).await), (PRICE, 0));
    let stranger = market.app.stall("Nhà vườn Ba Đình", LAI_CHAU).await;
    let path = format!("/v1/shops/{}/transfer_exceptions/{}/resolution", stranger.id, id(&now[0]));
    stranger.owner.put(&path, other).await.refused(404, "not-found");
    market.close().await;
}
