//! The front of the house: what the public reads (`shelf`), the provinces' numbers
//! (`statistics`), and the officers' desk (`moderation`).

pub mod moderation;
pub mod shelf;
pub mod statistics;
