//! The tables of payments.

pub mod refunds;
pub mod shares;
