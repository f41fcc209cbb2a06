//! When a shop may appeal, and who decides.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use super::{
    appeal, approval, decide, desk, dismiss, letters_to, newest, refusal, refused_listing, refused_shop, reviewer,
};
use crate::support::catalogue::id_of;
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn another_officer_decides_and_sees_what_was_decided_before() {
    let app = TestApp::new().await;
    let (shop, listing, decider, case) = refused_listing(&app, "reject").await;
    // Saturday 21 November: fifteen working days end with Friday 11 December.
    assert_eq!(shop.get(&shop.path(&format!("/cases/{case}"))).await.ok()["appeal_until"], "2026-12-11T17:00:00Z");
    let filed = appeal(&shop, &case).await;
    assert_eq!((filed.status, &filed.body["due_at"]), (201, &json!("2026-12-01T17:00:00Z")));
    let appealed = id_of(&filed.body).to_owned();
    assert_eq!(shop.get(&shop.path(&format!("/cases/{case}"))).await.ok()["appeal_id"], filed.body["id"]);
    appeal(&shop, &case).await.refused(409, "case-appealed-already");

    let other = reviewer(&app).await;
    let queue = other.get("/admin/v1/cases?kind=appeal").await.ok();
    assert_eq!(queue["items"][0]["title"], "Khiếu nại: Chè Shan tuyết Tả Lèng");
    let dossier = other.get(&desk(&appealed, "")).await.ok();
    assert_eq!(dossier["appealed"]["id"], json!(case));
    assert_eq!(dossier["appealed"]["decided_by"], json!(decider.account()));
    assert_eq!(dossier["appealed"]["reason_codes"], json!(["listing.misleading"]));
    assert_eq!(dossier["subject"]["listing"]["id"], listing["id"]);
    assert_eq!(dossier["same_matter"][0]["id"], json!(case));
    assert!(dossier["notes"][0]["words"].as_str().unwrap().contains("chưa xem hết"));
    assert_eq!(other.get(&desk(&case, "")).await.ok()["appeal"]["id"], json!(appealed));

    for below in ["/lease", "/verdict"] {
        decider.put(&desk(&appealed, below), approval()).await.refused(409, "own-decision");
    }
    let candidates = other.get(&desk(&appealed, "/candidates")).await.ok();
    assert!(!candidates.to_string().contains(&decider.account().to_string()), "{candidates}");
    let unfit = refusal("request_changes", "appeal.nothing_new");
    other.put(&desk(&appealed, "/verdict"), unfit).await.refused(422, "invalid");
    app.clock.advance(TimeDelta::minutes(1));
    let stands = decide(&other, &appealed, refusal("reject", "appeal.decision_stands")).await;
    let letter = app.last_message(shop.contact()).await;
    assert!(letter.contains("không được chấp nhận") && letter.contains("was dismissed"), "{letter}");
    assert_eq!(stands["appeal_until"], Value::Null, "there is no appeal against an appeal");
    appeal(&shop, &appealed).await.refused(409, "case-not-appealable");
    assert_eq!(shop.listing(id_of(&listing)).await["revision"]["status"], "rejected");
    assert_eq!(shop.listing(id_of(&listing)).await["verdict"]["verdict"], "reject");
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_that_is_upheld_is_called_so_in_the_letter() {
    let app = TestApp::new().await;
    let (shop, _, case) = refused_shop(&app, "reject").await;
    let other = reviewer(&app).await;
    let filed = appeal(&shop, &case).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    decide(&other, id_of(&filed), approval()).await;
    let letter = app.last_message(shop.contact()).await;
    assert!(letter.contains("” được chấp nhận.") && letter.contains("was upheld"), "{letter}");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn only_a_refusal_is_appealed_against_in_time_and_by_who_runs_the_shop() {
    let app = TestApp::new().await;
    let waiting = app.submitted_shop(LAI_CHAU).await;
    appeal(&waiting, &newest(&waiting).await).await.refused(409, "case-not-appealable");
    let approved = app.approved_shop(LAI_CHAU).await;
    appeal(&approved, &newest(&approved).await).await.refused(409, "case-not-appealable");

    let (shop, _, case) = refused_shop(&app, "reject").await;
    appeal(&waiting, &case).await.refused(404, "not-found");
    let path = shop.path(&format!("/cases/{case}/appeal"));
    let packer = app.member(&shop, MemberRole::Packer).await;
    packer.post(&path, json!({ "words": "?" })).await.refused(403, "not-your-function");
    shop.post(&path, json!({ "words": "" })).await.refused(422, "invalid");
    app.clock.advance(TimeDelta::days(20) + TimeDelta::hours(15) - TimeDelta::seconds(1));
    let in_time = appeal(&shop, &case).await;
    assert_eq!(in_time.status, 201, "{}", in_time.body);

    let (late, _, case) = refused_shop(&app, "reject").await;
    let until = late.get(&late.path("/cases")).await.ok()["items"][0]["appeal_until"].clone();
    let until: chrono::DateTime<chrono::Utc> = until.as_str().unwrap().parse().unwrap();
    app.clock.advance(until - app.clock.now());
    appeal(&late, &case).await.refused(409, "appeal-too-late");
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn what_was_changed_since_is_handed_in_again_not_appealed_about() {
    let app = TestApp::new().await;
    let (shop, listing, _, case) = refused_listing(&app, "request_changes").await;
    let listing = shop.listing(id_of(&listing)).await;
    shop.save(&listing, listing["revision"]["content"].clone()).await.ok();
    appeal(&shop, &case).await.refused(409, "case-moved-on");
    shop.submit(id_of(&listing)).await.ok();
    appeal(&shop, &case).await.refused(409, "case-moved-on");
    app.decide(&shop, id_of(&listing["revision"]), refusal("reject", "listing.misleading")).await;
    appeal(&shop, &case).await.refused(409, "case-moved-on");
    let last = newest(&shop).await;
    shop.save(&shop.listing(id_of(&listing)).await, listing["revision"]["content"].clone()).await.ok();
    appeal(&shop, &last).await.refused(409, "case-moved-on");

    let (shop, _, case) = refused_shop(&app, "request_changes").await;
    shop.paper("food_safety_commitment").await;
    appeal(&shop, &case).await.refused(409, "case-moved-on");
    app.finish().await;
}

#[tokio::test]
async fn while_an_appeal_waits_the_matter_stays_as_it_is() {
    let app = TestApp::new().await;
    let (shop, listing, _, case) = refused_listing(&app, "request_changes").await;
    appeal(&shop, &case).await.ok();
    let listing = shop.listing(id_of(&listing)).await;
    let below = |path: &str| shop.path(&format!("/listings/{}{path}", id_of(&listing)));
    shop.save(&listing, listing["revision"]["content"].clone()).await.refused(409, "matter-open");
    shop.submit(id_of(&listing)).await.refused(409, "matter-open");
    let packs = crate::support::catalogue::packs(&[("HOP-500", 400_000, Some(600))]);
    shop.put(&below("/variants"), packs).await.refused(409, "matter-open");
    shop.post(&below("/archive"), json!({})).await.refused(409, "matter-open");
    decide(&reviewer(&app).await, &newest(&shop).await, refusal("reject", "appeal.correct_instead")).await;
    shop.save(&listing, listing["revision"]["content"].clone()).await.ok();
    shop.submit(id_of(&listing)).await.ok();

    let (shop, _, case) = refused_shop(&app, "request_changes").await;
    appeal(&shop, &case).await.ok();
    shop.post(&shop.path("/submission"), json!({})).await.refused(409, "matter-open");
    let media = shop.scan().await;
    let paper = crate::support::sellers::paper("food_safety_commitment", &media);
    shop.post(&shop.path("/papers"), paper).await.refused(409, "matter-open");
    let file = shop.get(&shop.path("")).await.ok();
    shop.delete(&shop.path(&format!("/papers/{}", id_of(&file["papers"][0])))).await.refused(409, "matter-open");
    let form = crate::support::sellers::cooperative(LAI_CHAU);
    shop.put_with(&shop.path(""), &[("if-match", "*")], form).await.refused(409, "matter-open");
    app.finish().await;
}

#[tokio::test]
async fn where_nobody_is_left_in_the_province_the_national_desk_decides() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (shop, decider, case) = refused_shop(&app, "reject").await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    let grant = json!({
        "contact": packer.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "valid_from": app.clock.today(),
    });
    operator.post("/admin/v1/grants", grant).await.ok();
    let filed = appeal(&shop, &case).await.ok();
    let case = id_of(&filed);
    assert!(letters_to(&app, operator.contact()).await.iter().any(|subject| subject.contains("cấp quốc gia")));

    // Whoever comes later does not take it back.
    let newcomer = reviewer(&app).await;
    assert_eq!(newcomer.get(&desk(case, "")).await.ok()["case"]["national"], true);
    newcomer.put(&desk(case, "/verdict"), approval()).await.refused(403, "national-desk");
    newcomer.put(&desk(case, "/lease"), json!({})).await.refused(403, "national-desk");
    decider.put(&desk(case, "/verdict"), approval()).await.refused(409, "own-decision");
    packer.put(&desk(case, "/verdict"), approval()).await.refused(409, "own-case");
    let candidates = operator.get(&desk(case, "/candidates")).await.ok();
    assert_eq!(candidates.as_array().unwrap().len(), 1, "{candidates}");
    decide(&operator, case, approval()).await;
    assert_eq!(shop.get(&shop.path("")).await.ok()["status"], "approved");
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_goes_up_the_day_after_the_last_eligible_officer_left() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (shop, _, case) = refused_shop(&app, "reject").await;
    let other = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let filed = appeal(&shop, &case).await.ok();
    let path = desk(id_of(&filed), "");
    other.put(&format!("{path}/lease"), json!({})).await.ok();
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(operator.get(&path).await.ok()["case"]["national"], false);

    dismiss(&operator, &other).await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    let risen = operator.get(&path).await.ok()["case"].clone();
    assert_eq!((&risen["national"], &risen["lease"]), (&json!(true), &Value::Null));
    let told = letters_to(&app, operator.contact()).await;
    assert_eq!(told.iter().filter(|subject| subject.contains("cấp quốc gia")).count(), 1);
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(letters_to(&app, operator.contact()).await, told, "once");
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_needs_the_permission_of_the_case_it_is_against() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let (shop, _, case) = refused_shop(&app, "reject").await;
    let filed = appeal(&shop, &case).await.ok();
    let listings_only = app.account("Cán bộ nông nghiệp").await;
    let grant = json!({
        "contact": listings_only.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["cases.read", "listings.decide", "measures.decide"],
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    let path = desk(id_of(&filed), "/verdict");
    listings_only.put(&path, approval()).await.refused(403, "not-your-function");
    head.put(&path, approval()).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn who_may_decide_but_cannot_see_the_case_holds_no_appeal_back_in_the_province() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (shop, _, case) = refused_shop(&app, "reject").await;
    let blind = app.account("Cán bộ chỉ có quyền quyết định").await;
    let grant = json!({
        "contact": blind.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["sellers.decide"],
        "valid_from": app.clock.today(),
    });
    operator.post("/admin/v1/grants", grant).await.ok();
    let filed = appeal(&shop, &case).await.ok();
    let case = id_of(&filed);
    assert_eq!(operator.get(&desk(case, "")).await.ok()["case"]["national"], true);
    decide(&operator, case, approval()).await;
    app.finish().await;
}
