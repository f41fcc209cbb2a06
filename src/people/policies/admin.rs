//! The operator publishes versions.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{Months, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::KindPath;
use super::model::{PolicyHeading, PolicyKind};
use super::store::{self, NewVersion};
use crate::app::{App, Public};
use crate::kernel::{Line, PolicyVersionId, Text};
use crate::people::access::{ManagePolicies, Officer, require_national};
use crate::platform::error::{Error, OnConstraint as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// One version a day: its first day is its name.
pub const VERSION_TAKEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "policy-version-taken",
    vi: "Đã có phiên bản bắt đầu có hiệu lực vào ngày này",
    en: "A version that begins on this day exists already",
};

/// How far ahead a version may be announced, in months.
const FARTHEST_MONTHS: u32 = 24;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_policy_versions, publish_policy_version))
        .layer(DefaultBodyLimit::max(512 * 1024))
}

/// Every version of a policy, the latest first.
#[utoipa::path(get, path = "/policies/{kind}/versions", tag = "policies", security(("session" = ["policies.manage"])),
    params(("kind" = PolicyKind, Path)), responses((status = OK, body = Vec<PolicyHeading>)))]
async fn list_policy_versions(
    _officer: Officer<ManagePolicies>,
    public: Public,
    Path(path): Path<KindPath>,
) -> Result<Json<Vec<PolicyHeading>>> {
    public.see(async |conn| Ok(Json(store::versions(conn, path.kind).await?))).await
}

/// A new version of a policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title_vi": "Tiêu chí xếp hạng",
    "title_en": "How listings are ranked",
    "text_vi": "1. Không ai có thể trả tiền để được xếp cao hơn.",
    "text_en": "1. Nobody can pay to be ranked higher.",
    "effective_from": "2027-03-01"
}))]
struct PolicyVersionForm {
    /// Title in Vietnamese.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    title_vi: Line<1, 200>,
    /// Title in English.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    title_en: Line<1, 200>,
    /// The text in Vietnamese.
    #[schema(value_type = String, min_length = 1, max_length = 50_000)]
    text_vi: Text<1, 50_000>,
    /// The text in English.
    #[schema(value_type = String, min_length = 1, max_length = 50_000)]
    text_en: Text<1, 50_000>,
    /// The first day in force: today or later, at most two years ahead.
    effective_from: NaiveDate,
}

impl PolicyVersionForm {
    /// Refuses a day that is over: what held then is on record.
    fn check(&self, today: NaiveDate) -> Result<()> {
        let latest = today + Months::new(FARTHEST_MONTHS);
        if (today..=latest).contains(&self.effective_from) {
            return Ok(());
        }
        Err(Error::from(&INVALID)
            .at("effective_from", format!("phải từ {today} đến {latest} / must lie between {today} and {latest}")))
    }
}

/// Publish a version of a policy. It replaces the one before from its first day on, and can never be changed.
#[utoipa::path(post, path = "/policies/{kind}/versions", tag = "policies",
    security(("session" = ["policies.manage"])), params(("kind" = PolicyKind, Path)),
    responses((status = CREATED, body = Vec<PolicyHeading>)))]
async fn publish_policy_version(
    officer: Officer<ManagePolicies>,
    Path(path): Path<KindPath>,
    Json(form): Json<PolicyVersionForm>,
) -> Result<(StatusCode, Json<Vec<PolicyHeading>>)> {
    let clock = &officer.app().clock;
    form.check(clock.today())?;
    let new = NewVersion {
        id: PolicyVersionId::new(clock.now()),
        kind: path.kind,
        effective_from: form.effective_from,
        title_vi: &form.title_vi,
        title_en: &form.title_en,
        text_vi: &form.text_vi,
        text_en: &form.text_en,
        by: officer.account,
    };
    officer
        .act(new.id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            store::insert(conn, &new, clock.now()).await.on_constraint("policy_versions_pk", &VERSION_TAKEN)?;
            Ok((StatusCode::CREATED, Json(store::versions(conn, new.kind).await?)))
        })
        .await
}
