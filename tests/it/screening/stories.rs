//! Findings where people meet them: the shop before it hands in, the officer in the dossier.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use super::{case_of, found, reviewer};
use crate::support::catalogue::{id_of, packs, tea};
use crate::support::sellers::{ShopActor, cooperative};
use crate::support::{LAI_CHAU, TestApp};

async fn draft_saying(shop: &ShopActor, story: &str) -> Value {
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["story_vi"] = json!(story);
    shop.save(&draft, content).await.ok()
}

#[tokio::test]
async fn a_shop_sees_what_will_be_found_before_it_hands_in() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let begun = shop.post(&shop.path("/listings"), tea(&[])).await.ok();
    let path = shop.path(&format!("/listings/{}/findings", id_of(&begun)));
    assert_eq!(found(&shop.get(&path).await.ok()), []);

    let mut content = tea(&[]);
    content["title_vi"] = json!("Chè hữu cơ 5 sao");
    content["label"] = json!({ "usage": "Gọi 0912 345 678" });
    shop.save(&begun, content).await.ok();
    let mut named = packs(&[("CHỮA-BỆNH", 1, Some(200))]);
    named["variants"][0]["name_en"] = json!("organic");
    shop.put(&shop.path(&format!("/listings/{}/variants", id_of(&begun))), named).await.ok();
    let screening = shop.get(&path).await.ok();
    assert_eq!(
        found(&screening),
        [
            ("cure_claim", "variants[0].sku"),
            ("cure_claim", "variants[0].name_vi"),
            ("missing_label", "label.ingredients"),
            ("missing_label", "label.net_quantity"),
            ("missing_label", "label.shelf_life"),
            ("missing_label", "label.storage"),
            ("missing_label", "label.responsible_name"),
            ("missing_label", "label.responsible_address"),
            ("star_claim", "content.title_vi"),
            ("contact_data", "content.label.usage"),
            ("organic_claim", "content.title_vi"),
            ("organic_claim", "variants[0].name_en"),
        ]
    );
    assert_eq!(screening["made_at"], "2026-11-21T02:00:00Z");
    assert_eq!(screening["findings"][9]["excerpt"], "Gọi 0912 345 678");
    let packer = app.member(&shop, MemberRole::Packer).await;
    packer.get(&path).await.ok();
    let other = app.approved_shop(LAI_CHAU).await;
    other.get(&other.path(&format!("/listings/{}/findings", id_of(&begun)))).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn the_dossier_keeps_what_was_found_when_the_revision_was_handed_in() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = draft_saying(&shop, "Chè hữu cơ của bản.").await;
    let waiting = shop.submit(id_of(&draft)).await.ok();
    // A finding never decides: the revision waits like any other.
    assert_eq!(waiting["revision"]["status"], "submitted");
    let case = case_of(&shop, &waiting).await;
    let officer = reviewer(&app).await;
    let screening = officer.get(&case).await.ok()["subject"]["screening"].clone();
    assert_eq!(found(&screening), [("organic_claim", "content.story_vi")]);
    let finding = &screening["findings"][0];
    assert_eq!((&finding["excerpt"], &finding["severity"]), (&json!("Chè hữu cơ của bản."), &json!("warning")));
    assert!(
        finding["why_vi"].as_str().unwrap().contains("hữu cơ")
            && finding["why_en"].as_str().unwrap().contains("organic")
    );
    assert_eq!(finding["legal_basis"], "Nghị định 109/2018/NĐ-CP");

    // The paper that arrives later changes what is found from now on, not what was found then.
    app.clock.advance(TimeDelta::hours(1));
    shop.paper("organic_certificate").await;
    let now = shop.get(&shop.path(&format!("/listings/{}/findings", id_of(&draft)))).await.ok();
    assert_eq!((found(&now), &now["made_at"]), (vec![], &json!("2026-11-21T03:00:00Z")));
    let then = officer.get(&case).await.ok()["subject"]["screening"].clone();
    assert_eq!((then["findings"].as_array().unwrap().len(), &then["made_at"]), (1, &json!("2026-11-21T02:00:00Z")));

    // Handed in again, it is screened again.
    shop.delete(&shop.path(&format!("/listings/{}/submission", id_of(&draft)))).await.ok();
    let again = shop.submit(id_of(&draft)).await.ok();
    let again = officer.get(&case_of(&shop, &again).await).await.ok();
    assert_eq!(again["subject"]["screening"], json!({ "made_at": "2026-11-21T03:00:00Z", "findings": [] }));
    officer.put(&format!("{}/verdict", case_of(&shop, &waiting).await), json!({ "verdict": "approve" })).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_paper_or_certificate_that_has_run_out_since_is_found() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["set_no"] = json!(14);
    let draft = shop.save(&draft, content).await.ok();
    let path = shop.path(&format!("/listings/{}/findings", id_of(&draft)));
    assert_eq!(found(&shop.get(&path).await.ok()), [("missing_paper", "paper.alcohol_licence")]);
    app.sql("update seller_papers set expires_on = '2026-11-20'").await;
    assert_eq!(
        found(&shop.get(&path).await.ok()),
        [
            ("missing_paper", "paper.alcohol_licence"),
            ("missing_paper", "paper.business_registration"),
            ("missing_paper", "papers[0]")
        ]
    );

    let claim = json!({
        "product_name": "Chè Shan tuyết", "set_no": 11, "stars": 5, "decision_number": "8/QĐ-BNNMT",
        "decision_date": "2025-06-19", "authority": "Bộ Nông nghiệp và Môi trường", "issued_on": "2025-06-19",
        "scan_id": shop.scan().await,
    });
    let claim = shop.post(&shop.path("/certificates"), claim).await.ok();
    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    let mut content = tea(&[]);
    content["title_vi"] = json!("Chè OCOP 5 sao");
    content["certificate_id"] = claim["id"].clone();
    shop.save(&draft, content).await.ok();
    assert!(found(&shop.get(&path).await.ok()).iter().all(|(rule, _)| *rule == "missing_paper"));
    app.sql("update certificates set revoked_on = '2026-11-21'").await;
    let revoked = shop.get(&path).await.ok();
    assert!(found(&revoked).contains(&("star_claim", "content.title_vi")), "{revoked}");
    assert!(found(&revoked).contains(&("missing_paper", "content.certificate_id")), "{revoked}");
    app.finish().await;
}

#[tokio::test]
async fn a_price_is_compared_with_other_shops_of_the_set() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/findings", id_of(&draft)));
    let price = shop.path(&format!("/listings/{}/variants/{}/price", id_of(&draft), id_of(&draft["variants"][0])));
    shop.put(&price, json!({ "price_vnd": 5_000_000 })).await.ok();
    let other = app.approved_shop(LAI_CHAU).await;
    for price in [100_000, 110_000, 120_000, 130_000] {
        app.published_listing(&other, price, 1).await;
    }
    // A shop is not compared with itself.
    app.published_listing(&shop, 140_000, 1).await;
    assert_eq!(found(&shop.get(&path).await.ok()), []);
    app.published_listing(&other, 140_000, 1).await;
    let screening = shop.get(&path).await.ok();
    assert_eq!(found(&screening), [("price_outlier", "variants[0].price_vnd")]);
    // 120,000 VND for 260 g.
    let detail = screening["findings"][0]["detail_en"].as_str().unwrap();
    assert!(detail.ends_with("the median of 5 listings of the set is 461.538 VND"), "{detail}");
    app.finish().await;
}

#[tokio::test]
async fn a_copied_story_is_found_once_the_original_is_on_the_shelf() {
    const STORY: &str = "Những cây chè cổ thụ trên núi Tả Lèng được người Mông giữ qua nhiều đời. Mỗi mùa xuân, khi \
        sương còn đọng trên búp non, bà con đi bộ hai giờ lên rừng, trèo lên thân cây phủ rêu để hái từng búp một. \
        Chè được làm héo trên nong tre, diệt men trong chảo gang đốt củi, vò bằng tay rồi sấy nhẹ qua đêm.";
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await);
    let original = draft_saying(&shop, STORY).await;
    let copy = draft_saying(&other, &STORY.replace("hai giờ", "ba giờ")).await;
    let path = other.path(&format!("/listings/{}/findings", id_of(&copy)));
    shop.submit(id_of(&original)).await.ok();
    assert_eq!(found(&other.get(&path).await.ok()), [], "a draft of another shop is nobody's business");
    app.decide(&shop, id_of(&original["revision"]), json!({ "verdict": "approve" })).await;
    let screening = other.get(&path).await.ok();
    assert_eq!(found(&screening), [("near_duplicate", "content")]);
    let detail = screening["findings"][0]["detail_vi"].as_str().unwrap();
    assert!(detail.contains(original["slug"].as_str().unwrap()), "{detail}");
    // What the shop says itself elsewhere is its own.
    let own = draft_saying(&shop, STORY).await;
    assert_eq!(found(&shop.get(&shop.path(&format!("/listings/{}/findings", id_of(&own)))).await.ok()), []);
    shop.post(&shop.path(&format!("/listings/{}/archive", id_of(&original))), json!({})).await.ok();
    assert_eq!(found(&other.get(&path).await.ok()), []);
    app.finish().await;
}

#[tokio::test]
async fn what_a_shop_says_of_itself_is_screened_when_it_applies() {
    let app = TestApp::new().await;
    let mut form = cooperative(LAI_CHAU);
    form["about_vi"] = json!("Chè chữa bệnh, gọi 0912 345 678.");
    let shop = app.draft_shop(form).await;
    shop.paper("business_registration").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let case = format!("/admin/v1/cases/{}", shop.case_about(&shop.id).await);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let dossier = officer.get(&case).await.ok();
    assert_eq!(found(&dossier["subject"]), [("cure_claim", "about_vi"), ("contact_data", "about_vi")]);
    app.sql("update seller_papers set expires_on = '2026-11-20'").await;
    let dossier = officer.get(&case).await.ok();
    assert!(found(&dossier["subject"]).contains(&("missing_paper", "paper.business_registration")));
    app.finish().await;
}
