//! The sealed record of officers' acts: whatever is done to it behind the application's back is found.

use std::collections::BTreeSet;
use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use ocop_market::kernel::AuditId;
use ocop_market::people::access::OfficerRole;
use ocop_market::people::audit::jobs::{SealEntries, seal_entries};
use ocop_market::people::audit::{self, Entry};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

const EXPORT: &str = "/admin/v1/audit_entries/export";

/// A head of department who opened the dossier of a waiting shop so often.
async fn worked(app: &TestApp, province: &str, acts: usize) -> (Actor, String) {
    let shop = app.submitted_shop(province).await;
    let head = app.officer(province, OfficerRole::Head).await;
    let dossier = dossier_of(&shop).await;
    for _ in 0..acts {
        head.get(&dossier).await.ok();
    }
    (head, dossier)
}

async fn dossier_of(shop: &ShopActor) -> String {
    let cases = shop.get(&shop.path("/cases")).await.ok();
    format!("/admin/v1/cases/{}", cases["items"][0]["id"].as_str().unwrap())
}

/// Lets the sealer come by.
async fn seal(app: &TestApp) {
    app.run_jobs().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
}

/// Something done by whoever owns the database: triggers and foreign keys do not hold them back.
async fn behind_our_back(app: &TestApp, statement: &'static str) {
    let done = app.app.db.act(async |conn| {
        sqlx::query("set local session_replication_role = replica").execute(&mut *conn).await?;
        Ok(sqlx::query(statement).execute(conn).await?.rows_affected())
    });
    assert!(done.await.unwrap() > 0, "nothing was manipulated");
}

/// What verification finds, as (what, position).
async fn findings(officer: &Actor) -> Vec<(String, Value)> {
    let outcome = officer.get("/admin/v1/audit_verification").await.ok();
    let found = outcome["findings"].as_array().unwrap();
    assert_eq!(outcome["intact"], json!(found.is_empty()));
    found.iter().map(|one| (one["wrong"].as_str().unwrap().to_owned(), one["position"].clone())).collect()
}

fn found(what: &str, position: i64) -> (String, Value) {
    (what.to_owned(), json!(position))
}

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
async fn an_erased_payload_still_verifies_and_nothing_else_can_be_done_to_it() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 3).await;
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    let id: AuditId = entries["items"][1]["id"].as_str().unwrap().parse().unwrap();
    let now = app.clock.now();
    let erase = async || app.app.db.act(async |conn| audit::erase(conn, id, now).await).await.unwrap();
    assert!(!erase().await, "nothing remembers what was never sealed");
    seal(&app).await;
    assert!(erase().await);
    assert!(!erase().await, "once");
    let outcome = head.get("/admin/v1/audit_verification").await.ok();
    assert_eq!((&outcome["intact"], &outcome["erased"]), (&json!(true), &json!(1)));
    let entries = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(entries["items"][1]["facts"], Value::Null);
    assert!(entries["items"][1]["erased_at"].is_string());
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

async fn lines(officer: &Actor, path: &str) -> Vec<Value> {
    let answer = officer.get(path).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the documentation of the chain says, done by somebody who has only the exported line.
fn hash_by_hand(line: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let micros =
        |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap().timestamp_micros().to_string();
    let seal = &line["seal"];
    let provinces: Vec<_> = line["provinces"].as_array().unwrap().iter().map(text).collect();
    let mut fields = vec![
        "ocop-market/audit/1".to_owned(),
        text(&seal["previous_hash"]),
        seal["position"].to_string(),
        text(&line["id"]),
        micros(&line["at"]),
        text(&line["account_id"]),
        text(&line["operation"]),
        text(&line["permission"]),
        provinces.len().to_string(),
    ];
    fields.extend(provinces);
    fields.extend([text(&line["subject_id"]), text(&seal["payload_hash"]), micros(&seal["sealed_at"])]);
    let bytes: Vec<u8> = fields
        .iter()
        .flat_map(|field| [(field.len() as u64).to_be_bytes().as_slice(), field.as_bytes()].concat())
        .collect();
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test]
async fn an_exported_line_can_be_checked_by_whoever_has_it() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 3).await;
    let (neighbour, _) = worked(&app, LAO_CAI, 2).await;
    seal(&app).await;
    let own = lines(&head, EXPORT).await;
    assert_eq!(own.len(), 3);
    for line in &own {
        assert_eq!(line["seal"]["hash"], json!(hash_by_hand(line)));
        assert_eq!(line["seal"]["payload_hash"], json!(hex::encode(Sha256::digest(line["facts"].to_string()))));
        assert_eq!(line["provinces"], json!([LAI_CHAU]));
    }
    assert_eq!(lines(&neighbour, EXPORT).await.len(), 2);
    let operator = app.operator().await;
    let all = lines(&operator, EXPORT).await;
    let positions: BTreeSet<_> = all.iter().map(|line| line["seal"]["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=5).collect());

    for (query, expected) in [("from=2026-11-21&to=2026-11-21", 5), ("from=2026-11-22", 0), ("to=2026-11-20", 0)] {
        assert_eq!(lines(&operator, &format!("{EXPORT}?{query}")).await.len(), expected, "{query}");
    }
    for wrong in ["format=pdf", "from=yesterday", "from=-9999-01-01", "after=x", "page=2"] {
        operator.get(&format!("{EXPORT}?{wrong}")).await.refused(422, "invalid");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_export_is_a_table_without_formulas_too() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 2).await;
    seal(&app).await;
    let answer = head.get(&format!("{EXPORT}?format=csv")).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let mut table = csv::Reader::from_reader(&answer.bytes[..]);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[1][0], &rows[1][4]), (2, "2", "GET /admin/v1/cases/{case_id}"));
    for (cell, written) in
        [("=1+1", "'=1+1"), ("-2", "'-2"), ("@x", "'@x"), ("+84", "'+84"), ("\tx", "'\tx"), ("a=1", "a=1")]
    {
        assert_eq!(audit::export::harmless(cell.to_owned()), written);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_long_export_says_where_it_goes_on() {
    let app = TestApp::new().await;
    let (head, _) = worked(&app, LAI_CHAU, 1).await;
    behind_our_back(
        &app,
        "insert into audit_entries
         select gen_random_uuid(), at, account_id, operation, permission, provinces, subject_id, facts
           from audit_entries, generate_series(1, 10000)",
    )
    .await;
    let first = head.get(&format!("{EXPORT}?to=2026-11-30")).await;
    assert_eq!(first.bytes.split(|byte| *byte == b'\n').count() - 1, 10_000);
    let link = first.header("link").unwrap();
    let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let rest = head.get(next).await;
    assert_eq!(rest.header("link"), None);
    assert_eq!(rest.bytes.split(|byte| *byte == b'\n').count() - 1, 1);
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
    let (_, _) = worked(&app, LAI_CHAU, 3).await;
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
    for succeeds in [true, false] {
        let erased = app.program().await.args(["audit", "erase", &entry]).output().unwrap();
        assert_eq!(erased.status.success(), succeeds);
    }
    app.finish().await;
}
