//! Choosing between Vietnamese and English.

use ocop_market::kernel::Lang;
use proptest::prelude::*;
use serde_json::json;

use super::read;

#[test]
fn the_better_liked_language_is_spoken() {
    let cases = [
        ("", Lang::Vi),
        ("vi", Lang::Vi),
        ("en", Lang::En),
        ("EN-gb", Lang::En),
        ("en, vi", Lang::En),
        ("en-GB, vi, en-US", Lang::En),
        ("vi-VN,vi;q=0.9,en;q=0.8", Lang::Vi),
        ("en;q=0.8, vi;q=0.9", Lang::Vi),
        ("fr, en;q=0.5", Lang::En),
        ("fr, de", Lang::Vi),
        ("*", Lang::Vi),
        ("en;q=0.1, *;q=0.5", Lang::Vi),
        ("vi;q=0, *", Lang::En),
        ("en;q=0", Lang::Vi),
        ("en;q=2, vi;q=0.1", Lang::Vi),
        ("en;q=0.8888;;,,;q=", Lang::Vi),
        ("en ; q=1.000 , vi;q=0.999", Lang::En),
    ];
    for (header, lang) in cases {
        assert_eq!(Lang::from_accept_language(header), lang, "{header}");
    }
}

#[test]
fn languages_are_written_as_codes() {
    assert_eq!(serde_json::to_value([Lang::Vi, Lang::En]).unwrap(), json!(["vi", "en"]));
    assert_eq!(read(json!("en")), Ok(Lang::En));
}

proptest! {
    #[test]
    fn no_header_makes_choosing_panic(header: String) {
        let lang = Lang::from_accept_language(&header);
        prop_assert!(header.to_lowercase().contains("en") || header.contains('*') || lang == Lang::Vi);
    }
}

#[test]
fn what_no_reader_understands_is_said_in_both_languages() {
    use ocop_market::kernel::Sentence;
    let wrong = ["x".parse::<i64>().unwrap_err().to_string(), "99999999999".parse::<i32>().unwrap_err().to_string()];
    for (said, (vi, en)) in
        wrong.iter().zip([("phải là số nguyên", "must be a whole number"), ("số quá lớn", "is too large a number")])
    {
        let sentence = Sentence::from_wire(said);
        assert_eq!((sentence.in_lang(Lang::Vi), sentence.in_lang(Lang::En)), (vi, en));
    }
    let day = Sentence::from_wire(&"2026-13".parse::<chrono::NaiveDate>().unwrap_err().to_string());
    assert!(day.in_lang(Lang::Vi).starts_with("phải là ngày"), "{day:?}");
    let truth = Sentence::from_wire(&"có".parse::<bool>().unwrap_err().to_string());
    assert_eq!(truth.in_lang(Lang::Vi), "phải là true hoặc false");
}
