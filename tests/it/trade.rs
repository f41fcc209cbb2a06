//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod life;
pub mod payments;
mod races;
mod reviews;
mod rules;
mod stock;
