//! Reading policies, and agreeing to them.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Policy, PolicyAcceptance, PolicyHeading, PolicyKind};
use super::store;
use crate::app::{App, Public};
use crate::people::identity::SignedIn;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{INVALID, Json, Path, Query};

/// What was read is not in force: only the version of today can be agreed to. The fact `version` names it.
pub const NOT_IN_FORCE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "policy-not-in-force",
    vi: "Phiên bản này không phải là phiên bản đang có hiệu lực",
    en: "This is not the version in force",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_policies))
        .routes(routes!(show_policy))
        .routes(routes!(list_my_policy_acceptances))
        .routes(routes!(accept_policy))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OnDay {
    /// The version in force on this day; today if nothing is said.
    #[param(example = "2026-11-21")]
    on: Option<NaiveDate>,
}

impl OnDay {
    /// The day asked for, if it is one of this time.
    fn or(&self, today: NaiveDate) -> Result<NaiveDate> {
        match self.on {
            Some(day) if !(2000..2200).contains(&day.year()) => {
                Err(Error::from(&INVALID).at("on", "phải là một ngày của thời nay / must be a day of this time"))
            }
            day => Ok(day.unwrap_or(today)),
        }
    }
}

/// The policies in force.
#[utoipa::path(get, path = "/policies", tag = "policies", security(()), params(OnDay),
    responses((status = OK, body = Vec<PolicyHeading>)))]
async fn list_policies(public: Public, Query(query): Query<OnDay>) -> Result<Cacheable<Vec<PolicyHeading>>> {
    let on = query.or(public.app().clock.today())?;
    public.see(async |conn| Ok(Cacheable(store::list_on(conn, on).await?))).await
}

/// A policy in the path.
#[derive(Debug, Deserialize)]
pub struct KindPath {
    /// Which policy.
    pub kind: PolicyKind,
}

/// The text of a policy, today or on another day.
#[utoipa::path(get, path = "/policies/{kind}", tag = "policies", security(()),
    params(("kind" = PolicyKind, Path), OnDay), responses((status = OK, body = Policy)))]
async fn show_policy(
    public: Public,
    Path(path): Path<KindPath>,
    Query(query): Query<OnDay>,
) -> Result<Cacheable<Policy>> {
    let on = query.or(public.app().clock.today())?;
    public.see(async |conn| Ok(Cacheable(store::find_on(conn, path.kind, on).await?.or_refuse(&NOT_FOUND)?))).await
}

/// Where the caller stands with each policy: what was agreed to, and whether there is a newer version.
#[utoipa::path(get, path = "/me/policy_acceptances", tag = "policies", security(("session" = ["account"])),
    responses((status = OK, body = Vec<PolicyAcceptance>)))]
async fn list_my_policy_acceptances(me: SignedIn) -> Result<Json<Vec<PolicyAcceptance>>> {
    let today = me.app().clock.today();
    me.see(async |scope| Ok(Json(store::acceptances(scope, today).await?))).await
}

/// What somebody agrees to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PolicyAcceptanceRequest, example = json!({ "version": "2026-07-01" }))]
struct Acceptance {
    /// The version they read: it must be the one in force.
    version: NaiveDate,
}

/// Agree to the version of a policy that is in force. It is kept with its time as proof, and cannot be taken back.
///
/// Only the person's own act may send this: no box ticked beforehand, no silence.
#[utoipa::path(put, path = "/me/policy_acceptances/{kind}", tag = "policies", security(("session" = ["account"])),
    params(("kind" = PolicyKind, Path)), responses((status = OK, body = Vec<PolicyAcceptance>)))]
async fn accept_policy(
    me: SignedIn,
    Path(path): Path<KindPath>,
    Json(acceptance): Json<Acceptance>,
) -> Result<Json<Vec<PolicyAcceptance>>> {
    let clock = &me.app().clock;
    let (now, today) = (clock.now(), clock.today());
    me.act(async |scope| {
        let (conn, account) = scope.split();
        let in_force = store::version_on(conn, path.kind, today).await?.or_refuse(&NOT_FOUND)?;
        if acceptance.version != in_force {
            return Err(Error::from(&NOT_IN_FORCE).fact("version", in_force.to_string()));
        }
        store::accept(conn, *account, path.kind, in_force, now).await?;
        Ok(Json(store::acceptances(scope, today).await?))
    })
    .await
}
