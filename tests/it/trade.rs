//! Buying, from the cart to the review.

mod addresses;
mod books;
mod cart;
mod checkouts;
mod guests;
mod holds;
mod in_advance;
mod invoices;
mod life;
mod money_races;
mod payment_codes;
mod prices;
mod races;
mod reviews;
mod rules;
mod statements;
mod stock;
mod transfers;
mod vouchers;
