//! Amounts on hand, and what is missing.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Invalid, OrderId, VariantId};
use crate::platform::error::{Error, Problem, Result};

/// Less is on hand than somebody wants to buy. The fact `lines` says of what, and what is left.
pub const SOLD_OUT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "sold-out",
    vi: "Không còn đủ hàng",
    en: "Not enough is left in stock",
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

/// What one line of an order takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taking {
    /// For which order.
    pub order: OrderId,
    /// Of what.
    pub variant: VariantId,
    /// How many; positive.
    pub quantity: i32,
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

/// Refuses with [`SOLD_OUT`], naming each line, unless of everything at least as much is `left` as `wanted`. Of a variant
/// nobody ever counted there is none.
pub fn require(left: &BTreeMap<VariantId, i32>, wanted: impl IntoIterator<Item = (VariantId, i32)>) -> Result<()> {
    let short: Vec<Shortage> = wanted
        .into_iter()
        .map(|(variant_id, wanted)| Shortage { variant_id, wanted, left: left.get(&variant_id).copied().unwrap_or(0) })
        .filter(|line| line.left < line.wanted)
        .collect();
    if short.is_empty() { Ok(()) } else { Err(Error::from(&SOLD_OUT).fact("lines", serde_json::to_value(short)?)) }
}
