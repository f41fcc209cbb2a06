//! Shops: from a draft to a public page.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use ocop_market::market::cases::Verdict;
use ocop_market::market::sellers::{self, NOT_WAITING, NewSeller, Profile, Seat, SellerKind, SellerStatus};
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::sellers::{PDF, PERSONAL_ID, ShopActor, commune_of, cooperative, household, paper};
use crate::support::{Actor, HA_NOI, LAI_CHAU, LAO_CAI, TestApp, VINH_LONG};

fn codes(missing: &Value) -> Vec<&str> {
    missing.as_array().unwrap().iter().map(|missing| missing["code"].as_str().unwrap()).collect()
}

async fn file(shop: &ShopActor) -> Value {
    shop.get(&shop.path("")).await.ok()
}

async fn decide(app: &TestApp, shop: &ShopActor, verdict: Value) {
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let case = shop.get(&shop.path("/cases")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    reviewer.put(&format!("/admin/v1/cases/{case}/verdict"), verdict).await.ok();
}

async fn change(shop: &ShopActor, field: &str, value: Value) -> crate::support::Answer {
    let tag = shop.get(&shop.path("")).await.header("etag").unwrap().to_owned();
    let mut form = cooperative(LAI_CHAU);
    form[field] = value;
    shop.put_with(&shop.path(""), &[("if-match", &tag)], form).await
}

#[tokio::test]
async fn a_draft_says_what_it_lacks_until_it_lacks_nothing() {
    let app = TestApp::new().await;
    let bare = json!({ "kind": "cooperative", "name": "HTX Trà", "commune_code": commune_of(LAI_CHAU) });
    let shop = app.draft_shop(bare).await;
    let lacks = ["legal_name", "street", "representative", "tax_code", "paper.business_registration"];
    let draft = file(&shop).await;
    assert_eq!(codes(&draft["missing"]), lacks);
    assert_eq!(draft["missing"][4]["text_vi"], "Cần tải lên giấy chứng nhận đăng ký kinh doanh còn hiệu lực");
    assert_eq!((&draft["status"], &draft["location"]["province"]["name"]), (&json!("draft"), &json!("Lai Châu")));
    let refused = shop.post(&shop.path("/submission"), json!({})).await.refused(422, "shop-incomplete");
    assert_eq!(codes(&refused["missing"]), lacks);

    change(&shop, "about_en", json!("Wild Shan tea")).await.ok();
    assert_eq!(codes(&file(&shop).await["missing"]), ["paper.business_registration"]);
    let full = shop.paper("business_registration").await;
    assert_eq!(codes(&full["missing"]), [""; 0]);
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    assert_eq!(file(&shop).await["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_has_expired_is_missing_again() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let today = app.clock.today();
    let media = shop.media("paper", PDF.to_vec()).await;
    let with = |field: &str, value: Value| {
        let mut form = paper("business_registration", &media);
        form[field] = value;
        form
    };
    let papers = shop.path("/papers");
    for (field, wrong) in [
        ("expires_on", json!(today - Days::new(1))),
        ("expires_on", json!("9999-12-31")),
        ("issued_on", json!(today + Days::new(1))),
        ("issued_on", json!("0001-01-01")),
        ("number", Value::Null),
        ("media_id", json!("0193f2a4-6c00-7000-8000-000000000001")),
    ] {
        let refused = shop.post(&papers, with(field, wrong)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], field);
    }
    let other = app.draft_shop(cooperative(LAI_CHAU)).await;
    let theirs = other.media("paper", PDF.to_vec()).await;
    shop.post(&papers, with("media_id", json!(theirs))).await.refused(422, "invalid");
    let picture = shop.media("picture", crate::support::sellers::png(8, 8)).await;
    shop.post(&papers, with("media_id", json!(picture))).await.refused(422, "invalid");

    shop.post(&papers, with("expires_on", json!(today))).await.ok();
    assert_eq!(codes(&file(&shop).await["missing"]), [""; 0], "the last day of validity counts");
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(codes(&file(&shop).await["missing"]), ["paper.business_registration"]);
    app.finish().await;
}

#[tokio::test]
async fn a_household_is_known_by_an_id_that_no_answer_shows() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(household(LAI_CHAU)).await;
    let draft = file(&shop).await;
    assert_eq!(draft["personal_id"], "•••••••••123");
    assert_eq!(codes(&draft["missing"]), ["paper.business_registration", "paper.personal_id"]);
    let mut numbered = paper("personal_id", &shop.media("paper", PDF.to_vec()).await);
    numbered["number"] = json!(PERSONAL_ID);
    let refused = shop.post(&shop.path("/papers"), numbered).await.refused(422, "invalid");
    assert!(!refused.to_string().contains(PERSONAL_ID));
    shop.paper("business_registration").await;
    shop.paper("personal_id").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let queue = reviewer.get("/admin/v1/cases").await.ok();
    let case = format!("/admin/v1/cases/{}", queue["items"][0]["id"].as_str().unwrap());
    let dossier = reviewer.get(&case).await.ok();
    assert_eq!(dossier["seller"]["personal_id"], "•••••••••123");
    reviewer.put(&format!("{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
    let page = app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.ok();
    for answer in [&draft, &dossier, &page, &shop.get("/v1/me/shops").await.ok()] {
        assert!(!answer.to_string().contains(PERSONAL_ID), "{answer}");
    }
    let at_rest: bool = app
        .app
        .db
        .see(async |conn| {
            let found = sqlx::query_scalar("select bool_or(sellers::text like '%' || $1 || '%') from sellers");
            Ok(found.bind(PERSONAL_ID).fetch_one(conn).await?)
        })
        .await
        .unwrap();
    assert!(!at_rest);
    app.finish().await;
}

#[tokio::test]
async fn a_households_page_shows_name_and_place_and_no_more_than_it_wants() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(household(LAI_CHAU)).await;
    shop.paper("business_registration").await;
    shop.paper("personal_id").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    decide(&app, &shop, json!({ "verdict": "approve" })).await;
    let path = format!("/v1/sellers/{}", shop.slug);
    let page = app.anyone().get(&path).await.ok();
    insta::assert_json_snapshot!(page, @r#"
    {
      "about_en": null,
      "about_vi": null,
      "closed_from": null,
      "closed_to": null,
      "commune": {
        "code": "03394",
        "name": "Xã Sin Suối Hồ",
        "slug": "sin-suoi-ho"
      },
      "demo": false,
      "email": null,
      "kind": "household",
      "legacy_province": {
        "code": "12",
        "name": "Lai Châu",
        "slug": "lai-chau"
      },
      "legal_name": "Lò Thị Mây",
      "name": "Mật ong nhà Mây",
      "open": true,
      "phone": null,
      "province": {
        "code": "12",
        "name": "Lai Châu",
        "slug": "lai-chau"
      },
      "representative": null,
      "slug": "mat-ong-nha-may",
      "street": null,
      "tax_code": null
    }
    "#);

    let tag = shop.get(&shop.path("")).await.header("etag").unwrap().to_owned();
    let mut form = household(LAI_CHAU);
    form.as_object_mut().unwrap().remove("personal_id");
    form["public_contact"] = json!(true);
    let changed = shop.put_with(&shop.path(""), &[("if-match", &tag)], form).await.ok();
    assert_eq!(changed["personal_id"], "•••••••••123", "left out, it stays");
    assert_eq!(app.anyone().get(&path).await.ok()["phone"], "+84987654321");
    app.finish().await;
}

#[tokio::test]
async fn an_organisations_page_shows_seat_code_and_representative() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let answer = app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await;
    assert_eq!(answer.header("cache-control"), Some("public, no-cache"));
    insta::assert_json_snapshot!(answer.ok(), @r#"
    {
      "about_en": null,
      "about_vi": null,
      "closed_from": null,
      "closed_to": null,
      "commune": {
        "code": "03394",
        "name": "Xã Sin Suối Hồ",
        "slug": "sin-suoi-ho"
      },
      "demo": false,
      "email": null,
      "kind": "cooperative",
      "legacy_province": {
        "code": "12",
        "name": "Lai Châu",
        "slug": "lai-chau"
      },
      "legal_name": "Hợp tác xã nông nghiệp Sin Suối Hồ",
      "name": "Hợp tác xã Trà Sin Suối Hồ",
      "open": true,
      "phone": "+84912345678",
      "province": {
        "code": "12",
        "name": "Lai Châu",
        "slug": "lai-chau"
      },
      "representative": "Vàng A Chỉnh",
      "slug": "hop-tac-xa-tra-sin-suoi-ho",
      "street": "Bản Sin Suối Hồ",
      "tax_code": "6200012349"
    }
    "#);
    app.finish().await;
}

#[tokio::test]
async fn the_demonstrations_shops_are_open_from_the_start_and_say_what_they_are() {
    let app = TestApp::new().await;
    let (now, today) = (app.clock.now(), app.clock.today());
    let new = NewSeller {
        profile: Profile {
            kind: SellerKind::Household,
            name: "Gian hàng Lai Châu".to_owned(),
            legal_name: Some("Lò Thị Mây".to_owned()),
            representative: None,
            tax_code: None,
            seat: Seat {
                province_code: LAI_CHAU.to_owned(),
                commune_code: commune_of(LAI_CHAU).to_owned(),
                legacy_province_code: "12".to_owned(),
                street: None,
            },
            phone: None,
            email: None,
            public_contact: false,
            about_vi: None,
            about_en: None,
        },
        personal_id: Some(PERSONAL_ID.to_owned().try_into().unwrap()),
        demo: true,
    };
    let summary = app
        .app
        .db
        .act(async |conn| {
            let id = sellers::create(conn, &app.app.seal, &new, now).await?;
            sellers::summary(conn, id).await
        })
        .await
        .unwrap();
    assert!(summary.is_open(today));
    let page = app.anyone().get(&format!("/v1/sellers/{}", summary.slug)).await.ok();
    assert_eq!((&page["demo"], &page["open"]), (&json!(true), &json!(true)));
    app.finish().await;
}

#[tokio::test]
async fn only_approved_shops_are_public() {
    let app = TestApp::new().await;
    let draft = app.draft_shop(cooperative(LAI_CHAU)).await;
    let submitted = app.submitted_shop(LAI_CHAU).await;
    let suspended = app.approved_shop(LAI_CHAU).await;
    let suspend = format!("update sellers set status = 'suspended' where id = '{}'", suspended.id);
    app.app
        .db
        .act(async |conn| Ok(sqlx::query(sqlx::AssertSqlSafe(suspend.clone())).execute(conn).await.map(drop)?))
        .await
        .unwrap();
    for shop in [&draft, &submitted, &suspended] {
        app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.refused(404, "not-found");
    }
    assert_eq!(app.anyone().get("/v1/sellers").await.ok()["items"], json!([]));
    app.anyone().get("/v1/sellers/a%00b").await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn shops_of_one_name_get_addresses_of_their_own_that_stay() {
    let app = TestApp::new().await;
    let first = app.draft_shop(cooperative(LAI_CHAU)).await;
    let second = app.draft_shop(cooperative(LAO_CAI)).await;
    let third = app.draft_shop(cooperative(LAI_CHAU)).await;
    assert_eq!(first.slug, "hop-tac-xa-tra-sin-suoi-ho");
    assert_eq!(second.slug, "hop-tac-xa-tra-sin-suoi-ho-2");
    assert_eq!(third.slug, "hop-tac-xa-tra-sin-suoi-ho-3");
    let renamed = change(&first, "name", json!("Trà cổ thụ Đỉnh Núi")).await.ok();
    assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Trà cổ thụ Đỉnh Núi"), &json!(first.slug)));
    let mut unpronounceable = cooperative(LAI_CHAU);
    unpronounceable["name"] = json!("茶葉店");
    assert_eq!(app.draft_shop(unpronounceable).await.slug, "gian-hang");
    app.finish().await;
}

#[tokio::test]
async fn a_change_names_the_state_it_changes() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let path = shop.path("");
    let read = shop.get(&path).await;
    let tag = read.header("etag").unwrap().to_owned();
    assert_eq!(read.header("cache-control"), Some("private, no-cache"));
    shop.put(&path, cooperative(LAI_CHAU)).await.refused(428, "if-match-missing");
    let changed = shop.put_with(&path, &[("if-match", &tag)], cooperative(LAI_CHAU)).await;
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    changed.ok();
    shop.put_with(&path, &[("if-match", &tag)], cooperative(LAI_CHAU)).await.refused(412, "stale");
    shop.put_with(&path, &[("if-match", "*")], cooperative(LAI_CHAU)).await.ok();
    let before = shop.get(&path).await.header("etag").unwrap().to_owned();
    shop.paper("other").await;
    shop.put_with(&path, &[("if-match", &before)], cooperative(LAI_CHAU)).await.refused(412, "stale");
    app.finish().await;
}

#[tokio::test]
async fn the_identity_of_a_shop_stays_once_it_was_submitted() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    for approved in [false, true] {
        if approved {
            decide(&app, &shop, json!({ "verdict": "approve" })).await;
        }
        for (field, value) in [
            ("name", json!("Tên khác")),
            ("legal_name", json!("Tên khác")),
            ("representative", json!("Người khác")),
            ("tax_code", json!("0100109106")),
            ("commune_code", json!(commune_of(HA_NOI))),
            ("street", json!("Đường khác")),
        ] {
            let refused = change(&shop, field, value).await.refused(409, "shop-identity-locked");
            assert_eq!(refused["errors"][0]["at"], field);
        }
        change(&shop, "about_vi", json!("Chè Shan tuyết cổ thụ")).await.ok();
    }
    app.finish().await;
}

#[tokio::test]
async fn a_submission_waits_once_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let submission = shop.path("/submission");
    shop.post(&submission, json!({})).await.refused(409, "shop-not-a-draft");
    let paper = file(&shop).await["papers"][0]["id"].as_str().unwrap().to_owned();
    let paper_path = shop.path(&format!("/papers/{paper}"));
    shop.delete(&paper_path).await.refused(409, "shop-locked");

    assert_eq!(shop.delete(&submission).await.ok()["status"], "draft");
    shop.delete(&submission).await.refused(409, "case-not-open");
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert_eq!(reviewer.get("/admin/v1/cases").await.ok()["items"], json!([]));
    shop.delete(&shop.path("/papers/0193f2a4-6c00-7000-8000-000000000001")).await.refused(404, "not-found");
    assert_eq!(shop.delete(&paper_path).await.ok()["papers"], json!([]));
    shop.post(&submission, json!({})).await.refused(422, "shop-incomplete");
    app.finish().await;
}

#[tokio::test]
async fn twins_of_one_submission_open_one_case() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    shop.paper("business_registration").await;
    let mut twins = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (actor, path) = (shop.actor.clone(), shop.path("/submission"));
        twins.spawn(async move { actor.post(&path, json!({})).await.status });
    }
    let mut answers = twins.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(shop.get(&shop.path("/cases")).await.ok()["items"].as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn changes_asked_for_are_made_and_submitted_again_and_a_refusal_is_final() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let words =
        json!({ "verdict": "request_changes", "reason_codes": ["seller.paper_expired"], "words": "Xin bổ sung." });
    decide(&app, &shop, words).await;
    assert_eq!(file(&shop).await["status"], "changes_requested");
    change(&shop, "street", json!("Bản Sin Suối Hồ, cổng chào")).await.ok();
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let words =
        json!({ "verdict": "reject", "reason_codes": ["seller.outside_programme"], "words": "Không thuộc đối tượng." });
    decide(&app, &shop, words).await;
    assert_eq!(file(&shop).await["status"], "rejected");
    shop.post(&shop.path("/submission"), json!({})).await.refused(409, "shop-not-a-draft");
    change(&shop, "street", json!("Bản khác")).await.refused(409, "shop-locked");
    shop.put(&shop.path("/closure"), json!({ "from": "2026-12-01" })).await.refused(409, "shop-locked");
    app.finish().await;
}

#[test]
fn only_a_shop_that_waits_is_decided() {
    use SellerStatus::{Approved, ChangesRequested, Closed, Draft, Rejected, Submitted, Suspended};
    for verdict in [Verdict::Approve, Verdict::RequestChanges, Verdict::Reject] {
        for status in [Draft, Approved, ChangesRequested, Rejected, Suspended, Closed] {
            let refused = status.decide(verdict).unwrap_err();
            assert!(refused.is(&NOT_WAITING), "{status:?} {verdict:?}");
            assert_eq!(NOT_WAITING.code, "shop-not-waiting");
            assert!(status.withdraw().unwrap_err().is(&NOT_WAITING));
        }
        assert!(Submitted.decide(verdict).is_ok());
    }
}

#[tokio::test]
async fn whoever_submits_can_be_reached() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let registration = json!({
        "display_name": "Mây",
        "contact": "may@example.vn",
        "password": crate::support::PASSWORD,
        "consents": [{ "purpose": "account", "version": "2026-07" }],
    });
    anyone.post("/v1/accounts", registration).await.ok();
    let owner: Actor = app.sign_in("may@example.vn").await;
    let created = owner.post("/v1/shops", cooperative(LAI_CHAU)).await.ok();
    let submission = format!("/v1/shops/{}/submission", created["id"].as_str().unwrap());
    owner.post(&submission, json!({})).await.refused(409, "contact-unconfirmed");
    app.finish().await;
}

#[tokio::test]
async fn a_commune_with_two_former_provinces_makes_the_seller_choose() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let mut form = cooperative(VINH_LONG);
    form["commune_code"] = json!("28921");
    let refused = owner.post("/v1/shops", form.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "legacy_province_code");
    assert_eq!(refused["errors"][0]["message"], "must be one of 83 (Bến Tre), 86 (Vĩnh Long)");
    form["legacy_province_code"] = json!("83");
    let created = owner.post("/v1/shops", form.clone()).await.ok();
    assert_eq!(created["location"]["province"]["name"], "Vĩnh Long");
    assert_eq!(created["location"]["legacy_province"]["name"], "Bến Tre");
    form["legacy_province_code"] = json!("12");
    owner.post("/v1/shops", form.clone()).await.refused(422, "invalid");
    form["commune_code"] = json!("99999");
    let refused = owner.post("/v1/shops", form).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "commune_code");
    app.finish().await;
}

#[tokio::test]
async fn each_kind_has_its_own_identifier() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let with = |mut form: Value, field: &str, value: Value| {
        form[field] = value;
        form
    };
    for (form, at) in [
        (with(cooperative(LAI_CHAU), "personal_id", json!(PERSONAL_ID)), "personal_id"),
        (with(household(LAI_CHAU), "tax_code", json!("6200012349")), "tax_code"),
        (with(household(LAI_CHAU), "representative", json!("Lò Thị Mây")), "representative"),
        (with(cooperative(LAI_CHAU), "tax_code", json!("6200012340")), "tax_code"),
        (with(household(LAI_CHAU), "personal_id", json!("12345")), "personal_id"),
        (with(cooperative(LAI_CHAU), "name", json!("A\u{0}B")), "name"),
    ] {
        let refused = owner.post("/v1/shops", form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    app.finish().await;
}

#[tokio::test]
async fn shops_are_found_by_place_kind_and_words_without_accents() {
    let app = TestApp::new().await;
    let lai_chau = app.approved_shop(LAI_CHAU).await;
    let lao_cai = app.approved_shop(LAO_CAI).await;
    let found = async |query: &str| -> Vec<String> {
        let page = app.anyone().get(&format!("/v1/sellers?{query}")).await.ok();
        page["items"].as_array().unwrap().iter().map(|card| card["slug"].as_str().unwrap().to_owned()).collect()
    };
    let both = [lai_chau.slug.clone(), lao_cai.slug.clone()];
    let first = [lai_chau.slug.clone()];
    assert_eq!(found("").await, both);
    assert_eq!(found("province=lai-chau").await, first);
    assert_eq!(found("province=12").await, first);
    assert_eq!(found("legacy_province=lao-cai&kind=cooperative").await, std::slice::from_ref(&lao_cai.slug));
    assert_eq!(found("commune=03394").await, first);
    assert_eq!(found("kind=household").await, [""; 0]);
    assert_eq!(found("q=tra%20sin%20suoi").await, both);
    assert_eq!(found("q=Tr%C3%A0").await, both);
    assert_eq!(found("q=ra%20sin").await, [""; 0], "words begin where words begin");
    assert_eq!(found("q=%25").await, both, "no wildcard of ours");
    app.anyone().get("/v1/sellers?province=atlantis").await.refused(422, "invalid");
    app.anyone().get("/v1/sellers?colour=red").await.refused(422, "invalid");

    let page = app.anyone().get("/v1/sellers?limit=1").await.ok();
    assert_eq!(page["items"][0]["slug"], json!(lai_chau.slug));
    let next = page["next"].as_str().unwrap();
    assert_eq!(found(&format!("limit=1&after={next}")).await, std::slice::from_ref(&lao_cai.slug));
    app.anyone().get(&format!("/v1/sellers?limit=1&kind=farm&after={next}")).await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn a_pause_shows_and_ends() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let (closure, today) = (shop.path("/closure"), app.clock.today());
    for wrong in [
        json!({ "from": "2026-12-10", "to": "2026-12-09" }),
        json!({ "from": "2026-11-01", "to": "2026-11-02" }),
        json!({ "from": "+200000-01-01" }),
        json!({ "from": "2026-12-10", "to": "2126-12-09" }),
    ] {
        shop.put(&closure, wrong).await.refused(422, "invalid");
    }
    let pause = json!({ "from": today + Days::new(1), "to": today + Days::new(2) });
    shop.put(&closure, pause).await.ok();
    let open = async || app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.ok()["open"].as_bool().unwrap();
    assert!(open().await);
    app.clock.advance(TimeDelta::days(2));
    assert!(!open().await, "the last day belongs to it");
    app.clock.advance(TimeDelta::days(1));
    assert!(open().await);
    let shop = ShopActor { actor: app.sign_in(shop.contact()).await, id: shop.id.clone(), slug: shop.slug.clone() };
    shop.put(&closure, json!({ "from": app.clock.today() })).await.ok();
    assert!(!open().await);
    shop.delete(&closure).await.ok();
    assert!(open().await);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_is_its_members_and_managed_by_who_may() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    let stranger = app.account("Người lạ").await;
    assert_eq!(packer.get("/v1/me/shops").await.ok()[0]["role"], "packer");
    assert_eq!(stranger.get("/v1/me/shops").await.ok(), json!([]));
    packer.get(&shop.path("")).await.ok();
    packer.post(&shop.path("/submission"), json!({})).await.refused(403, "not-your-function");
    stranger.get(&shop.path("")).await.refused(404, "not-found");
    stranger.post(&shop.path("/submission"), json!({})).await.refused(404, "not-found");
    for _ in 0..9 {
        shop.post("/v1/shops", cooperative(LAI_CHAU)).await.ok();
    }
    shop.post("/v1/shops", cooperative(LAI_CHAU)).await.refused(409, "too-many-shops");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_keeps_so_many_papers_and_no_more() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let media = shop.media("paper", PDF.to_vec()).await;
    for _ in 0..100 {
        shop.post(&shop.path("/papers"), paper("other", &media)).await.ok();
    }
    shop.post(&shop.path("/papers"), paper("other", &media)).await.refused(409, "papers-full");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_namesakes_begun_at_once_are_ten_shops_at_ten_addresses() {
    let app = TestApp::new().await;
    let owner = app.account("Chủ cửa hàng").await;
    let mut requests = JoinSet::new();
    for _ in 0..16 {
        let owner = owner.clone();
        requests.spawn(async move { owner.post("/v1/shops", cooperative(LAI_CHAU)).await });
    }
    let (begun, refused): (Vec<_>, Vec<_>) =
        requests.join_all().await.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(begun.len(), 10);
    for answer in refused {
        answer.refused(409, "too-many-shops");
    }
    let slugs: BTreeSet<String> =
        begun.into_iter().map(|answer| answer.ok()["slug"].as_str().unwrap().to_owned()).collect();
    assert_eq!(slugs.len(), 10);
    let base = "hop-tac-xa-tra-sin-suoi-ho";
    for known in [base.to_owned(), format!("{base}-2"), format!("{base}-3")] {
        assert!(slugs.contains(&known), "{slugs:?}");
    }
    assert_eq!(slugs.iter().filter(|slug| slug.len() == base.len() + 9).count(), 7, "{slugs:?}");
    app.finish().await;
}
