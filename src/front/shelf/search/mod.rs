//! What the national operator keeps for the search: words that mean the same, and the weights of the ranking, which the
//! policy on ranking states; and what people looked for in vain.

pub mod admin;
pub mod http;
pub mod jobs;
mod model;
mod store;

pub use model::FEWEST_SEARCHES;
