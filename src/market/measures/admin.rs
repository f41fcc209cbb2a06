//! The endpoints of officers who take measures.

mod information;
mod suspensions;
mod takedowns;
mod withdrawals;

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::model::{AuthorityOrder, AuthorityOrderKind, AuthorityOrderStatus};
use super::store::orders::{self as store, OrderFilter};
use crate::app::App;
use crate::kernel::{AuthorityOrderId, Limit, Page};
use crate::people::access::{DecideMeasures, Officer, Provinces};
use crate::people::notify::{self, Message};
use crate::platform::db::Scoped;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(withdrawals::router())
        .merge(takedowns::router())
        .merge(information::router())
        .merge(suspensions::router())
        .layer(DefaultBodyLimit::max(32 * 1024))
}

/// Tells whoever runs a demo what was written.
fn show(app: &App, letters: &[Message]) {
    for letter in letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
}

/// Which orders are asked for.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OrderState {
    /// Waiting for an officer.
    Open,
    /// Waiting although their time has passed.
    Late,
    /// Carried out or answered.
    Done,
    /// Not followed.
    Refused,
    /// Ended by the authority.
    Lifted,
}

impl OrderState {
    const fn status(self) -> AuthorityOrderStatus {
        match self {
            Self::Open | Self::Late => AuthorityOrderStatus::Open,
            Self::Done => AuthorityOrderStatus::Done,
            Self::Refused => AuthorityOrderStatus::Refused,
            Self::Lifted => AuthorityOrderStatus::Lifted,
        }
    }
}

/// Which orders, and where the page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrdersQuery {
    /// Only those in this state.
    state: Option<OrderState>,
    /// Orders on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// A page of the orders of one kind in the officer's provinces, the newest first.
async fn list(
    officer: &Officer<DecideMeasures>,
    kind: AuthorityOrderKind,
    query: &OrdersQuery,
) -> Result<Json<Page<AuthorityOrder>>> {
    let binding = serde_json::to_vec(&("authority_orders", kind, query.state))?;
    let before = after::<AuthorityOrderId>(&binding, query.after.as_deref())?;
    let late_at = |now: DateTime<Utc>| matches!(query.state, Some(OrderState::Late)).then_some(now);
    let filter =
        OrderFilter { kind, status: query.state.map(OrderState::status), late_at: late_at(officer.app().clock.now()) };
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let rows = store::page(conn, provinces, filter, before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, query.limit, &binding, |order| order.id)?))
        })
        .await
}

/// The order of the kind, if it lies in the officer's provinces.
async fn find(
    scope: &mut Scoped<'_, Provinces>,
    kind: AuthorityOrderKind,
    id: AuthorityOrderId,
) -> Result<AuthorityOrder> {
    let (conn, provinces) = scope.split();
    let order = store::find(conn, id, provinces).await?;
    order.filter(|order| order.kind == kind).or_refuse(&NOT_FOUND)
}
