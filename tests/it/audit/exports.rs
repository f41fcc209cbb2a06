//! Exports, which whoever has them can check.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use ocop_market::people::audit;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{EXPORT, behind_our_back, lines, seal, worked};
use crate::support::{LAI_CHAU, LAO_CAI, TestApp};

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
