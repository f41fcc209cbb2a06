//! Orders of authorities to take a listing down.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{OrdersQuery, find, list, show};
use crate::app::App;
use crate::kernel::{AccountId, AuthorityOrderId, Line, ListingId, Page, Text};
use crate::market::cases::{Decision, Verdict};
use crate::market::measures::model::{AuthorityOrder, AuthorityOrderKind, Document, Matter};
use crate::market::measures::orders;
use crate::market::measures::withdrawals::{lock_listing, title_of};
use crate::people::access::{DecideMeasures, Officer};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_takedown_orders, record_takedown_order))
        .routes(routes!(show_takedown_order))
        .routes(routes!(lift_takedown_order))
}

/// An authority's order to take a listing down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "authority": "Cục Thương mại điện tử và Kinh tế số",
    "document_number": "812/TMĐT-QL",
    "legal_basis": "Nghị định 248/2026/NĐ-CP, Điều 17",
    "received_at": "2026-11-21T01:00:00Z",
    "listing_id": "0193f2a4-6c00-7000-8000-000000000001",
    "stop_orders": true,
    "evidence": "Công văn scan, sổ công văn đến số 1021."
}))]
struct TakedownForm {
    /// Who orders.
    #[schema(value_type = String, min_length = 3, max_length = 200)]
    authority: Line<3, 200>,
    /// The number of the document.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    document_number: Line<1, 80>,
    /// The law it rests on.
    #[schema(value_type = String, min_length = 3, max_length = 300)]
    legal_basis: Line<3, 300>,
    /// When it arrived; it is due 24 hours later.
    received_at: DateTime<Utc>,
    /// What is to go.
    listing_id: ListingId,
    /// Whether running orders with goods of the listing go with it, unless a carrier has them.
    #[serde(default)]
    stop_orders: bool,
    /// Where the document is kept, or what came with it.
    #[schema(value_type = Option<String>, max_length = 2000)]
    evidence: Option<Text<1, 2000>>,
    /// Whether to carry it out at once, without a verdict.
    #[serde(default)]
    carry_out: bool,
    /// With `carry_out`: what is noted as evidence of it.
    #[schema(value_type = Option<String>, max_length = 2000)]
    words: Option<Text<1, 2000>>,
}

impl TakedownForm {
    fn document(&self) -> Document {
        Document {
            authority: self.authority.to_string(),
            number: self.document_number.to_string(),
            legal_basis: self.legal_basis.to_string(),
            evidence: self.evidence.as_ref().map(ToString::to_string),
            received_at: self.received_at,
        }
    }

    /// The verdict that carries it out, if it is to be carried out at once.
    fn decision(&self, by: AccountId, at: DateTime<Utc>) -> Option<Decision> {
        self.carry_out.then(|| Decision {
            verdict: Verdict::Approve,
            reason_codes: Vec::new(),
            words: self.words.as_ref().map(ToString::to_string),
            by,
            at,
        })
    }
}

/// An order in the path.
#[derive(Debug, Deserialize)]
struct TakedownPath {
    takedown_order_id: AuthorityOrderId,
}

/// The takedown orders against shops of one's provinces, the newest first.
#[utoipa::path(get, path = "/takedown_orders", tag = "measures", security(("session" = ["measures.decide"])),
    params(OrdersQuery), responses((status = OK, body = Page<AuthorityOrder>)))]
async fn list_takedown_orders(
    officer: Officer<DecideMeasures>,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<AuthorityOrder>>> {
    list(&officer, AuthorityOrderKind::Takedown, &query).await
}

/// One takedown order.
#[utoipa::path(get, path = "/takedown_orders/{takedown_order_id}", tag = "measures",
    security(("session" = ["measures.decide"])), params(("takedown_order_id" = AuthorityOrderId, Path)),
    responses((status = OK, body = AuthorityOrder)))]
async fn show_takedown_order(
    officer: Officer<DecideMeasures>,
    Path(path): Path<TakedownPath>,
) -> Result<Json<AuthorityOrder>> {
    officer.see(async |scope| Ok(Json(find(scope, AuthorityOrderKind::Takedown, path.takedown_order_id).await?))).await
}

/// Record an authority's order to take a listing of a shop of one's provinces down: a case, due 24 hours after receipt.
///
/// An approval of the case carries it out, or `carry_out` does so here: the listing is hidden at once.
#[utoipa::path(post, path = "/takedown_orders", tag = "measures", security(("session" = ["measures.decide"])),
    responses((status = CREATED, body = AuthorityOrder)))]
async fn record_takedown_order(
    officer: Officer<DecideMeasures>,
    Json(form): Json<TakedownForm>,
) -> Result<(StatusCode, Json<AuthorityOrder>)> {
    let now = officer.app().clock.now();
    let decision = form.decision(officer.account, now);
    let (document, listing) = (form.document(), form.listing_id);
    let matter = Matter::Takedown { listing, stop_orders: form.stop_orders };
    let (order, letters) = officer
        .act(listing.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let (outline, shop) = lock_listing(conn, listing, provinces, officer.account).await?;
            let subject = title_of(&outline);
            let id = orders::record(conn, &shop, &document, &matter, &subject, (officer.account, now)).await?;
            let letters = match &decision {
                Some(decision) => orders::carry_out_at_once(conn, id, provinces, decision).await?,
                None => Vec::new(),
            };
            Ok((find(scope, AuthorityOrderKind::Takedown, id).await?, letters))
        })
        .await?;
    show(officer.app(), &letters);
    Ok((StatusCode::CREATED, Json(order)))
}

/// The end of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "document_number": "901/TMĐT-QL" }))]
struct LiftingForm {
    /// The authority's document that ends it.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    document_number: Line<1, 80>,
}

/// Carry out that the authority lifted its order: the listing is where it was before, unless something else holds it.
#[utoipa::path(put, path = "/takedown_orders/{takedown_order_id}/lifting", tag = "measures",
    security(("session" = ["measures.decide"])), params(("takedown_order_id" = AuthorityOrderId, Path)),
    responses((status = OK, body = AuthorityOrder)))]
async fn lift_takedown_order(
    officer: Officer<DecideMeasures>,
    Path(path): Path<TakedownPath>,
    Json(form): Json<LiftingForm>,
) -> Result<Json<AuthorityOrder>> {
    let (id, by) = (path.takedown_order_id, (officer.account, officer.app().clock.now()));
    let (order, letters) = officer
        .act(id.as_uuid(), async |scope| {
            find(scope, AuthorityOrderKind::Takedown, id).await?;
            let (conn, provinces) = scope.split();
            let letters = orders::lift(conn, id, provinces, &form.document_number, by).await?;
            Ok((find(scope, AuthorityOrderKind::Takedown, id).await?, letters))
        })
        .await?;
    show(officer.app(), &letters);
    Ok(Json(order))
}
