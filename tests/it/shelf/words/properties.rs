//! What holds for any catalogue and any text.

use std::sync::LazyLock;

use ocop_market::cli::relevance::common;
use ocop_market::front::shelf::facts::Common;
use ocop_market::front::shelf::words::{Admitted, Columns, Doc, Hit, Known, Merit, WEIGHTS, Words};
use ocop_market::kernel::ListingId;
use ocop_market::kernel::text::fold;
use proptest::prelude::*;

use super::{Alike, day, document, empty, place};

/// Parts of titles: few, so that titles share words.
const PARTS: [&str; 12] =
    ["Mật ong", "Trà", "chè", "rừng", "Sen", "Dừa sáp", "Hà Giang", "khô", "Gạo nếp", "đen", "ST25", "Rượu"];

fn titles() -> impl Strategy<Value = Vec<(Doc, Option<String>)>> {
    let title = prop::collection::vec(prop::sample::select(&PARTS[..]), 1..5).prop_map(|parts| parts.join(" "));
    prop::collection::vec((0..40u32, prop::option::weighted(0.8, title)), 1..80)
}

/// Listings with all the merits there are.
struct Best;

impl Columns for Best {
    fn admits(&self, _: Doc) -> Admitted {
        Admitted::Yes
    }

    fn known(&self, _: Doc) -> Known {
        let published_day =
            i32::try_from(day().signed_duration_since(chrono::NaiveDate::default()).num_days()).unwrap();
        let merit = Merit { stars: 5, rating_tenths: 50, rating_count: u32::MAX, in_stock: true, published_day };
        Known { merit, shop: 0 }
    }

    fn id(&self, doc: Doc) -> ListingId {
        Alike.id(doc)
    }
}

/// A few goods, with these values in the rows of the weights, in their order.
fn weighed(values: &[i32]) -> Words {
    const TITLES: [&str; 6] = ["Mật ong rừng", "Mật ong bạc hà", "Ngô nếp", "Kẹo dừa", "Trà sen", "Gạo ST25"];
    static SHELF: LazyLock<(Words, Common)> = LazyLock::new(|| (super::words(&TITLES), common().unwrap()));
    let (words, common) = &*SHELF;
    let mut common = common.clone();
    common.weights.iter_mut().zip(values).for_each(|(row, value)| row.value = *value);
    words.with_common(&common, day())
}

/// What everybody must find: by the name, without marks, with a slip, a regional word, a word begun, beside a place and a
/// word that nobody uses, and by stars alone.
fn assert_found(words: &Words, why: &str) {
    for typed in [
        "Mật ong rừng",
        "mat ong",
        "mật onh",
        "bắp",
        "mật o",
        "mật ong hà giang",
        "mật ong zyxwv",
        "mật ong 5 sao",
        "5 sao",
    ] {
        assert!(!words.search(&words.understand(typed), &Best, 1).best.is_empty(), "{typed}: {why}");
        assert!(!words.search(&words.understand(typed), &Best, 100).best.is_empty(), "{typed}: {why}");
    }
}

#[test]
fn no_weight_at_an_end_of_its_bounds_hides_anything() {
    let usual: Vec<i32> = common().unwrap().weights.iter().map(|row| row.value).collect();
    for (at, (name, bounds)) in WEIGHTS.iter().enumerate() {
        for value in [*bounds.start(), *bounds.end()] {
            let mut values = usual.clone();
            values[at] = value;
            assert_found(&weighed(&values), &format!("{name} = {value}"));
        }
    }
}

#[test]
fn a_row_beyond_its_bounds_counts_as_they_do() {
    for value in [i32::MIN, -1, i32::MAX] {
        assert_found(&weighed(&[value; WEIGHTS.len()]), &format!("all = {value}"));
    }
}

fn answers(words: &Words, typed: &str) -> (Vec<Hit>, Vec<Doc>) {
    let hits = words.search(&words.understand(typed), &Alike, 30);
    (hits.best, hits.all)
}

proptest! {
    /// However changes come, the answers are those of what is there at the end.
    #[test]
    fn changes_one_by_one_are_the_same_as_all_at_once(changes in titles()) {
        let somewhere = place("19", "19");
        let given = |(doc, title): &(Doc, Option<String>)| (*doc, title.clone());
        let empty = empty();
        let step = |words: Words, (doc, title): (Doc, Option<String>)| {
            words.apply([(doc, title.as_deref().map(|title| document(title, &somewhere)))])
        };
        let one_by_one = changes.iter().map(given).fold(empty.clone(), step);
        let at_once = empty.apply(
            changes.iter().map(|(doc, title)| (*doc, title.as_deref().map(|title| document(title, &somewhere)))),
        );
        for typed in ["mật ong", "che", "dua sap kho", "rượu hà giang", "st25", "gạo nêp đem"] {
            prop_assert_eq!(answers(&one_by_one.compacted(), typed), answers(&at_once.compacted(), typed));
        }
        let there = |words: &Words| answers(words, "mật ong").1;
        prop_assert_eq!(there(&one_by_one), there(&at_once));
    }

    /// What numbers listings have decides nothing: far apart they are found like side by side.
    #[test]
    fn listings_far_apart_are_found_like_neighbours(changes in titles()) {
        let somewhere = place("19", "19");
        let apply = |words: Words, number: fn(Doc) -> Doc| {
            changes.iter().fold(words, |words, (doc, title)| {
                words.apply([(number(*doc), title.as_deref().map(|title| document(title, &somewhere)))])
            })
        };
        let far = |doc: Doc| 64 + doc * 97;
        let (near, apart) = (apply(empty(), |doc| doc), apply(empty(), far));
        for typed in ["mật ong", "che", "dua sap kho", "rượu hà giang", "st25 gao nep", "gạo nêp đem"] {
            for (near, apart) in [(&near, &apart), (&near.compacted(), &apart.compacted())] {
                let all = |words: &Words| words.search(&words.understand(typed), &Alike, 0).all;
                prop_assert_eq!(all(near).into_iter().map(far).collect::<Vec<_>>(), all(apart), "{}", typed);
            }
        }
    }

    /// A page further down goes on where the one before ended.
    #[test]
    fn a_deeper_search_begins_with_the_same_hits(changes in titles(), depth in 0..20usize) {
        let somewhere = place("19", "19");
        let documents = changes.iter().map(|(doc, title)| (*doc, title.as_deref().map(|title| document(title, &somewhere))));
        let words = empty().apply(documents);
        let query = words.understand("trà sen");
        let (short, long) = (words.search(&query, &Alike, depth), words.search(&query, &Alike, 1_000));
        prop_assert!(long.best.starts_with(&short.best));
        prop_assert_eq!(long.best.len(), long.all.len());
        prop_assert!(long.best.is_sorted_by(|a, b| (b.score, a.doc) <= (a.score, b.doc)));
    }

    /// Any text is understood, and again the same; the work depends on the catalogue, not on the text.
    #[test]
    fn any_text_takes_bounded_work(typed in ".{0,400}") {
        let words = super::words(&["Mật ong", "Trà sen", "Rượu ngô men lá"]);
        let query = words.understand(&typed);
        prop_assert!(query.len() <= 16);
        prop_assert!(words.search(&query, &Alike, 10).work <= 20_000);
        let again = words.understand(&query.written());
        prop_assert!(again.len() <= 16);
    }

    /// What is written down of a text is folded: without marks, whatever combines.
    #[test]
    fn what_is_written_down_is_folded(typed in "[a-zđăâêôơư\u{300}\u{301}\u{303}\u{309}\u{323} ]{0,60}") {
        let said = super::words(&[]).understand(&typed).said().to_owned();
        prop_assert_eq!(fold(&said), said);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the weights are set, what is there is found.
    #[test]
    fn weights_within_their_bounds_hide_nothing(
        values in WEIGHTS.iter().map(|(_, bounds)| bounds.clone()).collect::<Vec<_>>(),
    ) {
        assert_found(&weighed(&values), &format!("{values:?}"));
    }
}

#[test]
fn hostile_text_is_only_text() {
    let words = super::words(&["Mật ong", "Trà sen"]);
    let hostile = [
        "mật ".repeat(5_000),
        "m".repeat(10_000),
        "\u{301}".repeat(10_000),
        "%_\\'\"();--/*".repeat(500),
        "AND OR NOT ( ) \" * ~ ^ +".repeat(400),
        "🍯".repeat(3_000),
        "мёд 蜂蜜 mật عسل".repeat(300),
        "ma^.".repeat(3_000),
        "5 ".repeat(5_000),
        "\u{0}\u{1}set4 \u{1}in19".to_owned(),
    ];
    for typed in hostile {
        let query = words.understand(&typed);
        assert!(query.len() <= 16);
        let hits = words.search(&query, &Alike, 10);
        assert!(hits.work <= 20_000, "{} for {}", hits.work, &typed.chars().take(20).collect::<String>());
        words.suggest(&typed, &Alike, 10);
        words.did_you_mean(&query, &Alike);
    }
}
