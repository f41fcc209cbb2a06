//! Parcels on their way.
//!
//! A parcel moves by news: of its carrier (GHN's status messages, stored raw and applied once), or of people, where the
//! shop found the carrier itself. News comes late, twice and in any order; a parcel only goes forward
//! ([`ParcelStatus::moves_to`]). What it means for the order is the order's business: a move is told upward by
//! [`ParcelMoved`].

pub mod http;
pub mod jobs;
mod messages;
mod model;
mod store;

pub use jobs::{AskAboutParcel, AskCarrier, BookParcel, ParcelMoved, RecallParcel};
pub use model::{
    Booking, Carriage, Fate, HandedOver, Inspection, Measured, NewParcel, PARCEL_MOVED_ON, Packed, Parcel, ParcelEvent,
    ParcelStatus, Service, TRACKING_CODE_USED, fate, moved_on,
};
pub use store::{
    Known, booking, find_by_codes, find_known, insert, last_left, list, most_silent, order_of, quantities, set_booked,
    set_claim, set_collected, set_refused, set_remitted, set_told_back,
};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{OrderId, ParcelId, WebhookId};
use crate::platform::error::Result;
use crate::platform::jobs::Job as _;

/// Something somebody says about a parcel.
#[derive(Debug, Clone, Copy)]
pub struct News<'a> {
    /// Their word for it.
    pub said: &'a str,
    /// Where it is, if the word means a place.
    pub status: Option<ParcelStatus>,
    /// Their further words.
    pub note: Option<&'a str>,
    /// When, by their clock.
    pub at: DateTime<Utc>,
    /// The message that said it.
    pub message: Option<WebhookId>,
}

/// Writes the news down and moves the parcel if it goes forward by it; tells upward what moved.
pub async fn hear(conn: &mut PgConnection, parcel: ParcelId, news: &News<'_>, now: DateTime<Utc>) -> Result<()> {
    if note(conn, parcel, news, now).await? { ParcelMoved { parcel }.enqueue(conn, now).await } else { Ok(()) }
}

/// Writes the news down and moves the parcel if it goes forward by it. Says whether it did.
async fn note(conn: &mut PgConnection, parcel: ParcelId, news: &News<'_>, now: DateTime<Utc>) -> Result<bool> {
    let current = store::lock(conn, parcel).await?;
    let moved = news.status.filter(|to| current.moves_to(*to));
    store::insert_event(conn, parcel, news, moved, now).await?;
    let Some(to) = moved else { return Ok(false) };
    // By our clock: the carrier's may be wrong, and no deadline may begin in the future.
    store::set_status(conn, parcel, to, news.at.min(now)).await?;
    Ok(true)
}

/// The shop wants parcels of the order back before their carrier fetches them: this one, or every one. Whether the carrier
/// gives them back shows later.
pub async fn recall(
    conn: &mut PgConnection,
    order: OrderId,
    only: Option<ParcelId>,
    now: DateTime<Utc>,
) -> Result<Vec<ParcelId>> {
    let recalled = store::set_recalled(conn, order, only, now).await?;
    for parcel in &recalled {
        RecallParcel { parcel: *parcel }.enqueue(conn, now).await?;
    }
    Ok(recalled)
}

/// Somebody says where everything of the order is, which the order knows already: what has left is there.
pub async fn bring_all(conn: &mut PgConnection, order: OrderId, to: ParcelStatus, at: DateTime<Utc>) -> Result<()> {
    for parcel in store::list(conn, order).await? {
        if parcel.status.has_left() && parcel.status.moves_to(to) {
            let news = News { said: to.name(), status: Some(to), note: None, at, message: None };
            note(conn, parcel.id, &news, at).await?;
        }
    }
    Ok(())
}
