//! Departments: which provinces they answer for, since when, and what their kind may decide.

use chrono::{Days, TimeDelta};
use ocop_market::people::access::{self, DepartmentKind, OfficerRole};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::grant_to;
use crate::support::{LAI_CHAU, LAO_CAI, TestApp, department_of};

/// Reaches behind the API, for what has no endpoint: departments and their provinces are founded by decree.
async fn department(app: &TestApp, slug: &str, kind: DepartmentKind, provinces: &[&str]) {
    let now = app.clock.now();
    let department = department_of(slug, kind, now);
    let codes: Vec<String> = provinces.iter().map(ToString::to_string).collect();
    app.app
        .db
        .act(async |conn| access::ensure_department(conn, &department, &codes, now).await.map(drop))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_head_reaches_no_department_that_spans_more_than_their_province() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let _operator = app.operator().await;
    let new = app.account("Cán bộ mới").await;
    department(&app, "lien-tinh", DepartmentKind::IndustryAndTrade, &[LAI_CHAU, LAO_CAI]).await;
    department(&app, "chua-co-tinh", DepartmentKind::IndustryAndTrade, &[]).await;
    for slug in ["lien-tinh", "chua-co-tinh", "quoc-gia"] {
        head.post("/admin/v1/grants", grant_to(&new, slug, "reviewer", &app)).await.refused(404, "not-found");
    }
    let departments = head.get("/admin/v1/departments").await.ok();
    let slugs: Vec<_> = departments.as_array().unwrap().iter().map(|department| &department["slug"]).collect();
    assert_eq!(slugs, ["so-cong-thuong-12"]);
    app.finish().await;
}

#[tokio::test]
async fn a_head_neither_sees_nor_ends_a_grant_of_the_national_department() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let operator = app.operator().await;
    let own = operator.get("/v1/me/grants").await.ok();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["role"]), (1, &json!("operator")));
    let path = format!("/admin/v1/grants/{}", own[0]["id"].as_str().unwrap());
    head.delete(&path).await.refused(404, "not-found");
    operator.get("/admin/v1/grants").await.ok();
    let listed = head.get("/admin/v1/grants").await.ok();
    assert!(listed.as_array().unwrap().iter().all(|grant| grant["role"] != "operator"));
    app.finish().await;
}

#[tokio::test]
async fn a_head_whose_department_lost_the_province_an_hour_ago_manages_nobody_there() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let new = app.account("Cán bộ mới").await;
    app.clock.advance(TimeDelta::days(3));
    let yesterday = app.clock.today() - Days::new(1);
    let moved = async |conn: &mut PgConnection| {
        Ok(sqlx::query("update department_provinces set valid_to = $1").bind(yesterday).execute(conn).await?)
    };
    app.app.db.act(moved).await.unwrap();
    head.post("/admin/v1/grants", grant_to(&new, "so-cong-thuong-12", "reviewer", &app))
        .await
        .refused(403, "not-your-function");
    officer.get("/admin/v1/cases").await.refused(403, "not-your-function");
    let own = officer.get("/v1/me/grants").await.ok();
    assert_eq!(own[0]["provinces"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn the_agriculture_department_decides_on_certificates_and_on_nothing_else() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ nông nghiệp").await;
    department(&app, "so-nong-nghiep-12", DepartmentKind::Agriculture, &[LAI_CHAU]).await;
    let mut grant = grant_to(&new, "so-nong-nghiep-12", "reviewer", &app);
    grant["permissions"] = json!(["certificates.decide", "sellers.decide"]);
    let refused = head.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "permissions[1]");
    let usual = grant_to(&new, "so-nong-nghiep-12", "head", &app);
    head.post("/admin/v1/grants", usual).await.ok();
    let own = new.get("/v1/me/grants").await.ok();
    assert_eq!(own[0]["permissions"], json!(["cases.read", "certificates.decide"]));
    new.get("/admin/v1/grants").await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn the_national_operator_sets_up_departments_and_moves_provinces_between_them() {
    let app = TestApp::new().await;
    let (operator, head) = (app.operator().await, app.officer(LAI_CHAU, OfficerRole::Head).await);
    let form = json!({
        "slug": "so-nong-nghiep-lai-chau",
        "name_vi": "Sở Nông nghiệp và Môi trường tỉnh Lai Châu",
        "name_en": "Lai Châu Department of Agriculture and Environment",
        "kind": "agriculture",
        "provinces": ["12"],
    });
    head.post("/admin/v1/departments", form.clone()).await.refused(403, "not-your-function");
    let with = |field: &str, value: Value| {
        let mut form = form.clone();
        form[field] = value;
        form
    };
    for (field, wrong, at) in [
        ("slug", json!("Sở Nông nghiệp"), "slug"),
        ("kind", json!("national"), "kind"),
        ("provinces", json!([]), "provinces"),
        ("provinces", json!(["12", "99"]), "provinces[1]"),
    ] {
        let refused = operator.post("/admin/v1/departments", with(field, wrong)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    operator.post("/admin/v1/departments", form.clone()).await.ok();
    operator.post("/admin/v1/departments", form).await.refused(409, "department-already");

    // Its officer decides on certificates of the province, and from the day it answers for another one, there only.
    let officer = app.account("Cán bộ Sở Nông nghiệp").await;
    let grant = json!({
        "contact": officer.contact(),
        "department": "so-nong-nghiep-lai-chau",
        "role": "reviewer",
        "permissions": ["cases.read", "certificates.decide"],
        "valid_from": app.clock.today(),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    app.submitted_shop(LAI_CHAU).await;
    app.submitted_shop(LAO_CAI).await;
    let provinces = async || {
        let queue = officer.get("/admin/v1/cases").await.ok();
        let cases = queue["items"].as_array().unwrap().iter().map(|case| case["province_code"].to_string());
        cases.collect::<Vec<_>>()
    };
    assert_eq!(provinces().await, ["\"12\""]);
    let path = "/admin/v1/departments/so-nong-nghiep-lai-chau/provinces";
    let moved = json!({ "provinces": ["15"], "valid_from": "2026-11-22" });
    head.put(path, moved.clone()).await.refused(403, "not-your-function");
    operator.put(path, json!({ "provinces": ["15"], "valid_from": "2026-11-20" })).await.refused(422, "invalid");
    operator.put(path, moved.clone()).await.ok();
    operator.put(path, moved).await.ok();
    assert_eq!(provinces().await, ["\"12\""], "until the day");
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(provinces().await, ["\"15\""]);
    let national = "/admin/v1/departments/quoc-gia/provinces";
    operator.put(national, json!({ "provinces": ["15"], "valid_from": "2026-12-01" })).await.refused(404, "not-found");
    app.finish().await;
}
