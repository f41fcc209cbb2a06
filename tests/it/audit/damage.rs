//! Rows, seals and heads changed, removed, inserted, cut off or written anew: each is found.

use std::fs;

use chrono::TimeDelta;
use ocop_market::kernel::AuditId;
use serde_json::Value;

use super::{behind_our_back, findings, found, seal, worked};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_changed_row_is_found() {
    for statement in [
        "update audit_entries set operation = 'GET /admin/v1/cases' where id = (select entry_id from audit_seals where position = 3)",
        "update audit_entries set at = at - interval '1 microsecond' where id = (select entry_id from audit_seals where position = 3)",
        "update audit_entries set account_id = subject_id where id = (select entry_id from audit_seals where position = 3)",
        "update audit_entries set provinces = '{1,2}' where id = (select entry_id from audit_seals where position = 3)",
        "update audit_entries set facts = '{\"harmless\": true}' where id = (select entry_id from audit_seals where position = 3)",
    ] {
        let app = TestApp::new().await;
        let (head, _) = worked(&app, LAI_CHAU, 5).await;
        seal(&app).await;
        behind_our_back(&app, statement).await;
        assert_eq!(findings(&head).await, [found("changed", 3)], "{statement}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_row_removed_from_the_middle_is_found() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 5).await;
    seal(&app).await;
    behind_our_back(&app, "delete from audit_entries where id = (select entry_id from audit_seals where position = 2)")
        .await;
    assert_eq!(findings(&head).await, [found("entry_missing", 2)]);
    behind_our_back(&app, "delete from audit_seals where position = 2").await;
    assert_eq!(findings(&head).await, [found("seal_missing", 2), found("changed", 3)]);
    app.finish().await;
}

#[tokio::test]
async fn an_inserted_row_is_found() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 3).await;
    seal(&app).await;
    behind_our_back(
        &app,
        "insert into audit_entries
         select gen_random_uuid(), at - interval '1 day', account_id, operation, permission, provinces, subject_id, facts
           from audit_entries limit 1",
    )
    .await;
    assert_eq!(findings(&head).await, [("unsealed".to_owned(), Value::Null)]);
    app.finish().await;
}

#[tokio::test]
async fn a_changed_seal_is_found() {
    for statement in [
        "update audit_seals set hash = sha256(hash) where position = 2",
        "update audit_seals set payload_hash = sha256(payload_hash) where position = 2",
        "update audit_seals set sealed_at = sealed_at - interval '1 hour' where position = 2",
    ] {
        let app = TestApp::new().await;
        let (head, _) = worked(&app, LAI_CHAU, 4).await;
        seal(&app).await;
        behind_our_back(&app, statement).await;
        assert_eq!(findings(&head).await[0], found("changed", 2), "{statement}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_tail_that_was_cut_off_is_found_even_after_the_chain_has_grown_again() {
    let app = TestApp::new().await;
    let (head, dossier) = worked(&app, LAI_CHAU, 5).await;
    seal(&app).await;
    behind_our_back(
        &app,
        "with cut as (delete from audit_seals where position > 3 returning entry_id)
         delete from audit_entries where id in (select entry_id from cut)",
    )
    .await;
    assert_eq!(findings(&head).await, [found("tail_cut", 5)]);
    for _ in 0..4 {
        head.get(&dossier).await.ok();
    }
    seal(&app).await;
    assert_eq!(findings(&head).await, [found("head_differs", 5)]);
    app.finish().await;
}

#[tokio::test]
async fn a_cut_tail_is_found_by_the_files_although_the_database_forgot_the_day() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 4).await;
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    behind_our_back(&app, "delete from audit_heads").await;
    behind_our_back(&app, "delete from audit_seals").await;
    behind_our_back(&app, "delete from audit_entries").await;
    assert_eq!(findings(&head).await, [found("tail_cut", 4), found("tail_cut", 4)]);
    app.finish().await;
}

#[tokio::test]
async fn a_chain_written_anew_from_the_start_is_found() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 4).await;
    seal(&app).await;
    behind_our_back(&app, "update audit_entries set permission = 'cases.read ' where permission = 'cases.read'").await;
    behind_our_back(&app, "delete from audit_seals").await;
    behind_our_back(&app, "insert into audit_unsealed select id from audit_entries").await;
    seal(&app).await;
    // Every link closes; only what was kept outside knows better.
    assert_eq!(findings(&head).await, [found("head_differs", 4)]);
    app.finish().await;
}

#[tokio::test]
async fn a_lost_or_unreadable_head_is_found() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 2).await;
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    let day = app.folder().join("audit-heads/2026-11-22.json");
    fs::remove_file(&day).unwrap();
    assert_eq!(findings(&head).await, [found("head_lost", 2)]);
    fs::write(&day, "{}").unwrap();
    assert_eq!(findings(&head).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_payload_erased_without_a_record_of_it_is_found() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 2).await;
    seal(&app).await;
    let wipe = "update audit_entries set facts = null, erased_at = now()";
    behind_our_back(&app, wipe).await;
    assert_eq!(findings(&head).await, vec![("erasure_unrecorded".to_owned(), Value::Null); 2]);
    app.finish().await;
}

#[tokio::test]
async fn a_province_hears_of_damage_elsewhere_but_not_whose_act_it_was() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 2).await;
    let (neighbour, _) = worked(&app, LAO_CAI, 2).await;
    seal(&app).await;
    behind_our_back(&app, "update audit_entries set permission = '' where provinces = '{12}'").await;
    let (here, there) =
        tokio::join!(head.get("/admin/v1/audit_verification"), neighbour.get("/admin/v1/audit_verification"));
    let (here, there) = (here.ok(), there.ok());
    assert!(here["findings"][0]["entry_id"].is_string());
    assert_eq!(there["findings"][0]["wrong"], "changed");
    assert_eq!(there["findings"][0]["entry_id"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn the_command_line_says_what_differs_and_fails() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 3).await;
    seal(&app).await;
    let intact = app.program().await.args(["audit", "verify"]).output().unwrap();
    assert!(intact.status.success(), "{}", String::from_utf8_lossy(&intact.stderr));
    assert!(String::from_utf8_lossy(&intact.stdout).starts_with("3 entries sealed"));
    behind_our_back(&app, "delete from audit_seals where position = 3").await;
    let cut = app.program().await.args(["audit", "verify"]).output().unwrap();
    assert!(!cut.status.success());
    assert!(String::from_utf8_lossy(&cut.stdout).contains("tail was cut off"));

    let entry = "select entry_id from audit_seals where position = 1";
    let entry = app.app.db.see(async |conn| Ok(sqlx::query_scalar::<_, AuditId>(entry).fetch_one(conn).await?));
    let entry = entry.await.unwrap().to_string();
    for (by, succeeds) in [("nobody@example.vn", false), (head.contact(), true), (head.contact(), false)] {
        let erased = app.program().await.args(["audit", "erase", &entry, "--by", by]).output().unwrap();
        assert_eq!(erased.status.success(), succeeds, "{}", String::from_utf8_lossy(&erased.stderr));
    }
    app.finish().await;
}
