//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod ledger;
mod life;
mod races;
mod rates;
mod reviews;
mod rules;
mod statements;
mod stock;
