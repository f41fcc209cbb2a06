//! Decisions as files.

use ocop_market::people::access::{DepartmentKind, OfficerRole};
use serde_json::{Value, json};

use super::{
    DECISION, accept_all, first_certificate, join, listed, register_of, registered, stars_shown, upload, verified,
    with_query,
};
use crate::support::catalogue::id_of;
use crate::support::{HA_NOI, LAI_CHAU, LAO_CAI, TestApp};

/// The tax code of every approved shop of the harness.
const SHOP_CODE: &str = "6200012349";

#[tokio::test]
async fn a_preview_says_in_which_cell_what_is_wrong_and_writes_nothing() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let csv = "UBND TỈNH LAI CHÂU\n\
               DANH SÁCH SẢN PHẨM ĐƯỢC CÔNG NHẬN\n\
               STT;TÊN SẢN PHẨM;CHỦ THỂ;MST;BỘ SẢN PHẨM;HẠNG SAO;SỐ QUYẾT ĐỊNH;NGÀY QUYẾT ĐỊNH;CƠ QUAN\n\
               1;Chè Shan tuyết Tả Lèng;HTX Chè Tả Lèng;6200012349;Bộ 11;4 sao;1187/qd-ubnd;25/06/2025;UBND tỉnh Lai Châu\n\
               2;Mật ong rừng;Hộ Lò Thị Mây;012090000123;4;2 sao;1187/QĐ-UBND;25/06/2025;UBND tỉnh Lai Châu\n\
               3;Thịt trâu gác bếp;;;Thịt, thủy sản, trứng, sữa tươi;3;mười một;31/02/2025;UBND tỉnh Lai Châu\n\
               4;Chè Ô Quy Hồ;HTX Sa Pa;;11;3;585/QĐ-UBND;25/06/2025;UBND tỉnh Lào Cai\n\
               5;Sâm Lai Châu;Công ty Sâm;;20;5;377/QĐ-BNNMT;17/01/2025;Bộ Nông nghiệp và Môi trường\n\
               6;CHÈ SHAN TUYẾT TẢ LÈNG;HTX chè Tả Lèng;;11;4;1187/QĐ-UBND;25/06/2025;UBND tỉnh Lai Châu\n\
               7;Chè dây;HTX Chè Tả Lèng;;11;3;1187/QĐ-UBND;25/06/2027;UBND tỉnh Lai Châu\n";
    let path = "/admin/v1/certificate_imports";
    let import = officer.upload(path, "text/csv", csv).await.ok();
    let errors: Vec<(i64, Vec<&str>)> = import["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let at = row["errors"].as_array().unwrap().iter().map(|error| error["at"].as_str().unwrap());
            (row["row_number"].as_i64().unwrap(), at.collect())
        })
        .collect();
    let expected: [(i64, Vec<&str>); 7] = [
        (4, vec![]),
        (5, vec!["D5", "F5"]),
        (6, vec!["G6", "H6", "C6"]),
        (7, vec!["I7"]),
        (8, vec!["I8", "F8"]),
        (9, vec!["B9"]),
        (10, vec!["H10"]),
    ];
    assert_eq!(errors, expected, "{import}");
    let stars = &import["rows"][1]["errors"][1];
    assert_eq!((&stars["vi"], &stars["en"]), (&json!("phải là 3, 4 hoặc 5 sao"), &json!("must be 3, 4 or 5 stars")));
    assert_eq!(import["rows"][5]["errors"][0]["vi"], "trùng với dòng 4");
    // A personal ID is told from a tax code, and kept nowhere.
    assert_eq!(import["rows"][1]["reading"]["owner_tax_code"], Value::Null);
    assert!(!import.to_string().contains("012090000123"), "{import}");
    let read = &import["rows"][0]["reading"];
    assert_eq!((&read["stars"], &read["set_no"], &read["legacy_province_code"]), (&json!(4), &json!(11), &json!("12")));
    assert_eq!((&read["decision_number"], &read["issued_on"]), (&json!("1187/QĐ-UBND"), &json!("2025-06-25")));
    assert_eq!(import["unknown_columns"][0]["at"], "A3");
    assert_eq!((&import["counts"]["wrong"], &import["counts"]["pending"]), (&json!(6), &json!(1)));
    assert_eq!(register_of(&officer).await, Vec::<Value>::new());
    assert_eq!(officer.get(&format!("{path}/{}", id_of(&import))).await.ok(), import);
    app.finish().await;
}

#[tokio::test]
async fn a_decision_is_in_the_register_once_however_often_it_is_sent_and_accepted() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [
        ["Mật ong rừng", "Hộ Lò Thị Mây", "", "4", "3"],
        ["Mật ong rừng", "HTX Mật ong Tam Đường", "", "4", "4"],
        ["Miến dong", "HTX Bình Lư", "", "6", "3"],
    ];
    let first = upload(&officer, &DECISION, &rows).await;
    let second = upload(&officer, &DECISION, &rows).await;
    let [once, twice] = [accept_all(&officer, &first).await, accept_all(&officer, &first).await];
    assert_eq!((&once["counts"]["written"], &once), (&json!(3), &twice));
    let other = accept_all(&officer, &second).await;
    assert_eq!((&other["counts"]["written"], &other["counts"]["already_there"]), (&json!(0), &json!(3)));
    assert_eq!(other["rows"][1]["certificate_id"], once["rows"][1]["certificate_id"]);
    assert_eq!(register_of(&officer).await.len(), 3);

    // What contradicts the register is no row to accept.
    let higher = upload(&officer, &DECISION, &[["Miến dong", "HTX Bình Lư", "", "6", "4"]]).await;
    let error = &higher["rows"][0]["errors"][0];
    assert_eq!(error["at"], "E2");
    assert_eq!(error["vi"], "sổ đăng ký đã có sản phẩm này với 3 sao, cấp ngày 25/06/2025");
    app.finish().await;
}

#[tokio::test]
async fn two_officers_accepting_the_same_list_at_once_write_it_once() {
    let app = TestApp::new().await;
    let [one, other] =
        [app.officer(LAI_CHAU, OfficerRole::Reviewer).await, app.officer(LAI_CHAU, OfficerRole::Reviewer).await];
    let names: Vec<String> = (0..120).map(|number| format!("Sản phẩm {number}")).collect();
    let rows: Vec<[&str; 5]> = names.iter().map(|name| [name.as_str(), "HTX Bình Lư", "", "6", "3"]).collect();
    let [first, second] = [upload(&one, &DECISION, &rows).await, upload(&other, &DECISION, &rows).await];
    let (a, b, c) = tokio::join!(accept_all(&one, &first), accept_all(&other, &first), accept_all(&other, &second));
    for import in [&a, &b, &c] {
        assert_eq!(import["counts"]["pending"], 0, "{}", import["counts"]);
    }
    let written = |import: &Value| import["counts"]["written"].as_i64().unwrap();
    assert_eq!(written(&a), written(&b));
    assert_eq!(written(&a) + written(&c), 120);
    let counted = one.get("/admin/v1/certificates/export?format=jsonl").await;
    assert_eq!(String::from_utf8_lossy(&counted.bytes).lines().count(), 120);
    app.finish().await;
}

#[tokio::test]
async fn chosen_rows_are_written_and_rows_with_errors_are_not_to_be_chosen() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [
        ["Mật ong rừng", "HTX Tam Đường", "", "4", "3"],
        ["Miến dong", "HTX Bình Lư", "", "6", "1"],
        ["Chè dây", "HTX Bình Lư", "", "11", "3"],
    ];
    let import = upload(&officer, &DECISION, &rows).await;
    let path = format!("/admin/v1/certificate_imports/{}/acceptance", id_of(&import));
    for (chosen, at) in [(json!([2, 3]), "rows[1]"), (json!([9]), "rows[0]"), (json!([2, 2, 2, 2]), "rows")] {
        let refusal = officer.put(&path, json!({ "rows": chosen })).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    officer.put(&path, json!({ "rows": "some" })).await.refused(422, "invalid");
    assert_eq!(register_of(&officer).await.len(), 0);
    let import = officer.put(&path, json!({ "rows": [4] })).await.ok();
    assert_eq!((&import["counts"]["written"], &import["rows"][2]["outcome"]), (&json!(1), &json!("written")));
    assert_eq!(import["rows"][0]["outcome"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_no_list_or_too_long_is_refused_as_a_whole() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let path = "/admin/v1/certificate_imports";
    officer.upload(path, "text/csv", "Tên sản phẩm,Giá\nChè,1\n").await.refused(422, "sheet-columns");
    let long = "x\n".repeat(2_021);
    officer.upload(path, "text/csv", long).await.refused(422, "sheet-too-large");
    officer.upload(path, "text/csv", vec![b'x'; 6 << 20]).await.refused(413, "too-large");
    let nowhere = with_query(path, &[("legacy_province", "atlantis")]);
    let header = "Tên sản phẩm,Chủ thể,Bộ sản phẩm,Số sao\n";
    let refusal = officer.upload(&nowhere, "text/csv", header).await.refused(422, "invalid");
    assert_eq!(refusal["errors"][0]["at"], "legacy_province");
    app.finish().await;
}

#[tokio::test]
async fn a_day_no_calendar_has_is_wrong_in_its_rows() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    for day in ["-9999-01-01", "0000-01-01", "+200000-01-01"] {
        let decision =
            [("decision_number", "1187/QĐ-UBND"), ("decision_date", day), ("authority", "UBND tỉnh Lai Châu")];
        let import = upload(&officer, &decision, &[["Chè dây", "HTX Tả Lèng", SHOP_CODE, "11", "3"]]).await;
        assert_eq!((&import["counts"]["wrong"], &import["counts"]["pending"]), (&json!(1), &json!(0)), "{import}");
    }
    app.finish().await;
}

#[tokio::test]
async fn five_stars_across_provinces_are_imported_by_the_national_operator_alone() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let csv = "Tên sản phẩm;Chủ thể;Bộ sản phẩm;Số sao;Tỉnh\n\
               Chè Shan tuyết;HTX Chè;11;5;Lai Châu\n\
               Nước mắm;HTX Bến Tre;9;5;Bến Tre\n";
    let decision = [
        ("decision_number", "377/QĐ-BNNMT"),
        ("decision_date", "2025-01-17"),
        ("authority", "Bộ Nông nghiệp và Môi trường"),
    ];
    let path = with_query("/admin/v1/certificate_imports", &decision);
    let refused = officer.upload(&path, "text/csv", csv).await.ok();
    let wrong = |row: usize| refused["rows"][row]["errors"].as_array().unwrap().clone();
    assert_eq!((wrong(0).len(), &wrong(0)[0]["at"]), (1, &json!("D2")));
    assert_eq!((wrong(1).len(), &wrong(1)[1]["at"]), (2, &json!("E3")));

    let committee = [decision[0], decision[1], ("authority", "UBND tỉnh Lai Châu")];
    let committee = with_query("/admin/v1/certificate_imports", &committee);
    for (path, csv) in [(&committee, csv.to_owned()), (&path, csv.replace(";5;", ";4;"))] {
        let wrong = operator.upload(path, "text/csv", csv).await.ok();
        assert_eq!((&wrong["counts"]["wrong"], &wrong["counts"]["pending"]), (&json!(2), &json!(0)), "{wrong}");
    }

    let import = operator.upload(&path, "text/csv", csv).await.ok();
    assert_eq!(import["counts"]["pending"], 2);
    officer.get(&format!("/admin/v1/certificate_imports/{}", id_of(&import))).await.refused(404, "not-found");
    accept_all(&operator, &import).await;
    let own = register_of(&officer).await;
    assert_eq!((own.len(), &own[0]["stars_today"]), (1, &json!(5)));
    assert_eq!(register_of(&operator).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn an_imported_row_goes_into_the_shop_with_its_tax_code_and_puts_no_stars_on_a_listing() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let slug = app.published_listing(&shop, 150_000, 5).await["slug"].as_str().unwrap().to_owned();
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let import =
        registered(&officer, &DECISION, &[["Chè Shan tuyết Tả Lèng", "HTX Tả Lèng", SHOP_CODE, "11", "4"]]).await;
    assert!(app.last_message(shop.contact()).await.contains("Chè Shan tuyết Tả Lèng"));
    let own = shop.get(&shop.path("/certificates")).await.ok();
    assert_eq!((&own["items"][0]["status"], &own["items"][0]["stars_today"]), (&json!("verified"), &json!(4)));
    assert_eq!(own["items"][0]["id"], first_certificate(&import));
    assert_eq!(stars_shown(&app, &slug).await, [Value::Null, Value::Null]);

    let named = listed(&app, &shop, first_certificate(&import)).await;
    assert_eq!(stars_shown(&app, &named).await, [json!(4), json!(4)]);
    app.finish().await;
}

#[tokio::test]
async fn a_row_of_another_provinces_shop_or_of_the_officers_own_stays_in_the_register_alone() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(HA_NOI).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    registered(&officer, &DECISION, &[["Chè dây", "HTX Tả Lèng", SHOP_CODE, "11", "3"]]).await;
    assert_eq!(register_of(&officer).await[0]["seller_id"], Value::Null);
    assert_eq!(shop.get(&shop.path("/certificates")).await.ok()["items"], json!([]));

    let hanoi = app.officer(HA_NOI, OfficerRole::Reviewer).await;
    join(&app, &shop, &hanoi).await;
    let decision =
        [("decision_number", "12/QĐ-UBND"), ("decision_date", "2025-06-25"), ("authority", "UBND TP Hà Nội")];
    registered(&hanoi, &decision, &[["Chè sen", "HTX Tả Lèng", SHOP_CODE, "11", "3"]]).await;
    assert_eq!(register_of(&hanoi).await[0]["seller_id"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn what_a_shop_claimed_and_an_officer_verified_is_there_already() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let claim = verified(&app, &shop, "Chè Shan tuyết Tả Lèng", "2025-06-25").await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let rows = [["CHÈ SHAN TUYẾT TẢ LÈNG", "HTX nông nghiệp Tả Lèng", "", "11", "4"]];
    let import = accept_all(&officer, &upload(&officer, &DECISION, &rows).await).await;
    assert_eq!(import["rows"][0]["outcome"], "already_there");
    assert_eq!(import["rows"][0]["certificate_id"], claim["id"]);
    assert_eq!(register_of(&officer).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn an_officer_who_moved_to_another_province_does_not_see_the_import_any_more() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let import = upload(&officer, &DECISION, &[["Chè dây", "HTX Tả Lèng", "", "11", "3"]]).await;
    let kept = accept_all(&officer, &upload(&officer, &DECISION, &[["Chè xanh", "HTX", "", "11", "3"]]).await).await;

    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let grants = head.get("/admin/v1/grants").await.ok();
    let own = grants.as_array().unwrap().iter().find(|grant| grant["account_id"] == json!(officer.account())).unwrap();
    assert_eq!(head.delete(&format!("/admin/v1/grants/{}", id_of(own))).await.status, 204);
    let permissions = OfficerRole::Reviewer.usual_permissions();
    let role = (OfficerRole::Reviewer, permissions.as_slice());
    let department = format!("so-cong-thuong-{LAO_CAI}");
    app.appoint(&officer, &department, DepartmentKind::IndustryAndTrade, &[LAO_CAI], role).await;

    let path = format!("/admin/v1/certificate_imports/{}", id_of(&import));
    officer.get(&path).await.refused(404, "not-found");
    officer.put(&format!("{path}/acceptance"), json!({ "rows": "all" })).await.refused(404, "not-found");
    let certificate = format!("/admin/v1/certificates/{}", first_certificate(&kept));
    officer.get(&certificate).await.refused(404, "not-found");
    assert_eq!(register_of(&officer).await.len(), 0);
    assert_eq!(register_of(&head).await.len(), 1);
    app.finish().await;
}
