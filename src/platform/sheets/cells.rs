//! Cells as they were read: their addresses and values, and what can be wrong with them.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Invalid, Lang};

/// One wrong value of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellError {
    /// The cell as spreadsheet programs name it; the row's number alone where the file has no such column.
    #[schema(example = "D7")]
    pub at: String,
    /// What is wrong, for people in Viet Nam.
    #[schema(example = "phải là ngày, ví dụ 31/12/2026")]
    pub vi: String,
    /// What is wrong, in English.
    #[schema(example = "must be a day, such as 31/12/2026")]
    pub en: String,
}

impl CellError {
    /// The sentence about the value at this address.
    pub fn new(at: impl Into<String>, why: Invalid) -> Self {
        Self { at: at.into(), vi: why.vi.to_owned(), en: why.en.to_owned() }
    }

    /// The sentence in the reader's language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// The letters of a column, counted from 0: A … Z, AA … XFD.
pub fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 26]));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The address of a cell: the column counted from 0, the row as the program shows it, from 1.
pub fn address(column: usize, row: u32) -> String {
    format!("{}{row}", column_name(column))
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as typed.
    Text(String),
    /// A number as a person would write it: no exponent, no digits beyond the 15 a spreadsheet shows.
    Number(String),
    /// A day, or a day and time without a zone.
    Date(NaiveDateTime),
}

impl Value {
    /// The number as text: whole numbers without a fraction, others to 15 significant digits.
    pub(super) fn number(number: f64) -> Self {
        // `{:.14e}` rounds to 15 digits and loses what binary fractions add behind (0.30000000000000004).
        let rounded = format!("{number:.14e}").parse().unwrap_or(number);
        if number.is_finite() { Self::Number(format!("{rounded}")) } else { Self::Empty }
    }

    /// The value as text, trimmed; none if there is nothing to see. A day is written as ISO 8601 has it.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        let text = match self {
            Self::Empty => return None,
            Self::Text(text) | Self::Number(text) => Cow::Borrowed(text.trim()),
            Self::Date(at) if at.time() == NaiveTime::MIN => at.date().to_string().into(),
            Self::Date(at) => at.format("%Y-%m-%d %H:%M:%S").to_string().into(),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The day a cell names: a date, a date's serial number, or a text such as 31/12/2026 or 2026-12-31.
    pub fn date(&self) -> Result<Option<NaiveDate>, Invalid> {
        match self {
            Self::Date(at) => Ok(Some(at.date())),
            Self::Number(serial) => serial.parse().ok().and_then(day_of_serial).map(Some).ok_or(NOT_A_DAY),
            Self::Empty | Self::Text(_) => self.text().map(|text| day_of_text(&text).ok_or(NOT_A_DAY)).transpose(),
        }
    }
}

const NOT_A_DAY: Invalid =
    Invalid { vi: "phải là ngày, ví dụ 31/12/2026", en: "must be a day, such as 31/12/2026" };

/// Serial numbers taken for days where a cell has no date format: 1954 to 2119. A bare year ("2026") is none.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// The day of a serial number of the 1900 system: days since 30 December 1899 (ECMA-376 part 1 §18.17.4.1).
fn day_of_serial(serial: i64) -> Option<NaiveDate> {
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(TimeDelta::days(serial))?;
    SERIALS.contains(&serial).then_some(day)
}

/// Day, month, year as people in Viet Nam write them, or year, month, day; apart by `/`, `-` or `.`.
fn day_of_text(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let all_digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if year.len() != 4 || !all_digits {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
