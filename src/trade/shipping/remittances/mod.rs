//! Cash that carriers have collected and paid out to the shop, by the carrier's own list.
//!
//! A list is read once per file. Each row names a parcel by its code: what fits is remitted at once, less what the carrier
//! kept for it; what does not is a difference for the shop to take up with the carrier. The same file sent again is the
//! same list: what was remitted stays so, and what did not fit is looked at again, since the parcel may have arrived
//! meanwhile.
//!
//! What no list brings is outstanding, until the shop says what it got (`cash`): from a driver who brings it by hand, or
//! as little as the carrier will ever give.

mod cash;
pub mod http;
mod model;
mod store;

pub use model::{Outcome, Remittance, RemittanceRow};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::parcels::{self, Known};
use crate::kernel::{OrderId, ParcelId, RemittanceId, Vnd};
use crate::platform::error::{Error, Result};
use crate::trade::payments::{self, Remitted};
use model::{Found, Listed, NewRemittance};

/// Matches a carrier's list with the shop's parcels, remits what fits, and keeps every row with its outcome. Payments are
/// locked in the order of the shop's orders.
async fn take_in(
    conn: &mut PgConnection,
    new: &NewRemittance<'_>,
    rows: &[Listed],
    now: DateTime<Utc>,
) -> Result<RemittanceId> {
    let id = store::insert_or_lock(conn, new, now).await?;
    let before = store::counted_rows(conn, id).await?;
    let codes: Vec<String> = rows.iter().map(|row| row.tracking_code.clone()).collect();
    let known = parcels::find_by_codes(conn, new.seller, new.carrier, &codes).await?;
    let known: BTreeMap<&str, &Known> = known.iter().map(|parcel| (parcel.tracking_code.as_str(), parcel)).collect();
    let mut orders: Vec<OrderId> = known.values().map(|parcel| parcel.order).collect();
    orders.sort_unstable();
    orders.dedup();
    for order in orders {
        payments::lock(conn, order).await?;
    }
    let parcels: Vec<ParcelId> = known.values().map(|parcel| parcel.id).collect();
    let mut counted = store::counted_parcels(conn, &parcels).await?;
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let parcel = known.get(row.tracking_code.as_str()).copied();
        let outcome = match (before.get(&row.row_number), parcel) {
            (Some(before), _) => *before,
            (None, None) => Outcome::UnknownCode,
            (None, Some(parcel)) => settle(conn, new, (row, parcel), &mut counted, now).await?,
        };
        judged.push((row, outcome, parcel));
    }
    store::replace_rows(conn, id, &judged).await?;
    Ok(id)
}

/// What becomes of a row, whose payment is locked; remits if it fits.
async fn settle(
    conn: &mut PgConnection,
    new: &NewRemittance<'_>,
    (row, parcel): (&Listed, &Known),
    counted: &mut BTreeSet<ParcelId>,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let share = payments::find_allocation(conn, parcel.order).await?;
    let counted_before = counted.contains(&parcel.id);
    let found = Found { status: parcel.status, cod: parcel.cod, payment: share.status, counted: counted_before };
    let (outcome, fee) = (found.outcome(row.amount), row.fee.unwrap_or(Vnd::ZERO));
    match outcome {
        Outcome::Remitted => {
            let received = row.amount.checked_sub(fee).ok_or_else(|| Error::fault("a carrier's fee does not fit"))?;
            let (id, order) = (parcel.id, parcel.order);
            let remitted = Remitted { parcel: id, order, carrier: &parcel.carrier, received, fee };
            payments::remit(conn, &remitted, now).await?;
            parcels::set_remitted(conn, id, now).await?;
        }
        Outcome::FeeOnly => payments::keep_fee(conn, (parcel.id, parcel.order, new.seller), fee, now).await?,
        _ => return Ok(outcome),
    }
    counted.insert(parcel.id);
    Ok(outcome)
}
