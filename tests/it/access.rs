//! Officers' grants: by department, by province, by date. A shop's members: by role.

use chrono::{Days, TimeDelta};
use ocop_market::kernel::DepartmentId;
use ocop_market::people::access::{self, Department, DepartmentKind, OfficerRole};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::support::sellers::cooperative;
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

#[tokio::test]
async fn a_head_makes_officers_of_their_own_province_only() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let _elsewhere = app.officer(LAO_CAI, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = |department: &str| {
        json!({
            "contact": new.contact(),
            "department": department,
            "role": "reviewer",
            "valid_from": "2026-11-21",
        })
    };
    head.post("/admin/v1/grants", grant("so-cong-thuong-15")).await.refused(404, "not-found");
    let grants = head.post("/admin/v1/grants", grant("so-cong-thuong-12")).await.ok();
    assert_eq!(grants.as_array().unwrap().len(), 2);
    assert_eq!(grants[1]["provinces"], json!([LAI_CHAU]));
    let departments = head.get("/admin/v1/departments").await.ok();
    assert_eq!(departments.as_array().unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_role_has_the_functions_it_has() {
    let app = TestApp::new().await;
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let buyer = app.account("Người mua").await;
    for stranger in [&reviewer, &buyer] {
        stranger.get("/admin/v1/grants").await.refused(403, "not-your-function");
    }
    app.anyone().get("/admin/v1/grants").await.refused(401, "sign-in-first");
    app.finish().await;
}

#[tokio::test]
async fn a_grant_holds_from_its_first_to_its_last_day() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let today = app.clock.today();
    let grant = json!({
        "contact": new.contact(),
        "department": "so-cong-thuong-12",
        "role": "auditor",
        "valid_from": today + Days::new(1),
        "valid_to": today + Days::new(1),
    });
    head.post("/admin/v1/grants", grant).await.ok();
    new.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    app.clock.advance(TimeDelta::days(1));
    new.get("/admin/v1/audit_entries").await.ok();
    app.clock.advance(TimeDelta::days(1));
    new.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn an_ended_grant_is_refused_at_the_next_request_and_the_record_says_who_ended_it() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
    let grants = head.get("/admin/v1/grants").await.ok();
    let of = |account: &str| {
        let found = grants.as_array().unwrap().iter().find(|grant| grant["account_id"] == account).unwrap();
        format!("/admin/v1/grants/{}", found["id"].as_str().unwrap())
    };
    head.delete(&of(&head.account().to_string())).await.refused(409, "own-grant");
    officer.get("/admin/v1/audit_entries").await.ok();
    head.delete(&of(&officer.account().to_string())).await.ok();
    officer.get("/admin/v1/audit_entries").await.refused(403, "not-your-function");
    let record = head.get("/admin/v1/audit_entries").await.ok();
    assert_eq!(record["items"][0]["operation"], "DELETE /admin/v1/grants/{id}");
    assert_eq!(record["items"][0]["account_id"], head.account().to_string());
    app.finish().await;
}

#[tokio::test]
async fn the_record_of_acts_cannot_be_changed() {
    let app = TestApp::new().await;
    for statement in ["delete from audit_entries", "update audit_entries set operation = ''"] {
        let error = app.app.db.act(async |conn| Ok(sqlx::query(statement).execute(conn).await?)).await.unwrap_err();
        assert_eq!(error.sqlstate().as_deref(), Some("23000"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_permission_nobody_knows_is_refused_by_name() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let grant = json!({
        "contact": head.contact(),
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "permissions": ["cases.read", "moi.quyen"],
        "valid_from": "2026-11-21",
    });
    let refused = head.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "permissions[1]");
    app.finish().await;
}

#[tokio::test]
async fn an_owner_takes_people_into_the_shop_and_lets_them_go() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let packer = app.account("Người đóng gói").await;
    packer.get(&shop.path("")).await.refused(404, "not-found");
    let joins = json!({ "contact": packer.contact(), "role": "packer" });
    let members = shop.post(&shop.path("/members"), joins.clone()).await.ok();
    let id = members[1]["id"].as_str().unwrap();
    packer.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    let members = shop.get(&shop.path("/members")).await.ok();
    assert_eq!(members[1]["account_id"], json!(packer.account()));
    assert_eq!(members[1]["invited_as"], json!(null));
    assert_eq!(members[1]["role"], "packer");
    packer.get(&shop.path("")).await.ok();
    shop.post(&shop.path("/members"), joins).await.refused(409, "member-already");
    let membership = shop.path(&format!("/members/{}", members[1]["id"].as_str().unwrap()));
    packer.delete(&membership).await.refused(403, "not-your-function");
    shop.delete(&membership).await.ok();
    packer.get(&shop.path("")).await.refused(404, "not-found");
    shop.delete(&membership).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_gives_and_tells_nothing_until_it_is_accepted() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let invited = app.account("Người được mời").await;
    let joins = json!({ "contact": invited.contact(), "role": "owner" });
    let members = shop.post(&shop.path("/members"), joins.clone()).await.ok();
    let pending = &members[1];
    for unknown in ["account_id", "display_name", "accepted_at"] {
        assert_eq!(pending[unknown], json!(null), "{unknown}");
    }
    assert_eq!(pending["invited_as"], invited.contact());
    invited.get(&shop.path("")).await.refused(404, "not-found");
    assert_eq!(invited.get("/v1/me/shops").await.ok(), json!([]));
    let invitations = invited.get("/v1/me/invitations").await.ok();
    assert_eq!((&invitations[0]["id"], &invitations[0]["role"]), (&pending["id"], &json!("owner")));

    let id = pending["id"].as_str().unwrap();
    let (invitation, membership) = (format!("/v1/me/invitations/{id}"), format!("/v1/me/memberships/{id}"));
    let stranger = app.account("Người lạ").await;
    stranger.put(&invitation, json!({})).await.refused(404, "not-found");
    stranger.delete(&membership).await.refused(404, "not-found");
    invited.delete(&membership).await.ok();
    invited.put(&invitation, json!({})).await.refused(404, "not-found");
    assert_eq!(invited.get("/v1/me/invitations").await.ok(), json!([]));

    let members = shop.post(&shop.path("/members"), joins).await.ok();
    let id = members[1]["id"].as_str().unwrap();
    for _ in 0..2 {
        invited.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    }
    invited.get(&shop.path("")).await.ok();
    invited.delete(&format!("/v1/me/memberships/{id}")).await.ok();
    invited.get(&shop.path("")).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_cannot_ask_by_invitations_who_has_an_account() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let guess = |number: u32| json!({ "contact": format!("0999 888 {number:03}"), "role": "packer" });
    for number in 0..20 {
        shop.post(&shop.path("/members"), guess(number)).await.refused(409, "no-such-account");
    }
    shop.post(&shop.path("/members"), guess(20)).await.refused(429, "too-many-attempts");
    app.finish().await;
}

#[tokio::test]
async fn nobody_without_an_account_is_made_a_member_or_an_officer() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let member = json!({ "contact": "0999 888 777", "role": "manager" });
    shop.post(&shop.path("/members"), member).await.refused(409, "no-such-account");
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let grant = json!({
        "contact": "0999 888 777",
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "valid_from": "2026-11-21",
    });
    head.post("/admin/v1/grants", grant).await.refused(409, "no-such-account");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_keeps_at_least_one_owner() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let members = shop.get(&shop.path("/members")).await.ok();
    let first = shop.path(&format!("/members/{}", members[0]["id"].as_str().unwrap()));
    shop.delete(&first).await.refused(409, "last-owner");
    let second = app.account("Đồng sở hữu").await;
    let members = shop.post(&shop.path("/members"), json!({ "contact": second.contact(), "role": "owner" })).await.ok();
    shop.delete(&first).await.refused(409, "last-owner");
    let id = members[1]["id"].as_str().unwrap();
    second.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    shop.delete(&first).await.ok();
    second.delete(&format!("/v1/me/memberships/{id}")).await.refused(409, "last-owner");
    shop.get(&shop.path("")).await.refused(404, "not-found");
    second.get(&shop.path("/members")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn whoever_only_claims_a_contact_is_not_made_an_officer() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let stranger = app.account("Người lạ").await;
    stranger.post("/v1/me/contacts", json!({ "contact": "moi@laichau.gov.example" })).await.ok();
    let grant = json!({
        "contact": "moi@laichau.gov.example",
        "department": "so-cong-thuong-12",
        "role": "reviewer",
        "valid_from": "2026-11-21",
    });
    head.post("/admin/v1/grants", grant).await.refused(409, "no-such-account");
    app.finish().await;
}

#[tokio::test]
async fn nobody_gives_to_themselves_nor_what_they_do_not_have() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = |contact: &str, role: &str| json!({ "contact": contact, "department": "so-cong-thuong-12", "role": role, "valid_from": "2026-11-21" });
    head.post("/admin/v1/grants", grant(head.contact(), "reviewer")).await.refused(409, "own-grant");
    let mut operator = grant(new.contact(), "operator");
    operator["permissions"] = json!(["cases.read"]);
    let refused = head.post("/admin/v1/grants", operator).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "role");
    let mut only_manages = grant(new.contact(), "head");
    only_manages["permissions"] = json!(["officers.manage"]);
    head.post("/admin/v1/grants", only_manages).await.ok();
    let third = app.account("Người thứ ba").await;
    new.post("/admin/v1/grants", grant(third.contact(), "reviewer")).await.refused(403, "not-your-function");
    app.finish().await;
}

/// Reaches behind the API, for what has no endpoint: departments and their provinces are founded by decree.
async fn department(app: &TestApp, slug: &str, kind: DepartmentKind, provinces: &[&str]) {
    let now = app.clock.now();
    let department = Department {
        id: DepartmentId::new(now),
        slug: slug.to_owned(),
        name_vi: slug.to_owned(),
        name_en: slug.to_owned(),
        kind,
    };
    let codes: Vec<String> = provinces.iter().map(ToString::to_string).collect();
    app.app
        .db
        .act(async |conn| access::ensure_department(conn, &department, &codes, now).await.map(drop))
        .await
        .unwrap();
}

fn grant_to(officer: &Actor, department: &str, role: &str, app: &TestApp) -> Value {
    json!({ "contact": officer.contact(), "department": department, "role": role, "valid_from": app.clock.today() })
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
async fn nothing_is_granted_for_days_that_have_passed() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let mut grant = grant_to(&new, "so-cong-thuong-12", "reviewer", &app);
    grant["valid_from"] = json!(app.clock.today() - Days::new(1));
    let refused = head.post("/admin/v1/grants", grant.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "valid_from");
    grant["valid_from"] = json!(app.clock.today() + Days::new(2));
    grant["valid_to"] = json!(app.clock.today() + Days::new(1));
    let refused = head.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "valid_to");
    app.finish().await;
}

#[tokio::test]
async fn a_second_grant_of_the_same_days_is_refused_until_the_first_is_ended() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let colleague = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let grant = grant_to(&new, "so-cong-thuong-12", "reviewer", &app);
    let answers =
        tokio::join!(head.post("/admin/v1/grants", grant.clone()), colleague.post("/admin/v1/grants", grant.clone()));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    head.post("/admin/v1/grants", grant.clone()).await.refused(409, "grant-already");

    let own = new.get("/v1/me/grants").await.ok();
    let path = format!("/admin/v1/grants/{}", own[0]["id"].as_str().unwrap());
    head.delete(&path).await.ok();
    head.delete(&path).await.refused(404, "not-found");
    assert_eq!(new.get("/v1/me/grants").await.ok(), json!([]));
    let mut first_week = grant.clone();
    first_week["valid_to"] = json!(app.clock.today() + Days::new(6));
    head.post("/admin/v1/grants", first_week).await.ok();
    let mut afterwards = grant;
    afterwards["valid_from"] = json!(app.clock.today() + Days::new(6));
    head.post("/admin/v1/grants", afterwards.clone()).await.refused(409, "grant-already");
    afterwards["valid_from"] = json!(app.clock.today() + Days::new(7));
    head.post("/admin/v1/grants", afterwards).await.ok();
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
async fn the_platforms_policies_are_nobodys_in_a_province() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let _head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let new = app.account("Cán bộ mới").await;
    let mut grant = grant_to(&new, "so-cong-thuong-12", "head", &app);
    grant["permissions"] = json!(["policies.manage"]);
    let refused = operator.post("/admin/v1/grants", grant).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["at"], "permissions[0]");
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
