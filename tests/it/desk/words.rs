//! Notes of the desk, and words between officers and shops.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{approval, decide, desk, letters_to, newest, reviewer};
use crate::support::{Answer, LAI_CHAU, TestApp};

fn said(notes: &Value) -> Vec<&str> {
    notes.as_array().unwrap().iter().map(|note| note["words"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn officers_note_among_themselves_ask_the_shop_and_are_answered() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let case = newest(&shop).await;
    let officer = reviewer(&app).await;
    officer.put(&desk(&case, "/lease"), json!({})).await.ok();
    let note = |audience: &str, words: &str| json!({ "audience": audience, "words": words });
    let internal = officer.post(&desk(&case, "/notes"), note("desk", "Đã gọi UBND xã.")).await;
    assert_eq!((internal.status, &internal.body["voice"]), (201, &json!("internal")));
    officer.post(&desk(&case, "/notes"), note("seller", "Xin gửi trang 2.")).await.ok();
    let letter = app.last_message(shop.contact()).await;
    assert!(letter.contains("Xin gửi trang 2.") && letter.contains("Please answer"), "{letter}");
    assert!(!letter.contains("UBND"), "{letter}");

    let words = shop.path(&format!("/cases/{case}/words"));
    shop.post(&words, json!({ "words": "Đã gửi." })).await.ok();
    assert!(letters_to(&app, officer.contact()).await.iter().any(|subject| subject.contains("Cơ sở trả lời")));

    let inbox = shop.get(&shop.path(&format!("/cases/{case}"))).await.ok();
    assert_eq!(said(&inbox["conversation"]), ["Xin gửi trang 2.", "Đã gửi."]);
    assert_eq!(
        (&inbox["conversation"][0]["from_shop"], &inbox["conversation"][1]["from_shop"]),
        (&json!(false), &json!(true))
    );
    assert!(!inbox.to_string().contains(&officer.account().to_string()), "officers are not named");
    let dossier = officer.get(&desk(&case, "")).await.ok();
    assert_eq!(said(&dossier["notes"]), ["Đã gọi UBND xã.", "Xin gửi trang 2.", "Đã gửi."]);
    assert_eq!(dossier["notes"][0]["author"], json!(officer.account()));

    decide(&officer, &case, approval()).await;
    shop.post(&words, json!({ "words": "Cảm ơn." })).await.refused(409, "case-not-open");
    officer.post(&desk(&case, "/notes"), note("seller", "Chúc mừng.")).await.refused(409, "case-not-open");
    officer.post(&desk(&case, "/notes"), note("desk", "Lưu hồ sơ giấy số 7.")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn words_are_for_who_belongs_to_the_case() {
    let app = TestApp::new().await;
    let (shop, other) = (app.submitted_shop(LAI_CHAU).await, app.submitted_shop(LAI_CHAU).await);
    let case = newest(&shop).await;
    other.get(&other.path(&format!("/cases/{case}"))).await.refused(404, "not-found");
    other.post(&other.path(&format!("/cases/{case}/words")), json!({ "words": "?" })).await.refused(404, "not-found");
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    let note = json!({ "audience": "desk", "words": "?" });
    auditor.post(&desk(&case, "/notes"), note).await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn a_case_keeps_only_so_many_words_however_many_come_at_once() {
    let app = TestApp::new().await;
    let shop = app.submitted_shop(LAI_CHAU).await;
    let path = shop.path(&format!("/cases/{}/words", newest(&shop).await));
    let mut many = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (shop, path) = (shop.actor.clone(), path.clone());
        many.spawn(async move { shop.post(&path, json!({ "words": format!("Lần {number}") })).await });
    }
    let (kept, refused): (Vec<Answer>, Vec<Answer>) =
        many.join_all().await.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((kept.len(), refused.len()), (20, 4));
    for answer in refused {
        answer.refused(409, "case-too-many-notes");
    }
    app.finish().await;
}
