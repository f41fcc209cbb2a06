//! The measures: percentiles, shares, concentration. Whole numbers only, so that they come out the same everywhere.

/// The value at or below which at least `percent` of the sorted values lie (nearest rank); none of no values.
pub fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

/// A part of a whole in basis points, rounded half up; none of nothing.
pub fn share(part: i64, whole: i64) -> Option<i64> {
    let (part, whole) = (i128::from(part), i128::from(whole));
    let share = (whole > 0).then(|| (part * 20_000 + whole) / (whole * 2))?;
    i64::try_from(share).ok()
}

/// The Herfindahl–Hirschman index of what is distributed: the sum of the squared shares in percent, from 10,000 (all in
/// one place) down to 10,000 ÷ n (evenly over n), rounded half up. None if there is nothing to distribute, or more than
/// whole numbers hold.
pub fn herfindahl(amounts: &[u64]) -> Option<i64> {
    let total: u128 = amounts.iter().map(|amount| u128::from(*amount)).sum();
    let squares = amounts.iter().try_fold(0_u128, |sum, amount| sum.checked_add(u128::from(*amount).pow(2)))?;
    let whole = total.checked_mul(total).filter(|whole| *whole > 0)?;
    let index = squares.checked_mul(20_000)?.checked_add(whole)? / whole.checked_mul(2)?;
    i64::try_from(index).ok()
}
