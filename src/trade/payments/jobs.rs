//! News of payments, and what they do later.

use serde::{Deserialize, Serialize};

use crate::kernel::{AttemptId, OrderId, RefundId};
use crate::platform::jobs::Job;

pub use super::asking::{query_attempt, recheck_attempt, send_refund};
pub use super::letters::refund_arrived;

/// An order's share was paid in advance.
#[derive(Debug, Serialize, Deserialize)]
pub struct Paid {
    /// Which order.
    pub order: OrderId,
}

impl Job for Paid {
    const KIND: &'static str = "payments.paid";
}

/// A buyer has money of an order back.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefundArrived {
    /// Which refund.
    pub refund: RefundId,
}

impl Job for RefundArrived {
    const KIND: &'static str = "payments.refund_arrived";
}

/// The time in which a shop must give money back is over; most often it has.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShopRefundLate {
    /// Which refund.
    pub refund: RefundId,
}

impl Job for ShopRefundLate {
    const KIND: &'static str = "payments.shop_refund_late";
}

/// The result of a try to pay is to be asked for; most often it is known by then.
#[derive(Debug, Serialize, Deserialize)]
pub struct QueryAttempt {
    /// Which try.
    pub attempt: AttemptId,
}

impl Job for QueryAttempt {
    const KIND: &'static str = "payments.query_attempt";
}

/// A message too old to be believed tells of money for a try that counts as failed.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecheckAttempt {
    /// Which try.
    pub attempt: AttemptId,
}

impl Job for RecheckAttempt {
    const KIND: &'static str = "payments.recheck_attempt";
}

/// A gateway is to give money back.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendRefund {
    /// Which refund.
    pub refund: RefundId,
}

impl Job for SendRefund {
    const KIND: &'static str = "payments.send_refund";
}
