//! The tables `listings`, `listing_revisions`, `variants`, `sale_rules`.

pub mod listings;
pub mod prices;
pub mod revisions;
pub mod rules;
pub mod variants;
