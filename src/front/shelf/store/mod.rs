//! All SQL of the shelf.

pub mod checks;
