//! The programme's rules: stars and states by the day, numbers of decisions, product sets.

use chrono::NaiveDate;
use ocop_market::kernel::CertificateId;
use ocop_market::market::certification::{
    self, CertificateState, ClaimStatus, DecisionNumber, Standing, Stars, expiry, stars_today, state,
};
use proptest::prelude::*;
use serde_json::json;

use super::days;
use crate::support::TestApp;

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
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
    const STARS: &str = "select certificate_stars($1, 4::smallint, $2, $3, $4, $5, today)
           from unnest($6::date[]) with ordinality as days (today, place)
          order by place";
    in_sql(app, STARS, standing, todays).await
}

async fn states_in_sql(app: &TestApp, standing: &Standing, todays: &[NaiveDate]) -> Vec<CertificateState> {
    const STATES: &str = "select certificate_state($1, $2, $3, $4, $5, today)
           from unnest($6::date[]) with ordinality as days (today, place)
          order by place";
    in_sql(app, STATES, standing, todays).await
}

/// What a function of the database says of a certificate on each of the days.
async fn in_sql<T>(app: &TestApp, query: &'static str, standing: &Standing, todays: &[NaiveDate]) -> Vec<T>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    let newer = standing.superseded.then(|| CertificateId::new(app.clock.now()));
    let see = app.app.db.see(async |conn| {
        let said = sqlx::query_scalar(query)
            .bind(standing.status)
            .bind(standing.expires_on)
            .bind(standing.filed_on)
            .bind(standing.revoked_on)
            .bind(newer)
            .bind(todays);
        Ok(said.fetch_all(conn).await?)
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
