//! What a buyer may ask for, and what the shop makes of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Deal, ask, parcel};
use crate::support::{Goods, HA_NOI, HONEY, TEA};

#[tokio::test]
async fn damaged_goods_go_back_and_are_refunded_with_their_shipping() {
    let deal = Deal::new(3).await;
    let made = deal.ask("damaged", 2).await;
    assert_eq!((&made["status"], &made["postage_borne_by"]), (&json!("requested"), &json!("seller")));
    // Saturday 21 November: two working days end with Tuesday the 24th.
    assert_eq!(made["due_at"], "2026-11-24T17:00:00Z");
    let told = deal.app.last_message(deal.stall.owner.contact()).await;
    assert!(told.contains("Hoa") && told.contains("Hàng bị hỏng") && told.contains("00:00 25/11/2026"), "{told}");

    let id = &made["id"];
    let accepted = deal.shop(id, "answer", json!({ "answer": "accept" })).await.ok();
    assert_eq!((&accepted["status"], &accepted["buyer"]), (&json!("awaiting_goods"), &json!("Hoa")));
    assert_eq!(deal.shop(id, "answer", json!({ "answer": "accept" })).await.ok(), accepted);
    let sent = deal.buyer(id, "shipment", parcel()).await.ok();
    assert_eq!(sent["parcel"]["postage_vnd"], 25_000);
    assert_eq!(deal.buyer(id, "shipment", parcel()).await.ok(), sent);
    let told = deal.app.last_message(deal.stall.owner.contact()).await;
    assert!(told.contains("25.000 ₫"), "{told}");
    deal.buyer(id, "withdrawal", json!({})).await.refused(409, "return-moved-on");

    let left = deal.app.left(&deal.stall, &deal.goods).await;
    let receipt = json!({ "lines": [{ "order_line_id": deal.line, "restock": true }] });
    let back = deal.shop(id, "receipt", receipt.clone()).await.ok();
    let order = deal.order().await;
    let shipping = order["shipping_vnd"].as_i64().unwrap();
    let expected = 2 * TEA.price_vnd + (shipping - shipping / 3);
    let shared = (back["refund"]["amount_vnd"].as_i64().unwrap() - expected).abs();
    assert!(shared <= 1, "{back}: {expected}");
    assert_eq!((&order["status"], &order["lines"][0]["returned_quantity"]), (&json!("delivered"), &json!(2)));
    assert_eq!(deal.app.left(&deal.stall, &deal.goods).await, left + 2);
    assert_eq!(deal.shop(id, "receipt", receipt).await.ok(), back);

    let rest = deal.ask("not_as_described", 1).await;
    let refused = deal.shop(&rest["id"], "answer", json!({ "answer": "accept", "goods_back": false })).await.ok();
    let sum = back["refund"]["amount_vnd"].as_i64().unwrap() + refused["refund"]["amount_vnd"].as_i64().unwrap();
    assert_eq!(sum, order["total_vnd"].as_i64().unwrap(), "in parts exactly the whole");
    assert_eq!(deal.order().await["payment"]["refunded_vnd"], order["total_vnd"]);
    deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "more").await.refused(409, "returned-already");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn the_same_wish_again_is_the_same_return() {
    let deal = Deal::new(2).await;
    let first = deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "one").await;
    assert_eq!(first.status, 201);
    let again = deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "one").await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
    deal.ask_as(&deal.buyer, deal.wish("damaged", 2), "one").await.refused(422, "idempotency-key-reused");
    let path = format!("/v1/orders/{}/returns", deal.order);
    deal.buyer.post(&path, deal.wish("damaged", 1)).await.refused(400, "idempotency-key-missing");
    assert_eq!(deal.app.count("select count(*) from returns").await, 1);
    deal.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_given_back_is_refused_and_changes_nothing() {
    let deal = Deal::new(2).await;
    let line = |quantity: i32| json!([{ "order_line_id": deal.line, "quantity": quantity }]);
    let twice = json!([line(1)[0], line(1)[0]]);
    let foreign = json!([{ "order_line_id": deal.order, "quantity": 1 }]);
    for (lines, at) in [(json!([]), "lines"), (line(0), "lines[0].quantity"), (twice, "lines"), (foreign, "lines")] {
        let mut wish = deal.wish("damaged", 1);
        wish["lines"] = lines;
        let refused = deal.ask_as(&deal.buyer, wish, at).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    let left = deal.ask_as(&deal.buyer, deal.wish("damaged", 3), "many").await.refused(409, "returned-already");
    assert_eq!(left["lines"], json!([{ "order_line_id": deal.line, "left": 2 }]));
    deal.ask_as(&deal.app.account("Lan").await, deal.wish("damaged", 1), "hers").await.refused(404, "not-found");
    let waiting = deal.buyer.buy(&[(&deal.goods, 1)]).await.remove(0);
    ask(&deal.buyer, &waiting, deal.wish("damaged", 1), "early").await.refused(409, "not-returnable");
    // Seven days from delivery, by the clock.
    deal.app.clock.advance(TimeDelta::hours(168));
    deal.app.run_jobs().await;
    let late = deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "late").await.refused(409, "return-too-late");
    assert_eq!(late["until"], "2026-11-28T02:00:00+00:00");
    assert_eq!(deal.app.count("select count(*) from returns").await, 0);
    deal.app.finish().await;
}

#[tokio::test]
async fn a_completed_order_still_comes_back_within_the_time() {
    let deal = Deal::new(1).await;
    deal.app.clock.advance(TimeDelta::hours(168) - TimeDelta::microseconds(1));
    deal.app.run_jobs().await;
    assert_eq!(deal.order().await["status"], "completed");
    let made = deal.ask("spoiled", 1).await;
    let refunded = deal.shop(&made["id"], "answer", json!({ "answer": "accept", "goods_back": false })).await.ok();
    let order = deal.order().await;
    assert_eq!((&refunded["status"], &refunded["refund"]["amount_vnd"]), (&json!("refunded"), &order["total_vnd"]));
    assert_eq!(order["status"], "completed");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

fn kept(days: i16) -> Value {
    json!({ "changed_mind_days": days, "words": "Hàng còn nguyên tem." })
}

#[tokio::test]
async fn a_change_of_mind_follows_the_shops_policy_of_the_day_of_the_order() {
    let deal = Deal::new(2).await;
    let path = format!("/v1/shops/{}/return_policy", deal.stall.id);
    deal.ask_as(&deal.buyer, deal.wish("changed_mind", 1), "none").await.refused(409, "not-returnable");
    deal.stall.owner.put(&path, kept(61)).await.refused(422, "invalid");
    // The order is older than the policy.
    deal.app.clock.advance(TimeDelta::hours(1));
    deal.stall.owner.put(&path, kept(5)).await.ok();
    deal.ask_as(&deal.buyer, deal.wish("changed_mind", 1), "older").await.refused(409, "not-returnable");
    let public = deal.app.anyone().get(&format!("/v1/sellers/{}/return_policy", deal.stall.slug)).await.ok();
    assert_eq!((&public["changed_mind_days"], &public["words"]), (&json!(5), &json!("Hàng còn nguyên tem.")));

    let order = deal.buyer.buy(&[(&deal.goods, 2)]).await.remove(0);
    deal.stall.deliver(&order).await;
    deal.app.clock.advance(TimeDelta::hours(1));
    deal.stall.owner.put(&path, kept(0)).await.ok();
    let shown = deal.buyer.get(&format!("/v1/orders/{order}")).await.ok();
    let deal = Deal { line: shown["lines"][0]["id"].as_str().unwrap().to_owned(), order, ..deal };
    let made = deal.ask("changed_mind", 2).await;
    assert_eq!(made["postage_borne_by"], "buyer");
    let id = &made["id"];
    deal.shop(id, "answer", json!({ "answer": "accept" })).await.ok();
    deal.buyer(id, "shipment", parcel()).await.ok();
    let back = deal.shop(id, "receipt", json!({ "lines": [] })).await.ok();
    assert_eq!(back["refund"]["amount_vnd"], 2 * TEA.price_vnd, "without shipping");
    assert_eq!(back["lines"][0]["restocked"], false);
    deal.app.clock.advance(TimeDelta::days(5));
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn a_change_of_mind_ends_with_the_shops_days_and_never_concerns_fresh_goods() {
    let fresh = Goods { title: "Măng tươi", set_no: 1, ..HONEY };
    let deal = Deal::of(fresh, 1).await;
    let path = format!("/v1/shops/{}/return_policy", deal.stall.id);
    deal.stall.owner.put(&path, kept(2)).await.ok();
    let honey = deal.app.shelve(&deal.stall, HONEY).await;
    let mut lines = Vec::new();
    for ware in [&deal.goods, &honey] {
        let order = deal.buyer.buy(&[(ware, 1)]).await.remove(0);
        deal.stall.deliver(&order).await;
        let shown = deal.buyer.get(&format!("/v1/orders/{order}")).await.ok();
        lines.push((order, json!([{ "order_line_id": shown["lines"][0]["id"], "quantity": 1 }])));
    }
    let wish = |lines: &Value| json!({ "lines": lines, "reason": "changed_mind", "words": "Mua nhầm." });
    let refused = ask(&deal.buyer, &lines[0].0, wish(&lines[0].1), "fresh").await.refused(409, "not-returnable");
    assert!(refused["detail"].as_str().unwrap().contains("hàng tươi"), "{refused}");
    deal.app.clock.advance(TimeDelta::days(2));
    ask(&deal.buyer, &lines[1].0, wish(&lines[1].1), "late").await.refused(409, "return-too-late");
    deal.app.clock.advance(-TimeDelta::microseconds(1));
    ask(&deal.buyer, &lines[1].0, wish(&lines[1].1), "in-time").await.ok();
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn an_offer_is_taken_or_it_lapses() {
    let deal = Deal::new(3).await;
    let made = deal.ask("damaged", 3).await;
    let id = &made["id"];
    let offer = |quantity: i32| {
        let lines = json!([{ "order_line_id": deal.line, "quantity": quantity }]);
        json!({ "answer": "offer", "goods_back": false, "lines": lines, "words": "Một hộp vỡ." })
    };
    for wrong in [
        offer(3),
        offer(4),
        json!({ "answer": "offer", "words": "Một phần." }),
        json!({ "answer": "refuse" }),
        json!({ "answer": "refuse", "words": "Không.", "lines": [{ "order_line_id": deal.line, "quantity": 1 }] }),
    ] {
        deal.shop(id, "answer", wrong).await.refused(422, "invalid");
    }
    let offered = deal.shop(id, "answer", offer(1)).await.ok();
    assert_eq!((&offered["status"], &offered["lines"][0]["granted"]), (&json!("offered"), &json!(1)));
    deal.shop(id, "answer", offer(2)).await.refused(409, "return-moved-on");
    let taken = deal.buyer(id, "offer_acceptance", json!({})).await.ok();
    assert_eq!((&taken["status"], &taken["lines"][0]["returned"]), (&json!("refunded"), &json!(1)));
    assert_eq!(deal.buyer(id, "offer_acceptance", json!({})).await.ok(), taken);
    assert_eq!(deal.order().await["lines"][0]["returned_quantity"], 1);

    // What was asked for and not granted may be asked for again.
    let again = deal.ask("damaged", 2).await;
    deal.shop(&again["id"], "answer", offer(1)).await.ok();
    deal.app.clock.advance(TimeDelta::days(8));
    deal.app.run_jobs().await;
    let lapsed = deal.seen(&again["id"]).await;
    assert_eq!((&lapsed["status"], &lapsed["due_at"]), (&json!("lapsed"), &Value::Null));
    deal.buyer(&again["id"], "offer_acceptance", json!({})).await.refused(409, "return-moved-on");
    deal.app.finish().await;
}

#[tokio::test]
async fn what_was_missing_is_refunded_without_anything_to_send_back() {
    let deal = Deal::new(2).await;
    let made = deal.ask("missing", 1).await;
    let refunded = deal.shop(&made["id"], "answer", json!({ "answer": "accept", "goods_back": true })).await.ok();
    assert_eq!((&refunded["status"], &refunded["goods_back"]), (&json!("refunded"), &json!(false)));
    let told = deal.app.last_message(deal.buyer.contact()).await;
    assert!(told.contains("được hoàn cho người mua"), "{told}");
    deal.app.finish().await;
}

#[tokio::test]
async fn a_wish_is_withdrawn_lapses_unsent_and_comes_no_eleventh_time() {
    let deal = Deal::new(1).await;
    for _ in 0..9 {
        let made = deal.ask("damaged", 1).await;
        let withdrawn = deal.buyer(&made["id"], "withdrawal", json!({})).await.ok();
        assert_eq!(withdrawn["status"], "withdrawn");
        assert_eq!(deal.buyer(&made["id"], "withdrawal", json!({})).await.ok(), withdrawn);
    }
    assert!(deal.app.last_message(deal.stall.owner.contact()).await.contains("đã rút"));
    let unsent = deal.ask("damaged", 1).await;
    deal.shop(&unsent["id"], "answer", json!({ "answer": "accept" })).await.ok();
    deal.shop(&unsent["id"], "receipt", json!({ "lines": [] })).await.refused(409, "return-moved-on");
    deal.ask_as(&deal.buyer, deal.wish("damaged", 1), "eleventh").await.refused(409, "too-many-returns");
    deal.app.clock.advance(TimeDelta::days(9));
    deal.app.run_jobs().await;
    assert_eq!(deal.seen(&unsent["id"]).await["status"], "lapsed");
    deal.app.finish().await;
}

#[tokio::test]
async fn both_sides_find_their_returns_and_nobody_elses() {
    let deal = Deal::new(3).await;
    let (first, second) = (deal.ask("damaged", 1).await, deal.ask("missing", 1).await);
    let shops = format!("/v1/shops/{}/returns", deal.stall.id);
    for (actor, path) in [(&deal.buyer, "/v1/returns"), (&deal.stall.owner, shops.as_str())] {
        let page = actor.get(&format!("{path}?limit=1")).await.ok();
        assert_eq!(page["items"][0]["id"], second["id"]);
        let next = actor.get(&format!("{path}?limit=1&after={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!((&next["items"][0]["id"], &next["next"]), (&first["id"], &Value::Null));
        assert_eq!(actor.get(&format!("{path}?status=refunded")).await.ok()["items"], json!([]));
    }
    let (other, stranger) = (deal.app.stall("Nhà vườn Ba Đình", HA_NOI).await, deal.app.account("Lan").await);
    let id = first["id"].as_str().unwrap();
    stranger.get(&format!("/v1/returns/{id}")).await.refused(404, "not-found");
    other.owner.get(&format!("/v1/shops/{}/returns/{id}", other.id)).await.refused(404, "not-found");
    let rules = deal.app.anyone().get("/v1/return_rules").await.ok();
    assert_eq!(
        (&rules["within"]["request"], &rules["within"]["answer"]),
        (&json!("168 giờ"), &json!("2 ngày làm việc"))
    );
    assert_eq!(rules["reasons"].as_array().unwrap().len(), 6);
    deal.app.finish().await;
}
