//! The officers' desk: the queue of their provinces, the dossier of a case, the one verdict.
//!
//! A verdict locks the case, writes it down, and calls down to the slice that owns the subject, all in one transaction
//! with its audit row. Nobody decides on their own shop. What each kind of case needs is in `subjects`.

pub mod admin;
mod letters;
mod subjects;
