//! Work over thousands of listings.

use ocop_market::front::shelf::words::{Admitted, Columns, Doc, Document, Known, Words};
use ocop_market::kernel::ListingId;

use super::{Alike, document, empty, place};

const LISTINGS: u32 = 40_000;

/// Just one listing may be seen.
struct Only(Doc);

impl Columns for Only {
    fn admits(&self, doc: Doc) -> Admitted {
        if doc == self.0 { Admitted::Yes } else { Admitted::No }
    }

    fn known(&self, doc: Doc) -> Known {
        Alike.known(doc)
    }

    fn id(&self, doc: Doc) -> ListingId {
        Alike.id(doc)
    }
}

/// Sixteen words that no row knows, none like another.
fn common(at: u32) -> String {
    String::from(char::from_u32('a' as u32 + at % 16).unwrap()).repeat(6)
}

/// Listings of which each has two of the sixteen words, one in its title and one in its text; so has any word a sixteenth.
fn many() -> Words {
    let somewhere = place("19", "19");
    let titles: Vec<String> = (0..LISTINGS).map(|doc| format!("Hàng {}", common(doc))).collect();
    let texts: Vec<String> = (0..LISTINGS).map(|doc| common(doc / 16)).collect();
    let documents = titles.iter().zip(&texts).zip(0..);
    let documents =
        documents.map(|((title, text), doc)| (doc, Some(Document { summary_vi: text, ..document(title, &somewhere) })));
    empty().apply(documents).compacted()
}

#[test]
fn of_many_common_words_only_some_are_read_where_nothing_has_most_of_them() {
    let words = many();
    let sixteen: Vec<String> = (0..16).map(common).collect();
    let hits = words.search(&words.understand(&sixteen.join(" ")), &Alike, 24);
    assert!(!hits.all.is_empty(), "nobody gets nothing");
    let only = words.search(&words.understand(&sixteen.join(" ")), &Only(7), 24);
    assert_eq!(only.all, [7], "nor who filters");
    // Looking for listings with most of the words reads half of all postings, once in the names and again with the texts;
    // reading those with any of the words would read all of them, 60,000 more.
    assert!(hits.work <= 90_000, "{}", hits.work);
}

#[test]
fn beside_a_rare_word_a_common_one_is_looked_up_and_not_read() {
    let somewhere = place("19", "19");
    let titles: Vec<String> =
        (0..4_000).map(|doc| format!("{} qqqqqq", if doc == 3_777 { "zzzzzz" } else { "yyyyyy" })).collect();
    let documents = titles.iter().zip(0..).map(|(title, doc)| (doc, Some(document(title, &somewhere))));
    let words = empty().apply(documents).compacted();
    for typed in ["zzzzzz qqqqqq ", "qqqqqq zzzzzz "] {
        let hits = words.search(&words.understand(typed), &Alike, 24);
        assert_eq!(hits.all, [3_777], "{typed}");
        assert!(hits.work <= 40, "{typed}: {}", hits.work);
    }
}

#[test]
fn a_common_last_word_completes_nothing_for_who_may_see_nothing() {
    let words = many();
    assert_eq!(words.suggest("hang", &Only(LISTINGS), 10), []);
    assert!(!words.suggest("hang", &Only(7), 10).is_empty());
}

/// Each of the sixteen words at most reads what it may mean a few times: never once for each listing.
#[test]
fn no_text_has_postings_read_over_and_over() {
    let words = many();
    let all: Vec<String> = (0..16).map(common).collect();
    let postings = u64::from(LISTINGS) * 3;
    for typed in [
        "hàng ".repeat(5_000),
        format!("{} ", all.join(" ")).repeat(200),
        all.concat().repeat(200),
        "a aa aaa aaaa aaaaa aaaaaa aaaaaaa ".repeat(300),
        format!("hnag {} hagn", all.join(" hangg ")),
        "5 sao 500g 4 sao ".repeat(1_000),
        "ha".to_owned(),
    ] {
        let query = words.understand(&typed);
        let start: String = typed.chars().take(20).collect();
        for columns in [&Only(7), &Only(LISTINGS)] {
            let hits = words.search(&query, columns, 1_000);
            assert!(hits.work <= 3 * query.len() as u64 * postings, "{} for {start}", hits.work);
            words.suggest(&typed, columns, 10);
            words.did_you_mean(&query, columns);
        }
    }
    assert_eq!(words.search(&words.understand("5 sao"), &Alike, 24).work, u64::from(LISTINGS));
}
