//! Complaints: made, answered, decided in writing.

use chrono::TimeDelta;
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, HA_NOI, HONEY, LAI_CHAU, LAO_CAI, Stall, TEA, TestApp, Ware};

fn about_listing(ware: &Ware, kind: &str) -> Value {
    json!({ "against": { "listing": ware.slug }, "kind": kind, "words": "Trên hộp ghi 150 g." })
}

fn about_order(order: &str, kind: &str) -> Value {
    json!({ "against": { "order": order }, "kind": kind, "words": "Đã mười ngày, chưa thấy hàng." })
}

fn about_shop(stall: &Stall, kind: &str) -> Value {
    json!({ "against": { "seller": stall.slug }, "kind": kind, "words": "Nói năng thô lỗ." })
}

fn upheld() -> Value {
    json!({ "verdict": "approve", "words": "Hợp tác xã gửi bù 50 g trong 3 ngày." })
}

fn not_upheld() -> Value {
    json!({ "verdict": "reject", "reason_codes": ["complaint.not_shown"], "words": "Ảnh cân không rõ." })
}

async fn complain(buyer: &Actor, complaint: Value) -> String {
    buyer.post("/v1/complaints", complaint).await.ok()["id"].as_str().unwrap().to_owned()
}

/// The officer's only open case of that kind.
async fn case(officer: &Actor, kind: &str) -> Value {
    let queue = officer.get(&format!("/admin/v1/cases?kind={kind}")).await.ok();
    let cases = queue["items"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases[0].clone()
}

async fn decide(officer: &Actor, verdict: Value) -> Answer {
    let case = case(officer, "complaint").await;
    officer.put(&format!("/admin/v1/cases/{}/verdict", case["id"].as_str().unwrap()), verdict).await
}

fn shops(stall: &Stall, below: &str) -> String {
    format!("/v1/shops/{}/complaints{below}", stall.id)
}

#[tokio::test]
async fn a_complaint_is_answered_decided_in_writing_and_told_to_both_sides() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, officer) = (app.account("Hoa").await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await);
    let made = buyer.post("/v1/complaints", about_listing(&tea, "not_as_described")).await.ok();
    // Saturday 21 November: seven working days end with Tuesday 1 December in Viet Nam; the shop has a day.
    assert_eq!((&made["due_at"], &made["late"]), (&json!("2026-12-01T17:00:00Z"), &json!(false)));
    assert_eq!(made["answer_due_at"], "2026-11-22T02:00:00Z");
    assert_eq!((&made["status"], &made["target"]), (&json!("open"), &json!("listing")));
    assert_eq!((&made["about"], &made["shop"]), (&json!(TEA.title), &json!("Hợp tác xã Mường Than")));
    let told = app.last_message(stall.owner.contact()).await;
    assert!(told.contains("Hoa") && told.contains("09:00 22/11/2026"), "{told}");

    let id = made["id"].as_str().unwrap();
    let listed = stall.owner.get(&shops(&stall, "?status=open")).await.ok()["items"][0].clone();
    assert_eq!((&listed["id"], &listed["complainant"]), (&json!(id), &json!("Hoa")));
    app.clock.advance(TimeDelta::hours(2));
    let answer = json!({ "words": "Xin gửi bù phần thiếu." });
    let answered = stall.owner.put(&shops(&stall, &format!("/{id}/answer")), answer).await.ok();
    assert_eq!(
        (&answered["answer"]["words"], &answered["answer_late"]),
        (&json!("Xin gửi bù phần thiếu."), &json!(false))
    );
    assert!(app.last_message(buyer.contact()).await.contains("Xin gửi bù phần thiếu."));

    let waiting = case(&officer, "complaint").await;
    assert_eq!((&waiting["due_at"], &waiting["subject_id"]), (&made["due_at"], &made["id"]));
    assert_eq!(waiting["title"], "Hàng không đúng mô tả: Trà Shan tuyết");
    let dossier = officer.get(&format!("/admin/v1/cases/{}", waiting["id"].as_str().unwrap())).await.ok();
    assert_eq!(dossier["subject"]["words"], "Trên hộp ghi 150 g.");
    assert_eq!(dossier["subject"]["answer"], "Xin gửi bù phần thiếu.");
    decide(&officer, upheld()).await.ok();
    let result = buyer.get(&format!("/v1/complaints/{id}")).await.ok();
    assert_eq!((&result["status"], &result["closed_at"]), (&json!("upheld"), &json!("2026-11-21T04:00:00Z")));
    assert_eq!(result["result"]["words"], "Hợp tác xã gửi bù 50 g trong 3 ngày.");
    assert_eq!(result["result"]["reasons"], json!([]));
    for contact in [buyer.contact(), stall.owner.contact()] {
        let letter = app.last_message(contact).await;
        assert!(letter.contains("được chấp nhận") && letter.contains("gửi bù 50 g"), "{letter}");
    }
    assert!(app.last_message(buyer.contact()).await.contains("19/2023/QH15"));
    assert_eq!(buyer.get("/v1/complaints?status=upheld").await.ok()["items"], json!([result]));
    app.finish().await;
}

#[tokio::test]
async fn deadlines_are_published_per_kind_in_words_and_units() {
    let app = TestApp::new().await;
    let kinds = app.anyone().get("/v1/complaint_kinds").await;
    let tag = kinds.header("etag").unwrap().to_owned();
    let kinds = kinds.ok();
    assert_eq!(kinds["answered_within"], json!({ "amount": 24, "unit": "hours", "text": "24 giờ" }));
    assert_eq!(
        kinds["kinds"][0],
        json!({
            "code": "not_delivered",
            "text": "Không nhận được hàng",
            "targets": ["order"],
            "decided_within": { "amount": 5, "unit": "working_days", "text": "5 ngày làm việc" },
        })
    );
    assert_eq!(app.anyone().get_with("/v1/complaint_kinds", &[("if-none-match", &tag)]).await.status, 304);
    let english = app.anyone().get_with("/v1/complaint_kinds", &[("accept-language", "en")]).await.ok();
    assert_eq!(english["kinds"][3]["decided_within"]["text"], "48 hours");

    // A deadline that changes tomorrow changes no promise of today.
    app.sql(
        "insert into deadlines (kind, effective_from, hours, legal_basis)
         values ('complaint.other', '2026-11-22', 1, 'Bài kiểm thử')",
    )
    .await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let buyer = app.account("Hoa").await;
    complain(&buyer, about_shop(&stall, "other")).await;
    app.clock.advance(TimeDelta::days(1));
    let kinds = app.anyone().get("/v1/complaint_kinds").await.ok();
    assert_eq!(kinds["kinds"][8]["decided_within"]["text"], "1 giờ");
    let made = buyer.get("/v1/complaints").await.ok();
    assert_eq!(made["items"][0]["due_at"], "2026-12-04T17:00:00Z");
    app.finish().await;
}

#[tokio::test]
async fn only_what_fits_a_target_of_ones_own_can_be_complained_about() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, other) = (app.account("Hoa").await, app.account("Lan").await);
    let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
    other.post("/v1/complaints", about_order(&order, "not_delivered")).await.refused(404, "not-found");
    app.anyone().post("/v1/complaints", about_order(&order, "not_delivered")).await.refused(401, "sign-in-first");
    for wrong in [about_listing(&tea, "not_delivered"), about_shop(&stall, "damaged"), about_shop(&stall, "xyz")] {
        let refused = buyer.post("/v1/complaints", wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "kind");
    }
    let draft = app.draft_shop(crate::support::sellers::cooperative(LAI_CHAU)).await;
    for nothing in [json!({ "listing": "khong-co" }), json!({ "seller": "khong-co" }), json!({ "seller": draft.slug })]
    {
        let complaint = json!({ "against": nothing, "kind": "other", "words": "…" });
        buyer.post("/v1/complaints", complaint).await.refused(404, "not-found");
    }
    for odd in [json!({}), json!({ "seller": stall.slug, "listing": tea.slug }), json!({ "shop": stall.slug })] {
        let complaint = json!({ "against": odd, "kind": "other", "words": "…" });
        buyer.post("/v1/complaints", complaint).await.refused(422, "invalid");
    }
    assert_eq!(app.count("select count(*) from complaints").await, 0);

    let id = complain(&buyer, about_order(&order, "not_delivered")).await;
    let own = format!("/v1/complaints/{id}");
    other.get(&own).await.refused(404, "not-found");
    other.put(&format!("{own}/withdrawal"), json!({})).await.refused(404, "not-found");
    assert_eq!(other.get("/v1/complaints").await.ok()["items"], json!([]));
    let elsewhere = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    assert_eq!(elsewhere.owner.get(&shops(&elsewhere, "")).await.ok()["items"], json!([]));
    let answer = json!({ "words": "…" });
    elsewhere.owner.put(&shops(&elsewhere, &format!("/{id}/answer")), answer).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn whoever_complains_can_be_reached() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let registration = json!({
        "display_name": "Mây",
        "contact": "may@example.vn",
        "password": crate::support::PASSWORD,
        "consents": [{ "purpose": "account", "version": "2026-07" }],
    });
    app.anyone().post("/v1/accounts", registration).await.ok();
    let buyer = app.sign_in("may@example.vn").await;
    buyer.post("/v1/complaints", about_shop(&stall, "other")).await.refused(409, "contact-unconfirmed");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_opens_nothing_and_nobody_floods_the_desk() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&stall, HONEY).await);
    let buyer = app.account("Hoa").await;
    let (first, second) = tokio::join!(
        buyer.post("/v1/complaints", about_shop(&stall, "other")),
        buyer.post("/v1/complaints", about_shop(&stall, "other")),
    );
    let (made, refused) = if first.status == 201 { (first, second) } else { (second, first) };
    refused.refused(409, "complaint-open");
    let id = made.ok()["id"].as_str().unwrap().to_owned();
    assert_eq!(app.count("select count(*) from cases").await, 1);
    buyer.put(&format!("/v1/complaints/{id}/withdrawal"), json!({})).await.ok();
    complain(&buyer, about_shop(&stall, "other")).await;

    let order = buyer.buy(&[(&tea, 1)]).await.remove(0);
    let mut left = 19;
    for kind in ["not_as_described", "unsafe_food", "counterfeit_or_false_stars", "personal_data", "other"] {
        for complaint in [about_listing(&tea, kind), about_listing(&honey, kind), about_order(&order, kind)] {
            complain(&buyer, complaint).await;
            left -= 1;
        }
    }
    for kind in ["not_delivered", "damaged", "unfair_conduct"] {
        complain(&buyer, about_order(&order, kind)).await;
        left -= 1;
    }
    complain(&buyer, about_shop(&stall, "unfair_conduct")).await;
    assert_eq!(left, 1);
    buyer.post("/v1/complaints", about_shop(&stall, "personal_data")).await.refused(409, "too-many-complaints");
    complain(&app.account("Lan").await, about_shop(&stall, "personal_data")).await;
    app.finish().await;
}

#[tokio::test]
async fn a_late_answer_and_a_late_result_show_as_late() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, officer) = (app.account("Hoa").await, app.officer(LAI_CHAU, OfficerRole::Supervisor).await);
    let own = format!("/v1/complaints/{}", complain(&buyer, about_listing(&tea, "unsafe_food")).await);
    let state = async || {
        let seen = buyer.get(&own).await.ok();
        (seen["answer_late"].as_bool().unwrap(), seen["late"].as_bool().unwrap())
    };
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
    assert_eq!(state().await, (false, false));
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(state().await, (true, false));
    let id = own.rsplit('/').next().unwrap();
    let answer = json!({ "words": "Chúng tôi đã thu hồi lô hàng." });
    stall.owner.put(&shops(&stall, &format!("/{id}/answer")), answer).await.ok();
    assert_eq!(state().await, (true, false));

    app.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
    assert_eq!(case(&officer, "complaint").await["late"], false);
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(state().await, (true, true));
    assert_eq!(case(&officer, "complaint").await["late"], true);
    decide(&officer, upheld()).await.ok();
    assert_eq!(state().await, (true, false));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn only_an_officer_of_the_province_who_is_no_party_decides_and_only_in_writing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    complain(&officer, about_shop(&stall, "unfair_conduct")).await;
    let path = format!("/admin/v1/cases/{}", case(&officer, "complaint").await["id"].as_str().unwrap());
    let verdict = format!("{path}/verdict");
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    elsewhere.get(&path).await.refused(404, "not-found");
    elsewhere.put(&verdict, upheld()).await.refused(404, "not-found");
    let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    auditor.put(&verdict, upheld()).await.refused(403, "not-your-function");
    officer.put(&verdict, upheld()).await.refused(409, "own-complaint");
    let member = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    app.joins(&stall, &member).await;
    member.put(&verdict, upheld()).await.refused(409, "own-case");

    let colleague = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let silent = json!({ "verdict": "approve" });
    let back =
        json!({ "verdict": "request_changes", "reason_codes": ["complaint.not_shown"], "words": "Xin bổ sung." });
    let foreign = json!({ "verdict": "reject", "reason_codes": ["seller.paper_missing"], "words": "Không." });
    for (wrong, at) in [(silent, "words"), (back, "verdict"), (foreign, "reason_codes[0]")] {
        assert_eq!(colleague.put(&verdict, wrong).await.refused(422, "invalid")["errors"][0]["at"], at);
    }
    assert_eq!(app.count("select count(*) from cases where status = 'open'").await, 1);
    colleague.put(&verdict, not_upheld()).await.ok();
    let seen = officer.get("/v1/complaints").await.ok()["items"][0].clone();
    assert_eq!(seen["status"], "not_upheld");
    let reason = json!({ "code": "complaint.not_shown", "text": "Chưa đủ thông tin để chứng minh" });
    assert_eq!(seen["result"]["reasons"], json!([reason]));
    assert!(seen["result"]["recourse"].as_str().unwrap().contains("19/2023/QH15"));
    colleague.put(&verdict, upheld()).await.refused(409, "case-not-open");
    app.finish().await;
}

#[tokio::test]
async fn what_is_closed_is_neither_withdrawn_nor_answered() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (buyer, officer) = (app.account("Hoa").await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await);
    let withdrawn = complain(&buyer, about_shop(&stall, "unfair_conduct")).await;
    let withdrawal = format!("/v1/complaints/{withdrawn}/withdrawal");
    let first = buyer.put(&withdrawal, json!({})).await.ok();
    assert_eq!((&first["status"], &first["result"]), (&json!("withdrawn"), &json!(null)));
    assert!(app.last_message(stall.owner.contact()).await.contains("đã rút khiếu nại"));
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(buyer.put(&withdrawal, json!({})).await.ok(), first);
    assert_eq!(officer.get("/admin/v1/cases").await.ok()["items"], json!([]));

    let decided = complain(&buyer, about_shop(&stall, "unfair_conduct")).await;
    decide(&officer, not_upheld()).await.ok();
    let withdrawal = format!("/v1/complaints/{decided}/withdrawal");
    buyer.put(&withdrawal, json!({})).await.refused(409, "case-not-open");
    for closed in [withdrawn, decided] {
        let path = shops(&stall, &format!("/{closed}/answer"));
        stall.owner.put(&path, json!({ "words": "…" })).await.refused(409, "case-not-open");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_withdrawal_and_a_verdict_at_once_one_wins() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (buyer, officer) = (app.account("Hoa").await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await);
    for _ in 0..6 {
        let id = complain(&buyer, about_shop(&stall, "unfair_conduct")).await;
        let case = case(&officer, "complaint").await["id"].as_str().unwrap().to_owned();
        let (withdrawal, verdict) =
            (format!("/v1/complaints/{id}/withdrawal"), format!("/admin/v1/cases/{case}/verdict"));
        let (withdrawn, decided) = tokio::join!(buyer.put(&withdrawal, json!({})), officer.put(&verdict, upheld()));
        let status = buyer.get(&format!("/v1/complaints/{id}")).await.ok()["status"].clone();
        if withdrawn.status == 200 {
            decided.refused(409, "case-not-open");
            assert_eq!(status, "withdrawn");
        } else {
            withdrawn.refused(409, "case-not-open");
            decided.ok();
            assert_eq!(status, "upheld");
        }
    }
    let contradictions = "select count(*)
                            from complaints
                            join cases on subject_id = complaints.id
                           where (complaints.status = 'withdrawn') <> (cases.status = 'withdrawn')";
    assert_eq!(app.count(contradictions).await, 0);
    assert_eq!(app.count("select count(*) from audit_entries where operation like 'PUT %verdict'").await, {
        app.count("select count(*) from cases where status = 'decided'").await
    });
    app.finish().await;
}

#[tokio::test]
async fn the_shop_never_learns_who_complains_but_for_the_name() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let (buyer, officer) = (app.account("Hoa").await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await);
    let id = complain(&buyer, about_listing(&tea, "counterfeit_or_false_stars")).await;
    let mut told = vec![app.last_message(stall.owner.contact()).await];
    let packer = app.account("Nhân viên").await;
    app.joins(&stall, &packer).await;
    let answer = shops(&stall, &format!("/{id}/answer"));
    let words = json!({ "words": "Sao của chúng tôi là thật." });
    packer.put(&answer, words.clone()).await.refused(403, "not-your-function");
    told.push(stall.owner.put(&answer, words.clone()).await.ok().to_string());
    let messages = app.count("select count(*) from messages").await;
    stall.owner.put(&answer, words).await.ok();
    assert_eq!(app.count("select count(*) from messages").await, messages, "a second click tells nobody again");
    decide(&officer, upheld()).await.ok();
    told.push(app.last_message(stall.owner.contact()).await);
    for path in [shops(&stall, ""), format!("/v1/shops/{}/cases", stall.id)] {
        told.push(packer.get(&path).await.ok().to_string());
    }
    for said in told {
        for secret in [buyer.contact().to_owned(), buyer.account().to_string()] {
            assert!(!said.contains(&secret), "{said}");
        }
        assert!(!said.contains(&officer.account().to_string()), "{said}");
    }
    app.finish().await;
}

#[tokio::test]
async fn both_sides_turn_the_pages_of_their_own_list() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let manager = app.account("Quản lý").await;
    let (seller, now) = (stall.id, app.clock.now());
    let account = manager.account();
    app.app
        .db
        .act(async |conn| {
            ocop_market::people::access::add_member(conn, seller, account, MemberRole::Manager, now).await
        })
        .await
        .unwrap();
    let buyer = app.account("Hoa").await;
    let mut made = Vec::new();
    for kind in ["other", "personal_data", "unfair_conduct"] {
        made.push(json!(complain(&buyer, about_shop(&stall, kind)).await));
    }
    made.reverse();
    for (reader, list) in [(&buyer, "/v1/complaints".to_owned()), (&manager, shops(&stall, ""))] {
        let first = reader.get(&format!("{list}?limit=2")).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = reader.get(&format!("{list}?limit=2&after={next}")).await.ok();
        let ids: Vec<Value> = [&first, &second]
            .into_iter()
            .flat_map(|page| page["items"].as_array().unwrap())
            .map(|complaint| complaint["id"].clone())
            .collect();
        assert_eq!(ids, made);
        reader.get(&format!("{list}?status=open&after={next}")).await.refused(422, "invalid");
    }
    app.finish().await;
}
