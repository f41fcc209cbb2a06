//! The clock and the days of Viet Nam.

use chrono::{DateTime, TimeDelta};
use ocop_market::kernel::{
    Clock,
    clock::{day_of, start_of_day},
};
use proptest::prelude::*;

use super::{at, day};

#[test]
fn a_manual_clock_and_its_clones_move_together() {
    let clock = Clock::manual(at("2026-11-21T16:59:59.123456789Z"));
    let clone = clock.clone();
    assert_eq!(clone.now(), at("2026-11-21T16:59:59.123456Z"), "to the microsecond");
    assert_eq!(clone.today(), day("2026-11-21"));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(clone.today(), day("2026-11-22"), "midnight in Viet Nam");
}

#[test]
fn the_system_clock_goes_and_keeps_to_microseconds() {
    let clock = Clock::system();
    let (earlier, later) = (clock.now(), clock.now());
    assert!(earlier <= later && earlier > at("2026-01-01T00:00:00Z"));
    assert_eq!(later.timestamp_subsec_nanos() % 1_000, 0);
}

#[test]
#[should_panic(expected = "cannot be advanced")]
fn nobody_moves_the_system_clock() {
    Clock::system().advance(TimeDelta::seconds(1));
}

#[test]
fn a_day_begins_at_seventeen_hours_of_the_day_before() {
    assert_eq!(start_of_day(day("2026-02-17")), at("2026-02-16T17:00:00Z"));
    assert_eq!(day_of(at("2026-02-16T16:59:59.999999Z")), day("2026-02-16"));
}

proptest! {
    #[test]
    fn every_instant_lies_within_its_day(seconds in 0_i64..4_000_000_000) {
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let start = start_of_day(day_of(instant));
        prop_assert!(start <= instant && instant < start + TimeDelta::days(1));
    }
}
