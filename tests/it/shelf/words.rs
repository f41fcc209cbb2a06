//! The words of the shelf: what typed text is understood as, what it finds, and that the index is the same however it came
//! about.

mod guessing;
mod many;
mod properties;
mod typing;

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use ocop_market::cli::relevance::common;
use ocop_market::front::shelf::facts::WordRow;
use ocop_market::front::shelf::words::{
    Admitted, Columns, Doc, Document, Known, Merit, WEIGHTS, Words, first_rows, is_phrase,
};
use ocop_market::kernel::ListingId;
use ocop_market::market::certification::SetNo;
use ocop_market::places::{CommuneRef, Location, ProvinceRef};

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()
}

/// A place by the codes of today's and the former province.
pub fn place(province: &str, legacy: &str) -> Location {
    let named = |code: &str| ProvinceRef { code: code.into(), slug: String::new(), name: String::new() };
    let commune = CommuneRef { code: String::new(), slug: String::new(), name: String::new() };
    Location { province: named(province), commune, legacy_province: named(legacy) }
}

pub fn document<'a>(title: &'a str, location: &'a Location) -> Document<'a> {
    Document {
        title_vi: title,
        title_en: None,
        summary_vi: "",
        summary_en: None,
        shop: "",
        set: SetNo::try_from(4).unwrap(),
        packs: Vec::new(),
        location,
        ingredients: None,
    }
}

/// Listings that are all alike but for their words: every third has five stars, five have one shop.
pub struct Alike;

impl Columns for Alike {
    fn admits(&self, _: Doc) -> Admitted {
        Admitted::Yes
    }

    fn known(&self, doc: Doc) -> Known {
        Known {
            merit: Merit { stars: if doc.is_multiple_of(3) { 5 } else { 3 }, in_stock: true, ..Merit::default() },
            shop: doc / 5,
        }
    }

    fn id(&self, doc: Doc) -> ListingId {
        uuid::Uuid::from_u128(u128::from(doc)).into()
    }
}

/// An index of nothing, with the rows of the migration. Made once: reading the lists of places takes long.
pub fn empty() -> Words {
    static EMPTY: LazyLock<Words> = LazyLock::new(|| Words::new(&common().unwrap(), day()));
    EMPTY.clone()
}

/// Words over titles, numbered in their order.
pub fn words(titles: &[&str]) -> Words {
    let somewhere = place("19", "19");
    let documents = titles.iter().zip(0..).map(|(title, doc)| (doc, Some(document(title, &somewhere))));
    empty().apply(documents).compacted()
}

fn best(words: &Words, typed: &str) -> Vec<Doc> {
    words.search(&words.understand(typed), &Alike, 100).best.iter().map(|hit| hit.doc).collect()
}

#[test]
fn exact_tones_come_first_and_filter_nothing() {
    let words = words(&["Dưa muối", "Dừa muối", "Dứa muối"]);
    for (typed, first) in [("dưa muối", 0), ("dừa muối", 1), ("dứa muối", 2)] {
        let found = best(&words, typed);
        assert_eq!((found.first(), found.len()), (Some(&first), 3), "{typed}");
    }
}

#[test]
fn the_order_of_words_counts() {
    let words = words(&["Ong mật rừng", "Mật ong rừng"]);
    assert_eq!(best(&words, "mật ong"), [1, 0]);
    assert_eq!(best(&words, "ong mật"), [0, 1]);
}

#[test]
fn half_of_the_words_find_nothing_beside_all_of_them() {
    let words = words(&["Trà sen Tây Hồ", "Trà lài", "Kẹo sen"]);
    assert_eq!(best(&words, "trà sen"), [0]);
    assert_eq!(best(&words, "trà cúc sen").first(), Some(&0), "nobody gets nothing");
}

#[test]
fn a_place_is_a_preference() {
    let (thai_nguyen, ha_giang) = (place("19", "19"), place("08", "02"));
    let documents = [("Chè đinh", &ha_giang), ("Chè nõn", &thai_nguyen), ("Kẹo dừa", &thai_nguyen)];
    let documents = documents.iter().zip(0..).map(|((title, place), doc)| (doc, Some(document(title, place))));
    let words = empty().apply(documents).compacted();
    assert_eq!(best(&words, "chè thái nguyên"), [1, 0], "tea of Thái Nguyên, then other tea, and no sweets");
    assert_eq!(best(&words, "che ha giang").first(), Some(&0), "a province of before 1 July 2025");
    assert_eq!(best(&words, "thái nguyên"), [1, 2], "a place alone is what is looked for");
}

#[test]
fn stars_are_a_preference() {
    let words = words(&["Trà xanh", "Trà xanh", "Trà xanh", "Trà xanh"]);
    assert_eq!(best(&words, "trà xanh 5 sao")[..2], [0, 3]);
    assert_eq!(best(&words, "5 sao").len(), 4);
}

#[test]
fn joined_and_split_words_are_the_same() {
    let words = words(&["Hạt mắc ca", "Macca rang", "Mật ong rừng", "Cà phê rang"]);
    for typed in ["mắc ca", "macca", "mắc-ca", "mac ca"] {
        let mut found = best(&words, typed);
        found.sort_unstable();
        assert_eq!(found, [0, 1], "{typed}");
    }
    assert_eq!(best(&words, "matong"), [2]);
    assert_eq!(best(&words, "càphê"), [3]);
}

#[test]
fn a_slip_of_the_finger_is_forgiven_and_told() {
    let words = words(&["Thịt trâu gác bếp", "Sầu riêng sấy", "Gạo Điện Biên"]);
    for (typed, doc) in [("thịt châu gác bếp", 0), ("xầu riêng", 1), ("thịt trua gác bếp", 0), ("gạo điên biênn", 2)]
    {
        let query = words.understand(typed);
        let hits = words.search(&query, &Alike, 10);
        assert_eq!(hits.best.first().map(|hit| hit.doc), Some(doc), "{typed}");
        assert!(hits.corrected, "{typed}");
    }
    let query = words.understand("xầu riêng");
    assert_eq!(words.did_you_mean(&query, &Alike).as_deref(), Some("sầu riêng"));
    assert_eq!(words.did_you_mean(&words.understand("sầu riêng"), &Alike), None);
}

#[test]
fn packs_and_measures_are_one_word() {
    let somewhere = place("19", "19");
    let with_pack = |pack| Document { packs: vec![(pack, None)], ..document("Mật ong", &somewhere) };
    let documents = [(0, Some(with_pack("Chai 1 lít"))), (1, Some(with_pack("Hộp 500 g")))];
    let words = empty().apply(documents).compacted();
    for (typed, first) in [("mật ong 500g", 1), ("mật ong 0,5kg", 1), ("mật ong 1l", 0), ("mật ong 1000 ml", 0)]
    {
        assert_eq!(best(&words, typed).first(), Some(&first), "{typed}");
    }
}

#[test]
fn a_point_before_three_digits_groups_thousands() {
    let somewhere = place("19", "19");
    let packs =
        ["Túi 1.000 g", "Túi 1 g", "Túi 0.500 kg", "Túi 1,500 kg", "Can 1.000.000 ml", "Chai 1.5 l", "1.250,5 g"];
    let documents = packs.map(|pack| Document { packs: vec![(pack, None)], ..document("Mật ong", &somewhere) });
    let words = empty().apply((0..).zip(documents.map(Some))).compacted();
    let typed = ["1kg", "1.0 gam", "500g", "1500 g", "1.000 lít", "1,5 l", "1250,5g"];
    for (typed, doc) in typed.into_iter().zip(0..) {
        assert_eq!(best(&words, typed), [doc], "{typed}");
    }
}

#[test]
fn weights_are_those_of_the_day() {
    let words = words(&["Trà xanh", "Trà"]);
    let score = |words: &Words| words.search(&words.understand("trà xanh"), &Alike, 1).best[0].score;
    let mut common = common().unwrap();
    let stock = common.weights.iter_mut().find(|row| row.name == "stock").unwrap();
    let (next, value) = (day().succ_opt().unwrap(), u32::try_from(stock.value).unwrap());
    stock.effective_to = Some(next);
    let today = words.with_common(&common, day());
    assert_eq!(score(&today), score(&words));
    assert_eq!(score(&today.with_common(&common, next)), score(&words) - value);
}

#[test]
fn a_row_of_an_operator_works_at_once() {
    let words = words(&["Củ đậu", "Kẹo dừa"]);
    assert!(best(&words, "sắn nước").is_empty());
    let mut common = common().unwrap();
    common.words.push(WordRow { typed: "sắn nước".into(), means: "củ đậu".into(), mutual: true });
    assert_eq!(best(&words.with_common(&common, day()), "sắn nước"), [0]);
}

#[test]
fn a_row_may_say_all_that_another_word_means() {
    let words = words(&["Củ đậu", "Khoai môn", "Kẹo dừa"]);
    let mut common = common().unwrap();
    let rows = [("củ ngoài đồng", "củ đậu"), ("củ ngoài đồng", "khoai môn"), ("đồ của ruộng", "@củ ngoài đồng")];
    let row = |(typed, means): (&str, &str)| WordRow { typed: typed.into(), means: means.into(), mutual: false };
    common.words.extend(rows.map(row));
    // Rows that name each other end.
    common.words.push(row(("củ ngoài đồng", "@đồ của ruộng")));
    let words = words.with_common(&common, day());
    for typed in ["đồ của ruộng", "do cua ruong", "củ ngoài đồng"] {
        let mut found = best(&words, typed);
        found.sort_unstable();
        assert_eq!(found, [0, 1], "{typed}");
    }
}

#[test]
fn every_name_of_a_class_is_of_one_there_is() {
    let (rows, _) = first_rows().unwrap();
    let typed: HashSet<&str> = rows.iter().map(|row| row.typed.as_str()).collect();
    let likes = rows.iter().filter_map(|row| row.means.strip_prefix('@'));
    assert_eq!(likes.filter(|like| !typed.contains(like)).collect::<Vec<_>>(), Vec::<&str>::new());
    let keys: HashSet<(&str, &str)> = rows.iter().map(|row| (row.typed.as_str(), row.means.as_str())).collect();
    assert_eq!(keys.len(), rows.len());
}

#[test]
fn every_weight_has_a_row_and_every_row_is_a_weight() {
    let (_, rows) = first_rows().unwrap();
    let named: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(named, WEIGHTS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (row, (name, bounds)) in rows.iter().zip(WEIGHTS) {
        assert!(bounds.contains(&row.value), "{name}");
    }
}

#[test]
fn both_sides_of_every_row_can_be_looked_up() {
    let (rows, _) = first_rows().unwrap();
    for row in rows {
        let means = row.means.trim_start_matches('@');
        assert!(is_phrase(&row.typed) && (means.is_empty() || is_phrase(means)), "{row:?}");
    }
}

#[test]
fn one_shop_does_not_fill_the_page() {
    let words = words(&["Trà xanh"; 10]);
    let shops: Vec<u32> = best(&words, "trà xanh").into_iter().take(2).map(|doc| Alike.known(doc).shop).collect();
    assert_eq!(shops, [0, 1], "of ten alike, five of each shop, the shops take turns");
}
