//! Saved addresses.

use serde_json::{Value, json};

use crate::support::sellers::commune_of;
use crate::support::{HA_NOI, LAI_CHAU, TEA, TestApp};

fn address(street: &str) -> Value {
    json!({ "recipient": "Hoa", "phone": "0912 345 678", "commune": commune_of(HA_NOI), "street": street })
}

#[tokio::test]
async fn one_address_is_the_usual_one_whatever_happens_to_the_others() {
    let app = TestApp::new().await;
    let buyer = app.account("Hoa").await;
    let first = buyer.post("/v1/addresses", address("Số 1")).await.ok();
    let second = buyer.post("/v1/addresses", address("Số 2")).await.ok();
    assert_eq!((&first["is_default"], &second["is_default"]), (&json!(true), &json!(false)));
    let mut third = address("Số 3");
    third["is_default"] = json!(true);
    let third = buyer.post("/v1/addresses", third).await.ok();
    let usual = async || {
        let all = buyer.get("/v1/addresses").await.ok();
        let all = all.as_array().unwrap().clone();
        let usual: Vec<&Value> = all.iter().filter(|one| one["is_default"] == true).collect();
        assert_eq!(usual.len(), 1);
        usual[0]["street"].clone()
    };
    assert_eq!(usual().await, "Số 3");
    assert_eq!(buyer.delete(&format!("/v1/addresses/{}", third["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(usual().await, "Số 1");
    let mut moved = address("Số 2, ngõ 5");
    moved["is_default"] = json!(true);
    buyer.put(&format!("/v1/addresses/{}", second["id"].as_str().unwrap()), moved).await.ok();
    assert_eq!(usual().await, "Số 2, ngõ 5");
    let mut nowhere = address("Số 4");
    nowhere["commune"] = json!("99999");
    buyer.post("/v1/addresses", nowhere).await.refused(422, "invalid");
    for number in 0..18 {
        buyer.post("/v1/addresses", address(&format!("Ngõ {number}"))).await.ok();
    }
    buyer.post("/v1/addresses", address("Số 21")).await.refused(409, "addresses-full");
    app.finish().await;
}

#[tokio::test]
async fn a_checkout_takes_the_address_it_names_or_the_usual_one() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, other) = (app.account("Hoa").await, app.account("Lan").await);
    let lines = json!([{ "variant_id": tea.variant, "quantity": 1 }]);
    let none = buyer.post("/v1/checkouts", json!({ "lines": lines })).await.refused(422, "invalid");
    assert_eq!(none["errors"][0]["at"], "address_id");
    buyer.post("/v1/addresses", address("Số 1")).await.ok();
    let second = buyer.post("/v1/addresses", address("Số 2")).await.ok();
    let usual = buyer.post("/v1/checkouts", json!({ "lines": lines })).await.ok();
    assert_eq!((&usual["street"], &usual["phone"]), (&json!("Số 1"), &json!("+84912345678")));
    let named = json!({ "lines": lines, "address_id": second["id"] });
    assert_eq!(buyer.post("/v1/checkouts", named.clone()).await.ok()["street"], "Số 2");
    other.post("/v1/checkouts", named.clone()).await.refused(422, "invalid");
    let mut both = named;
    both["street"] = json!("Số 3");
    buyer.post("/v1/checkouts", both).await.refused(422, "invalid");
    app.finish().await;
}
