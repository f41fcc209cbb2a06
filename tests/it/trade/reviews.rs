//! What buyers say, and what shops answer.

use serde_json::{Value, json};

use crate::support::{Actor, HA_NOI, LAI_CHAU, TEA, TestApp};

async fn line_of(buyer: &Actor, order: &str) -> String {
    let order = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    order["lines"][0]["id"].as_str().unwrap().to_owned()
}

fn five_stars() -> Value {
    json!({ "stars": 5, "text": "Trà thơm, nước xanh." })
}

#[tokio::test]
async fn what_arrived_is_reviewed_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
    let path = format!("/v1/orders/{order}/lines/{}/review", line_of(&buyer, &order).await);
    buyer.post(&path, five_stars()).await.refused(409, "not-delivered");
    stall.deliver(&order).await;
    for wrong in [json!({ "stars": 6, "text": "x" }), json!({ "stars": 5, "text": " " })] {
        buyer.post(&path, wrong).await.refused(422, "invalid");
    }
    let review = buyer.post(&path, five_stars()).await.ok();
    assert_eq!((&review["author"], &review["stars"], &review["reply"]), (&json!("Hoa"), &json!(5), &json!(null)));
    buyer.post(&path, five_stars()).await.refused(409, "reviewed-already");
    app.account("Lan").await.post(&path, five_stars()).await.refused(404, "not-found");
    assert_eq!(app.count("select rating_sum * 100 + rating_count from listings").await, 501);

    let public = app.anyone().get(&format!("/v1/listings/{}/reviews", tea.slug)).await;
    assert!(!String::from_utf8_lossy(&public.bytes).contains(&buyer.account().to_string()));
    assert_eq!(public.ok()["items"], json!([review]));
    for nowhere in ["/v1/listings/khong-co/reviews", "/v1/listings/%00/reviews"] {
        app.anyone().get(nowhere).await.refused(404, "not-found");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_shop_answers_reviews_of_its_own_goods() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let other = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut reviews = Vec::new();
    for stars in [5, 3, 1] {
        let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
        stall.deliver(&order).await;
        let path = format!("/v1/orders/{order}/lines/{}/review", line_of(&buyer, &order).await);
        reviews.push(buyer.post(&path, json!({ "stars": stars, "text": "Đã nhận." })).await.ok());
    }
    let path = |shop| format!("/v1/shops/{shop}/reviews/{}/reply", reviews[2]["id"].as_str().unwrap());
    other.owner.put(&path(other.id), json!({ "text": "…" })).await.refused(404, "not-found");
    let answered = stall.owner.put(&path(stall.id), json!({ "text": "Xin lỗi anh/chị." })).await.ok();
    assert_eq!(answered["reply"], "Xin lỗi anh/chị.");

    let list = format!("/v1/listings/{}/reviews?limit=2", tea.slug);
    let first = app.anyone().get(&list).await.ok();
    let second = app.anyone().get(&format!("{list}&after={}", first["next"].as_str().unwrap())).await.ok();
    assert_eq!(first["items"], json!([answered, reviews[1]]));
    assert_eq!(second, json!({ "items": [reviews[0]], "next": null }));
    assert_eq!(app.count("select rating_sum * 100 + rating_count from listings").await, 903);
    app.finish().await;
}

#[tokio::test]
async fn a_member_does_not_review_the_goods_of_the_own_shop() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
    stall.deliver(&order).await;
    let path = format!("/v1/orders/{order}/lines/{}/review", line_of(&buyer, &order).await);
    app.joins(&stall, &buyer).await;
    buyer.post(&path, five_stars()).await.refused(409, "own-goods");
    assert_eq!(app.count("select count(*) from reviews").await, 0);
    app.finish().await;
}
