//! Buying: stock, parcels, payments, orders, reviews.

pub mod inventory;
pub mod orders;
pub mod payments;
pub mod reviews;
pub mod shipping;
