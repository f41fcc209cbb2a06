//! Who the officers are: a head grants within the provinces of their own department.

mod audit;
mod departments;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::NO_SUCH_ACCOUNT;
use super::model::{Department, DepartmentKind, Grant, NewGrant, OfficerRole};
use super::officer::{NOT_YOUR_FUNCTION, Officer};
use super::permissions::{ManageOfficers, PERMISSIONS};
use super::store;
use crate::app::App;
use crate::kernel::{AccountId, GrantId, Line};
use crate::people::identity::{self, Contact};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// What an officer may do is another's to say: nobody gives to themselves, nor ends the grant they act by.
pub const OWN_GRANT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-grant",
    vi: "Không thể tự cấp hay tự chấm dứt quyền của chính mình",
    en: "You cannot give or end a grant of your own",
};

/// One grant a department: ending it must end everything the officer may do there.
pub const GRANT_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "grant-already",
    vi: "Cán bộ này đã có quyền tại đơn vị trong thời gian đó; hãy chấm dứt quyền cũ trước",
    en: "The officer holds a grant of this department in that time; end it first",
};

/// One's own authenticator app is removed with a code of it, under `/v1/me`.
pub const OWN_SECOND_FACTOR: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-second-factor",
    vi: "Không thể tự đặt lại ứng dụng xác thực của chính mình tại đây",
    en: "You cannot reset your own authenticator app here",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(departments::router())
        .routes(routes!(list_grants, create_grant))
        .routes(routes!(end_grant))
        .routes(routes!(reset_second_factor))
        .merge(audit::router())
        .layer(DefaultBodyLimit::max(16 * 1024))
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
    /// Refuses names nobody knows and days nobody can mean: what an officer could do on a day is never said afterwards.
    fn check(&self, today: NaiveDate) -> Result<()> {
        let chosen = self.permissions.as_deref().unwrap_or_default();
        if let Some(at) = chosen.iter().position(|name| !PERMISSIONS.contains(&name.as_ref())) {
            let known = PERMISSIONS.join(", ");
            return Err(Error::from(&INVALID)
                .at(format!("permissions[{at}]"), format!("phải là một trong {known} / must be one of {known}")));
        }
        if self.permissions.is_some() && (chosen.is_empty() || chosen.len() > PERMISSIONS.len()) {
            return Err(Error::from(&INVALID).at(
                "permissions",
                "phải có ít nhất một quyền, mỗi quyền một lần / must name at least one, and each once",
            ));
        }
        if self.valid_from < today {
            return Err(Error::from(&INVALID).at("valid_from", "không được ở quá khứ / must not lie in the past"));
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err(
                Error::from(&INVALID).at("valid_to", "không được trước valid_from / must not lie before valid_from")
            );
        }
        Ok(())
    }

    /// What is given: the usual permissions of the role as far as the department can hold them, or exactly the chosen.
    fn permissions(&self, department: &Department) -> Result<Vec<String>> {
        let possible = |name: &str| department.kind.may_hold(name);
        if self.role == OfficerRole::Operator && department.kind != DepartmentKind::National {
            return Err(Error::from(&INVALID)
                .at("role", "vai trò này chỉ thuộc đơn vị quốc gia / operators belong to the national department"));
        }
        let Some(chosen) = &self.permissions else {
            return Ok(self.role.usual_permissions().into_iter().filter(|name| possible(name)).collect());
        };
        match chosen.iter().position(|name| !possible(name.as_ref())) {
            Some(at) => {
                let words = "cán bộ của loại đơn vị này không được giữ quyền này / officers of this kind of department cannot hold it";
                Err(Error::from(&INVALID).at(format!("permissions[{at}]"), words))
            }
            None => Ok(chosen.iter().map(ToString::to_string).collect()),
        }
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
    let today = clock.today();
    request.check(today)?;
    let id = GrantId::new(clock.now());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let department = store::find_department(conn, provinces, request.department.as_ref(), today).await?;
            let grant = new_grant(conn, &officer, &request, &department.or_refuse(&NOT_FOUND)?).await?;
            store::insert_grant(conn, id, &grant, clock.now()).await?;
            Ok((StatusCode::CREATED, Json(store::list_grants(scope, today).await?)))
        })
        .await
}

/// What `request` asks for, if the officer may give it, to that person.
async fn new_grant(
    conn: &mut PgConnection,
    officer: &Officer<ManageOfficers>,
    request: &GrantRequest,
    department: &Department,
) -> Result<NewGrant> {
    let permissions = request.permissions(department)?;
    if let Some(foreign) = permissions.iter().find(|name| !officer.holds(name)) {
        return Err(NOT_YOUR_FUNCTION.because(format!("you do not hold `{foreign}` yourself")));
    }
    let account = identity::find_by_contact(conn, &request.contact).await?.or_refuse(&NO_SUCH_ACCOUNT)?;
    if account == officer.account {
        return Err(Error::from(&OWN_GRANT));
    }
    let grant = NewGrant {
        account,
        department: department.id,
        role: request.role,
        permissions,
        valid_from: request.valid_from,
        valid_to: request.valid_to,
    };
    // Two heads at once: the second waits here and then finds what the first gave.
    identity::lock(conn, account).await?;
    if store::overlaps(conn, &grant).await? { Err(Error::from(&GRANT_ALREADY)) } else { Ok(grant) }
}

/// End a grant now: the officer's next request is refused.
#[utoipa::path(delete, path = "/grants/{id}", tag = "access", security(("session" = ["officers.manage"])),
    params(("id" = GrantId, Path)), responses((status = NO_CONTENT)))]
async fn end_grant(officer: Officer<ManageOfficers>, Path(id): Path<GrantId>) -> Result<StatusCode> {
    let clock = &officer.app().clock;
    let today = clock.today();
    officer
        .act(id.as_uuid(), async |scope| {
            let grants = store::list_grants(scope, today).await?;
            let grant = grants.into_iter().find(|grant| grant.id == id).or_refuse(&NOT_FOUND)?;
            if grant.account_id == officer.account {
                return Err(Error::from(&OWN_GRANT));
            }
            store::end_grant(scope, grant.id, today, clock.now()).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An officer in the path.
#[derive(Debug, Deserialize)]
struct OfficerPath {
    account_id: AccountId,
}

/// Take the authenticator app from an officer who lost it: every session of theirs ends, and they set up a new one.
///
/// Only for officers all of whose grants lie in one's own reach: whoever also works elsewhere is reset there.
#[utoipa::path(delete, path = "/officers/{account_id}/second_factor", tag = "access",
    security(("session" = ["officers.manage"])), params(("account_id" = AccountId, Path)),
    responses((status = NO_CONTENT)))]
async fn reset_second_factor(officer: Officer<ManageOfficers>, Path(path): Path<OfficerPath>) -> Result<StatusCode> {
    let clock = &officer.app().clock;
    let account = path.account_id;
    if account == officer.account {
        return Err(Error::from(&OWN_SECOND_FACTOR));
    }
    officer
        .act(account.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            if !store::is_wholly_within(conn, provinces, account, clock.today()).await? {
                return Err(Error::from(&NOT_FOUND));
            }
            identity::remove_second_factor(conn, account, clock.now()).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
