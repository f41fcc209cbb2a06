//! Which departments there are, and for which provinces: the national operator's to say.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::kernel::{DepartmentId, Line};
use crate::people::access::model::{Department, DepartmentKind};
use crate::people::access::permissions::ManageOfficers;
use crate::people::access::{Officer, require_national, store};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// Another department has the name in addresses.
pub const DEPARTMENT_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "department-already",
    vi: "Đã có đơn vị mang tên này",
    en: "There is a department of this name already",
};

/// Provinces of the current list.
const MOST_PROVINCES: usize = 34;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_departments, create_department)).routes(routes!(set_provinces))
}

/// The departments whose officers one manages.
#[utoipa::path(get, path = "/departments", tag = "access", security(("session" = ["officers.manage"])),
    responses((status = OK, body = Vec<Department>)))]
async fn list_departments(officer: Officer<ManageOfficers>) -> Result<Json<Vec<Department>>> {
    let today = officer.app().clock.today();
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(store::list_departments(conn, provinces, today).await?))
        })
        .await
}

/// A department to set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "slug": "so-nong-nghiep-va-moi-truong-lai-chau",
    "name_vi": "Sở Nông nghiệp và Môi trường tỉnh Lai Châu",
    "name_en": "Lai Châu Department of Agriculture and Environment",
    "kind": "agriculture",
    "provinces": ["12"]
}))]
struct DepartmentForm {
    /// Short ASCII name, in small letters with hyphens.
    #[schema(value_type = String, min_length = 3, max_length = 120)]
    slug: Line<3, 120>,
    /// Name in Vietnamese.
    #[schema(value_type = String, min_length = 3, max_length = 200)]
    name_vi: Line<3, 200>,
    /// Name in English.
    #[schema(value_type = String, min_length = 3, max_length = 200)]
    name_en: Line<3, 200>,
    /// What it is; the national department is set up with the program.
    kind: DepartmentKind,
    /// Codes of the provinces it answers for, from today on.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 34)]
    provinces: Vec<Line<2, 2>>,
}

impl DepartmentForm {
    fn check(&self) -> Result<()> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !self.slug.chars().all(plain) {
            let why =
                ("chỉ gồm chữ thường không dấu, số và gạch nối", "must be small ASCII letters, digits and hyphens");
            return Err(Error::from(&INVALID).at("slug", why));
        }
        if self.kind == DepartmentKind::National {
            let why = ("đơn vị quốc gia đã có sẵn", "the national department exists already");
            return Err(Error::from(&INVALID).at("kind", why));
        }
        Ok(())
    }
}

/// Set up a department. Its first officers are then granted their permissions.
#[utoipa::path(post, path = "/departments", tag = "access", security(("session" = ["officers.manage"])),
    responses((status = CREATED, body = Department)))]
async fn create_department(
    officer: Officer<ManageOfficers>,
    Json(form): Json<DepartmentForm>,
) -> Result<(StatusCode, Json<Department>)> {
    form.check()?;
    let clock = &officer.app().clock;
    let department = Department {
        id: DepartmentId::new(clock.now()),
        slug: form.slug.to_string(),
        name_vi: form.name_vi.to_string(),
        name_en: form.name_en.to_string(),
        kind: form.kind,
    };
    officer
        .act(department.id.as_uuid(), async |scope| {
            let (conn, country) = scope.split();
            require_national(conn, country).await?;
            let provinces = codes(conn, &form.provinces).await?;
            store::insert_department(conn, &department, clock.now())
                .await
                .on_constraint("departments_slug_key", &DEPARTMENT_ALREADY)?;
            store::set_provinces(conn, department.id, &provinces, clock.today()).await?;
            Ok((StatusCode::CREATED, Json(department.clone())))
        })
        .await
}

/// The provinces' codes, each once.
async fn codes(conn: &mut PgConnection, chosen: &[Line<2, 2>]) -> Result<Vec<String>> {
    if chosen.is_empty() || chosen.len() > MOST_PROVINCES {
        return Err(Error::from(&INVALID).at("provinces", ("cần từ 1 đến 34 tỉnh", "must be one to 34 provinces")));
    }
    let country = places::list_provinces(conn).await?;
    let unknown = chosen.iter().position(|code| country.iter().all(|province| province.code != **code));
    if let Some(at) = unknown {
        let why = ("phải là mã tỉnh hiện hành", "must be the code of a province of today");
        return Err(Error::from(&INVALID).at(format!("provinces[{at}]"), why));
    }
    let mut codes: Vec<String> = chosen.iter().map(ToString::to_string).collect();
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// A department in the path.
#[derive(Debug, Deserialize)]
struct DepartmentPath {
    slug: String,
}

/// Which provinces a department answers for, from when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "provinces": ["12"], "valid_from": "2026-12-01" }))]
struct ProvincesForm {
    /// Codes: all of them, not only the new ones.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 34)]
    provinces: Vec<Line<2, 2>>,
    /// The first day: today or later.
    valid_from: NaiveDate,
}

/// Say which provinces a department answers for from a day on: a merger, or a new division of the work.
#[utoipa::path(put, path = "/departments/{slug}/provinces", tag = "access",
    security(("session" = ["officers.manage"])), params(("slug" = String, Path)),
    responses((status = NO_CONTENT)))]
async fn set_provinces(
    officer: Officer<ManageOfficers>,
    Path(path): Path<DepartmentPath>,
    Json(form): Json<ProvincesForm>,
) -> Result<StatusCode> {
    let today = officer.app().clock.today();
    if form.valid_from < today {
        return Err(Error::from(&INVALID).at("valid_from", ("không được ở quá khứ", "must not lie in the past")));
    }
    let id = officer.see(async |scope| {
        let (conn, country) = scope.split();
        require_national(conn, country).await?;
        let found = store::find_department(conn, country, &path.slug, today).await?;
        Ok(found.filter(|department| department.kind != DepartmentKind::National).or_refuse(&NOT_FOUND)?.id)
    });
    let id = id.await?;
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, country) = scope.split();
            require_national(conn, country).await?;
            let provinces = codes(conn, &form.provinces).await?;
            store::set_provinces(conn, id, &provinces, form.valid_from).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
