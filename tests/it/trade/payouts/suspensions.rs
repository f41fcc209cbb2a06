//! The money of shops that are suspended or closed.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{Market, seen};
use crate::support::LAI_CHAU;

#[tokio::test]
async fn what_a_suspended_or_closed_shop_sold_is_its_own_unless_an_authority_keeps_it_closed() {
    let market = Market::open_with_account().await;
    let officer = market.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let suspension = format!("/admin/v1/sellers/{}/suspensions", market.stall.id);
    let reinstatement = format!("/admin/v1/sellers/{}/reinstatement", market.stall.id);
    let by_order = json!({
        "basis": "order", "authority": "Cục Thương mại điện tử và Kinh tế số", "document_number": "77/TMĐT",
        "reason_codes": ["suspension.order"], "words": "Theo văn bản 77/TMĐT.",
    });
    market.sell(180_000).await;
    officer.post(&suspension, by_order).await.ok();
    market.next_week().await;
    assert_eq!(market.payouts().await, Vec::<Value>::new());
    assert_eq!(market.balance(market.balance_of_shop()).await, 180_000);
    officer.put(&reinstatement, json!({ "words": "Đã giải quyết xong." })).await.ok();
    market.next_week().await;
    assert_eq!(seen(&market.payouts().await), [("succeeded", 180_000)]);

    // For a breach of the marketplace's own rules nobody's money is kept: five days' notice, and it takes hold.
    let breach =
        json!({ "basis": "breach", "reason_codes": ["suspension.complaints"], "words": "Khiếu nại chưa trả lời." });
    officer.post(&suspension, breach).await.ok();
    market.app.clock.advance(TimeDelta::days(4));
    market.app.run_jobs().await;
    market.sell(90_000).await;
    market.next_week().await;
    let suspended = "select count(*) from sellers where status = 'suspended'";
    assert_eq!((market.app.count(suspended).await, seen(&market.payouts().await)[0]), (1, ("succeeded", 90_000)));
    officer.put(&reinstatement, json!({ "words": "Đã giải quyết xong." })).await.ok();
    market.sell(70_000).await;
    market.app.sql("update sellers set status = 'closed'").await;
    market.next_week().await;
    assert_eq!(market.sent().await, (340_000, 3));
    market.books_agree().await;
    market.app.finish().await;
}

#[tokio::test]
async fn while_an_authority_keeps_a_shop_closed_nothing_is_sent_again_either() {
    let market = Market::open_with_account().await;
    market.sell(180_000).await;
    market.providers.set_faults("payout_send", &["refuse"]).await;
    market.next_week().await;
    let officer = market.app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let by_order = json!({
        "basis": "order", "authority": "Cục Thương mại điện tử và Kinh tế số", "document_number": "78/TMĐT",
        "reason_codes": ["suspension.order"], "words": "Theo văn bản 78/TMĐT.",
    });
    officer.post(&format!("/admin/v1/sellers/{}/suspensions", market.stall.id), by_order).await.ok();
    let failed = market.payouts().await[0]["id"].as_str().unwrap().to_owned();
    let operator = market.app.operator().await;
    operator.put(&format!("/admin/v1/payouts/{failed}/retry"), json!({})).await.refused(409, "payouts-held");
    market.app.run_jobs().await;
    market.app.finish().await;
}
