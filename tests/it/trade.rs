//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod holds;
mod in_advance;
mod ledger;
mod life;
mod money_races;
mod parcels;
mod payment_codes;
pub mod payments;
mod payouts;
mod races;
mod rates;
mod remittances;
mod returns;
mod reviews;
mod rules;
mod shipping;
mod simulator;
mod statement_counts;
mod statements;
mod stock;
mod transfers;
