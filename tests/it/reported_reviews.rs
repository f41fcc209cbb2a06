//! Reported reviews: who may report what, and what hides a review.

use std::collections::BTreeMap;

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Actor, Answer, LAI_CHAU, LAO_CAI, Stall, TEA, TestApp, Ware};

/// The reviews of one delivered order, a line each.
async fn reviews(stall: &Stall, buyer: &Actor, wares: &[Ware], stars: i64, text: &str) -> Vec<String> {
    let lines: Vec<(&Ware, i32)> = wares.iter().map(|ware| (ware, 1)).collect();
    let order = buyer.buy(&lines).await.remove(0);
    stall.deliver(&order).await;
    let bought = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    let mut written = Vec::new();
    for line in bought["lines"].as_array().unwrap() {
        let path = format!("/v1/orders/{order}/lines/{}/review", line["id"].as_str().unwrap());
        let review = buyer.post(&path, json!({ "stars": stars, "text": text })).await.ok();
        written.push(review["id"].as_str().unwrap().to_owned());
    }
    written
}

async fn review(stall: &Stall, buyer: &Actor, ware: &Ware, stars: i64, text: &str) -> String {
    reviews(stall, buyer, std::slice::from_ref(ware), stars, text).await.remove(0)
}

async fn report(reader: &Actor, review: &str, reason: &str) -> Answer {
    reader.post(&format!("/v1/reviews/{review}/reports"), json!({ "reason": reason, "words": "Xin xem lại." })).await
}

async fn open_cases(officer: &Actor) -> Vec<Value> {
    let queue = officer.get("/admin/v1/cases?kind=reported_review").await.ok();
    queue["items"].as_array().unwrap().clone()
}

async fn decide(officer: &Actor, verdict: Value) -> Answer {
    let cases = open_cases(officer).await;
    officer.put(&format!("/admin/v1/cases/{}/verdict", cases[0]["id"].as_str().unwrap()), verdict).await
}

fn hide() -> Value {
    json!({ "verdict": "approve", "words": "Nêu số điện thoại của người khác" })
}

fn keep() -> Value {
    json!({ "verdict": "reject", "reason_codes": ["review.opinion"], "words": "Chê sản phẩm không phải là vi phạm." })
}

#[tokio::test]
async fn a_justified_report_hides_the_review_and_its_stars_and_tells_the_author_why() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (pleased, angry) = (app.account("Hoa").await, app.account("Lan").await);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let good = review(&stall, &pleased, &tea, 5, "Trà thơm.").await;
    let bad = review(&stall, &angry, &tea, 1, "Gọi 0912 345 678 mà chửi.").await;
    let listing = format!("/v1/listings/{}", tea.slug);
    assert_eq!(app.anyone().get(&listing).await.ok()["rating"]["average"], 3.0);

    report(&stall.owner, &bad, "personal_data").await.ok();
    let shown = app.anyone().get(&format!("{listing}/reviews")).await.ok();
    assert_eq!(shown["items"].as_array().unwrap().len(), 2, "a report alone hides nothing");
    let waiting = open_cases(&officer).await.remove(0);
    assert_eq!((&waiting["subject_id"], &waiting["due_at"]), (&json!(bad), &json!("2026-11-25T17:00:00Z")));
    let dossier = officer.get(&format!("/admin/v1/cases/{}", waiting["id"].as_str().unwrap())).await.ok();
    assert_eq!(dossier["subject"]["review"]["text"], "Gọi 0912 345 678 mà chửi.");
    assert_eq!(dossier["subject"]["reports"][0]["reason"], "personal_data");
    assert_eq!(dossier["subject"]["reports"][0]["from_shop"], true);
    decide(&officer, hide()).await.ok();

    let shown = app.anyone().get(&format!("{listing}/reviews")).await.ok();
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    assert_eq!(shown["items"][0]["id"], good);
    let rating = app.anyone().get(&listing).await.ok()["rating"].clone();
    assert_eq!((&rating["average"], &rating["count"]), (&json!(5.0), &json!(1)));
    let own = angry.get("/v1/me/reviews").await.ok()["items"][0].clone();
    assert_eq!((&own["id"], &own["status"]), (&json!(bad), &json!("hidden")));
    let letter = app.last_message(angry.contact()).await;
    assert!(letter.contains("của người khác. Bạn xem lại"), "{letter}");
    assert_eq!(own["hidden"]["words"], "Nêu số điện thoại của người khác");
    let reason = json!({ "code": "personal_data", "text": "Tiết lộ dữ liệu cá nhân" });
    assert_eq!(own["hidden"]["reasons"], json!([reason]));
    assert!(app.last_message(angry.contact()).await.contains("Nêu số điện thoại của người khác"));
    assert_eq!(pleased.get("/v1/me/reviews").await.ok()["items"][0]["hidden"], Value::Null);

    report(&pleased, &bad, "insult").await.refused(404, "not-found");
    let reply = format!("/v1/shops/{}/reviews/{bad}/reply", stall.id);
    stall.owner.put(&reply, json!({ "text": "…" })).await.refused(404, "not-found");
    assert_eq!(app.count("select count(*) from reviews").await, 2, "what is hidden is kept");
    app.finish().await;
}

#[tokio::test]
async fn a_negative_review_stays_and_each_reader_reports_it_once() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let author = app.account("Lan").await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let bad = review(&stall, &author, &tea, 1, "Nhạt.").await;
    report(&stall.owner, &bad, "off_topic").await.ok();
    report(&stall.owner, &bad, "insult").await.refused(409, "reported-already");
    report(&app.account("Hoa").await, &bad, "insult").await.ok();
    assert_eq!(open_cases(&officer).await.len(), 1, "the second report joins the first");
    decide(&officer, keep()).await.ok();
    assert_eq!(app.count("select count(*) from review_reports where status = 'dismissed'").await, 2);
    assert_eq!(app.anyone().get(&format!("/v1/listings/{}/reviews", tea.slug)).await.ok()["items"][0]["id"], bad);
    assert_eq!(app.count("select rating_sum * 100 + rating_count from listings").await, 101);
    report(&stall.owner, &bad, "off_topic").await.refused(409, "reported-already");
    assert_eq!(open_cases(&officer).await.len(), 0);
    report(&app.account("Mai").await, &bad, "advertising").await.ok();
    assert_eq!(open_cases(&officer).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn the_reasons_to_report_are_published_and_no_others_count() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let author = app.account("Lan").await;
    let bad = review(&stall, &author, &tea, 1, "Nhạt.").await;
    let reasons = app.anyone().get_with("/v1/review_report_reasons", &[("accept-language", "en")]).await.ok();
    let codes: Vec<&Value> = reasons.as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(codes, ["advertising", "insult", "off_topic", "personal_data", "unlawful"]);
    let reader = app.account("Hoa").await;
    let refused = report(&reader, &bad, "negative").await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "reason");
    report(&author, &bad, "insult").await.refused(409, "own-review");
    report(&reader, "0193f2a4-6c00-7000-8000-000000000001", "insult").await.refused(404, "not-found");
    report(&app.anyone(), &bad, "insult").await.refused(401, "sign-in-first");
    assert_eq!(app.count("select count(*) from review_reports").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn who_wrote_or_reported_a_review_or_belongs_to_the_shop_does_not_decide_on_it() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let mut officers = Vec::new();
    for _ in 0..4 {
        officers.push(app.officer(LAI_CHAU, OfficerRole::Reviewer).await);
    }
    let bad = review(&stall, &officers[0], &tea, 1, "Nhạt.").await;
    report(&officers[1], &bad, "insult").await.ok();
    app.joins(&stall, &officers[2]).await;
    decide(&officers[0], hide()).await.refused(409, "own-review");
    decide(&officers[1], hide()).await.refused(409, "own-review");
    decide(&officers[2], hide()).await.refused(409, "own-case");
    let case = open_cases(&officers[3]).await.remove(0);
    let path = format!("/admin/v1/cases/{}/verdict", case["id"].as_str().unwrap());
    app.officer(LAO_CAI, OfficerRole::Head).await.put(&path, hide()).await.refused(404, "not-found");
    let silent = json!({ "verdict": "approve" });
    let back = json!({ "verdict": "request_changes", "reason_codes": ["review.opinion"], "words": "…" });
    for (wrong, at) in [(silent, "words"), (back, "verdict")] {
        assert_eq!(decide(&officers[3], wrong).await.refused(422, "invalid")["errors"][0]["at"], at);
    }
    decide(&officers[3], hide()).await.ok();
    assert_eq!(app.count("select rating_sum + rating_count from listings").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reports_at_once_open_one_case() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let bad = review(&stall, &app.account("Lan").await, &tea, 1, "Nhạt.").await;
    let first = app.account("Hoa").await;
    report(&first, &bad, "insult").await.ok();
    let case = open_cases(&officer).await.remove(0);
    let path = format!("/admin/v1/cases/{}/verdict", case["id"].as_str().unwrap());
    let mut answers = JoinSet::new();
    for _ in 0..12 {
        let (reader, review) = (app.account("Mai").await, bad.clone());
        answers.spawn(async move { report(&reader, &review, "insult").await.status });
    }
    let decided = {
        let officer = officer.clone();
        async move { officer.put(&path, keep()).await.status }
    };
    answers.spawn(decided);
    let mut seen = BTreeMap::new();
    for status in answers.join_all().await {
        *seen.entry(status).or_insert(0) += 1;
    }
    assert_eq!(seen, BTreeMap::from([(200, 1), (201, 12)]));
    // Those before the verdict were decided with it; those after it opened one more case, or there were none.
    let open_reports = app.count("select count(*) from review_reports where status = 'open'").await;
    assert_eq!(open_cases(&officer).await.len(), usize::from(open_reports > 0));
    app.finish().await;
}

#[tokio::test]
async fn nobody_floods_the_desk_with_reports() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let packs = app.shelve_packs(&stall, TEA, 21).await;
    let author = app.account("Lan").await;
    let written = reviews(&stall, &author, &packs, 2, "Nhạt.").await;
    let reader = app.account("Hoa").await;
    for review in &written[..20] {
        report(&reader, review, "insult").await.ok();
    }
    report(&reader, &written[20], "insult").await.refused(409, "too-many-reports");
    report(&app.account("Mai").await, &written[20], "insult").await.ok();
    app.finish().await;
}
