//! Looking places up.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Candidate, Commune, Predecessor, ProvinceRef, Region};
use super::names::Typed;
use super::rows::Digits;
use super::store::{self, CommuneFilter};
use crate::app::{App, Public};
use crate::kernel::text::fold;
use crate::kernel::{Limit, Line, Page};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{self, Path, Query};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(resolve_place))
        .routes(routes!(list_regions))
        .routes(routes!(list_communes))
        .routes(routes!(find_commune))
}

/// What somebody typed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlaceQuery {
    /// Any name of a place, current or legacy, with or without diacritics and "tỉnh", "xã" …; the district and province
    /// it lies or lay in may follow after commas.
    #[param(value_type = String, max_length = 120, example = "Mèo Vạc, Hà Giang")]
    q: Line<1, 120>,
    /// How many candidates at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// The places somebody may have meant.
#[derive(Debug, Serialize, ToSchema)]
struct Candidates {
    /// The likeliest first; none if nobody knows the name.
    items: Vec<Candidate>,
}

/// Find places by any of their names.
///
/// Exact names come before longer ones, provinces before communes, places of today before those of before 1 July 2025.
/// A legacy place tells what it `became`; where it was `split`, ask the person which part they mean.
#[utoipa::path(get, path = "/places", tag = "places", security(()), params(PlaceQuery), responses(
    (status = OK, body = Candidates)))]
async fn resolve_place(public: Public, Query(query): Query<PlaceQuery>) -> Result<Cacheable<Candidates>> {
    let limit = i64::try_from(query.limit.items())?;
    let items = public.see(async |conn| super::resolve(conn, &query.q, limit).await).await?;
    Ok(Cacheable(Candidates { items }))
}

/// The six regions with their provinces.
#[utoipa::path(get, path = "/regions", tag = "places", security(()), responses((status = OK, body = Vec<Region>)))]
async fn list_regions(public: Public) -> Result<Cacheable<Vec<Region>>> {
    Ok(Cacheable(public.see(async |conn| store::list_regions(conn).await).await?))
}

/// Which communes.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CommuneQuery {
    /// Code or slug of a province of today.
    #[param(value_type = Option<String>, max_length = 80, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Code (of the legacy list) or slug of a province of before 1 July 2025.
    #[param(value_type = Option<String>, max_length = 80, example = "ha-giang")]
    legacy_province: Option<Line<1, 80>>,
    /// The beginning of the name, with or without diacritics.
    #[param(value_type = Option<String>, max_length = 80, example = "muong")]
    q: Option<Line<1, 80>>,
    /// Items a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

impl CommuneQuery {
    /// The filter with codes for slugs; a province that does not exist is a wrong value.
    async fn filter(&self, conn: &mut PgConnection) -> Result<CommuneFilter> {
        let (province, legacy_province) =
            super::chosen_provinces(conn, self.province.as_deref(), self.legacy_province.as_deref()).await?;
        let beginning = self
            .q
            .as_deref()
            .map(fold)
            .map(|folded| Typed::of(&folded).map_or_else(String::new, |typed| typed.beginning().to_owned()));
        Ok(CommuneFilter { province, legacy_province, beginning })
    }
}

/// The communes of today, in alphabetical order of their slugs.
#[utoipa::path(get, path = "/communes", tag = "places", security(()), params(CommuneQuery), responses(
    (status = OK, body = Page<Commune>)))]
async fn list_communes(public: Public, Query(query): Query<CommuneQuery>) -> Result<Cacheable<Page<Commune>>> {
    let binding = serde_json::to_vec(&("communes", &query))?;
    let after = extract::after(&binding, query.after.as_deref())?;
    let rows = public
        .see(async |conn| {
            let filter = query.filter(conn).await?;
            store::page_communes(conn, &filter, after.as_ref(), query.limit.fetch()).await
        })
        .await?;
    Ok(Cacheable(Page::cut(rows, query.limit, &binding, |last| (last.slug.clone(), last.code.clone()))?))
}

/// A commune with its history.
#[derive(Debug, Serialize, ToSchema)]
struct CommunePage {
    #[serde(flatten)]
    commune: Commune,
    /// Its province.
    province: ProvinceRef,
    /// What went into it, whole or in part: what existed on 30 June 2025 first.
    predecessors: Vec<Predecessor>,
}

/// One commune and what it was before.
#[utoipa::path(get, path = "/communes/{code}", tag = "places", security(()),
    params(("code" = String, Path, example = "00769")), responses((status = OK, body = CommunePage)))]
async fn find_commune(public: Public, Path(code): Path<Digits<5>>) -> Result<Cacheable<CommunePage>> {
    public
        .see(async |conn| {
            let commune = super::commune_of_record(conn, code.as_ref()).await?.or_refuse(&NOT_FOUND)?;
            let province = super::province(conn, &commune.province_code).await?.or_refuse(&NOT_FOUND)?;
            let province = ProvinceRef { code: province.code, slug: province.slug, name: province.name_vi };
            let predecessors = store::list_predecessors(conn, &commune.code).await?;
            Ok(Cacheable(CommunePage { commune, province, predecessors }))
        })
        .await
}
