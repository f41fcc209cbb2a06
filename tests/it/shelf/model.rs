//! The catalogue in memory answers what the plainest reading of the facts does, whatever was done to it before.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_market::front::shelf::catalogue::{Catalogue, JOINT, Plan, Position, ShopFilter, Tag};
use ocop_market::front::shelf::facts::Batch;
use ocop_market::front::shelf::model::{FacetKind, Filter, Sort};
use ocop_market::kernel::Lang;
use ocop_market::market::certification::Group;
use proptest::prelude::*;
use serde_json::Value;

use super::market::{Edit, Market, without};

mod words;

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        12 => (0..40_u8, any::<u32>()).prop_map(|(which, how)| Edit::List { which, how }),
        2 => (0..40_u8).prop_map(|which| Edit::Unlist { which }),
        4 => (0..6_u8, any::<u32>()).prop_map(|(which, how)| Edit::Open { which, how }),
        1 => (0..6_u8).prop_map(|which| Edit::Close { which }),
        5 => (0..16_u8, any::<u32>()).prop_map(|(which, how)| Edit::Certify { which, how }),
        1 => (0..16_u8).prop_map(|which| Edit::Revoke { which }),
        1 => (0..40_u8).prop_map(|days| Edit::Wait { days }),
    ]
}

/// Each of a filter's wishes in turn left out or taken.
fn filter() -> impl Strategy<Value = Filter> {
    let text = |values: &'static [&'static str]| {
        proptest::option::weighted(0.25, proptest::sample::select(values).prop_map(str::to_owned))
    };
    let places = (text(&["north", "south", "sea"]), text(&["12", "86", "99"]), text(&["12", "83", "84"]));
    let shops = (text(&["12001", "86000"]), text(&["gian-hang-1", "gian-hang-2", "x"]));
    let prices = (
        proptest::option::weighted(0.25, proptest::sample::select(&[0_i64, 90_000, 150_000][..])),
        proptest::option::weighted(0.25, proptest::sample::select(&[90_000_i64, 150_000][..])),
    );
    let goods = (
        proptest::option::weighted(
            0.25,
            proptest::collection::vec(proptest::sample::select(&[11_i16, 14, 26][..]), 1..3),
        ),
        proptest::option::weighted(0.2, proptest::sample::select(&[Group::Food, Group::Drink][..])),
        proptest::option::weighted(0.2, proptest::collection::vec(3..=5_i16, 1..3)),
        proptest::option::weighted(0.2, 1..=5_i16),
        proptest::option::weighted(0.2, any::<bool>()),
        proptest::option::weighted(0.5, 10..30_i16),
    );
    (places, shops, prices, goods).prop_map(|(places, shops, prices, goods)| Filter {
        region: places.0,
        province: places.1,
        legacy_province: places.2,
        commune: shops.0,
        seller: shops.1,
        price_min: prices.0,
        price_max: prices.1,
        sets: goods.0,
        group: goods.1,
        stars: goods.2,
        stars_min: goods.3,
        in_stock: goods.4,
        age: goods.5,
    })
}

fn made(edits: &[Edit]) -> (Market, Catalogue) {
    made_in(Market::new(), edits)
}

fn made_in(mut market: Market, edits: &[Edit]) -> (Market, Catalogue) {
    let mut catalogue = Catalogue::empty(market.today).apply(&market.whole(), market.today).unwrap();
    for edit in edits {
        let batch = market.make(*edit);
        catalogue = turned(catalogue, market.today);
        catalogue = catalogue.apply(&batch, catalogue.today()).unwrap();
    }
    let catalogue = turned(catalogue, market.today);
    (market, catalogue)
}

/// Nobody turns a catalogue on a day on which it said that nothing changes.
fn turned(catalogue: Catalogue, today: NaiveDate) -> Catalogue {
    let due = catalogue.turns_on().is_some_and(|day| day <= today);
    if due { catalogue.turn(today).unwrap() } else { catalogue }
}

/// Every page of an order, by its cursors.
fn pages(catalogue: &Catalogue, plan: &Plan, sort: Sort, size: usize) -> Vec<Position> {
    let mut all: Vec<Position> = Vec::new();
    loop {
        let page = catalogue.page(plan, sort, all.last().copied(), size);
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().map(|found| found.position));
    }
}

/// The pages of this size, in every order.
fn have_what_fits(market: &Market, catalogue: &Catalogue, filter: &Filter, size: usize) -> Result<(), TestCaseError> {
    let plan = catalogue.plan(filter);
    for sort in Sort::ALL {
        let mut expected: Vec<(i64, _)> =
            market.fitting(filter).into_iter().map(|listing| (market.key(listing, sort), listing.id)).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        let found = pages(catalogue, &plan, sort, size);
        let found: Vec<_> = found.into_iter().map(|position| (position.key, position.id)).collect();
        prop_assert_eq!(found, expected, "{:?} {:?}", filter, sort);
    }
    Ok(())
}

/// Every card and page, in both languages; and nothing has a page that must not be seen.
fn are_the_documented_answers(market: &Market, catalogue: &Catalogue) -> Result<(), TestCaseError> {
    let everybody = Filter { age: Some(99), ..Filter::default() };
    let plan = catalogue.plan(&everybody);
    let fitting = market.fitting(&everybody);
    for listing in &fitting {
        let slot = catalogue.named(&listing.slug, &plan).expect("it is on the shelf");
        for lang in [Lang::Vi, Lang::En] {
            let (mut card, mut page) = (Vec::new(), Vec::new());
            catalogue.write_card(slot, lang, &mut card).unwrap();
            catalogue.write_page(slot, lang, &mut page).unwrap();
            let documented = serde_json::to_string(&market.card(listing, lang)).unwrap();
            prop_assert_eq!(String::from_utf8(card).unwrap(), documented);
            same_members(&page, &serde_json::to_vec(&market.page(listing, lang)).unwrap())?;
        }
    }
    for (id, listing) in &market.listings {
        let shown = fitting.iter().any(|shown| shown.id == *id);
        prop_assert_eq!(catalogue.named(&listing.slug, &plan).is_some(), shown);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Many that come at once are pressed with what they say alike, and so are those that come later.
    #[test]
    fn joined_pieces_of_many_listings_are_the_documented_answers(
        shops in proptest::collection::vec(any::<u32>(), 6),
        listings in proptest::collection::vec(any::<u32>(), 150),
        edits in proptest::collection::vec(edit(), 60),
    ) {
        let shops = (0_u8..).zip(&shops).map(|(which, how)| Edit::Open { which, how: *how });
        let listings = (0_u8..).zip(&listings).map(|(which, how)| Edit::List { which, how: *how });
        let (mut market, _) = made(&shops.chain(listings).collect::<Vec<_>>());
        let many = Catalogue::for_about(100_000, market.today);
        let mut catalogue = many.apply(&market.whole(), market.today).unwrap();
        are_the_documented_answers(&market, &catalogue)?;
        for edit in edits {
            let batch = market.make(edit);
            catalogue = catalogue.apply(&batch, market.today).unwrap();
        }
        are_the_documented_answers(&market, &catalogue)?;
    }

    /// Among many, the few that fit are gathered, and the many are found in order.
    #[test]
    fn small_pages_of_many_listings_have_what_fits_in_order(
        shops in proptest::collection::vec(any::<u32>(), 6),
        listings in proptest::collection::vec(any::<u32>(), 250),
        filters in proptest::collection::vec(filter(), 8),
        size in 1..4_usize,
    ) {
        let shops = (0_u8..).zip(&shops).map(|(which, how)| Edit::Open { which, how: *how });
        let listings = (0_u8..).zip(&listings).map(|(which, how)| Edit::List { which, how: *how });
        let (market, catalogue) = made(&shops.chain(listings).collect::<Vec<_>>());
        for filter in &filters {
            have_what_fits(&market, &catalogue, filter, size)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn pages_have_what_fits_in_order(
        edits in proptest::collection::vec(edit(), 1..120),
        filters in proptest::collection::vec(filter(), 4),
        size in 1..9_usize,
    ) {
        let (market, catalogue) = made(&edits);
        for filter in &filters {
            have_what_fits(&market, &catalogue, filter, size)?;
        }
    }

    #[test]
    fn facets_count_what_the_other_filters_leave(
        edits in proptest::collection::vec(edit(), 1..120),
        filters in proptest::collection::vec(filter(), 4),
    ) {
        let (market, catalogue) = made(&edits);
        for filter in &filters {
            let counted = catalogue.counts(&catalogue.plan(filter), &FacetKind::ALL, None);
            for (kind, counts) in FacetKind::ALL.into_iter().zip(counted) {
                let mut expected: BTreeMap<String, u32> = BTreeMap::new();
                for listing in market.fitting(&without(filter, kind)) {
                    if let Some(value) = market.value(listing, kind) {
                        *expected.entry(value).or_default() += 1;
                    }
                }
                let mut expected: Vec<(&str, u32)> =
                    expected.iter().map(|(value, count)| (value.as_str(), *count)).collect();
                expected.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
                prop_assert_eq!(counts, expected, "{:?} of {:?}", kind, filter);
            }
        }
    }

    #[test]
    fn joined_pieces_are_the_documented_answers(edits in proptest::collection::vec(edit(), 1..120)) {
        let (market, catalogue) = made(&edits);
        are_the_documented_answers(&market, &catalogue)?;
    }

    #[test]
    fn a_catalogue_built_at_once_is_the_same(
        edits in proptest::collection::vec(edit(), 1..120),
        filter in filter(),
    ) {
        let (market, catalogue) = made(&edits);
        let built = Catalogue::empty(market.today).apply(&market.whole(), market.today).unwrap();
        let again = built.apply(&market.whole(), market.today).unwrap();
        let edited = catalogue.turn(market.today).unwrap();
        for sort in Sort::ALL {
            let [edited, built, again] =
                [&edited, &built, &again].map(|catalogue| pages(catalogue, &catalogue.plan(&filter), sort, 7));
            prop_assert_eq!(&edited, &built);
            prop_assert_eq!(&again, &built);
        }
    }

    #[test]
    fn shops_are_listed_by_slug(edits in proptest::collection::vec(edit(), 1..60), province in 0..3_usize) {
        let (market, catalogue) = made(&edits);
        let province = [None, Some("12"), Some("86")][province].map(str::to_owned);
        let filter = ShopFilter { province: province.clone(), ..ShopFilter::default() };
        let mut expected: Vec<_> = market.shops.values().collect();
        expected.retain(|shop| province.as_ref().is_none_or(|code| shop.location.province.code == *code));
        expected.sort_by(|a, b| a.seller.slug.cmp(&b.seller.slug));
        let mut found: Vec<Value> = Vec::new();
        loop {
            let last = found.last().map(|card| card["slug"].as_str().unwrap().to_owned());
            let page = catalogue.shops(&filter, last.as_deref(), 2);
            if page.is_empty() {
                break;
            }
            for shop in page {
                let mut json = Vec::new();
                catalogue.write_shop_card(&shop, &mut json);
                found.push(serde_json::from_slice(&json).unwrap());
            }
        }
        let slugs = |cards: &[Value]| cards.iter().map(|card| card["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(slugs(&found), expected.iter().map(|shop| shop.seller.slug.clone()).collect::<Vec<_>>());
        for (card, shop) in found.iter().zip(expected) {
            prop_assert_eq!(card["open"].as_bool(), Some(market.is_open(shop)));
        }
    }

    #[test]
    fn answers_that_differ_have_different_tags(edits in proptest::collection::vec(edit(), 1..60), next in edit()) {
        let (mut market, catalogue) = made(&edits);
        let batch = market.make(next);
        let later = catalogue.apply(&batch, market.today).unwrap();
        let plan = catalogue.plan(&Filter { age: Some(99), ..Filter::default() });
        for listing in market.listings.values() {
            let written = [&catalogue, &later].map(|catalogue| {
                let slot = catalogue.named(&listing.slug, &plan)?;
                let (mut json, mut tag) = (Vec::new(), Tag::new("listing", Lang::Vi));
                catalogue.write_page(slot, Lang::Vi, &mut json).unwrap();
                catalogue.tag_page(slot, &mut tag);
                Some((json, tag.finish()))
            });
            if let [Some(before), Some(after)] = written {
                prop_assert!(before.0 == after.0 || before.1 != after.1, "{} keeps its tag", listing.slug);
            }
        }
    }
}

/// Caches keep answers beyond a release. Where this changes, [`JOINT`] has to change with it.
#[test]
fn a_number_names_the_way_pieces_are_put_together() {
    let shops = (0..6).map(|which| Edit::Open { which, how: 0 });
    let certificates = (0..16).map(|which| Edit::Certify { which, how: 0 });
    let listings = (0..4).map(|which| Edit::List { which, how: u32::from(which) * 1_234_567 });
    let edits: Vec<Edit> = shops.chain(certificates).chain(listings).collect();
    let (market, catalogue) = made(&edits);
    let plan = catalogue.plan(&Filter { age: Some(99), ..Filter::default() });
    let pages = market.listings.values().filter_map(|listing| {
        let mut page = Vec::new();
        catalogue.write_page(catalogue.named(&listing.slug, &plan)?, Lang::Vi, &mut page).unwrap();
        Some(String::from_utf8(page).unwrap())
    });
    let pages: Vec<_> = pages.collect();
    assert!(["\"certificate\":null", "\"certificate\":{"].iter().all(|both| pages.concat().contains(both)));
    let mut shop = Vec::new();
    catalogue.write_shop_page(catalogue.shop("gian-hang-0").unwrap(), &mut shop);
    insta::assert_snapshot!(format!("{JOINT}\n{}\n{}", pages.join("\n"), String::from_utf8(shop).unwrap()));
}

#[test]
fn a_shop_is_found_by_words_that_overlap_themselves() {
    let mut market = Market::new();
    market.make(Edit::Open { which: 0, how: 1 });
    for shop in market.shops.values_mut() {
        shop.seller.name = "Aba ba ba".to_owned();
    }
    let catalogue = Catalogue::empty(market.today).apply(&market.whole(), market.today).unwrap();
    let found = |words: &str| {
        catalogue.shops(&ShopFilter { words: Some(words.to_owned()), ..ShopFilter::default() }, None, 9).len()
    };
    assert_eq!([found("ba ba"), found("aba ba b"), found("ten phap"), found("a ba")], [1, 1, 1, 0]);
}

#[test]
fn a_province_may_come_into_another_region() {
    let (mut market, mut listed) = made(&[Edit::Open { which: 0, how: 1 }]);
    for which in 0..40 {
        listed = listed.apply(&market.make(Edit::List { which, how: u32::from(which) * 7 }), market.today).unwrap();
    }
    for province in &mut market.common.provinces {
        province.region = "sea".to_owned();
    }
    let common = Batch { common: Some(market.common.clone()), ..Batch::default() };
    let moved = listed.apply(&common, market.today).unwrap();
    let everybody = Filter { age: Some(99), ..Filter::default() };
    let count = u32::try_from(market.fitting(&everybody).len()).unwrap();
    assert!(count > 0);
    assert_eq!(moved.counts(&moved.plan(&everybody), &[FacetKind::Region], None), [vec![("sea", count)]]);
}

/// The same members with the same values, none of them twice.
fn same_members(joined: &[u8], documented: &[u8]) -> Result<(), TestCaseError> {
    let read = |json: &[u8]| serde_json::from_slice::<Value>(json).unwrap();
    prop_assert_eq!(read(joined), read(documented));
    prop_assert_eq!(joined.len(), documented.len(), "a member stands there twice");
    Ok(())
}
