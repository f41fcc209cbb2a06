//! Complaints of buyers against a listing, a shop or one of their orders (Decree 248/2026/NĐ-CP, art. 7): every kind has
//! its published deadline, the shop may answer, an officer mediates and gives a written result.
//!
//! A complaint is a case in the queue of the shop's province. The shop learns the complainant's display name, never the
//! account or a contact. Money never moves here: what a result obliges the shop to, the shop does itself.

mod desk;
mod filing;
pub mod http;
mod letters;
mod model;
mod store;
mod view;

pub use desk::{Dossier, decide, dossier, photo};
pub use letters::tell;
