//! What providers send us unasked, as it came. Its bytes are committed before anybody judges them, so that nothing a
//! provider said is lost with the judgement; what nobody signed is forgotten after a while.

pub mod jobs;
mod store;

pub use store::{keep, lock, note};

use crate::platform::seal::Seal;
use crate::trade::ledger::Provider;

/// Who sends messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Source {
    /// VNPay.
    Vnpay,
    /// MoMo.
    Momo,
    /// Whoever reads the shops' bank accounts.
    Bank,
    /// GHN.
    Ghn,
}

impl From<Provider> for Source {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Vnpay => Self::Vnpay,
            Provider::Momo => Self::Momo,
        }
    }
}

/// A message as it came.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Who is said to have sent it.
    pub source: Source,
    /// Its bytes.
    pub raw: &'a [u8],
    /// Whether whoever is said to have sent it has signed it.
    pub verified: bool,
    /// What seals it, where it names people.
    pub seal: Option<&'a Seal>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Heard {
    /// What it says has happened here.
    Applied,
    /// It was known.
    Duplicate,
    /// Money came that waits for a person: it does not fit.
    Held,
    /// Money that was tried to be paid will not come.
    Failed,
    /// It says that nothing is decided.
    Pending,
    /// Whoever is said to have sent it did not sign it.
    Forged,
    /// It cannot be read.
    Malformed,
    /// It is too old, or from the future; the provider is asked instead, where it can be.
    Stale,
    /// It is about nothing that is known here.
    Unknown,
}
