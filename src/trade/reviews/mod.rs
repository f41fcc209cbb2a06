//! What buyers say about what they received, what the shop answers, and what readers report.
//!
//! No review is hidden for being negative: it takes a reported breach and an officer's verdict. A hidden review is kept,
//! its author is told why, and its stars no longer count.

pub mod http;
mod letters;
mod model;
mod reports;
mod store;

pub use letters::tell;
pub use reports::{Dossier, decide, dossier};
