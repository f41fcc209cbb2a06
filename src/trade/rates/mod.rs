//! What a sale is charged: the marketplace's commission, and the taxes withheld for the seller.
//!
//! Everything is a dated row with what it rests on. [`charges`] reads the rows in force on the day of placement; from
//! then on the amounts stand on the order's line, and no later row changes them.
//!
//! ## Who is withheld from
//!
//! Households and individuals (rows `tax_subjects`). A **farm** (*trang trại*) counts as one: Circular
//! 02/2020/TT-BNNPTNT knows it as a holding run by a person or the head of a household, without a legal person of its
//! own; a farm that is a company or a cooperative is registered under that kind. The row is provisional. Cooperatives,
//! cooperative groups (registered for tax as organisations) and companies declare for themselves.
//!
//! ## How much
//!
//! By what is sold (rows `tax_kinds`, by the listing's set; without a set the kind is unknown and the highest rate
//! applies), each tax per line, rounded half up on its own. Whether a way of paying, or a seller below the yearly
//! threshold, is exempt from withholding are rows too. Sellers of the programme reside in Viet Nam.

pub mod admin;
pub mod http;
mod model;
mod store;

pub use model::{Chargeable, Charges, Method, Standing};
pub use store::charges;
