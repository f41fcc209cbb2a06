//! Buying: the books, stock, parcels, payments, vouchers, orders, reviews, complaints.

pub mod complaints;
pub mod inventory;
pub mod ledger;
pub mod orders;
pub mod payments;
pub mod reviews;
pub mod shipping;
pub mod vouchers;
