//! Gateway money on its way to the shops: what a shop's closed orders brought, less what it owes, sent to its own bank
//! account by the licensed partner that holds it. The marketplace moves none of it.
//!
//! What an order brings is the fold of its entries in the shop's balance, less what earlier payouts carried of it: a
//! refund after a payout makes the difference negative, and the next payout carries it (`model`).
//!
//! A shop that is suspended or closed is paid like any other: what it has sold is its own. Only while an authority's order
//! keeps it closed nothing leaves, as the authority may want the money kept; it is paid by the next batch after that.
//!
//! A payout is an intent first (`making`): its row, its orders and its transfer are committed together, one at a
//! time for a shop and a gateway. Then the partner is asked with the payout's id as its key, as often as it takes to
//! hear an answer (`sending`), and the answer is booked once. Whatever dies in between, nothing is sent twice, and
//! nothing is forgotten.

pub mod admin;
pub mod http;
pub mod jobs;
mod letters;
mod making;
mod model;
mod sending;
mod store;

pub use making::{NO_PAYOUT_ACCOUNT, NOTHING_TO_PAY_OUT, PAYOUT_NOT_FAILED, PAYOUTS_HELD};
pub use model::{PayoutRule, PayoutStatus, Split};
