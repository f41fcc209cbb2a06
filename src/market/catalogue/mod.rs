//! What is for sale.

pub mod offers;
