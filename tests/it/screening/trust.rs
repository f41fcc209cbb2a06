//! Edits of trusted shops go onto the shelf at once where the province wants it, and no others.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use super::{case_of, edit, reviewer, switch, trust, trusted_shop, waiting};
use crate::support::catalogue::id_of;
use crate::support::{HA_NOI, LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_trusted_shops_edits_are_published_at_once_and_every_so_manieth_is_looked_at() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 2).await;
    let mut sampled = Vec::new();
    for turn in 0..5 {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let edited = edit(&shop, id_of(&listing), &format!("Chè của bản, mùa thứ {turn}.")).await;
        assert_eq!(edited["revision"]["status"], "approved");
        assert_eq!(edited["published"]["story_vi"], edited["revision"]["content"]["story_vi"]);
        let page = app.anyone().get(&format!("/v1/listings/{}", listing["slug"].as_str().unwrap())).await.ok();
        assert_eq!(page["story"], format!("Chè của bản, mùa thứ {turn}."));
        sampled.push(edited["revision"]["unseen"].as_str().unwrap().to_owned());
    }
    assert_eq!(sampled, ["to_check", "not_sampled", "to_check", "not_sampled", "to_check"]);
    assert_eq!(waiting(&shop).await, ["spot_check"; 3]);
    let state = reviewer(&app).await.get(&format!("/admin/v1/sellers/{}/trust", shop.id)).await.ok();
    assert_eq!((&state["trusted"], &state["published"]), (&json!(true), &json!(5)));
    app.finish().await;
}

#[tokio::test]
async fn of_edits_at_the_same_moment_exactly_the_first_is_looked_at() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 100).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let mut content = listing["published"].clone();
        content["story_vi"] = json!("Chè mùa mới.");
        shop.save(&listing, content).await.ok();
        ids.push(id_of(&listing).to_owned());
    }
    let (one, two, three, four) =
        tokio::join!(shop.submit(&ids[0]), shop.submit(&ids[1]), shop.submit(&ids[2]), shop.submit(&ids[3]));
    for answer in [one, two, three, four] {
        assert_eq!(answer.ok()["revision"]["status"], "approved");
    }
    assert_eq!(waiting(&shop).await, ["spot_check"]);
    app.finish().await;
}

#[tokio::test]
async fn a_second_click_publishes_nothing_twice() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let mut content = listing["published"].clone();
    content["story_vi"] = json!("Chè mùa mới.");
    shop.save(&listing, content).await.ok();
    let (one, two) = tokio::join!(shop.submit(id_of(&listing)), shop.submit(id_of(&listing)));
    let (done, again) = if one.status == 200 { (one, two) } else { (two, one) };
    done.ok();
    again.refused(409, "listing-nothing-to-submit");
    assert_eq!(waiting(&shop).await, ["spot_check"]);
    app.finish().await;
}

#[tokio::test]
async fn a_first_publication_is_always_decided_by_an_officer() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let draft = shop.draft(150_000).await;
    let submitted = shop.submit(id_of(&draft)).await.ok();
    assert_eq!((&submitted["revision"]["status"], &submitted["published"]), (&json!("submitted"), &Value::Null));
    assert_eq!(waiting(&shop).await, ["listing_revision"]);
    app.finish().await;
}

#[tokio::test]
async fn without_trust_or_switch_an_edit_waits() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    let withdraw = shop.path(&format!("/listings/{id}/submission"));
    let waits = async |why: &str| {
        let edited = edit(&shop, id, "Chè mùa mới.").await;
        assert_eq!(edited["revision"]["status"], "submitted", "{why}");
        shop.delete(&withdraw).await.ok();
    };
    waits("nobody trusts the shop, nobody switched").await;
    switch(&app, true, 1).await;
    waits("nobody trusts the shop").await;
    trust(&app, &shop, true).await;
    switch(&app, false, 1).await;
    waits("the province switched it off").await;
    app.clock.advance(TimeDelta::minutes(1));
    switch(&app, true, 1).await;
    app.clock.advance(TimeDelta::minutes(1));
    trust(&app, &shop, false).await;
    waits("the trust has ended").await;
    app.clock.advance(TimeDelta::minutes(1));
    trust(&app, &shop, true).await;
    assert_eq!(shop.submit(id).await.ok()["revision"]["status"], "approved");
    app.finish().await;
}

#[tokio::test]
async fn the_switch_is_each_provinces_own() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(HA_NOI).await;
    switch(&app, true, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let officer = app.officer(HA_NOI, OfficerRole::Reviewer).await;
    let form = json!({ "trusted": true, "words": "Uy tín." });
    officer.put(&format!("/admin/v1/sellers/{}/trust", shop.id), form).await.ok();
    assert_eq!(edit(&shop, id_of(&listing), "Chè mùa mới.").await["revision"]["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn an_edit_with_a_finding_waits_however_it_is_dressed() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 100).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    for story in ["Chè h.ữ.u c.ơ", "Chè chữa bệ\u{200B}nh", "Gọi không chín một hai ba bốn năm sáu bảy tám"]
    {
        let edited = edit(&shop, id, story).await;
        assert_eq!((&edited["revision"]["status"], &edited["published"]), (&json!("submitted"), &listing["published"]));
        shop.delete(&shop.path(&format!("/listings/{id}/submission"))).await.ok();
    }
    // A pack's name is read like the title.
    let path = shop.path(&format!("/listings/{id}/variants"));
    let variants = json!({ "variants": [
        { "sku": "HOP-200", "name_vi": "Gói HOP-200", "price_vnd": 150_000, "grams": 260 },
        { "sku": "HC", "name_vi": "Gói hữu cơ", "price_vnd": 150_000, "grams": 260 },
    ] });
    shop.put(&path, variants).await.ok();
    assert_eq!(edit(&shop, id, "Chè của bản.").await["revision"]["status"], "submitted");
    shop.delete(&shop.path(&format!("/listings/{id}/submission"))).await.ok();
    let variants =
        json!({ "variants": [{ "sku": "HOP-200", "name_vi": "Gói HOP-200", "price_vnd": 150_000, "grams": 260 }] });
    shop.put(&path, variants).await.ok();
    assert_eq!(edit(&shop, id, "Chè của bản.").await["revision"]["status"], "approved");
    app.finish().await;
}

#[tokio::test]
async fn what_an_officer_sent_back_or_refused_comes_before_an_officer_again() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 100).await;
    for verdict in ["request_changes", "reject"] {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let id = id_of(&listing);
        let waiting = edit(&shop, id, "Chè hữu cơ.").await;
        let decision = json!({ "verdict": verdict, "reason_codes": ["listing.misleading"], "words": "Không căn cứ." });
        app.decide(&shop, id_of(&waiting["revision"]), decision).await;
        app.clock.advance(TimeDelta::minutes(1));
        let again = edit(&shop, id, "Chè lành.").await;
        assert_eq!(again["revision"]["status"], "submitted", "{verdict}");
        app.decide(&shop, id_of(&again["revision"]), json!({ "verdict": "approve" })).await;
        // From there on the shop is as trusted as before.
        assert_eq!(edit(&shop, id, "Chè rất lành.").await["revision"]["status"], "approved", "{verdict}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_edit_of_an_edit_that_waits_for_its_check_waits_too() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let first = edit(&shop, id_of(&listing), "Chè mùa một.").await;
    let case = case_of(&shop, &first).await;
    let second = edit(&shop, id_of(&listing), "Chè mùa hai.").await;
    assert_eq!(second["revision"]["status"], "submitted");
    shop.delete(&shop.path(&format!("/listings/{}/submission", id_of(&listing)))).await.ok();
    reviewer(&app).await.put(&format!("{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
    assert_eq!(shop.submit(id_of(&listing)).await.ok()["revision"]["status"], "approved");
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_shop_publishes_nothing_and_a_paused_listing_stays_paused() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 1).await;
    let listing = app.published_listing(&shop, 150_000, 5).await;
    let id = id_of(&listing);
    shop.put(&shop.path(&format!("/listings/{id}/pause")), json!({})).await.ok();
    let edited = edit(&shop, id, "Chè mùa mới.").await;
    assert_eq!((&edited["status"], &edited["revision"]["status"]), (&json!("paused"), &json!("approved")));

    let other = app.published_listing(&shop, 150_000, 5).await;
    let mut content = other["published"].clone();
    content["story_vi"] = json!("Chè mùa mới.");
    shop.save(&other, content).await.ok();
    app.sql("update sellers set status = 'suspended'").await;
    shop.submit(id_of(&other)).await.refused(409, "shop-not-approved");
    assert_eq!(shop.listing(id_of(&other)).await["published"], other["published"]);
    app.finish().await;
}

#[tokio::test]
async fn whom_to_trust_is_said_by_the_provinces_officers_and_not_of_ones_own_shop() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let path = format!("/admin/v1/sellers/{}/trust", shop.id);
    let form = json!({ "trusted": true, "words": "Uy tín." });
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.put(&path, form.clone()).await.refused(404, "not-found");
    elsewhere.get(&path).await.refused(404, "not-found");
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    auditor.put(&path, form.clone()).await.refused(403, "not-your-function");
    assert_eq!(auditor.get(&path).await.ok()["trusted"], false);

    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let member = app.member(&shop, MemberRole::Packer).await;
    let grant = json!({ "contact": member.contact(), "department": "so-cong-thuong-12", "role": "reviewer",
        "valid_from": app.clock.today() });
    head.post("/admin/v1/grants", grant).await.ok();
    member.put(&path, form.clone()).await.refused(409, "own-shop");
    head.put(&path, json!({ "trusted": true, "words": "" })).await.refused(422, "invalid");

    head.put(&path, form.clone()).await.ok();
    let twice = head.put(&path, json!({ "trusted": true, "words": "Lần nữa." })).await.ok();
    assert_eq!((&twice["trusted"], &twice["given_words"]), (&json!(true), &json!("Uy tín.")));
    let ended = head.put(&path, json!({ "trusted": false, "words": "Vi phạm nhãn." })).await.ok();
    assert_eq!((&ended["trusted"], &ended["ended_words"]), (&json!(false), &json!("Vi phạm nhãn.")));
    let record = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(record["items"][0]["operation"], "PUT /admin/v1/sellers/{seller_id}/trust");

    let waiting = app.submitted_shop(LAI_CHAU).await;
    head.put(&format!("/admin/v1/sellers/{}/trust", waiting.id), form).await.refused(409, "shop-not-approved");
    app.finish().await;
}

#[tokio::test]
async fn the_switch_is_the_heads() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let path = "/admin/v1/provinces/lai-chau/trusted_publishing";
    let never = head.get(path).await.ok();
    assert_eq!((&never["enabled"], &never["effective_from"]), (&json!(false), &Value::Null));
    let form = json!({ "enabled": true, "sample_every": 3 });
    let on = head.put(path, form.clone()).await.ok();
    assert_eq!((&on["province_code"], &on["sample_every"]), (&json!("12"), &json!(3)));
    for wrong in [0, 101] {
        head.put(path, json!({ "enabled": true, "sample_every": wrong })).await.refused(422, "invalid");
    }
    app.officer(LAI_CHAU, OfficerRole::Supervisor)
        .await
        .put(path, form.clone())
        .await
        .refused(403, "not-your-function");
    app.officer(LAO_CAI, OfficerRole::Head).await.put(path, form.clone()).await.refused(404, "not-found");
    let (one, two) = tokio::join!(head.put(path, form.clone()), head.put(path, form));
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(app.count("select count(*) from trusted_publishing where effective_to is null").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_edit_that_makes_the_goods_others_waits_for_an_officer() {
    let app = TestApp::new().await;
    let shop = trusted_shop(&app, 100).await;
    let claim = json!({
        "product_name": "Chè Shan tuyết Tả Lèng",
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/QĐ-UBND",
        "decision_date": "2025-06-25",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-30",
        "scan_id": shop.scan().await,
    });
    let claim = shop.post(&shop.path("/certificates"), claim).await.ok();
    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    for (field, value) in [("certificate_id", claim["id"].clone()), ("set_no", json!(12))] {
        let listing = app.published_listing(&shop, 150_000, 5).await;
        let mut content = listing["published"].clone();
        content[field] = value;
        shop.save(&listing, content).await.ok();
        let submitted = shop.submit(id_of(&listing)).await.ok();
        assert_eq!(submitted["revision"]["status"], "submitted", "{field}");
        if field == "certificate_id" {
            let dossier = reviewer(&app).await.get(&case_of(&shop, &submitted).await).await.ok();
            assert_eq!(dossier["subject"]["certificate"]["scan_id"], claim["scan_id"]);
        }
    }
    app.finish().await;
}
