//! Who the officers are: a head grants within the provinces of their own department.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::NO_SUCH_ACCOUNT;
use super::model::{Department, Grant, NewGrant, OfficerRole};
use super::officer::Officer;
use super::permissions::{ManageOfficers, PERMISSIONS, ReadAudit};
use super::store;
use crate::app::App;
use crate::kernel::{AuditId, GrantId, Limit, Line, Page};
use crate::people::audit;
use crate::people::identity::{self, Contact};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// An officer may not end the grant they act by: somebody must always be able to undo it.
pub const OWN_GRANT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-grant",
    vi: "Không thể tự chấm dứt quyền của chính mình",
    en: "You cannot end your own grant",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_departments))
        .routes(routes!(list_grants, create_grant))
        .routes(routes!(end_grant))
        .routes(routes!(list_audit_entries))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// The departments whose officers one manages.
#[utoipa::path(get, path = "/departments", tag = "access", security(("session" = ["officers.manage"])),
    responses((status = OK, body = Vec<Department>)))]
async fn list_departments(officer: Officer<ManageOfficers>) -> Result<Json<Vec<Department>>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(store::list_departments(conn, provinces).await?))
        })
        .await
}

/// The grants in force or to come.
#[utoipa::path(get, path = "/grants", tag = "access", security(("session" = ["officers.manage"])),
    responses((status = OK, body = Vec<Grant>)))]
async fn list_grants(officer: Officer<ManageOfficers>) -> Result<Json<Vec<Grant>>> {
    let today = officer.app().clock.today();
    officer.see(async |scope| Ok(Json(store::list_grants(scope, today).await?))).await
}

/// A permission to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "contact": "can-bo@example.vn",
    "department": "so-cong-thuong-lai-chau",
    "role": "reviewer",
    "valid_from": "2026-12-01"
}))]
struct GrantRequest {
    /// A contact of the officer's account.
    #[schema(value_type = String)]
    contact: Contact,
    /// The department's short name.
    #[schema(value_type = String)]
    department: Line<1, 120>,
    /// The role; its usual permissions are given unless `permissions` says otherwise.
    role: OfficerRole,
    /// Exactly these instead of the usual ones.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    permissions: Option<Vec<Line<1, 40>>>,
    /// First day.
    valid_from: NaiveDate,
    /// Last day; none until further notice.
    valid_to: Option<NaiveDate>,
}

impl GrantRequest {
    fn permissions(&self) -> Result<Vec<String>> {
        let Some(chosen) = &self.permissions else { return Ok(self.role.usual_permissions()) };
        if let Some(at) = chosen.iter().position(|name| !PERMISSIONS.contains(&name.as_ref())) {
            let known = PERMISSIONS.join(", ");
            return Err(Error::from(&INVALID).at(format!("permissions[{at}]"), format!("must be one of {known}")));
        }
        if chosen.is_empty() {
            return Err(Error::from(&INVALID).at("permissions", "must name at least one"));
        }
        Ok(chosen.iter().map(ToString::to_string).collect())
    }
}

/// Make somebody an officer.
#[utoipa::path(post, path = "/grants", tag = "access", security(("session" = ["officers.manage"])),
    responses((status = CREATED, body = Vec<Grant>)))]
async fn create_grant(
    officer: Officer<ManageOfficers>,
    Json(request): Json<GrantRequest>,
) -> Result<(StatusCode, Json<Vec<Grant>>)> {
    let clock = &officer.app().clock;
    let permissions = request.permissions()?;
    if request.valid_to.is_some_and(|last| last < request.valid_from) {
        return Err(Error::from(&INVALID).at("valid_to", "must not lie before valid_from"));
    }
    let id = GrantId::new(clock.now());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let department = store::find_department(conn, provinces, request.department.as_ref()).await?;
            let account = identity::find_by_confirmed_contact(conn, &request.contact).await?;
            let grant = NewGrant {
                account: account.or_refuse(&NO_SUCH_ACCOUNT)?,
                department: department.or_refuse(&NOT_FOUND)?,
                role: request.role,
                permissions: permissions.clone(),
                valid_from: request.valid_from,
                valid_to: request.valid_to,
            };
            store::insert_grant(conn, id, &grant, clock.now()).await?;
            Ok((StatusCode::CREATED, Json(store::list_grants(scope, clock.today()).await?)))
        })
        .await
}

/// End a grant today: the officer's next request is refused.
#[utoipa::path(delete, path = "/grants/{id}", tag = "access", security(("session" = ["officers.manage"])),
    params(("id" = GrantId, Path)), responses((status = NO_CONTENT)))]
async fn end_grant(officer: Officer<ManageOfficers>, Path(id): Path<GrantId>) -> Result<StatusCode> {
    let today = officer.app().clock.today();
    officer
        .act(id.as_uuid(), async |scope| {
            let grants = store::list_grants(scope, today).await?;
            let grant = grants.into_iter().find(|grant| grant.id == id).or_refuse(&NOT_FOUND)?;
            if grant.account_id == officer.account {
                return Err(Error::from(&OWN_GRANT));
            }
            store::end_grant(scope, grant.id, today).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a page of the record begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditPage {
    /// Entries on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// What officers of one's provinces did, newest first.
#[utoipa::path(get, path = "/audit_entries", tag = "access", security(("session" = ["audit.read"])),
    params(AuditPage), responses((status = OK, body = Page<audit::Entry>)))]
async fn list_audit_entries(
    officer: Officer<ReadAudit>,
    Query(page): Query<AuditPage>,
) -> Result<Json<Page<audit::Entry>>> {
    const LIST: &[u8] = b"audit_entries";
    let before = after::<AuditId>(LIST, page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let rows = audit::page(conn, provinces.codes(), before, page.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, page.limit, LIST, |entry| entry.id)?))
        })
        .await
}
