//! What buyers give back, or want back, after delivery: asked for by line and quantity, answered by the shop, sent back,
//! refunded by unit; and what the desk mediates where the two sides do not agree.
//!
//! Goods at fault are always taken back, at the shop's cost: a refusal of the shop is a dispute at once. Without fault, the
//! product set's rule (`return_rules`) and the shop's own policy of the day of the order decide. Nobody's silence moves
//! money: what a shop does not answer in time goes to the desk of its province ([`CaseKind::RefundDispute`]).
//!
//! A verdict moves only money that is still with the licensed partner. Where the shop has it, the verdict is a recommendation
//! with a date, which the shop follows by its own act; who does not hears from the buyer by complaint or in court.
//!
//! Units are counted on the order's lines under the order's lock, in the order of the house: payment, order, return, stock.
//! A partial return leaves its order delivered or completed; an open one keeps the money where it is ([`open_for`]).
//!
//! [`CaseKind::RefundDispute`]: crate::market::cases::CaseKind::RefundDispute

mod answering;
mod asking;
mod desk;
pub mod http;
pub mod jobs;
mod letters;
mod model;
mod settling;
mod store;
mod view;

pub use desk::{Dossier, RefundOrder, decide, dossier, photo, tell};
pub use model::{Answer, Deadlines, Next, Policy, Reason, ReturnStatus, Step, Wanted, require_returnable};
pub use store::open_for;
