//! Cash that carriers have collected and paid out to the shop, by the carrier's own list.
//!
//! A list is read once per file. Each row names a parcel by its code: what fits is remitted at once, less what the carrier
//! kept for it; what does not is a difference for the shop to take up with the carrier. The same file sent again is the
//! same list: what is in the books stays so, and what did not fit is looked at again, since the parcel may have arrived
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
use crate::kernel::{OrderId, ParcelId, RemittanceId, RemittanceRowId, SellerId, Vnd};
use crate::platform::error::{Error, INVALID, Result};
use crate::trade::ledger::Carrier;
use crate::trade::payments::{self, Remitted};
use model::{Found, Judged, Listed, NewRemittance};

/// Matches a carrier's list with the shop's parcels, remits what fits, and keeps every row with its outcome. Payments are
/// locked in the order of the shop's orders.
async fn take_in(
    conn: &mut PgConnection,
    new: &NewRemittance<'_>,
    rows: &[Listed],
    now: DateTime<Utc>,
) -> Result<RemittanceId> {
    let list = store::insert_or_lock(conn, new, now).await?;
    let carrier = Carrier::named(new.carrier);
    if Carrier::named(&list.carrier) != carrier {
        let message = format!("tệp này là của {} / this file is {}'s", list.carrier, list.carrier);
        return Err(Error::from(&INVALID).at("carrier", message));
    }
    if list.paid_on != new.paid_on {
        let message = format!("tệp này là của ngày {} / this file is of {}", list.paid_on, list.paid_on);
        return Err(Error::from(&INVALID).at("date", message));
    }
    let codes: Vec<String> = rows.iter().map(|row| row.tracking_code.clone()).collect();
    let mut orders: Vec<OrderId> = parcels::find_by_codes(conn, new.seller, &carrier, &codes)
        .await?
        .into_iter()
        .map(|parcel| parcel.order)
        .collect();
    orders.sort_unstable();
    orders.dedup();
    for order in &orders {
        payments::lock(conn, *order).await?;
    }
    // Only now nobody moves them, or says what came of them.
    let mut known = parcels::find_by_codes(conn, new.seller, &carrier, &codes).await?;
    known.retain(|parcel| orders.binary_search(&parcel.order).is_ok());
    let ids: Vec<ParcelId> = known.iter().map(|parcel| parcel.id).collect();
    let known: BTreeMap<&str, &Known> = known.iter().map(|parcel| (parcel.tracking_code.as_str(), parcel)).collect();
    let in_books = store::rows_in_books(conn, list.id).await?;
    let mut charged = store::charged(conn, &ids, list.paid_on).await?;
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|row| !in_books.contains(&row.row_number)) {
        let parcel = known.get(row.tracking_code.as_str()).copied();
        let mut judgement = Judged { id: RemittanceRowId::new(now), row, outcome: Outcome::UnknownCode, parcel };
        if let Some(parcel) = parcel {
            settle(conn, new.seller, (&mut judgement, parcel), &mut charged, now).await?;
        }
        judged.push(judgement);
    }
    store::replace_rows(conn, list.id, &judged).await?;
    Ok(list.id)
}

/// What becomes of a row, whose payment is locked; remits if it fits.
async fn settle(
    conn: &mut PgConnection,
    seller: SellerId,
    (judged, parcel): (&mut Judged<'_>, &Known),
    charged: &mut BTreeSet<ParcelId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (id, order) = (parcel.id, parcel.order);
    let payment = payments::find_allocation(conn, order).await?.status;
    let Known { status, cod, collected, .. } = *parcel;
    let found = Found { status, cod, payment, collected, charged: charged.contains(&id) };
    judged.outcome = found.outcome(judged.row.amount);
    let fee = judged.row.fee.unwrap_or(Vnd::ZERO);
    match judged.outcome {
        Outcome::Remitted => {
            let received = judged.row.amount.checked_sub(fee);
            let received = received.ok_or_else(|| Error::fault("a carrier's fee does not fit"))?;
            let remitted = Remitted { parcel: id, order, carrier: &parcel.carrier, received, fee };
            payments::remit(conn, &remitted, now).await?;
            parcels::set_remitted(conn, id, now).await
        }
        Outcome::FeeOnly if fee > Vnd::ZERO => {
            charged.insert(id);
            payments::keep_fee(conn, judged.id, (order, seller), fee, now).await
        }
        _ => Ok(()),
    }
}
