//! What officers see of shops' self-assessments.

use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::{AssessmentPage, AssessmentPath, VersionQuery};
use super::view::{Assessment, AssessmentSummary};
use super::{report, store};
use crate::app::App;
use crate::kernel::{AssessmentId, Page, SellerId};
use crate::people::access::{Officer, ReadCases};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::printable::Printable;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_assessments_of_seller))
        .routes(routes!(read_assessment))
        .routes(routes!(print_assessment_for_officer))
}

/// A seller in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct SellerPath {
    seller_id: SellerId,
}

/// The assessments of a shop that has put something before the province, the last begun first.
#[utoipa::path(get, path = "/sellers/{seller_id}/assessments", tag = "assessment",
    security(("session" = ["cases.read"])), params(("seller_id" = SellerId, Path), AssessmentPage),
    responses((status = OK, body = Page<AssessmentSummary>)))]
async fn list_assessments_of_seller(
    officer: Officer<ReadCases>,
    Path(path): Path<SellerPath>,
    Query(page): Query<AssessmentPage>,
) -> Result<Json<Page<AssessmentSummary>>> {
    let seller = path.seller_id;
    let binding = format!("assessments {seller}");
    let before = after::<AssessmentId>(binding.as_bytes(), page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            super::require_concern(conn, provinces, seller).await?;
            let rows = store::page(conn, seller, before, page.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, page.limit, binding.as_bytes(), |row| row.id)?))
        })
        .await
}

/// A version of an assessment, the newest unless stated.
#[utoipa::path(get, path = "/assessments/{assessment_id}", tag = "assessment",
    security(("session" = ["cases.read"])), params(("assessment_id" = AssessmentId, Path), VersionQuery),
    responses((status = OK, body = Assessment)))]
async fn read_assessment(
    officer: Officer<ReadCases>,
    Path(path): Path<AssessmentPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<Assessment>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(super::find_for(conn, provinces, path.assessment_id, query.version).await?))
        })
        .await
}

/// A version as a report to print.
#[utoipa::path(get, path = "/assessments/{assessment_id}/report", tag = "assessment",
    security(("session" = ["cases.read"])), params(("assessment_id" = AssessmentId, Path), VersionQuery),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn print_assessment_for_officer(
    officer: Officer<ReadCases>,
    Path(path): Path<AssessmentPath>,
    Query(query): Query<VersionQuery>,
) -> Result<Printable> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(report::printable(&super::find_for(conn, provinces, path.assessment_id, query.version).await?))
        })
        .await
}
