//! Keystrokes without an input method, and spellings that are the same.

use super::words;

/// What is typed, and what it means.
const KEYS: [(&str, &str); 30] = [
    ("maatj", "mật"),
    ("maajt", "mật"),
    ("matja", "mật"),
    ("chef", "chè"),
    ("ddawcj", "đặc"),
    ("ruwowuj", "rượu"),
    ("ruowuj", "rượu"),
    ("nuwowcs", "nước"),
    ("thijt", "thịt"),
    ("dduwowngf", "đường"),
    ("quaats", "quất"),
    ("khoer", "khỏe"),
    ("gaf", "gà"),
    ("giof", "giò"),
    ("gif", "gì"),
    ("nghieenf", "nghiền"),
    ("tuyeets", "tuyết"),
    ("duwaf", "dừa"),
    ("ma6t5", "mật"),
    ("mat65", "mật"),
    ("d9a85c", "đặc"),
    ("ru7o7u5", "rượu"),
    ("ruou75", "rượu"),
    ("nu7o71c", "nước"),
    ("ta8m", "tăm"),
    ("ma^.t", "mật"),
    ("ru+o+.u", "rượu"),
    ("dda(.c", "đặc"),
    ("mâtj", "mật"),
    ("quee1", "quee1"),
];

#[test]
fn keystrokes_are_read_as_the_syllable_they_make() {
    let words = words(&[]);
    for (typed, meant) in KEYS {
        assert_eq!(words.understand(typed).written(), meant, "{typed}");
    }
}

#[test]
fn words_that_are_words_stay() {
    let words = words(&["Hill coffee", "Macca", "Gạo ST25", "Farm"]);
    for typed in
        ["coffee", "tea", "macca", "honey", "beer", "st25", "farm", "hill", "banana", "beef", "P.H.1.4", "kẹo."]
    {
        let plain: String = typed.to_lowercase().replace('.', " ");
        assert_eq!(words.understand(typed).written(), plain.trim(), "{typed}");
    }
}

#[test]
fn composition_tone_placement_and_i_or_y_make_no_difference() {
    let words = words(&["Hòa khỏe thúy quý lý mỹ", "Đặc"]);
    let same = [
        "hòa",
        "hoà",
        "HÒA",
        "ho\u{300}a",
        "hoa\u{300}",
        "khoẻ",
        "khỏe",
        "thuý",
        "thúy",
        "qúy",
        "quý",
        "quí",
        "lí",
        "mĩ",
    ];
    for typed in same {
        let hits = words.search(&words.understand(typed), &super::Alike, 5);
        assert_eq!(hits.best.len(), 1, "{typed}");
        assert!(!hits.corrected, "{typed}");
    }
    let of_eth = words.understand("Ðặc");
    assert_eq!(of_eth.written(), "đặc");
}
