//! The rules by themselves: what a voucher takes off which line, who bears it, and how its code is read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_market::kernel::{VariantId, Vnd};
use ocop_market::trade::vouchers::{Counts, Issuer, Limits, LineFacts, Promise, Scope, Voucher, VoucherCode, apply};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::support::{LAI_CHAU, start};

fn id<T: From<uuid::Uuid>>(number: u128) -> T {
    uuid::Uuid::from_u128(number).into()
}

/// A voucher of that day without limits.
fn voucher(number: u128, issuer: Issuer, bearers: [i32; 3], discount: Value) -> Voucher {
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let [platform, province, shop] = bearers;
    Voucher {
        id: id(number),
        promise: Promise {
            code: read(json!(format!("MA-{number}"))),
            title_vi: "Giảm giá".to_owned(),
            title_en: None,
            issuer,
            bearers: read(json!({ "platform_bps": platform, "province_bps": province, "shop_bps": shop })),
            discount: read(discount),
            minimum_vnd: Vnd::ZERO,
            scope: Scope::default(),
            valid_from: day,
            valid_to: day,
            limits: Limits::default(),
        },
        uses: 0,
        spent_vnd: Vnd::ZERO,
        created_at: start(),
        ended_at: None,
        participants: Vec::new(),
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn line(number: u128, seller: u128, amount: i64) -> LineFacts {
    LineFacts {
        variant: id(number),
        seller: id(seller),
        province: LAI_CHAU.to_owned(),
        set_no: read(json!(10)),
        amount: Vnd::new(amount),
    }
}

/// A percentage or an amount, of whatever size.
fn some_discount() -> impl Strategy<Value = Value> {
    prop_oneof![
        (1..=10_000_i32, 1..=2_000_000_i64)
            .prop_map(|(rate, cap)| json!({ "kind": "percent", "rate_bps": rate, "cap_vnd": cap })),
        (1..=2_000_000_i64).prop_map(|amount| json!({ "kind": "amount", "amount_vnd": amount })),
    ]
}

proptest! {
    #[test]
    fn every_part_sums_and_no_line_costs_less_than_nothing(
        amounts in prop::collection::vec((0..=3_u128, 0..=900_000_i64), 1..20),
        of_shops in prop::collection::vec(some_discount(), 4),
        on_top in some_discount(),
        province_bps in 1..=10_000_i32,
    ) {
        let lines: Vec<LineFacts> =
            amounts.iter().zip(1..).map(|((seller, amount), number)| line(number, *seller, *amount)).collect();
        let mut programme = voucher(1, Issuer::Province { code: LAI_CHAU.to_owned() },
                                    [0, province_bps, 10_000 - province_bps], on_top);
        programme.participants = (0..4).map(id).collect();
        let of_shops = (0..4_u128).zip(of_shops).map(|(seller, discount)| {
            voucher(100 + seller, Issuer::Shop { seller_id: id(seller) }, [0, 0, 10_000], discount)
        });
        // Those that find something to take off.
        let mut all: Vec<Voucher> = Vec::new();
        for each in of_shops.chain([programme.clone()]) {
            all.push(each);
            if apply(all.clone(), &Counts::default(), &lines, today()).is_err() {
                all.pop();
            }
        }
        let applied = apply(all, &Counts::default(), &lines, today()).unwrap();
        let mut left: BTreeMap<VariantId, i64> =
            lines.iter().map(|line| (line.variant, line.amount.get())).collect();
        for each in &applied {
            let found = each.lines.iter().map(|line| line.total().get());
            let promised = |goods: i64| if each.voucher_id == programme.id {
                programme.discount.of(Vnd::new(goods)).get()
            } else {
                found.clone().sum()
            };
            let goods: i64 = lines.iter()
                .filter(|line| each.issuer.seller().is_none_or(|seller| seller == line.seller))
                .map(|line| left[&line.variant]).sum();
            prop_assert_eq!(found.clone().sum::<i64>(), promised(goods));
            for line in &each.lines {
                prop_assert!(line.total() > Vnd::ZERO);
                let rest = left.get_mut(&line.variant_id).unwrap();
                *rest -= line.total().get();
                prop_assert!(*rest >= 0);
            }
        }
    }
}

#[test]
fn a_discount_is_shared_over_lines_and_bearers_by_the_largest_remainder() {
    let mut programme = voucher(
        1,
        Issuer::Province { code: LAI_CHAU.to_owned() },
        [0, 7_000, 3_000],
        json!({ "kind": "amount", "amount_vnd": 10_001 }),
    );
    let lines = [line(1, 7, 100_000), line(2, 7, 200_000), line(3, 8, 300_000)];
    let refused = apply(vec![programme.clone()], &Counts::default(), &lines, today()).unwrap_err();
    assert!(format!("{refused:?}").contains("voucher-not-applicable"), "no shop has agreed to bear anything");
    programme.participants = vec![id(7)];
    let applied = apply(vec![programme], &Counts::default(), &lines, today()).unwrap();
    let parts: Vec<[i64; 3]> = applied[0]
        .lines
        .iter()
        .map(|line| [line.by_platform_vnd, line.by_province_vnd, line.by_seller_vnd].map(Vnd::get))
        .collect();
    assert_eq!(parts, [[0, 2_334, 1_000], [0, 4_667, 2_000]]);
}

#[test]
fn a_shops_voucher_comes_first_and_the_other_takes_its_share_of_the_rest() {
    let shops = voucher(
        9,
        Issuer::Shop { seller_id: id(7) },
        [0, 0, 10_000],
        json!({ "kind": "amount", "amount_vnd": 50_000 }),
    );
    let platforms = voucher(
        1,
        Issuer::Platform,
        [10_000, 0, 0],
        json!({ "kind": "percent", "rate_bps": 1_000, "cap_vnd": 1_000_000 }),
    );
    let lines = [line(1, 7, 150_000), line(2, 8, 100_000)];
    let applied = apply(vec![platforms, shops], &Counts::default(), &lines, today()).unwrap();
    assert_eq!(applied.iter().map(|each| each.spent().unwrap().get()).collect::<Vec<_>>(), [50_000, 20_000]);
}

#[test]
fn a_code_reads_alike_however_it_is_typed() {
    let printed: VoucherCode = read(json!("Tết-2027"));
    for typed in ["TẾT 2027", "tet2027", "  TET–2027 ", "te\u{302}\u{301}t_2027"] {
        assert!(read::<VoucherCode>(json!(typed)).is(&printed), "{typed}");
    }
    assert!(!read::<VoucherCode>(json!("TET2028")).is(&printed));
    for wrong in ["", "T2", "--------", "茶茶茶茶", "A234567890123456789012345678901"] {
        assert!(serde_json::from_value::<VoucherCode>(json!(wrong)).is_err(), "{wrong}");
    }
}
