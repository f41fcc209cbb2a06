//! The provinces' numbers, month by month: what a department puts into its monthly report.
//!
//! **A closed month never changes.** What has a date is counted by it: cases and orders by their events, certificates by
//! their state on the month's last day. What has none (the status of a shop, what is on the shelf) is taken as it stands
//! when the month is closed: a daily [job](jobs) writes every closed month down once, and from then on it is answered
//! from there, to the byte. `frozen_at` says when that was; after an outage over the end of a month it is later than it
//! should be, and only what has no date is affected. Until then, and for the running month, figures are counted on the
//! spot and called provisional. What is entered later with a date in a closed month does not change it.
//!
//! Figures are kept per province and folded for whoever asks, so that an officer of two provinces and the national
//! operator get the same numbers from the same rows. Demonstration data counts like any other: where there is any, all is.
//!
//! Orders are counted by the destination's province, whatever their number: no place smaller than a province, no buyer
//! and no single order is shown, and the officers may see the orders of their shops anyway.

pub mod admin;
pub mod jobs;
mod measures;
mod model;
mod store;
mod tables;

pub use measures::{herfindahl, percentile, share};
pub use model::ProvinceFigures;
