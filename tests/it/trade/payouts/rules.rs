//! The rules by themselves: whose time is over, and what is left of an amount for its shop.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use ocop_market::calendar::Allowance;
use ocop_market::kernel::Vnd;
use ocop_market::trade::payouts::{PayoutRule, Split};

use crate::support::start;

#[test]
fn the_latest_start_is_the_last_whose_time_is_over() {
    let allowances =
        [Allowance::Minutes(15), Allowance::Hours(72), Allowance::WorkingDays(1), Allowance::WorkingDays(5)];
    let holidays = BTreeSet::from([NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()]);
    for allowance in allowances {
        for hours in 0..14 * 24 {
            let at = start() + TimeDelta::hours(hours);
            let latest = allowance.latest_start(at, &holidays);
            assert!(allowance.ends(latest, &holidays) <= at, "{allowance:?} {at}");
            assert!(allowance.ends(latest + TimeDelta::microseconds(1), &holidays) > at, "{allowance:?} {at}");
        }
    }
}

#[test]
fn the_shop_s_debt_goes_first_and_little_waits() {
    let rule = PayoutRule { minimum_vnd: Vnd::new(50_000), fee_vnd: Vnd::new(2_000) };
    let split = |gross, owed| {
        rule.split(Vnd::new(gross), Vnd::new(owed)).map(|split| {
            let Split { gross, offset, fee, amount } = split;
            assert_eq!(Vnd::checked_sum([offset, fee, amount]), Some(gross));
            (offset.get(), fee.get(), amount.get())
        })
    };
    assert_eq!(split(100_000, 0), Some((0, 2_000, 98_000)));
    assert_eq!(split(100_000, 30_000), Some((30_000, 2_000, 68_000)));
    assert_eq!(split(52_000, 0), Some((0, 2_000, 50_000)));
    assert_eq!(split(51_999, 0), None);
    assert_eq!(split(30_000, 40_000), Some((30_000, 0, 0)));
    assert_eq!(split(100_000, -5_000), Some((0, 2_000, 98_000)));
    assert_eq!(split(0, 0), None);
    assert_eq!(split(-1, 0), None);
}
