//! Revisions: written, handed in, reviewed while the published one stays.

use chrono::TimeDelta;
use ocop_market::kernel::RevisionId;
use ocop_market::market::catalogue;
use ocop_market::people::access::Provinces;
use ocop_market::platform::error::NOT_FOUND;
use serde_json::{Value, json};

use super::{missing, row};
use crate::support::catalogue::{id_of, packs, tea};
use crate::support::{HA_NOI, LAI_CHAU, TestApp};

#[tokio::test]
async fn a_listing_is_begun_completed_handed_in_and_published() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let begun = shop.post(&shop.path("/listings"), tea(&[])).await;
    assert_eq!((begun.status, begun.header("etag")), (201, Some("\"1\"")));
    let listing = begun.ok();
    let id = id_of(&listing);
    assert_eq!((&listing["slug"], &listing["status"]), (&json!("che-shan-tuyet-ta-leng"), &json!("draft")));
    assert_eq!(missing(&listing), ["pictures", "variants"]);
    let refusal = shop.submit(id).await.refused(422, "listing-incomplete");
    assert_eq!(missing(&refusal), ["pictures", "variants"]);

    let listing = shop.save(&listing, tea(&[&shop.picture().await])).await.ok();
    let path = shop.path(&format!("/listings/{id}/variants"));
    let listing_without_weight = shop.put(&path, packs(&[("A", 185_000, None)])).await.ok();
    assert_eq!(missing(&listing_without_weight), ["variants[0].grams"]);
    shop.put(&path, packs(&[("A", 185_000, Some(260)), ("B", 90_000, Some(120))])).await.ok();
    let waiting = shop.submit(id).await.ok();
    assert_eq!((&waiting["revision"]["status"], &waiting["published"]), (&json!("submitted"), &Value::Null));
    assert_eq!(waiting["revision"]["id"], listing["revision"]["id"]);

    app.decide(&shop, id_of(&waiting["revision"]), json!({ "verdict": "approve" })).await;
    let published = shop.listing(id).await;
    assert_eq!((&published["status"], &published["price_vnd"]), (&json!("published"), &json!(90_000)));
    assert_eq!(published["published"]["title_vi"], "Chè Shan tuyết Tả Lèng");
    assert_eq!(published["published"]["legacy_province_code"], "12");
    let search = row(&app, id, "search_text").await;
    for word in
        ["che shan tuyet ta leng", "cay co thu", "hop tac xa tra sin suoi ho", "lai chau", "che tuoi che che bien"]
    {
        assert!(search.contains(word), "{word} in {search}");
    }
    app.finish().await;
}

fn poor_picture(verdict: &str) -> Value {
    json!({ "verdict": verdict, "reason_codes": ["listing.poor_picture"], "words": "Ảnh mờ quá." })
}

#[tokio::test]
async fn a_revision_is_reviewed_while_the_published_version_stays() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, first_published) = (id_of(&listing), listing["published_at"].clone());
    app.clock.advance(TimeDelta::days(1));

    let mut changed = listing["published"].clone();
    changed["title_vi"] = json!("Trà cổ thụ Tả Lèng");
    let edited = shop.save(&listing, changed.clone()).await.ok();
    assert_eq!((&edited["revision"]["number"], &edited["revision"]["status"]), (&json!(2), &json!("draft")));
    shop.submit(id).await.ok();
    assert_eq!(row(&app, id, "title_vi").await, "Chè Shan tuyết Tả Lèng");

    app.decide(&shop, id_of(&edited["revision"]), poor_picture("request_changes")).await;
    let returned = shop.listing(id).await;
    assert_eq!(returned["verdict"]["reason_codes"], json!(["listing.poor_picture"]));
    assert_eq!((&returned["verdict"]["words"], &returned["status"]), (&json!("Ảnh mờ quá."), &json!("published")));
    assert_eq!(row(&app, id, "title_vi").await, "Chè Shan tuyết Tả Lèng");

    // The same revision is corrected and handed in again.
    let corrected = shop.save(&returned, changed).await.ok();
    assert_eq!((&corrected["revision"]["number"], &corrected["revision"]["status"]), (&json!(2), &json!("draft")));
    let published = app.publish(&shop, id).await;
    assert_eq!(published["published"]["title_vi"], "Trà cổ thụ Tả Lèng");
    assert_eq!((&published["published_at"], &published["slug"]), (&first_published, &listing["slug"]));
    assert_eq!(row(&app, id, "title_vi").await, "Trà cổ thụ Tả Lèng");
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_revision_is_followed_by_another() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let id = id_of(&draft);
    shop.submit(id).await.ok();
    app.decide(&shop, id_of(&draft["revision"]), poor_picture("reject")).await;
    shop.submit(id).await.refused(409, "listing-nothing-to-submit");

    let rejected = shop.listing(id).await;
    assert_eq!((&rejected["status"], &rejected["revision"]["status"]), (&json!("draft"), &json!("rejected")));
    let again = shop.save(&rejected, tea(&[&shop.picture().await])).await.ok();
    assert_eq!((&again["revision"]["number"], &again["verdict"]), (&json!(2), &Value::Null));
    assert_eq!(app.publish(&shop, id).await["status"], "published");
    app.finish().await;
}

#[tokio::test]
async fn what_is_under_review_is_neither_edited_nor_handed_in_twice() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let id = id_of(&draft);
    let waiting = shop.submit(id).await.ok();
    shop.submit(id).await.refused(409, "listing-under-review");
    shop.save(&waiting, tea(&[])).await.refused(409, "listing-under-review");
    shop.post(&shop.path(&format!("/listings/{id}/archive")), json!({})).await.refused(409, "listing-under-review");
    let variants = shop.path(&format!("/listings/{id}/variants"));
    let refusal = shop.put(&variants, packs(&[])).await.refused(422, "listing-incomplete");
    assert_eq!(missing(&refusal), ["variants"]);

    let submission = shop.path(&format!("/listings/{id}/submission"));
    let withdrawn = shop.delete(&submission).await.ok();
    assert_eq!(
        (&withdrawn["revision"]["status"], &withdrawn["revision"]["submitted_at"]),
        (&json!("draft"), &Value::Null)
    );
    shop.delete(&submission).await.refused(409, "case-not-open");
    shop.save(&withdrawn, tea(&[])).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn two_submissions_at_once_open_one_case() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let id = id_of(&draft);
    let (one, two) = tokio::join!(shop.submit(id), shop.submit(id));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    app.finish().await;
}

#[tokio::test]
async fn an_edit_says_which_version_it_was_made_from() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/content", id_of(&draft)));
    shop.put(&path, tea(&[])).await.refused(428, "if-match-missing");
    let saved = shop.save(&draft, tea(&[])).await;
    let tag = saved.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", saved.ok()["version"]));
    shop.save(&draft, tea(&[])).await.refused(412, "stale");
    shop.put_with(&path, &[("if-match", &tag)], tea(&[])).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn the_dossier_shows_the_revision_beside_what_is_published_to_its_province_only() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let mut changed = listing["published"].clone();
    changed["title_vi"] = json!("Trà cổ thụ Tả Lèng");
    shop.save(&listing, changed).await.ok();
    let waiting = shop.submit(id_of(&listing)).await.ok();
    let revision: RevisionId = id_of(&waiting["revision"]).parse().unwrap();
    let today = app.clock.today();
    let read = async |province: &str| {
        let provinces = Provinces::new(vec![province.to_owned()]);
        app.app.db.see(async |conn| catalogue::dossier(conn, revision, &provinces, today).await).await
    };
    assert!(read(HA_NOI).await.is_err_and(|error| error.is(&NOT_FOUND)));
    let dossier = serde_json::to_value(read(LAI_CHAU).await.unwrap()).unwrap();
    assert_eq!(dossier["listing"]["published"]["title_vi"], "Chè Shan tuyết Tả Lèng");
    assert_eq!(dossier["listing"]["revision"]["content"]["title_vi"], "Trà cổ thụ Tả Lèng");
    assert_eq!((&dossier["product_set"]["set_no"], &dossier["origin"]["province"]["code"]), (&json!(11), &json!("12")));
    app.finish().await;
}
