//! How a payout is reckoned.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{OrderId, PayoutId, SellerId, Vnd};
use crate::trade::ledger::Provider;

/// How far a payout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PayoutStatus {
    /// On its way.
    Sending,
    /// The shop has it.
    Succeeded,
    /// It came back; its orders wait for another payout.
    Failed,
}

/// What a payout must come to, and what it costs the shop, by the row of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutRule {
    /// Less is not sent: it waits for more.
    pub minimum_vnd: Vnd,
    /// What the shop pays for being paid.
    pub fee_vnd: Vnd,
}

/// What becomes of the money of a payout's orders; the parts sum to `gross`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// What the orders bring.
    pub gross: Vnd,
    /// What of it pays for what the shop owes.
    pub offset: Vnd,
    /// What the payout costs.
    pub fee: Vnd,
    /// What is sent.
    pub amount: Vnd,
}

impl PayoutRule {
    /// Divides what a shop's orders bring, of which first goes what the shop owes. `None` if there is nothing, or so
    /// little left that it waits for more. What is all set off is not sent, and costs nothing.
    pub fn split(self, gross: Vnd, owed: Vnd) -> Option<Split> {
        if gross <= Vnd::ZERO {
            return None;
        }
        let offset = owed.clamp(Vnd::ZERO, gross);
        let left = gross.checked_sub(offset)?;
        if left == Vnd::ZERO {
            return Some(Split { gross, offset, fee: Vnd::ZERO, amount: Vnd::ZERO });
        }
        let amount = left.checked_sub(self.fee_vnd)?;
        (amount >= self.minimum_vnd).then_some(Split { gross, offset, fee: self.fee_vnd, amount })
    }
}

/// What a payout carries of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Which order.
    pub order: OrderId,
    /// How much; less than nothing where more had been paid out than is left.
    pub amount: Vnd,
}

/// A payout as it was made.
#[derive(Debug, Clone)]
pub struct Payout {
    pub id: PayoutId,
    pub seller: SellerId,
    pub provider: Provider,
    pub offset_vnd: Vnd,
    pub fee_vnd: Vnd,
    pub amount_vnd: Vnd,
    pub status: PayoutStatus,
    pub replaced_by: Option<PayoutId>,
}
