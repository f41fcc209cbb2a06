//! Who promises what: shops, provinces, the marketplace, and shops that take part.

use ocop_market::kernel::SellerId;
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::{form, off, offer};
use crate::support::{Actor, HA_NOI, LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_shop_offers_vouchers_and_ends_them_but_never_changes_what_it_promised() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let made = offer(&stall, form("Chè-Tết", off(20_000), json!({ "per_buyer": 1 }))).await;
    assert_eq!((&made["code"], &made["uses"]), (&json!("CHÈ-TẾT"), &json!(0)));
    assert_eq!(made["bearers"], json!({ "platform_bps": 0, "province_bps": 0, "shop_bps": 10_000 }));
    let path = format!("/v1/shops/{}/vouchers", stall.id);
    let twin = form("che tet", off(10_000), json!({}));
    stall.owner.post(&path, twin).await.refused(409, "voucher-code-taken");
    for (at, wrong) in [
        ("discount.amount_vnd", form("SAI-1", off(0), json!({}))),
        ("limits.total", form("SAI-2", off(1), json!({ "total": 0 }))),
        ("valid_to", {
            let mut wrong = form("SAI-3", off(1), json!({}));
            wrong["valid_to"] = json!("2026-11-20");
            wrong
        }),
    ] {
        let refused = stall.owner.post(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    assert_eq!(stall.owner.delete(&one).await.status, 204);
    assert_eq!(stall.owner.delete(&one).await.status, 204);
    let listed = stall.owner.get(&path).await.ok();
    assert_eq!((listed["items"].as_array().unwrap().len(), listed["items"][0]["ended_at"].is_string()), (1, true));
    let changed = app.app.db.act(async |conn| {
        sqlx::query("update vouchers set amount_vnd = 1").execute(conn).await?;
        Ok(())
    });
    assert!(changed.await.is_err(), "a promise was changed");
    app.finish().await;
}

#[tokio::test]
async fn a_programme_is_its_provinces_own_and_the_marketplaces_voucher_the_national_desks() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let neighbour = app.officer(LAO_CAI, OfficerRole::Head).await;
    let operator = app.operator().await;
    let mut programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", off(30_000), json!({ "budget_vnd": 1_000_000 })),
    });
    neighbour.post("/admin/v1/vouchers", programme.clone()).await.refused(404, "not-found");
    let made = head.post("/admin/v1/vouchers", programme.clone()).await.ok();
    let path = format!("/admin/v1/vouchers/{}", made["id"].as_str().unwrap());
    neighbour.get(&path).await.refused(404, "not-found");
    neighbour.delete(&path).await.refused(404, "not-found");
    assert_eq!(head.get(&path).await.ok()["shops"], json!([]));

    programme["voucher"]["code"] = json!("LAI-CHAU-2");
    for (field, value, at) in [
        ("bearers", json!({ "platform_bps": 0, "province_bps": 7_000, "shop_bps": 2_999 }), "bearers"),
        ("bearers", json!({ "platform_bps": 0, "province_bps": 0, "shop_bps": 10_000 }), "bearers.province_bps"),
        ("voucher", form("LAI-CHAU-2", off(30_000), json!({})), "voucher.limits.budget_vnd"),
        ("sellers", json!([SellerId::new(app.clock.now())]), "sellers"),
    ] {
        let mut wrong = programme.clone();
        wrong[field] = value;
        let refused = head.post("/admin/v1/vouchers", wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    programme["bearers"] = json!({ "platform_bps": 5_000, "province_bps": 5_000, "shop_bps": 0 });
    head.post("/admin/v1/vouchers", programme.clone()).await.refused(403, "not-your-function");
    operator.post("/admin/v1/vouchers", programme).await.ok();

    let platforms = json!({
        "bearers": { "platform_bps": 10_000, "province_bps": 0, "shop_bps": 0 },
        "provinces": [LAI_CHAU],
        "voucher": form("SAN-OCOP", off(15_000), json!({})),
    });
    head.post("/admin/v1/vouchers", platforms.clone()).await.refused(403, "not-your-function");
    operator.post("/admin/v1/vouchers", platforms).await.ok();
    let of = async |officer: &Actor| officer.get("/admin/v1/vouchers").await.ok()["items"].as_array().unwrap().len();
    assert_eq!([of(&operator).await, of(&head).await, of(&neighbour).await], [3, 2, 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_bears_a_share_of_a_programme_only_if_it_agrees() {
    let app = TestApp::new().await;
    let (stall, elsewhere) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", off(30_000), json!({ "budget_vnd": 1_000_000 })),
    });
    let made = head.post("/admin/v1/vouchers", programme).await.ok();
    let voucher = made["id"].as_str().unwrap();
    let open = format!("/v1/shops/{}/voucher_programmes", stall.id);
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], false);
    let none = elsewhere.owner.get(&format!("/v1/shops/{}/voucher_programmes", elsewhere.id)).await.ok();
    assert_eq!(none, json!([]));
    let elsewheres = format!("/v1/shops/{}/voucher_programmes/{voucher}", elsewhere.id);
    elsewhere.owner.put(&elsewheres, json!({})).await.refused(404, "not-found");
    for _ in 0..2 {
        assert_eq!(stall.owner.put(&format!("{open}/{voucher}"), json!({})).await.status, 204);
    }
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], true);
    assert_eq!(stall.owner.delete(&format!("{open}/{voucher}")).await.status, 204);
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], false);
    app.finish().await;
}
