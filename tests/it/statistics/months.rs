//! Months that are over.

use ocop_market::front::statistics::jobs::{FreezeMonths, freeze_months};
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{TABLES, advance_to, again, approve, claim, path, report};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, HONEY, LAI_CHAU, LAO_CAI, TEA, TestApp};

/// The bytes of every table of the month, in every form.
async fn everything(officer: &Actor, month: &str) -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    for table in TABLES {
        for format in ["", "&format=csv", "&format=xlsx", "&format=jsonl"] {
            let answer = officer.get(&path(table, &format!("month={month}{format}"))).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            bytes.push(answer.bytes.to_vec());
        }
    }
    bytes
}

#[tokio::test]
async fn a_closed_month_never_changes() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let stall = app.stall("Trà", LAI_CHAU).await;
    let ware = app.shelve(&stall, TEA).await;
    let buyer = app.account("Người mua").await;
    buyer.buy(&[(&ware, 2)]).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let waiting = claim(&shop, "Trà xanh", "2024-01-15").await;

    advance_to(&app, "2026-11-30T16:59:59Z");
    app.run_jobs().await;
    let before = report(&officer, "orders", "2026-11").await;
    assert_eq!((&before["provisional"], &before["frozen_at"]), (&json!(true), &Value::Null));
    let mut provisional = Vec::new();
    for table in TABLES {
        provisional.push(report(&officer, table, "2026-11").await["rows"].clone());
    }

    // December begins: 17:00 UTC is midnight in Viet Nam.
    advance_to(&app, "2026-11-30T17:00:00Z");
    app.run_jobs().await;
    let closed = report(&officer, "orders", "2026-11").await;
    assert_eq!((&closed["provisional"], &closed["frozen_at"]), (&json!(false), &json!("2026-11-30T17:00:00Z")));
    for (table, provisional) in TABLES.iter().zip(provisional) {
        assert_eq!(report(&officer, table, "2026-11").await["rows"], provisional, "{table}");
    }
    let frozen = everything(&officer, "2026-11").await;

    // Life goes on.
    app.clock.advance(chrono::TimeDelta::days(3));
    buyer.buy(&[(&ware, 1)]).await;
    app.decide(&shop, id_of(&waiting), json!({ "verdict": "approve" })).await;
    app.shelve(&app.stall("Mật ong", LAI_CHAU).await, HONEY).await;
    let next = app.submitted_shop(LAI_CHAU).await;
    approve(&officer, &next).await;
    app.run_jobs().await;
    assert!(everything(&officer, "2026-11").await == frozen, "the closed month changed");
    let december = report(&officer, "cases", "2026-12").await;
    assert_eq!(december["provisional"], true);
    assert!(
        december["rows"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["kind"] == "certificate_claim" && row["decided"] == 1)
    );

    advance_to(&app, "2027-01-15T02:00:00Z");
    app.run_jobs().await;
    let officer = again(&app, &officer).await;
    assert!(everything(&officer, "2026-11").await == frozen, "the closed month changed");
    app.finish().await;
}

#[tokio::test]
async fn after_an_outage_every_month_is_closed_with_what_can_be_dated() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let early = claim(&shop, "Trà xanh", "2024-01-15").await;
    let waiting = app.submitted_shop(LAI_CHAU).await;

    // No worker runs until February; the certificate is verified in December, the shop approved in January.
    advance_to(&app, "2026-12-10T02:00:00Z");
    app.decide(&shop, id_of(&early), json!({ "verdict": "approve" })).await;
    advance_to(&app, "2027-01-10T02:00:00Z");
    let officer = again(&app, &officer).await;
    approve(&officer, &ShopActor { actor: again(&app, &waiting).await, ..waiting }).await;
    let november = report(&officer, "sellers", "2026-11").await;
    assert_eq!(november["provisional"], true, "nothing closed it yet");
    advance_to(&app, "2027-02-03T02:00:00Z");
    app.run_jobs().await;

    let officer = again(&app, &officer).await;
    let states = async |month: &str| {
        let report = report(&officer, "certificates", month).await;
        assert_eq!(report["frozen_at"], "2027-02-03T02:00:00Z");
        report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["state"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(states("2026-11").await, ["claimed"]);
    assert_eq!(states("2026-12").await, ["renewal_overdue"]);
    assert_eq!(states("2027-01").await, ["expired"], "the day after 15 January");
    let shops = async |month: &str| {
        let report = report(&officer, "sellers", month).await;
        let rows = report["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| json!([row["status"], row["sellers"]])).collect::<Vec<_>>()
    };
    assert_eq!(shops("2026-12").await, [json!(["approved", 1]), json!(["submitted", 1])]);
    assert_eq!(shops("2027-01").await, [json!(["approved", 2])]);
    let cases = report(&officer, "cases", "2027-01").await["rows"].clone();
    assert_eq!((&cases[0]["decided"], &cases[0]["decided_late"]), (&json!(1), &json!(1)));
    app.finish().await;
}

#[tokio::test]
async fn closing_twice_or_at_once_closes_once() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.stall("Trà", LAI_CHAU).await;
    advance_to(&app, "2027-01-01T00:00:00Z");
    let (first, second) =
        tokio::join!(freeze_months(&app.app, FreezeMonths {}), freeze_months(&app.app, FreezeMonths {}));
    first.unwrap();
    second.unwrap();
    freeze_months(&app.app, FreezeMonths {}).await.unwrap();
    assert_eq!(app.count("select count(*) from statistics_months").await, 2 * 34);
    assert_eq!(app.count("select count(distinct frozen_at) from statistics_months").await, 1);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn frozen_figures_cannot_be_changed_or_taken_away() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.stall("Trà", LAI_CHAU).await;
    advance_to(&app, "2026-12-01T00:00:00Z");
    app.run_jobs().await;
    for change in ["update statistics_months set frozen_at = frozen_at", "delete from statistics_months"] {
        let refused = app.app.db.act(async |conn| Ok(sqlx::raw_sql(change).execute(conn).await.is_err())).await;
        // The statement failed, and so does the commit of what is left of the transaction.
        assert!(refused.unwrap_or(true), "{change}");
    }
    assert_eq!(app.count("select count(*) from statistics_months").await, 34);
    app.finish().await;
}

#[tokio::test]
async fn a_closed_month_is_closed_for_each_province() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let stall = app.stall("Trà", LAI_CHAU).await;
    let ware = app.shelve(&stall, TEA).await;
    app.account("Người mua").await.buy(&[(&ware, 2)]).await;
    let (operator, elsewhere) = (app.operator().await, app.officer(LAO_CAI, OfficerRole::Head).await);
    advance_to(&app, "2026-12-02T00:00:00Z");
    app.run_jobs().await;
    let national = report(&operator, "orders", "2026-11").await["rows"].clone();
    assert_eq!((&national[0]["province_code"], &national[0]["placed_vnd"]), (&json!("12"), &json!(370_000)));
    let report = report(&elsewhere, "orders", "2026-11").await;
    assert_eq!((&report["rows"], &report["provisional"]), (&json!([]), &json!(false)));
    app.finish().await;
}

#[tokio::test]
async fn a_month_to_come_or_none_at_all_is_refused() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let refused = officer.get(&path("orders", "month=2026-12")).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0], json!({ "at": "month", "message": "chưa đến tháng này" }));
    for wrong in ["month=2026-13", "month=11/2026", "format=pdf", "year=2026"] {
        officer.get(&path("orders", wrong)).await.refused(422, "invalid");
    }
    // Before there was a marketplace: nothing, and nothing to close.
    let empty = report(&officer, "orders", "2025-06").await;
    assert_eq!((&empty["rows"], &empty["provisional"]), (&json!([]), &json!(true)));
    app.finish().await;
}
