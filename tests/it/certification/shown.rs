//! What shop and public see of a certificate, from its claim to the day after its last.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{claimed, days, only_certificate};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn a_claim_is_verified_and_carries_stars_until_the_day_after_its_last() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let new = claimed(&shop).await;
    assert_eq!(
        (&new["status"], &new["state"], &new["stars_today"]),
        (&json!("claimed"), &json!("claimed"), &Value::Null)
    );
    assert_eq!((&new["decision_number"], &new["expires_on"]), (&json!("1187/QĐ-UBND"), &json!("2026-12-28")));
    assert_eq!(new["issued_in"]["province"], json!({ "code": "12", "slug": "lai-chau", "name": "Lai Châu" }));

    app.decide(&shop, id_of(&new), json!({ "verdict": "approve" })).await;
    let own = only_certificate(&shop).await;
    assert_eq!((&own["status"], &own["state"]), (&json!("verified"), &json!("renewal_overdue")));
    assert_eq!((&own["stars_today"], &own["sentence_vi"]), (&json!(4), &json!("Còn hiệu lực đến hết ngày 28/12/2026")));

    // Midnight in Viet Nam is 17:00 UTC: the clock stands at 02:00 UTC on 21 November.
    app.clock.advance(days(37) + TimeDelta::hours(14) + TimeDelta::minutes(59));
    let shop = ShopActor { actor: app.sign_in(shop.contact()).await, ..shop };
    assert_eq!(only_certificate(&shop).await["stars_today"], 4);
    app.clock.advance(TimeDelta::minutes(1));
    let expired = only_certificate(&shop).await;
    assert_eq!((&expired["state"], &expired["stars_today"]), (&json!("expired"), &Value::Null));
    assert_eq!(expired["sentence_vi"], "Hết hạn ngày 28/12/2026");
    assert_eq!(expired["sentence_en"], "Expired on 28 December 2026");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_published_listing_shows_its_certificate_and_says_when_it_has_expired() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let certificate = claimed(&shop).await;
    app.decide(&shop, id_of(&certificate), json!({ "verdict": "approve" })).await;
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = certificate["id"].clone();
    shop.save(&draft, content).await.ok();
    let published = app.publish(&shop, id_of(&draft)).await;
    let page = format!("/v1/listings/{}", published["slug"].as_str().unwrap());

    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((&shown["stars"], &shown["certificate_state"]), (&json!(4), &json!("renewal_overdue")));
    assert_eq!(shown["certificate"]["decision_number"], "1187/QĐ-UBND");
    app.clock.advance(days(38));
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((&shown["stars"], &shown["certificate_state"]), (&Value::Null, &json!("expired")));
    assert_eq!(shown["certificate"]["sentence_vi"], "Hết hạn ngày 28/12/2026");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn the_public_does_not_see_a_claim_that_nobody_verified() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop).await;
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = claim["id"].clone();
    shop.save(&draft, content).await.ok();
    let published = app.publish(&shop, id_of(&draft)).await;
    let page = format!("/v1/listings/{}", published["slug"].as_str().unwrap());
    let words = "Không có quyết định này.";
    let refusal = json!({ "verdict": "reject", "reason_codes": ["certificate.not_found"], "words": words });
    for verdict in [None, Some(refusal)] {
        if let Some(verdict) = verdict {
            app.decide(&shop, id_of(&claim), verdict).await;
        }
        let shown = app.anyone().get(&page).await.ok();
        assert_eq!((&shown["certificate"], &shown["certificate_state"]), (&Value::Null, &Value::Null));
        let list = app.anyone().get("/v1/listings").await.ok();
        assert_eq!((&list["items"][0]["slug"], &list["items"][0]["certificate_state"]), (&shown["slug"], &Value::Null));
    }
    app.finish().await;
}
