//! Searches with words, under every filter and with every facet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};
use ocop_market::front::shelf::catalogue::{Catalogue, Found, Position};
use ocop_market::front::shelf::model::{FacetKind, Filter, Sort};
use ocop_market::front::shelf::words::{Query, first_rows};
use ocop_market::kernel::ListingId;
use proptest::prelude::*;

use super::super::market::{Edit, Market, without};
use super::{edit, filter, made_in};

/// More than there are.
const ALL: usize = 1_000;

/// Words of titles, of shops and of nobody, right and wrong; and of titles that no listing has together.
const TYPED: [&str; 9] = [
    "chè shan tuyết",
    "mat ong",
    "rượu ngô mật ong",
    "chè cà phê hợp tác xã 1",
    "rượu cần tuyết",
    "xhe shan",
    "mật ong english",
    "ngon 5 sao",
    "5 sao",
];

/// A market whose listings are ranked as on the first day of a database.
fn ranked() -> Market {
    let mut market = Market::new();
    market.common.weights = first_rows().unwrap().1;
    market
}

fn ids(page: &[Found]) -> BTreeSet<ListingId> {
    page.iter().map(|found| found.position.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What a facet counts for a choice that is made, or where none is, is what the page has.
    #[test]
    fn facets_count_what_the_page_has(
        edits in proptest::collection::vec(edit(), 20..120),
        filters in proptest::collection::vec(filter(), 3),
        kinds in proptest::sample::subsequence(FacetKind::ALL.to_vec(), 1..=FacetKind::ALL.len()),
    ) {
        let (market, catalogue) = made_in(ranked(), &edits);
        for (typed, filter) in TYPED.iter().flat_map(|typed| filters.iter().map(move |filter| (typed, filter))) {
            let (query, plan) = (catalogue.understand(typed).unwrap(), catalogue.plan(filter));
            let alone = catalogue.search(&query, &plan, &[], (Sort::Newest, None, ALL));
            let fitting: BTreeSet<ListingId> = market.fitting(filter).iter().map(|listing| listing.id).collect();
            prop_assert!(ids(&alone.page).is_subset(&fitting), "{} {:?}", typed, filter);
            for sort in [Sort::Relevance, Sort::Price] {
                let found = catalogue.search(&query, &plan, &kinds, (sort, None, ALL));
                prop_assert_eq!(ids(&found.page), ids(&alone.page), "{} {:?} {:?}", typed, sort, filter);
                let counted = catalogue.counts(&plan, &kinds, Some(&found.counted));
                for (kind, counts) in kinds.iter().zip(counted) {
                    let hits = alone.page.iter().map(|found| &market.listings[&found.position.id]);
                    let mut expected: BTreeMap<String, u32> = BTreeMap::new();
                    for value in hits.filter_map(|listing| market.value(listing, *kind)) {
                        *expected.entry(value).or_default() += 1;
                    }
                    let may_be_chosen = |value: &str, filter: &Filter| {
                        let fitting = market.fitting(filter);
                        fitting.iter().any(|listing| market.value(listing, *kind).as_deref() == Some(value))
                    };
                    for (value, count) in counts {
                        let expected = expected.remove(value);
                        let other = expected.is_none() && !may_be_chosen(value, filter);
                        prop_assert!(
                            expected == Some(count) || (other && may_be_chosen(value, &without(filter, *kind))),
                            "{}: {:?} counts {} {} under {:?}", typed, kind, count, value, filter
                        );
                    }
                    prop_assert!(expected.is_empty(), "{}: {:?} leaves out {:?}", typed, kind, expected);
                }
            }
        }
    }

    /// A page goes on behind its listing, whatever its score was on the instance that gave the cursor.
    #[test]
    fn a_cursor_holds_where_scores_are_others(
        edits in proptest::collection::vec(edit(), 20..120),
        size in 1..5_usize,
        score in 0..20_000_i64,
    ) {
        let (_, catalogue) = made_in(ranked(), &edits);
        let plan = catalogue.plan(&Filter { age: Some(99), ..Filter::default() });
        for query in TYPED.iter().map(|typed| catalogue.understand(typed).unwrap()) {
            let page = |after, wanted| catalogue.search(&query, &plan, &[], (Sort::Relevance, after, wanted)).page;
            let all = page(None, ALL);
            for (at, last) in all.iter().enumerate() {
                let after = Position { key: score, ..last.position };
                let rest: Vec<Found> = all.iter().skip(at + 1).take(size).copied().collect();
                prop_assert_eq!(page(Some(after), size), rest);
            }
        }
    }
}

#[test]
fn a_cursor_whose_listing_is_gone_goes_on_by_its_score() {
    let edits = (0..30).map(|which| Edit::List { which, how: u32::from(which) * 11 });
    let shops = (0..6).map(|which| Edit::Open { which, how: 7 });
    let (mut market, catalogue) = made_in(ranked(), &shops.chain(edits).collect::<Vec<_>>());
    let everybody = Filter { age: Some(99), ..Filter::default() };
    let page = |catalogue: &Catalogue, after| {
        let (query, plan) = (catalogue.understand("mật ong").unwrap(), catalogue.plan(&everybody));
        catalogue.search(&query, &plan, &[], (Sort::Relevance, after, ALL)).page
    };
    let all = page(&catalogue, None);
    let last = all.last().unwrap();
    let which = (0..30).find(|which| market.listings.keys().nth(usize::from(*which)) == Some(&last.position.id));
    let without = catalogue.apply(&market.make(Edit::Unlist { which: which.unwrap() }), market.today).unwrap();
    assert!(page(&without, Some(last.position)).is_empty());
    assert_eq!(page(&without, None).len(), all.len() - 1);
}

fn scores(catalogue: &Catalogue, query: &Query) -> Vec<i64> {
    let plan = catalogue.plan(&Filter { age: Some(99), ..Filter::default() });
    let found = catalogue.search(query, &plan, &[], (Sort::Relevance, None, ALL)).page;
    found.iter().map(|found| found.position.key).collect()
}

/// Two listings of two shops, alike but for the instant of their publication.
fn published(market: &mut Market, instants: [&str; 2]) -> Catalogue {
    for which in 0..2 {
        market.make(Edit::Open { which, how: 7 });
        market.make(Edit::List { which, how: 1 });
    }
    let shops: Vec<_> = market.shops.keys().copied().collect();
    for ((listing, shop), instant) in market.listings.values_mut().zip(shops).zip(instants) {
        "Mật ong".clone_into(&mut listing.title_vi);
        listing.title_en = None;
        listing.certificate = None;
        listing.seller = shop;
        listing.published_at = instant.parse::<DateTime<Utc>>().unwrap();
    }
    Catalogue::empty(market.today).apply(&market.whole(), market.today).unwrap()
}

#[test]
fn what_is_new_is_so_from_midnight_in_viet_nam_and_fades_every_day() {
    let mut market = ranked();
    let catalogue = published(&mut market, ["2026-11-21T17:00:00Z", "2026-11-22T16:59:59Z"]);
    let query = catalogue.understand("mật ong").unwrap();
    let today = scores(&catalogue, &query);
    assert_eq!((today.len(), today[0]), (2, today[1]));
    assert_eq!(catalogue.turns_on(), Some(market.today + Days::new(1)));
    let later = catalogue.turn(market.today + Days::new(7)).unwrap();
    assert!(scores(&later, &query)[0] < today[0]);

    market.common.weights.retain(|weight| weight.name != "fresh");
    let lasting = published(&mut market, ["2026-11-21T17:00:00Z", "2026-11-22T16:59:59Z"]);
    assert!(lasting.turns_on().is_some_and(|day| day > market.today + Days::new(1)));
}
