//! Every public read of the catalogue: lists with filters, facets and words, the pages of listings and shops, provinces
//! with counts.
//!
//! Answered from memory, out of the [`catalogue`]; PostgreSQL is the only truth, and [`feed`] keeps up with it. On the
//! shelf is what is published by an approved shop; stars are those of a certificate valid today. Nothing here decides
//! what can be bought: orders ask the tables themselves.

pub mod catalogue;
pub mod facts;
pub mod feed;
pub mod http;
pub mod model;
pub mod search;
mod store;
pub mod views;
pub mod words;
