//! The national desk's list of money that fits nothing by itself.

use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::exceptions::{self, Decision};
use super::model::{ExceptionKind, Resolution};
use super::store::exceptions::{self as store, ExceptionView};
use crate::app::App;
use crate::kernel::{ExceptionId, Limit, OrderId, Page, Text};
use crate::people::access::{ManageMoney, Officer, require_national};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after, not_of_the_list};

/// A payment has no more orders than a cart has lines.
const MOST_ORDERS: usize = 50;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_payment_exceptions))
        .routes(routes!(resolve_payment_exception))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Which exceptions.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExceptionsQuery {
    /// Only those of this kind.
    kind: Option<ExceptionKind>,
    /// Only those that were resolved, or were not.
    resolved: Option<bool>,
    /// Exceptions on the page.
    #[serde(default, skip_serializing_if = "not_of_the_list")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "not_of_the_list")]
    after: Option<String>,
}

/// Money that waits, or waited, for a person; newest first.
#[utoipa::path(get, path = "/payment_exceptions", tag = "payments", security(("session" = ["money.manage"])),
    params(ExceptionsQuery), responses((status = OK, body = Page<ExceptionView>)))]
async fn list_payment_exceptions(
    officer: Officer<ManageMoney>,
    Query(query): Query<ExceptionsQuery>,
) -> Result<Json<Page<ExceptionView>>> {
    let binding = serde_json::to_vec(&("payment_exceptions", &query))?;
    let before = after::<ExceptionId>(&binding, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let rows = store::page(conn, (query.kind, query.resolved, None), before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, query.limit, &binding, |row| row.id)?))
        })
        .await
}

/// An exception in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ExceptionPath {
    exception_id: ExceptionId,
}

/// What is to be done with the money.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentResolutionForm, example = json!({ "resolution": "note", "words": "Đã đối chiếu với sao kê của cổng thanh toán" }))]
struct ResolutionForm {
    /// `apply`: held money pays the `orders`, the rest goes back; `refund`: it goes back, or is sent again; `arrived`:
    /// the buyer has it by another way; `note`: nothing is to be done.
    resolution: Resolution,
    /// Which orders it pays; with `apply`, and only there.
    #[serde(default)]
    #[schema(max_items = 50)]
    orders: Vec<OrderId>,
    /// Why.
    #[schema(value_type = String, min_length = 3, max_length = 1000)]
    words: Text<3, 1000>,
}

impl ResolutionForm {
    fn decision(self) -> Result<Decision> {
        let fits = (self.resolution == Resolution::Apply) != self.orders.is_empty();
        if !fits || self.orders.len() > MOST_ORDERS {
            let why = "từ 1 đến 50 đơn khi và chỉ khi `apply` / must name 1 to 50 orders with `apply`, and only there";
            return Err(Error::from(&INVALID).at("orders", why));
        }
        Ok(Decision { resolution: self.resolution, orders: self.orders, words: self.words.into_inner() })
    }
}

/// Decide what becomes of the money. Decided the same again, it stays decided.
#[utoipa::path(put, path = "/payment_exceptions/{exception_id}/resolution", tag = "payments",
    security(("session" = ["money.manage"])), params(("exception_id" = ExceptionId, Path)),
    responses((status = OK, body = ExceptionView)))]
async fn resolve_payment_exception(
    officer: Officer<ManageMoney>,
    Path(path): Path<ExceptionPath>,
    Json(form): Json<ResolutionForm>,
) -> Result<Json<ExceptionView>> {
    let now = officer.app().clock.now();
    let decision = form.decision()?;
    officer
        .act(path.exception_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            exceptions::resolve(conn, path.exception_id, &decision, officer.account, now).await?;
            let shown = store::page(conn, (None, None, Some(path.exception_id)), None, 1).await?;
            Ok(Json(shown.into_iter().next().or_refuse(&NOT_FOUND)?))
        })
        .await
}
