//! Assessments as shops save them and officers read them.

use ocop_market::market::assessment::{SHOP_CLOSED, load_sheets};
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::catalogue::id_of;
use crate::support::sellers::{ShopActor, cooperative};
use crate::support::{Answer, LAI_CHAU, LAO_CAI, TestApp};

/// A form with these answers on the sheet of the set.
fn form(set_no: i16, answers: &Value) -> Value {
    json!({ "product_name": "Chè Shan tuyết Tả Lèng", "set_no": set_no, "answers": answers })
}

/// The best answer to every question of a sheet as served, in its first case.
fn best(sheet: &Value) -> Value {
    fn collect(item: &Value, answers: &mut Vec<Value>) {
        let items = item["items"].as_array().unwrap();
        for below in items {
            collect(below, answers);
        }
        let mut choices = item["choices"].as_array().unwrap().iter();
        match choices.rfind(|choice| choice["variant"].is_null() || choice["variant"] == "a") {
            Some(choice) => answers.push(json!({ "criterion": item["code"], "option": choice["code"] })),
            None if items.is_empty() => answers.push(json!({ "criterion": item["code"], "yes": true })),
            None => {}
        }
    }
    let mut answers = Vec::new();
    for part in sheet["parts"].as_array().unwrap() {
        collect(part, &mut answers);
    }
    answers.into()
}

/// The answers without the one to a criterion.
fn without(answers: &Value, criterion: &str) -> Value {
    answers.as_array().unwrap().iter().filter(|answer| answer["criterion"] != criterion).cloned().collect()
}

async fn begin(shop: &ShopActor, form: Value) -> Value {
    shop.post(&shop.path("/assessments"), form).await.ok()
}

async fn revise(shop: &ShopActor, id: &str, tag: &str, form: Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    let path = shop.path(&format!("/assessments/{id}/versions"));
    shop.send("POST".parse().unwrap(), &path, &headers, form.to_string().into()).await
}

async fn sheet(app: &TestApp, set_no: i16) -> Value {
    app.anyone().get(&format!("/v1/score_sheets/{set_no}")).await.ok()
}

#[tokio::test]
async fn everybody_reads_the_sheets_in_force() {
    let app = TestApp::new().await;
    let list = app.anyone().get("/v1/score_sheets").await.ok();
    assert_eq!(list["edition"]["version"], "26/2026/QĐ-TTg");
    assert_eq!(list["edition"]["effective_from"], "2026-05-22");
    let bands = list["edition"]["bands"].as_array().unwrap().iter();
    let bands: Vec<_> = bands.map(|band| (band["stars"].as_i64(), band["at_least"].as_i64())).collect();
    let expected = [(5, 90), (4, 70), (3, 50), (2, 30), (1, 0)];
    assert_eq!(bands, expected.map(|(stars, points)| (Some(stars), Some(points))));
    assert_eq!(list["sets"].as_array().unwrap().len(), 26);

    let answer = app.anyone().get("/v1/score_sheets/1").await;
    let tag = answer.header("etag").unwrap().to_owned();
    let tea = answer.ok();
    let gate = &tea["parts"][0]["items"][0]["items"][4]["choices"][3];
    assert_eq!((&gate["code"], &gate["points"], &gate["gate_stars"]), (&json!("1.5/4"), &json!(3), &json!(5)));
    assert!(tea["parts"][0]["items"][0]["items"][0]["notes"][0]["text_vi"].as_str().unwrap().starts_with("Yêu cầu"));
    let again = app.anyone().get_with("/v1/score_sheets/1", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    assert_eq!(sheet(&app, 26).await["variants"], json!(["a", "b"]));
    app.anyone().get("/v1/score_sheets/27").await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn loading_the_sheets_again_changes_nothing() {
    let app = TestApp::new().await;
    let before = sheet(&app, 13).await;
    app.app.db.act(async |conn| load_sheets(conn).await).await.unwrap();
    assert_eq!(sheet(&app, 13).await, before);
    assert_eq!(app.count("select count(*) from sheet_lines").await, 3691);
    app.finish().await;
}

#[tokio::test]
async fn a_draft_shop_learns_what_its_product_still_lacks() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let best = best(&sheet(&app, 11).await);
    let full = begin(&shop, form(11, &best)).await;
    assert_eq!((&full["score"]["points"], &full["score"]["stars"]), (&json!(100), &json!(5)));
    assert_eq!((&full["set_name_vi"], &full["version"]), (&json!("Chè tươi, chè chế biến"), &json!(1)));
    assert_eq!(full["score"]["next"], Value::Null);

    let lacking = begin(&shop, form(11, &without(&best, "4.1"))).await;
    let score = &lacking["score"];
    assert_eq!((&score["points"], &score["band_stars"], &score["gate_stars"]), (&json!(95), &json!(5), &json!(2)));
    assert_eq!((&score["stars"], &score["certifiable"]), (&json!(2), &json!(false)));
    let next = &score["next"];
    assert_eq!((&next["stars"], &next["missing_points"]), (&json!(3), &json!(0)));
    assert_eq!(next["missing_gates"][0]["least_option"], "4.1/2");
    assert_eq!(next["missing_gates"].as_array().unwrap().len(), 1);

    let answered = lacking["criteria"].as_array().unwrap();
    let market = answered.iter().find(|given| given["criterion"] == "4.1").unwrap();
    let kinds: Vec<_> = market["marketplace_evidence"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["sales_certificate", "shop_link"]);
    assert_eq!((&market["points"], &market["option"]), (&Value::Null, &Value::Null));
    let listed = shop.get(&shop.path("/assessments?limit=1")).await.ok();
    assert_eq!(listed["items"][0]["id"], lacking["id"]);
    let rest = shop.get(&shop.path(&format!("/assessments?after={}", listed["next"].as_str().unwrap()))).await.ok();
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&full["id"], &Value::Null));
    app.finish().await;
}

#[tokio::test]
async fn the_sheet_of_tourism_asks_which_case_applies() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let answers = best(&sheet(&app, 26).await);
    let path = shop.path("/assessments");
    let refused = shop.post(&path, form(26, &answers)).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "variant");
    let mut in_case = form(26, &answers);
    in_case["variant"] = json!("a");
    assert_eq!(begin(&shop, in_case.clone()).await["score"]["stars"], 5);
    in_case["variant"] = json!("b");
    let refused = shop.post(&path, in_case).await.refused(422, "invalid");
    let at = answers.as_array().unwrap().iter().position(|answer| answer["criterion"] == "8").unwrap();
    assert_eq!(refused["errors"][0]["at"], format!("answers[{at}].option"));
    let mut tea = form(11, &json!([]));
    tea["variant"] = json!("a");
    assert_eq!(shop.post(&path, tea).await.refused(422, "invalid")["errors"][0]["at"], "variant");
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_answer_is_named_by_its_path_and_nothing_is_saved() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let other = app.approved_shop(LAI_CHAU).await;
    let (picture, scan) = (shop.picture().await, shop.scan().await);
    let foreign = other.scan().await;
    for (answers, at) in [
        (json!([{ "criterion": "9.9", "option": "9.9/1" }]), "answers[0].criterion"),
        (json!([{ "criterion": "6.1", "yes": true }]), "answers[0].criterion"),
        (json!([{ "criterion": "1.1", "option": "1.1/1" }, { "criterion": "1.1" }]), "answers[1].criterion"),
        (json!([{ "criterion": "2.4", "yes": true }, { "criterion": "1.1", "option": "1.2/1" }]), "answers[1].option"),
        (json!([{ "criterion": "1.1", "yes": true }]), "answers[0].yes"),
        (json!([{ "criterion": "2.4", "option": "2.4/1" }]), "answers[0].option"),
        (json!([{ "criterion": "1.1", "scan_ids": [picture] }]), "answers[0].scan_ids[0]"),
        (json!([{ "criterion": "1.1", "scan_ids": [scan, foreign] }]), "answers[0].scan_ids[1]"),
        (json!([{ "criterion": "1.1", "scan_ids": [scan, scan] }]), "answers[0].scan_ids[1]"),
        (json!([{ "criterion": "1.1", "scan_ids": [scan, scan, scan, scan, scan, scan] }]), "answers[0].scan_ids"),
        (vec![json!({ "criterion": "1.1" }); 61].into(), "answers"),
    ] {
        let refused = shop.post(&shop.path("/assessments"), form(11, &answers)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at, "{answers}");
    }
    assert_eq!(app.count("select count(*) from assessments").await, 0);
    let proven = json!([{ "criterion": "1.1", "option": "1.1/3", "note": "Hồ sơ vùng trồng", "scan_ids": [scan] }]);
    let saved = begin(&shop, form(11, &proven)).await;
    let first = &saved["criteria"][0];
    assert_eq!((&first["note"], &first["scan_ids"]), (&json!("Hồ sơ vùng trồng"), &json!([scan])));
    app.finish().await;
}

#[tokio::test]
async fn versions_follow_one_another_and_never_change() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let best = best(&sheet(&app, 11).await);
    let first = begin(&shop, form(11, &without(&best, "4.1"))).await;
    let (id, path) = (id_of(&first), shop.path(&format!("/assessments/{}", id_of(&first))));
    assert_eq!(shop.get(&path).await.header("etag"), Some("\"1\""));

    let second = revise(&shop, id, "\"1\"", form(11, &best)).await;
    assert_eq!((second.status, second.header("etag")), (201, Some("\"2\"")));
    let mut old = shop.get(&format!("{path}?version=1")).await.ok();
    assert_eq!(old["latest_version"], 2);
    old["latest_version"] = json!(1);
    assert_eq!(old, first);
    let newest = shop.get(&path).await.ok();
    assert_eq!((&newest["version"], &newest["score"]["stars"]), (&json!(2), &json!(5)));
    assert_eq!(shop.get(&shop.path("/assessments")).await.ok()["items"][0]["stars"], 5);
    for missing in ["?version=3", "?version=0"] {
        shop.get(&format!("{path}{missing}")).await.refused(404, "not-found");
    }

    revise(&shop, id, "\"1\"", form(11, &best)).await.refused(412, "stale");
    let without_tag = shop.post(&format!("{path}/versions"), form(11, &best)).await;
    without_tag.refused(428, "if-match-missing");
    let rewritten = app
        .app
        .db
        .act(async |conn| Ok(sqlx::query("update assessment_versions set points = 100").execute(conn).await?))
        .await;
    assert!(rewritten.is_err(), "a saved version was changed");
    app.finish().await;
}

#[tokio::test]
async fn of_two_who_revise_at_once_one_is_told_so() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let begun = begin(&shop, form(11, &json!([]))).await;
    let id = id_of(&begun);
    let revision = || revise(&shop, id, "\"1\"", form(11, &json!([{ "criterion": "2.4", "yes": true }])));
    let (one, other) = tokio::join!(revision(), revision());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412]);
    assert_eq!(app.count("select count(*) from assessment_versions").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_closed_shop_and_one_with_too_many_assess_nothing_more() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let begun = begin(&shop, form(11, &json!([]))).await;
    app.sql(
        "insert into assessment_versions (assessment_id, version, sheet_version, set_no, product_name, answers, points,
                                          stars, saved_by, saved_at)
         select assessment_id, 200, sheet_version, set_no, product_name, answers, points, stars, saved_by, saved_at
           from assessment_versions;
         insert into assessments (id, seller_id, created_at)
         select gen_random_uuid(), seller_id, created_at from assessments cross join generate_series(1, 499)",
    )
    .await;
    shop.post(&shop.path("/assessments"), form(11, &json!([]))).await.refused(409, "assessments-full");
    revise(&shop, id_of(&begun), "*", form(11, &json!([]))).await.refused(409, "assessments-full");
    app.sql("delete from assessments where id not in (select assessment_id from assessment_versions)").await;
    app.sql("update sellers set status = 'closed'").await;
    shop.post(&shop.path("/assessments"), form(11, &json!([]))).await.refused(409, SHOP_CLOSED.code);
    assert_eq!(SHOP_CLOSED.code, "shop-closed");
    app.finish().await;
}

#[tokio::test]
async fn members_read_and_only_those_who_run_the_shop_write() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let begun = begin(&shop, form(11, &json!([]))).await;
    let path = shop.path(&format!("/assessments/{}", id_of(&begun)));
    let packer = app.member(&shop, MemberRole::Packer).await;
    packer.get(&path).await.ok();
    packer.post(&shop.path("/assessments"), form(11, &json!([]))).await.refused(403, "not-your-function");
    let other = app.approved_shop(LAI_CHAU).await;
    other.get(&path).await.refused(404, "not-found");
    let under_own = other.path(&format!("/assessments/{}", id_of(&begun)));
    other.get(&under_own).await.refused(404, "not-found");
    revise(&other, id_of(&begun), "*", form(11, &json!([]))).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn officers_see_assessments_once_the_shop_has_put_something_before_them() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Reviewer).await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let begun = begin(&shop, form(11, &json!([]))).await;
    let paths = [
        format!("/admin/v1/sellers/{}/assessments", shop.id),
        format!("/admin/v1/assessments/{}", id_of(&begun)),
        format!("/admin/v1/assessments/{}/report", id_of(&begun)),
    ];
    for path in &paths {
        officer.get(path).await.refused(404, "not-found");
    }
    shop.paper("business_registration").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    for path in &paths {
        assert_eq!(officer.get(path).await.status, 200, "{path}");
        elsewhere.get(path).await.refused(404, "not-found");
    }
    assert_eq!(officer.get(&paths[0]).await.ok()["items"][0]["id"], begun["id"]);
    assert_eq!(officer.get(&format!("{}?version=1", paths[1])).await.ok(), begun);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn the_printed_report_shows_everything_and_runs_nothing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let mut hostile = form(
        11,
        &json!([
            { "criterion": "1.1", "option": "1.1/3", "note": "\"><img src=x onerror=alert(1)>" },
            { "criterion": "2.4", "yes": true },
        ]),
    );
    hostile["product_name"] = json!("Chè <script>alert('1')</script> & bạn");
    let begun = begin(&shop, hostile).await;
    let answer = shop.get(&shop.path(&format!("/assessments/{}/report", id_of(&begun)))).await;
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let page = String::from_utf8(answer.bytes.to_vec()).unwrap();
    for shown in [
        "Chè &lt;script&gt;alert('1')&lt;/script&gt; &amp; bạn",
        "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;",
        "Bộ sản phẩm",
        "Quyết định số 26/2026/QĐ-TTg",
        "Phần A. SẢN PHẨM VÀ SỨC MẠNH CỦA CỘNG ĐỒNG",
        "Còn thiếu để đạt 3 sao",
        "không được cấp giấy chứng nhận",
        "đường dẫn gian hàng trên sàn",
        "Chưa đánh giá",
    ] {
        assert!(page.contains(shown), "{shown} is not on {page}");
    }
    for never in ["<script", "<img", "<link", "<iframe", "url(", "@import", "http:", "https:"] {
        assert!(!page.contains(never), "{never} is on the page");
    }
    let (_, style) = page.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    let hash = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, Sha256::digest(style));
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with(&format!("default-src 'none'; style-src 'sha256-{hash}';")), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    app.finish().await;
}
