//! The chain as it grows: sealed, kept, erased from, and whole whatever commits when.

use std::fs;

use chrono::TimeDelta;
use ocop_market::kernel::AuditId;
use ocop_market::people::audit::jobs::{SealEntries, seal_entries};
use ocop_market::people::audit::{self, Entry};
use serde_json::{Value, json};

use super::{EXPORT, findings, lines, seal, worked};
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn an_untouched_record_verifies_and_its_head_is_kept_every_day() {
    let app = TestApp::new().await;
    let (head, dossier) = worked(&app, LAI_CHAU, 6).await;
    // Committed, but not sealed yet: nothing is wrong with that.
    let waiting = head.get("/admin/v1/audit_verification").await.ok();
    assert_eq!((&waiting["intact"], &waiting["sealed"]), (&json!(true), &json!(0)));
    seal(&app).await;
    let sealed = head.get("/admin/v1/audit_verification").await.ok();
    assert_eq!((&sealed["intact"], &sealed["sealed"], &sealed["heads"]), (&json!(true), &json!(6), &json!(1)));

    app.clock.advance(TimeDelta::days(1));
    head.get(&dossier).await.ok();
    app.run_jobs().await;
    let next_day = head.get("/admin/v1/audit_verification").await.ok();
    // The latest, the day's in its file, the day's in the database.
    assert_eq!((&next_day["intact"], &next_day["sealed"], &next_day["heads"]), (&json!(true), &json!(7), &json!(3)));
    let kept = fs::read(app.folder().join("audit-heads/2026-11-22.json")).unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!((&kept["count"], &kept["hash"]), (&json!(7), &next_day["hash"]));
    app.finish().await;
}

#[tokio::test]
async fn an_erased_payload_still_verifies_and_nothing_else_can_be_done_to_it() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 3).await;
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    let id: AuditId = entries["items"][1]["id"].as_str().unwrap().parse().unwrap();
    let now = app.clock.now();
    let erase = async || app.app.db.act(async |conn| audit::erase(conn, id, head.account(), now).await).await.unwrap();
    assert!(!erase().await, "nothing remembers what was never sealed");
    seal(&app).await;
    assert!(erase().await);
    assert!(!erase().await, "once");
    let outcome = head.get("/admin/v1/audit_verification").await.ok();
    assert_eq!((&outcome["intact"], &outcome["erased"]), (&json!(true), &json!(1)));
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(entries["items"][2]["facts"], Value::Null);
    assert!(entries["items"][2]["erased_at"].is_string());
    let erasure = &entries["items"][0];
    assert_eq!((&erasure["operation"], &erasure["subject_id"]), (&json!("audit erase"), &entries["items"][2]["id"]));
    for statement in [
        "update audit_entries set facts = '{}', erased_at = null",
        "update audit_entries set facts = '{\"a\": 1}'",
        "update audit_seals set position = position",
        "delete from audit_seals",
        "truncate audit_heads",
    ] {
        let error = app.app.db.act(async |conn| Ok(sqlx::query(statement).execute(conn).await?)).await.unwrap_err();
        assert_eq!(error.sqlstate().as_deref(), Some("23000"), "{statement}");
    }
    app.finish().await;
}

#[tokio::test]
async fn sealers_at_once_make_one_chain_of_acts_at_once() {
    let app = TestApp::new().await;
    let (head, dossier) = worked(&app, LAI_CHAU, 0).await;
    let acts = futures_of(20, async |_| head.get(&dossier).await.ok());
    let seals = futures_of(5, async |_| seal_entries(&app.app, SealEntries {}).await.unwrap());
    tokio::join!(acts, seals);
    seal(&app).await;
    let outcome = head.get("/admin/v1/audit_verification").await.ok();
    assert_eq!((&outcome["intact"], &outcome["sealed"]), (&json!(true), &json!(20)));
    app.finish().await;
}

/// So many of the same at once.
async fn futures_of<T>(count: usize, work: impl AsyncFn(usize) -> T) {
    let mut all: Vec<_> = (0..count).map(|number| Box::pin(work(number))).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[tokio::test]
async fn what_commits_late_is_sealed_late_and_never_forgotten() {
    let app = TestApp::new().await;
    let (head, dossier) = worked(&app, LAI_CHAU, 1).await;
    let now = app.clock.now();
    let late = Entry {
        id: AuditId::new(now),
        at: now,
        account_id: head.account(),
        operation: "PUT /admin/v1/late".to_owned(),
        permission: "cases.read".to_owned(),
        provinces: vec![LAI_CHAU.to_owned()],
        subject_id: head.account().as_uuid(),
        facts: json!({}),
        erased_at: None,
    };
    app.app
        .db
        .act(async |conn| {
            audit::record(conn, &late).await?;
            // Somebody else acts later, commits earlier, and is sealed.
            head.get(&dossier).await.ok();
            seal_entries(&app.app, SealEntries {}).await
        })
        .await
        .unwrap();
    assert_eq!(head.get("/admin/v1/audit_verification").await.ok()["sealed"], json!(2));
    seal(&app).await;
    let lines = lines(&head, EXPORT).await;
    let late = lines.iter().find(|line| line["operation"] == "PUT /admin/v1/late").unwrap();
    assert_eq!(late["seal"]["position"], json!(3));
    assert_eq!(findings(&head).await, []);
    app.finish().await;
}
