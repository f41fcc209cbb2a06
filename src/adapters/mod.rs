//! Clients of payment providers and carriers: wire formats, signatures and time limits. They know no domain.
//!
//! Each talks to a base URL of the configuration, so that a sandbox, the real provider and the
//! simulator are the same to it. A provider that is not configured is absent, and what needs it is not
//! offered.

mod bank_notices;
pub mod gateway;
mod http;
pub mod momo;
pub mod signing;
pub mod vnpay;

pub use bank_notices::{BankNotices, SIGNATURE as BANK_NOTICE_SIGNATURE, TIMESTAMP as BANK_NOTICE_TIMESTAMP};
pub use http::{Answered, Http, Unreachable};
pub use momo::Momo;
pub use vnpay::Vnpay;

/// The clients, as far as they are configured.
#[derive(Clone)]
pub struct Adapters {
    /// What they all speak through.
    pub http: Http,
    /// Payments at VNPay.
    pub vnpay: Option<Vnpay>,
    /// Payments at MoMo.
    pub momo: Option<Momo>,
    /// Who reports money that came into the shops' bank accounts.
    pub bank_notices: Option<BankNotices>,
}

impl Adapters {
    /// No provider at all.
    pub fn none() -> anyhow::Result<Self> {
        Ok(Self { http: Http::new()?, vnpay: None, momo: None, bank_notices: None })
    }
}
