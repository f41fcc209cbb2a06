//! Listings: written by shops, reviewed by officers, published under a name that stays.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod changes;

use chrono::TimeDelta;
use ocop_market::kernel::{ListingId, RevisionId, SellerId};
use ocop_market::market::cases::Verdict;
use ocop_market::market::catalogue::{self, Content, ListingStatus, NewVariant, RevisionStatus};
use ocop_market::market::certification::SetNo;
use ocop_market::people::access::Provinces;
use ocop_market::platform::error::{Error, NOT_FOUND};
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, packs, tea};
use crate::support::sellers::ShopActor;
use crate::support::{Answer, HA_NOI, LAI_CHAU, TestApp};

#[test]
fn a_listing_moves_only_where_its_life_allows() {
    use ListingStatus::{Archived, Draft, Paused, Published, TakenDown, Withdrawn};
    for (status, approved, paused, archived) in [
        (Draft, Some(Published), None, Some(Archived)),
        (Published, Some(Published), Some(Paused), Some(Archived)),
        (Paused, Some(Paused), Some(Paused), Some(Archived)),
        (Archived, None, None, Some(Archived)),
        (Withdrawn, None, None, None),
        (TakenDown, None, None, None),
    ] {
        assert_eq!(status.approved().ok(), approved, "{status:?} approved");
        assert_eq!(status.paused(true).ok(), paused, "{status:?} paused");
        assert_eq!(status.paused(false).ok(), paused.map(|_| Published), "{status:?} resumed");
        assert_eq!(status.archived().ok(), archived, "{status:?} archived");
    }
}

#[test]
fn a_revision_is_edited_and_handed_in_only_while_nobody_decides_on_it() {
    use RevisionStatus::{Approved, ChangesRequested, Draft, Rejected, Submitted};
    for (status, edited, submitted) in [
        (Draft, Some(Some(Draft)), Some(Submitted)),
        (ChangesRequested, Some(Some(Draft)), Some(Submitted)),
        (Submitted, None, None),
        // The edit begins another revision.
        (Approved, Some(None), None),
        (Rejected, Some(None), None),
    ] {
        assert_eq!(status.edited().ok(), edited, "{status:?} edited");
        assert_eq!(status.submitted().ok(), submitted, "{status:?} submitted");
        assert_eq!(status.decided(Verdict::Approve), (status == Submitted).then_some(Approved));
        assert_eq!(status.decided(Verdict::RequestChanges), (status == Submitted).then_some(ChangesRequested));
        assert_eq!(status.decided(Verdict::Reject), (status == Submitted).then_some(Rejected));
    }
}

#[test]
fn what_a_label_must_say_depends_on_the_group() {
    use ocop_market::market::certification::Group;
    let codes = |group| {
        let missing = catalogue::Label::default().missing(group);
        missing.into_iter().map(|missing| missing.code.replace("label.", "")).collect::<Vec<_>>()
    };
    let everywhere = ["responsible_name", "responsible_address"];
    let consumed = ["ingredients", "net_quantity", "shelf_life", "storage"];
    for group in [Group::Food, Group::Drink, Group::Herbal] {
        assert_eq!(codes(group), [&consumed[..], &everywhere[..]].concat());
    }
    assert_eq!(codes(Group::Handicraft), [&["ingredients"][..], &everywhere[..]].concat());
    for group in [Group::Ornamental, Group::Tourism] {
        assert_eq!(codes(group), everywhere);
    }
}

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

fn missing(body: &Value) -> Vec<&str> {
    body["missing"].as_array().unwrap().iter().map(|missing| missing["code"].as_str().unwrap()).collect()
}

fn poor_picture(verdict: &str) -> Value {
    json!({ "verdict": verdict, "reason_codes": ["listing.poor_picture"], "words": "Ảnh mờ quá." })
}

/// A column of the listing's row, as text.
async fn row(app: &TestApp, id: &str, column: &'static str) -> String {
    let id: ListingId = id.parse().unwrap();
    let see = app.app.db.see(async |conn| {
        let row = sqlx::query_scalar::<_, String>(
            "select coalesce(to_jsonb(listings) ->> $2, 'null') from listings where id = $1",
        );
        Ok(row.bind(id).bind(column).fetch_one(conn).await?)
    });
    see.await.unwrap()
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
async fn prices_change_at_once_and_the_lowest_one_stands_for_the_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let pack = id_of(&listing["variants"][0]).to_owned();
    let price = shop.path(&format!("/listings/{id}/variants/{pack}/price"));
    let cheaper = shop.put(&price, json!({ "price_vnd": 120_000 })).await.ok();
    assert_eq!((&cheaper["price_vnd"], &cheaper["revision"]["status"]), (&json!(120_000), &json!("approved")));

    let variants = shop.path(&format!("/listings/{id}/variants"));
    let two = shop.put(&variants, packs(&[("HOP-200", 130_000, Some(260)), ("GOI-50", 40_000, Some(80))])).await.ok();
    assert_eq!((&two["price_vnd"], id_of(&two["variants"][0])), (&json!(130_000), pack.as_str()));
    let two = approve_packs(&app, &shop, &two).await;
    assert_eq!(two["price_vnd"], 40_000);
    let one = shop.put(&variants, packs(&[("HOP-200", 130_000, Some(260))])).await.ok();
    assert_eq!((&one["price_vnd"], &one["variants"][1]["active"]), (&json!(130_000), &json!(false)));

    for unfit in [packs(&[]), packs(&[("HOP-200", 130_000, None)])] {
        shop.put(&variants, unfit).await.refused(422, "listing-incomplete");
    }
    let other = app.published_listing(&shop, 10_000, 5).await;
    let not_its_own = shop.path(&format!("/listings/{}/variants/{pack}/price", id_of(&other)));
    shop.put(&not_its_own, json!({ "price_vnd": 1 })).await.refused(404, "not-found");
    app.finish().await;
}

/// Has the listing approved again as it is, with the packs it has by now.
async fn approve_packs(app: &TestApp, shop: &ShopActor, listing: &Value) -> Value {
    let revised = shop.save(listing, listing["published"].clone()).await.ok();
    app.publish(shop, id_of(&revised)).await
}

#[tokio::test]
async fn a_new_pack_is_shown_and_sold_only_once_it_is_approved() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 0).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&listing)));
    let two = packs(&[("HOP-200", 150_000, Some(260)), ("CHUA-KHOI-UNG-THU", 9_000, Some(80))]);
    let waiting = shop.put(&path, two).await.ok();
    let new = id_of(&waiting["variants"][1]).to_owned();
    assert_eq!(waiting["variants"][1]["approved"], false);
    shop.put(&shop.path(&format!("/variants/{new}/stock")), json!({ "on_hand": 3 })).await.ok();

    let page = format!("/v1/listings/{}", listing["slug"].as_str().unwrap());
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((shown["variants"].as_array().unwrap().len(), &shown["price_vnd"]), (1, &json!(150_000)));
    assert_eq!(shown["in_stock"], false);
    let buyer = app.account("Hoa").await;
    assert!((400..500).contains(&buyer.put(&format!("/v1/cart/items/{new}"), json!({ "quantity": 1 })).await.status));
    let only_new = packs(&[("CHUA-KHOI-UNG-THU", 9_000, Some(80))]);
    assert_eq!(missing(&shop.put(&path, only_new).await.refused(422, "listing-incomplete")), ["variants"]);

    approve_packs(&app, &shop, &shop.listing(id_of(&listing)).await).await;
    let shown = app.anyone().get(&page).await.ok();
    assert_eq!((shown["variants"].as_array().unwrap().len(), &shown["price_vnd"]), (2, &json!(9_000)));
    assert_eq!(shown["in_stock"], true);
    app.finish().await;
}

#[tokio::test]
async fn a_packs_name_changes_neither_behind_an_approval_nor_before_an_officers_eyes() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    let mut renamed = packs(&[("HOP-200", 150_000, Some(260))]);
    shop.submit(id_of(&draft)).await.ok();
    renamed["variants"][0]["name_en"] = json!("Cures cancer");
    shop.put(&path, renamed.clone()).await.refused(409, "listing-under-review");
    let added = packs(&[("HOP-200", 150_000, Some(260)), ("GOI-50", 40_000, Some(80))]);
    shop.put(&path, added).await.refused(409, "listing-under-review");
    shop.put(&path, packs(&[("HOP-200", 140_000, Some(265))])).await.ok();

    let revision = shop.listing(id_of(&draft)).await["revision"]["id"].as_str().unwrap().to_owned();
    app.decide(&shop, &revision, json!({ "verdict": "approve" })).await;
    for (field, name) in [("name_en", "Cures cancer"), ("name_vi", "CHỮA KHỎI UNG THƯ 100%")] {
        let mut renamed = packs(&[("HOP-200", 150_000, Some(260))]);
        renamed["variants"][0][field] = json!(name);
        let refusal = shop.put(&path, renamed).await.refused(409, "variant-name-approved");
        assert_eq!(refusal["skus"], json!(["HOP-200"]));
    }
    let repriced = shop.put(&path, packs(&[("HOP-200", 130_000, Some(270))])).await.ok();
    assert_eq!((&repriced["price_vnd"], &repriced["variants"][0]["grams"]), (&json!(130_000), &json!(270)));
    app.finish().await;
}

#[tokio::test]
async fn a_certificate_for_goods_of_another_set_does_not_fit() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = shop.post(&shop.path("/certificates"), certificate(&shop.scan().await)).await.ok();
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = claim["id"].clone();
    let saved = shop.save(&draft, content.clone()).await.ok();
    content["set_no"] = json!(10);
    refused_at(shop.save(&saved, content).await, "certificate_id");
    shop.submit(id_of(&draft)).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_listing_is_out_of_stock_once_its_last_stocked_pack_is_no_longer_sold() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let (id, path) = (id_of(&listing), shop.path(&format!("/listings/{}/variants", id_of(&listing))));
    let both = packs(&[("GOI-50", 40_000, Some(80)), ("HOP-200", 150_000, Some(260))]);
    let waiting = shop.put(&path, both.clone()).await.ok();
    approve_packs(&app, &shop, &waiting).await;
    assert_eq!(row(&app, id, "in_stock").await, "true");
    shop.put(&path, packs(&[("GOI-50", 40_000, Some(80))])).await.ok();
    assert_eq!(row(&app, id, "in_stock").await, "false");
    shop.put(&path, both).await.ok();
    assert_eq!(row(&app, id, "in_stock").await, "true");
    app.finish().await;
}

#[tokio::test]
async fn packs_that_make_no_sense_are_refused_where_they_are_wrong() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    let many: Vec<(String, i64, Option<i32>)> = (0..51).map(|number| (number.to_string(), 1, Some(1))).collect();
    let many: Vec<(&str, i64, Option<i32>)> =
        many.iter().map(|(sku, price, grams)| (sku.as_str(), *price, *grams)).collect();
    for (body, at) in [
        (packs(&[("A", -1, Some(1))]), "variants[0].price_vnd"),
        (packs(&[("A", 100_000_000_001, Some(1))]), "variants[0].price_vnd"),
        (packs(&[("A", 1, Some(0))]), "variants[0].grams"),
        (packs(&[("A", 1, Some(100_001))]), "variants[0].grams"),
        (packs(&[("", 1, Some(1))]), "variants[0].sku"),
        (packs(&[("A", 1, Some(1)), ("A", 2, Some(1))]), "variants[1].sku"),
        (packs(&many), "variants"),
        (json!({ "variants": [], "stock": 1 }), "stock"),
    ] {
        let refusal = shop.put(&path, body).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    assert_eq!(shop.listing(id_of(&draft)).await["variants"], draft["variants"]);
    app.finish().await;
}

#[tokio::test]
async fn pictures_and_certificates_of_another_shop_cannot_be_used() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await);
    let own = shop.picture().await;
    let stolen = tea(&[&own, &other.picture().await]);
    refused_at(shop.post(&shop.path("/listings"), stolen).await, "pictures[1]");
    let paper = tea(&[&shop.scan().await]);
    refused_at(shop.post(&shop.path("/listings"), paper).await, "pictures[0]");
    refused_at(shop.post(&shop.path("/listings"), tea(&[&own, &own])).await, "pictures[1]");

    let certificate = other.post(&other.path("/certificates"), certificate(&other.scan().await)).await.ok();
    let mut content = tea(&[&own]);
    content["certificate_id"] = certificate["id"].clone();
    refused_at(shop.post(&shop.path("/listings"), content.clone()).await, "certificate_id");
    content["certificate_id"] = Value::Null;
    content["commune_code"] = json!("99999");
    refused_at(shop.post(&shop.path("/listings"), content.clone()).await, "commune_code");
    content["commune_code"] = json!("03405");
    content["legacy_province_code"] = json!("10");
    refused_at(shop.post(&shop.path("/listings"), content).await, "legacy_province_code");
    app.finish().await;
}

fn refused_at(answer: Answer, at: &str) {
    let refusal = answer.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
}

fn certificate(scan: &str) -> Value {
    json!({
        "product_name": "Chè Shan tuyết",
        "set_no": 11,
        "stars": 3,
        "decision_number": "858/QĐ-UBND",
        "decision_date": "2025-06-19",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-19",
        "scan_id": scan,
    })
}

#[tokio::test]
async fn a_certificate_refused_before_the_listing_is_approved_is_left_out() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = shop.post(&shop.path("/certificates"), certificate(&shop.scan().await)).await.ok();
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["certificate_id"] = claim["id"].clone();
    shop.save(&draft, content).await.ok();
    let waiting = shop.submit(id_of(&draft)).await.ok();
    app.decide(
        &shop,
        id_of(&claim),
        json!({ "verdict": "reject", "reason_codes": ["certificate.not_found"], "words": "Không có quyết định này." }),
    )
    .await;
    app.decide(&shop, id_of(&waiting["revision"]), json!({ "verdict": "approve" })).await;
    assert_eq!(row(&app, id_of(&draft), "certificate_id").await, "null");
    assert_eq!(row(&app, id_of(&draft), "status").await, "published");
    app.finish().await;
}

#[tokio::test]
async fn slugs_have_no_diacritics_are_unique_and_stay() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(HA_NOI).await);
    let first = shop.draft(1).await;
    let mut slugs = vec![first["slug"].as_str().unwrap().to_owned()];
    for owner in [&shop, &other, &other] {
        slugs.push(owner.draft(1).await["slug"].as_str().unwrap().to_owned());
    }
    assert_eq!(slugs[0], "che-shan-tuyet-ta-leng");
    assert!(slugs.iter().all(|slug| slug.starts_with("che-shan-tuyet-ta-leng")), "{slugs:?}");
    assert_eq!(slugs.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{slugs:?}");

    let mut renamed = tea(&[]);
    renamed["title_vi"] = json!("Đặc sản: Mật ong bạc hà (Mèo Vạc)");
    assert_eq!(shop.save(&first, renamed.clone()).await.ok()["slug"], "che-shan-tuyet-ta-leng");
    let honey = shop.post(&shop.path("/listings"), renamed.clone()).await.ok();
    assert_eq!(honey["slug"], "dac-san-mat-ong-bac-ha-meo-vac");
    renamed["title_vi"] = json!("普洱茶");
    assert_eq!(shop.post(&shop.path("/listings"), renamed).await.ok()["slug"], "san-pham");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_pauses_resumes_and_gives_up_a_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let id = id_of(&draft);
    let (pause, archive) = (shop.path(&format!("/listings/{id}/pause")), shop.path(&format!("/listings/{id}/archive")));
    shop.put(&pause, json!({})).await.refused(409, "listing-not-published");
    app.publish(&shop, id).await;
    for _ in 0..2 {
        assert_eq!(shop.put(&pause, json!({})).await.ok()["status"], "paused");
    }
    // A paused listing stays paused when a revision is approved.
    let paused = shop.listing(id).await;
    shop.save(&paused, paused["published"].clone()).await.ok();
    assert_eq!(app.publish(&shop, id).await["status"], "paused");
    assert_eq!(shop.delete(&pause).await.ok()["status"], "published");

    let archived = shop.post(&archive, json!({})).await.ok();
    assert_eq!(archived["status"], "archived");
    shop.post(&archive, json!({})).await.ok();
    shop.put(&pause, json!({})).await.refused(409, "listing-closed");
    shop.save(&archived, tea(&[])).await.refused(409, "listing-closed");
    shop.submit(id).await.refused(409, "listing-closed");
    let path = shop.path(&format!("/listings/{id}/variants"));
    shop.put(&path, packs(&[("A", 1, Some(1))])).await.refused(409, "listing-closed");
    app.finish().await;
}

#[tokio::test]
async fn the_shop_lists_what_it_has_page_by_page_and_by_status() {
    let app = TestApp::new().await;
    let (shop, other) = (app.approved_shop(LAI_CHAU).await, app.approved_shop(LAI_CHAU).await);
    other.draft(1).await;
    let oldest = app.published_listing(&shop, 1, 5).await;
    for _ in 0..2 {
        shop.draft(1).await;
    }
    let first = shop.get(&shop.path("/listings?limit=2")).await.ok();
    let next = first["next"].as_str().unwrap();
    let second = shop.get(&shop.path(&format!("/listings?limit=2&after={next}"))).await.ok();
    assert_eq!((ids(&first).len(), ids(&second)), (2, vec![id_of(&oldest)]));
    assert_eq!(second["next"], Value::Null);
    let published = shop.get(&shop.path("/listings?status=published")).await.ok();
    assert_eq!(ids(&published), [id_of(&oldest)]);
    shop.get(&shop.path(&format!("/listings?limit=2&status=draft&after={next}"))).await.refused(422, "invalid");
    shop.get(&shop.path("/listings?status=sold")).await.refused(422, "invalid");
    app.finish().await;
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn only_an_approved_shop_claims_certificates_and_hands_in_listings() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let seller: SellerId = shop.id.parse().unwrap();
    let set_status = app.app.db.act(async |conn| {
        let update = sqlx::query("update sellers set status = 'suspended' where id = $1");
        update.bind(seller).execute(conn).await.map(drop).map_err(Error::from)
    });
    set_status.await.unwrap();
    shop.submit(id_of(&draft)).await.refused(409, "shop-not-approved");
    let claim = certificate(&shop.scan().await);
    shop.post(&shop.path("/certificates"), claim).await.refused(409, "shop-not-approved");
    app.finish().await;
}

#[tokio::test]
async fn sale_rules_follow_from_the_product_set() {
    let app = TestApp::new().await;
    let today = app.clock.today();
    let rule = async |set: i16| {
        let set = SetNo::try_from(set).unwrap();
        app.app.db.see(async |conn| catalogue::sale_rule(conn, set, today).await).await.unwrap()
    };
    for set in [14, 15] {
        let alcohol = rule(set).await;
        assert_eq!((alcohol.orderable, alcohol.cash_allowed, alcohol.minimum_age), (true, false, Some(18)), "{set}");
    }
    assert!(!rule(26).await.orderable);
    for set in (1..=13).chain(16..=25) {
        let usual = rule(set).await;
        assert_eq!((usual.orderable, usual.cash_allowed, usual.minimum_age), (true, true, None), "{set}");
    }
    app.finish().await;
}

#[tokio::test]
async fn alcohol_needs_a_licence_and_a_service_no_weight() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let alcohol = with_set(&shop, 14).await;
    assert_eq!(missing(&alcohol), ["paper.alcohol_licence"]);
    assert_eq!(alcohol["sale_rule"]["minimum_age"], 18);
    shop.submit(id_of(&alcohol)).await.refused(422, "listing-incomplete");
    shop.paper("alcohol_licence").await;
    shop.submit(id_of(&alcohol)).await.ok();

    let service = with_set(&shop, 26).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&service)));
    let service = shop.put(&path, packs(&[("DEM", 450_000, None)])).await.ok();
    assert_eq!((missing(&service), &service["sale_rule"]["orderable"]), (vec![], &json!(false)));
    app.finish().await;
}

async fn with_set(shop: &ShopActor, set_no: i16) -> Value {
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["set_no"] = json!(set_no);
    shop.save(&draft, content).await.ok()
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

#[tokio::test]
async fn demo_data_is_published_through_the_same_rules() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let content: Content = serde_json::from_value(tea(&[])).unwrap();
    let variants: Vec<NewVariant> =
        serde_json::from_value(packs(&[("P0001-1", 95_000, Some(290))])["variants"].clone()).unwrap();
    let (seller, now) = (shop.id.parse().unwrap(), app.clock.now());
    let publish = app.app.db.act(async |conn| catalogue::publish_demo(conn, seller, &content, &variants, now).await);
    let id = publish.await.unwrap();
    let listing = shop.listing(&id.to_string()).await;
    assert_eq!((&listing["status"], &listing["price_vnd"]), (&json!("published"), &json!(95_000)));
    assert_eq!(listing["revision"]["status"], "approved");
    app.finish().await;
}
