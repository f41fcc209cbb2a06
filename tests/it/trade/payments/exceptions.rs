//! Money that waits for a person.

use chrono::TimeDelta;
use serde_json::json;

use super::gateway::{SECRET, vnpay_notice};
use super::{Story, words};

#[tokio::test]
async fn another_amount_is_held_until_the_desk_applies_it_to_what_it_pays() {
    let story = Story::placed("vnpay").await;
    let (attempt, now) = (story.attempt("mot").await, story.app.clock.now());
    let came = story.total - 1_000;
    let notice = vnpay_notice(SECRET, (&attempt, came), "00", now);
    assert_eq!(story.ipn(&notice).await, "04");
    assert_eq!(story.ipn(&notice).await, "02");
    let operator = story.app.operator().await;
    let held = story.exceptions(&operator).await;
    assert_eq!((held.len(), &held[0]["kind"], &held[0]["amount_vnd"]), (1, &json!("amount_mismatch"), &json!(came)));
    assert_eq!(held[0]["due_orders"], json!(story.orders));
    let apply = |orders: &[String]| json!({ "resolution": "apply", "orders": orders, "words": "Theo sao kê" });
    story.resolve(&operator, &held[0], apply(&story.orders)).await.refused(409, "resolution-does-not-fit");
    story.resolve(&operator, &held[0], words("apply")).await.refused(422, "invalid");
    story.resolve(&operator, &held[0], words("arrived")).await.refused(409, "resolution-does-not-fit");
    let resolved = story.resolve(&operator, &held[0], apply(&story.orders[..1])).await.ok();
    assert_eq!(resolved["resolution"], "apply");
    story.resolve(&operator, &held[0], apply(&story.orders[..1])).await.ok();
    story.resolve(&operator, &held[0], words("refund")).await.refused(409, "exception-resolved");
    story.app.run_jobs().await;
    assert_eq!((story.status_of(0).await, story.status_of(1).await), ("placed".into(), "awaiting_payment".into()));
    let share = story.payment().await["orders"][0]["amount_vnd"].as_i64().unwrap();
    assert_eq!(story.gateway.refunded(), [came - share]);
    assert_eq!((story.books("clearing").await, story.books("buyer_funds").await), (share, 0));
    story.app.finish().await;
}

#[tokio::test]
async fn a_refund_the_gateway_declines_waits_for_the_desk() {
    let story = Story::placed("vnpay").await;
    let (attempt, now) = (story.attempt("mot").await, story.app.clock.now());
    assert_eq!(story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "00", now)).await, "00");
    story.app.run_jobs().await;
    story.gateway.says.lock().unwrap().refuses = Some("95");
    story.buyer.turn(&story.orders[1], "cancellation").await.ok();
    story.app.run_jobs().await;
    let operator = story.app.operator().await;
    let stuck = story.exceptions(&operator).await;
    assert_eq!((stuck.len(), &stuck[0]["kind"]), (1, &json!("refund_stuck")));
    story.gateway.says.lock().unwrap().refuses = None;
    story.resolve(&operator, &stuck[0], words("refund")).await.ok();
    story.app.run_jobs().await;
    assert_eq!(story.payment().await["refunds"][0]["status"], "arrived");
    assert_eq!(story.books("buyer_funds").await, 0);
    story.app.finish().await;
}

#[tokio::test]
async fn a_refund_nobody_knows_the_fate_of_holds_up_the_next_one_until_the_desk_has_looked() {
    let story = Story::placed("vnpay").await;
    let (attempt, now) = (story.attempt("mot").await, story.app.clock.now());
    assert_eq!(story.ipn(&vnpay_notice(SECRET, (&attempt, story.total), "00", now)).await, "00");
    story.app.run_jobs().await;
    story.gateway.says.lock().unwrap().refuses = Some("99");
    story.buyer.turn(&story.orders[0], "cancellation").await.ok();
    for _ in 0..12 {
        story.app.run_jobs().await;
        story.app.clock.advance(TimeDelta::hours(3));
    }
    story.gateway.says.lock().unwrap().refuses = None;
    story.buyer.turn(&story.orders[1], "cancellation").await.ok();
    story.app.run_jobs().await;
    assert_eq!(story.gateway.refunded(), [] as [i64; 0]);
    let operator = story.app.operator().await;
    let stuck = story.exceptions(&operator).await;
    assert_eq!((stuck.len(), &stuck[0]["kind"]), (1, &json!("refund_stuck")));
    story.resolve(&operator, &stuck[0], words("arrived")).await.ok();
    story.app.run_jobs().await;
    let refunds = story.payment().await["refunds"].clone();
    assert_eq!(story.gateway.refunded(), [refunds[1]["amount_vnd"].as_i64().unwrap()]);
    assert_eq!((&refunds[0]["status"], &refunds[1]["status"]), (&json!("arrived"), &json!("arrived")));
    assert_eq!(story.books("buyer_funds").await, 0);
    story.app.finish().await;
}

#[tokio::test]
async fn money_for_a_try_nobody_made_is_noted_once() {
    let story = Story::placed("vnpay").await;
    let now = story.app.clock.now();
    let notice = vnpay_notice(SECRET, ("0193f2a46c0070008000000000000001", 50_000), "00", now);
    for _ in 0..2 {
        assert_eq!(story.ipn(&notice).await, "01");
    }
    let operator = story.app.operator().await;
    let unknown = story.exceptions(&operator).await;
    assert_eq!((unknown.len(), &unknown[0]["kind"]), (1, &json!("unknown_attempt")));
    story.resolve(&operator, &unknown[0], words("refund")).await.refused(409, "resolution-does-not-fit");
    story.resolve(&operator, &unknown[0], words("note")).await.ok();
    assert!(story.exceptions(&operator).await.is_empty());
    story.app.finish().await;
}
