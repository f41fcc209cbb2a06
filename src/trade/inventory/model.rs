//! What there is of a variant, and what is missing.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Invalid, OrderId, VariantId};
use crate::platform::error::{Error, Problem, Result};

/// Less is available than somebody wants to buy. The fact `lines` says of what, and what is left.
pub const SOLD_OUT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "sold-out",
    vi: "Không còn đủ hàng",
    en: "Not enough is left in stock",
};

/// Fewer were counted than unpaid orders hold. The fact `held` says how many those are.
pub const STOCK_HELD: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "stock-held",
    vi: "Số lượng ít hơn số đang giữ cho các đơn chờ thanh toán; xin hủy bớt đơn trước",
    en: "That is less than is held for orders awaiting payment; please cancel some of them first",
};

/// How many of a variant a shop has: up to a million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(value_type = i32, minimum = 0, maximum = 1_000_000, example = 25)]
pub struct OnHand(i32);

impl OnHand {
    const MOST: i32 = 1_000_000;

    /// The number of pieces.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i64> for OnHand {
    type Error = Invalid;

    fn try_from(pieces: i64) -> Result<Self, Invalid> {
        i32::try_from(pieces).ok().filter(|pieces| (0..=Self::MOST).contains(pieces)).map(Self).ok_or(Invalid {
            vi: "phải là số nguyên từ 0 đến 1.000.000",
            en: "must be a whole number between 0 and 1,000,000",
        })
    }
}

/// What there is of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level {
    /// What lies in the shop.
    pub on_hand: i32,
    /// Of that, what unpaid orders hold.
    pub held: i32,
    /// The shop wants a letter when no more than this is available.
    pub notice_at: Option<i32>,
    /// It was written since the shop last counted more.
    pub noticed: bool,
}

impl Level {
    /// What can be bought.
    pub const fn available(self) -> i32 {
        self.on_hand - self.held
    }

    /// Whether so few are available that the shop wants to know.
    pub fn is_low(self) -> bool {
        self.notice_at.is_some_and(|notice_at| self.available() <= notice_at)
    }

    /// What there is after a change of both.
    #[must_use]
    pub const fn after(self, (on_hand, held): (i32, i32)) -> Self {
        Self { on_hand: self.on_hand + on_hand, held: self.held + held, ..self }
    }
}

/// What one line of an order takes, holds or gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taking {
    /// For which order.
    pub order: OrderId,
    /// Of what.
    pub variant: VariantId,
    /// How many; positive.
    pub quantity: i32,
}

/// Why stock changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Movement {
    /// The shop counted.
    Set,
    /// An order that is paid in advance holds it.
    Hold,
    /// … and was cancelled before it was paid.
    HoldReleased,
    /// An order took it: at placement when paid in cash, else with the payment.
    Sale,
    /// A cancelled order gives it back.
    ReturnOfCancelled,
    /// A parcel that nobody took came back.
    ReturnOfRefused,
}

/// What an order does to the stock of each of its variants.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// Why.
    pub movement: Movement,
    /// What becomes of what is on hand with each piece.
    pub on_hand: i32,
    /// What becomes of what is held with each piece.
    pub held: i32,
}

impl Change {
    /// An order paid in cash takes at once.
    pub const TAKE: Self = Self { movement: Movement::Sale, on_hand: -1, held: 0 };
    /// An order to be paid in advance holds.
    pub const HOLD: Self = Self { movement: Movement::Hold, on_hand: 0, held: 1 };
    /// … takes what it holds.
    pub const SELL: Self = Self { movement: Movement::Sale, on_hand: -1, held: -1 };
    /// … or lets go of it.
    pub const RELEASE: Self = Self { movement: Movement::HoldReleased, on_hand: 0, held: -1 };
    /// A cancelled order gives back what it took.
    pub const CANCEL: Self = Self { movement: Movement::ReturnOfCancelled, on_hand: 1, held: 0 };
    /// A refused parcel is in the shop again.
    pub const REFUSE: Self = Self { movement: Movement::ReturnOfRefused, on_hand: 1, held: 0 };

    /// What so many pieces change: of what is on hand, and of what is held.
    pub const fn of(self, quantity: i32) -> (i32, i32) {
        (self.on_hand * quantity, self.held * quantity)
    }
}

/// A variant of which less is left than wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Shortage {
    /// Of what.
    variant_id: VariantId,
    /// How many are wanted.
    wanted: i32,
    /// How many there are.
    left: i32,
}

/// Refuses with [`SOLD_OUT`], naming each line, unless of everything at least as much is available as `wanted`. Of a
/// variant nobody ever counted there is none.
pub fn require(levels: &BTreeMap<VariantId, Level>, wanted: impl IntoIterator<Item = (VariantId, i32)>) -> Result<()> {
    let left = |variant: &VariantId| levels.get(variant).copied().unwrap_or_default().available();
    let short: Vec<Shortage> = wanted
        .into_iter()
        .map(|(variant_id, wanted)| Shortage { variant_id, wanted, left: left(&variant_id) })
        .filter(|line| line.left < line.wanted)
        .collect();
    if short.is_empty() { Ok(()) } else { Err(Error::from(&SOLD_OUT).fact("lines", serde_json::to_value(short)?)) }
}
