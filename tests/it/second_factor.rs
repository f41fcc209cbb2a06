//! Officers' second factor: codes of an authenticator app, and sessions that reach as far as a code.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use ocop_market::kernel::Clock;
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::totp::TotpSecret;
use ocop_market::seed;
use serde_json::{Value, json};

use crate::support::{Actor, LAI_CHAU, LAO_CAI, PASSWORD, TestApp};

const DESK: &str = "/admin/v1/cases";

/// The secret of RFC 6238's appendix B: the bytes of its base32.
fn secret_of(base32: &str) -> TotpSecret {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let fives = base32.bytes().map(|letter| LETTERS.iter().position(|known| *known == letter).expect("base32"));
    let bits = fives.map(|five| format!("{five:05b}")).collect::<Vec<_>>().concat();
    let bytes: Vec<u8> = (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..][..8], 2).unwrap()).collect();
    TotpSecret::from_bytes(bytes.try_into().expect("160 bits"))
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn code(secret: &TotpSecret, app: &TestApp) -> Value {
    json!({ "code": secret.code(app.clock.now()).unwrap() })
}

/// Six digits that are none of the three codes accepted now.
fn wrong_code(secret: &TotpSecret, app: &TestApp) -> Value {
    let now = app.clock.now();
    let right: Vec<_> = [-30, 0, 30].map(|off| secret.code(now + TimeDelta::seconds(off)).unwrap()).into();
    let wrong = (0..4).map(|number| format!("{number:06}")).find(|number| !right.contains(number));
    json!({ "code": wrong })
}

/// Sets up an app on the officer's phone; the session is raised by its first code.
async fn enrol(app: &TestApp, officer: &Actor) -> TotpSecret {
    let shown = officer.post("/v1/me/second_factor", json!({ "password": PASSWORD })).await.ok();
    let secret = secret_of(shown["secret"].as_str().unwrap());
    officer.put("/v1/me/second_factor/confirmation", code(&secret, app)).await.ok();
    secret
}

/// A reviewer who sees to the second factor in the story.
async fn reviewer(app: &TestApp) -> Actor {
    app.officer(LAI_CHAU, OfficerRole::Reviewer).await.without_phone()
}

#[test]
fn codes_are_those_of_rfc_6238() {
    let secret = TotpSecret::from_bytes(*b"12345678901234567890");
    assert_eq!(secret.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    // Appendix B lists eight digits of SHA-1; six-digit codes are their last six.
    for (seconds, expected) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(secret.code(at(seconds)).unwrap(), expected, "at {seconds}");
    }
}

#[test]
fn a_code_is_accepted_thirty_seconds_early_or_late_and_never_twice() {
    let secret = TotpSecret::from_bytes(*b"12345678901234567890");
    let shown = secret.code(at(59)).unwrap();
    for (seconds, accepted) in [(-1, None), (0, Some(1)), (30, Some(1)), (89, Some(1)), (90, None)] {
        assert_eq!(secret.accepts(&shown, at(seconds), None).unwrap(), accepted, "at {seconds}");
    }
    assert_eq!(secret.accepts(&shown, at(59), Some(1)).unwrap(), None);
    assert_eq!(secret.accepts(&shown, at(59), Some(0)).unwrap(), Some(1));
    assert_eq!(secret.accepts("28708", at(59), None).unwrap(), None);
}

#[test]
fn an_app_reads_the_secret_out_of_an_address() {
    let secret = TotpSecret::from_bytes(*b"12345678901234567890");
    assert_eq!(
        secret.uri("ocop-market", "+84912345678"),
        "otpauth://totp/ocop-market:%2B84912345678?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ocop-market"
    );
}

#[tokio::test]
async fn an_officer_sets_up_an_app_and_works() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let refused = officer.get(DESK).await.refused(403, "second-factor-missing");
    assert!(refused["detail"].as_str().unwrap().contains("/v1/me/second_factor"));
    let nothing = json!({ "code": "123456" });
    officer.post("/v1/sessions/current/second_factor", nothing.clone()).await.refused(409, "no-second-factor");
    officer.put("/v1/me/second_factor/confirmation", nothing).await.refused(409, "no-second-factor");

    let wrong = json!({ "password": "khong phai mat khau" });
    officer.post("/v1/me/second_factor", wrong).await.refused(401, "wrong-credentials");
    let forgotten = officer.post("/v1/me/second_factor", json!({ "password": PASSWORD })).await.ok();
    let shown = officer.post("/v1/me/second_factor", json!({ "password": PASSWORD })).await.ok();
    assert_ne!(forgotten["secret"], shown["secret"], "asking again replaces what was not confirmed");
    let secret = secret_of(shown["secret"].as_str().unwrap());
    // Not confirmed yet: it opens nothing.
    officer.post("/v1/sessions/current/second_factor", code(&secret, &app)).await.refused(409, "no-second-factor");
    officer.get(DESK).await.refused(403, "second-factor-missing");
    officer.put("/v1/me/second_factor/confirmation", wrong_code(&secret, &app)).await.refused(409, "wrong-code");
    let raised = officer.put("/v1/me/second_factor/confirmation", code(&secret, &app)).await.ok();
    assert_eq!(raised["second_factor_until"], json!(app.clock.now() + TimeDelta::hours(8)));
    officer.get(DESK).await.ok();
    assert!(officer.get("/v1/me").await.ok()["second_factor_since"].is_string());
    let again = officer.post("/v1/me/second_factor", json!({ "password": PASSWORD })).await;
    again.refused(409, "second-factor-exists");
    officer.put("/v1/me/second_factor/confirmation", code(&secret, &app)).await.refused(409, "second-factor-exists");
    app.finish().await;
}

#[tokio::test]
async fn a_code_opens_one_session_and_only_once() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    let elsewhere = app.sign_in(officer.contact()).await.without_phone();
    elsewhere.get(DESK).await.refused(403, "second-factor-needed");
    // Somebody looked over the officer's shoulder.
    let seen = code(&secret, &app);
    elsewhere.post("/v1/sessions/current/second_factor", seen.clone()).await.refused(409, "wrong-code");
    app.clock.advance(TimeDelta::seconds(30));
    elsewhere.post("/v1/sessions/current/second_factor", code(&secret, &app)).await.ok();
    elsewhere.get(DESK).await.ok();
    elsewhere.post("/v1/sessions/current/second_factor", seen).await.refused(409, "wrong-code");
    app.finish().await;
}

#[tokio::test]
async fn of_two_who_show_the_same_code_at_once_one_is_refused() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    let (one, other) = (app.sign_in(officer.contact()).await, app.sign_in(officer.contact()).await);
    app.clock.advance(TimeDelta::minutes(1));
    let shown = code(&secret, &app);
    let path = "/v1/sessions/current/second_factor";
    let answers = tokio::join!(one.post(path, shown.clone()), other.post(path, shown));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    app.finish().await;
}

#[tokio::test]
async fn signing_in_with_the_code_saves_the_second_step() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    app.clock.advance(TimeDelta::minutes(1));
    let credentials =
        |code: &Value| json!({ "contact": officer.contact(), "password": PASSWORD, "code": code["code"] });
    let wrong = credentials(&wrong_code(&secret, &app));
    app.anyone().post("/v1/sessions", wrong).await.refused(409, "wrong-code");
    let opened = app.anyone().post("/v1/sessions", credentials(&code(&secret, &app))).await.ok();
    assert_eq!(opened["raised"]["idle_until"], json!(app.clock.now() + TimeDelta::hours(1)));
    let session = officer.signed_in(opened["token"].as_str().unwrap(), officer.contact(), officer.account());
    session.get(DESK).await.ok();
    let plain = json!({ "contact": officer.contact(), "password": PASSWORD });
    assert_eq!(app.anyone().post("/v1/sessions", plain).await.ok()["raised"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn the_sixth_wrong_code_is_not_even_looked_at() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    app.clock.advance(TimeDelta::minutes(1));
    let path = "/v1/sessions/current/second_factor";
    for _ in 0..5 {
        officer.post(path, wrong_code(&secret, &app)).await.refused(409, "wrong-code");
    }
    officer.post(path, code(&secret, &app)).await.refused(429, "too-many-attempts");
    let credentials =
        |app| json!({ "contact": officer.contact(), "password": PASSWORD, "code": code(&secret, app)["code"] });
    app.anyone().post("/v1/sessions", credentials(&app)).await.refused(429, "too-many-attempts");
    app.clock.advance(TimeDelta::minutes(15));
    app.anyone().post("/v1/sessions", credentials(&app)).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn an_officers_day_ends_after_eight_hours_or_an_idle_one() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    for _ in 0..8 {
        officer.get(DESK).await.ok();
        app.clock.advance(TimeDelta::minutes(59));
    }
    // Seven hours and 52 minutes at work; the eighth hour ends although nobody was idle.
    officer.get(DESK).await.ok();
    app.clock.advance(TimeDelta::minutes(8));
    officer.get(DESK).await.refused(403, "second-factor-needed");
    officer.get("/v1/me").await.ok();

    officer.post("/v1/sessions/current/second_factor", code(&secret, &app)).await.ok();
    officer.get(DESK).await.ok();
    app.clock.advance(TimeDelta::hours(1));
    let idle = officer.get(DESK).await.refused(403, "second-factor-needed");
    assert!(idle["detail"].as_str().unwrap().contains("/v1/sessions/current/second_factor"));
    app.finish().await;
}

#[tokio::test]
async fn an_app_is_taken_away_by_a_code_of_it_and_every_session_ends() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    let elsewhere = app.sign_in(officer.contact()).await.without_phone();
    app.clock.advance(TimeDelta::minutes(1));
    officer.put("/v1/me/second_factor/removal", wrong_code(&secret, &app)).await.refused(409, "wrong-code");
    officer.put("/v1/me/second_factor/removal", code(&secret, &app)).await.ok();
    for session in [&officer, &elsewhere] {
        session.get(DESK).await.refused(401, "sign-in-first");
    }
    let again = app.sign_in(officer.contact()).await.without_phone();
    again.get(DESK).await.refused(403, "second-factor-missing");
    app.finish().await;
}

#[tokio::test]
async fn a_head_resets_the_app_of_an_officer_who_lost_the_phone() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    enrol(&app, &officer).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let neighbour = app.officer(LAO_CAI, OfficerRole::Head).await;
    let path = |account: &Actor| format!("/admin/v1/officers/{}/second_factor", account.account());
    neighbour.delete(&path(&officer)).await.refused(404, "not-found");
    head.delete(&path(&head)).await.refused(409, "own-second-factor");
    let buyer = app.account("Người mua").await;
    head.delete(&path(&buyer)).await.refused(404, "not-found");

    head.delete(&path(&officer)).await.ok();
    officer.get(DESK).await.refused(401, "sign-in-first");
    assert!(app.last_message(officer.contact()).await.contains("gỡ"));
    let record = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(record["items"][0]["operation"], "DELETE /admin/v1/officers/{account_id}/second_factor");
    assert_eq!(record["items"][0]["subject_id"], officer.account().to_string());
    let again = app.sign_in(officer.contact()).await.without_phone();
    again.get(DESK).await.refused(403, "second-factor-missing");
    enrol(&app, &again).await;
    again.get(DESK).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_head_cannot_reset_whoever_is_also_somebody_elsewhere() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let operator = app.operator().await;
    let helps_out = json!({
        "contact": operator.contact(),
        "department": "so-cong-thuong-12",
        "role": "auditor",
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", helps_out).await.ok();
    operator.get(DESK).await.ok();
    let path = format!("/admin/v1/officers/{}/second_factor", operator.account());
    head.delete(&path).await.refused(404, "not-found");
    operator.get(DESK).await.ok();
    let colleague = app.operator().await;
    colleague.delete(&path).await.ok();
    operator.without_phone().get(DESK).await.refused(401, "sign-in-first");
    app.finish().await;
}

#[tokio::test]
async fn a_new_password_leaves_the_second_factor_in_place() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let secret = enrol(&app, &officer).await;
    let change = json!({ "current": PASSWORD, "new": "mot mat khau khac han" });
    officer.put("/v1/me/password", change).await.ok();
    app.clock.advance(TimeDelta::minutes(1));
    let credentials = json!({ "contact": officer.contact(), "password": "mot mat khau khac han" });
    let opened = app.anyone().post("/v1/sessions", credentials).await.ok();
    let session = officer.signed_in(opened["token"].as_str().unwrap(), officer.contact(), officer.account());
    session.get(DESK).await.refused(403, "second-factor-needed");
    session.post("/v1/sessions/current/second_factor", code(&secret, &app)).await.ok();
    session.get(DESK).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn the_secret_is_sealed_in_the_database() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let shown = officer.post("/v1/me/second_factor", json!({ "password": PASSWORD })).await.ok();
    let secret = secret_of(shown["secret"].as_str().unwrap());
    let row = app.app.db.see(async |conn| {
        Ok(sqlx::query_scalar::<_, Vec<u8>>("select sealed_secret from second_factors").fetch_one(conn).await?)
    });
    let row = row.await.unwrap();
    let context = format!("second_factors.sealed_secret:{}", officer.account());
    assert_eq!(app.app.seal.open(&row, &context).unwrap(), secret.to_hex());
    assert!(!String::from_utf8_lossy(&row).contains(&secret.to_hex()));
    app.finish().await;
}

/// Runs the program with something typed into it; answers what it printed.
fn type_into(mut program: Command, typed: &str) -> String {
    let mut running = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let ended = running.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

#[tokio::test]
async fn the_first_operator_is_made_on_the_command_line_and_can_work() {
    let app = TestApp::new().await;
    let mut program = app.program().await;
    program.args(["officer", "create", "--contact", "dieu-hanh@example.vn", "--name", "Điều hành"]);
    let printed = type_into(program, PASSWORD);
    let secret = printed.lines().find_map(|line| line.trim().strip_prefix("secret")).unwrap().trim();
    assert!(printed.contains(&format!("otpauth://totp/ocop-market:dieu-hanh%40example.vn?secret={secret}")));
    // The program knows the machine's clock only.
    app.clock.advance(Clock::system().now() - app.clock.now());
    let code = &code(&secret_of(secret), &app)["code"];
    let credentials = json!({ "contact": "dieu-hanh@example.vn", "password": PASSWORD, "code": code });
    let opened = app.anyone().post("/v1/sessions", credentials).await.ok();
    let account = opened["account_id"].as_str().unwrap().parse().unwrap();
    let operator = app.anyone().without_phone().signed_in(opened["token"].as_str().unwrap(), "", account);
    operator.get("/admin/v1/departments").await.ok();
    app.finish().await;
}

#[test]
fn codes_are_printed_for_officers_of_the_demonstration_only() {
    let print = |contact: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ocop-market"));
        program.args(["officer", "code", contact]).output().unwrap()
    };
    for contact in ["can-bo.lai-chau@demo.ocop.example", "giam-sat.ha-noi@demo.ocop.example", seed::OPERATOR] {
        let printed = String::from_utf8(print(contact).stdout).unwrap();
        assert!(printed.len() == 7 && printed.trim().bytes().all(|digit| digit.is_ascii_digit()), "{printed}");
    }
    for contact in ["can-bo@laichau.gov.example", "can-bo.lai-chau@laichau.gov.example", "htx@demo.ocop.example"] {
        let refused = print(contact);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{contact}");
    }
}
