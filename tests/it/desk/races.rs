//! Two people at once: one wins, the other is told, and the record has what happened and nothing else.

use serde_json::json;

use super::{appeal, approval, desk, newest, recorded, refusal, refused_listing, refused_shop, reviewer};
use crate::support::catalogue::id_of;
use crate::support::{Answer, LAI_CHAU, TestApp};

/// The winner and the other, who was told why.
#[track_caller]
fn one_winner(answers: [Answer; 2], refusals: &[&str]) -> Answer {
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| (200..300).contains(&answer.status));
    let statuses: Vec<_> = won.iter().chain(&lost).map(|answer| &answer.body).collect();
    assert_eq!((won.len(), lost.len()), (1, 1), "{statuses:?}");
    let told = lost[0].body["type"].as_str().unwrap();
    assert_eq!(lost[0].status, 409, "{told}");
    assert!(refusals.iter().any(|code| told == format!("/problems/{code}")), "{told}");
    won.into_iter().next().unwrap()
}

#[tokio::test]
async fn of_two_officers_on_one_case_one_decides() {
    let app = TestApp::new().await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    for _ in 0..4 {
        let shop = app.submitted_shop(LAI_CHAU).await;
        let case = newest(&shop).await;
        let path = desk(&case, "/verdict");
        let answers = tokio::join!(
            first.put(&path, approval()),
            second.put(&path, refusal("reject", "seller.outside_programme"))
        );
        let won = one_winner(answers.into(), &["case-not-open"]);
        let status = if won.body["verdict"] == "approve" { "approved" } else { "rejected" };
        assert_eq!(shop.get(&shop.path("")).await.ok()["status"], status);
        assert_eq!(recorded(&app, "PUT /admin/v1/cases/{case_id}/verdict", &case).await, 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn of_two_officers_who_take_a_case_one_has_it() {
    let app = TestApp::new().await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let path = desk(&case, "/lease");
    let answers = tokio::join!(first.put(&path, json!({})), second.put(&path, json!({})));
    let won = one_winner(answers.into(), &["case-leased"]);
    assert_eq!(first.get(&desk(&case, "")).await.ok()["case"]["lease"], won.body["lease"]);
    assert_eq!(recorded(&app, "PUT /admin/v1/cases/{case_id}/lease", &case).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_verdict_among_many_and_a_single_one_are_one_verdict() {
    let app = TestApp::new().await;
    let (first, second) = (reviewer(&app).await, reviewer(&app).await);
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let path = desk(&case, "/verdict");
    let many = json!({ "verdicts": [{ "case_id": case, "verdict": "approve" }] });
    let (single, many) = tokio::join!(first.put(&path, approval()), second.post("/admin/v1/verdicts", many));
    let of_many = many.ok()["items"][0].clone();
    if single.status == 200 {
        assert_eq!(of_many["problem"]["type"], "/problems/case-not-open");
    } else {
        single.refused(409, "case-not-open");
        assert_eq!(of_many["status"], "decided");
    }
    let single = recorded(&app, "PUT /admin/v1/cases/{case_id}/verdict", &case).await;
    assert_eq!(single + recorded(&app, "POST /admin/v1/verdicts", &case).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_verdict_and_a_withdrawal_do_not_both_happen() {
    let app = TestApp::new().await;
    let officer = reviewer(&app).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = shop.draft(185_000).await;
    shop.submit(id_of(&listing)).await.ok();
    let case = newest(&shop).await;
    let submission = shop.path(&format!("/listings/{}/submission", id_of(&listing)));
    let path = desk(&case, "/verdict");
    let answers = tokio::join!(officer.put(&path, approval()), shop.delete(&submission));
    one_winner(answers.into(), &["case-not-open"]);

    // What is handed in again is another case: a verdict on what was read before decides nothing.
    let listing = shop.draft(185_000).await;
    shop.submit(id_of(&listing)).await.ok();
    let read = newest(&shop).await;
    shop.delete(&shop.path(&format!("/listings/{}/submission", id_of(&listing)))).await.ok();
    let mut content = listing["revision"]["content"].clone();
    content["summary_vi"] = json!("Nội dung đã đổi sau khi cán bộ đọc.");
    shop.save(&shop.listing(id_of(&listing)).await, content).await.ok();
    shop.submit(id_of(&listing)).await.ok();
    officer.put(&desk(&read, "/verdict"), approval()).await.refused(409, "case-not-open");
    assert_eq!(shop.listing(id_of(&listing)).await["revision"]["status"], "submitted");
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_and_a_resubmission_do_not_both_happen() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        let (shop, listing, _, case) = refused_listing(&app, "request_changes").await;
        let answers = tokio::join!(appeal(&shop, &case), shop.submit(id_of(&listing)));
        one_winner(answers.into(), &["matter-open", "case-moved-on"]);
        let (shop, _, case) = refused_shop(&app, "request_changes").await;
        let submission = shop.path("/submission");
        let answers = tokio::join!(appeal(&shop, &case), shop.post(&submission, json!({})));
        one_winner(answers.into(), &["matter-open", "case-moved-on"]);
        let open = shop.get(&shop.path("/cases")).await.ok();
        let open = open["items"].as_array().unwrap().iter().filter(|case| case["status"] == "open").count();
        assert_eq!(open, 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_appeal_filed_twice_is_one() {
    let app = TestApp::new().await;
    let (shop, _, case) = refused_shop(&app, "reject").await;
    let answers = tokio::join!(appeal(&shop, &case), appeal(&shop, &case));
    one_winner(answers.into(), &["case-appealed-already"]);
    app.finish().await;
}
