//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod holds;
mod in_advance;
mod ledger;
mod life;
mod money_races;
mod payment_codes;
pub mod payments;
mod payouts;
mod races;
mod rates;
mod returns;
mod reviews;
mod rules;
mod simulator;
mod statement_counts;
mod statements;
mod stock;
mod transfers;
