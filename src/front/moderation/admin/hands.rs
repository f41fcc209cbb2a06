//! In whose hands a case is: taken, given back, handed over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::eligibility::{self, OWN_CASE};
use super::{CasePath, DeskCase};
use crate::app::App;
use crate::kernel::{AccountId, CaseId};
use crate::market::cases;
use crate::people::access::{self, AssignCases, DecideCases, HandOverCases, Officer, Permission as _, Provinces};
use crate::people::identity;
use crate::people::notify::{self, Message};
use crate::platform::db::Scoped;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_case, give_back_case))
        .routes(routes!(assign_case))
        .routes(routes!(list_candidates))
}

/// Take a case for a few hours, or keep it longer: nobody else decides on it meanwhile.
#[utoipa::path(put, path = "/cases/{case_id}/lease", tag = "moderation", security(("session" = ["cases.decide"])),
    params(("case_id" = CaseId, Path)), responses((status = OK, body = DeskCase)))]
async fn take_case(officer: Officer<DecideCases>, Path(path): Path<CasePath>) -> Result<Json<DeskCase>> {
    let now = officer.app().clock.now();
    officer
        .act(path.case_id.as_uuid(), async |scope| {
            let (conn, reach) = scope.split();
            let (matter, _) = eligibility::lock_to_decide(conn, reach, &officer, path.case_id).await?;
            let case = matter.case;
            cases::take(conn, &case, officer.account, now).await?;
            let case = cases::find(conn, reach, case.id).await?.or_refuse(&NOT_FOUND)?;
            Ok(Json(DeskCase::new(case, now)))
        })
        .await
}

/// Give a case back to whoever takes it next. Doing it twice changes nothing.
#[utoipa::path(delete, path = "/cases/{case_id}/lease", tag = "moderation", security(("session" = ["cases.decide"])),
    params(("case_id" = CaseId, Path)), responses((status = OK, body = DeskCase)))]
async fn give_back_case(officer: Officer<DecideCases>, Path(path): Path<CasePath>) -> Result<Json<DeskCase>> {
    let now = officer.app().clock.now();
    officer
        .act(path.case_id.as_uuid(), async |scope| {
            let (conn, reach) = scope.split();
            let case = eligibility::lock(conn, reach, &officer, path.case_id).await?.case;
            cases::give_back(conn, &case, officer.account, now).await?;
            let case = cases::find(conn, reach, case.id).await?.or_refuse(&NOT_FOUND)?;
            Ok(Json(DeskCase::new(case, now)))
        })
        .await
}

/// Who gets the case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "account_id": "0193f2a4-6c00-7000-8000-000000000001" }))]
struct Assignment {
    /// One of the case's candidates.
    account_id: AccountId,
}

/// Hand a case to an officer who may decide on it: by who works on it, or by who gives the province's cases to others.
#[utoipa::path(put, path = "/cases/{case_id}/assignment", tag = "moderation",
    security(("session" = ["cases.hand_over"])), params(("case_id" = CaseId, Path)),
    responses((status = OK, body = DeskCase)))]
async fn assign_case(
    officer: Officer<HandOverCases>,
    Path(path): Path<CasePath>,
    Json(assignment): Json<Assignment>,
) -> Result<Json<DeskCase>> {
    let app = officer.app();
    let (case, letters) = officer
        .act(path.case_id.as_uuid(), async |scope| {
            hand_over(scope, &officer, path.case_id, assignment.account_id).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(Json(case))
}

async fn hand_over(
    scope: &mut Scoped<'_, Provinces>,
    officer: &Officer<HandOverCases>,
    id: CaseId,
    to: AccountId,
) -> Result<(DeskCase, Vec<Message>)> {
    let clock = &officer.app().clock;
    let (conn, reach) = scope.split();
    let matter = eligibility::lock(conn, reach, officer, id).await?;
    if access::is_member(conn, matter.case.seller_id, officer.account).await? {
        return Err(Error::from(&OWN_CASE));
    }
    let supervises = officer.provinces_for(AssignCases::NAME).contains(&matter.case.province_code);
    if !supervises {
        matter.case.require_free_for(officer.account, clock.now())?;
        matter.case.lease(clock.now()).or_refuse(&cases::NOT_LEASED)?;
    }
    if !matter.eligible(conn, clock.today()).await?.contains(&to) {
        return Err(Error::from(&INVALID)
            .at("account_id", "phải là một cán bộ có thể nhận hồ sơ này / must be one of the case's candidates"));
    }
    cases::hand_over(conn, &matter.case, to, clock.now()).await?;
    let title = &matter.case.title;
    let subject = "Bạn được giao một hồ sơ / A case was handed to you";
    let body = format!("Bạn được giao xử lý hồ sơ “{title}”. / The case “{title}” was handed to you.");
    let told: &[AccountId] = if to == officer.account { &[] } else { &[to] };
    let letters = access::write(conn, told, subject, &body, clock.now()).await?;
    let case = cases::find(conn, reach, id).await?.or_refuse(&NOT_FOUND)?;
    Ok((DeskCase::new(case, clock.now()), letters))
}

/// An officer who may decide on a case.
#[derive(Debug, Serialize, ToSchema)]
struct Candidate {
    /// Who.
    account_id: AccountId,
    /// Their name.
    #[schema(example = "Vàng Thị Dính")]
    name: String,
}

/// The officers a case can be handed to.
#[utoipa::path(get, path = "/cases/{case_id}/candidates", tag = "moderation",
    security(("session" = ["cases.hand_over"])), params(("case_id" = CaseId, Path)),
    responses((status = OK, body = Vec<Candidate>)))]
async fn list_candidates(officer: Officer<HandOverCases>, Path(path): Path<CasePath>) -> Result<Json<Vec<Candidate>>> {
    let today = officer.app().clock.today();
    officer
        .see(async |scope| {
            let (conn, reach) = scope.split();
            let matter = eligibility::look_at(conn, reach, &officer, path.case_id).await?;
            let mut candidates = Vec::new();
            for account_id in matter.eligible(conn, today).await? {
                candidates.push(Candidate { account_id, name: identity::display_name(conn, account_id).await? });
            }
            Ok(Json(candidates))
        })
        .await
}
