//! The tables `screening_rules`, `screening_terms`, `screenings`, `findings`, `text_fingerprints`,
//! `trusted_publishing`, `trusted_sellers`.

pub mod findings;
pub mod fingerprints;
pub mod rules;
pub mod terms;
pub mod trust;
