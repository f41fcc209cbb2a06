//! Methods and states.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Vnd;
pub use crate::trade::rates::Method;

/// How far one order's share of a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AllocationStatus {
    /// To be paid when the parcel arrives.
    Due,
    /// Paid: a gateway or the shop has it.
    Captured,
    /// Paid: the carrier has it.
    Collected,
    /// Paid, and the carrier gave it to the shop.
    Remitted,
    /// Never to be paid: the order was cancelled first.
    Void,
}

/// One order's share of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Allocation {
    /// How it is paid.
    pub method: Method,
    /// How much.
    pub amount_vnd: Vnd,
    /// How far it is.
    pub status: AllocationStatus,
}
