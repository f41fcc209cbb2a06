//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod life;
mod payment_codes;
mod payments;
mod payouts;
mod races;
mod returns;
mod reviews;
mod rules;
mod simulator;
mod stock;
mod transfers;
