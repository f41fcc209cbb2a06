//! MoMo's stories.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::gateway::{momo_notice, transaction_of};
use super::{Story, reference};
use crate::support::{Answer, HA_NOI, TEA, TestApp};

async fn ipn(story: &Story, notice: &Value) -> Answer {
    let body = notice.to_string().into();
    story.app.anyone().send(Method::POST, "/v1/payments/momo/ipn", &[("content-type", "application/json")], body).await
}

#[tokio::test]
async fn a_momo_payment_is_begun_once_paid_once_and_refunded_in_part() {
    let story = Story::placed("momo").await;
    story.gateway.says.lock().unwrap().is_silent = true;
    story.try_to_pay("mot").await.refused(503, "gateway-unreachable");
    let begun = story.try_to_pay("mot").await.ok();
    let attempt = reference(&begun);
    assert_eq!(begun["pay_url"], format!("https://momo.example.vn/{attempt}"));
    assert_eq!(story.payment().await["attempts"].as_array().unwrap().len(), 1);

    let now = story.app.clock.now();
    let paid = momo_notice((&attempt, story.total), 0, now);
    let mut forged = paid.clone();
    forged["amount"] = json!(1);
    ipn(&story, &forged).await.refused(400, "bad-signature");
    ipn(&story, &momo_notice((&attempt, story.total), 0, now - TimeDelta::hours(1))).await.refused(409, "stale-notice");
    for _ in 0..2 {
        assert_eq!(ipn(&story, &paid).await.status, 204);
    }
    story.app.run_jobs().await;
    assert_eq!(story.status_of(0).await, "placed");

    // One of the two orders is cancelled: its share goes back, the other stays.
    story.buyer.turn(&story.orders[0], "cancellation").await.ok();
    story.app.run_jobs().await;
    let payment = story.payment().await;
    assert_eq!(payment["refunds"][0]["status"], "arrived");
    assert_eq!(story.gateway.refunded(), [payment["orders"][0]["amount_vnd"].as_i64().unwrap()]);
    assert_eq!(story.books("buyer_funds").await, 0);
    assert_eq!(story.books("clearing").await, payment["orders"][1]["amount_vnd"].as_i64().unwrap());
    story.app.finish().await;
}

/// A message held up on its way is not believed, as it may have been overheard; but what it says is looked into.
#[tokio::test]
async fn money_a_late_message_tells_of_is_asked_for_though_the_try_had_failed() {
    let story = Story::placed("momo").await;
    let attempt = story.attempt("mot").await;
    let now = story.app.clock.now();
    assert_eq!(ipn(&story, &momo_notice((&attempt, story.total), 1006, now)).await.status, 204);
    assert_eq!(story.payment().await["attempts"][0]["status"], "failed");
    let late = now - TimeDelta::hours(1);
    ipn(&story, &momo_notice((&attempt, story.total), 1006, late)).await.refused(409, "stale-notice");
    ipn(&story, &momo_notice((&attempt, story.total), 0, late)).await.refused(409, "stale-notice");
    assert_eq!(story.payment().await["attempts"][0]["status"], "failed");
    // It is asked until it answers.
    story.gateway.pays(&attempt, story.total, transaction_of(&attempt));
    story.gateway.says.lock().unwrap().is_silent = true;
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["attempts"][0]["status"], "failed");
    story.app.clock.advance(TimeDelta::minutes(1));
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["attempts"][0]["status"], "captured");
    assert_eq!(story.status_of(0).await, "placed");
    story.app.finish().await;
}

#[tokio::test]
async fn what_momo_refuses_may_be_tried_again() {
    let story = Story::placed("momo").await;
    story.gateway.says.lock().unwrap().refuses = Some("refused");
    story.try_to_pay("mot").await.refused(409, "gateway-refused");
    story.gateway.says.lock().unwrap().refuses = None;
    assert_eq!(story.try_to_pay("hai").await.ok()["status"], "open");
    story.app.clock.advance(TimeDelta::minutes(30));
    story.app.run_jobs().await;
    let payment = story.payment().await;
    assert_eq!(
        (&payment["attempts"][0]["status"], &payment["attempts"][1]["status"]),
        (&json!("failed"), &json!("failed"))
    );
    story.app.finish().await;
}

#[tokio::test]
async fn without_an_account_no_gateway_is_offered_and_cash_is_not_paid_there() {
    let app = TestApp::new().await;
    let stall = app.stall("HTX Chè", HA_NOI).await;
    let ware = app.shelve(&stall, TEA).await;
    let buyer = app.account("Người mua").await;
    let quote = buyer.quote(&[(&ware, 1)]).await;
    buyer.place_by("momo", &quote, "dat").await.refused(409, "method-not-offered");
    let placed = buyer.place(&quote, "dat-hai").await.ok();
    let payment = placed["payments"][0]["payment_id"].as_str().unwrap();
    let path = format!("/v1/payments/{payment}/attempts");
    buyer.send(Method::POST, &path, &[("idempotency-key", "mot")], "".into()).await.refused(409, "not-by-gateway");
    app.anyone().get("/v1/payments/momo/return").await.refused(409, "gateway-not-configured");
    app.finish().await;
}
