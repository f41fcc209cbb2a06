//! What the public sees of a shop, and finds it by.

use chrono::{Days, TimeDelta};
use ocop_market::market::sellers::{self, NewSeller, Profile, Seat, SellerKind};
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::{codes, decide, file};
use crate::support::sellers::{PDF, PERSONAL_ID, ShopActor, commune_of, cooperative, household, paper};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

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
