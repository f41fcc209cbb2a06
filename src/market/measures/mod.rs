//! What officers do to what is already on the marketplace: withdrawals of listings, orders and requests of authorities,
//! suspensions of shops.
//!
//! A **withdrawal** and a **suspension** are decided by the officer who makes them: they are cases born decided, which
//! the shop finds in its inbox. An **authority's order** or request is a case with the authority's deadline (24 hours
//! from its receipt; Decree 248/2026/NĐ-CP, art. 17 and 18): an approval carries it out. Whose shop it is, is whose
//! officers act, wherever the goods come from; nobody acts on a shop they belong to.
//!
//! Locks: the case, the order or the shop, the suspension, the listing.

pub mod admin;
pub mod http;
pub mod jobs;
mod letters;
mod model;
mod orders;
mod papers;
mod store;
mod suspensions;
mod withdrawals;

pub use jobs::TakenDown;
pub use model::{AuthorityOrder, AuthorityOrderKind, AuthorityOrderStatus, Basis, Suspension, SuspensionState};
pub use orders::{decide, listing_to_stop};
pub use papers::{MeasurePapers, papers};
pub use suspensions::is_closed_by_order;
pub use suspensions::{require_unmoved as require_suspended, reverse as reverse_suspension};
pub use withdrawals::{require_unmoved as require_withdrawn, reverse as reverse_withdrawal};
