//! What is wanted back, why, and where that stands.

mod life;
mod wish;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{AccountId, ListingId, OrderId, OrderLineId, RefundId, ReturnId, SellerId, VariantId, Vnd};

pub use life::{Answer, Next, RETURN_MOVED_ON, ReturnStatus, Step};
pub use wish::{Deadlines, NOT_RETURNABLE, Policy, Wanted, require_returnable};

/// Why a buyer wants to give something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReturnReason)]
pub enum Reason {
    /// The goods are not as the listing describes them.
    NotAsDescribed,
    /// They arrived damaged.
    Damaged,
    /// Something else arrived.
    WrongItem,
    /// They were not in the parcel.
    Missing,
    /// They are spoiled, or past their date.
    Spoiled,
    /// The buyer does not want them any more.
    ChangedMind,
}

impl Reason {
    /// Every reason, as published.
    pub const ALL: [Self; 6] =
        [Self::NotAsDescribed, Self::Damaged, Self::WrongItem, Self::Missing, Self::Spoiled, Self::ChangedMind];

    /// Whether the goods are at fault: then they are always taken back, at the shop's cost, and the shipping of what
    /// is returned is refunded with them (Law 19/2023/QH15 on the protection of consumers' rights).
    pub const fn is_fault(self) -> bool {
        !matches!(self, Self::ChangedMind)
    }

    /// Whether there is anything to send back.
    pub const fn can_come_back(self) -> bool {
        !matches!(self, Self::Missing)
    }

    /// In words, Vietnamese and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotAsDescribed => ("Hàng không đúng mô tả", "The goods are not as described"),
            Self::Damaged => ("Hàng bị hỏng, vỡ", "The goods arrived damaged"),
            Self::WrongItem => ("Giao nhầm hàng", "Something else was delivered"),
            Self::Missing => ("Thiếu hàng trong kiện", "Goods are missing from the parcel"),
            Self::Spoiled => ("Hàng hư hỏng hoặc quá hạn dùng", "The goods are spoiled or past their date"),
            Self::ChangedMind => ("Không còn nhu cầu", "The buyer has changed their mind"),
        }
    }
}

/// One side of a return, or the time that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReturnSide)]
pub enum Side {
    /// Who bought.
    Buyer,
    /// The shop.
    Seller,
    /// Nobody: the shop let its time pass.
    System,
}

/// A return under its row's lock, or read with everything both sides may know.
#[derive(Debug, Clone)]
pub struct Return {
    pub id: ReturnId,
    pub order: OrderId,
    pub order_number: String,
    pub seller: SellerId,
    pub seller_name: String,
    /// Who wants it; nobody's business but the app's.
    pub account: AccountId,
    /// The name the buyer shows to others.
    pub buyer_name: String,
    pub reason: Reason,
    pub words: String,
    pub status: ReturnStatus,
    pub opened_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub goods_back: Option<bool>,
    pub answer: Option<Answer>,
    pub answer_words: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub carrier: Option<String>,
    pub tracking_code: Option<String>,
    pub postage: Option<Vnd>,
    pub sent_at: Option<DateTime<Utc>>,
    pub received_at: Option<DateTime<Utc>>,
    pub disputed_by: Option<Side>,
    pub dispute_words: Option<String>,
    pub disputed_at: Option<DateTime<Utc>>,
    pub result: Option<String>,
    pub reason_codes: Vec<String>,
    pub refund: Option<RefundId>,
    pub refunded: Option<Vnd>,
    pub closed_at: Option<DateTime<Utc>>,
}

impl Return {
    /// What the step leads to, or [`RETURN_MOVED_ON`].
    pub fn after(&self, step: Step) -> crate::platform::error::Result<Next> {
        self.status.after(step, self.reason, self.sent_at.is_some())
    }

    /// Whether the next act is late and nobody has dealt with that.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.due_at.is_some_and(|due| due <= now)
    }
}

/// A line of a return.
#[derive(Debug, Clone)]
pub struct ReturnLine {
    pub line: OrderLineId,
    pub variant: VariantId,
    pub listing: ListingId,
    pub title: String,
    pub variant_name: String,
    /// What the order has of it.
    pub bought: i32,
    /// Units of it refunded so far, by whatever return.
    pub returned: i32,
    pub asked: i32,
    pub granted: Option<i32>,
    pub restocked: Option<bool>,
}
