//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod ledger;
mod life;
mod payment_codes;
mod payments;
mod payouts;
mod races;
mod rates;
mod returns;
mod reviews;
mod rules;
mod simulator;
mod statements;
mod stock;
mod transfers;
