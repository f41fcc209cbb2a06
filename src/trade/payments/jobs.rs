//! News of payments.

use serde::{Deserialize, Serialize};

use crate::kernel::{OrderId, RefundId};
use crate::platform::jobs::Job;

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
