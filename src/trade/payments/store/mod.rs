//! The tables of payments.

pub mod attempts;
pub mod captures;
pub mod exceptions;
pub mod refunds;
pub mod shares;
pub mod show;
