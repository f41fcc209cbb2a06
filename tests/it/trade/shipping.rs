//! What it costs to send something.

use std::collections::BTreeMap;

use ocop_market::kernel::{SellerId, Vnd};
use ocop_market::trade::shipping::{
    CarrierRule, Consignment, Piece, Place, Quote, Rate, Reach, ShippingTerms, Surcharge, Tariff,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{HA_NOI, LAI_CHAU, TEA, TestApp, order_form, start};

fn place(province: &str, region: &str) -> Place {
    Place { province: province.to_owned(), region: region.to_owned() }
}

fn tariff() -> Tariff {
    let row = |reach, up_to_grams, price, days_max| Rate {
        reach,
        up_to_grams,
        price: Vnd::new(price),
        days_min: 1,
        days_max,
    };
    Tariff {
        rates: vec![
            row(Reach::SameProvince, 50_000, 90_000, 4),
            row(Reach::SameProvince, 2_000, 20_000, 3),
            row(Reach::SameRegion, 2_000, 28_000, 3),
            row(Reach::OtherRegion, 2_000, 35_000, 3),
            row(Reach::OtherRegion, 50_000, 190_000, 8),
        ],
        rule: CarrierRule {
            divisor: 6_000,
            most_grams: 50_000,
            most_side_mm: 2_000,
            most_parcels: 3,
            most_cod: Vnd::new(50_000_000),
            most_insured: Vnd::new(5_000_000),
        },
        surcharge: None,
        terms: BTreeMap::new(),
    }
}

fn piece(grams: i32, millimetres: Option<[i32; 3]>, quantity: i32) -> Piece {
    Piece { grams, millimetres, quantity }
}

fn quote(tariff: &Tariff, pieces: &[Piece]) -> Option<Quote> {
    let consignment = Consignment { seller: SellerId::from(uuid::Uuid::nil()), goods: Vnd::new(300_000), pieces };
    tariff.quote(&place("12", "north"), &place("12", "north"), &consignment).ok()
}

#[test]
fn the_lightest_rate_that_bears_the_parcel_decides() {
    let from = place("12", "north");
    let price = |to: &Place, grams| {
        let pieces = [piece(grams, None, 1)];
        let consignment = Consignment { seller: SellerId::new(start()), goods: Vnd::ZERO, pieces: &pieces };
        tariff().quote(&from, to, &consignment).map(|quote| quote.price.get()).ok()
    };
    let (near, region, far) = (place("12", "north"), place("15", "north"), place("86", "south"));
    assert_eq!([price(&near, 1), price(&near, 2_000), price(&near, 2_001)], [Some(20_000), Some(20_000), Some(90_000)]);
    assert_eq!([price(&region, 2_000), price(&region, 2_001)], [Some(28_000), None]);
    assert_eq!([price(&far, 50_000), price(&far, 50_001)], [Some(190_000), None]);
}

#[test]
fn volume_counts_where_it_counts_for_more_and_begins_a_gram() {
    let chargeable = |pieces: &[Piece]| quote(&tariff(), pieces).map(|quote| quote.chargeable_grams);
    // 300 × 200 × 120 mm = 7 200 cm³: 1 200 g at 6 000 cm³ a kilogram.
    assert_eq!(chargeable(&[piece(500, Some([300, 200, 120]), 1)]), Some(1_200));
    assert_eq!(chargeable(&[piece(500, Some([300, 200, 121]), 2)]), Some(2_420));
    assert_eq!(chargeable(&[piece(1_300, Some([300, 200, 120]), 1)]), Some(1_300));
    assert_eq!(chargeable(&[piece(1, Some([1, 1, 1]), 1), piece(0, None, 5)]), Some(1));
}

#[test]
fn what_is_too_heavy_for_one_parcel_goes_in_several_as_far_as_the_carrier_allows() {
    let parcels = |pieces: &[Piece]| quote(&tariff(), pieces).map(|quote| (quote.parcels, quote.price.get()));
    assert_eq!(parcels(&[piece(30_000, None, 1)]), Some((1, 90_000)));
    assert_eq!(parcels(&[piece(30_000, None, 2)]), Some((2, 180_000)));
    // The small box travels beside the second sack.
    assert_eq!(parcels(&[piece(1_000, None, 1), piece(49_500, None, 1)]), Some((2, 110_000)));
    assert_eq!(parcels(&[piece(25_000, None, 6)]), Some((3, 270_000)));
    assert_eq!(parcels(&[piece(25_000, None, 7)]), None);
    assert_eq!(parcels(&[piece(50_001, None, 1)]), None);
}

#[test]
fn a_remote_commune_costs_more_and_a_generous_shop_bears_it() {
    let mut tariff = tariff();
    tariff.surcharge = Some(Surcharge { price: Vnd::new(12_000), extra_days: 2 });
    let light = [piece(100, None, 1)];
    let remote = quote(&tariff, &light).unwrap();
    assert_eq!((remote.price.get(), remote.days_min, remote.days_max), (32_000, 1 + 1 + 2, 1 + 3 + 2));
    // The surcharge is each parcel's.
    assert_eq!(quote(&tariff, &[piece(30_000, None, 2)]).unwrap().price.get(), 2 * 102_000);

    let nil = SellerId::from(uuid::Uuid::nil());
    let terms = |free_from: i64| ShippingTerms { free_from_vnd: Some(free_from.try_into().unwrap()), handling_days: 4 };
    tariff.terms = BTreeMap::from([(nil, terms(300_000))]);
    let free = quote(&tariff, &light).unwrap();
    assert_eq!((free.price.get(), free.waived.get(), free.days_max), (0, 32_000, 4 + 3 + 2));
    tariff.terms = BTreeMap::from([(nil, terms(300_001))]);
    assert_eq!(quote(&tariff, &light).unwrap().price.get(), 32_000);
}

proptest! {
    #[test]
    fn every_gram_is_in_some_parcel_and_no_parcel_is_too_heavy(
        pieces in prop::collection::vec((0..=50_000_i32, 0..=12_i32), 1..=6),
    ) {
        let tariff = Tariff { rule: CarrierRule { most_parcels: 200, ..tariff().rule }, ..tariff() };
        let pieces: Vec<Piece> = pieces.into_iter().map(|(grams, quantity)| piece(grams, None, quantity)).collect();
        let total: i32 = pieces.iter().map(|it| it.grams * it.quantity).sum();
        let quote = quote(&tariff, &pieces).unwrap();
        prop_assert_eq!(quote.chargeable_grams, total);
        prop_assert!(i32::from(quote.parcels) * 50_000 >= total);
        // No two parcels could have been one: fewer than twice as many as the weight needs, and one.
        prop_assert!(i32::from(quote.parcels) <= 2 * (total / 50_000) + 1);
    }
}

#[tokio::test]
async fn a_shop_says_what_it_promises_and_quotes_follow() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let path = format!("/v1/shops/{}/shipping", stall.id);
    assert_eq!(stall.owner.get(&path).await.ok(), json!({ "free_from_vnd": null, "handling_days": 1 }));
    let figures = |quote: &Value| {
        let part = &quote["parts"][0];
        (part["shipping_vnd"].clone(), part["days_min"].clone(), part["days_max"].clone(), quote["total_vnd"].clone())
    };
    let before = buyer.quote(&[(&tea, 2)]).await;
    assert_eq!(figures(&before), (json!(35_000), json!(4), json!(7), json!(405_000)));

    let terms = json!({ "free_from_vnd": 370_000, "handling_days": 3 });
    assert_eq!(stall.owner.put(&path, terms.clone()).await.ok(), terms);
    assert_eq!(stall.owner.get(&path).await.ok(), terms);
    stall.owner.put(&path, json!({ "free_from_vnd": 1, "handling_days": 16 })).await.refused(422, "invalid");
    let free = buyer.quote(&[(&tea, 2)]).await;
    assert_eq!(figures(&free), (json!(0), json!(6), json!(9), json!(370_000)));
    let borne =
        |quote: &Value| [&quote["parts"][0]["shipping_waived_vnd"], &quote["parts"][0]["parcels"]].map(Value::clone);
    assert_eq!((borne(&before), borne(&free)), ([json!(0), json!(1)], [json!(35_000), json!(1)]));
    // Kept with the quote, and quoted again the same.
    let kept = buyer.get(&format!("/v1/checkouts/{}", free["id"].as_str().unwrap())).await.ok();
    assert_eq!(borne(&kept), borne(&free));
    assert_eq!(figures(&buyer.quote(&[(&tea, 1)]).await).0, json!(35_000));
    // What was quoted before is quoted anew: the buyer agrees to the new total, or to nothing.
    assert_eq!(buyer.place(&before, "cu").await.refused(409, "total-changed")["total_vnd"], 370_000);
    app.finish().await;
}

#[tokio::test]
async fn a_remote_commune_is_a_row_of_its_day() {
    let app = TestApp::new().await;
    let stall = app.stall("Nhà vườn Ba Đình", HA_NOI).await;
    let tea = app.shelve(&stall, TEA).await;
    let buyer = app.account("Hoa").await;
    let shipping = async |commune: &str| {
        let mut form = order_form(&[(&tea, 1)]);
        form["commune"] = json!(commune);
        let part = buyer.post("/v1/checkouts", form).await.ok()["parts"][0].clone();
        (part["shipping_vnd"].as_i64().unwrap(), part["days_max"].as_i64().unwrap())
    };
    // Phú Quốc is an island, Pa Ủ lies up in Mường Tè, Tân Phong is the town of Lai Châu.
    assert_eq!(shipping("31078").await, (35_000 + 25_000, 1 + 6 + 3));
    assert_eq!(shipping("03442").await, (35_000 + 12_000, 1 + 6 + 2));
    assert_eq!(shipping("03394").await, (35_000, 1 + 6));
    app.sql("update remote_communes set effective_to = '2026-11-21' where commune_code = '31078'").await;
    assert_eq!(shipping("31078").await, (35_000, 1 + 6));
    let unknown =
        app.count("select count(*) from remote_communes where commune_code not in (select code from communes)").await;
    assert_eq!(unknown, 0);
    app.finish().await;
}
