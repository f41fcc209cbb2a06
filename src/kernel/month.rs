//! Months, as reports and returns have them.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::Invalid;
use super::clock::{day_of, start_of_day};

/// A month of the calendar in Viet Nam, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(NaiveDate);

const NOT_A_MONTH: Invalid =
    Invalid { vi: "phải là tháng, ví dụ 2026-11", en: "must be a month, such as 2026-11" };

impl Month {
    /// The month of the day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    /// Its first instant.
    pub fn start(self) -> DateTime<Utc> {
        start_of_day(self.0)
    }

    /// The first instant after it.
    pub fn end(self) -> DateTime<Utc> {
        self.next().start()
    }

    /// Whether it is over.
    pub fn is_closed(self, now: DateTime<Utc>) -> bool {
        self < Self::of(day_of(now))
    }
}

impl TryFrom<String> for Month {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let well_formed = typed.len() == 7 && typed.starts_with("20");
        let first = NaiveDate::parse_from_str(&format!("{typed}-01"), "%Y-%m-%d").ok();
        first.filter(|_| well_formed).map(Self).ok_or(NOT_A_MONTH)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// As it is written: `2026-11`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl utoipa::PartialSchema for Month {
    fn schema() -> RefOr<Schema> {
        let pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$";
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples(["2026-11"]).into()
    }
}

impl ToSchema for Month {
    fn name() -> Cow<'static, str> {
        "Month".into()
    }
}
