//! What people look at: the officers' desk.

pub mod moderation;
