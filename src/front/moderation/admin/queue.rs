//! The queue.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DeskCase;
use crate::app::App;
use crate::kernel::clock::start_of_day;
use crate::kernel::text::fold;
use crate::kernel::{AccountId, Limit, Line, Page};
use crate::market::cases::{self, CaseFilter, CaseKind, CaseStatus, Holder, KindCount, QueuePosition};
use crate::people::access::{Officer, ReadCases};
use crate::places;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Query, after};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_cases))
}

/// What can be counted beside the page.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Facet {
    /// Cases of each kind, whatever kind is asked for.
    Kind,
}

/// Which cases.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CasesQuery {
    /// To decide what.
    kind: Option<CaseKind>,
    /// Where they stand; open ones if nothing is said.
    #[serde(default)]
    #[param(value_type = Option<CaseStatus>)]
    status: CaseStatus,
    /// Province of today: code or slug.
    #[param(value_type = Option<String>, max_length = 80, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Province of before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, max_length = 80, example = "ha-giang")]
    legacy_province: Option<Line<1, 80>>,
    /// Commune: its code.
    #[param(value_type = Option<String>, example = "03394")]
    commune: Option<Line<5, 5>>,
    /// Due before this day begins.
    due_before: Option<NaiveDate>,
    /// Only those that still wait although their time has passed, or only the others.
    late: Option<bool>,
    /// In whose hands they are.
    lease: Option<Holder>,
    /// Words of the title, without accents if one likes; the last may be unfinished.
    #[param(value_type = Option<String>, max_length = 80, example = "tra sin suoi")]
    q: Option<Line<1, 80>>,
    /// `kind`: also count the cases of each kind.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    facets: Option<Facet>,
    /// Cases on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

impl CasesQuery {
    /// The filter with codes for slugs; a province that does not exist is a wrong value.
    async fn filter(&self, conn: &mut PgConnection, viewer: AccountId, now: DateTime<Utc>) -> Result<CaseFilter> {
        let (province, legacy_province) =
            places::chosen_provinces(conn, self.province.as_deref(), self.legacy_province.as_deref()).await?;
        if self.due_before.is_some_and(|day| !(2000..2200).contains(&day.year())) {
            return Err(
                Error::from(&INVALID).at("due_before", "phải là một ngày của thời nay / must be a day of this time")
            );
        }
        Ok(CaseFilter {
            kind: self.kind,
            status: self.status,
            province,
            legacy_province,
            commune: self.commune.as_ref().map(ToString::to_string),
            due_before: self.due_before.map(start_of_day),
            late: self.late,
            holder: self.lease,
            words: self.q.as_deref().map(fold).filter(|words| !words.is_empty()),
            viewer,
            now,
        })
    }
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
struct Queue {
    /// The cases, the oldest deadline first.
    #[serde(flatten)]
    page: Page<DeskCase>,
    /// How many cases of each kind, and how many of them late, the other filters find; only where asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<Vec<KindCount>>,
}

/// The queue of one's provinces, the oldest deadline first.
#[utoipa::path(get, path = "/cases", tag = "moderation", security(("session" = ["cases.read"])),
    params(CasesQuery), responses((status = OK, body = Queue)))]
async fn list_cases(officer: Officer<ReadCases>, Query(query): Query<CasesQuery>) -> Result<Json<Queue>> {
    let now = officer.app().clock.now();
    let binding = serde_json::to_vec(&("cases", &query))?;
    let position = after::<QueuePosition>(&binding, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let filter = query.filter(conn, officer.account, now).await?;
            let found = cases::queue(conn, provinces, &filter, position.as_ref(), query.limit.fetch()).await?;
            let kinds = match query.facets {
                Some(Facet::Kind) => Some(cases::count_by_kind(conn, provinces, &filter).await?),
                None => None,
            };
            let page = Page::cut(found, query.limit, &binding, QueuePosition::of)?;
            Ok(Json(Queue { page: page.map(|case| DeskCase::new(case, now)), kinds }))
        })
        .await
}
