//! One act of buying: a quote that takes nothing, and its placement, which takes everything or nothing.

pub mod http;
pub mod jobs;
mod model;
mod paying;
mod placement;
mod store;

pub use model::{Part, Quote, QuotedLine, Wanted};
pub use placement::OWN_GOODS;
