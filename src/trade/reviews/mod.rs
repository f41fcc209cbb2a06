//! What buyers say about what they received, and what the shop answers.

pub mod http;
mod model;
mod store;
