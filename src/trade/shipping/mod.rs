//! What it costs to send something, the parcels on their way, and the cash carriers bring back.
//!
//! [`tariff`] quotes: rates by reach and chargeable weight, surcharges of remote communes, what the shop bears.
//! [`parcels`] go by news of carriers and people. [`remittances`] match a carrier's list of cash with them.

pub mod http;
mod model;
pub mod parcels;
pub mod remittances;
mod store;

pub use model::{
    CarrierRule, Consignment, Piece, Place, Quote, Rate, Reach, ShippingTerms, Surcharge, TOO_HEAVY, Tariff,
};
pub use store::{carrier_rule, tariff};
