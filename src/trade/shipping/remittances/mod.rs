//! Cash that carriers have collected and paid out to the shop, by the carrier's own list.
//!
//! A list is read once per file. Each row names a parcel by its code: what fits is remitted at once, what does not is a
//! difference for the shop to take up with the carrier. The same file sent again is the same list: what was remitted
//! stays so, and what did not fit is looked at again, since the parcel may have arrived meanwhile.

pub mod http;
mod model;
mod store;

pub use model::{Outcome, Remittance, RemittanceRow};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::parcels::{self, Known};
use crate::kernel::{OrderId, RemittanceId};
use crate::platform::error::Result;
use crate::trade::payments;
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
    let before = store::remitted_rows(conn, id).await?;
    let codes: Vec<String> = rows.iter().map(|row| row.tracking_code.clone()).collect();
    let known = parcels::find_by_codes(conn, new.seller, new.carrier, &codes).await?;
    let known: BTreeMap<&str, &Known> = known.iter().map(|parcel| (parcel.tracking_code.as_str(), parcel)).collect();
    let mut orders: Vec<OrderId> = known.values().map(|parcel| parcel.order).collect();
    orders.sort_unstable();
    orders.dedup();
    for order in orders {
        payments::lock(conn, order).await?;
    }
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let parcel = known.get(row.tracking_code.as_str()).copied();
        let outcome =
            if before.contains(&row.row_number) { Outcome::Remitted } else { settle(conn, row, parcel, now).await? };
        judged.push((row, outcome, parcel));
    }
    store::replace_rows(conn, id, &judged).await?;
    Ok(id)
}

/// What becomes of a row, whose payment is locked; remits if it fits.
async fn settle(conn: &mut PgConnection, row: &Listed, parcel: Option<&Known>, now: DateTime<Utc>) -> Result<Outcome> {
    let Some(parcel) = parcel else { return Ok(Outcome::UnknownCode) };
    let share = payments::find_allocation(conn, parcel.order).await?;
    let outcome = Found { status: parcel.status, cod: parcel.cod, payment: share.status }.outcome(row.amount);
    if outcome == Outcome::Remitted {
        payments::remit(conn, parcel.id, parcel.order, now).await?;
        parcels::set_remitted(conn, parcel.id, now).await?;
    }
    Ok(outcome)
}
