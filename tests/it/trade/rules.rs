//! The pure rules, for any input.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ocop_market::kernel::{ListingId, OrderId, SellerId, VariantId, Vnd};
use ocop_market::market::catalogue::offers::{Offer, Sale};
use ocop_market::market::sellers::SellerStatus;
use ocop_market::trade::orders::checkouts::{Quote, Wanted};
use ocop_market::trade::orders::{By, Order, OrderStatus, Step, Turn};
use ocop_market::trade::payments::Method;
use ocop_market::trade::shipping::{CarrierRule, Place, Rate, Reach, Tariff};
use proptest::prelude::*;

use crate::support::start;

fn place(province: &str, region: &str) -> Place {
    Place { province: province.to_owned(), region: region.to_owned() }
}

fn tariff() -> Tariff {
    let row = |reach, up_to_grams, price| Rate { reach, up_to_grams, price: Vnd::new(price), days_min: 1, days_max: 3 };
    Tariff {
        rates: vec![row(Reach::SameProvince, 50_000, 90_000), row(Reach::SameProvince, 2_000, 20_000)],
        rule: CarrierRule {
            divisor: 6_000,
            most_grams: 50_000,
            most_side_mm: 2_000,
            most_parcels: 10,
            most_cod: Vnd::new(50_000_000),
            most_insured: Vnd::new(5_000_000),
        },
        surcharge: None,
        terms: BTreeMap::new(),
    }
}

fn offer(seller: SellerId, price: i64, grams: i32) -> Offer {
    Offer {
        variant: VariantId::new(start()),
        listing: ListingId::new(start()),
        listing_slug: String::new(),
        seller,
        seller_slug: String::new(),
        seller_name: String::new(),
        seller_status: SellerStatus::Approved,
        seller_authenticated: true,
        closed_from: None,
        closed_to: None,
        province: "12".to_owned(),
        region: "north".to_owned(),
        title: String::new(),
        variant_name: String::new(),
        sku: String::new(),
        price: Vnd::new(price),
        break_quantities: Vec::new(),
        break_prices: Vec::new(),
        per_order: None,
        set_no: 10.try_into().unwrap(),
        grams: Some(grams),
        millimetres: None,
        for_sale: true,
        sale: Sale::Free,
        minimum_age: None,
        demo: false,
    }
}

#[test]
fn a_shop_is_open_when_approved_and_not_in_its_closed_season() {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let shop = offer(SellerId::new(start()), 1, 1);
    assert!(shop.is_seller_open(day(21)));
    assert!(!Offer { seller_status: SellerStatus::Suspended, ..shop.clone() }.is_seller_open(day(21)));
    let season = Offer { closed_from: Some(day(10)), closed_to: Some(day(20)), ..shop.clone() };
    assert_eq!([9, 10, 20, 21].map(|it| season.is_seller_open(day(it))), [true, false, false, true]);
    let for_good = Offer { closed_from: Some(day(10)), ..shop };
    assert_eq!([9, 10, 30].map(|it| for_good.is_seller_open(day(it))), [true, false, false]);
}

fn order() -> Order {
    Order {
        id: OrderId::new(start()),
        status: OrderStatus::Placed,
        method: Method::Cod,
        paid_at: None,
        accept_by: Some(start() + TimeDelta::hours(48)),
        ship_by: None,
        back_by: None,
        delivered_at: None,
        complete_at: None,
        closed_at: None,
        cancel_reason: None,
    }
}

/// Where each kind of person may turn an order, written out by hand.
fn may(from: OrderStatus, step: Step, by: By) -> bool {
    use OrderStatus::{Accepted, AwaitingPayment, Delivered, Packed, Placed, Returning, Shipped};
    match step {
        Step::Pay => by == By::Bank && from == AwaitingPayment,
        Step::Accept => by == By::Seller && from == Placed,
        Step::Pack => by == By::Seller && from == Accepted,
        Step::Ship => [By::Seller, By::Carrier].contains(&by) && from == Packed,
        Step::Deliver => [By::Buyer, By::Seller, By::Carrier].contains(&by) && from == Shipped,
        Step::Complete => by == By::System && from == Delivered,
        Step::Cancel => match by {
            By::Buyer => [AwaitingPayment, Placed, Accepted].contains(&from),
            By::Seller | By::Authority | By::System => [AwaitingPayment, Placed, Accepted, Packed].contains(&from),
            By::Carrier | By::Bank => false,
        },
        Step::Refuse => [By::Seller, By::Carrier].contains(&by) && from == Shipped,
        Step::Return => [By::Seller, By::Carrier, By::System].contains(&by) && from == Returning,
    }
}

#[test]
fn every_step_from_every_state_is_decided() {
    for status in OrderStatus::ALL {
        for step in Step::ALL {
            for by in By::ALL {
                let mut order = Order { status, ..order() };
                let taken = matches!(order.turn(step, by, start()), Ok(Turn::Taken));
                assert_eq!(taken, may(status, step, by), "{step:?} from {status:?} by {by:?}");
                assert_eq!(order.status != status, taken, "{step:?} from {status:?} by {by:?}");
            }
        }
    }
}

fn any_step() -> impl Strategy<Value = (Step, By)> {
    (prop::sample::select(Step::ALL.to_vec()), prop::sample::select(By::ALL.to_vec()))
}

#[test]
fn a_deadline_says_which_one_it_was() {
    use OrderStatus::{Accepted, AwaitingPayment, Packed, Placed};
    let reason = |status| {
        let mut order = Order { status, ..order() };
        order.turn(Step::Cancel, By::System, start()).unwrap();
        serde_json::to_value(order.cancel_reason).unwrap()
    };
    let reasons = [AwaitingPayment, Placed, Accepted, Packed].map(reason);
    assert_eq!(reasons, ["not_paid", "not_accepted", "not_shipped", "not_shipped"]);
}

proptest! {
    #[test]
    fn totals_are_the_sums_of_their_parts(
        lines in prop::collection::vec((0..5_usize, 0..=100_000_000_000_i64, 1..=400_i32, 1..=99_i32), 1..=50),
    ) {
        let sellers: Vec<SellerId> = (0..5).map(|_| SellerId::new(start())).collect();
        let wanted: Vec<Wanted> = lines
            .iter()
            .map(|&(seller, price, grams, quantity)| Wanted { offer: offer(sellers[seller], price, grams), quantity })
            .collect();
        // A parcel of 50 lines may weigh more than anybody carries.
        let Ok(quote) = Quote::of(&wanted, &tariff(), &place("12", "north")) else { return Ok(()) };
        let goods: i64 = lines.iter().map(|&(_, price, _, quantity)| price * i64::from(quantity)).sum();
        let parts: i64 = quote.parts.iter().map(|part| part.total_vnd.get()).sum();
        let shipping: i64 = quote.parts.iter().map(|part| part.shipping_vnd.get()).sum();
        prop_assert_eq!(quote.goods_vnd.get(), goods);
        prop_assert_eq!(quote.total_vnd.get(), parts);
        prop_assert_eq!(quote.total_vnd.get(), goods + shipping);
        for part in &quote.parts {
            let amounts: i64 = part.lines.iter().map(|line| line.amount_vnd.get()).sum();
            prop_assert_eq!(part.goods_vnd.get(), amounts);
            prop_assert_eq!(part.total_vnd.get(), amounts + part.shipping_vnd.get());
        }
        prop_assert_eq!(quote.parts.iter().map(|part| part.lines.len()).sum::<usize>(), lines.len());
    }

    #[test]
    fn an_order_never_leaves_its_graph(
        from in prop::sample::select(vec![OrderStatus::AwaitingPayment, OrderStatus::Placed]),
        steps in prop::collection::vec(any_step(), 0..40),
    ) {
        let mut order = Order { status: from, ..order() };
        for (step, by) in steps {
            let before = order.clone();
            match order.turn(step, by, start()) {
                Ok(Turn::Taken) => prop_assert!(may(before.status, step, by)),
                Ok(Turn::TakenBefore) | Err(_) => prop_assert_eq!(&order, &before),
            }
            prop_assert_eq!(order.status == OrderStatus::Cancelled, order.cancel_reason.is_some());
            prop_assert_eq!(order.status.is_delivered(), order.delivered_at.is_some());
            prop_assert!(!order.status.is_delivered() || order.paid_at.is_some());
            let closed = matches!(order.status, OrderStatus::Cancelled | OrderStatus::Completed | OrderStatus::Returned);
            prop_assert_eq!(closed, order.closed_at.is_some());
        }
    }
}
