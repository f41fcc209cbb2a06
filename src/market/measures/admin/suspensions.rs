//! Suspending and reinstating a shop.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::show;
use crate::app::App;
use crate::kernel::{Limit, Line, Page, SellerId, SuspensionId, Text};
use crate::market::measures::model::{Basis, Grounds, NewSuspension, Suspension, SuspensionState};
use crate::market::measures::store::suspensions as store;
use crate::market::measures::suspensions;
use crate::market::sellers;
use crate::people::access::{DecideMeasures, Officer, Provinces, ReadCases};
use crate::platform::db::Scoped;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_suspensions, suspend_seller)).routes(routes!(reinstate_seller))
}

/// A shop in the path.
#[derive(Debug, Deserialize)]
struct SellerPath {
    seller_id: SellerId,
}

/// A suspension with where it stands.
#[derive(Debug, Serialize, ToSchema)]
struct SuspensionView {
    /// The suspension.
    #[serde(flatten)]
    suspension: Suspension,
    /// Where it stands.
    state: SuspensionState,
}

impl From<Suspension> for SuspensionView {
    fn from(suspension: Suspension) -> Self {
        Self { state: suspension.state(), suspension }
    }
}

/// Where a page of suspensions begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SuspensionsPage {
    /// Suspensions on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The suspensions of a shop of one's provinces, the newest first.
#[utoipa::path(get, path = "/sellers/{seller_id}/suspensions", tag = "measures",
    security(("session" = ["cases.read"])), params(("seller_id" = SellerId, Path), SuspensionsPage),
    responses((status = OK, body = Page<SuspensionView>)))]
async fn list_suspensions(
    officer: Officer<ReadCases>,
    Path(path): Path<SellerPath>,
    Query(page): Query<SuspensionsPage>,
) -> Result<Json<Page<SuspensionView>>> {
    let binding = format!("suspensions {}", path.seller_id);
    let before = after::<SuspensionId>(binding.as_bytes(), page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let shop = sellers::summary(conn, path.seller_id).await?;
            if !provinces.contains(&shop.province_code) {
                return Err(Error::from(&NOT_FOUND));
            }
            let rows = store::page(conn, shop.id, before, page.limit.fetch()).await?;
            let cut = Page::cut(rows, page.limit, binding.as_bytes(), |suspension| suspension.id)?;
            Ok(Json(cut.map(SuspensionView::from)))
        })
        .await
}

/// A suspension to decide.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "basis": "breach",
    "reason_codes": ["suspension.complaints"],
    "words": "Ba khiếu nại của người mua chưa được trả lời; xin giải quyết trước khi việc tạm ngừng có hiệu lực."
}))]
struct SuspensionForm {
    /// What it rests on: an `order` is followed at once, a `breach` has 5 days' notice.
    basis: Basis,
    /// With an order: whose.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 200)]
    authority: Option<Line<3, 200>>,
    /// With an order: the number of the document.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 80)]
    document_number: Option<Line<1, 80>>,
    /// Codes of reasons for suspensions.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 10)]
    reason_codes: Vec<Line<1, 80>>,
    /// What the shop should know or do.
    #[schema(value_type = String, max_length = 2000)]
    words: Text<1, 2000>,
    /// Last day of it; left out until further notice.
    until: Option<NaiveDate>,
}

impl From<SuspensionForm> for NewSuspension {
    fn from(form: SuspensionForm) -> Self {
        Self {
            basis: form.basis,
            authority: form.authority.map(|authority| authority.to_string()),
            document_number: form.document_number.map(|number| number.to_string()),
            until: form.until,
            grounds: Grounds { reason_codes: form.reason_codes, words: form.words },
        }
    }
}

/// Suspend a shop of one's provinces: its listings are hidden and nothing new can be ordered; what runs is finished.
///
/// By an order at once; for a breach after 5 days' notice (Decree 248/2026/NĐ-CP, art. 18), and open to appeal.
#[utoipa::path(post, path = "/sellers/{seller_id}/suspensions", tag = "measures",
    security(("session" = ["measures.decide"])), params(("seller_id" = SellerId, Path)),
    responses((status = CREATED, body = SuspensionView)))]
async fn suspend_seller(
    officer: Officer<DecideMeasures>,
    Path(path): Path<SellerPath>,
    Json(form): Json<SuspensionForm>,
) -> Result<(StatusCode, Json<SuspensionView>)> {
    let (seller, by) = (path.seller_id, (officer.account, officer.app().clock.now()));
    let new = NewSuspension::from(form);
    let (view, letters) = officer
        .act(seller.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let (id, letters) = suspensions::suspend(conn, seller, provinces, &new, by).await?;
            Ok((view(scope, id).await?, letters))
        })
        .await?;
    show(officer.app(), &letters);
    Ok((StatusCode::CREATED, view))
}

/// The suspension of a shop the caller has reached.
async fn view(scope: &mut Scoped<'_, Provinces>, id: SuspensionId) -> Result<Json<SuspensionView>> {
    let (conn, provinces) = scope.split();
    let suspension = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let shop = sellers::summary(conn, suspension.seller_id).await?;
    if provinces.contains(&shop.province_code) { Ok(Json(suspension.into())) } else { Err(Error::from(&NOT_FOUND)) }
}

/// The end of a suspension.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "words": "Cửa hàng đã giải quyết xong các khiếu nại." }))]
struct ReinstatementForm {
    /// What the shop is told.
    #[schema(value_type = String, max_length = 2000)]
    words: Text<1, 2000>,
}

/// Reinstate a suspended shop, or call a suspension off during its notice.
#[utoipa::path(put, path = "/sellers/{seller_id}/reinstatement", tag = "measures",
    security(("session" = ["measures.decide"])), params(("seller_id" = SellerId, Path)),
    responses((status = OK, body = SuspensionView)))]
async fn reinstate_seller(
    officer: Officer<DecideMeasures>,
    Path(path): Path<SellerPath>,
    Json(form): Json<ReinstatementForm>,
) -> Result<Json<SuspensionView>> {
    let (seller, by) = (path.seller_id, (officer.account, officer.app().clock.now()));
    let (view, letters) = officer
        .act(seller.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let (id, letters) = suspensions::reinstate(conn, seller, provinces, &form.words, by).await?;
            Ok((view(scope, id).await?, letters))
        })
        .await?;
    show(officer.app(), &letters);
    Ok(view)
}
