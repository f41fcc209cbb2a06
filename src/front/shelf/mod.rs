//! Every public read of the catalogue: lists with filters and facets, the page of a listing, provinces with counts.
//!
//! Plain SQL over one definition of "on the shelf" (the functions `shelf_cards` and `shelf_matches` of its migration):
//! published by an approved shop. Stars are those of a certificate valid today. Nothing here decides what can be
//! bought; orders ask the tables themselves.

mod catalogue;
mod facts;
pub mod feed;
pub mod http;
mod model;
pub mod search;
mod store;
