//! Buying, from the cart to the review.

mod books;
mod cart;
mod checkouts;
mod life;
mod parcels;
mod payment_codes;
mod races;
mod remittances;
mod reviews;
mod rules;
mod shipping;
mod stock;
mod transfers;
