//! Accounts: registering, confirming, signing in and out.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Actor, PASSWORD, TestApp};

fn registration(contact: &str) -> Value {
    json!({
        "display_name": "Lò Thị Mây",
        "contact": contact,
        "password": PASSWORD,
        "consents": [{ "purpose": "account", "version": "2026-07" }],
    })
}

fn credentials(contact: &str, password: &str) -> Value {
    json!({ "contact": contact, "password": password })
}

/// The six digits in a message.
fn code_in(message: &str) -> String {
    message.chars().filter(char::is_ascii_digit).take(6).collect()
}

async fn signed_in(app: &TestApp, contact: &str) -> Actor {
    app.sign_in(contact).await
}

#[tokio::test]
async fn a_mobile_number_is_the_same_however_it_is_typed() {
    let app = TestApp::new().await;
    let account = app.anyone().post("/v1/accounts", registration("0912 345 678")).await.ok();
    assert_eq!(account["contacts"][0]["value"], "+84912345678");
    app.anyone().post("/v1/accounts", registration("+84 912.345.678")).await.refused(409, "contact-taken");
    app.anyone().post("/v1/sessions", credentials("84912345678", PASSWORD)).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_agreed_to_in_silence() {
    let app = TestApp::new().await;
    let mut silent = registration("may@example.vn");
    silent["consents"] = json!([]);
    app.anyone().post("/v1/accounts", silent).await.refused(422, "consent-needed");
    let mut unknown = registration("may@example.vn");
    unknown["consents"].as_array_mut().unwrap().push(json!({ "purpose": "news", "version": "1999" }));
    app.anyone().post("/v1/accounts", unknown).await.refused(422, "consent-needed");
    app.anyone().post("/v1/sessions", credentials("may@example.vn", PASSWORD)).await.refused(401, "wrong-credentials");
    app.finish().await;
}

#[tokio::test]
async fn a_consent_is_given_for_one_purpose_and_can_be_withdrawn() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    let news = json!({ "purpose": "news", "version": "2026-07" });
    let given = may.put("/v1/me/consents", news.clone()).await.ok();
    assert_eq!(given["consents"].as_array().unwrap().len(), 2);
    let withdrawn = may.delete("/v1/me/consents/news").await.ok();
    assert_eq!(withdrawn["consents"][0]["purpose"], "account");
    assert_eq!(withdrawn["consents"].as_array().unwrap().len(), 1);
    let again = may.put("/v1/me/consents", news).await.ok();
    assert_eq!(again["consents"].as_array().unwrap().len(), 2);
    may.delete("/v1/me/consents/account").await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn a_contact_is_confirmed_once_with_the_code_that_was_sent_there() {
    let app = TestApp::new().await;
    app.anyone().post("/v1/accounts", registration("may@example.vn")).await.ok();
    let may = signed_in(&app, "may@example.vn").await;
    let code = code_in(&app.last_message("may@example.vn").await);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let proof = |code: &str| json!({ "contact": "may@example.vn", "code": code });
    may.put("/v1/me/contacts/confirmation", proof(wrong)).await.refused(409, "wrong-code");
    let confirmed = may.put("/v1/me/contacts/confirmation", proof(&code)).await.ok();
    assert!(confirmed["contacts"][0]["confirmed_at"].is_string());
    may.put("/v1/me/contacts/confirmation", proof(&code)).await.refused(409, "wrong-code");
    app.finish().await;
}

#[tokio::test]
async fn a_code_is_good_for_five_tries_and_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    app.anyone().post("/v1/accounts", registration("may@example.vn")).await.ok();
    let may = signed_in(&app, "may@example.vn").await;
    let code = code_in(&app.last_message("may@example.vn").await);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let proof = |code: &str| json!({ "contact": "may@example.vn", "code": code });
    for _ in 0..5 {
        may.put("/v1/me/contacts/confirmation", proof(wrong)).await.refused(409, "wrong-code");
    }
    may.put("/v1/me/contacts/confirmation", proof(&code)).await.refused(409, "wrong-code");

    app.clock.advance(TimeDelta::minutes(20));
    may.post("/v1/me/contacts/codes", json!({ "contact": "may@example.vn" })).await.ok();
    let late = code_in(&app.last_message("may@example.vn").await);
    app.clock.advance(TimeDelta::minutes(15));
    may.put("/v1/me/contacts/confirmation", proof(&late)).await.refused(409, "wrong-code");
    app.finish().await;
}

#[tokio::test]
async fn a_code_of_somebody_else_confirms_nothing_of_mine() {
    let app = TestApp::new().await;
    app.anyone().post("/v1/accounts", registration("may@example.vn")).await.ok();
    let code = code_in(&app.last_message("may@example.vn").await);
    let other = app.account("Khác").await;
    let proof = json!({ "contact": "may@example.vn", "code": code });
    other.put("/v1/me/contacts/confirmation", proof).await.refused(409, "wrong-code");
    other.post("/v1/me/contacts/codes", json!({ "contact": "may@example.vn" })).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_account_answers_like_a_wrong_password() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    let wrong = app.anyone().post("/v1/sessions", credentials(may.contact(), "khong phai mat khau")).await;
    let unknown = app.anyone().post("/v1/sessions", credentials("khong-co@example.vn", PASSWORD)).await;
    let strip = |mut body: Value| {
        body["trace_id"] = Value::Null;
        body
    };
    assert_eq!(strip(wrong.refused(401, "wrong-credentials")), strip(unknown.refused(401, "wrong-credentials")));
    app.finish().await;
}

#[tokio::test]
async fn the_eleventh_wrong_password_is_not_even_looked_at() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    for _ in 0..10 {
        app.anyone()
            .post("/v1/sessions", credentials(may.contact(), "khong phai mat khau"))
            .await
            .refused(401, "wrong-credentials");
    }
    let refused = app.anyone().post("/v1/sessions", credentials(may.contact(), PASSWORD)).await;
    assert_eq!(refused.header("retry-after"), Some("900"));
    refused.refused(429, "too-many-attempts");
    app.clock.advance(TimeDelta::minutes(15));
    app.anyone().post("/v1/sessions", credentials(may.contact(), PASSWORD)).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn one_address_cannot_try_every_account() {
    let app = TestApp::new().await;
    let thief = app.anyone();
    for number in 0..100 {
        let contact = format!("nan-nhan-{number}@example.vn");
        thief.post("/v1/password_recoveries", json!({ "contact": contact })).await;
    }
    thief.post("/v1/password_recoveries", json!({ "contact": "a@example.vn" })).await.refused(429, "too-many-attempts");
    app.anyone().post("/v1/password_recoveries", json!({ "contact": "a@example.vn" })).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn signing_out_ends_one_session_or_all() {
    let app = TestApp::new().await;
    let phone = app.account("Mây").await;
    let laptop = signed_in(&app, phone.contact()).await;
    let tablet = signed_in(&app, phone.contact()).await;
    laptop.delete("/v1/sessions/current").await.ok();
    laptop.get("/v1/me").await.refused(401, "sign-in-first");
    phone.get("/v1/me").await.ok();
    phone.delete("/v1/sessions").await.ok();
    tablet.get("/v1/me").await.refused(401, "sign-in-first");
    app.finish().await;
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let app = TestApp::new().await;
    let phone = app.account("Mây").await;
    let laptop = signed_in(&app, phone.contact()).await;
    let change = json!({ "current": PASSWORD, "new": "mot mat khau khac han" });
    let wrong = json!({ "current": "khong phai mat khau", "new": "mot mat khau khac han" });
    phone.put("/v1/me/password", wrong).await.refused(401, "wrong-credentials");
    phone.put("/v1/me/password", change).await.ok();
    for device in [&phone, &laptop] {
        device.get("/v1/me").await.refused(401, "sign-in-first");
    }
    app.anyone().post("/v1/sessions", credentials(phone.contact(), PASSWORD)).await.refused(401, "wrong-credentials");
    app.anyone().post("/v1/sessions", credentials(phone.contact(), "mot mat khau khac han")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_forgotten_password_is_reset_by_the_code_and_only_by_it() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    app.anyone().post("/v1/password_recoveries", json!({ "contact": may.contact() })).await.ok();
    app.anyone().post("/v1/password_recoveries", json!({ "contact": "khong-co@example.vn" })).await.ok();
    let code = code_in(&app.last_message(may.contact()).await);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let recovery = |code: &str| json!({ "contact": may.contact(), "code": code, "new": "mot mat khau khac han" });
    app.anyone().put("/v1/password_recoveries", recovery(wrong)).await.refused(409, "wrong-code");
    app.anyone().put("/v1/password_recoveries", recovery(&code)).await.ok();
    may.get("/v1/me").await.refused(401, "sign-in-first");
    app.anyone().put("/v1/password_recoveries", recovery(&code)).await.refused(409, "wrong-code");
    app.anyone().post("/v1/sessions", credentials(may.contact(), "mot mat khau khac han")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_session_ends_by_itself_after_thirty_days_and_is_swept_away() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    app.clock.advance(TimeDelta::days(30));
    may.get("/v1/me").await.refused(401, "sign-in-first");
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    let left = app
        .app
        .db
        .see(async |conn| Ok(sqlx::query_scalar::<_, i64>("select count(*) from sessions").fetch_one(conn).await?));
    assert_eq!(left.await.unwrap(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_contact_somebody_only_claims_blocks_nobody_and_opens_nothing() {
    let app = TestApp::new().await;
    let thief = app.account("Kẻ gian").await;
    thief.post("/v1/me/contacts", json!({ "contact": "may@example.vn" })).await.ok();
    // The thief has a proved contact, so the claimed one does not open the thief's account …
    app.anyone().post("/v1/password_recoveries", json!({ "contact": "may@example.vn" })).await.ok();
    assert!(app.last_message("may@example.vn").await.contains("xác nhận"), "no code to recover by");
    // … and does not keep its owner out.
    app.anyone().post("/v1/accounts", registration("may@example.vn")).await.ok();
    let may = signed_in(&app, "may@example.vn").await;
    assert_ne!(may.account(), thief.account());
    // But the only contact of an account, and a proved one, are never taken.
    thief.post("/v1/me/contacts", json!({ "contact": "may@example.vn" })).await.refused(409, "contact-taken");
    may.post("/v1/me/contacts", json!({ "contact": thief.contact() })).await.refused(409, "contact-taken");
    app.finish().await;
}

#[tokio::test]
async fn who_recovers_an_account_does_not_share_it_with_who_claimed_it() {
    let app = TestApp::new().await;
    // Somebody registers with the victim's address and adds an address of their own; neither is proved.
    app.anyone().post("/v1/accounts", registration("nan-nhan@example.vn")).await.ok();
    let thief = signed_in(&app, "nan-nhan@example.vn").await;
    thief.post("/v1/me/contacts", json!({ "contact": "ke-gian@example.vn" })).await.ok();
    app.anyone().post("/v1/password_recoveries", json!({ "contact": "nan-nhan@example.vn" })).await.ok();
    let code = code_in(&app.last_message("nan-nhan@example.vn").await);
    let recovery = json!({ "contact": "nan-nhan@example.vn", "code": code, "new": "mot mat khau khac han" });
    app.anyone().put("/v1/password_recoveries", recovery).await.ok();
    thief.get("/v1/me").await.refused(401, "sign-in-first");
    app.anyone()
        .post("/v1/sessions", credentials("ke-gian@example.vn", PASSWORD))
        .await
        .refused(401, "wrong-credentials");
    let victim = app.anyone().post("/v1/sessions", credentials("nan-nhan@example.vn", "mot mat khau khac han")).await;
    victim.ok();
    app.finish().await;
}
