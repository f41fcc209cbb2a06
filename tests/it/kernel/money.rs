//! Money: what may be asked, how it is shown, shared and split.

use ocop_market::kernel::{Price, Rate, Vnd};
use proptest::prelude::*;
use serde_json::json;

use super::read;

fn rate(basis_points: i32) -> Rate {
    Rate::try_from(basis_points).unwrap()
}

fn split(whole: i64, weights: &[u64]) -> Vec<i64> {
    Vnd::new(whole).split(weights).into_iter().map(Vnd::get).collect()
}

#[test]
fn amounts_are_shown_with_dots_and_the_sign_of_the_dong() {
    let shown = [0, 7, 999, 1_000, 1_234_567, -1_234_567].map(|dong| Vnd::new(dong).to_string());
    assert_eq!(shown, ["0 ₫", "7 ₫", "999 ₫", "1.000 ₫", "1.234.567 ₫", "-1.234.567 ₫"]);
    assert_eq!(Vnd::new(i64::MIN).to_string(), "-9.223.372.036.854.775.808 ₫");
}

#[test]
fn amounts_are_json_integers_and_nothing_else() {
    assert_eq!(serde_json::to_value(Vnd::new(185_000)).unwrap(), json!(185_000));
    assert_eq!(read(json!(-185_000)), Ok(Vnd::new(-185_000)));
    for wrong in [json!(1.0), json!("1000"), json!(null), json!(true)] {
        assert!(read::<Vnd>(wrong.clone()).is_err(), "{wrong}");
        assert!(read::<Price>(wrong.clone()).is_err(), "{wrong}");
    }
    assert_eq!(read(json!(9_007_199_254_740_991_i64)), Ok(Vnd::new(9_007_199_254_740_991)));
    assert!(read::<Vnd>(json!(9_007_199_254_740_992_i64)).unwrap_err().contains("must be a whole amount"));
}

#[test]
fn a_price_is_neither_negative_nor_absurd() {
    assert_eq!(read::<Price>(json!(0)).unwrap().vnd(), Vnd::ZERO);
    assert_eq!(Vnd::from(read::<Price>(json!(100_000_000_000_i64)).unwrap()), Vnd::new(100_000_000_000));
    for wrong in [-1, 100_000_000_001_i64] {
        assert!(read::<Price>(json!(wrong)).unwrap_err().contains("must be a whole price"));
    }
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let most = Vnd::new(i64::MAX);
    assert_eq!(most.checked_add(Vnd::new(1)), None);
    assert_eq!(Vnd::new(i64::MIN).checked_sub(Vnd::new(1)), None);
    assert_eq!(most.checked_mul(2_u32), None);
    assert_eq!(Vnd::checked_sum([most, Vnd::new(1), Vnd::new(-1)]), None);
    assert_eq!(Vnd::checked_sum([]), Some(Vnd::ZERO));
    assert_eq!(Vnd::new(185_000).checked_mul(3_i64), Some(Vnd::new(555_000)));
}

#[test]
fn a_share_rounds_half_up_and_its_reversal_alike() {
    let cases = [(150, 100, 2), (150, 99, 1), (150, 33, 0), (50, 100, 1), (50, 99, 0), (10_000, 7, 7), (0, 7, 0)];
    for (basis_points, amount, share) in cases {
        assert_eq!(rate(basis_points).of(Vnd::new(amount)), Vnd::new(share), "{basis_points} of {amount}");
        assert_eq!(rate(basis_points).of(Vnd::new(-amount)), Vnd::new(-share), "{basis_points} of -{amount}");
    }
    assert_eq!(rate(10_000).of(Vnd::new(i64::MIN)), Vnd::new(i64::MIN));
}

#[test]
fn a_rate_lies_between_nothing_and_the_whole() {
    assert_eq!(read::<Rate>(json!(150)).unwrap().basis_points(), 150);
    assert!(read::<Rate>(json!(10_001)).unwrap_err().contains("must be a rate"));
    assert!(read::<Rate>(json!(-1)).is_err());
    assert_eq!([0, 5, 150, 155, 10_000].map(|it| rate(it).to_string()), ["0 %", "0.05 %", "1.5 %", "1.55 %", "100 %"]);
}

#[test]
fn a_split_gives_the_odd_dong_to_the_largest_remainder_then_to_the_earlier() {
    assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]);
    assert_eq!(split(5, &[0, 0, 0]), [2, 2, 1]);
    assert_eq!(split(5, &[0, 1]), [0, 5]);
    assert_eq!(split(i64::MIN, &[u64::MAX]), [i64::MIN]);
    assert_eq!(split(5, &[]), [0_i64; 0]);
}

#[test]
fn the_first_units_bear_the_odd_dong() {
    let units = |before, take| Vnd::new(100_001).of_units(3, before, take).map(Vnd::get);
    assert_eq!([units(0, 1), units(1, 1), units(2, 1)], [Some(33_334), Some(33_334), Some(33_333)]);
    assert_eq!([units(0, 3), units(1, 2), units(3, 0)], [Some(100_001), Some(66_667), Some(0)]);
    assert_eq!([units(0, 4), units(3, 1), units(-1, 2), units(1, -1)], [None; 4]);
    assert_eq!(Vnd::new(5).of_units(0, 0, 0), None);
    assert_eq!(Vnd::new(-100_001).of_units(3, 0, 2), Some(Vnd::new(-66_668)));
    assert_eq!(Vnd::new(i64::MIN).of_units(1, 0, 1), Some(Vnd::new(i64::MIN)));
}

proptest! {
    #[test]
    fn a_share_is_the_exact_one_rounded(amount: i64, basis_points in 0..=10_000_i32) {
        let exact = i128::from(amount) * i128::from(basis_points);
        let rounded = i128::from(rate(basis_points).of(Vnd::new(amount)).get());
        prop_assert!((rounded * 10_000 - exact).abs() <= 5_000);
        let half = exact.rem_euclid(10_000) == 5_000;
        prop_assert!(!half || rounded.abs() * 10_000 > exact.abs());
    }

    #[test]
    fn parts_sum_to_the_whole_and_lie_within_one_dong_of_their_share(
        whole: i64,
        weights in prop::collection::vec(0..=1_000_000_u64, 1..40),
    ) {
        let parts = split(whole, &weights);
        prop_assert_eq!(parts.iter().copied().map(i128::from).sum::<i128>(), i128::from(whole));
        let total: u64 = weights.iter().sum();
        if total > 0 {
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(*part) * i128::from(total) - i128::from(whole) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(total));
                prop_assert!(*weight > 0 || *part == 0);
            }
        }
    }

    #[test]
    fn a_split_holds_for_the_largest_weights(whole: i64, weights in prop::collection::vec(any::<u64>(), 1..5)) {
        let parts = split(whole, &weights);
        prop_assert_eq!(parts.into_iter().map(i128::from).sum::<i128>(), i128::from(whole));
    }

    #[test]
    fn units_are_worth_what_a_split_gives_them_however_they_are_taken(
        whole: i64,
        takes in prop::collection::vec(0..=40_i32, 1..12),
    ) {
        let quantity: i32 = takes.iter().sum();
        prop_assume!(quantity > 0);
        let parts = split(whole, &vec![1; usize::try_from(quantity).unwrap()]);
        let mut before = 0;
        for take in takes {
            let taken = Vnd::new(whole).of_units(quantity, before, take).unwrap();
            let meant = &parts[usize::try_from(before).unwrap()..usize::try_from(before + take).unwrap()];
            prop_assert_eq!(taken.get(), meant.iter().sum::<i64>());
            before += take;
        }
        prop_assert_eq!(Vnd::new(whole).of_units(quantity, 0, quantity), Some(Vnd::new(whole)));
        prop_assert_eq!(Vnd::new(whole).of_units(quantity, before, 1), None);
    }

    #[test]
    fn amounts_shown_read_back(dong: i64) {
        let digits = Vnd::new(dong).to_string().replace(['.', ' ', '₫'], "");
        prop_assert_eq!(digits.parse::<i64>().unwrap(), dong);
    }
}
