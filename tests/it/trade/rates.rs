//! What a sale is charged: commission by rules, taxes by law, both by dated rows.

use chrono::NaiveDate;
use ocop_market::kernel::Vnd;
use ocop_market::people::access::OfficerRole;
use ocop_market::trade::rates::{self, Chargeable, Charges, Method};
use serde_json::{Value, json};

use crate::support::catalogue::id_of;
use crate::support::{Actor, HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware};

const RULES: &str = "/admin/v1/commission_rules";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What each of these amounts is charged on that day.
async fn charges(
    app: &TestApp,
    (stall, ware): (&Stall, &Ware),
    method: Method,
    amounts: &[i64],
    on: &str,
) -> Vec<Charges> {
    let line = |amount: &i64| Chargeable { seller: stall.id, listing: ware.listing, method, basis: Vnd::new(*amount) };
    let lines: Vec<Chargeable> = amounts.iter().map(line).collect();
    app.app.db.see(async |conn| rates::charges(conn, &lines, day(on)).await).await.unwrap()
}

/// Value-added and personal income tax.
fn taxes(charges: &[Charges]) -> Vec<(i64, i64)> {
    charges.iter().map(|charges| (charges.vat.get(), charges.pit.get())).collect()
}

async fn household(app: &TestApp) -> Stall {
    let stall = app.stall("Mật ong nhà Mây", LAI_CHAU).await;
    app.sql("update sellers set kind = 'household'").await;
    stall
}

fn rule(priority: i16, rate_bps: i32, effective_from: &str) -> Value {
    json!({
        "priority": priority, "rate_bps": rate_bps, "effective_from": effective_from, "legal_basis": "Biểu phí của sàn",
    })
}

fn with(mut rule: Value, field: &str, value: impl Into<Value>) -> Value {
    rule[field] = value.into();
    rule
}

#[tokio::test]
async fn each_tax_of_a_line_is_rounded_half_up_on_its_own() {
    let app = TestApp::new().await;
    let stall = household(&app).await;
    let honey = app.shelve(&stall, HONEY).await;
    // Value-added tax 1 %, personal income tax 0.5 %.
    let amounts = [0, 49, 50, 99, 100, 149, 150, 185_000, 185_049, 185_050, 185_100, 320_150, 99_999_999_999];
    let charged = charges(&app, (&stall, &honey), Method::Cod, &amounts, "2026-11-22").await;
    let expected = [
        (0, 0),
        (0, 0),
        (1, 0),
        (1, 0),
        (1, 1),
        (1, 1),
        (2, 1),
        (1_850, 925),
        (1_850, 925),
        (1_851, 925),
        (1_851, 926),
        (3_202, 1_601),
        (1_000_000_000, 500_000_000),
    ];
    assert_eq!(taxes(&charged), expected);
    assert!(charged.iter().all(|charges| charges.tax_provisional && charges.commission == Vnd::ZERO));
    assert!(charged[0].tax_basis.as_deref().unwrap().contains("252/2026"));
    app.finish().await;
}

#[tokio::test]
async fn tax_is_withheld_from_households_and_farms_only() {
    let app = TestApp::new().await;
    let stall = app.stall("Trà Tả Lèng", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    for (statement, expected) in [
        ("update sellers set kind = 'household'", (1_850, 925)),
        ("update sellers set kind = 'farm'", (1_850, 925)),
        ("update sellers set kind = 'cooperative'", (0, 0)),
        ("update sellers set kind = 'cooperative_group'", (0, 0)),
        ("update sellers set kind = 'enterprise'", (0, 0)),
    ] {
        app.sql(statement).await;
        for method in [Method::Cod, Method::Vietqr, Method::Vnpay, Method::Momo] {
            let charged = charges(&app, (&stall, &tea), method, &[185_000], "2026-11-22").await;
            assert_eq!(taxes(&charged), [expected], "{statement} {method:?}");
            assert_eq!(charged[0].tax_basis.is_some(), expected.0 > 0);
            assert_eq!(charged[0].tax_provisional, expected.0 > 0);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn the_decree_of_the_day_decides_and_an_unknown_kind_bears_the_highest_rate() {
    let app = TestApp::new().await;
    let stall = household(&app).await;
    let honey = app.shelve(&stall, HONEY).await;
    let on = async |day: &str| charges(&app, (&stall, &honey), Method::Cod, &[1_000_000], day).await.remove(0);
    let (before, since) = (on("2026-06-30").await, on("2026-07-01").await);
    assert!(!before.tax_provisional && before.tax_basis.as_deref() == Some("Nghị định 117/2025/NĐ-CP"));
    assert!(since.tax_provisional && since.tax_basis.as_deref().unwrap().contains("252/2026"));
    assert_eq!(taxes(&[before, since]), [(10_000, 5_000); 2]);

    app.sql("update tax_kinds set effective_to = '2026-12-01' where set_no = 8").await;
    assert_eq!(taxes(&[on("2026-11-30").await, on("2026-12-01").await]), [(10_000, 5_000), (50_000, 20_000)]);
    app.sql("insert into tax_kinds values (8, 'services', '2026-12-02', null, 'Bài kiểm thử')").await;
    assert_eq!(taxes(&[on("2026-12-02").await]), [(50_000, 20_000)]);

    // Nobody guesses a rate: a day without a row is a fault.
    let lines = [Chargeable { seller: stall.id, listing: honey.listing, method: Method::Cod, basis: Vnd::new(1) }];
    let too_early = app.app.db.see(async |conn| rates::charges(conn, &lines, day("2025-06-30")).await).await;
    assert!(too_early.is_err());
    app.finish().await;
}

#[tokio::test]
async fn a_way_of_paying_may_be_exempt_from_withholding() {
    let app = TestApp::new().await;
    let stall = household(&app).await;
    let honey = app.shelve(&stall, HONEY).await;
    app.sql(
        "update tax_withholding_rules set effective_to = '2026-12-01' where method = 'vietqr' and effective_to is null;
         insert into tax_withholding_rules (method, below_threshold, withheld, effective_from, legal_basis, status)
         values ('vietqr', true, false, '2026-12-01', 'Bài kiểm thử', 'confirmed'),
                ('vietqr', false, false, '2026-12-01', 'Bài kiểm thử', 'confirmed')",
    )
    .await;
    for (method, on, expected) in [
        (Method::Vietqr, "2026-11-30", (10_000, 5_000)),
        (Method::Vietqr, "2026-12-01", (0, 0)),
        (Method::Cod, "2026-12-01", (10_000, 5_000)),
    ] {
        let charged = charges(&app, (&stall, &honey), method, &[1_000_000], on).await;
        assert_eq!(taxes(&charged), [expected], "{method:?} {on}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_first_rule_that_fits_decides_on_the_commission() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let (here, there) = (app.stall("Trà Tả Lèng", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&here, TEA).await, app.shelve(&here, HONEY).await);
    let elsewhere = app.shelve(&there, TEA).await;
    for new in [
        with(rule(300, 500, "2026-11-22"), "set_no", 8),
        with(rule(200, 250, "2026-11-22"), "province_code", LAI_CHAU),
        with(rule(100, 125, "2026-12-01"), "seller_id", here.id.to_string()),
        with(with(rule(400, 900, "2026-11-22"), "set_no", 8), "province_code", HA_NOI),
        rule(900, 1_000, "2026-12-05"),
    ] {
        operator.post(RULES, new).await.ok();
    }
    let asked = [
        (&here, &tea, "2026-11-21", 0),
        (&here, &tea, "2026-11-22", 2_500),
        (&here, &honey, "2026-11-22", 2_500),
        (&there, &elsewhere, "2026-11-22", 0),
        (&here, &tea, "2026-11-30", 2_500),
        (&here, &tea, "2026-12-01", 1_250),
        (&there, &elsewhere, "2026-12-05", 10_000),
    ];
    for (stall, ware, on, expected) in asked {
        let charged = charges(&app, (stall, ware), Method::Vnpay, &[100_000], on).await;
        assert_eq!(charged[0].commission.get(), expected, "{} {on}", stall.slug);
    }
    // Of one priority the rule that began last decides, where it fits.
    operator.post(RULES, with(rule(200, 300, "2026-11-25"), "set_no", 8)).await.ok();
    for (ware, expected) in [(&tea, 2_500), (&honey, 3_000)] {
        let charged = charges(&app, (&here, ware), Method::Vnpay, &[100_000], "2026-11-25").await;
        assert_eq!(charged[0].commission.get(), expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn many_lines_are_charged_each_its_own_in_their_order() {
    let app = TestApp::new().await;
    let (a, b) = (household(&app).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (honey, tea) = (app.shelve(&a, HONEY).await, app.shelve(&b, TEA).await);
    let line = |number: i64| {
        let (seller, listing) = if number % 3 == 0 { (a.id, honey.listing) } else { (b.id, tea.listing) };
        Chargeable { seller, listing, method: Method::Momo, basis: Vnd::new(number * 1_000) }
    };
    let lines: Vec<Chargeable> = (0..90).map(line).collect();
    let charged = app.app.db.see(async |conn| rates::charges(conn, &lines, day("2026-11-22")).await).await.unwrap();
    for (number, charges) in (0..90).zip(charged) {
        assert_eq!(charges.vat.get(), if number % 3 == 0 { number * 10 } else { 0 });
    }
    app.finish().await;
}

#[tokio::test]
async fn rules_are_kept_by_the_national_operator_and_never_change_the_past() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    for (field, value) in [
        ("effective_from", json!("2026-11-20")),
        ("effective_from", json!("2028-12-01")),
        ("priority", json!(0)),
        ("priority", json!(1_001)),
        ("set_no", json!(27)),
        ("rate_bps", json!(10_001)),
    ] {
        let refused = operator.post(RULES, with(rule(500, 300, "2026-12-01"), field, value)).await;
        assert_eq!(refused.refused(422, "invalid")["errors"][0]["at"], field);
    }
    operator
        .post(RULES, with(rule(500, 300, "2026-12-01"), "seller_id", operator.account().to_string()))
        .await
        .refused(404, "not-found");
    operator.post(RULES, with(rule(500, 300, "2026-12-01"), "province_code", "99")).await.refused(404, "not-found");

    let added = operator.post(RULES, rule(500, 300, "2026-12-01")).await.ok();
    operator.post(RULES, rule(500, 400, "2026-12-01")).await.refused(409, "commission-rule-taken");
    let end = format!("{RULES}/{}/end", id_of(&added));
    operator.put(&end, json!({ "effective_to": "2026-11-30" })).await.refused(422, "invalid");
    let ended = operator.put(&end, json!({ "effective_to": "2027-01-01" })).await.ok();
    assert_eq!(ended["effective_to"], "2027-01-01");
    // Before the end has come it may still be moved; taken back before its first day it never holds.
    operator.put(&end, json!({ "effective_to": "2026-12-01" })).await.ok();
    let stall = app.stall("Trà Tả Lèng", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let charged = charges(&app, (&stall, &tea), Method::Cod, &[100_000], "2026-12-01").await;
    assert_eq!(charged[0].commission, Vnd::ZERO);
    app.clock.advance(chrono::TimeDelta::days(10));
    let operator = app.sign_in(operator.contact()).await;
    operator.put(&end, json!({ "effective_to": "2027-02-01" })).await.refused(409, "commission-rule-ended");

    let listed = operator.get(&format!("{RULES}?limit=1")).await.ok();
    assert_eq!(listed["items"][0]["id"], added["id"]);
    let rest = operator.get(&format!("{RULES}?limit=1&after={}", listed["next"].as_str().unwrap())).await.ok();
    assert_eq!((&rest["items"][0]["rate_bps"], &rest["next"]), (&json!(0), &Value::Null));
    let rows = operator.get("/admin/v1/tax_rows").await.ok();
    assert_eq!(rows["tax_rates"].as_array().unwrap().len(), 16);
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    head.post(RULES, rule(600, 300, "2026-12-03")).await.refused(403, "not-your-function");
    assert_eq!(app.count("select count(*) from audit_entries where operation like '%commission_rules%'").await, 3);
    app.finish().await;
}

#[tokio::test]
async fn everybody_may_read_what_selling_costs_in_both_languages() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let stall = app.stall("Trà Tả Lèng", LAI_CHAU).await;
    operator.post(RULES, with(rule(10, 100, "2026-11-22"), "seller_id", stall.id.to_string())).await.ok();
    operator.post(RULES, with(rule(20, 200, "2026-11-22"), "set_no", 8)).await.ok();
    let fees = app.anyone().get("/v1/fees?on=2026-11-22").await.ok();
    let rates: Vec<&Value> = fees["commission"].as_array().unwrap().iter().map(|rule| &rule["rate_bps"]).collect();
    assert_eq!(rates, [200, 0], "what was agreed with one shop is not everybody's business");
    assert!(fees["tax_rates"].as_array().unwrap().iter().all(|rate| rate["status"] == "provisional"));
    assert_eq!(fees["thresholds"][0]["yearly_vnd"], 1_000_000_000);
    assert!(fees["notes"][0].as_str().unwrap().contains("làm tròn"));
    let english = app.anyone().get_with("/v1/fees?on=2026-11-22", &[("accept-language", "en")]).await.ok();
    assert!(english["notes"][0].as_str().unwrap().contains("half up"));
    let before = app.anyone().get("/v1/fees?on=2026-06-30").await.ok();
    assert_eq!((&before["commission"], before["notes"].as_array().unwrap().len()), (&json!([]), 3));
    app.anyone().get("/v1/fees?on=%2B200000-01-01").await.refused(422, "invalid");
    app.finish().await;
}

/// One pack of honey, to be paid on delivery: its order, and what is withheld from it.
async fn sold_for(buyer: &Actor, stall: &Stall, honey: &Ware) -> (String, (i64, i64)) {
    let order = buyer.buy(&[(honey, 1)]).await.remove(0);
    let shown = stall.owner.get(&format!("/v1/shops/{}/orders/{order}", stall.id)).await.ok();
    let charges = &shown["charges"][0];
    assert_eq!(charges["tax_basis"].is_string(), charges["vat_vnd"].as_i64().unwrap() > 0);
    (order, (charges["vat_vnd"].as_i64().unwrap(), charges["pit_vnd"].as_i64().unwrap()))
}

#[tokio::test]
async fn where_the_rows_differ_the_revenue_of_the_year_decides_on_withholding() {
    let app = TestApp::new().await;
    let stall = household(&app).await;
    let honey = app.shelve(&stall, HONEY).await;
    let buyer = app.account("Hoa").await;
    app.sql(
        "update tax_withholding_rules set withheld = false
          where method = 'cod' and below_threshold and effective_to is null;
         update tax_thresholds set yearly_vnd = 640000",
    )
    .await;
    // Below the threshold while less than it was sold before; with it, above.
    let (first, untaxed) = sold_for(&buyer, &stall, &honey).await;
    assert_eq!((untaxed, sold_for(&buyer, &stall, &honey).await.1), ((0, 0), (0, 0)));
    assert_eq!(sold_for(&buyer, &stall, &honey).await.1, (3_200, 1_600));
    // Ways of paying whose rows do not differ, do not ask.
    let vnpay = charges(&app, (&stall, &honey), Method::Vnpay, &[320_000], "2026-11-21").await;
    assert_eq!(taxes(&vnpay), [(3_200, 1_600)]);

    // What was cancelled is no revenue; what was charged stays as it was.
    buyer.turn(&first, "cancellation").await.ok();
    assert_eq!(sold_for(&buyer, &stall, &honey).await.1, (3_200, 1_600), "two are left, which make the threshold");
    app.sql("update tax_thresholds set yearly_vnd = 960001").await;
    assert_eq!(sold_for(&buyer, &stall, &honey).await.1, (0, 0));
    // Each year begins anew.
    app.sql("update tax_thresholds set yearly_vnd = 640000").await;
    let on = async |day: &str| taxes(&charges(&app, (&stall, &honey), Method::Cod, &[320_000], day).await);
    assert_eq!((on("2026-12-31").await, on("2027-01-01").await), (vec![(3_200, 1_600)], vec![(0, 0)]));
    app.finish().await;
}
