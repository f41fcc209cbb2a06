//! News of parcels, for whoever it concerns. All are heard by `trade::orders`, which knows addresses and orders.

use serde::{Deserialize, Serialize};

use crate::kernel::ParcelId;
use crate::platform::jobs::Job;

/// A parcel went forward.
#[derive(Debug, Serialize, Deserialize)]
pub struct ParcelMoved {
    /// Which parcel.
    pub parcel: ParcelId,
}

impl Job for ParcelMoved {
    const KIND: &'static str = "shipping.parcel_moved";
}

/// The round that asks carriers for parcels nothing was heard of: a message may have been lost.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct AskCarrier {}

impl Job for AskCarrier {
    const KIND: &'static str = "shipping.ask_carrier";
}

/// A carrier's message about a parcel cannot be believed: the carrier is to be asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct AskAboutParcel {
    /// Which parcel.
    pub parcel: ParcelId,
}

impl Job for AskAboutParcel {
    const KIND: &'static str = "shipping.ask_about_parcel";
}

/// A parcel is not to be fetched after all.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecallParcel {
    /// Which parcel.
    pub parcel: ParcelId,
}

impl Job for RecallParcel {
    const KIND: &'static str = "shipping.recall_parcel";
}

/// A parcel is to be booked with its carrier.
#[derive(Debug, Serialize, Deserialize)]
pub struct BookParcel {
    /// Which parcel.
    pub parcel: ParcelId,
}

impl Job for BookParcel {
    const KIND: &'static str = "shipping.book_parcel";
}
