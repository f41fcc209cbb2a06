//! Certificates: claimed, verified, and worth something only between their days.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

use chrono::{NaiveDate, TimeDelta};
use ocop_market::kernel::CertificateId;
use ocop_market::market::certification::{
    self, CertificateState, ClaimStatus, DecisionNumber, Standing, Stars, expiry, stars_today, state,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, tea};
use crate::support::sellers::ShopActor;
use crate::support::{HA_NOI, LAI_CHAU, TestApp, VINH_LONG};

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

fn stars(number: i16) -> Stars {
    Stars::try_from(number).unwrap()
}

/// A verified certificate that expires on the day.
fn verified(expires_on: NaiveDate) -> Standing {
    Standing { status: ClaimStatus::Verified, expires_on, filed_on: None, revoked_on: None, superseded: false }
}

#[test]
fn a_certificate_lasts_36_calendar_months_and_its_last_day_too() {
    for (issued, last) in [
        ("2025-06-19", "2028-06-19"),
        ("2023-12-28", "2026-12-28"),
        ("2024-02-29", "2027-02-28"),
        ("2023-01-31", "2026-01-31"),
    ] {
        assert_eq!(expiry(day(issued)), Some(day(last)), "{issued}");
    }
    let certificate = verified(day("2028-06-19"));
    assert_eq!(stars_today(stars(4), &certificate, day("2028-06-19")), Some(stars(4)));
    assert_eq!(stars_today(stars(4), &certificate, day("2028-06-20")), None);
}

#[test]
fn a_certificate_is_to_be_renewed_between_180_and_120_days_before_it_expires() {
    use CertificateState::{Expired, Grace, RenewalOverdue, RenewalWindow, Valid};
    let last = day("2028-06-19");
    let filed = Standing { filed_on: Some(day("2028-01-10")), ..verified(last) };
    let filed_late = Standing { filed_on: Some(last + days(1)), ..verified(last) };
    // Days left, without a filing, with one in time, with one after expiry.
    for (left, without, with, late) in [
        (900, Valid, Valid, Valid),
        (181, Valid, Valid, Valid),
        (180, RenewalWindow, Valid, RenewalWindow),
        (120, RenewalWindow, Valid, RenewalWindow),
        (119, RenewalOverdue, Valid, RenewalOverdue),
        (0, RenewalOverdue, Valid, RenewalOverdue),
        (-1, Expired, Grace, Expired),
        (-180, Expired, Grace, Expired),
        (-181, Expired, Expired, Expired),
    ] {
        let today = last - days(left);
        assert_eq!(state(&verified(last), today), without, "{left} days left, nothing filed");
        assert_eq!(state(&filed, today), with, "{left} days left, filed");
        assert_eq!(state(&filed_late, today), late, "{left} days left, filed after expiry");
    }
}

#[test]
fn a_claim_a_revoked_and_a_superseded_certificate_carry_no_stars() {
    let (last, today) = (day("2028-06-19"), day("2026-11-21"));
    let valid = verified(last);
    for (standing, expected) in [
        (Standing { status: ClaimStatus::Claimed, ..valid }, CertificateState::Claimed),
        (Standing { status: ClaimStatus::Refused, ..valid }, CertificateState::Refused),
        (Standing { revoked_on: Some(today), ..valid }, CertificateState::Revoked),
        (Standing { superseded: true, ..valid }, CertificateState::Superseded),
        (Standing { superseded: true, revoked_on: Some(today), ..valid }, CertificateState::Revoked),
    ] {
        assert_eq!(state(&standing, today), expected);
        assert_eq!(stars_today(stars(5), &standing, today), None);
    }
    let tomorrow = Standing { revoked_on: Some(today + days(1)), ..valid };
    assert_eq!(state(&tomorrow, today), CertificateState::Valid);
}

proptest! {
    #[test]
    fn stars_never_come_back_once_they_are_gone(
        lasts in 0_i64..2000, filed in proptest::option::of(-400_i64..400),
        revoked in proptest::option::of(-400_i64..400), from in 0_i64..4000, later in 0_i64..400,
    ) {
        let last = day("2024-01-01") + days(lasts);
        let standing = Standing {
            filed_on: filed.map(|offset| last + days(offset)),
            revoked_on: revoked.map(|offset| last + days(offset)),
            ..verified(last)
        };
        let today = day("2022-01-01") + days(from);
        if stars_today(stars(3), &standing, today).is_none() {
            prop_assert_eq!(stars_today(stars(3), &standing, today + days(later)), None);
        }
        if today > last + days(180) {
            prop_assert_eq!(stars_today(stars(3), &standing, today), None);
        }
    }

    #[test]
    fn a_certificate_expires_on_the_same_day_of_the_month_or_the_last_one(issued in 0_i64..20_000) {
        use chrono::Datelike as _;
        let issued = day("2018-05-07") + days(issued);
        let last = expiry(issued).unwrap();
        prop_assert_eq!((last.year(), last.month()), (issued.year() + 3, issued.month()));
        prop_assert!(last.day() == issued.day() || (issued.day() == 29 && last.day() == 28));
    }
}

#[test]
fn a_decision_number_is_kept_the_same_however_it_is_typed() {
    for (typed, kept) in [
        ("3981/QĐ-UBND", "3981/QĐ-UBND"),
        (" 3981 / qđ - ubnd ", "3981/QĐ-UBND"),
        ("3981/QD-UBND", "3981/QĐ-UBND"),
        ("3981/Q\u{D0}–UBND", "3981/QĐ-UBND"),
        ("2890/QĐ-BNN-VPĐP", "2890/QĐ-BNN-VPĐP"),
        ("2890/qd-bnn-vpdp", "2890/QĐ-BNN-VPĐP"),
        ("377/QĐ-BNNMT", "377/QĐ-BNNMT"),
    ] {
        assert_eq!(DecisionNumber::try_from(typed.to_owned()).map(|number| number.to_string()), Ok(kept.to_owned()));
    }
    for wrong in [
        "",
        "3981",
        "QĐ-UBND",
        "/QĐ-UBND",
        "3981/UBND",
        "3981/QĐ",
        "3981/QĐ-",
        "0/QĐ-UBND",
        "3981/QĐ-U",
        "1234567/QĐ-UBND",
        "3981/QĐ-UBND'; drop",
        "3981/NQ-HĐND",
        "DEMO-1",
        "3981/QĐ-A1-B2-C3-D4",
    ] {
        assert!(DecisionNumber::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn queries_and_code_agree_about_stars_and_states_on_every_day() {
    let app = TestApp::new().await;
    let last = day("2028-06-19");
    let offsets = [-200, -181, -180, -179, -121, -120, -119, -1, 0, 1, 179, 180, 181, 200];
    let moments: Vec<Option<NaiveDate>> =
        std::iter::once(None).chain([-180, -1, 0, 1, 60].map(|offset| Some(last + days(offset)))).collect();
    let mut tried = 0;
    for status in [ClaimStatus::Claimed, ClaimStatus::Verified, ClaimStatus::Refused] {
        for &filed_on in &moments {
            for &revoked_on in &moments {
                for superseded in [false, true] {
                    let standing = Standing { status, expires_on: last, filed_on, revoked_on, superseded };
                    let todays: Vec<NaiveDate> = offsets.iter().map(|offset| last + days(*offset)).collect();
                    let by_code: Vec<Option<i16>> =
                        todays.iter().map(|today| stars_today(stars(4), &standing, *today).map(Stars::get)).collect();
                    assert_eq!(stars_in_sql(&app, &standing, &todays).await, by_code, "{standing:?}");
                    let states: Vec<CertificateState> = todays.iter().map(|today| state(&standing, *today)).collect();
                    assert_eq!(states_in_sql(&app, &standing, &todays).await, states, "{standing:?}");
                    tried += todays.len();
                }
            }
        }
    }
    assert_eq!(tried, 3 * 6 * 6 * 2 * offsets.len());
    app.finish().await;
}

async fn stars_in_sql(app: &TestApp, standing: &Standing, todays: &[NaiveDate]) -> Vec<Option<i16>> {
    let newer = standing.superseded.then(|| CertificateId::new(app.clock.now()));
    let see = app.app.db.see(async |conn| {
        let stars = sqlx::query_scalar(
            "select certificate_stars($1, 4::smallint, $2, $3, $4, $5, today)
               from unnest($6::date[]) with ordinality as days (today, place)
              order by place",
        );
        let stars = stars
            .bind(standing.status)
            .bind(standing.expires_on)
            .bind(standing.filed_on)
            .bind(standing.revoked_on)
            .bind(newer)
            .bind(todays);
        Ok(stars.fetch_all(conn).await?)
    });
    see.await.unwrap()
}

async fn states_in_sql(app: &TestApp, standing: &Standing, todays: &[NaiveDate]) -> Vec<CertificateState> {
    let newer = standing.superseded.then(|| CertificateId::new(app.clock.now()));
    let see = app.app.db.see(async |conn| {
        let states = sqlx::query_scalar(
            "select certificate_state($1, $2, $3, $4, $5, today)
               from unnest($6::date[]) with ordinality as days (today, place)
              order by place",
        );
        let states = states
            .bind(standing.status)
            .bind(standing.expires_on)
            .bind(standing.filed_on)
            .bind(standing.revoked_on)
            .bind(newer)
            .bind(todays);
        Ok(states.fetch_all(conn).await?)
    });
    see.await.unwrap()
}

#[tokio::test]
async fn the_26_product_sets_are_public_and_loaded_once() {
    let app = TestApp::new().await;
    let sets = app.anyone().get("/v1/product_sets").await.ok();
    let sets = sets.as_array().unwrap();
    assert_eq!(sets.len(), 26);
    assert_eq!(sets[10]["name_vi"], "Chè tươi, chè chế biến");
    assert_eq!((&sets[10]["group"], &sets[25]["sample_required"]), (&json!("food"), &json!(false)));
    app.app.db.act(async |conn| certification::load_sets(conn).await).await.unwrap();
    assert_eq!(app.anyone().get("/v1/product_sets").await.ok(), json!(sets));
    app.finish().await;
}

/// A claim to 4 stars of a real day.
fn claim(scan: &str) -> Value {
    json!({
        "product_name": "Chè Shan tuyết Tả Lèng",
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/qđ-ubnd",
        "decision_date": "2023-12-20",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2023-12-28",
        "scan_id": scan,
    })
}

/// The claim with one value changed.
fn with(mut claim: Value, field: &str, value: impl Into<Value>) -> Value {
    claim[field] = value.into();
    claim
}

async fn claimed(shop: &ShopActor) -> Value {
    shop.post(&shop.path("/certificates"), claim(&shop.scan().await)).await.ok()
}

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

async fn only_certificate(shop: &ShopActor) -> Value {
    let page = shop.get(&shop.path("/certificates")).await.ok();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (1, &Value::Null));
    page["items"][0].clone()
}

#[tokio::test]
async fn a_claim_that_cannot_be_true_is_refused_where_it_is_wrong() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(HA_NOI).await;
    let good = claim(&shop.scan().await);
    for (field, value, at) in [
        ("issued_on", json!("2026-11-22"), "issued_on"),
        ("issued_on", json!("2023-12-19"), "issued_on"),
        ("decision_date", json!("2018-05-06"), "decision_date"),
        ("decision_date", json!("-200000-01-01"), "decision_date"),
        ("stars", json!(2), "stars"),
        ("stars", json!(6), "stars"),
        ("set_no", json!(27), "set_no"),
        ("decision_number", json!("DEMO-1"), "decision_number"),
        ("product_name", json!("x\u{0}y"), "product_name"),
        ("legacy_province_code", json!("99"), "legacy_province_code"),
        ("scan_id", json!(other.scan().await), "scan_id"),
        ("scan_id", json!(shop.picture().await), "scan_id"),
        ("verified", json!(true), "verified"),
    ] {
        let refusal =
            shop.post(&shop.path("/certificates"), with(good.clone(), field, value)).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    assert_eq!(shop.get(&shop.path("/certificates")).await.ok()["items"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn five_stars_are_claimed_from_the_ministry_and_fewer_from_a_peoples_committee() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let good = claim(&shop.scan().await);
    let path = shop.path("/certificates");
    for (stars, authority, why) in [
        (5, "UBND tỉnh Lai Châu", "phải là Bộ: 5 sao do Bộ công nhận"),
        (4, "Bộ Nông nghiệp và Môi trường", "phải là Ủy ban nhân dân (UBND): 3 và 4 sao do UBND công nhận"),
        (3, "Sở Công Thương tỉnh Lai Châu", "phải là Ủy ban nhân dân (UBND): 3 và 4 sao do UBND công nhận"),
    ] {
        let wrong = with(with(good.clone(), "stars", json!(stars)), "authority", json!(authority));
        let refusal = shop.post(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], "authority", "{refusal}");
        assert!(refusal.to_string().contains(why), "{refusal}");
    }
    let wrong = with(good.clone(), "stars", json!(5)).to_string();
    let headers = [("accept-language", "en"), ("content-type", "application/json")];
    let refusal = shop.send(axum::http::Method::POST, &path, &headers, wrong.into()).await.refused(422, "invalid");
    assert!(refusal.to_string().contains("must be the Ministry (Bộ)"), "{refusal}");

    let ministry = with(with(good, "stars", json!(5)), "authority", json!("Bộ Nông nghiệp và Môi trường"));
    assert_eq!(shop.post(&path, ministry).await.ok()["stars"], 5);
    app.finish().await;
}

#[tokio::test]
async fn a_district_that_no_longer_exists_issued_certificates_until_june_2025() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(VINH_LONG).await;
    let by_district = with(claim(&shop.scan().await), "authority", "UBND huyện Mỏ Cày Nam");
    let by_district = with(with(by_district, "decision_date", "2025-06-16"), "legacy_province_code", "83");
    let too_late = with(by_district.clone(), "issued_on", "2025-07-01");
    let refusal = shop.post(&shop.path("/certificates"), too_late).await.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], "authority");

    let in_time = with(by_district, "issued_on", "2025-06-30");
    let certificate = shop.post(&shop.path("/certificates"), in_time).await.ok();
    let issued_in = &certificate["issued_in"];
    assert_eq!(
        (&issued_in["province"]["name"], &issued_in["legacy_province"]["name"]),
        (&json!("Vĩnh Long"), &json!("Bến Tre"))
    );
    app.finish().await;
}

#[tokio::test]
async fn the_same_product_of_the_same_decision_is_claimed_once_unless_it_was_refused() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let first = claimed(&shop).await;
    let again = with(claim(&shop.scan().await), "product_name", "CHÈ SHAN TUYẾT TẢ LÈNG");
    shop.post(&shop.path("/certificates"), again.clone()).await.refused(409, "certificate-claimed-already");

    app.decide(
        &shop,
        id_of(&first),
        json!({ "verdict": "request_changes", "reason_codes": ["certificate.unreadable"], "words": "Bản quét mờ." }),
    )
    .await;
    assert_eq!(only_certificate(&shop).await["state"], "refused");
    shop.post(&shop.path("/certificates"), again).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_claim_is_withdrawn_only_while_it_waits_and_nobody_shows_it() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop).await;
    let path = shop.path(&format!("/certificates/{}", id_of(&claim)));
    other.delete(&other.path(&format!("/certificates/{}", id_of(&claim)))).await.refused(404, "not-found");

    let mut content = tea(&[&shop.picture().await]);
    content["certificate_id"] = claim["id"].clone();
    let listing = shop.draft(150_000).await;
    shop.save(&listing, content).await.ok();
    app.publish(&shop, id_of(&listing)).await;
    shop.delete(&path).await.refused(409, "certificate-in-use");
    assert_eq!(only_certificate(&shop).await["status"], "claimed");

    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    shop.delete(&path).await.refused(409, "case-not-open");

    let second = claimed(&other).await;
    let path = other.path(&format!("/certificates/{}", id_of(&second)));
    assert_eq!(other.delete(&path).await.status, 204);
    other.delete(&path).await.refused(404, "not-found");
    assert_eq!(other.get(&other.path("/certificates")).await.ok()["items"], json!([]));
    claimed(&other).await;
    app.finish().await;
}

#[tokio::test]
async fn officers_of_other_provinces_can_neither_read_nor_decide_a_claim() {
    use ocop_market::people::access::Provinces;
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop).await;
    let id: CertificateId = id_of(&claim).parse().unwrap();
    let today = app.clock.today();
    let read = async |province: &str| {
        let provinces = Provinces::new(vec![province.to_owned()]);
        app.app.db.see(async |conn| certification::dossier(conn, id, &provinces, today).await).await
    };
    assert!(read(HA_NOI).await.is_err_and(|error| error.is(&ocop_market::platform::error::NOT_FOUND)));
    let dossier = serde_json::to_value(read(LAI_CHAU).await.unwrap()).unwrap();
    assert_eq!(dossier["product_set"]["set_no"], 11);
    assert_eq!(dossier["claim"]["scan_id"], claim["scan_id"]);
    app.finish().await;
}
