//! Banks, and the account a shop is paid to.

use chrono::TimeDelta;
use ocop_market::kernel::{OrderId, PaymentId};
use ocop_market::trade::payments::transfers;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{BIN, Market, NUMBER, account};
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn anybody_sees_the_banks() {
    let app = TestApp::new().await;
    let banks = app.anyone().get("/v1/banks").await.ok();
    let banks = banks.as_array().unwrap();
    assert!(banks.len() > 50);
    let ours = banks.iter().find(|bank| bank["bin"] == BIN).unwrap();
    assert_eq!(ours["short_name"], "Agribank");
    app.finish().await;
}

#[tokio::test]
async fn a_changed_account_waits_a_day_and_everybody_of_the_shop_is_told() {
    let market = Market::open().await;
    let (app, owner) = (&market.app, &market.stall.owner);
    let path = market.shop("/bank_account");
    let set = owner.get(&path).await.ok();
    assert_eq!((&set["current"]["number_last"], &set["pending"]), (&json!("3456"), &Value::Null));
    assert!(!set.to_string().contains(NUMBER), "{set}");
    assert_eq!(market.set_account(NUMBER).await.ok(), set, "the second click changes nothing");

    let changed = market.set_account("1900 5555 777").await.ok();
    assert_eq!(changed["current"], set["current"]);
    assert_eq!(changed["pending"]["number_last"], "5777");
    let letter = app.last_message(owner.contact()).await;
    assert!(letter.contains("•5777") && !letter.contains("19005555777"), "{letter}");
    app.clock.advance(TimeDelta::hours(23));
    assert_eq!(owner.get(&path).await.ok()["current"]["number_last"], "3456");
    app.clock.advance(TimeDelta::hours(1));
    let now = owner.get(&path).await.ok();
    assert_eq!((&now["current"]["number_last"], &now["pending"]), (&json!("5777"), &Value::Null));
    assert_eq!(app.count("select count(*) from bank_accounts").await, 2);
    market.close().await;
}

#[tokio::test]
async fn the_former_account_set_again_takes_a_change_back() {
    let market = Market::open().await;
    market.set_account("19005555777").await.ok();
    let replaced = market.set_account("19005555888").await.ok();
    assert_eq!(replaced["pending"]["number_last"], "5888");
    let kept = market.set_account(NUMBER).await.ok();
    assert_eq!((&kept["current"]["number_last"], &kept["pending"]), (&json!("3456"), &Value::Null));
    market.app.clock.advance(TimeDelta::hours(25));
    let later = market.stall.owner.get(&market.shop("/bank_account")).await.ok();
    assert_eq!((&later["current"]["number_last"], &later["pending"]), (&json!("3456"), &Value::Null));
    market.close().await;
}

#[tokio::test]
async fn an_account_is_the_shops_own_at_a_bank_of_the_list() {
    let market = Market::open().await;
    let (app, owner, path) = (&market.app, &market.stall.owner, market.shop("/bank_account"));
    for (field, wrong) in [("holder", "NGUYEN VAN A"), ("bin", "999999")] {
        let mut form = account(NUMBER);
        form[field] = json!(wrong);
        let refused = owner.put(&path, form).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], field);
    }
    let mut form = account(NUMBER);
    form["number"] = json!("12");
    owner.put(&path, form).await.refused(422, "invalid");

    let packer = app.account("Người đóng gói").await;
    app.joins(&market.stall, &packer).await;
    assert_eq!(packer.get(&path).await.ok()["current"]["number_last"], "3456");
    packer.put(&path, account(NUMBER)).await.refused(403, "not-your-function");
    let in_clear = app
        .count("select count(*) from bank_accounts where position('7800205123456'::bytea in number_sealed) > 0")
        .await;
    assert_eq!(in_clear, 0);
    market.close().await;
}

#[tokio::test]
async fn a_shop_without_account_cannot_be_paid_so() {
    let market = Market::open().await;
    let other = market.app.stall("Nhà vườn Ba Đình", LAI_CHAU).await;
    let order = market.order().await;
    let (order, now): (OrderId, _) = (order.id.parse().unwrap(), market.app.clock.now());
    let freeze =
        async |conn: &mut PgConnection| transfers::freeze(conn, &[(order, PaymentId::new(now), other.id)], now).await;
    let refused = market.app.app.db.act(freeze).await.unwrap_err();
    let code = "no-bank-account";
    assert!(refused.is(&transfers::NO_BANK_ACCOUNT), "not {code}: {refused:?}");
    market.close().await;
}
