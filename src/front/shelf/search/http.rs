//! How listings are ranked, as everybody may read it.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::SearchWeight;
use super::store;
use crate::app::{App, Public};
use crate::people::policies::{self, Policy, PolicyKind};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{INVALID, Query};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_ranking))
}

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RankingDay {
    /// The version and the weights in force on this day; today if nothing is said.
    #[param(example = "2026-11-21")]
    on: Option<NaiveDate>,
}

/// The policy on ranking, with the numbers it speaks of.
#[derive(Debug, Serialize, ToSchema)]
struct Ranking {
    /// The policy.
    #[serde(flatten)]
    policy: Policy,
    /// The weights of that day.
    weights: Vec<SearchWeight>,
}

/// What decides about the order in which listings are shown, and how much each thing counts (Decree 248/2026/NĐ-CP).
#[utoipa::path(get, path = "/policies/ranking", tag = "policies", security(()), params(RankingDay),
    responses((status = OK, body = Ranking)))]
async fn show_ranking(public: Public, Query(query): Query<RankingDay>) -> Result<Cacheable<Ranking>> {
    let on = query.on.unwrap_or_else(|| public.app().clock.today());
    if !(2000..2200).contains(&on.year()) {
        return Err(Error::from(&INVALID).at("on", "phải là một ngày của thời nay / must be a day of this time"));
    }
    public
        .see(async |conn| {
            let policy = policies::in_force(conn, PolicyKind::Ranking, on).await?.or_refuse(&NOT_FOUND)?;
            Ok(Cacheable(Ranking { policy, weights: store::weights(conn, Some(on)).await? }))
        })
        .await
}
