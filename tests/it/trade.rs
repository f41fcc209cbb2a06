//! Buying, from the cart to the review.

mod addresses;
mod books;
mod cart;
mod checkouts;
mod guests;
mod invoices;
mod life;
mod prices;
mod races;
mod reviews;
mod rules;
mod stock;
mod vouchers;
