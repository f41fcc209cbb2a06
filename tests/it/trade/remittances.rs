//! Cash that carriers bring back.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, LAI_CHAU, Stall, TEA, TestApp, Ware};

/// An order shipped by post under this code; delivered, if wished.
async fn shipped(stall: &Stall, buyer: &Actor, tea: &Ware, code: &str, delivered: bool) -> String {
    let order = buyer.buy(&[(tea, 1)]).await.remove(0);
    stall.turn(&order, "acceptance").await.ok();
    stall.turn(&order, "packing").await.ok();
    let parcel = json!({ "carrier": "VNPost", "tracking_code": code });
    stall.owner.put(&format!("/v1/shops/{}/orders/{order}/shipment", stall.id), parcel).await.ok();
    if delivered {
        stall.turn(&order, "delivery").await.ok();
    }
    order
}

async fn hand_in(who: &Actor, stall: &Stall, query: &str, file: &str) -> Answer {
    let path = format!("/v1/shops/{}/remittances?{query}", stall.id);
    let headers = [("content-type", "application/octet-stream")];
    who.send(Method::POST, &path, &headers, file.to_owned().into()).await
}

const OF_DAY: &str = "carrier=vnpost&date=2026-11-21";

fn outcomes(list: &Value) -> Vec<(&str, Option<&str>)> {
    let lines = list["lines"].as_array().unwrap().iter();
    lines.map(|line| (line["outcome"].as_str().unwrap(), line["difference"]["at"].as_str())).collect()
}

#[tokio::test]
async fn a_list_remits_what_fits_and_names_the_cell_of_what_does_not() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let fits = shipped(&stall, &buyer, &tea, "EA-0001", true).await;
    let differs = shipped(&stall, &buyer, &tea, "EA-0002", true).await;
    let waits = shipped(&stall, &buyer, &tea, "EA-0003", false).await;
    // 185 000 for the tea, 35 000 to Hà Nội.
    let file = "Bảng kê thu hộ tháng 11\n\
                STT,Mã vận đơn,Tiền thu hộ,Tổng phí\n\
                1,EA-0001,220.000 ₫,12000\n\
                2,EA-0002,200000,12000\n\
                3,EA-0003,220000,12000\n\
                4,EA-9999,220000,\n\
                5,EA-0001,220000,\n\
                ,,1.080.000,36000\n";
    let list = hand_in(&stall.owner, &stall, OF_DAY, file).await.ok();
    assert_eq!(
        outcomes(&list),
        [
            ("remitted", None),
            ("amount_differs", Some("C4")),
            ("not_delivered", Some("B5")),
            ("unknown_code", Some("B6")),
            ("remitted_before", Some("B7")),
        ]
    );
    assert_eq!(
        (&list["remitted_vnd"], &list["fees_vnd"], &list["differences"]),
        (&json!(220_000), &json!(36_000), &json!(4))
    );
    assert_eq!(list["lines"][1]["expected_vnd"], 220_000);
    let payment = async |order: &str| buyer.get(&format!("/v1/orders/{order}")).await.ok()["payment"]["status"].clone();
    assert_eq!(payment(&fits).await, "remitted");
    assert_eq!(payment(&differs).await, "collected");
    let moved = "select coalesce(sum(amount_vnd), 0)::bigint from ledger_entries
                  where credit = 'carrier_cash' and debit like 'seller_cash:%'";
    assert_eq!(app.count(moved).await, 220_000);

    // The same file is the same list, and looks again at what did not fit.
    stall.turn(&waits, "delivery").await.ok();
    let again = hand_in(&stall.owner, &stall, OF_DAY, file).await.ok();
    assert_eq!(again["id"], list["id"]);
    assert_eq!(outcomes(&again)[2], ("remitted", None));
    assert_eq!(outcomes(&again)[0], ("remitted", None));
    assert_eq!(app.count(moved).await, 440_000);
    // Another file cannot bring the same cash.
    let other = hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD\nEA-0001,220000\n").await.ok();
    assert_eq!(outcomes(&other), [("remitted_before", Some("A2"))]);
    assert_eq!(app.count(moved).await, 440_000);

    let lists = stall.owner.get(&format!("/v1/shops/{}/remittances?limit=1", stall.id)).await.ok();
    assert_eq!(lists["items"][0]["id"], other["id"]);
    let one = stall.owner.get(&format!("/v1/shops/{}/remittances/{}", stall.id, list["id"].as_str().unwrap())).await;
    assert_eq!(one.ok(), again);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn one_list_sent_fifty_times_at_once_moves_the_cash_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    for code in ["EA-0001", "EA-0002"] {
        shipped(&stall, &buyer, &tea, code, true).await;
    }
    let mut sent = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (owner, path) = (stall.owner.clone(), format!("/v1/shops/{}/remittances?{OF_DAY}", stall.id));
        // Two files that say the same, in two orders of rows.
        let rows =
            if number % 2 == 0 { "EA-0001,220000\nEA-0002,220000\n" } else { "EA-0002,220000\nEA-0001,220000\n" };
        let file = format!("Mã vận đơn,COD\n{rows}");
        sent.spawn(async move {
            owner.send(Method::POST, &path, &[("content-type", "text/csv")], file.into()).await.status
        });
    }
    while let Some(status) = sent.join_next().await {
        assert!([201, 503].contains(&status.unwrap()), "only too many readers at once may be refused");
    }
    assert_eq!(app.count("select count(*) from remittances").await, 2);
    assert_eq!(app.count("select count(*) from remittance_rows where outcome = 'remitted'").await, 2);
    assert_eq!(app.count("select count(*) from ledger_entries where credit = 'carrier_cash'").await, 2);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_list_nobody_can_read_changes_nothing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let wrong =
        hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD\nEA-1,12.34\nEA-2,\n").await.refused(422, "invalid");
    assert_eq!((&wrong["errors"][0]["at"], &wrong["errors"][1]["at"]), (&json!("B2"), &json!("B3")));
    hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,Tên\nEA-1,a\n").await.refused(422, "sheet-columns");
    hand_in(&stall.owner, &stall, "carrier=GHN&date=2026-11-22", "Mã vận đơn,COD\n").await.refused(422, "invalid");
    assert_eq!(app.count("select count(*) from remittances").await, 0);
    app.finish().await;
}
