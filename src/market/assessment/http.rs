//! The score sheets, and a shop's own assessments.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answers::AssessmentForm;
use super::sheet::{Edition, Sheet};
use super::view::{Assessment, AssessmentSummary};
use super::{report, store};
use crate::app::{App, Public};
use crate::kernel::{AssessmentId, Limit, Page, SellerId};
use crate::market::certification::{self, ProductSet, SetNo};
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::Result;
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::printable::Printable;
use crate::platform::versions::{IfMatch, Versioned};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_score_sheets))
        .routes(routes!(show_score_sheet))
        .routes(routes!(list_assessments, begin_assessment))
        .routes(routes!(show_assessment))
        .routes(routes!(revise_assessment))
        .routes(routes!(print_assessment))
        // Sixty answers with a thousand Vietnamese letters each.
        .layer(DefaultBodyLimit::max(256 * 1024))
}

/// The score sheets in force.
#[derive(Debug, Serialize, ToSchema)]
struct ScoreSheets {
    /// Which edition.
    edition: Edition,
    /// The product sets, each with a sheet of its own.
    sets: Vec<ProductSet>,
}

/// The score sheets in force today: which sets there are.
#[utoipa::path(get, path = "/score_sheets", tag = "assessment", security(()), responses(
    (status = OK, body = ScoreSheets)))]
async fn list_score_sheets(public: Public) -> Result<Cacheable<ScoreSheets>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let edition = super::edition(conn, today).await?;
            Ok(Cacheable(ScoreSheets { edition, sets: certification::product_sets(conn).await? }))
        })
        .await
}

/// The score sheet of a set.
#[derive(Debug, Serialize, ToSchema)]
struct ScoreSheet {
    /// Which edition.
    edition: Edition,
    /// The product set.
    set: ProductSet,
    /// Parts, sections, criteria and choices.
    #[serde(flatten)]
    sheet: Sheet,
}

/// A product set in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct SetPath {
    set_no: SetNo,
}

/// The score sheet of a product set: a tree of parts, sections, criteria and choices, with points and gates.
#[utoipa::path(get, path = "/score_sheets/{set_no}", tag = "assessment", security(()),
    params(("set_no" = i16, Path, minimum = 1, maximum = 26, example = 11)),
    responses((status = OK, body = ScoreSheet)))]
async fn show_score_sheet(public: Public, Path(path): Path<SetPath>) -> Result<Cacheable<ScoreSheet>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let edition = super::edition(conn, today).await?;
            let set = certification::product_set(conn, path.set_no).await?;
            let sheet = super::sheet(conn, &edition.version, path.set_no).await?;
            Ok(Cacheable(ScoreSheet { edition, set, sheet }))
        })
        .await
}

/// Where a page of assessments begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AssessmentPage {
    /// Assessments on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// The shop's assessments in their newest versions, the last begun first.
#[utoipa::path(get, path = "/shops/{shop_id}/assessments", tag = "assessment",
    security(("session" = ["shop.read"])), params(("shop_id" = SellerId, Path), AssessmentPage),
    responses((status = OK, body = Page<AssessmentSummary>)))]
async fn list_assessments(
    shop: Shop<ReadShop>,
    Query(page): Query<AssessmentPage>,
) -> Result<Json<Page<AssessmentSummary>>> {
    let binding = format!("assessments {}", shop.seller);
    let before = after::<AssessmentId>(binding.as_bytes(), page.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = store::page(conn, *seller, before, page.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, page.limit, binding.as_bytes(), |row| row.id)?))
    })
    .await
}

/// A version as a resource: its number is what a new version must have seen.
fn versioned(assessment: Assessment) -> Versioned<Assessment> {
    Versioned { version: assessment.latest_version.into(), body: assessment }
}

/// Assess a product on the sheet of its set; shops may before they are approved.
#[utoipa::path(post, path = "/shops/{shop_id}/assessments", tag = "assessment",
    security(("session" = ["shop.manage"])), params(("shop_id" = SellerId, Path)),
    responses((status = CREATED, body = Assessment, headers(("etag" = String, description = "Its newest version")))))]
async fn begin_assessment(
    shop: Shop<ManageShop>,
    Json(form): Json<AssessmentForm>,
) -> Result<(StatusCode, Versioned<Assessment>)> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let id = super::begin(conn, *seller, &form, shop.account, now).await?;
        Ok((StatusCode::CREATED, versioned(super::find_own(conn, *seller, id, None).await?)))
    })
    .await
}

/// An assessment in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct AssessmentPath {
    pub assessment_id: AssessmentId,
}

/// Which version.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionQuery {
    /// Its number; the newest unless stated.
    #[param(minimum = 1)]
    pub version: Option<i32>,
}

/// A version of an assessment, the newest unless stated.
#[utoipa::path(get, path = "/shops/{shop_id}/assessments/{assessment_id}", tag = "assessment",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("assessment_id" = AssessmentId, Path), VersionQuery),
    responses((status = OK, body = Assessment, headers(("etag" = String, description = "Its newest version")))))]
async fn show_assessment(
    shop: Shop<ReadShop>,
    Path(path): Path<AssessmentPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Versioned<Assessment>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        Ok(versioned(super::find_own(conn, *seller, path.assessment_id, query.version).await?))
    })
    .await
}

/// Save a new version, which says in `If-Match` which one it follows; those before it stay as they are.
#[utoipa::path(post, path = "/shops/{shop_id}/assessments/{assessment_id}/versions", tag = "assessment",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("assessment_id" = AssessmentId, Path),
        ("if-match" = String, Header, description = "The `ETag` of the version this one follows")),
    responses((status = CREATED, body = Assessment, headers(("etag" = String, description = "Its newest version")))))]
async fn revise_assessment(
    shop: Shop<ManageShop>,
    Path(path): Path<AssessmentPath>,
    seen: IfMatch,
    Json(form): Json<AssessmentForm>,
) -> Result<(StatusCode, Versioned<Assessment>)> {
    let now = shop.app().clock.now();
    let id = path.assessment_id;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        super::revise(conn, *seller, id, &seen, &form, (shop.account, now)).await?;
        Ok((StatusCode::CREATED, versioned(super::find_own(conn, *seller, id, None).await?)))
    })
    .await
}

/// A version as a report to print, after Form 02 of the Decision.
#[utoipa::path(get, path = "/shops/{shop_id}/assessments/{assessment_id}/report", tag = "assessment",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("assessment_id" = AssessmentId, Path), VersionQuery),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn print_assessment(
    shop: Shop<ReadShop>,
    Path(path): Path<AssessmentPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Printable> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let assessment = super::find_own(conn, *seller, path.assessment_id, query.version).await?;
        Ok(report::printable(&assessment))
    })
    .await
}
