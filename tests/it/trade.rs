//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod life;
mod races;
mod reviews;
mod rules;
mod stock;
mod vouchers;
