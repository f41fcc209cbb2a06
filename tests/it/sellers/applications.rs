//! Shops that ask to be approved: handed in once, decided once, and what stays from then on.

use ocop_market::market::cases::Verdict;
use ocop_market::market::sellers::{NOT_WAITING, SellerStatus};
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::{change, decide, file};
use crate::support::sellers::{commune_of, cooperative};
use crate::support::{Actor, HA_NOI, LAI_CHAU, TestApp};

#[tokio::test]
async fn the_identity_of_a_shop_stays_once_it_was_submitted() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    for approved in [false, true] {
        if approved {
            decide(&app, &shop, json!({ "verdict": "approve" })).await;
        }
        for (field, value) in [
            ("name", json!("Tên khác")),
            ("legal_name", json!("Tên khác")),
            ("representative", json!("Người khác")),
            ("tax_code", json!("0100109106")),
            ("commune_code", json!(commune_of(HA_NOI))),
            ("street", json!("Đường khác")),
        ] {
            let refused = change(&shop, field, value).await.refused(409, "shop-identity-locked");
            assert_eq!(refused["errors"][0]["at"], field);
        }
        change(&shop, "about_vi", json!("Chè Shan tuyết cổ thụ")).await.ok();
    }
    app.finish().await;
}

#[tokio::test]
async fn a_submission_waits_once_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let submission = shop.path("/submission");
    shop.post(&submission, json!({})).await.refused(409, "shop-not-a-draft");
    let paper = file(&shop).await["papers"][0]["id"].as_str().unwrap().to_owned();
    let paper_path = shop.path(&format!("/papers/{paper}"));
    shop.delete(&paper_path).await.refused(409, "shop-locked");

    assert_eq!(shop.delete(&submission).await.ok()["status"], "draft");
    shop.delete(&submission).await.refused(409, "case-not-open");
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert_eq!(reviewer.get("/admin/v1/cases").await.ok()["items"], json!([]));
    shop.delete(&shop.path("/papers/0193f2a4-6c00-7000-8000-000000000001")).await.refused(404, "not-found");
    assert_eq!(shop.delete(&paper_path).await.ok()["papers"], json!([]));
    shop.post(&submission, json!({})).await.refused(422, "shop-incomplete");
    app.finish().await;
}

#[tokio::test]
async fn twins_of_one_submission_open_one_case() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    shop.paper("business_registration").await;
    let mut twins = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (actor, path) = (shop.actor.clone(), shop.path("/submission"));
        twins.spawn(async move { actor.post(&path, json!({})).await.status });
    }
    let mut answers = twins.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(shop.get(&shop.path("/cases")).await.ok()["items"].as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn changes_asked_for_are_made_and_submitted_again_and_a_refusal_is_final() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let words =
        json!({ "verdict": "request_changes", "reason_codes": ["seller.paper_expired"], "words": "Xin bổ sung." });
    decide(&app, &shop, words).await;
    assert_eq!(file(&shop).await["status"], "changes_requested");
    change(&shop, "street", json!("Bản Sin Suối Hồ, cổng chào")).await.ok();
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let words =
        json!({ "verdict": "reject", "reason_codes": ["seller.outside_programme"], "words": "Không thuộc đối tượng." });
    decide(&app, &shop, words).await;
    assert_eq!(file(&shop).await["status"], "rejected");
    shop.post(&shop.path("/submission"), json!({})).await.refused(409, "shop-not-a-draft");
    change(&shop, "street", json!("Bản khác")).await.refused(409, "shop-locked");
    shop.put(&shop.path("/closure"), json!({ "from": "2026-12-01" })).await.refused(409, "shop-locked");
    app.finish().await;
}

#[test]
fn only_a_shop_that_waits_is_decided() {
    use SellerStatus::{Approved, ChangesRequested, Closed, Draft, Rejected, Submitted, Suspended};
    for verdict in [Verdict::Approve, Verdict::RequestChanges, Verdict::Reject] {
        for status in [Draft, Approved, ChangesRequested, Rejected, Suspended, Closed] {
            let refused = status.decide(verdict).unwrap_err();
            assert!(refused.is(&NOT_WAITING), "{status:?} {verdict:?}");
            assert_eq!(NOT_WAITING.code, "shop-not-waiting");
            assert!(status.withdraw().unwrap_err().is(&NOT_WAITING));
        }
        assert!(Submitted.decide(verdict).is_ok());
    }
}

#[tokio::test]
async fn whoever_submits_can_be_reached() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let registration = json!({
        "display_name": "Mây",
        "contact": "may@example.vn",
        "password": crate::support::PASSWORD,
        "consents": [{ "purpose": "account", "version": "2026-07" }],
    });
    anyone.post("/v1/accounts", registration).await.ok();
    let owner: Actor = app.sign_in("may@example.vn").await;
    let created = owner.post("/v1/shops", cooperative(LAI_CHAU)).await.ok();
    let submission = format!("/v1/shops/{}/submission", created["id"].as_str().unwrap());
    owner.post(&submission, json!({})).await.refused(409, "contact-unconfirmed");
    app.finish().await;
}
