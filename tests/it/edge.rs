//! Bad input and bad days: a clear problem document, never a 500, and nothing changed.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use axum::{Router, middleware, routing};
use ocop_market::platform::http::{Frame, frame};
use ocop_market::platform::serve::serve;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::support::{PASSWORD, TestApp};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

fn registration() -> Value {
    json!({
        "display_name": "Mây",
        "contact": "may@example.vn",
        "password": PASSWORD,
        "consents": [{ "purpose": "account", "version": "2026-07" }],
    })
}

async fn accounts(app: &TestApp) -> i64 {
    let count =
        app.app.db.see(async |conn| Ok(sqlx::query_scalar("select count(*) from accounts").fetch_one(conn).await?));
    count.await.unwrap()
}

#[tokio::test]
async fn bad_bodies_are_named_and_change_nothing() {
    let app = TestApp::new().await;
    let with = |at: &str, value: Value| {
        let mut body = registration();
        body[at] = value;
        body.to_string()
    };
    let cases: Vec<(String, u16, &str, &str)> = vec![
        (String::new(), 400, "malformed", ""),
        ("{".to_owned(), 400, "malformed", ""),
        (r#"{"display_name": "\ud800"}"#.to_owned(), 400, "malformed", ""),
        (format!("{} 1", registration()), 400, "malformed", ""),
        ("[]".to_owned(), 422, "invalid", "."),
        ("null".to_owned(), 422, "invalid", "."),
        (with("display_name", json!("a\u{0}b")), 422, "invalid", "display_name"),
        (with("display_name", json!("a\u{202e}b")), 422, "invalid", "display_name"),
        (with("display_name", json!("")), 422, "invalid", "display_name"),
        (with("display_name", json!("x".repeat(81))), 422, "invalid", "display_name"),
        (with("display_name", json!(-1)), 422, "invalid", "display_name"),
        (with("contact", json!("1".repeat(5000))), 422, "invalid", "contact"),
        (with("contact", json!("khong phai dia chi")), 422, "invalid", "contact"),
        (with("password", json!("ngan")), 422, "invalid", "password"),
        (with("consents", json!("account")), 422, "invalid", "consents"),
        (with("consents", json!([{ "purpose": "account" }])), 422, "invalid", "consents[0]"),
        (with("role", json!("operator")), 422, "invalid", "role"),
    ];
    for (body, status, code, at) in cases {
        let answer = app.anyone().send(Method::POST, "/v1/accounts", &JSON, Bytes::from(body.clone())).await;
        let problem = answer.refused(status, code);
        if status == 422 {
            assert_eq!(problem["errors"][0]["at"], at, "{body} {problem}");
        }
    }
    assert_eq!(accounts(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_before_it_is_read() {
    let app = TestApp::new().await;
    let huge = Bytes::from(vec![b' '; 10 * 1024 * 1024]);
    app.anyone().send(Method::POST, "/v1/accounts", &JSON, huge).await.refused(413, "too-large");
    app.finish().await;
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let app = TestApp::new().await;
    let body = Bytes::from(registration().to_string());
    for mime in ["text/plain", "application/x-www-form-urlencoded"] {
        let answer = app.anyone().send(Method::POST, "/v1/accounts", &[("content-type", mime)], body.clone()).await;
        answer.refused(415, "unsupported-type");
    }
    app.anyone().send(Method::POST, "/v1/accounts", &[], body).await.refused(415, "unsupported-type");
    app.finish().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_document_in_the_callers_language() {
    let app = TestApp::new().await;
    let missing = app.anyone().get("/v1/khong-co").await;
    assert_eq!(missing.header("content-language"), Some("vi"));
    assert_eq!(missing.refused(404, "not-found")["title"], "Không tìm thấy");
    let english = app.anyone().get_with("/v1/khong-co", &[("accept-language", "en-GB,vi;q=0.5")]).await;
    assert_eq!(english.refused(404, "not-found")["title"], "Not found");
    app.anyone().send(Method::PATCH, "/v1/me", &[], Bytes::new()).await.refused(405, "method-not-allowed");
    app.finish().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_value_is_said_in_the_callers_language() {
    let app = TestApp::new().await;
    let said = async |body: Value, lang: &str| {
        let headers = [("content-type", "application/json"), ("accept-language", lang)];
        let answer = app.anyone().send(Method::POST, "/v1/accounts", &headers, Bytes::from(body.to_string())).await;
        answer.refused(422, "invalid")["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    let mut short = registration();
    short["password"] = json!("ngan");
    assert_eq!(said(short.clone(), "vi").await, "phải có từ 10 đến 128 ký tự");
    assert_eq!(said(short, "en").await, "must have 10 to 128 characters");
    let mut unknown = registration();
    unknown["role"] = json!("operator");
    let vietnamese = said(unknown.clone(), "vi").await;
    assert!(vietnamese.starts_with("không có trường `role`, phải là một trong `"), "{vietnamese}");
    let english = said(unknown, "en").await;
    assert!(english.starts_with("unknown field `role`, expected one of `"), "{english}");
    app.finish().await;
}

#[tokio::test]
async fn forged_tokens_are_nobody() {
    let app = TestApp::new().await;
    for value in ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer \u{e9}"] {
        app.anyone().get_with("/v1/me", &[("authorization", value)]).await.refused(401, "sign-in-first");
    }
    app.finish().await;
}

#[tokio::test]
async fn forged_cursors_are_refused_by_name() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    for cursor in ["x", "AAAA", "MQ", "%00", "AXsidGFrZSI6ImFsbCJ9"] {
        let refused = operator.get(&format!("/admin/v1/audit_entries?after={cursor}")).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "after");
    }
    for query in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e9", "unknown=1"] {
        operator.get(&format!("/admin/v1/audit_entries?{query}")).await.refused(422, "invalid");
    }
    app.finish().await;
}

#[tokio::test]
async fn paths_that_are_no_text_name_nothing() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    for path in ["/v1/shops/%FF", "/v1/shops/%ED%A0%80/members", "/v1/orders/%00", "/v1/listings/%FF"] {
        may.get(path).await.refused(404, "not-found");
    }
    for path in ["/v1/listings/%00", "/v1/sellers/a%00b", "/v1/provinces/%00", "/v1/communes/%00"] {
        let answer = may.get(path).await;
        assert!([404, 422].contains(&answer.status), "{path} {}", answer.status);
    }
    may.delete("/v1/me/consents/%00").await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn connections_lost_to_a_restart_of_the_database_are_replaced() {
    let app = TestApp::new().await;
    let may = app.account("Mây").await;
    let ask = || async { app.anyone().get("/v1/consent_texts").await.status };
    let at_once = tokio::join!(ask(), ask(), ask(), ask());
    assert_eq!(at_once, (200, 200, 200, 200));
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()";
    let restart = || app.app.db.act(async |conn| Ok(sqlx::query(end).execute(conn).await?));
    restart().await.unwrap();
    for _ in 0..8 {
        assert_eq!(ask().await, 200);
    }
    // Who asks is looked up without a transaction that would begin again.
    tokio::join!(ask(), ask(), ask(), ask());
    restart().await.unwrap();
    for _ in 0..8 {
        may.get("/v1/me").await.ok();
    }
    app.finish().await;
}

#[tokio::test]
async fn a_lost_database_is_a_bare_fault() {
    let app = TestApp::new().await;
    app.app.db.close().await;
    let problem = app.anyone().get("/v1/consent_texts").await.refused(500, "fault");
    let keys: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["status", "title", "trace_id", "type"]);
    app.abandon().await;
}

#[tokio::test]
async fn too_many_passwords_at_once_are_turned_away_fast() {
    let app = TestApp::new().await;
    let sign_in = |number: usize| {
        let anyone = app.anyone();
        async move {
            let body = json!({ "contact": format!("nguoi-{number}@example.vn"), "password": PASSWORD });
            anyone.post("/v1/sessions", body).await
        }
    };
    let mut crowd = tokio::task::JoinSet::new();
    (0..200).for_each(|number| drop(crowd.spawn(sign_in(number))));
    let answers = crowd.join_all().await;
    let busy: Vec<_> = answers.into_iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty());
    for answer in busy {
        assert!(answer.header("retry-after").is_some());
        answer.refused(503, "overloaded");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_all_the_same() {
    let app = TestApp::new().await;
    let frame_state = Frame { clock: app.clock.clone(), deadline: |_| Duration::from_millis(1) };
    let router = Router::new()
        .route("/", routing::get(std::future::pending::<()>))
        .layer(middleware::from_fn_with_state(frame_state, frame));
    app.anyone().through(router).get("/").await.refused(503, "deadline-passed");
    app.finish().await;
}

#[tokio::test]
async fn every_answer_can_be_found_in_the_logs_and_says_nothing_twice() {
    let app = TestApp::new().await;
    let ids: Vec<HeaderMap> =
        vec![app.anyone().get("/healthz").await.headers, app.anyone().get("/readyz").await.headers];
    assert_ne!(ids[0]["x-request-id"], ids[1]["x-request-id"]);
    assert_eq!(ids[0]["x-content-type-options"], "nosniff");
    app.finish().await;
}

#[tokio::test]
async fn a_stopping_server_finishes_what_it_began() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (begun, has_begun) = oneshot::channel::<()>();
    let (release, released) = oneshot::channel::<()>();
    let gate = std::sync::Mutex::new(Some((begun, released)));
    let gate = std::sync::Arc::new(gate);
    let router = Router::new().route(
        "/",
        routing::get(move || {
            let (begun, released) = gate.lock().unwrap().take().unwrap();
            async move {
                begun.send(()).unwrap();
                released.await.unwrap();
                "done"
            }
        }),
    );
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, router, async { stopped.await.unwrap() }));
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    has_begun.await.unwrap();
    stop.send(()).unwrap();
    release.send(()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    server.await.unwrap();
}
