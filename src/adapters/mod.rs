//! Clients of payment providers and carriers: wire formats, signatures and time limits. They know no domain.
//!
//! Each talks to a base URL of the configuration, so that a sandbox, the real provider and the
//! simulator are the same to it. A provider that is not configured is absent, and what needs it is not
//! offered.

mod bank_notices;
mod http;

pub use bank_notices::{BankNotices, SIGNATURE as BANK_NOTICE_SIGNATURE, TIMESTAMP as BANK_NOTICE_TIMESTAMP};
pub use http::{Answered, Http, Unreachable};

/// The clients, as far as they are configured.
#[derive(Clone)]
pub struct Adapters {
    /// What they all speak through.
    pub http: Http,
    /// Who reports money that came into the shops' bank accounts.
    pub bank_notices: Option<BankNotices>,
}

impl Adapters {
    /// No provider at all.
    pub fn none() -> anyhow::Result<Self> {
        Ok(Self { http: Http::new()?, bank_notices: None })
    }
}
