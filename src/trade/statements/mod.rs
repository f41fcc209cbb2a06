//! What the books say to people: a shop's statement, the monthly tax return, a seller's yearly certificate; and whether
//! the books agree with what happened.
//!
//! Every figure is a fold of ledger entries by the instant they were posted, nothing is kept beside them. A month that is
//! closed takes no entries any more, so its statements and returns stay what they were. What comes back later is offset
//! in the month in which it came back (Decree 252/2026/NĐ-CP, articles 44 and 45).

pub mod admin;
pub mod checks;
mod document;
pub mod http;
pub mod jobs;
mod model;
mod store;
mod tables;
mod taxes;
