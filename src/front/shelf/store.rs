//! All SQL of the shelf: what the model is made of, what became new, what nobody found; and the check of a certificate,
//! which asks the register.

pub mod checks;
pub mod common;
pub mod listings;
pub mod misses;
pub mod news;
pub mod shops;
mod spots;
