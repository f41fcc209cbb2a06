//! Where somebody likes to have things sent.

pub mod http;
mod store;

pub use store::{Address, named_or_usual};
