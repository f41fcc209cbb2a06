//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod holds;
mod in_advance;
mod life;
mod money_races;
mod payment_codes;
mod payouts;
pub mod payments;
mod races;
mod reviews;
mod rules;
mod simulator;
mod statements;
mod stock;
mod transfers;
