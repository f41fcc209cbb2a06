//! What buyers owe and have paid, and what goes back to them. The marketplace itself never holds their money: a licensed
//! gateway does until it is paid out, or the shop has it by bank transfer, or the carrier brings it to the shop.
//!
//! One payment covers a placed checkout (by bank transfer: one order); its allocations say how much of it each order
//! gets, and always sum to it. Every change of an allocation happens under the payment's lock ([`lock`]), which comes
//! before the order's; only what payouts have carried of it is added up under the order's.
//!
//! At a gateway a payment is made by tries; what the gateway says of one, by whichever way it comes, is applied once.
//! Money that finds nothing due goes back by itself; money that fits nothing waits for a person.
//!
//! Upward goes news: [`Paid`] when an order's share is there, [`RefundArrived`] when the buyer has money back.

pub mod admin;
mod asking;
mod attempts;
mod captures;
mod exceptions;
mod gateways;
pub mod http;
pub mod jobs;
mod letters;
mod model;
mod notices;
mod refunds;
mod shares;
mod store;
pub mod transfers;

pub use asking::ask_about;
pub use gateways::offered;
pub use jobs::{Paid, RefundArrived, ShopRefundLate};
pub use model::{
    Allocation, AllocationStatus, Channel, DuePayment, Method, NewPayment, NewRefund, RefundReason, RefundStatus,
    Voided,
};
pub use refunds::{arrive, refund};
pub use shares::{Remitted, capture_by_shop, collect, correct_remittance, keep_fee, open, remit, void};
pub use store::shares::{add_paid_out, due_of_checkout, find_allocation, lock, paid_out};
