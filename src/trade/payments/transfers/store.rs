//! The tables of bank transfers: `banks`, `bank_accounts`, `bank_transfers`, `bank_notices`, `transfer_exceptions`, and
//! what belongs to refunds that shops send.

pub mod accounts;
pub mod exceptions;
pub mod notices;
pub mod refunds;
pub mod transfers;
