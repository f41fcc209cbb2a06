//! What officers find in the register, and how a shop's claim and the register become one.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{
    DECISION, accept_all, claimed, file_of, first_certificate, listed, register_of, registered, stars_shown, upload,
    verified, with_query,
};
use crate::support::catalogue::id_of;
use crate::support::sellers::ShopActor;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp, VINH_LONG};

const SHAN: &str = "Chè Shan tuyết Tả Lèng";

async fn products(officer: &Actor, filter: &[(&str, &str)]) -> Vec<String> {
    let page = officer.get(&with_query("/admin/v1/certificates", filter)).await.ok();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["product_name"].as_str().unwrap().to_owned()).collect()
}

async fn dossier_of(app: &TestApp, shop: &ShopActor, province: &str, subject: &str) -> Value {
    let officer = app.officer(province, OfficerRole::Reviewer).await;
    let case = shop.case_about(subject).await;
    officer.get(&format!("/admin/v1/cases/{case}")).await.ok()["subject"].clone()
}

#[tokio::test]
async fn the_register_is_searched_by_state_stars_set_place_words_decision_and_last_day() {
    let app = TestApp::new().await;
    let officer = app.officer(VINH_LONG, OfficerRole::Reviewer).await;
    let by_district = [
        ("decision_number", "768/QĐ-UBND"),
        ("decision_date", "2023-11-20"),
        ("authority", "UBND huyện Mỏ Cày Nam"),
        ("legacy_province", "ben-tre"),
    ];
    registered(&officer, &by_district, &[["Kẹo dừa", "Hộ Nguyễn Thị Sáu", "", "6", "3"]]).await;
    let by_province =
        [("decision_number", "12/QĐ-UBND"), ("decision_date", "2026-02-02"), ("authority", "UBND tỉnh Vĩnh Long")];
    let rows = [["Bưởi năm roi", "HTX Bình Minh", "", "1", "4"], ["Gạo hữu cơ", "HTX Tam Bình", "", "3", "3"]];
    registered(&officer, &by_province, &rows).await;

    for (filter, expected) in [
        (("state", "expired"), vec!["Kẹo dừa"]),
        (("state", "valid"), vec!["Bưởi năm roi", "Gạo hữu cơ"]),
        (("stars", "4"), vec!["Bưởi năm roi"]),
        (("set_no", "3"), vec!["Gạo hữu cơ"]),
        (("legacy_province", "ben-tre"), vec!["Kẹo dừa"]),
        (("q", "nguyen thi keo"), vec!["Kẹo dừa"]),
        (("q", "gạo minh"), vec![]),
        (("decision_number", "12/qđ-ubnd"), vec!["Bưởi năm roi", "Gạo hữu cơ"]),
        (("expires_before", "2026-11-21"), vec!["Kẹo dừa"]),
        (("expires_before", "2026-11-20"), vec![]),
    ] {
        assert_eq!(products(&officer, &[filter]).await, expected, "{filter:?}");
    }
    officer.get("/admin/v1/certificates?legacy_province=atlantis").await.refused(422, "invalid");
    officer.get("/admin/v1/certificates?expires_before=%2B12000-01-01").await.refused(422, "invalid");

    let first = officer.get("/admin/v1/certificates?limit=2").await.ok();
    let next = with_query("/admin/v1/certificates", &[("limit", "2"), ("after", first["next"].as_str().unwrap())]);
    let second = officer.get(&next).await.ok();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));

    // A district that is gone stays on its certificates, with the province it lay in.
    let old = &first["items"][0];
    assert_eq!((&old["authority"], &old["owner_name"]), (&json!("UBND huyện Mỏ Cày Nam"), &json!("Hộ Nguyễn Thị Sáu")));
    assert_eq!(old["issued_in"]["legacy_province"]["name"], "Bến Tre");
    assert_eq!(old["issued_in"]["province"]["name"], "Vĩnh Long");

    let elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    assert_eq!(products(&elsewhere, &[]).await, Vec::<String>::new());
    elsewhere.get(&format!("/admin/v1/certificates/{}", id_of(old))).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn the_register_goes_out_as_a_workbook_that_can_be_imported_again() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [["Mật ong rừng", "HTX Tam Đường", "", "4", "3"], ["=1+1 chè", "HTX Bình Lư", "", "11", "4"]];
    registered(&officer, &DECISION, &rows).await;
    let book = officer.get("/admin/v1/certificates/export?format=xlsx").await;
    assert!(book.header("content-disposition").unwrap().contains(".xlsx"), "{:?}", book.headers);
    let import = officer.upload("/admin/v1/certificate_imports", "application/octet-stream", book.bytes).await.ok();
    assert_eq!(import["counts"]["pending"], 2, "{import}");
    let import = accept_all(&officer, &import).await;
    assert_eq!((&import["counts"]["already_there"], &import["counts"]["written"]), (&json!(2), &json!(0)));

    let text = officer.get("/admin/v1/certificates/export?format=csv&stars=4").await;
    let text = String::from_utf8(text.bytes.to_vec()).unwrap();
    assert!(text.contains("'=1+1 chè") && !text.contains("Mật ong"), "{text}");
    app.finish().await;
}

#[tokio::test]
async fn a_claim_of_what_is_registered_shows_the_entry_and_becomes_one_row_with_it() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [[SHAN, "HTX nông nghiệp Tả Lèng", "", "11", "3"]];
    let import = registered(&officer, &DECISION, &rows).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop, SHAN, "2025-06-25").await;
    assert_eq!(register_of(&officer).await.len(), 2);

    let dossier = dossier_of(&app, &shop, LAI_CHAU, id_of(&claim)).await;
    let found = &dossier["register_matches"][0];
    assert_eq!((&found["entry"]["id"], &found["merges"]), (&import["rows"][0]["certificate_id"], &json!(true)));
    assert_eq!(found["contradictions"], json!([{ "field": "stars", "claimed": "4", "registered": "3" }]));

    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    let rows = register_of(&officer).await;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!((&rows[0]["id"], &rows[0]["seller_id"]), (&claim["id"], &json!(shop.id)));
    assert_eq!((&rows[0]["stars_today"], &rows[0]["owner_name"]), (&json!(3), &json!("HTX nông nghiệp Tả Lèng")));
    let path = format!("/admin/v1/certificate_imports/{}", id_of(&import));
    assert_eq!(officer.get(&path).await.ok()["rows"][0]["certificate_id"], claim["id"]);

    let again = upload(&officer, &DECISION, &[[SHAN, "HTX nông nghiệp Tả Lèng", "", "11", "3"]]).await;
    assert_eq!(accept_all(&officer, &again).await["counts"]["already_there"], 1);
    app.finish().await;
}

#[tokio::test]
async fn a_claim_takes_over_a_revocation_the_register_knows_of() {
    let app = TestApp::new().await;
    let [officer, second] =
        [app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await];
    let import = registered(&officer, &DECISION, &[[SHAN, "HTX Tả Lèng", "", "11", "4"]]).await;
    let path = format!("/admin/v1/certificates/{}/revocations", first_certificate(&import));
    let recorded = officer.post(&path, super::revocations::decision("2026-11-18")).await.ok();
    let confirmation = format!("/admin/v1/revocations/{}/confirmation", id_of(&recorded));
    second.put(&confirmation, json!({ "outcome": "confirm" })).await.ok();

    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = verified(&app, &shop, SHAN, "2025-06-25").await;
    let own = shop.get(&shop.path("/certificates")).await.ok();
    assert_eq!((&own["items"][0]["state"], &own["items"][0]["stars_today"]), (&json!("revoked"), &Value::Null));
    let file = file_of(&officer, id_of(&claim)).await;
    assert_eq!((&file["revoked_on"], &file["revocations"][0]["id"]), (&json!("2026-11-18"), &recorded["id"]));
    assert_eq!(register_of(&officer).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn of_two_owners_of_one_product_a_claim_becomes_one_with_its_own_entry_only() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [[SHAN, "HTX Khác", "0100109106", "11", "4"], [SHAN, "Hợp tác xã Trà Sin Suối Hồ", "", "11", "4"]];
    let import = registered(&officer, &DECISION, &rows).await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop, SHAN, "2025-06-25").await;
    let dossier = dossier_of(&app, &shop, LAI_CHAU, id_of(&claim)).await;
    let merges: Vec<&Value> =
        dossier["register_matches"].as_array().unwrap().iter().map(|found| &found["merges"]).collect();
    assert_eq!(merges, [&json!(false), &json!(true)]);
    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    let left: Vec<Value> = register_of(&officer).await.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&import["rows"][0]["certificate_id"]) && left.contains(&claim["id"]), "{left:?}");
    app.finish().await;
}

#[tokio::test]
async fn who_decides_on_a_claim_sees_that_another_shop_has_the_certificate() {
    let app = TestApp::new().await;
    let holder = app.approved_shop(LAI_CHAU).await;
    let held = verified(&app, &holder, SHAN, "2025-06-25").await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = claimed(&shop, SHAN, "2025-06-25").await;
    let dossier = dossier_of(&app, &shop, LAI_CHAU, id_of(&claim)).await;
    let found = &dossier["register_matches"][0];
    assert_eq!((&found["entry"]["id"], &found["entry"]["seller_id"]), (&held["id"], &json!(holder.id)));
    assert_eq!(found["merges"], false);
    app.decide(&shop, id_of(&claim), json!({ "verdict": "approve" })).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    assert_eq!(register_of(&officer).await.len(), 2, "nobody loses a certificate by another's claim");
    app.finish().await;
}

#[tokio::test]
async fn a_newer_certificate_of_the_same_product_takes_the_place_of_the_older() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let old = verified(&app, &shop, SHAN, "2024-06-25").await;
    let slug = listed(&app, &shop, id_of(&old)).await;
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);
    let newer = claimed(&shop, SHAN, "2026-11-20").await;
    assert_eq!(stars_shown(&app, &slug).await, [json!(4), json!(4)]);

    app.decide(&shop, id_of(&newer), json!({ "verdict": "approve" })).await;
    assert_eq!(stars_shown(&app, &slug).await, [Value::Null, Value::Null]);
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let file = file_of(&officer, id_of(&old)).await;
    assert_eq!((&file["state"], &file["superseded_by"]), (&json!("superseded"), &newer["id"]));

    // An older one that is found true later is superseded from the start.
    let oldest = verified(&app, &shop, SHAN, "2023-12-20").await;
    assert_eq!(file_of(&officer, id_of(&oldest)).await["superseded_by"], newer["id"]);
    assert_eq!(file_of(&officer, id_of(&newer)).await["state"], "valid");

    // So it goes with owners without a shop, from one decision to the next.
    let later =
        [("decision_number", "9/QĐ-UBND"), ("decision_date", "2026-01-05"), ("authority", "UBND tỉnh Lai Châu")];
    let rows = [["Miến dong", "HTX Bình Lư", "", "6", "3"], ["Miến dong", "HTX Khác", "", "6", "3"]];
    let first = registered(&officer, &DECISION, &rows).await;
    registered(&officer, &later, &[["Miến dong", "HTX Bình Lư", "", "6", "4"]]).await;
    let states = |row: usize| first["rows"][row]["certificate_id"].as_str().unwrap().to_owned();
    assert_eq!(file_of(&officer, &states(0)).await["state"], "superseded");
    assert_eq!(file_of(&officer, &states(1)).await["state"], "valid");
    app.finish().await;
}

#[tokio::test]
async fn an_officer_of_the_agriculture_department_decides_on_certificates_and_nothing_else() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let officer = app.agriculture_officer(LAI_CHAU, &["cases.read", "certificates.decide"]).await;
    let claim = claimed(&shop, SHAN, "2025-06-25").await;
    let case = shop.case_about(id_of(&claim)).await;
    let verdict = format!("/admin/v1/cases/{case}/verdict");
    let elsewhere = app.agriculture_officer(LAO_CAI, &["cases.read", "certificates.decide"]).await;
    elsewhere.put(&verdict, json!({ "verdict": "approve" })).await.refused(404, "not-found");
    officer.put(&verdict, json!({ "verdict": "approve" })).await.ok();
    assert_eq!(file_of(&officer, id_of(&claim)).await["state"], "valid");
    registered(&officer, &DECISION, &[["Miến dong", "HTX Bình Lư", "", "6", "3"]]).await;

    let draft = shop.draft(150_000).await;
    let submitted = shop.submit(id_of(&draft)).await.ok();
    let case = shop.case_about(id_of(&submitted["revision"])).await;
    let verdict = format!("/admin/v1/cases/{case}/verdict");
    officer.put(&verdict, json!({ "verdict": "approve" })).await.refused(403, "not-your-function");

    let reader = app.agriculture_officer(LAI_CHAU, &["cases.read"]).await;
    assert_eq!(register_of(&reader).await.len(), 2);
    reader.upload("/admin/v1/certificate_imports", "text/csv", "x").await.refused(403, "not-your-function");
    app.finish().await;
}
