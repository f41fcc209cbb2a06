//! What holds for any catalogue and any text.

use ocop_market::front::shelf::words::{Doc, Hit, Words};
use ocop_market::kernel::text::fold;
use proptest::prelude::*;

use super::{Alike, document, empty, place};

/// Parts of titles: few, so that titles share words.
const PARTS: [&str; 12] =
    ["Mật ong", "Trà", "chè", "rừng", "Sen", "Dừa sáp", "Hà Giang", "khô", "Gạo nếp", "đen", "ST25", "Rượu"];

fn titles() -> impl Strategy<Value = Vec<(Doc, Option<String>)>> {
    let title = prop::collection::vec(prop::sample::select(&PARTS[..]), 1..5).prop_map(|parts| parts.join(" "));
    prop::collection::vec((0..40u32, prop::option::weighted(0.8, title)), 1..80)
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
