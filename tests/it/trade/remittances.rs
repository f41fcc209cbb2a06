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
        (&json!(220_000), &json!(12_000), &json!(4))
    );
    assert_eq!(list["lines"][1]["expected_vnd"], 220_000);
    let payment = async |order: &str| buyer.get(&format!("/v1/orders/{order}")).await.ok()["payment"]["status"].clone();
    assert_eq!(payment(&fits).await, "remitted");
    assert_eq!(payment(&differs).await, "collected");
    // The carrier owes nothing more of it; the shop has it, less the fee.
    let received = "select coalesce(sum(amount_vnd), 0)::bigint from ledger_entries
                     where credit = 'carrier_cash:vnpost' and debit like 'seller_cash:%'";
    let kept = "select coalesce(sum(amount_vnd), 0)::bigint from ledger_entries
                 where credit = 'carrier_cash:vnpost' and debit like 'carrier_fees:%'";
    assert_eq!((app.count(received).await, app.count(kept).await), (208_000, 12_000));

    // The same file is the same list, and looks again at what did not fit.
    stall.turn(&waits, "delivery").await.ok();
    let again = hand_in(&stall.owner, &stall, OF_DAY, file).await.ok();
    assert_eq!(again["id"], list["id"]);
    assert_eq!(outcomes(&again)[2], ("remitted", None));
    assert_eq!(outcomes(&again)[0], ("remitted", None));
    assert_eq!((app.count(received).await, app.count(kept).await), (416_000, 24_000));
    // Another file cannot bring the same cash.
    let other = hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD\nEA-0001,220000\n").await.ok();
    assert_eq!(outcomes(&other), [("remitted_before", Some("A2"))]);
    assert_eq!((app.count(received).await, app.count(kept).await), (416_000, 24_000));

    let lists = stall.owner.get(&format!("/v1/shops/{}/remittances?limit=1", stall.id)).await.ok();
    assert_eq!(lists["items"][0]["id"], other["id"]);
    let one = stall.owner.get(&format!("/v1/shops/{}/remittances/{}", stall.id, list["id"].as_str().unwrap())).await;
    assert_eq!(one.ok(), again);
    app.run_jobs().await;
    app.books_agree().await;
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
    assert_eq!(app.count("select count(*) from ledger_entries where credit = 'carrier_cash:vnpost'").await, 2);
    app.run_jobs().await;
    app.books_agree().await;
    app.finish().await;
}

/// What the shop sold is what it has, less what the carrier kept or never brought.
async fn explained(stall: &Stall) {
    let statement = stall.owner.get(&format!("/v1/shops/{}/statement", stall.id)).await.ok();
    let rows = statement["rows"].as_array().unwrap();
    let column = |name: &str| rows.iter().map(|row| row[name].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!(column("fees_vnd"), [12_000, 0, 0]);
    assert_eq!(column("corrections_vnd"), [-20_000, 0, 10_000]);
    assert_eq!(column("received_directly_vnd"), [188_000, 220_000, 230_000]);
}

#[tokio::test]
async fn what_no_list_brings_is_outstanding_until_the_shop_says_what_it_got() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    for code in ["EA-0001", "EA-0002", "EA-0003"] {
        shipped(&stall, &buyer, &tea, code, true).await;
    }
    let waits = shipped(&stall, &buyer, &tea, "EA-0004", false).await;
    let shop = format!("/v1/shops/{}", stall.id);
    let outstanding =
        async |query: &str| stall.owner.get(&format!("{shop}/outstanding_cash{query}")).await.ok()["items"].clone();
    let all = outstanding("?carrier=VNPOST").await;
    let codes = |items: &Value| -> Vec<String> {
        items.as_array().unwrap().iter().map(|it| it["tracking_code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&all), ["EA-0001", "EA-0002", "EA-0003"], "the oldest first, and nothing under way");
    let owed = stall.owner.get(&format!("{shop}/outstanding_cash/carriers")).await.ok();
    assert_eq!(
        (&owed[0]["carrier"], &owed[0]["parcels"], &owed[0]["amount_vnd"]),
        (&json!("VNPost"), &json!(3), &json!(660_000))
    );
    assert_eq!(outstanding("?carrier=GHN").await, json!([]));
    let page = stall.owner.get(&format!("{shop}/outstanding_cash?limit=2")).await.ok();
    assert_eq!(codes(&outstanding(&format!("?limit=2&after={}", page["next"].as_str().unwrap())).await), ["EA-0003"]);

    // The carrier names less than it collected, which the shop takes, with the fee it kept.
    let list = hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD,Phí\nEA-0001,200000,12000\n").await.ok();
    assert_eq!((&list["differences"], &outstanding("").await[0]["listed_vnd"]), (&json!(1), &json!(200_000)));
    let of = async |parcel: &Value, receipt: Value| {
        let path = format!("{shop}/parcels/{}/cash_receipt", parcel["parcel_id"].as_str().unwrap());
        stall.owner.put(&path, receipt).await
    };
    let short = json!({ "received_vnd": 188_000, "fee_vnd": 12_000 });
    let why = of(&all[0], short.clone()).await.refused(422, "invalid");
    assert_eq!((&why["errors"][0]["at"], &why["difference_vnd"]), (&json!("words"), &json!(20_000)));
    let mut told = short;
    told["words"] = json!("Bưu cục đòi thêm phí thu hộ");
    let noted = of(&all[0], told.clone()).await.ok();
    assert_eq!((&noted["collected_vnd"], &noted["difference_vnd"]), (&json!(220_000), &json!(20_000)));
    assert_eq!(of(&all[0], told.clone()).await.ok(), noted, "the same again is the same");
    // A slip of the pen is put right, as often as it takes.
    of(&all[0], json!({ "received_vnd": 20_500 })).await.refused(422, "invalid");
    of(&all[0], json!({ "received_vnd": 220_000 })).await.ok();
    let noted = of(&all[0], told).await.ok();
    assert_eq!(noted["difference_vnd"], 20_000);
    let path = format!("{shop}/parcels/{}/cash_receipt", all[0]["parcel_id"].as_str().unwrap());
    assert_eq!(stall.owner.get(&path).await.ok(), noted);
    // A driver brings the next by hand: nothing to explain; and somebody gives too much.
    of(&all[1], json!({ "received_vnd": 220_000 })).await.ok();
    of(&all[2], json!({ "received_vnd": 230_000, "words": "Bưu tá đưa thừa" })).await.ok();
    assert_eq!(outstanding("").await, json!([]));
    let id = list["id"].as_str().unwrap();
    let again = stall.owner.get(&format!("{shop}/remittances/{id}")).await.ok();
    assert_eq!((&again["differences"], outcomes(&again)), (&json!(0), vec![("settled", None)]));
    let late = hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD\nEA-0002,220000\n").await.ok();
    assert_eq!(outcomes(&late), [("remitted_before", Some("A2"))]);

    let waits = buyer.get(&format!("/v1/orders/{waits}")).await.ok();
    of(&json!({ "parcel_id": waits["parcels"][0]["id"] }), json!({ "received_vnd": 220_000 }))
        .await
        .refused(409, "no-cash-outstanding");
    explained(&stall).await;
    app.run_jobs().await;
    app.books_agree().await;
    app.finish().await;
}

#[tokio::test]
async fn a_parcel_without_cash_may_cost_a_fee_each_day_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let refused = shipped(&stall, &buyer, &tea, "EA-0001", false).await;
    for step in ["refusal", "refusal/receipt"] {
        stall.turn(&refused, step).await.ok();
    }
    let twice = "Mã vận đơn,COD,Phí\nEA-0001,0,18000\nEA-0001,0,18000\n";
    let list = hand_in(&stall.owner, &stall, OF_DAY, twice).await.ok();
    assert_eq!(outcomes(&list), [("fee_only", None), ("fee_before", Some("A3"))]);
    assert_eq!(list["fees_vnd"], 18_000, "what is not in the books is not in the sum");
    let once = "Mã vận đơn,COD,Phí\nEA-0001,0,18000\n";
    let other = hand_in(&stall.owner, &stall, OF_DAY, once).await.ok();
    assert_eq!(outcomes(&other), [("fee_before", Some("A2"))]);
    assert_eq!(hand_in(&stall.owner, &stall, OF_DAY, twice).await.ok(), list);
    // The way back, on another list of another day; and the file of one carrier is no other's.
    let back = "Mã vận đơn,COD,Phí\nEA-0001,0,9000\n";
    let list = hand_in(&stall.owner, &stall, "carrier=VN%20Post&date=2026-11-20", back).await.ok();
    assert_eq!(outcomes(&list), [("fee_only", None)]);
    let wrong = hand_in(&stall.owner, &stall, "carrier=GHN&date=2026-11-20", back).await.refused(422, "invalid");
    assert_eq!(wrong["errors"][0]["at"], "carrier");
    let statement = stall.owner.get(&format!("/v1/shops/{}/statement", stall.id)).await.ok();
    let row = &statement["rows"][0];
    assert_eq!((&row["fees_vnd"], &row["received_directly_vnd"]), (&json!(27_000), &json!(-27_000)));
    let claimed = hand_in(&stall.owner, &stall, OF_DAY, "Mã vận đơn,COD\nEA-0001,220000\n").await.ok();
    assert_eq!(outcomes(&claimed), [("no_cash", Some("B2"))]);
    app.run_jobs().await;
    app.books_agree().await;
    app.finish().await;
}

#[tokio::test]
async fn cash_of_a_lost_parcel_that_turned_up_is_its_carriers_whatever_was_sent_after_it() {
    for fee_first in [true, false] {
        let app = TestApp::new().await;
        let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
        let tea = app.shelve(&stall, TEA).await;
        let buyer = app.account("Hoa").await;
        let order = shipped(&stall, &buyer, &tea, "EA-0001", false).await;
        app.sql("update parcels set status = 'lost', ended_at = shipped_at").await;
        let list = "Mã vận đơn,COD,Phí\nEA-0001,0,22000\n";
        if fee_first {
            assert_eq!(outcomes(&hand_in(&stall.owner, &stall, OF_DAY, list).await.ok()), [("fee_only", None)]);
        }
        // The buyer has it after all, and has paid for it.
        buyer.turn(&order, "delivery").await.ok();
        let all = stall.owner.get(&format!("/v1/shops/{}/outstanding_cash", stall.id)).await.ok();
        assert_eq!((&all["items"][0]["carrier"], &all["items"][0]["amount_vnd"]), (&json!("VNPost"), &json!(220_000)));
        let parcel = all["items"][0]["parcel_id"].as_str().unwrap();
        let path = format!("/v1/shops/{}/parcels/{parcel}/cash_receipt", stall.id);
        stall.owner.put(&path, json!({ "received_vnd": 220_000 })).await.ok();
        if !fee_first {
            let late = hand_in(&stall.owner, &stall, OF_DAY, list).await.ok();
            assert_eq!(outcomes(&late), [("remitted_before", Some("A2"))]);
        }
        app.run_jobs().await;
        app.books_agree().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn a_lost_parcel_may_cost_a_fee_though_the_next_one_brought_the_cash() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = shipped(&stall, &buyer, &tea, "EA-0001", false).await;
    app.sql("update parcels set status = 'lost', ended_at = shipped_at").await;
    let parcel = json!({ "carriage": { "handed_over": { "carrier": "VNPost", "tracking_code": "EA-0002" } } });
    let path = format!("/v1/shops/{}/orders/{order}/parcels", stall.id);
    let headers = [("idempotency-key", "hai"), ("content-type", "application/json")];
    stall.owner.send(Method::POST, &path, &headers, parcel.to_string().into()).await.ok();
    buyer.turn(&order, "delivery").await.ok();
    let file = "Mã vận đơn,COD,Phí\nEA-0002,220000,12000\nEA-0001,0,18000\n";
    let list = hand_in(&stall.owner, &stall, OF_DAY, file).await.ok();
    assert_eq!(outcomes(&list), [("remitted", None), ("fee_only", None)]);
    let other_day = hand_in(&stall.owner, &stall, "carrier=VNPost&date=2026-11-20", file).await.refused(422, "invalid");
    assert_eq!(other_day["errors"][0]["at"], "date");
    app.run_jobs().await;
    app.books_agree().await;
    app.finish().await;
}

#[tokio::test]
async fn the_cash_parcel_of_an_order_under_way_is_noted_with_the_whole_order() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let order = buyer.buy(&[(&tea, 2)]).await.remove(0);
    stall.turn(&order, "acceptance").await.ok();
    let packed = stall.turn(&order, "packing").await.ok();
    let shop = format!("/v1/shops/{}/orders/{order}", stall.id);
    let send = async |code: &str| {
        let parcel = json!({
            "carriage": { "handed_over": { "carrier": "VNPost", "tracking_code": code } },
            "lines": [{ "line_id": packed["lines"][0]["id"], "quantity": 1 }],
        });
        let headers = [("idempotency-key", code), ("content-type", "application/json")];
        let body = parcel.to_string().into();
        stall.owner.send(Method::POST, &format!("{shop}/parcels"), &headers, body).await.ok()
    };
    let first = send("EA-0001").await;
    let arrived = json!({ "status": "delivered" });
    let status = |parcel: &Value| format!("{shop}/parcels/{}/status", parcel["id"].as_str().unwrap());
    stall.owner.put(&status(&first), arrived.clone()).await.ok();
    let second = send("EA-0002").await;
    let file = "Mã vận đơn,COD\nEA-0001,405000\n";
    let list = hand_in(&stall.owner, &stall, OF_DAY, file).await.ok();
    assert_eq!(outcomes(&list), [("order_under_way", Some("A2"))]);
    stall.owner.put(&status(&second), arrived).await.ok();
    app.run_jobs().await;
    assert_eq!(outcomes(&hand_in(&stall.owner, &stall, OF_DAY, file).await.ok()), [("remitted", None)]);
    app.books_agree().await;
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
