//! What the marketplace attests: for which criteria, the shop's address, its sales.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ocop_market::config::PublicUrl;
use serde_json::{Value, json};

use crate::support::sellers::commune_of;
use crate::support::{Actor, HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware, order_form};

const SHEETS: &str = include_str!("../../../src/market/assessment/data/ocop_criteria.csv");

#[tokio::test]
async fn evidence_is_offered_for_exactly_the_options_that_name_e_commerce() {
    let app = TestApp::new().await;
    let named: BTreeSet<(i16, String, String)> = csv::Reader::from_reader(SHEETS.as_bytes())
        .records()
        .map(Result::unwrap)
        .filter(|line| line[5].to_lowercase().contains("thương mại điện tử"))
        .map(|line| (line[0].parse().unwrap(), line[4].to_owned(), line[3].to_owned()))
        .collect();
    assert_eq!(named.len(), 23);
    for kind in ["shop_link", "sales_certificate"] {
        let rows: Vec<(i16, String, String)> = app
            .app
            .db
            .see(async |conn| {
                let rows = "select set_no, criterion, option from criterion_evidence where kind = $1";
                Ok(sqlx::query_as(rows).bind(kind).fetch_all(conn).await?)
            })
            .await
            .unwrap();
        assert_eq!(rows.len(), named.len());
        assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), named, "{kind}");
    }
    app.finish().await;
}

#[test]
fn a_public_address_is_a_bare_one() {
    for (typed, whole) in [
        ("https://cho.example.vn", "https://cho.example.vn/v1"),
        ("https://cho.example.vn/", "https://cho.example.vn/v1"),
        ("http://localhost:8080", "http://localhost:8080/v1"),
    ] {
        assert_eq!(typed.parse::<PublicUrl>().unwrap().of("/v1"), whole);
    }
    for wrong in [
        "",
        "cho.example.vn",
        "ftp://cho.example.vn",
        "https://cho.example.vn/san",
        "https://a@b.vn",
        "https://b.vn/?a",
    ] {
        assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn an_approved_shop_has_an_address_to_show() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let path = format!("/v1/shops/{}/evidence/shop_link", stall.id);
    let link = stall.owner.get(&path).await.ok();
    let page = format!("/v1/sellers/{}", stall.slug);
    assert_eq!((&link["path"], &link["url"]), (&json!(page), &Value::Null));
    assert_eq!((&link["listings"], &link["since"]), (&json!(0), &Value::Null));
    app.anyone().get(&page).await.ok();

    let began = app.clock.now();
    app.shelve(&stall, TEA).await;
    app.clock.advance(TimeDelta::days(1));
    app.shelve(&stall, HONEY).await;
    let link = stall.owner.get(&path).await.ok();
    assert_eq!((&link["listings"], &link["since"]), (&json!(2), &json!(began)));
    app.sql("update sellers set status = 'suspended'").await;
    stall.owner.get(&path).await.refused(409, "shop-not-approved");
    app.finish().await;
}

/// Orders one pack to the province and has it delivered.
async fn delivered(buyer: &Actor, stall: &Stall, ware: &Ware, quantity: i32, province: &str) -> String {
    let mut form = order_form(&[(ware, quantity)]);
    form["commune"] = json!(commune_of(province));
    let quote = buyer.post("/v1/checkouts", form).await.ok();
    let placed = buyer.place(&quote, quote["id"].as_str().unwrap()).await.ok();
    let order = placed["orders"][0]["id"].as_str().unwrap().to_owned();
    stall.deliver(&order).await;
    order
}

async fn certify(stall: &Stall, from: &str, to: &str) -> crate::support::Answer {
    let path = format!("/v1/shops/{}/sales_certificates", stall.id);
    stall.owner.post(&path, json!({ "from": from, "to": to })).await
}

#[tokio::test]
async fn a_sales_certificate_counts_what_was_delivered_and_names_nobody() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let other = app.stall("Hợp tác xã Sìn Hồ", LAI_CHAU).await;
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&stall, HONEY).await);
    let theirs = app.shelve(&other, TEA).await;
    let buyer = app.account("Hoa").await;
    delivered(&buyer, &stall, &tea, 2, HA_NOI).await;
    delivered(&buyer, &other, &theirs, 5, HA_NOI).await;
    let cancelled = buyer.buy(&[(&tea, 3)]).await.remove(0);
    buyer.turn(&cancelled, "cancellation").await.ok();
    buyer.buy(&[(&tea, 1)]).await;
    app.clock.advance(TimeDelta::days(9));
    app.run_jobs().await;
    // 30 November, late in the evening in Viet Nam, and a day later.
    app.clock.advance(TimeDelta::hours(14));
    delivered(&buyer, &stall, &honey, 1, LAI_CHAU).await;
    app.clock.advance(TimeDelta::hours(2));
    delivered(&buyer, &stall, &tea, 1, LAI_CHAU).await;

    let certificate = certify(&stall, "2026-11-01", "2026-12-01").await.ok();
    let figures = &certificate["statement"]["figures"];
    assert_eq!(figures["delivered"], json!({ "orders": 3, "quantity": 4, "goods_vnd": 3 * 185_000 + 320_000 }));
    assert_eq!(
        figures["destinations"],
        json!({ "provinces": 2, "orders_outside": 1, "goods_outside_vnd": 2 * 185_000, "outside_bp": 3333 })
    );
    let sold = figures["products"].as_array().unwrap().iter();
    let sold: Vec<_> = sold.map(|it| format!("{} {} {}", it["month"], it["title"], it["quantity"])).collect();
    let expected =
        [r#""2026-11" "Mật ong bạc hà" 1"#, r#""2026-11" "Trà Shan tuyết" 2"#, r#""2026-12" "Trà Shan tuyết" 1"#];
    assert_eq!(sold, expected);
    let november = certify(&stall, "2026-11-01", "2026-11-30").await.ok();
    assert_eq!(november["statement"]["figures"]["delivered"]["orders"], 2);
    let before = certify(&stall, "2026-01-01", "2026-10-31").await.ok();
    assert_eq!(before["statement"]["figures"]["destinations"]["outside_bp"], Value::Null);

    let id = certificate["statement"]["id"].as_str().unwrap();
    let checked = app.anyone().get(&format!("/v1/sales_certificates/{id}")).await.ok();
    assert_eq!((&checked, &checked["intact"]), (&certificate, &json!(true)));
    let printed = app.anyone().get(&format!("/v1/sales_certificates/{id}/document")).await;
    let page = String::from_utf8(printed.bytes.to_vec()).unwrap();
    let digest = certificate["digest"].as_str().unwrap();
    for shown in [id, digest, "Hợp tác xã Mường Than", "Tỉnh Lai Châu", "875.000", "33,33 %"] {
        assert!(page.contains(shown), "{shown} is not on {page}");
    }
    for text in [&page, &checked.to_string()] {
        assert!(!text.contains("Nguyễn Thị Hoa") && !text.contains("912345678") && !text.contains("Phan Đình Phùng"));
    }
    let own = stall.owner.get(&format!("/v1/shops/{}/sales_certificates?limit=2", stall.id)).await.ok();
    assert_eq!(
        (&own["items"][0]["id"], &own["items"][1]["id"]),
        (&before["statement"]["id"], &november["statement"]["id"])
    );
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_certificate_somebody_changed_is_found_out() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã <b>Mường</b> Than", LAI_CHAU).await;
    let certificate = certify(&stall, "2026-01-01", "2026-11-20").await.ok();
    let other = certify(&stall, "2026-01-01", "2026-11-20").await.ok();
    assert_ne!(certificate["digest"], other["digest"], "each has its own");
    let path = format!("/v1/sales_certificates/{}", certificate["statement"]["id"].as_str().unwrap());
    app.sql(
        "alter table sales_certificates disable trigger user;
         update sales_certificates set statement = replace(statement, '\"orders\":0', '\"orders\":9');",
    )
    .await;
    let checked = app.anyone().get(&path).await.ok();
    assert_eq!((&checked["intact"], &checked["digest"]), (&json!(false), &certificate["digest"]));
    let page = app.anyone().get(&format!("{path}/document")).await;
    let page = String::from_utf8(page.bytes.to_vec()).unwrap();
    assert!(page.contains("Không hợp lệ") && page.contains("&lt;b&gt;Mường&lt;/b&gt;"), "{page}");
    app.anyone().get(&format!("/v1/sales_certificates/{}", stall.id)).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn a_period_ends_by_today_and_a_day_has_enough_certificates() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    for (from, to, at) in
        [("2026-11-01", "2026-11-22", "to"), ("2026-11-02", "2026-11-01", "from"), ("2023-11-21", "2026-11-21", "from")]
    {
        let refused = certify(&stall, from, to).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{from} {to}");
    }
    for _ in 0..20 {
        certify(&stall, "2023-11-22", "2026-11-21").await.ok();
    }
    let refused = certify(&stall, "2026-11-21", "2026-11-21").await;
    assert_eq!(refused.header("retry-after"), Some("54000"), "nine in the morning: fifteen hours are left");
    refused.refused(429, "sales-certificates-full");
    app.clock.advance(TimeDelta::hours(15));
    certify(&stall, "2026-11-21", "2026-11-21").await.ok();
    app.finish().await;
}
