//! What the books say: statements, returns, certificates. Charges stay what they were at placement.

use chrono::{DateTime, Utc};
use ocop_market::kernel::{OrderId, OrderLineId, RefundId};
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::sheets::{Limits, Value as Field, read_blocking};
use ocop_market::trade::orders::{self, Units};
use ocop_market::trade::payments::{self, NewRefund, RefundReason};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, HONEY, LAI_CHAU, LAO_CAI, Stall, TEA, TestApp, Ware};

const RULES: &str = "/admin/v1/commission_rules";

/// What is done every day is planned a day ahead: somebody must have been awake before.
async fn advance_to(app: &TestApp, at: &str) {
    app.run_jobs().await;
    app.clock.advance(at.parse::<DateTime<Utc>>().unwrap() - app.clock.now());
    app.run_jobs().await;
}

/// A household's stall with tea, and a commission of 3 % from today on.
async fn household(app: &TestApp) -> (Stall, Ware) {
    let stall = app.stall("Mật ong nhà Mây", LAI_CHAU).await;
    app.sql("update sellers set kind = 'household'").await;
    let tea = app.shelve(&stall, TEA).await;
    commission(app, 500, 300, "2026-11-21").await;
    (stall, tea)
}

async fn commission(app: &TestApp, priority: i16, rate_bps: i32, effective_from: &str) {
    let rule = json!({
        "priority": priority, "rate_bps": rate_bps, "effective_from": effective_from, "legal_basis": "Biểu phí của sàn",
    });
    app.operator().await.post(RULES, rule).await.ok();
}

/// The shop takes units of the only line of a delivered order back and owes the buyer their price.
async fn take_back(app: &TestApp, stall: &Stall, order: &str, take: i32, taken_before: i32) {
    let shown = stall.owner.get(&format!("/v1/shops/{}/orders/{order}", stall.id)).await.ok();
    let line: OrderLineId = shown["lines"][0]["id"].as_str().unwrap().parse().unwrap();
    let order: OrderId = order.parse().unwrap();
    let (now, units) = (app.clock.now(), [Units { line, take, taken_before }]);
    app.app
        .db
        .act(async |conn| {
            payments::lock(conn, order).await?;
            let reached = orders::of_shop(conn, stall.id, order).await?;
            let id = RefundId::new(now);
            let amount = orders::take_back(conn, reached, id, (&units, false), now).await?;
            let refund = NewRefund { id, order, amount, reason: RefundReason::Returned };
            payments::refund(conn, refund, now).await
        })
        .await
        .unwrap();
}

async fn statement(stall: &Stall, query: &str) -> Value {
    stall.owner.get(&format!("/v1/shops/{}/statement{query}", stall.id)).await.ok()
}

/// The rows of a file as texts, headers first.
fn table(file: &Answer) -> Vec<Vec<String>> {
    let text = |field: &Field| match field {
        Field::Empty => String::new(),
        Field::Text(text) | Field::Number(text) => text.clone(),
        Field::Date(at) => at.to_string(),
    };
    let sheet = read_blocking(&file.bytes, &Limits::IMPORT).unwrap();
    sheet.rows.iter().map(|row| row.cells.iter().map(text).collect()).collect()
}

async fn tax_return(officer: &Actor, month: &str) -> Value {
    officer.get(&format!("/admin/v1/tax_returns/{month}")).await.ok()
}

#[tokio::test]
async fn the_shop_sees_what_it_will_be_charged_before_it_accepts_and_no_later_rule_changes_it() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 2)]).await.remove(0);
    let path = format!("/v1/shops/{}/orders/{order}", stall.id);
    let charges = stall.owner.get(&path).await.ok()["charges"].clone();
    let line = &charges[0];
    for (field, expected) in [
        ("basis_vnd", 370_000),
        ("commission_bps", 300),
        ("commission_vnd", 11_100),
        ("vat_bps", 100),
        ("vat_vnd", 3_700),
        ("pit_bps", 50),
        ("pit_vnd", 1_850),
    ] {
        assert_eq!(line[field], expected, "{field}");
    }
    assert_eq!(line["tax_provisional"], true);
    assert!(line["tax_basis"].as_str().unwrap().contains("252/2026"));
    assert_eq!(buyer.get(&format!("/v1/orders/{order}")).await.ok().get("charges"), None);

    commission(&app, 100, 900, "2026-11-21").await;
    app.sql("update tax_rates set vat_bps = 800").await;
    stall.deliver(&order).await;
    assert_eq!(stall.owner.get(&path).await.ok()["charges"], charges);
    assert_eq!(statement(&stall, "").await["rows"][0]["commission_vnd"], 11_100);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_rule_begins_at_midnight_in_viet_nam() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    commission(&app, 100, 1_000, "2026-11-22").await;
    let buyer = app.account("Hoa").await;
    let quote = async || buyer.quote(&[(&tea, 1)]).await;
    let charged = async |order: &Value| {
        let path = format!("/v1/shops/{}/orders/{}", stall.id, order["orders"][0]["id"].as_str().unwrap());
        stall.owner.get(&path).await.ok()["charges"][0]["commission_vnd"].clone()
    };
    let before = "2026-11-21T16:59:59Z".parse::<DateTime<Utc>>().unwrap();
    app.clock.advance(before - app.clock.now());
    let (evening, night) = (quote().await, quote().await);
    let evening = buyer.place(&evening, "evening").await.ok();
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let night = buyer.place(&night, "night").await.ok();
    assert_eq!((charged(&evening).await, charged(&night).await), (json!(5_550), json!(18_500)));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_statement_explains_every_dong_from_opening_to_closing() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    let buyer = app.account("Hoa").await;
    let first = buyer.buy(&[(&tea, 3)]).await.remove(0);
    stall.deliver(&first).await;
    let november = statement(&stall, "?month=2026-11").await;
    let row = &november["rows"][0];
    let total = buyer.get(&format!("/v1/orders/{first}")).await.ok()["total_vnd"].as_i64().unwrap();
    for (field, expected) in [
        ("sale_vnd", total),
        ("received_directly_vnd", total),
        ("commission_vnd", 16_650),
        ("vat_vnd", 5_550),
        ("pit_vnd", 2_775),
        ("refunds_vnd", 0),
        ("owed_change_vnd", 24_975),
        ("balance_change_vnd", 0),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    assert_eq!(november["opening"], json!({ "balance_vnd": 0, "owed_vnd": 0 }));
    assert_eq!(november["closing"], json!({ "balance_vnd": 0, "owed_vnd": 24_975 }));
    assert_eq!(november["closed"], false);

    advance_to(&app, "2026-12-02T02:00:00Z").await;
    let frozen = statement(&stall, "?month=2026-11").await;
    assert_eq!((&frozen["closed"], &frozen["rows"]), (&json!(true), &november["rows"]));
    take_back(&app, &stall, &first, 1, 0).await;
    take_back(&app, &stall, &first, 2, 1).await;
    let second = buyer.buy(&[(&tea, 1)]).await.remove(0);
    stall.deliver(&second).await;
    let december = statement(&stall, "?from=2026-12-01&to=2026-12-31").await;
    assert_eq!(december["opening"], frozen["closing"]);
    let offset = &december["rows"][0];
    assert_eq!((&offset["refunds_vnd"], &offset["commission_vnd"]), (&json!(555_000), &json!(-16_650)));
    assert_eq!((&offset["vat_vnd"], &offset["pit_vnd"]), (&json!(-5_550), &json!(-2_775)));
    assert_eq!(december["closing"]["owed_vnd"], 5_550 + 1_850 + 925);
    assert_eq!(statement(&stall, "?month=2026-11").await, frozen);
    let months = stall.owner.get(&format!("/v1/shops/{}/statements", stall.id)).await.ok();
    assert_eq!(months, json!([{ "month": "2026-12", "closed": false }, { "month": "2026-11", "closed": true }]));

    let path = format!("/v1/shops/{}/statement?month=2026-12&format=", stall.id);
    for format in ["xlsx", "csv"] {
        let rows = table(&stall.owner.get(&format!("{path}{format}")).await);
        let owed = rows[0].iter().position(|header| header == "Còn nợ sàn").unwrap();
        let owed: Vec<i64> = rows[1..].iter().map(|row| row[owed].parse().unwrap()).collect();
        assert_eq!(owed, [24_975, -24_975, 8_325, 8_325], "{format}: opening, two orders, closing");
    }
    for wrong in
        ["?month=2027-01", "?from=2026-12-01", "?from=2026-12-02&to=2026-12-01", "?month=2026-11&to=2026-11-02"]
    {
        stall.owner.get(&format!("/v1/shops/{}/statement{wrong}", stall.id)).await.refused(422, "invalid");
    }
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_return_lists_every_seller_of_the_province_and_offsets_what_came_back() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    let cooperative = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let honey = app.shelve(&cooperative, HONEY).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 3)]).await.remove(0);
    stall.deliver(&order).await;
    cooperative.deliver(&buyer.buy(&[(&honey, 1)]).await[0]).await;
    let cancelled = buyer.buy(&[(&tea, 1)]).await.remove(0);
    buyer.turn(&cancelled, "cancellation").await.ok();
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let running = tax_return(&officer, "2026-11").await;
    assert_eq!(running["closed"], false);
    officer.get("/admin/v1/tax_returns/2026-12").await.refused(404, "not-found");

    advance_to(&app, "2026-12-01T02:00:00Z").await;
    take_back(&app, &stall, &order, 1, 0).await;
    let officer = app.sign_in(officer.contact()).await;
    let november = tax_return(&officer, "2026-11").await;
    assert_eq!((&november["closed"], &november["rows"]), (&json!(true), &running["rows"]));
    // 20 December 2026 is a Sunday.
    assert_eq!(november["due_on"], "2026-12-21");
    let rows = november["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "cooperatives declare for themselves: {rows:?}");
    assert_eq!((&rows[0]["revenue_vnd"], &rows[0]["due_vnd"]), (&json!(555_000), &json!(8_325)));
    assert_eq!((&rows[0]["vat_vnd"], &rows[0]["pit_vnd"]), (&json!(5_550), &json!(2_775)));
    let december = tax_return(&officer, "2026-12").await;
    assert_eq!(december["rows"][0]["revenue_offset_vnd"], 185_000);
    assert_eq!(december["total"]["due_vnd"], -(1_850 + 925));
    app.sql("insert into holidays values ('2026-12-21', 'Nghỉ', 'Off', 'Bài kiểm thử')").await;
    assert_eq!(tax_return(&officer, "2026-11").await["due_on"], "2026-12-22");

    let sheet = table(&officer.get("/admin/v1/tax_returns/2026-11?format=xlsx").await);
    assert_eq!(sheet.len(), 2);
    assert_eq!(sheet[1][1..3], ["Lai Châu", "Mật ong nhà Mây"]);
    assert_eq!(sheet[1].last().unwrap(), "8325");
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    assert_eq!(tax_return(&elsewhere, "2026-11").await["rows"], json!([]));
    let read = "select count(*) from audit_entries where facts ->> 'id_data' = 'read'";
    assert_eq!(app.count(read).await, 0);
    officer.get("/admin/v1/tax_returns/2026-11?full_ids=true").await.ok();
    assert_eq!(app.count(read).await, 1);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn tax_of_a_paid_order_that_is_cancelled_is_offset_when_it_is_cancelled() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    app.takes_transfers(&stall).await;
    let buyer = app.account("Hoa").await;
    advance_to(&app, "2026-11-30T16:00:00Z").await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let order = buyer.buy_by(&[(&tea, 2)], "vietqr").await.remove(0);
        stall.confirm_payment(&order).await.ok();
        orders.push(order);
    }
    app.run_jobs().await;
    // One before the month ends in Viet Nam, one after.
    buyer.turn(&orders[0], "cancellation").await.ok();
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let november = tax_return(&officer, "2026-11").await["rows"][0].clone();
    assert_eq!((&november["revenue_vnd"], &november["revenue_offset_vnd"]), (&json!(740_000), &json!(370_000)));
    assert_eq!((&november["vat_vnd"], &november["pit_vnd"]), (&json!(7_400), &json!(3_700)));
    assert_eq!(november["due_vnd"], 3_700 + 1_850);

    advance_to(&app, "2026-12-01T02:00:00Z").await;
    buyer.turn(&orders[1], "cancellation").await.ok();
    let officer = app.sign_in(officer.contact()).await;
    let closed = tax_return(&officer, "2026-11").await;
    assert_eq!((&closed["closed"], &closed["rows"][0]), (&json!(true), &november));
    let december = &tax_return(&officer, "2026-12").await["rows"][0];
    assert_eq!((&december["revenue_vnd"], &december["revenue_offset_vnd"]), (&json!(0), &json!(370_000)));
    assert_eq!(december["due_vnd"], -(3_700 + 1_850));
    let withheld = "select coalesce(sum(case when credit ~ '^(vat|pit)_withheld:' then amount_vnd else 0 end)
                                    - sum(case when debit ~ '^(vat|pit)_withheld:' then amount_vnd else 0 end), 0)::bigint
                      from ledger_entries";
    assert_eq!(app.count(withheld).await, 0);
    let december = statement(&stall, "?month=2026-12").await;
    assert_eq!((&december["rows"][0]["vat_vnd"], &december["closing"]["owed_vnd"]), (&json!(-3_700), &json!(0)));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_seller_gets_a_certificate_of_the_year() {
    let app = TestApp::new().await;
    let (stall, tea) = household(&app).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 2)]).await.remove(0);
    stall.deliver(&order).await;
    advance_to(&app, "2026-12-05T02:00:00Z").await;
    take_back(&app, &stall, &order, 1, 0).await;
    let path = format!("/v1/shops/{}/tax_certificates", stall.id);
    let running = stall.owner.get(&format!("{path}/2026")).await.ok();
    assert_eq!((&running["closed"], &running["provisional"]), (&json!(false), &json!(true)));
    advance_to(&app, "2027-01-02T02:00:00Z").await;
    let owner = app.sign_in(stall.owner.contact()).await;
    let certificate = owner.get(&format!("{path}/2026")).await.ok();
    assert_eq!(certificate["closed"], true);
    assert_eq!(certificate["months"], running["months"]);
    let months: Vec<&Value> = certificate["months"].as_array().unwrap().iter().map(|month| &month["month"]).collect();
    assert_eq!(months, ["2026-11", "2026-12"]);
    assert_eq!(certificate["total"]["revenue_vnd"], 370_000);
    assert_eq!(certificate["total"]["revenue_offset_vnd"], 185_000);
    assert_eq!(certificate["total"]["due_vnd"], 1_850 + 925);
    assert!(certificate["legal_basis"][0].as_str().unwrap().contains("252/2026"));
    let printed = owner.get(&format!("{path}/2026/document")).await;
    let printed = String::from_utf8_lossy(&printed.bytes).into_owned();
    assert!(printed.contains("01/CTKT-TMĐT") && printed.contains("2.775 ₫") && !printed.contains("Tạm tính"));
    let sheet = table(&owner.get(&format!("{path}/2026?format=xlsx")).await);
    assert_eq!(sheet.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Tháng", "2026-11", "2026-12"]);
    for missing in ["2028", "2019"] {
        owner.get(&format!("{path}/{missing}")).await.refused(404, "not-found");
    }
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn nobody_gets_a_statement_nobody_can_read() {
    let app = TestApp::new().await;
    let (stall, _) = household(&app).await;
    app.sql(
        "insert into ledger_transfers (id, kind, subject_id, at)
         select gen_random_uuid(), 'correction', gen_random_uuid(), '2026-11-21T01:00:00Z'
           from generate_series(1, 5001);
         insert into ledger_entries (transfer_id, seq, debit, credit, amount_vnd, at)
         select ledger_transfers.id, 0, 'clearing:vnpay', 'seller_balance:' || sellers.id, 1, at
           from ledger_transfers
          cross join sellers",
    )
    .await;
    let path = format!("/v1/shops/{}/statement", stall.id);
    stall.owner.get(&path).await.refused(422, "statement-too-long");
    app.run_jobs().await;
    app.finish().await;
}
