//! The tables `authority_orders` and `suspensions`.

pub mod orders;
pub mod suspensions;
