//! What is proposed: how what was typed may go on, and what may have been meant. Only what listings say that may be seen.

use std::collections::HashSet;

use ocop_market::front::shelf::words::{Admitted, Columns, Doc, Known, Suggestion, Words};
use ocop_market::kernel::ListingId;

use super::{Alike, document, empty, place, words};

/// Listings of which some may not be seen.
struct Hiding(HashSet<Doc>);

impl Columns for Hiding {
    fn admits(&self, doc: Doc) -> Admitted {
        if self.0.contains(&doc) { Admitted::No } else { Admitted::Yes }
    }

    fn known(&self, doc: Doc) -> Known {
        Known { shop: doc, ..Alike.known(doc) }
    }

    fn id(&self, doc: Doc) -> ListingId {
        Alike.id(doc)
    }
}

fn completed(words: &Words, typed: &str) -> Vec<String> {
    let suggested = words.suggest(typed, &Alike, 8).into_iter();
    suggested.filter_map(|one| if let Suggestion::Words(words) = one { Some(words) } else { None }).collect()
}

fn meant(words: &Words, typed: &str, columns: &impl Columns) -> Option<String> {
    words.did_you_mean(&words.understand(typed), columns)
}

/// The listings with another title, or none.
fn changed(words: &Words, doc: Doc, title: Option<&str>) -> Words {
    let somewhere = place("19", "19");
    words.apply([(doc, title.map(|title| document(title, &somewhere)))])
}

#[test]
fn the_word_being_typed_is_completed() {
    let words = words(&["Mật ong bạc hà", "Mật ong rừng", "Kẹo dừa"]);
    let suggested = words.suggest("mật o", &Alike, 6);
    assert_eq!(suggested.first(), Some(&Suggestion::Words("mật ong".into())));
    assert!(suggested.contains(&Suggestion::Listing(0)) && !suggested.contains(&Suggestion::Listing(2)));
}

#[test]
fn a_listing_that_was_edited_is_completed_as_it_is_now() {
    let many = ["Mật ong rừng", "Kẹo dừa", "Trà sen", "Gạo nếp", "Cà phê", "Rượu nếp"];
    let edited = changed(&words(&many), 0, Some("Mật ốc rừng"));
    assert_eq!(completed(&edited, "mật o"), ["mật ốc"]);
    let reused = changed(&changed(&words(&many), 0, None), 0, Some("Mật oải hương"));
    assert_eq!(completed(&reused, "mật o"), ["mật oải"]);
}

#[test]
fn words_are_completed_with_the_accents_that_goods_have() {
    let words = words(&["Chè Shan tuyết Suối Giàng", "Che Shan tuyet", "Chè Shan tuyết Hà Giang", "Chè san sát"]);
    assert_eq!(completed(&words, "che shan tu"), ["chè shan tuyết"]);
    assert_eq!(completed(&words, "che sha"), ["chè shan"]);
    assert_eq!(completed(&words, "che shan tuyet"), ["chè shan tuyết"]);
}

#[test]
fn a_word_without_accents_among_others_is_meant_so() {
    let words = words(&["Mật ống trúc", "Mật ống tre"]);
    assert_eq!(completed(&words, "mật ong tr"), ["mật ong tre", "mật ong trúc"]);
    assert_eq!(completed(&words, "mat ong tr"), ["mật ống tre", "mật ống trúc"]);
}

#[test]
fn words_that_stand_together_complete_each_other() {
    let words = words(&["Mật ong rừng OCOP", "Mật ong hoa", "Mật ong OCOP", "Mật ốc hương"]);
    assert_eq!(completed(&words, "mat o"), ["mật ong", "mật ốc"]);
    assert_eq!(completed(&words, "mat oc"), ["mật ốc"], "never \"mật ocop\"");
    assert_eq!(completed(&words, "mat ocop"), ["mật ocop"], "unless there is nothing else");
}

#[test]
fn the_commonest_words_complete_what_is_begun() {
    // More words than are tried, all before "tươi" in the order of letters.
    let title = |at| if [0, 15, 30].contains(&at) { "Cá tươi".to_owned() } else { format!("Cá tá{at:03}") };
    let titles: Vec<String> = (0..600).map(title).collect();
    let words = words(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(completed(&words, "cá t").first().map(String::as_str), Some("cá tươi"));
}

#[test]
fn what_may_not_be_seen_is_not_what_was_meant() {
    let words = words(&["Sầu riêng", "Rượu ngô", "Kẹo dừa", "Trà sen", "Cà phê", "Mật ong"]);
    assert_eq!(meant(&words, "xầu riêng", &Alike).as_deref(), Some("sầu riêng"));
    let hidden = Hiding(HashSet::from([0, 1]));
    assert_eq!(meant(&words, "xầu riêng", &hidden), None, "a shop that is suspended");
    assert_eq!(meant(&words, "rưọu ngơ", &hidden), None, "alcohol, and no age stated");
    let taken_down = changed(&words, 0, None);
    assert_eq!(meant(&taken_down, "xầu riêng", &Alike), None);
}

#[test]
fn of_two_words_the_likest_that_may_be_seen_was_meant() {
    let words = words(&["Sầu", "Xẩu", "Trà"]);
    let first = meant(&words, "xxẩu", &Alike);
    assert_eq!(first.as_deref(), Some("xẩu"));
    assert_eq!(meant(&words, "zầu", &Alike).as_deref(), Some("sầu"));
    assert_eq!(meant(&words, "zầu", &Hiding(HashSet::from([0]))).as_deref(), Some("xẩu"));
}

#[test]
fn the_word_of_a_listing_that_is_gone_is_nobodys() {
    // "maatj" as a brand is a word; without the brand it is keystrokes.
    let words = words(&["Maatj", "Mật ong", "Kẹo dừa", "Trà sen", "Cà phê", "Gạo nếp"]);
    assert_eq!(words.understand("maatj").written(), "maatj");
    for gone in [changed(&words, 0, None), changed(&words, 0, None).compacted()] {
        assert_eq!(gone.understand("maatj").written(), "mật");
    }
}

#[test]
fn words_without_listings_are_forgotten() {
    let titles: Vec<String> = (0..2_000).map(|at| format!("Trà hiệu{at}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let full = words(&titles);
    let gone = |words: Words| (5..2_000).fold(words, |words, doc| changed(&words, doc, None));
    let left = gone(full.clone());
    let again = words(&titles[..5]);
    assert!(left.bytes() * 4 < full.bytes(), "{} of {}", left.bytes(), full.bytes());
    assert!(left.compacted().bytes() <= again.bytes());
    let found = |words: &Words| words.search(&words.understand("tra hieu3"), &Alike, 10).all;
    assert_eq!(found(&left), [3]);
    assert_eq!(found(&left), found(&again));
    assert_eq!(empty().apply([(0, None)]).compacted().len(), 0);
}
