//! Why a value was refused.

use std::{borrow::Cow, error::Error, fmt};

use super::Lang;

/// Between the Vietnamese and the English sentence where only one text can travel; no Vietnamese sentence contains it.
const BETWEEN: &str = " / ";

/// Why a value was refused, as a sentence about the value ("must be …") in both languages.
///
/// `Display` is both sentences, Vietnamese first: a deserialisation error carries them to the edge as one text, and
/// [`Sentence::from_wire`] takes them apart there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// For people in Viet Nam ("phải là …"); without `" / "`.
    pub vi: &'static str,
    /// For everybody else, and for logs.
    pub en: &'static str,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}", self.vi, self.en)
    }
}

impl Error for Invalid {}

/// One thing said in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// In Vietnamese.
    pub vi: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

impl Sentence {
    /// In the reader's language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// What travelled as one text: both sentences as [`Invalid`] shows them, or a deserialiser's own English, of which
    /// the usual phrases are said in Vietnamese.
    pub fn from_wire(text: &str) -> Self {
        if let Some((vi, en)) = text.split_once(BETWEEN) {
            return Self { vi: vi.to_owned().into(), en: en.to_owned().into() };
        }
        if let Some(known) = UNREAD.iter().find(|(said, _)| *said == text) {
            return known.1.into();
        }
        let vi = PHRASES.iter().fold(text.to_owned(), |said, (en, vi)| said.replacen(en, vi, 1));
        Self { vi: vi.into(), en: text.to_owned().into() }
    }
}

/// What readers of numbers, truth and days say of a text that is none, which helps nobody who typed it.
const UNREAD: [(&str, Invalid); 10] = {
    const WHOLE: Invalid = Invalid { vi: "phải là số nguyên", en: "must be a whole number" };
    const LARGE: Invalid = Invalid { vi: "số quá lớn", en: "is too large a number" };
    const SMALL: Invalid = Invalid { vi: "số quá nhỏ", en: "is too small a number" };
    const TRUTH: Invalid = Invalid { vi: "phải là true hoặc false", en: "must be true or false" };
    const DAY: Invalid = Invalid {
        vi: "phải là ngày (2026-11-21), hoặc thời điểm (2026-11-21T01:00:00Z) nếu cần giờ",
        en: "must be a day (2026-11-21), or an instant (2026-11-21T01:00:00Z) where a time is wanted",
    };
    [
        ("invalid digit found in string", WHOLE),
        ("cannot parse integer from empty string", WHOLE),
        ("number too large to fit in target type", LARGE),
        ("number too small to fit in target type", SMALL),
        ("provided string was not `true` or `false`", TRUTH),
        ("input contains invalid characters", DAY),
        ("input is out of range", DAY),
        ("premature end of input", DAY),
        ("trailing input", DAY),
        ("no possible date and time matching input", DAY),
    ]
};

/// What serde says of a value that does not fit, longer phrases before their parts.
const PHRASES: [(&str, &str); 11] = [
    ("missing field ", "thiếu trường "),
    ("unknown field ", "không có trường "),
    ("unknown variant ", "không có giá trị "),
    ("duplicate field ", "lặp lại trường "),
    ("invalid type: ", "sai kiểu dữ liệu: "),
    ("invalid value: ", "sai giá trị: "),
    ("invalid length ", "sai độ dài "),
    (", expected one of ", ", phải là một trong "),
    (", there are no fields", ", ở đây không có trường nào"),
    (", expected ", ", cần "),
    ("null", "giá trị trống (null)"),
];

impl From<Invalid> for Sentence {
    fn from(invalid: Invalid) -> Self {
        Self { vi: invalid.vi.into(), en: invalid.en.into() }
    }
}

/// Vietnamese, English.
impl From<(&'static str, &'static str)> for Sentence {
    fn from((vi, en): (&'static str, &'static str)) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }
}

/// Vietnamese, English.
impl From<(String, String)> for Sentence {
    fn from((vi, en): (String, String)) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        Self::from_wire(text)
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self::from_wire(&text)
    }
}
