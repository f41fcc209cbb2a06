//! Cursors, pages and limits.

use ocop_market::kernel::{Cursor, Limit, Page};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::read;

const BINDING: &[u8] = b"catalogue?province=22&sort=price";

fn limit(items: i64) -> Limit {
    Limit::try_from(items).unwrap()
}

#[test]
fn a_cursor_leads_back_to_its_position() {
    let position = (185_000, "0193f2a4".to_owned());
    let cursor = Cursor::encode(BINDING, &position).unwrap();
    assert_eq!(Cursor::decode(BINDING, &cursor), Ok(position));
    assert!(cursor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
}

#[test]
fn a_cursor_of_another_list_or_no_cursor_is_refused() {
    let cursor = Cursor::encode(BINDING, &7).unwrap();
    let huge = "A".repeat(1_000_000);
    assert!(Cursor::decode::<i64>(b"catalogue?province=24&sort=price", &cursor).is_err());
    assert!(Cursor::decode::<String>(BINDING, &cursor).is_err(), "a position of another type");
    for forged in ["", "A", "AQ", "eyJpZCI6MX0", "đ", &format!("{cursor}="), &format!("{cursor}AAAA"), &huge] {
        let refusal = Cursor::decode::<i64>(BINDING, forged).unwrap_err();
        assert!(refusal.en.contains("must be the `next`"));
    }
}

#[test]
fn nothing_moves_between_the_list_and_the_position() {
    let cursor = Cursor::encode(b"a1", &2).unwrap();
    assert!(Cursor::decode::<i64>(b"a", &cursor).is_err());
    assert!(Cursor::decode::<i64>(b"a12", &cursor).is_err());
}

#[test]
fn a_page_says_where_the_next_begins() {
    let page = Page::cut(vec![10, 20, 30], limit(2), BINDING, |item| *item).unwrap();
    assert_eq!(page.items, [10, 20]);
    assert_eq!(Cursor::decode(BINDING, &page.next.unwrap()), Ok(20));

    let last = Page::cut(vec![30, 40], limit(2), BINDING, |item| *item).unwrap();
    assert_eq!(
        serde_json::to_value(last.map(|item| item.to_string())).unwrap(),
        json!({"items": ["30", "40"], "next": null})
    );
    let none = Page::cut(Vec::<i64>::new(), limit(2), BINDING, |item| *item).unwrap();
    assert_eq!(none, Page { items: vec![], next: None });
}

#[test]
fn a_limit_is_one_to_a_hundred_and_24_unasked() {
    #[derive(Deserialize)]
    struct Query {
        #[serde(default)]
        limit: Limit,
    }

    assert_eq!(read::<Query>(json!({})).unwrap().limit.items(), 24);
    assert_eq!(read::<Query>(json!({"limit": 100})).unwrap().limit.fetch(), 101);
    for wrong in [-1, 0, 101, 280] {
        let refusal = read::<Limit>(json!(wrong)).unwrap_err();
        assert_eq!(refusal, "phải là số nguyên từ 1 đến 100 / must be a whole number between 1 and 100");
    }
}

proptest! {
    #[test]
    fn any_change_to_a_cursor_is_noticed(
        position: (i64, String),
        binding: Vec<u8>,
        place: prop::sample::Index,
        other in "[A-Za-z0-9_-]",
    ) {
        let cursor = Cursor::encode(&binding, &position).unwrap();
        prop_assume!(cursor.len() <= 2048);
        let place = place.index(cursor.len());
        let mut forged = cursor.clone();
        forged.replace_range(place..=place, &other);
        let read = Cursor::decode::<(i64, String)>(&binding, &forged);
        prop_assert_eq!(read.ok(), (forged == cursor).then_some(position));
    }

    #[test]
    fn no_text_makes_reading_a_cursor_panic(forged: String) {
        prop_assert!(Cursor::decode::<Value>(BINDING, &forged).is_err());
    }
}
