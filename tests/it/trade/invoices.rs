//! Invoices: wanted by the buyer, issued and recorded by the shop.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{LAI_CHAU, TEA, TestApp, order_form};

#[tokio::test]
async fn a_shop_records_the_invoice_its_buyer_wants() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let mut form = order_form(&[(&tea, 1)]);
    form["invoice"] = json!({
        "name": "Công ty Chè", "tax_code": "0100109107", "email": "ke-toan@example.vn", "address": "1 phố Huế, Hà Nội",
    });
    let refused = buyer.post("/v1/checkouts", form.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "invoice.tax_code");
    form["invoice"]["tax_code"] = json!("0100109106");
    let quote = buyer.post("/v1/checkouts", form).await.ok();
    let placed = buyer.place(&quote, "one").await.ok();
    let order = placed["orders"][0]["id"].as_str().unwrap();
    let (mine, shops) =
        (format!("/v1/orders/{order}/invoice"), format!("/v1/shops/{}/orders/{order}/invoice", stall.id));
    assert_eq!(stall.owner.get(&shops).await.ok()["tax_code"], "0100109106");
    app.clock.advance(TimeDelta::minutes(15));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    assert!(letter.contains("Người mua yêu cầu xuất hóa đơn."), "{letter}");
    let shown = async |order: &str| stall.owner.get(&format!("/v1/shops/{}/orders/{order}", stall.id)).await.ok();
    let promised = shown(order).await;
    let quoted = &quote["parts"][0];
    assert_eq!(promised["invoice_wanted"], true);
    assert_eq!((&promised["days_min"], &promised["days_max"]), (&quoted["days_min"], &quoted["days_max"]));
    assert_eq!(buyer.get(&mine).await.ok()["number"], json!(null));
    for day in ["2026-11-20", "2026-11-22"] {
        let wrong = json!({ "number": "1C26THT-1", "issued_on": day });
        stall.owner.put(&shops, wrong).await.refused(422, "invalid");
    }
    for number in ["1C26THT-1", "1C26THT-2"] {
        stall.owner.put(&shops, json!({ "number": number, "issued_on": "2026-11-21" })).await.ok();
    }
    let seen = buyer.get(&mine).await.ok();
    assert_eq!((&seen["number"], &seen["issued_on"]), (&json!("1C26THT-2"), &json!("2026-11-21")));

    let without = buyer.buy(&[(&tea, 1)]).await.remove(0);
    assert_eq!(shown(&without).await["invoice_wanted"], false);
    app.clock.advance(TimeDelta::minutes(15));
    app.run_jobs().await;
    let letter = app.last_message(stall.owner.contact()).await;
    assert!(!letter.contains("hóa đơn"), "{letter}");
    let shops = format!("/v1/shops/{}/orders/{without}/invoice", stall.id);
    let issued = json!({ "number": "1C26THT-3", "issued_on": "2026-11-21" });
    stall.owner.put(&shops, issued).await.refused(409, "invoice-not-wanted");
    app.finish().await;
}

#[tokio::test]
async fn a_person_gives_a_personal_id_which_only_they_and_who_issues_the_invoice_see() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, packer) = (app.account("Hoa").await, app.account("Người gói hàng").await);
    app.joins(&stall, &packer).await;
    let mut form = order_form(&[(&tea, 1)]);
    form["invoice"] = json!({ "name": "Lò Thị Hoa", "tax_code": "999090000001", "email": "hoa@example.vn" });
    let refused = buyer.post("/v1/checkouts", form.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "invoice.tax_code");
    form["invoice"]["tax_code"] = json!("012 190 000 001");
    let quote = buyer.post("/v1/checkouts", form).await.ok();
    let placed = buyer.place(&quote, "one").await.ok();
    let order = placed["orders"][0]["id"].as_str().unwrap();
    let shops = format!("/v1/shops/{}/orders/{order}/invoice", stall.id);
    let seen = stall.owner.get(&shops).await.ok();
    assert_eq!((&seen["tax_code"], &seen["address"]), (&json!("012190000001"), &json!(null)));
    assert_eq!(buyer.get(&format!("/v1/orders/{order}/invoice")).await.ok()["tax_code"], "012190000001");
    packer.get(&shops).await.refused(403, "not-your-function");
    // Who issues it has read it once, which is on record.
    let issued = json!({ "number": "1C26THT-9", "issued_on": "2026-11-21" });
    let issued = stall.owner.put(&shops, issued).await.ok();
    assert_eq!(issued["number"], "1C26THT-9");
    let read = "select count(*) from audit_entries
                 where facts->>'id_data' = 'read' and permission = 'shop.money' and provinces = array['12']";
    assert_eq!(app.count(read).await, 1);
    let readable = "select count(*) from invoice_requests
                     where tax_code is not null or position('190000001'::bytea in personal_id_sealed) > 0";
    assert_eq!(app.count(readable).await, 0);
    app.clock.advance(TimeDelta::minutes(15));
    app.run_jobs().await;
    app.finish().await;
}
