//! Buying: the books, what providers say, stock, parcels, payments, vouchers, orders, reviews, complaints.

pub mod complaints;
pub mod inventory;
pub mod ledger;
pub mod orders;
pub mod payments;
pub mod payouts;
pub mod rates;
pub mod returns;
pub mod reviews;
pub mod shipping;
pub mod statements;
pub mod vouchers;
pub mod webhooks;
