//! Withdrawing a listing.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::show;
use crate::app::App;
use crate::kernel::ListingId;
use crate::market::measures::model::Grounds;
use crate::market::measures::withdrawals;
use crate::people::access::{DecideMeasures, Officer};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(withdraw_listing, lift_withdrawal))
}

/// A listing in the path.
#[derive(Debug, Deserialize)]
struct ListingPath {
    listing_id: ListingId,
}

/// Withdraw a published listing of a shop of one's provinces: it is hidden at once. The shop may appeal.
///
/// It comes back when the withdrawal is lifted, or when an officer approves content the shop hands in afterwards.
#[utoipa::path(put, path = "/listings/{listing_id}/withdrawal", tag = "measures",
    security(("session" = ["measures.decide"])), params(("listing_id" = ListingId, Path)),
    responses((status = NO_CONTENT)))]
async fn withdraw_listing(
    officer: Officer<DecideMeasures>,
    Path(path): Path<ListingPath>,
    Json(grounds): Json<Grounds>,
) -> Result<StatusCode> {
    let (id, now) = (path.listing_id, officer.app().clock.now());
    let letters = officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            withdrawals::withdraw(conn, id, provinces, &grounds, officer.account, now).await
        })
        .await?;
    show(officer.app(), &letters);
    Ok(StatusCode::NO_CONTENT)
}

/// Lift a withdrawal: the listing is where it was before.
#[utoipa::path(delete, path = "/listings/{listing_id}/withdrawal", tag = "measures",
    security(("session" = ["measures.decide"])), params(("listing_id" = ListingId, Path)),
    responses((status = NO_CONTENT)))]
async fn lift_withdrawal(officer: Officer<DecideMeasures>, Path(path): Path<ListingPath>) -> Result<StatusCode> {
    let (id, now) = (path.listing_id, officer.app().clock.now());
    let letters = officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            withdrawals::lift(conn, id, provinces, officer.account, now).await
        })
        .await?;
    show(officer.app(), &letters);
    Ok(StatusCode::NO_CONTENT)
}
