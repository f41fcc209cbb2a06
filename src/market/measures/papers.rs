//! What an officer reads of a measure: before deciding on an order, or on an appeal against a withdrawal or suspension.

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::PgConnection;

use super::model::{AuthorityOrder, Suspension};
use super::store::{orders, suspensions};
use crate::kernel::ListingId;
use crate::market::cases::{Case, CaseKind};
use crate::market::catalogue::{self, ListingView};
use crate::people::access::Provinces;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// What a case about a measure is about.
#[derive(Debug, Serialize)]
pub struct MeasurePapers {
    /// The authority's order or request.
    order: Option<AuthorityOrder>,
    /// The suspension.
    suspension: Option<Suspension>,
    /// The listing that is to go, or was withdrawn, as its shop sees it.
    listing: Option<ListingView>,
}

/// The papers of a case of `provinces` about a measure.
pub async fn papers(
    conn: &mut PgConnection,
    case: &Case,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<MeasurePapers> {
    let (order, suspension, listing) = match case.kind {
        CaseKind::ListingWithdrawal => (None, None, Some(ListingId::from(case.subject_id))),
        CaseKind::Suspension => (None, suspensions::find(conn, case.subject_id.into()).await?, None),
        _ => {
            let order = orders::find(conn, case.subject_id.into(), provinces).await?.or_refuse(&NOT_FOUND)?;
            let listing = order.listing_id;
            (Some(order), None, listing)
        }
    };
    let listing = match listing {
        Some(listing) => Some(catalogue::view(conn, case.seller_id, listing, today).await?),
        None => None,
    };
    Ok(MeasurePapers { order, suspension, listing })
}
