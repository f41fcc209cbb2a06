//! Text: what is kept, what is refused, how it is folded.

use ocop_market::kernel::{
    Line, Text,
    text::{SLUG_MAX, fold, slugify},
};
use proptest::prelude::*;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use utoipa::{OpenApi, ToSchema};

use super::read;

#[test]
fn folding_strips_tones_marks_and_the_bar_of_d() {
    let cases = [
        ("Đường phèn", "duong phen"),
        ("Ðường phèn", "duong phen"),
        ("ðặc sản ĐẶC SẢN", "dac san dac san"),
        ("Chè Shan tuyết cổ thụ", "che shan tuyet co thu"),
        ("Mật ong  bạc-hà (Mèo Vạc)", "mat ong bac ha meo vac"),
        ("hoà hòa thuỷ thủy qúy", "hoa hoa thuy thuy quy"),
        ("  Rượu 29°, 500ml!  ", "ruou 29 500ml"),
        ("\u{FF2F}\u{FF23}\u{FF2F}\u{FF30} \u{2605}\u{2605}", "ocop"),
        ("★ — …", ""),
    ];
    for (typed, folded) in cases {
        assert_eq!(fold(typed), folded, "{typed}");
    }
    assert_eq!(fold("Tie\u{0302}\u{0301}ng Vie\u{0323}\u{0302}t"), "tieng viet", "decomposed");
}

#[test]
fn a_slug_is_short_ascii_cut_between_words() {
    assert_eq!(slugify("Miến dong Bình Liêu – loại 1"), "mien-dong-binh-lieu-loai-1");
    assert_eq!(slugify("茶 Shan"), "shan");
    assert_eq!(slugify("★"), "");
    assert_eq!(slugify(&"mật ong ".repeat(30)), ["mat-ong"; 10].join("-"));
    assert_eq!(slugify(&"a".repeat(200)).len(), SLUG_MAX);
}

#[test]
fn text_is_kept_composed_trimmed_and_with_real_d() {
    let kept = |typed: &str| typed.parse::<Line<1, 40>>().unwrap().into_inner();
    assert_eq!(kept("  Tie\u{0302}\u{0301}ng \u{200B}"), "Tiếng");
    assert_eq!(kept("Ðường ðặc ÐỎ"), "Đường đặc ĐỎ");
    assert_eq!(kept("Guðrún, Ðakota"), "Guðrún, Đakota");
    assert_eq!("một\r\nhai\tba\n".parse::<Text<1, 40>>().unwrap().as_str(), "một\nhai\tba");
}

#[test]
fn length_is_counted_in_characters_after_cleaning() {
    type Name = Line<3, 5>;
    assert!(read::<Name>(json!("  mật  ")).is_ok());
    assert!(read::<Name>(json!("e\u{0302}\u{0301}e\u{0302}\u{0301}e\u{0302}\u{0301}")).is_ok());
    for wrong in ["", "   ", "ab", "\u{200B}\u{200B}\u{200B}", "abcdef"] {
        assert_eq!(
            read::<Name>(json!(wrong)).unwrap_err(),
            "phải dài từ 3 đến 5 ký tự / must be 3 to 5 characters long",
            "{wrong:?}"
        );
    }
    let refusal = "".parse::<Text<10, 2000>>().unwrap_err();
    assert_eq!(refusal.vi, "phải dài từ 10 đến 2000 ký tự");
    assert_eq!(refusal.en, "must be 10 to 2000 characters long");
}

#[test]
fn characters_that_deceive_are_refused() {
    for unfit in ['\0', '\u{1B}', '\u{7F}', '\u{85}', '\u{202E}', '\u{2067}', '\u{FEFF}', '\u{FDD0}', '\u{1FFFF}'] {
        let typed = json!(format!("mật{unfit}ong"));
        assert!(read::<Text<1, 40>>(typed.clone()).unwrap_err().contains("must be text without"), "{unfit:?}");
        assert!(read::<Line<1, 40>>(typed).is_err(), "{unfit:?}");
    }
    for lines in ["mật\nong", "mật\tong", "mật\u{2028}ong"] {
        assert!(read::<Text<1, 40>>(json!(lines)).is_ok());
        assert!(read::<Line<1, 40>>(json!(lines)).unwrap_err().contains("must be a single line"));
    }
    assert!(read::<Text<1, 40>>(json!(5)).is_err());
}

#[test]
fn the_document_tells_the_bounds() {
    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Form {
        name: Line<3, 120>,
        story: Option<Text<0, 4000>>,
        #[schema(inline)]
        tags: Vec<Line<1, 30>>,
    }

    #[derive(OpenApi)]
    #[openapi(components(schemas(Form)))]
    struct Document;

    let schemas = serde_json::to_value(Document::openapi()).unwrap()["components"]["schemas"].clone();
    let form = &schemas["Form"]["properties"];
    assert_eq!(form["name"], json!({"$ref": "#/components/schemas/Line3To120"}));
    assert_eq!(schemas["Line3To120"], json!({"type": "string", "minLength": 3, "maxLength": 120}));
    assert_eq!(schemas["Text0To4000"], json!({"type": "string", "minLength": 0, "maxLength": 4000}));
    assert_eq!(form["tags"]["items"], json!({"type": "string", "minLength": 1, "maxLength": 30}));
}

#[test]
fn no_letter_folds_differently_the_second_time() {
    for letter in '\0'..=char::MAX {
        let folded = fold(&letter.to_string());
        assert_eq!(fold(&folded), folded, "{letter:?}");
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text: String) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn folding_ignores_composition_and_case(text in "[a-zA-ZăâđêôơưẠ-ỹĐ ]{0,40}") {
        prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        prop_assert!(fold(&text).chars().all(|c| c.is_ascii_lowercase() || c == ' '));
    }

    #[test]
    fn slugs_have_the_shape_of_slugs(text: String) {
        let slug = slugify(&text);
        prop_assert!(slug.len() <= SLUG_MAX);
        prop_assert!(slug.is_empty() || slug.split('-').all(|word| !word.is_empty()));
        prop_assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        prop_assert_eq!(slugify(&slug), slug);
    }

    #[test]
    fn kept_text_is_taken_again_unchanged(typed: String) {
        if let Ok(kept) = typed.parse::<Text<0, 1000>>() {
            prop_assert!(!kept.contains('\0'));
            prop_assert_eq!(kept.as_str().parse::<Text<0, 1000>>(), Ok(kept));
        }
    }
}
