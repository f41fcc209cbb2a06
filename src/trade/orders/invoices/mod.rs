//! Invoices (*hóa đơn*): the buyer says with the quote whom they are made out to, each shop records the one it issued.
//!
//! The shop issues it in its own system (Decree 123/2020/NĐ-CP, amended by 70/2025/NĐ-CP); here stand its number and day.
//! Who buys as a person gives their personal id for a tax code: it is sealed, and shown to nobody but them and who issues
//! the invoice.

pub mod http;
mod model;
mod store;

pub use model::{Request, TaxNumber};
pub use store::{insert_request, wanted_since};
