//! What the two sides do not agree about.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{Deal, parcel};
use crate::support::{LAI_CHAU, LAO_CAI};

fn refusal() -> Value {
    json!({ "answer": "refuse", "words": "Hàng nguyên vẹn khi giao." })
}

fn for_the_buyer() -> Value {
    json!({ "verdict": "approve", "words": "Ảnh cho thấy hộp vỡ khi giao." })
}

fn not_upheld() -> Value {
    json!({ "verdict": "reject", "reason_codes": ["refund.not_shown"], "words": "Ảnh không rõ." })
}

#[tokio::test]
async fn a_shop_that_refuses_goods_at_fault_finds_the_matter_on_the_desk() {
    let deal = Deal::new(2).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("damaged", 2).await;
    let disputed = deal.shop(&made["id"], "answer", refusal()).await.ok();
    assert_eq!((&disputed["status"], &disputed["dispute"]["by"]), (&json!("disputed"), &json!("seller")));
    assert_eq!(deal.shop(&made["id"], "answer", refusal()).await.ok(), disputed);
    let case = deal.dispute(&officer).await;
    let elsewhere = deal.app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.get(&format!("/admin/v1/cases/{case}")).await.refused(404, "not-found");
    let dossier = officer.get(&format!("/admin/v1/cases/{case}")).await.ok();
    assert_eq!(dossier["case"]["due_at"], "2026-11-27T17:00:00Z");
    let subject = &dossier["subject"];
    assert_eq!((&subject["id"], &subject["buyer"], &subject["movable"]), (&made["id"], &json!("Hoa"), &json!(false)));
    assert_eq!((&subject["payment"]["method"], &subject["order"]["id"]), (&json!("cod"), &json!(deal.order)));
    assert_eq!(subject["answer"]["words"], "Hàng nguyên vẹn khi giao.");

    for (wrong, at) in [
        (json!({ "verdict": "approve" }), "words"),
        (json!({ "verdict": "request_changes", "reason_codes": ["refund.not_shown"], "words": "?" }), "verdict"),
        (
            json!({ "verdict": "reject", "reason_codes": ["refund.not_shown"], "words": "Không.", "refund": {} }),
            "refund",
        ),
        (
            json!({ "verdict": "approve", "words": "Được.", "refund":
            { "lines": [{ "order_line_id": deal.line, "quantity": 3 }] } }),
            "lines",
        ),
    ] {
        assert_eq!(deal.decide(&officer, wrong).await.refused(422, "invalid")["errors"][0]["at"], at);
    }
    deal.decide(&officer, not_upheld()).await.ok();
    let closed = deal.seen(&made["id"]).await;
    assert_eq!(closed["status"], "not_upheld");
    assert_eq!(closed["result"]["reasons"][0]["code"], "refund.not_shown");
    assert!(deal.app.last_message(deal.buyer.contact()).await.contains("19/2023/QH15"));
    assert!(deal.app.last_message(deal.stall.owner.contact()).await.contains("Ảnh không rõ"));
    assert_eq!(deal.order().await["lines"][0]["returned_quantity"], 0);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn where_the_shop_has_the_money_a_verdict_is_a_recommendation_with_a_date() {
    let deal = Deal::new(3).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("damaged", 3).await;
    let id = &made["id"];
    deal.shop(id, "answer", refusal()).await.ok();
    let mut verdict = for_the_buyer();
    verdict["refund"] = json!({ "lines": [{ "order_line_id": deal.line, "quantity": 2 }] });
    deal.decide(&officer, verdict).await.ok();
    let recommended = deal.seen(id).await;
    assert_eq!((&recommended["status"], &recommended["refund"]), (&json!("recommended"), &Value::Null));
    assert_eq!(
        (&recommended["due_at"], &recommended["lines"][0]["granted"]),
        (&json!("2026-11-25T17:00:00Z"), &json!(2))
    );
    assert_eq!(deal.order().await["payment"]["refunded_vnd"], 0);

    deal.app.clock.advance(TimeDelta::days(5));
    deal.app.run_jobs().await;
    let unheeded = deal.seen(id).await;
    assert_eq!((&unheeded["status"], &unheeded["due_at"]), (&json!("unheeded"), &Value::Null));
    assert!(deal.app.last_message(deal.buyer.contact()).await.contains("chưa thực hiện"));
    // Late is better than never, and its units were nobody's meanwhile.
    deal.ask_as(&deal.buyer, deal.wish("missing", 1), "meanwhile").await.refused(409, "returned-already");
    let followed = deal.shop(id, "compliance", json!({})).await.ok();
    assert_eq!((&followed["status"], &followed["lines"][0]["returned"]), (&json!("refunded"), &json!(2)));
    assert_eq!(deal.shop(id, "compliance", json!({})).await.ok(), followed);
    let reason = "select count(*) from refunds where reason = 'dispute' and channel = 'shop' and status = 'promised'";
    assert_eq!(deal.app.count(reason).await, 1);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn where_the_licensed_partner_has_the_money_a_verdict_moves_it() {
    let deal = Deal::paid_at_vnpay(2).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("wrong_item", 1).await;
    deal.shop(&made["id"], "answer", refusal()).await.ok();
    let case = deal.dispute(&officer).await;
    assert_eq!(officer.get(&format!("/admin/v1/cases/{case}")).await.ok()["subject"]["movable"], true);
    deal.decide(&officer, for_the_buyer()).await.ok();
    let refunded = deal.seen(&made["id"]).await;
    assert_eq!(refunded["status"], "refunded");
    let refunds = "select count(*) from refunds where channel = 'gateway' and reason = 'dispute'";
    assert_eq!(deal.app.count(refunds).await, 1);
    assert_eq!(deal.order().await["payment"]["refunded_vnd"], refunded["refund"]["amount_vnd"]);
    deal.app.run_jobs().await;
    let arrived = "select count(*) from refunds where reason = 'dispute' and status = 'arrived'";
    assert_eq!(deal.app.count(arrived).await, 1);
    deal.app.finish().await;
}

#[tokio::test]
async fn once_the_partner_has_paid_the_shop_a_verdict_only_recommends() {
    let deal = Deal::paid_at_vnpay(2).await;
    deal.app.takes_transfers(&deal.stall).await;
    for days in [3, 3] {
        deal.app.run_jobs().await;
        deal.app.clock.advance(TimeDelta::days(days));
    }
    deal.app.run_jobs().await;
    assert_eq!(deal.providers.as_ref().unwrap().state().await["payouts"][0]["stand"], "succeeded");
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("wrong_item", 1).await;
    deal.shop(&made["id"], "answer", refusal()).await.ok();
    deal.decide(&officer, for_the_buyer()).await.ok();
    assert_eq!(deal.seen(&made["id"]).await["status"], "recommended");
    assert_eq!(deal.app.count("select count(*) from refunds").await, 0);
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn a_shops_silence_goes_to_the_desk_and_moves_nothing() {
    let deal = Deal::new(2).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("not_as_described", 1).await;
    deal.buyer(&made["id"], "escalation", json!({ "words": "Nhanh lên." })).await.refused(409, "return-moved-on");
    deal.app.clock.advance(TimeDelta::days(4));
    deal.app.run_jobs().await;
    let disputed = deal.seen(&made["id"]).await;
    assert_eq!((&disputed["status"], &disputed["dispute"]["by"]), (&json!("disputed"), &json!("system")));
    deal.shop(&made["id"], "answer", json!({ "answer": "accept" })).await.refused(409, "return-moved-on");
    assert_eq!(deal.app.count("select count(*) from refunds").await, 0);

    // An officer may have the goods go back first; then the shop may be silent again.
    let mut verdict = for_the_buyer();
    verdict["refund"] = json!({ "goods_back": true });
    deal.decide(&officer, verdict).await.ok();
    let awaiting = deal.shop(&made["id"], "compliance", json!({})).await.ok();
    assert_eq!(awaiting["status"], "awaiting_goods");
    deal.buyer(&made["id"], "shipment", parcel()).await.ok();
    deal.app.clock.advance(TimeDelta::days(12));
    deal.app.run_jobs().await;
    assert_eq!(deal.seen(&made["id"]).await["status"], "disputed");
    deal.decide(&officer, for_the_buyer()).await.ok();
    let refunded = deal.shop(&made["id"], "compliance", json!({})).await.ok();
    assert_eq!(refunded["status"], "refunded");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn a_refusal_without_fault_is_the_buyers_to_escalate_and_to_withdraw() {
    let deal = Deal::new(1).await;
    let path = format!("/v1/shops/{}/return_policy", deal.stall.id);
    deal.stall.owner.put(&path, json!({ "changed_mind_days": 30 })).await.ok();
    let order = deal.buyer.buy(&[(&deal.goods, 3)]).await.remove(0);
    deal.stall.deliver(&order).await;
    let shown = deal.buyer.get(&format!("/v1/orders/{order}")).await.ok();
    let deal = Deal { line: shown["lines"][0]["id"].as_str().unwrap().to_owned(), order, ..deal };
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let words = json!({ "words": "Hàng còn nguyên tem." });
    let (first, second, third) =
        (deal.ask("changed_mind", 1).await, deal.ask("changed_mind", 1).await, deal.ask("changed_mind", 1).await);
    for made in [&first, &second, &third] {
        assert_eq!(deal.shop(&made["id"], "answer", refusal()).await.ok()["status"], "refused");
    }
    let escalated = deal.buyer(&first["id"], "escalation", words.clone()).await.ok();
    assert_eq!((&escalated["status"], &escalated["dispute"]["by"]), (&json!("disputed"), &json!("buyer")));
    assert_eq!(deal.buyer(&first["id"], "escalation", words.clone()).await.ok(), escalated);
    deal.buyer(&first["id"], "withdrawal", json!({})).await.ok();
    assert_eq!(officer.get("/admin/v1/cases").await.ok()["items"], json!([]));
    // Five working days for the others.
    deal.buyer(&second["id"], "withdrawal", json!({})).await.ok();
    deal.app.clock.advance(TimeDelta::days(7));
    deal.app.run_jobs().await;
    assert_eq!(deal.seen(&third["id"]).await["status"], "lapsed");
    deal.buyer(&third["id"], "escalation", words).await.refused(409, "return-moved-on");
    deal.app.finish().await;
}

#[tokio::test]
async fn a_shop_contests_what_came_back() {
    let deal = Deal::new(1).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let made = deal.ask("damaged", 1).await;
    let id = &made["id"];
    deal.shop(id, "answer", json!({ "answer": "accept" })).await.ok();
    let words = json!({ "words": "Hộp trống." });
    deal.shop(id, "objection", words.clone()).await.refused(409, "return-moved-on");
    deal.buyer(id, "shipment", parcel()).await.ok();
    let foreign = json!({ "lines": [{ "order_line_id": deal.order, "restock": true }] });
    deal.shop(id, "receipt", foreign).await.refused(422, "invalid");
    let disputed = deal.shop(id, "objection", words.clone()).await.ok();
    assert_eq!((&disputed["status"], &disputed["dispute"]["words"]), (&json!("disputed"), &json!("Hộp trống.")));
    assert_eq!(deal.shop(id, "objection", words).await.ok(), disputed);
    deal.shop(id, "receipt", json!({ "lines": [] })).await.refused(409, "return-moved-on");
    deal.buyer(id, "withdrawal", json!({})).await.refused(409, "return-moved-on");
    deal.decide(&officer, not_upheld()).await.ok();
    assert_eq!(deal.seen(id).await["status"], "not_upheld");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn nobody_decides_on_their_own_return() {
    let deal = Deal::new(1).await;
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let order = officer.buy(&[(&deal.goods, 1)]).await.remove(0);
    deal.stall.deliver(&order).await;
    let shown = officer.get(&format!("/v1/orders/{order}")).await.ok();
    let deal = Deal { line: shown["lines"][0]["id"].as_str().unwrap().to_owned(), order, ..deal };
    let made = deal.ask_as(&officer, deal.wish("damaged", 1), "mine").await.ok();
    deal.shop(&made["id"], "answer", refusal()).await.ok();
    deal.decide(&officer, for_the_buyer()).await.refused(409, "own-return");
    let colleague = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    deal.decide(&colleague, for_the_buyer()).await.ok();
    deal.app.run_jobs().await;
    deal.app.finish().await;
}
