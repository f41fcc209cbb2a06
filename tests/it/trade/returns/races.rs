//! Many at once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::json;
use tokio::task::JoinSet;

use super::{Deal, ask, parcel};
use crate::support::Answer;
use crate::support::LAI_CHAU;

/// Every request at once; how often each status came back.
async fn all_at_once(requests: JoinSet<Answer>) -> BTreeMap<u16, usize> {
    let mut seen = BTreeMap::new();
    for answer in requests.join_all().await {
        *seen.entry(answer.status).or_default() += 1;
    }
    seen
}

const REFUNDED: &str = "select coalesce(sum(amount_vnd), 0)::bigint from refunds";
const COUNTED: &str = "select sum(returned)::bigint from returned_units";

#[tokio::test(flavor = "multi_thread")]
async fn sixty_wishes_for_three_units_ask_for_three() {
    let deal = Deal::new(3).await;
    let mut requests = JoinSet::new();
    for number in 0..60 {
        let (buyer, order, wish) = (deal.buyer.clone(), deal.order.clone(), deal.wish("damaged", 1));
        requests.spawn(async move { ask(&buyer, &order, wish, &format!("wish-{number}")).await });
    }
    assert_eq!(all_at_once(requests).await, BTreeMap::from([(201, 3), (409, 57)]));
    assert_eq!(deal.app.count("select sum(asked)::bigint from return_lines").await, 3);
    deal.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_granted_and_received_sixty_times_is_refunded_once() {
    let deal = Deal::new(2).await;
    let made = deal.ask("damaged", 2).await;
    let shop = format!("/v1/shops/{}/returns/{}", deal.stall.id, made["id"].as_str().unwrap());
    let mut answers = JoinSet::new();
    for _ in 0..60 {
        let (owner, path) = (deal.stall.owner.clone(), format!("{shop}/answer"));
        answers.spawn(async move { owner.put(&path, json!({ "answer": "accept" })).await });
    }
    assert_eq!(all_at_once(answers).await, BTreeMap::from([(200, 60)]));
    deal.buyer(&made["id"], "shipment", parcel()).await.ok();
    let left = deal.app.left(&deal.stall, &deal.goods).await;
    let mut receipts = JoinSet::new();
    for _ in 0..60 {
        let (owner, path) = (deal.stall.owner.clone(), format!("{shop}/receipt"));
        let receipt = json!({ "lines": [{ "order_line_id": deal.line, "restock": true }] });
        receipts.spawn(async move { owner.put(&path, receipt).await });
    }
    assert_eq!(all_at_once(receipts).await, BTreeMap::from([(200, 60)]));
    let order = deal.order().await;
    assert_eq!(deal.app.count(REFUNDED).await, order["total_vnd"].as_i64().unwrap());
    assert_eq!(deal.app.count("select count(*) from refunds").await, 1);
    assert_eq!(deal.app.count(COUNTED).await, 2);
    assert_eq!(deal.app.left(&deal.stall, &deal.goods).await, left + 2);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_returns_of_one_line_refunded_at_once_sum_to_the_whole() {
    let deal = Deal::new(7).await;
    let (first, second) = (deal.ask("damaged", 3).await, deal.ask("missing", 4).await);
    let accept = json!({ "answer": "accept", "goods_back": false });
    let (one, two) = tokio::join!(
        deal.shop(&first["id"], "answer", accept.clone()),
        deal.shop(&second["id"], "answer", accept.clone()),
    );
    let sum: i64 = [one.ok(), two.ok()].iter().map(|view| view["refund"]["amount_vnd"].as_i64().unwrap()).sum();
    assert_eq!(sum, deal.order().await["total_vnd"].as_i64().unwrap());
    assert_eq!((deal.app.count(REFUNDED).await, deal.app.count(COUNTED).await), (sum, 7));
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_asked_for_while_the_order_completes_stays() {
    let deal = Deal::new(1).await;
    deal.app.clock.advance(TimeDelta::hours(72));
    let (asked, ()) = tokio::join!(deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "one"), deal.app.run_jobs(),);
    assert_eq!(asked.ok()["status"], "requested");
    assert_eq!(deal.order().await["status"], "completed");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_withdrawal_and_a_verdict_at_once_one_wins() {
    let deal = Deal::new(1).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    for _ in 0..6 {
        let made = deal.ask("damaged", 1).await;
        deal.shop(&made["id"], "answer", json!({ "answer": "refuse", "words": "Không." })).await.ok();
        let verdict = json!({ "verdict": "reject", "reason_codes": ["refund.unfounded"], "words": "Không có căn cứ." });
        let path = format!("/admin/v1/cases/{}/verdict", deal.dispute(&officer).await);
        let (withdrawn, decided) =
            tokio::join!(deal.buyer(&made["id"], "withdrawal", json!({})), officer.put(&path, verdict));
        let status = deal.seen(&made["id"]).await["status"].clone();
        if withdrawn.status == 200 {
            decided.refused(409, "case-not-open");
            assert_eq!(status, "withdrawn");
        } else {
            assert_eq!(withdrawn.status, 409, "{}", withdrawn.body);
            decided.ok();
            assert_eq!(status, "not_upheld");
        }
    }
    assert_eq!(deal.app.count("select count(*) from cases where status = 'open'").await, 0);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_answer_and_its_deadline_at_once_one_counts() {
    let deal = Deal::new(4).await;
    for _ in 0..4 {
        let made = deal.ask("damaged", 1).await;
        deal.app.clock.advance(TimeDelta::days(5));
        let accept = json!({ "answer": "accept", "goods_back": false });
        let (answered, ()) = tokio::join!(deal.shop(&made["id"], "answer", accept), deal.app.run_jobs());
        let seen = deal.seen(&made["id"]).await;
        if answered.status == 200 {
            assert_eq!(seen["status"], "refunded");
        } else {
            answered.refused(409, "return-moved-on");
            assert_eq!(seen["status"], "disputed");
        }
        deal.app.clock.advance(-TimeDelta::days(5));
    }
    let refunded = "select count(*) from returns where status = 'refunded'";
    let disputed = "select count(*) from cases where kind = 'refund_dispute' and status = 'open'";
    assert_eq!(deal.app.count(refunded).await + deal.app.count(disputed).await, 4);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}
