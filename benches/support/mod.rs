//! What the benchmarks share: a home for the program, the program as a child process, a connection to it.

pub mod home;
pub mod http;
pub mod server;
