//! What a shop says of selling one variant: prices by quantity, and how many one buyer gets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Price;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// The most prices by quantity of a variant.
const MOST_BREAKS: usize = 10;

/// From so many on, one costs less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceBreak {
    /// From how many on.
    #[schema(minimum = 2, maximum = 999, example = 10)]
    pub from_quantity: i32,
    /// What one costs then.
    pub unit_price_vnd: Price,
}

/// The terms of a variant; by default one price, and no cap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SellingTerms, example = json!({
    "price_breaks": [{ "from_quantity": 10, "unit_price_vnd": 175_000 }, { "from_quantity": 50, "unit_price_vnd": 160_000 }],
    "per_order": 100,
    "per_period": 200,
    "period_days": 30
}))]
pub struct Terms {
    /// Prices by quantity: more pieces, a lower price. Where the variant's own price is lower, that one counts.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub price_breaks: Vec<PriceBreak>,
    /// How many of it one order may have.
    #[schema(minimum = 1)]
    pub per_order: Option<i32>,
    /// How many of it one buyer gets within the period.
    #[schema(minimum = 1)]
    pub per_period: Option<i32>,
    /// The period, in days up to now.
    #[schema(minimum = 1, maximum = 365)]
    pub period_days: Option<i32>,
}

impl Terms {
    /// Refuses prices that do not fall from `price` on, quantities that do not grow, and half a cap.
    pub fn check(&self, price: Price) -> Result<()> {
        if self.price_breaks.len() > MOST_BREAKS {
            return Err(Error::from(&INVALID).at("price_breaks", "không quá 10 / must be at most 10"));
        }
        let mut before = (1, price);
        for (at, step) in self.price_breaks.iter().enumerate() {
            if step.from_quantity <= before.0 || step.from_quantity > 999 {
                let why = "phải lớn hơn mức trước và không quá 999 / must be above the one before, and at most 999";
                return Err(Error::from(&INVALID).at(format!("price_breaks[{at}].from_quantity"), why));
            }
            if step.unit_price_vnd >= before.1 {
                let why = "phải thấp hơn giá của mức trước / must be below the price before";
                return Err(Error::from(&INVALID).at(format!("price_breaks[{at}].unit_price_vnd"), why));
            }
            before = (step.from_quantity, step.unit_price_vnd);
        }
        self.check_caps()
    }

    fn check_caps(&self) -> Result<()> {
        for (at, cap) in [("per_order", self.per_order), ("per_period", self.per_period)] {
            if cap.is_some_and(|most| most < 1) {
                return Err(Error::from(&INVALID).at(at, "phải lớn hơn 0 / must be more than nothing"));
            }
        }
        if self.period_days.is_some_and(|days| !(1..=365).contains(&days)) {
            return Err(Error::from(&INVALID).at("period_days", "phải từ 1 đến 365 / must be between 1 and 365"));
        }
        if self.per_period.is_some() != self.period_days.is_some() {
            let why = "phải đi cùng `per_period` / must be given with `per_period`, and only with it";
            return Err(Error::from(&INVALID).at("period_days", why));
        }
        Ok(())
    }
}
