//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod holds;
mod in_advance;
mod life;
mod money_races;
mod payment_codes;
pub mod payments;
mod payouts;
mod races;
mod returns;
mod reviews;
mod rules;
mod simulator;
mod statements;
mod stock;
mod transfers;
