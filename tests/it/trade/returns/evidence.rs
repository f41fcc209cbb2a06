//! Pictures by which a buyer shows what arrived: for the two sides and the officers of the matter.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::Deal;
use crate::support::sellers::{PDF, png};
use crate::support::{Actor, HA_NOI, LAI_CHAU, LAO_CAI};

async fn upload(buyer: &Actor) -> Value {
    buyer.upload("/v1/me/evidence", "image/png", png(40, 30)).await.ok()
}

#[tokio::test]
async fn a_picture_is_seen_by_both_sides_and_the_officers_of_its_return_only() {
    let deal = Deal::new(1).await;
    let photo = upload(&deal.buyer).await;
    assert_eq!(
        (&photo["purpose"], &photo["mime"], &photo["urls"]),
        (&json!("evidence"), &json!("image/jpeg"), &Value::Null)
    );
    let media = photo["id"].as_str().unwrap();
    let own = format!("/v1/me/evidence/{media}");
    let shown = deal.buyer.get(&own).await;
    assert_eq!((shown.status, shown.header("cache-control")), (200, Some("private, no-store")));
    let stranger = deal.app.account("Lan").await;
    stranger.get(&own).await.refused(404, "not-found");

    let mut wish = deal.wish("damaged", 1);
    for (key, wrong) in
        [json!([media, media]), json!([upload(&stranger).await["id"]]), json!(vec![media; 7])].into_iter().enumerate()
    {
        wish["photos"] = wrong;
        let refused = deal.ask_as(&deal.buyer, wish.clone(), &format!("wrong-{key}")).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "photos");
    }
    wish["photos"] = json!([media]);
    let made = deal.ask_as(&deal.buyer, wish, "one").await.ok();
    assert_eq!(made["photos"], json!([media]));
    let id = made["id"].as_str().unwrap();
    let shops = format!("/v1/shops/{}/returns/{id}/photos/{media}", deal.stall.id);
    assert_eq!(deal.stall.owner.get(&shops).await.bytes, shown.bytes);
    let other = deal.app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    other.owner.get(&format!("/v1/shops/{}/returns/{id}/photos/{media}", other.id)).await.refused(404, "not-found");
    let unattached = upload(&deal.buyer).await;
    let beside = format!("/v1/shops/{}/returns/{id}/photos/{}", deal.stall.id, unattached["id"].as_str().unwrap());
    deal.stall.owner.get(&beside).await.refused(404, "not-found");

    deal.shop(&made["id"], "answer", json!({ "answer": "refuse", "words": "Không." })).await.ok();
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let path = format!("/admin/v1/cases/{}/photos/{media}", deal.dispute(&officer).await);
    assert_eq!(officer.get(&path).await.bytes, shown.bytes);
    deal.app.officer(LAO_CAI, OfficerRole::Head).await.get(&path).await.refused(404, "not-found");
    deal.app.run_jobs().await;
    deal.app.finish().await;
}

#[tokio::test]
async fn a_complaint_shows_pictures_too() {
    let deal = Deal::new(1).await;
    let photo = upload(&deal.buyer).await["id"].clone();
    let complaint = json!({
        "against": { "order": deal.order }, "kind": "damaged", "words": "Hộp vỡ.", "photos": [photo],
    });
    let made = deal.buyer.post("/v1/complaints", complaint).await.ok();
    assert_eq!(made["photos"], json!([photo]));
    let (id, media) = (made["id"].as_str().unwrap(), photo.as_str().unwrap());
    let shops = format!("/v1/shops/{}/complaints", deal.stall.id);
    assert_eq!(deal.stall.owner.get(&shops).await.ok()["items"][0]["photos"], json!([photo]));
    assert_eq!(deal.stall.owner.get(&format!("{shops}/{id}/photos/{media}")).await.status, 200);
    let officer = deal.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let case = officer.get("/admin/v1/cases?kind=complaint").await.ok()["items"][0]["id"].clone();
    let case = format!("/admin/v1/cases/{}", case.as_str().unwrap());
    assert_eq!(officer.get(&case).await.ok()["subject"]["photos"], json!([photo]));
    assert_eq!(officer.get(&format!("{case}/photos/{media}")).await.status, 200);
    deal.app.finish().await;
}

#[tokio::test]
async fn evidence_is_a_picture_of_a_buyer_and_there_is_an_end_to_it() {
    let deal = Deal::new(1).await;
    deal.buyer.upload("/v1/me/evidence", "application/pdf", PDF.to_vec()).await.refused(415, "unsupported-type");
    let shops = format!("/v1/shops/{}/media?purpose=evidence", deal.stall.id);
    deal.stall.owner.upload(&shops, "image/png", png(40, 30)).await.refused(422, "invalid");
    upload(&deal.buyer).await;
    deal.app
        .sql(
            "insert into media (id, uploaded_by, purpose, name, mime, bytes, width, height, created_at)
             select gen_random_uuid(), uploaded_by, purpose, name || n, mime, bytes, width, height, created_at
               from media, generate_series(1, 299) as n
              where purpose = 'evidence'",
        )
        .await;
    deal.buyer.upload("/v1/me/evidence", "image/png", png(40, 30)).await.refused(409, "evidence-full");
    deal.app.finish().await;
}
