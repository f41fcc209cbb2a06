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
