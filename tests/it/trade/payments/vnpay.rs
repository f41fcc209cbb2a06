//! VNPay's stories.

use chrono::TimeDelta;
use ocop_market::adapters::vnpay;
use ocop_market::trade::webhooks::jobs::{FindUnheard, find_unheard};
use serde_json::json;

use super::gateway::{OLD_SECRET, SECRET, vnpay_keys, vnpay_notice};
use super::{Story, reference};

#[tokio::test]
async fn a_paid_checkout_is_paid_once_however_often_vnpay_says_so() {
    let story = Story::placed("vnpay").await;
    let begun = story.try_to_pay("mot").await;
    let again = story.try_to_pay("mot").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let (begun, again) = (begun.ok(), again.ok());
    assert_eq!((&begun["id"], &begun["pay_url"]), (&again["id"], &again["pay_url"]));
    assert_eq!(begun["amount_vnd"], story.total);
    let attempt = reference(&begun);
    assert!(begun["pay_url"].as_str().unwrap().contains(&format!("vnp_TxnRef={attempt}")));

    let notice = vnpay_notice(OLD_SECRET, (&attempt, story.total), "00", story.app.clock.now());
    assert_eq!(story.ipn(&notice).await, "00");
    assert_eq!(story.ipn(&notice).await, "02");
    let back = story.app.anyone().get(&format!("/v1/payments/vnpay/return?{notice}")).await.ok();
    assert_eq!(back, json!({ "payment_id": story.payment, "amount_vnd": story.total, "status": "captured" }));
    story.app.run_jobs().await;
    assert_eq!((story.status_of(0).await, story.status_of(1).await), ("placed".into(), "placed".into()));
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (story.total, 0));
    assert_eq!(story.app.count("select times::bigint from webhooks").await, 3);
    story.try_to_pay("hai").await.refused(409, "nothing-due");
    story.app.clock.advance(TimeDelta::minutes(20));
    story.app.run_jobs().await;
    story.app.finish().await;
}

#[tokio::test]
async fn vnpay_gets_the_answer_each_message_deserves() {
    let story = Story::placed("vnpay").await;
    let (attempt, now) = (story.attempt("mot").await, story.app.clock.now());
    let paid = vnpay_notice(SECRET, (&attempt, story.total), "00", now);
    assert_eq!(story.ipn("").await, "97");
    assert_eq!(story.ipn(&paid.replace("vnp_BankCode=NCB", "vnp_BankCode=NCC")).await, "97");
    assert_eq!(story.ipn(&vnpay_notice("another secret", (&attempt, story.total), "00", now)).await, "97");
    assert_eq!(story.ipn(&vnpay_notice(SECRET, ("0193f2a46c0070008000000000000001", 1), "00", now)).await, "01");
    let late = vnpay_notice(SECRET, (&attempt, story.total), "00", now - TimeDelta::minutes(15));
    assert_eq!(story.ipn(&late).await, "99");
    assert_eq!(story.ipn(&format!("{paid}&vnp_Amount=1")).await, "99");
    story.app.anyone().get("/v1/payments/vnpay/return?vnp_TxnRef=1").await.refused(400, "bad-signature");
    assert_eq!(story.payment().await["orders"][0]["status"], "due");
    assert_eq!(story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "24", now)).await, "00");
    assert_eq!(story.payment().await["attempts"][0]["status"], "failed");
    // Failed and paid come in the wrong order: the money counts.
    assert_eq!(story.ipn(&paid).await, "00");
    assert_eq!(
        story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "24", now + TimeDelta::seconds(1))).await,
        "02"
    );
    assert_eq!(story.payment().await["attempts"][0]["status"], "captured");
    story.app.run_jobs().await;
    assert_eq!(story.books("buyer_funds").await, 0);
    story.app.finish().await;
}

#[tokio::test]
async fn what_is_paid_after_the_orders_expired_goes_back() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    story.app.clock.advance(TimeDelta::minutes(15));
    story.try_to_pay("hai").await.refused(409, "pay-by-passed");
    story.app.run_jobs().await;
    assert_eq!(story.status_of(0).await, "cancelled");
    let now = story.app.clock.now();
    assert_eq!(story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "00", now)).await, "00");
    // VNPay carries the refund out and its answer is lost: the same request is repeated, and nothing paid twice.
    story.gateway.says.lock().unwrap().is_silent = true;
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["refunds"][0]["status"], "promised");
    story.app.clock.advance(TimeDelta::minutes(10));
    story.app.run_jobs().await;
    let refund = &story.payment().await["refunds"][0];
    assert_eq!((&refund["reason"], &refund["status"]), (&json!("excess"), &json!("arrived")));
    assert_eq!(story.gateway.refunded(), [story.total]);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (0, 0));
    story.app.finish().await;
}

#[tokio::test]
async fn a_second_refund_of_a_sale_waits_until_it_is_known_what_became_of_the_first() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    let paid = vnpay_notice(SECRET, (&attempt, story.total), "00", story.app.clock.now());
    assert_eq!(story.ipn(&paid).await, "00");
    story.app.run_jobs().await;
    // The answer to the first is lost: whether it was carried out stands with the sale, as its latest transaction.
    story.gateway.says.lock().unwrap().is_silent = true;
    story.buyer.turn(&story.orders[0], "cancellation").await.ok();
    story.app.run_jobs().await;
    story.buyer.turn(&story.orders[1], "cancellation").await.ok();
    story.app.run_jobs().await;
    assert_eq!(story.gateway.refunded().len(), 1);
    assert_eq!(story.app.count("select count(*) from refunds where status = 'promised'").await, 2);
    story.app.clock.advance(TimeDelta::minutes(10));
    story.app.run_jobs().await;
    assert_eq!(story.gateway.refunded().iter().sum::<i64>(), story.total);
    let numbers = "select count(distinct provider_ref) from refunds where status = 'arrived' and not in_doubt";
    assert_eq!(story.app.count(numbers).await, 2);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (0, 0));
    story.app.finish().await;
}

#[tokio::test]
async fn of_two_tries_that_were_both_paid_one_goes_back() {
    let story = Story::placed("vnpay").await;
    let tries = [story.attempt("mot").await, story.attempt("hai").await];
    let now = story.app.clock.now();
    for attempt in &tries {
        assert_eq!(story.ipn(&vnpay_notice(SECRET, (attempt, story.total), "00", now)).await, "00");
    }
    story.app.run_jobs().await;
    assert_eq!(story.gateway.refunded(), [story.total]);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (story.total, 0));
    assert_eq!(story.status_of(1).await, "placed");
    story.app.finish().await;
}

#[tokio::test]
async fn a_lost_notice_is_asked_for_and_at_the_latest_when_the_order_would_expire() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    story.app.clock.advance(TimeDelta::minutes(5));
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["attempts"][0]["status"], "open");
    story.gateway.pays(&attempt, story.total, 14_422_574);
    story.app.clock.advance(TimeDelta::minutes(10));
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["attempts"][0]["status"], "captured");
    assert_eq!(story.status_of(0).await, "placed");
    story.app.finish().await;
}

#[tokio::test]
async fn a_payment_is_tried_so_often_and_its_open_pages_stay_good() {
    let story = Story::placed("vnpay").await;
    let first = story.attempt("lan-0").await;
    for number in 1..10 {
        story.try_to_pay(&format!("lan-{number}")).await.ok();
    }
    assert_eq!(story.try_to_pay("lan-10").await.refused(409, "too-many-payment-attempts")["most"], 10);
    assert_eq!(story.try_to_pay("lan-3").await.header("idempotent-replayed"), Some("true"));
    let paid = vnpay_notice(SECRET, (&first, story.total), "00", story.app.clock.now());
    assert_eq!(story.ipn(&paid).await, "00");
    story.app.run_jobs().await;
    assert_eq!(story.status_of(0).await, "placed");
    story.app.finish().await;
}

#[tokio::test]
async fn what_vnpay_signed_and_nobody_can_read_is_kept_whole_for_a_person() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    let words = "x".repeat(3_000);
    let text = vnpay::signed_text([
        ("vnp_Amount", "nhieu lam"),
        ("vnp_OrderInfo", words.as_str()),
        ("vnp_ResponseCode", "00"),
        ("vnp_TmnCode", "DEMOTMN1"),
        ("vnp_TxnRef", attempt.as_str()),
    ]);
    let signed = format!("{text}&vnp_SecureHash={}", vnpay_keys(SECRET).sign(text.as_bytes()));
    assert_eq!(story.ipn(&signed).await, "99");
    let kept = "select octet_length(raw)::bigint from webhooks where verified and outcome = 'malformed'";
    assert!(story.app.count(kept).await > 3_000);
    story.app.clock.advance(TimeDelta::hours(1));
    find_unheard(&story.app.app, FindUnheard {}).await.unwrap_err();
    story.app.run_jobs().await;
    story.app.finish().await;
}

#[tokio::test]
async fn what_nobody_signed_is_kept_short_and_not_for_ever() {
    let story = Story::placed("vnpay").await;
    let attempt = story.attempt("mot").await;
    let paid = vnpay_notice(SECRET, (&attempt, story.total), "00", story.app.clock.now());
    assert_eq!(story.ipn(&format!("vnp_OrderInfo={}", "x".repeat(5_000))).await, "97");
    assert_eq!(story.ipn(&paid).await, "00");
    let kept = "select octet_length(raw)::bigint from webhooks where not verified";
    assert_eq!(story.app.count(kept).await, 2_048);
    story.app.run_jobs().await;
    story.app.clock.advance(TimeDelta::days(29));
    story.app.run_jobs().await;
    assert_eq!(story.app.count("select count(*) from webhooks").await, 2);
    story.app.clock.advance(TimeDelta::days(2));
    story.app.run_jobs().await;
    // What a gateway did sign stays, with the money it moved.
    assert_eq!(story.app.count("select count(*) from webhooks where verified").await, 1);
    assert_eq!(story.app.count("select count(*) from webhooks").await, 1);
    story.app.finish().await;
}
