//! The people: who they are (`identity`), what was said to them (`notify`), what they may do (`access`), what
//! they are promised and agreed to (`policies`), and the record of what officers did (`audit`).

pub mod access;
pub mod audit;
pub mod identity;
pub mod notify;
pub mod policies;
