//! What hides a published listing whatever its shop does: an officer's withdrawal, an authority's order.
//!
//! Who may do so, and why, is known to `market::measures`. Under either, a listing remembers where it stood: a paused
//! one comes back paused. Both may lie on one listing; then it comes back when both have ended.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{LISTING_CLOSED, Listing, ListingRow, ListingStatus, NOT_PUBLISHED};
use super::store::listings;
use crate::kernel::{CaseId, ListingId, SellerId};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};

/// Where a listing stands under its holds.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    pub status: ListingStatus,
    pub held_status: Option<ListingStatus>,
    pub withdrawn_by: Option<CaseId>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Hold {
    /// Of a listing that stands at `own` where nothing holds it.
    fn new(own: ListingStatus, withdrawn: Option<(CaseId, DateTime<Utc>)>, taken_down: bool) -> Self {
        let (withdrawn_by, withdrawn_at) = withdrawn.unzip();
        let status = match (taken_down, withdrawn) {
            (true, _) => ListingStatus::TakenDown,
            (false, Some(_)) => ListingStatus::Withdrawn,
            (false, None) => own,
        };
        Self { status, held_status: (status != own).then_some(own), withdrawn_by, withdrawn_at }
    }
}

impl Listing {
    /// Where it stands if nothing holds it.
    fn own_status(&self) -> ListingStatus {
        self.held_status.unwrap_or(self.status)
    }

    fn withdrawal(&self) -> Option<(CaseId, DateTime<Utc>)> {
        self.withdrawn_by.zip(self.withdrawn_at)
    }
}

/// A listing, to those who do not work for its shop.
#[derive(Debug, Clone)]
pub struct ListingOutline {
    /// The listing.
    pub id: ListingId,
    /// Whose.
    pub seller_id: SellerId,
    /// Its name in addresses.
    pub slug: String,
    /// The title it is published under.
    pub title_vi: Option<String>,
    /// Where it stands.
    pub status: ListingStatus,
}

/// How many listings stand at a status.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ListingStatusCount)]
pub struct StatusCount {
    /// The status.
    pub status: ListingStatus,
    /// How many.
    pub count: i64,
}

/// The listing, whosever it is.
pub async fn outline(conn: &mut PgConnection, id: ListingId) -> Result<Option<ListingOutline>> {
    listings::outline(conn, id).await
}

/// How many listings the shop has of each status.
pub async fn count_by_status(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<StatusCount>> {
    listings::count_by_status(conn, seller).await
}

/// The shop's newest listings, at most `limit`.
pub async fn newest_of(conn: &mut PgConnection, seller: SellerId, limit: i64) -> Result<Vec<ListingRow>> {
    listings::page(conn, seller, None, None, limit).await
}

/// Hides a published or paused listing by the decision of `case`.
///
/// # Errors
/// Refuses what was never published, and what is given up or held already.
pub async fn withdraw(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    case: CaseId,
    now: DateTime<Utc>,
) -> Result<()> {
    let listing = lock(conn, seller, id).await?;
    match listing.status {
        ListingStatus::Published | ListingStatus::Paused => {}
        ListingStatus::Draft => return Err(Error::from(&NOT_PUBLISHED)),
        _ => return Err(Error::from(&LISTING_CLOSED)),
    }
    listings::set_hold(conn, id, &Hold::new(listing.status, Some((case, now)), false)).await
}

/// Ends the withdrawal by the decision of `case`, or by whatever decision; says whether there was one.
pub async fn lift_withdrawal(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    case: Option<CaseId>,
) -> Result<bool> {
    let listing = lock(conn, seller, id).await?;
    let Some(withdrawn_by) = listing.withdrawn_by else { return Ok(false) };
    if case.is_some_and(|case| case != withdrawn_by) {
        return Ok(false);
    }
    let taken_down = listing.status == ListingStatus::TakenDown;
    listings::set_hold(conn, id, &Hold::new(listing.own_status(), None, taken_down)).await?;
    Ok(true)
}

/// Whether the withdrawal decided by `case` holds the listing; it stays so until the transaction ends.
pub async fn is_withdrawn_by(conn: &mut PgConnection, seller: SellerId, id: ListingId, case: CaseId) -> Result<bool> {
    Ok(lock(conn, seller, id).await?.withdrawn_by == Some(case))
}

/// Hides a listing that was ever published, for an authority. Twice is once.
pub async fn take_down(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<()> {
    let listing = lock(conn, seller, id).await?;
    if listing.published_revision.is_none() {
        return Err(Error::from(&NOT_PUBLISHED));
    }
    listings::set_hold(conn, id, &Hold::new(listing.own_status(), listing.withdrawal(), true)).await
}

/// Ends the taking down: the listing stands where it stood, withdrawn if it is.
pub async fn lift_takedown(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<()> {
    let listing = lock(conn, seller, id).await?;
    listings::set_hold(conn, id, &Hold::new(listing.own_status(), listing.withdrawal(), false)).await
}

/// Locks the shop's listing until the transaction ends: whoever changes or asks what holds it comes one after another.
pub async fn lock_listing(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<()> {
    lock(conn, seller, id).await.map(drop)
}

async fn lock(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<Listing> {
    listings::lock(conn, seller, id).await?.or_refuse(&NOT_FOUND)
}
