//! The front of the house: what the public reads (`shelf`), and the officers' desk (`moderation`).

pub mod moderation;
pub mod shelf;
