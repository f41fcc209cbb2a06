//! Columns by the names people give them.

use std::borrow::Cow;

use axum::http::StatusCode;
use chrono::NaiveDate;

use super::cells::{CellError, Value, address};
use super::read::{Sheet, SheetRow};
use crate::kernel::Invalid;
use crate::kernel::text::fold;
use crate::platform::error::{Error, Problem, Result};

/// The header lacks a column, or names one twice.
pub const SHEET_COLUMNS: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "sheet-columns",
    vi: "Tệp thiếu cột bắt buộc hoặc có cột trùng tên",
    en: "The file lacks a required column or has one twice",
};

/// Rows in which the header is looked for: lists of decisions begin with an authority and a title.
const HEADER_WITHIN: usize = 20;

/// A column one knows what to do with.
#[derive(Debug)]
pub struct Wanted {
    /// Its name in the program.
    pub key: &'static str,
    /// Its names on paper, the best one first; accents, case and punctuation do not matter.
    pub names: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

impl Wanted {
    fn is_called(&self, header: &str) -> bool {
        let header = fold(header);
        self.names.iter().any(|name| fold(name) == header)
    }
}

/// A sheet whose columns were recognised.
#[derive(Debug)]
pub struct Columns {
    wanted: &'static [Wanted],
    /// Where each wanted column stands in the file.
    places: Vec<Option<usize>>,
    unknown: Vec<CellError>,
    rows: Vec<SheetRow>,
}

impl Columns {
    /// Takes the row that names the most wanted columns, among the first ones, for the header; what stands above it is
    /// the title of the list.
    ///
    /// # Errors
    /// [`SHEET_COLUMNS`], naming every required column that is missing and every one that is there twice.
    pub fn find(sheet: Sheet, wanted: &'static [Wanted]) -> Result<Self> {
        let mut rows = sheet.rows;
        let named = |row: &SheetRow| wanted.iter().filter(|wanted| !places_of(row, wanted).is_empty()).count();
        let best = rows.iter().take(HEADER_WITHIN).map(named).max().unwrap_or(0);
        let header = rows.iter().position(|row| named(row) == best).unwrap_or(0);
        let body = rows.split_off((header + 1).min(rows.len()));
        let header = rows.pop().unwrap_or_default();
        let found: Vec<Vec<usize>> = wanted.iter().map(|wanted| places_of(&header, wanted)).collect();
        if let Some(refusal) = refusal(wanted, &found, header.number) {
            return Err(refusal);
        }
        let unknown = unknown(&header, &found);
        Ok(Self { wanted, places: found.iter().map(|places| places.first().copied()).collect(), unknown, rows: body })
    }

    /// Columns of the file that nobody asked for: they are left aside, which their author should know.
    pub fn unknown(&self) -> &[CellError] {
        &self.unknown
    }

    /// The rows below the header.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| Line { columns: self, row })
    }

    fn place(&self, key: &str) -> Option<usize> {
        let index = self.wanted.iter().position(|wanted| wanted.key == key)?;
        self.places.get(index).copied().flatten()
    }
}

fn places_of(row: &SheetRow, wanted: &Wanted) -> Vec<usize> {
    let called = |(_, value): &(usize, &Value)| value.text().is_some_and(|text| wanted.is_called(&text));
    row.cells.iter().enumerate().filter(called).map(|(place, _)| place).collect()
}

fn refusal(wanted: &[Wanted], found: &[Vec<usize>], row: u32) -> Option<Error> {
    let mut refusal = None;
    let mut wrong = |at: String, vi: String, en: String| {
        refusal = Some(refusal.take().unwrap_or_else(|| Error::from(&SHEET_COLUMNS)).at(at, (vi, en)));
    };
    for (wanted, places) in wanted.iter().zip(found) {
        let name = wanted.names.first().copied().unwrap_or(wanted.key);
        match places.as_slice() {
            [] if wanted.required => {
                wrong(row.to_string(), format!("thiếu cột “{name}”"), format!("the column “{name}” is missing"));
            }
            [_, second, ..] => {
                let at = address(*second, row);
                wrong(at, format!("trùng cột “{name}”"), format!("the column “{name}” is there twice"));
            }
            _ => {}
        }
    }
    refusal
}

fn unknown(header: &SheetRow, found: &[Vec<usize>]) -> Vec<CellError> {
    let strange = header.cells.iter().enumerate().filter(|(place, _)| !found.iter().flatten().any(|own| own == place));
    strange
        .filter_map(|(place, value)| {
            let name = value.text()?;
            Some(CellError {
                at: address(place, header.number),
                vi: format!("không dùng cột “{name}”"),
                en: format!("the column “{name}” is not used"),
            })
        })
        .collect()
}

/// A row of a recognised sheet; cells are asked for by the keys of the [`Wanted`] columns.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    columns: &'a Columns,
    row: &'a SheetRow,
}

const MISSING: Invalid = Invalid { vi: "không được để trống", en: "must not be empty" };

impl<'a> Line<'a> {
    /// The row's number in the file, from 1.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// The address of a cell; the row's number alone where the file has no such column.
    pub fn at(&self, key: &str) -> String {
        self.columns.place(key).map_or_else(|| self.row.number.to_string(), |place| address(place, self.row.number))
    }

    /// The text of a cell, trimmed; none if it is empty.
    pub fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.value(key)?.text()
    }

    /// The cell as a type that checks its text; none if it is empty.
    pub fn read<T: TryFrom<String, Error = Invalid>>(&self, key: &str) -> Result<Option<T>, CellError> {
        let read = self.text(key).map(|text| T::try_from(text.into_owned())).transpose();
        read.map_err(|why| self.wrong(key, why))
    }

    /// The cell as a type that checks its text; an empty one is wrong.
    pub fn require<T: TryFrom<String, Error = Invalid>>(&self, key: &str) -> Result<T, CellError> {
        self.read(key)?.ok_or_else(|| self.wrong(key, MISSING))
    }

    /// The day in a cell; none if it is empty.
    pub fn date(&self, key: &str) -> Result<Option<NaiveDate>, CellError> {
        self.value(key).map_or(Ok(None), Value::date).map_err(|why| self.wrong(key, why))
    }

    /// The day in a cell; an empty one is wrong.
    pub fn require_date(&self, key: &str) -> Result<NaiveDate, CellError> {
        self.date(key)?.ok_or_else(|| self.wrong(key, MISSING))
    }

    /// What is wrong with a cell, by a rule of the caller's.
    pub fn wrong(&self, key: &str, why: Invalid) -> CellError {
        CellError::new(self.at(key), why)
    }

    fn value(&self, key: &str) -> Option<&'a Value> {
        self.row.cells.get(self.columns.place(key)?)
    }
}
