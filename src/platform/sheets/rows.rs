//! What is written: cells, and rows as they come.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, Serializer};

use crate::kernel::Vnd;
use crate::kernel::clock::VIET_NAM;
use crate::platform::error::Result;

/// A cell to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, codes and numbers of papers among it: their leading zeros stay.
    Text(String),
    /// A whole number to calculate with.
    Integer(i64),
    /// A day.
    Date(NaiveDate),
    /// An instant, shown as the time in Viet Nam.
    Instant(DateTime<Utc>),
}

impl Cell {
    /// The cell as CSV and JSON lines have it; none if it is empty.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Date(day) => Some(day.to_string()),
            Self::Instant(at) => Some(at.with_timezone(&VIET_NAM).to_rfc3339()),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(number) => serializer.serialize_i64(*number),
            other => other.text().serialize(serializer),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Vnd> for Cell {
    fn from(amount: Vnd) -> Self {
        Self::Integer(amount.get())
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Instant(at)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Where the rows of an export come from, a chunk at a time: usually a page of a keyset query.
pub trait Rows: Send + 'static {
    /// The next chunk; an empty one is the end.
    fn next(&mut self) -> impl Future<Output = Result<Vec<Vec<Cell>>>> + Send;
}

/// Rows that are all there already.
#[derive(Debug)]
pub struct Ready(pub Vec<Vec<Cell>>);

impl Rows for Ready {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>> {
        Ok(std::mem::take(&mut self.0))
    }
}
