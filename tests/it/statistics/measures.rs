//! Percentiles, shares, concentration, months.

use ocop_market::front::statistics::{herfindahl, percentile, share};
use ocop_market::kernel::Month;
use proptest::prelude::*;

#[test]
fn percentiles_are_values_that_occurred() {
    let ten: Vec<i64> = (1..=10).collect();
    assert_eq!([50, 90, 100, 1].map(|percent| percentile(&ten, percent)), [Some(5), Some(9), Some(10), Some(1)]);
    let three = [10, 20, 90];
    assert_eq!([50, 90].map(|percent| percentile(&three, percent)), [Some(20), Some(90)]);
    assert_eq!(percentile(&[7], 50), Some(7));
    assert_eq!(percentile(&[], 50), None);
}

#[test]
fn shares_are_rounded_half_up() {
    assert_eq!(share(1, 3), Some(3_333));
    assert_eq!(share(2, 3), Some(6_667));
    assert_eq!(share(1, 20_000), Some(1), "half a basis point");
    assert_eq!(share(1, 20_001), Some(0));
    assert_eq!((share(5, 5), share(0, 5), share(0, 0)), (Some(10_000), Some(0), None));
    assert_eq!(share(i64::MAX, i64::MAX), Some(10_000));
}

#[test]
fn the_index_of_known_distributions_is_known() {
    assert_eq!(herfindahl(&[42]), Some(10_000));
    assert_eq!(herfindahl(&[0, 42, 0]), Some(10_000));
    assert_eq!(herfindahl(&[5, 5]), Some(5_000));
    assert_eq!(herfindahl(&[1; 34]), Some(294), "all provinces alike: 10,000 ÷ 34");
    // 50 %, 30 %, 20 %: 2,500 + 900 + 400.
    assert_eq!(herfindahl(&[50, 30, 20]), Some(3_800));
    assert_eq!(herfindahl(&[]), None);
    assert_eq!(herfindahl(&[0, 0]), None);
    assert_eq!(herfindahl(&[u64::MAX, u64::MAX]), None, "more than whole numbers hold");
}

#[test]
fn a_month_is_a_month_of_the_calendar() {
    let read = |typed: &str| Month::try_from(typed.to_owned());
    let february = read("2028-02").unwrap();
    assert_eq!(february.first_day().to_string(), "2028-02-01");
    assert_eq!(String::from(february.next()), "2028-03");
    assert_eq!(read("2026-12").unwrap().next(), read("2027-01").unwrap());
    for wrong in ["2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "1999-11", "", "+026-11"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn the_index_lies_between_even_and_all_in_one_place(amounts in prop::collection::vec(0..1_u64 << 50, 1..34)) {
        let places = amounts.iter().filter(|amount| **amount > 0).count();
        let index = herfindahl(&amounts);
        prop_assert_eq!(index.is_some(), places > 0);
        if let Some(index) = index {
            let even = 10_000.0 / f64::from(u32::try_from(places).unwrap());
            #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
            let index = index as f64;
            prop_assert!((even - 0.5..=10_000.0).contains(&index), "{index} of {places} places");
        }
    }

    #[test]
    fn the_order_of_places_does_not_matter(mut amounts in prop::collection::vec(0..1_u64 << 50, 1..34)) {
        let index = herfindahl(&amounts);
        amounts.reverse();
        amounts.push(0);
        prop_assert_eq!(herfindahl(&amounts), index);
    }

    #[test]
    fn a_percentile_splits_the_values(mut values in prop::collection::vec(any::<i64>(), 1..50), percent in 1..=100_usize) {
        values.sort_unstable();
        let value = percentile(&values, percent).unwrap();
        let at_or_below = values.iter().filter(|other| **other <= value).count();
        let below = values.iter().filter(|other| **other < value).count();
        prop_assert!(at_or_below * 100 >= percent * values.len());
        prop_assert!(below * 100 < percent * values.len());
    }
}
