//! A shop's inbox.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn the_inbox_says_until_when_and_then_why_in_the_readers_language() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let waiting = shop.get(&shop.path("/cases")).await.ok()["items"][0].clone();
    assert_eq!(waiting["status"], "open");
    assert_eq!(waiting["kind"], "seller_application");
    assert_eq!(waiting["verdict"], Value::Null);
    // Saturday 21 November: three working days end with Wednesday 25 November in Viet Nam.
    assert_eq!(waiting["due_at"], "2026-11-25T17:00:00Z");

    app.clock.advance(TimeDelta::hours(5));
    let verdict = json!({
        "verdict": "request_changes",
        "reason_codes": ["seller.paper_unreadable", "seller.identity_mismatch"],
        "words": "Xin chụp lại giấy đăng ký.",
    });
    let path = format!("/admin/v1/cases/{}/verdict", waiting["id"].as_str().unwrap());
    reviewer.put(&path, verdict).await.ok();
    let decided = shop.get(&shop.path("/cases")).await.ok()["items"][0].clone();
    assert_eq!(decided["status"], "decided");
    assert_eq!(decided["verdict"], "request_changes");
    assert_eq!(decided["words"], "Xin chụp lại giấy đăng ký.");
    assert_eq!(decided["decided_at"], "2026-11-21T07:00:00Z");
    assert_eq!(decided["reasons"][1], json!({ "code": "seller.paper_unreadable", "text": "Giấy tờ không đọc được" }));
    assert!(!decided.to_string().contains(&reviewer.account().to_string()), "officers are not named");
    let english = shop.get_with(&shop.path("/cases"), &[("accept-language", "en")]).await.ok();
    assert_eq!(english["items"][0]["reasons"][1]["text"], "A paper cannot be read");

    let letter = app.last_message(shop.contact()).await;
    assert!(letter.contains("cần được bổ sung") && letter.contains("needs changes"), "{letter}");
    app.finish().await;
}

#[tokio::test]
async fn the_inbox_turns_its_pages_newest_first_for_members_only() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    for _ in 0..4 {
        shop.delete(&shop.path("/submission")).await.ok();
        app.clock.advance(TimeDelta::minutes(1));
        shop.post(&shop.path("/submission"), json!({})).await.ok();
    }
    let mut seen = Vec::new();
    let mut path = shop.path("/cases?limit=2");
    loop {
        let page = shop.get(&path).await.ok();
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|case| case["opened_at"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = shop.path(&format!("/cases?limit=2&after={next}"));
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|earlier, later| earlier > later), "{seen:?}");

    let other = app.submitted_shop(LAI_CHAU).await;
    let cursor = shop.get(&shop.path("/cases?limit=2")).await.ok()["next"].as_str().unwrap().to_owned();
    other.get(&other.path(&format!("/cases?limit=2&after={cursor}"))).await.refused(422, "invalid");
    other.get(&shop.path("/cases")).await.refused(404, "not-found");
    app.member(&shop, MemberRole::Packer).await.get(&shop.path("/cases")).await.ok();
    app.finish().await;
}
