//! Invoices (*hóa đơn*): the buyer says with the quote whom they are made out to, each shop records the one it issued.
//!
//! The shop issues it in its own system (Decree 123/2020/NĐ-CP, amended by 70/2025/NĐ-CP); here stand its number and day.

pub mod http;
mod store;

pub use store::{Request, find, insert_request};
