//! Money: whole đồng, checked arithmetic, one way to round.
//!
//! The đồng has no minor unit, so amounts are integers everywhere: in Rust, in JSON and in the database (`bigint`).
//! There are no operators: every sum says what happens when it does not fit.

use std::{cmp::Reverse, fmt};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Invalid;

/// The largest integer that every JSON reader keeps exactly (RFC 8259 §6): 2⁵³ − 1.
const JSON_SAFE: i64 = 9_007_199_254_740_991;

/// The highest price anybody may ask, in đồng: far above any OCOP product, far below overflow of any sum.
const HIGHEST_PRICE: i64 = 100_000_000_000;

/// The whole, in basis points.
const WHOLE: i64 = 10_000;

/// An amount in đồng; negative amounts are reversals and differences. Prices typed by people are [`Price`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, sqlx::Type, ToSchema,
)]
#[serde(try_from = "i64")]
#[sqlx(transparent)]
#[schema(value_type = i64, minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64, example = 185_000)]
pub struct Vnd(i64);

impl Vnd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of whole đồng.
    pub const fn new(dong: i64) -> Self {
        Self(dong)
    }

    /// The amount in đồng.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, unless it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount, unless it does not fit.
    pub fn checked_mul(self, quantity: impl Into<i64>) -> Option<Self> {
        self.0.checked_mul(quantity.into()).map(Self)
    }

    /// The sum of all amounts (nothing for none), unless it does not fit on the way.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Shares the amount out by weight, one part per weight, by the largest remainder.
    ///
    /// The parts sum exactly to the whole, and each lies within one đồng of its exact share. What is left after rounding
    /// down goes đồng by đồng to the largest remainders, the earlier first among equals. A weight of zero gets nothing,
    /// unless all are zero: then everybody gets an equal share. A negative amount splits as the mirror of the positive
    /// one, so the split of a reversal takes back exactly what was given. Without weights there are no parts.
    pub fn split(self, weights: &[u64]) -> Vec<Self> {
        if weights.iter().any(|&weight| weight > 0) {
            self.split_by(weights)
        } else {
            self.split_by(&vec![1; weights.len()])
        }
    }

    /// What `take` of the `quantity` units that make up the amount are worth, after `taken_before` were taken: of the
    /// parts of [`Self::split`] by equal weights, those numbered `taken_before + 1` to `taken_before + take`.
    ///
    /// However the units are taken, one by one or all at once, together they are exactly the whole, and what was taken
    /// is never shared out anew. Without units, with a negative number, or beyond the last unit, there is no answer.
    pub fn of_units(self, quantity: i32, taken_before: i32, take: i32) -> Option<Self> {
        let upto = taken_before.checked_add(take).filter(|&upto| taken_before >= 0 && take >= 0 && upto <= quantity)?;
        let (whole, units) = (i128::from(self.0).abs(), i128::from(quantity));
        let (each, odd) = (whole.checked_div(units)?, whole.checked_rem(units)?);
        let first = |units: i32| i128::from(units) * each + i128::from(units).min(odd);
        i64::try_from((first(upto) - first(taken_before)) * i128::from(self.0.signum())).ok().map(Self)
    }

    /// [`Self::split`], given that some weight is positive or there are none.
    fn split_by(self, weights: &[u64]) -> Vec<Self> {
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        // Below 2⁶³ · 2⁶⁴, so it fits.
        let whole = i128::from(self.0).abs();
        let shares = weights.iter().map(|&weight| whole * i128::from(weight));
        let (mut parts, remainders): (Vec<i128>, Vec<i128>) =
            shares.map(|share| (share / total, share % total)).unzip();

        let left = whole - parts.iter().sum::<i128>();
        let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
        by_remainder.sort_by_key(|&part| Reverse(remainders[part]));
        for (part, _) in by_remainder.into_iter().zip(0..left) {
            parts[part] += 1;
        }
        let sign = i128::from(self.0.signum());
        // No part exceeds the whole, so each fits.
        parts.into_iter().map(|part| Self(i64::try_from(part * sign).unwrap_or(self.0))).collect()
    }
}

impl TryFrom<i64> for Vnd {
    type Error = Invalid;

    fn try_from(dong: i64) -> Result<Self, Invalid> {
        if (-JSON_SAFE..=JSON_SAFE).contains(&dong) {
            Ok(Self(dong))
        } else {
            Err(Invalid {
                vi: "phải là số tiền nguyên theo đồng, không quá 2^53 − 1",
                en: "must be a whole amount in đồng of at most 2^53 − 1",
            })
        }
    }
}

/// As people in Viet Nam write it: `1.234.567 ₫`.
impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3 + 6);
        if self.0 < 0 {
            text.push('-');
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        text.push_str(" ₫");
        f.pad(&text)
    }
}

/// An amount somebody asks for: from nothing to a hundred thousand million đồng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "i64")]
#[sqlx(transparent)]
#[schema(value_type = i64, minimum = 0, maximum = 100_000_000_000_i64, example = 185_000)]
pub struct Price(i64);

impl Price {
    /// The price as an amount to count with.
    pub const fn vnd(self) -> Vnd {
        Vnd(self.0)
    }
}

impl TryFrom<i64> for Price {
    type Error = Invalid;

    fn try_from(dong: i64) -> Result<Self, Invalid> {
        if (0..=HIGHEST_PRICE).contains(&dong) {
            Ok(Self(dong))
        } else {
            Err(Invalid {
                vi: "phải là giá nguyên theo đồng, từ 0 đến 100.000.000.000",
                en: "must be a whole price in đồng between 0 and 100,000,000,000",
            })
        }
    }
}

impl From<Price> for Vnd {
    fn from(price: Price) -> Self {
        price.vnd()
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.vnd().fmt(f)
    }
}

/// A share of an amount in basis points, from 0 to 10 000 (a hundred percent): tax rates, fees, discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "i32")]
#[sqlx(transparent)]
#[schema(value_type = i32, minimum = 0, maximum = 10_000, example = 150)]
pub struct Rate(i32);

impl Rate {
    /// The rate in basis points.
    pub const fn basis_points(self) -> i32 {
        self.0
    }

    /// This share of the amount, rounded half up: the one place where the project rounds money.
    ///
    /// Halves round away from zero, so what a sale charges, its reversal gives back. Exact for every amount: the
    /// amount's ten-thousands divide evenly, and only the rest (below ten thousand đồng) is rounded.
    #[must_use]
    pub fn of(self, amount: Vnd) -> Vnd {
        let rate = i64::from(self.0);
        let (even, rest) = (amount.0 / WHOLE, amount.0 % WHOLE);
        let half = WHOLE / 2 * rest.signum();
        Vnd(even * rate + (rest * rate + half) / WHOLE)
    }
}

impl TryFrom<i32> for Rate {
    type Error = Invalid;

    fn try_from(basis_points: i32) -> Result<Self, Invalid> {
        if (0..=10_000).contains(&basis_points) {
            Ok(Self(basis_points))
        } else {
            Err(Invalid {
                vi: "phải là tỷ lệ theo phần vạn, từ 0 đến 10000",
                en: "must be a rate in basis points between 0 and 10000",
            })
        }
    }
}

/// As a percentage, without needless zeros: `1.5 %`, `10 %`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percent, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{percent} %"),
            _ if rest % 10 == 0 => write!(f, "{percent}.{} %", rest / 10),
            _ => write!(f, "{percent}.{rest:02} %"),
        }
    }
}
