//! The officers' desk: the queue of their provinces, the dossier of a case, the one verdict.
//!
//! A verdict locks the case, writes it down, and calls down to the slice that owns the subject, all in one transaction
//! with its audit row. Who may give it is in `eligibility`: nobody on their own shop, nobody on an appeal against their
//! own decision. What each kind of case needs is in `subjects`.

pub mod admin;
mod appeals;
mod eligibility;
pub mod http;
pub mod jobs;
mod letters;
mod subjects;
