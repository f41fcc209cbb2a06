//! What a shop sees of its suspensions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Basis, Suspension, SuspensionState};
use super::store::suspensions as store;
use crate::app::App;
use crate::kernel::{CaseId, Limit, Page, SellerId, SuspensionId};
use crate::people::access::{ReadShop, Shop};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_shop_suspensions))
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

/// A suspension as its shop sees it: no officer's name.
#[derive(Debug, Serialize, ToSchema)]
struct ShopSuspension {
    /// The suspension.
    id: SuspensionId,
    /// Its case in the inbox, with the reasons in full.
    case_id: CaseId,
    /// What it rests on.
    basis: Basis,
    /// Whose order it follows, and whom to turn to.
    authority: Option<String>,
    /// The number of that order.
    document_number: Option<String>,
    /// Where it stands.
    state: SuspensionState,
    /// What the department says.
    words: String,
    /// When it was decided.
    recorded_at: DateTime<Utc>,
    /// The instant it takes hold, notice included.
    effective_at: DateTime<Utc>,
    /// Last day of it; null until further notice.
    until: Option<NaiveDate>,
    /// When it ended, or was called off.
    ended_at: Option<DateTime<Utc>>,
    /// What the department said then.
    end_words: Option<String>,
}

impl From<Suspension> for ShopSuspension {
    fn from(suspension: Suspension) -> Self {
        Self {
            id: suspension.id,
            case_id: suspension.case_id,
            basis: suspension.basis,
            state: suspension.state(),
            authority: suspension.authority,
            document_number: suspension.document_number,
            words: suspension.words,
            recorded_at: suspension.recorded_at,
            effective_at: suspension.effective_at,
            until: suspension.until,
            ended_at: suspension.ended_at,
            end_words: suspension.end_words,
        }
    }
}

/// The suspensions of the shop, the newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/suspensions", tag = "measures", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), SuspensionsPage), responses((status = OK, body = Page<ShopSuspension>)))]
async fn list_shop_suspensions(
    shop: Shop<ReadShop>,
    Query(page): Query<SuspensionsPage>,
) -> Result<Json<Page<ShopSuspension>>> {
    let binding = format!("shop_suspensions {}", shop.seller);
    let before = after::<SuspensionId>(binding.as_bytes(), page.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = store::page(conn, *seller, before, page.limit.fetch()).await?;
        let cut = Page::cut(rows, page.limit, binding.as_bytes(), |suspension| suspension.id)?;
        Ok(Json(cut.map(ShopSuspension::from)))
    })
    .await
}
