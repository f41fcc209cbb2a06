//! The books: written once, folded, closed month by month, and checked.

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use ocop_market::kernel::{OrderId, PaymentId, SellerId, Vnd};
use ocop_market::platform::error::Result;
use ocop_market::trade::ledger::jobs::{CloseMonths, close_months};
use ocop_market::trade::ledger::{self, Account, Carrier, Provider, Transfer, TransferKind};
use ocop_market::trade::statements::checks;
use ocop_market::trade::statements::jobs::{VerifyBooks, verify_books};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::support::{HA_NOI, HONEY, LAI_CHAU, TEA, TestApp};

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Moves money that is about no order.
async fn post(app: &TestApp, (debit, credit): (Account, Account), amount: i64, at: DateTime<Utc>) -> Result<()> {
    let subject = PaymentId::new(at).as_uuid();
    let transfer =
        Transfer::new(TransferKind::Correction, subject).entry((debit, credit), Vnd::new(amount), (None, None));
    app.app.db.act(async |conn| ledger::post(conn, std::slice::from_ref(&transfer), at).await).await
}

async fn balance(app: &TestApp, account: &Account) -> i64 {
    app.app.db.see(async |conn| ledger::balance(conn, account).await).await.unwrap().get()
}

async fn balance_before(app: &TestApp, account: &Account, until: &str) -> i64 {
    let until = instant(until);
    app.app.db.see(async |conn| ledger::balance_before(conn, account, until).await).await.unwrap().get()
}

/// What is done every day is planned a day ahead: somebody must have been awake before.
async fn advance_to(app: &TestApp, at: &str) {
    app.run_jobs().await;
    app.clock.advance(instant(at) - app.clock.now());
    app.run_jobs().await;
}

async fn findings(app: &TestApp) -> Vec<String> {
    let outcome = app.app.db.see(async |conn| checks::verify(conn).await).await.unwrap();
    assert_eq!(outcome.agrees, outcome.findings.is_empty());
    outcome.findings.iter().map(|finding| format!("{:?} {}", finding.wrong, finding.subject)).collect()
}

/// A statement the database must refuse.
async fn refused(app: &TestApp, statement: &'static str) {
    let done = app
        .app
        .db
        .act(async |conn| {
            sqlx::raw_sql(statement).execute(conn).await?;
            Ok(())
        })
        .await;
    assert!(done.is_err(), "{statement}");
}

const CLEARING: Account = Account::Clearing(Provider::Vnpay);

#[tokio::test]
async fn what_is_written_stays() {
    let app = TestApp::new().await;
    post(&app, (CLEARING, Account::Commission), 5_000, app.clock.now()).await.unwrap();
    advance_to(&app, "2026-12-01T01:00:00Z").await;
    assert_eq!(app.count("select count(*) from ledger_snapshots").await, 2);
    for statement in [
        "update ledger_entries set amount_vnd = 1",
        "delete from ledger_entries",
        "truncate ledger_entries",
        "update ledger_transfers set kind = 'sale'",
        "delete from ledger_transfers",
        "truncate ledger_transfers cascade",
        "update ledger_months set closed_at = closed_at + interval '1 day'",
        "delete from ledger_months",
        "truncate ledger_months cascade",
        "update ledger_snapshots set balance_vnd = 1",
        "delete from ledger_snapshots",
        "truncate ledger_snapshots",
    ] {
        refused(&app, statement).await;
    }
    assert_eq!(balance(&app, &CLEARING).await, 5_000);
    app.finish().await;
}

#[tokio::test]
async fn a_closed_month_takes_nothing_any_more() {
    let app = TestApp::new().await;
    post(&app, (CLEARING, Account::Commission), 5_000, app.clock.now()).await.unwrap();
    // November ends at 17:00 UTC and is closed an hour later.
    advance_to(&app, "2026-11-30T17:59:59Z").await;
    post(&app, (CLEARING, Account::Commission), 700, instant("2026-11-30T16:59:59Z")).await.unwrap();
    assert_eq!(app.count("select count(*) from ledger_months").await, 0);
    advance_to(&app, "2026-11-30T18:00:00Z").await;
    assert_eq!(app.count("select count(*) from ledger_months").await, 1);
    let late = post(&app, (CLEARING, Account::Commission), 1, instant("2026-11-30T16:59:59Z")).await;
    assert!(late.is_err());
    post(&app, (CLEARING, Account::Commission), 30, instant("2026-11-30T17:00:00Z")).await.unwrap();
    // A second run finds nothing to do.
    close_months(&app.app, CloseMonths {}).await.unwrap();
    assert_eq!(app.count("select count(*) from ledger_months").await, 1);
    assert_eq!(balance(&app, &CLEARING).await, 5_730);
    assert_eq!(balance(&app, &Account::Commission).await, -5_730);
    assert_eq!(balance_before(&app, &CLEARING, "2026-11-30T17:00:00Z").await, 5_700);
    assert_eq!(balance_before(&app, &CLEARING, "2026-11-30T17:00:00.000001Z").await, 5_730);
    assert_eq!(balance_before(&app, &CLEARING, "2026-11-25T00:00:00Z").await, 5_000);
    assert_eq!(balance_before(&app, &CLEARING, "2026-11-21T02:00:00Z").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn after_an_outage_every_month_is_closed() {
    let app = TestApp::new().await;
    post(&app, (CLEARING, Account::Commission), 10, app.clock.now()).await.unwrap();
    advance_to(&app, "2027-03-05T02:00:00Z").await;
    assert_eq!(app.count("select count(*) from ledger_months").await, 4);
    assert_eq!(app.count("select count(*) from ledger_snapshots").await, 8);
    assert_eq!(findings(&app).await, Vec::<String>::new());
    app.finish().await;
}

/// Transfers among a few accounts, spread over half a year that is closed as it passes.
#[tokio::test]
async fn a_fold_from_a_snapshot_is_the_sum_of_all_entries() {
    let app = TestApp::new().await;
    let seller = SellerId::new(app.clock.now());
    let accounts = [
        CLEARING,
        Account::BuyerFunds,
        Account::Commission,
        Account::SellerBalance(seller),
        Account::CarrierCash(Carrier::named("Xe khách Sơn Hà")),
    ];
    let moves = prop::collection::vec((0..5_usize, 1..5_usize, 1..1_000_000_i64, 1..60_i64), 120);
    let mut runner = TestRunner::deterministic();
    let moves = moves.new_tree(&mut runner).unwrap().current();
    let mut sums = [0_i64; 5];
    for (from, step, amount, hours) in moves {
        let to = (from + step) % 5;
        post(&app, (accounts[from].clone(), accounts[to].clone()), amount, app.clock.now()).await.unwrap();
        sums[from] += amount;
        sums[to] -= amount;
        app.clock.advance(TimeDelta::hours(hours));
        close_months(&app.app, CloseMonths {}).await.unwrap();
    }
    assert!(app.count("select count(*) from ledger_months").await >= 4);
    for (account, sum) in accounts.iter().zip(sums) {
        assert_eq!(balance(&app, account).await, sum, "{account}");
    }
    let all = app.app.db.see(async |conn| ledger::balances(conn, "").await).await.unwrap();
    assert_eq!(Vnd::checked_sum(all.iter().map(|(_, balance)| *balance)), Some(Vnd::ZERO));
    let named = app.app.db.see(async |conn| ledger::balances(conn, "seller_balance:").await).await.unwrap();
    assert_eq!(named, [(format!("seller_balance:{seller}"), Vnd::new(sums[3]))]);
    let wrong = findings(&app).await;
    let of_no_event = |finding: &String| finding.starts_with("WrongSide") || finding == "BuyerFunds buyer_funds";
    assert!(wrong.iter().all(of_no_event), "{wrong:?}");
    app.finish().await;
}

#[tokio::test]
async fn the_books_of_real_orders_agree_and_every_lie_is_found() {
    let app = TestApp::new().await;
    let buyer = app.account("Hoa").await;
    let (here, there) = (app.stall("Trà Tả Lèng", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&here, TEA).await, app.shelve(&there, HONEY).await);
    let orders = buyer.buy(&[(&tea, 2), (&honey, 1)]).await;
    let cancelled = buyer.buy(&[(&tea, 1)]).await;
    buyer.turn(&cancelled[0], "cancellation").await.ok();
    for order in &orders {
        let stall = if here.owner.get(&format!("/v1/shops/{}/orders/{order}", here.id)).await.status == 200 {
            &here
        } else {
            &there
        };
        stall.deliver(order).await;
    }
    app.run_jobs().await;
    assert_eq!(findings(&app).await, Vec::<String>::new());
    assert!(app.program().await.args(["ledger", "verify"]).status().unwrap().success());

    let order: OrderId = orders[0].parse().unwrap();
    let number = buyer.get(&format!("/v1/orders/{order}")).await.ok()["number"].as_str().unwrap().to_owned();
    app.sql(
        "alter table ledger_entries disable trigger user;
         update ledger_entries set amount_vnd = amount_vnd + 1
          where (transfer_id, seq) = (
                select transfer_id, seq
                  from ledger_entries
                  join ledger_transfers on ledger_transfers.id = transfer_id
                 where kind = 'capture'
                 order by order_id
                 limit 1)",
    )
    .await;
    let wrong = findings(&app).await;
    for finding in ["Capture", "BuyerFunds", "CarrierCash"] {
        assert!(wrong.contains(&format!("{finding} {number}")), "{finding}: {wrong:?}");
    }
    assert!(verify_books(&app.app, VerifyBooks {}).await.is_err());
    let told = app.program().await.args(["ledger", "verify"]).output().unwrap();
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stdout).contains(&number));
    let balances = app.program().await.args(["ledger", "balances", "carrier"]).output().unwrap();
    assert!(String::from_utf8_lossy(&balances.stdout).starts_with("carrier_cash:vnpost\t"));
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_snapshot_and_an_empty_transfer_are_found() {
    let app = TestApp::new().await;
    post(&app, (CLEARING, Account::Commission), 10, app.clock.now()).await.unwrap();
    advance_to(&app, "2026-12-02T02:00:00Z").await;
    assert_eq!(findings(&app).await, Vec::<String>::new());
    app.sql(
        "alter table ledger_snapshots disable trigger user;
         update ledger_snapshots set balance_vnd = 11 where account = 'clearing:vnpay';
         insert into ledger_transfers (id, kind, subject_id, at)
         values (gen_random_uuid(), 'offset', '00000000-0000-0000-0000-000000000001', '2026-12-01T02:00:00Z')",
    )
    .await;
    let wrong = findings(&app).await;
    assert!(wrong.iter().any(|finding| finding.starts_with("Snapshot clearing:vnpay 2026-")), "{wrong:?}");
    assert!(wrong.contains(&"BrokenTransfer offset 00000000-0000-0000-0000-000000000001".to_owned()), "{wrong:?}");
    assert_eq!(wrong.len(), 2);
    app.finish().await;
}

/// Cash of two parcels, one remitted by a list and one by the shop's word; and a transfer that fits nothing.
async fn direct_money(app: &TestApp) {
    let stall = app.stall("Trà Tả Lèng", LAI_CHAU).await;
    app.takes_transfers(&stall).await;
    let (tea, buyer) = (app.shelve(&stall, TEA).await, app.account("Hoa").await);
    let shop = format!("/v1/shops/{}", stall.id);
    for (code, told) in [("EA-0001", false), ("EA-0002", true)] {
        let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
        for step in ["acceptance", "packing"] {
            stall.turn(&order, step).await.ok();
        }
        let parcel = json!({ "carrier": "VNPost", "tracking_code": code });
        stall.owner.put(&format!("{shop}/orders/{order}/shipment"), parcel).await.ok();
        let arrived = stall.turn(&order, "delivery").await.ok();
        if told {
            let path = format!("{shop}/parcels/{}/cash_receipt", arrived["parcels"][0]["id"].as_str().unwrap());
            stall.owner.put(&path, json!({ "received_vnd": 210_000, "fee_vnd": 10_000 })).await.ok();
        } else {
            let file = "Mã vận đơn,COD,Phí\nEA-0001,220000,12000\n";
            let path = format!("{shop}/remittances?carrier=VNPost&date=2026-11-21");
            stall.owner.send(Method::POST, &path, &[("content-type", "text/csv")], file.into()).await.ok();
        }
    }
    let order = buyer.buy_by(&[(&tea, 1)], "vietqr").await.remove(0);
    let path = format!("{shop}/orders/{order}/payment/confirmation");
    stall.owner.put(&path, json!({ "amount_vnd": 1_000, "bank_reference": "FT1" })).await.ok();
    app.run_jobs().await;
}

#[tokio::test]
async fn a_lie_about_money_that_went_to_the_shop_is_found() {
    // Each says which money is told of wrongly, and what is found.
    let lies: [(&'static str, &[&str]); 4] = [
        (
            "update ledger_entries set debit = replace(debit, 'carrier_fees', 'carrier_difference')
              where debit like 'carrier_fees:%' and amount_vnd = 12000",
            &["Remittances VNPost EA-0001"],
        ),
        (
            "update ledger_entries set debit = replace(debit, 'carrier_fees', 'seller_cash')
              where debit like 'carrier_fees:%' and amount_vnd = 10000",
            &["Remittances VNPost EA-0002"],
        ),
        (
            "update ledger_entries set credit = 'carrier_cash:ghn'
              where credit = 'carrier_cash:vnpost' and amount_vnd = 12000",
            &["CarrierCash OCOP-", "WrongSide carrier_cash:ghn"],
        ),
        (
            "update ledger_entries set amount_vnd = 999 where credit like 'suspense:%'",
            &["Suspense FT1 ", "Suspense suspense:"],
        ),
    ];
    for (lie, found) in lies {
        let app = TestApp::new().await;
        direct_money(&app).await;
        assert_eq!(findings(&app).await, Vec::<String>::new());
        app.sql("alter table ledger_entries disable trigger user").await;
        app.sql(lie).await;
        let wrong = findings(&app).await;
        assert!(
            wrong.len() == found.len() && wrong.iter().zip(found).all(|(wrong, found)| wrong.starts_with(found)),
            "{lie}: {wrong:?}"
        );
        app.finish().await;
    }
}
