//! An order that waits for its transfer: its code, the buyer's word, its deadline, the shop's word.

use chrono::TimeDelta;
use ocop_market::kernel::Vnd;
use ocop_market::people::access::MemberRole;
use ocop_market::trade::payments::transfers::payload::Payload;
use ocop_market::trade::payments::transfers::vietqr::VietQr;
use serde_json::{Value, json};

use super::{BIN, Market, NUMBER, PRICE};

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
async fn money_that_does_not_fit_keeps_the_order_it_names_a_day_once() {
    let market = Market::open().await;
    let (short, asked) = (market.order().await, market.order().await);
    market.notice("FT1", PRICE - 1_000, &short.reference).await.ok();
    market.confirm(&asked, 1_000, "FT2").await.ok();
    market.app.clock.advance(TimeDelta::hours(23));
    market.app.run_jobs().await;
    assert_eq!((market.status(&short).await, market.status(&asked).await), ("due".to_owned(), "due".to_owned()));
    let letter = market.app.last_message(market.buyer.contact()).await;
    assert!(letter.contains("khác với 220.000 ₫ phải trả"), "{letter}");
    // Every đồng more does not keep it another day; the buyer's word does, and the shop hears of it.
    market.notice("FT3", 1, &short.reference).await.ok();
    market.claim(&asked).await.ok();
    let letter = market.app.last_message(market.stall.owner.contact()).await;
    assert!(letter.contains("Người mua báo đã chuyển"), "{letter}");
    market.app.clock.advance(TimeDelta::hours(1));
    market.app.run_jobs().await;
    assert_eq!((market.status(&short).await, market.status(&asked).await), ("void".to_owned(), "due".to_owned()));
    market.app.clock.advance(TimeDelta::hours(23));
    market.app.run_jobs().await;
    assert_eq!(market.status(&asked).await, "void");
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
    let shop = market.stall.id;
    assert_eq!(market.balance(format!("suspense:{shop}")).await, 1 - PRICE, "what came first still waits");
    assert_eq!(market.balance(format!("seller_cash:{shop}")).await, PRICE + PRICE - 1);
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
