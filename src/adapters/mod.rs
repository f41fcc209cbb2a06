//! Clients of payment providers and carriers: wire formats, signatures and time limits. They know no domain.
//!
//! Each talks to a base URL of the configuration, so that a sandbox, the real provider and the
//! simulator are the same to it. A provider that is not configured is absent, and what needs it is not
//! offered.

pub mod disbursement;
pub mod ghn;
pub mod gateway;
mod http;
pub mod momo;
pub mod signing;
pub mod vnpay;

pub use http::{Answered, Http, Unreachable};

/// The clients, as far as they are configured.
#[derive(Clone)]
pub struct Adapters {
    /// What they all speak through.
    pub http: Http,
    /// The partner that pays shops out.
    pub disbursement: Option<disbursement::Disbursement>,
    /// The carrier GHN.
    pub ghn: Option<ghn::Ghn>,
}
