//! Reading: what kind of file it is, how much of it is taken, and CSV.

use axum::body::Bytes;
use axum::http::StatusCode;

use super::cells::{Value, address};
use super::{looks_like_formula, xlsx};
use crate::kernel::Sentence;
use crate::platform::bounded::Bounded;
use crate::platform::error::{Error, Problem, Result};

/// The file is no sheet we can read.
pub const SHEET_UNREADABLE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "sheet-unreadable",
    vi: "Không đọc được bảng tính",
    en: "The sheet cannot be read",
};

/// There is more in the file than one import takes.
pub const SHEET_TOO_LARGE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "sheet-too-large",
    vi: "Bảng tính quá lớn",
    en: "The sheet is too large",
};

/// How much of a file is read at most. Whatever goes beyond refuses the file: half an import helps nobody.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The file.
    pub bytes: usize,
    /// All parts of an XLSX file together, unpacked; also all text that is kept.
    pub unpacked_bytes: u64,
    /// Number of the last row that may hold something.
    pub rows: u32,
    /// Columns that may hold something.
    pub columns: usize,
    /// Characters in one cell.
    pub cell_chars: usize,
}

impl Limits {
    /// What an import of some thousand rows needs: a recognition decision names a few hundred products at most.
    pub const IMPORT: Self =
        Self { bytes: 5 << 20, unpacked_bytes: 64 << 20, rows: 10_000, columns: 100, cell_chars: 5_000 };
}

/// The first visible sheet of a file, without its empty rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Rows that hold something, in order.
    pub rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number as the program shows it, from 1.
    pub number: u32,
    /// Its cells from column A on; those after the last one that holds something may be missing.
    pub cells: Vec<Value>,
}

/// Room for sheets read at once, and waiting: each may take its unpacked size in memory.
pub fn readers() -> Bounded {
    Bounded::new(2, 8)
}

/// Reads a file on a thread where it holds nobody up.
///
/// # Errors
/// [`SHEET_UNREADABLE`] and [`SHEET_TOO_LARGE`], saying why; `OVERLOADED` if too many are being read.
pub async fn read(readers: &Bounded, file: Bytes, limits: Limits) -> Result<Sheet> {
    readers.run(move || read_blocking(&file, &limits)).await?
}

/// Reads a file on this thread.
pub fn read_blocking(file: &[u8], limits: &Limits) -> Result<Sheet> {
    if file.len() > limits.bytes {
        return Err(too_large((
            format!("tệp quá {} byte", limits.bytes),
            format!("the file has over {} bytes", limits.bytes),
        )));
    }
    if file.starts_with(b"PK\x03\x04") {
        xlsx::read(file, limits)
    } else if file.starts_with(b"\xD0\xCF\x11\xE0") {
        Err(unreadable((
            "tệp .xls cũ hoặc có mật khẩu, xin lưu lại thành .xlsx không mật khẩu",
            "an old .xls file or one with a password; please save it as .xlsx without one",
        )))
    } else {
        read_csv(file, limits)
    }
}

pub(super) fn unreadable(why: impl Into<Sentence>) -> Error {
    SHEET_UNREADABLE.because(why)
}

pub(super) fn too_large(why: impl Into<Sentence>) -> Error {
    SHEET_TOO_LARGE.because(why)
}

/// Keeps the cells that are within the limits.
pub(super) struct Intake<'a> {
    limits: &'a Limits,
    text_left: u64,
}

impl<'a> Intake<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, text_left: limits.unpacked_bytes }
    }

    /// Puts the value into its column (from 0) of a row (from 1). Cells that hold nothing may be anywhere.
    pub(super) fn put(&mut self, cells: &mut Vec<Value>, row: u32, column: usize, value: Value) -> Result<()> {
        let Some(length) = value.text().map(|text| text.len()) else { return Ok(()) };
        let Limits { rows, columns, cell_chars, .. } = *self.limits;
        if row > rows {
            return Err(too_large((format!("quá {rows} dòng"), format!("over {rows} rows"))));
        }
        if column >= columns {
            return Err(too_large((format!("quá {columns} cột"), format!("over {columns} columns"))));
        }
        if value.text().is_some_and(|text| text.chars().count() > cell_chars) {
            let at = address(column, row);
            return Err(too_large((
                format!("ô {at} quá {cell_chars} ký tự"),
                format!("the cell {at} has over {cell_chars} characters"),
            )));
        }
        let left = self.text_left.checked_sub(length as u64);
        self.text_left = left.ok_or_else(|| too_large(("quá nhiều văn bản", "too much text")))?;
        if cells.len() <= column {
            cells.resize(column + 1, Value::Empty);
        }
        cells[column] = value;
        Ok(())
    }
}

/// Reads RFC 4180 and its relatives: comma, semicolon or tab, whichever fits.
fn read_csv(file: &[u8], limits: &Limits) -> Result<Sheet> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let text = std::str::from_utf8(file).ok().filter(|text| !text.contains('\0')).ok_or_else(|| {
        unreadable((
            "tệp không phải CSV mã UTF-8; trong Excel xin chọn “CSV UTF-8” hoặc lưu thành .xlsx",
            "not a CSV file in UTF-8; in Excel please choose “CSV UTF-8”, or save it as .xlsx",
        ))
    })?;
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let delimiter = delimiter_of(&text);
    let mut intake = Intake::new(limits);
    let mut rows = Vec::new();
    let mut number = 0;
    let mut reader = csv_reader(&text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut line = reader.position().line();
    while reader.read_record(&mut record)? {
        number += rows_taken(&record, reader.position().line() - line);
        line = reader.position().line();
        let mut cells = Vec::new();
        for (column, field) in record.iter().enumerate() {
            intake.put(&mut cells, number, column, csv_value(field))?;
        }
        if !cells.is_empty() {
            rows.push(SheetRow { number, cells });
        }
    }
    Ok(Sheet { rows })
}

fn csv_reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// The rows a record takes, with the empty lines before it, which the parser passes over and a spreadsheet shows.
fn rows_taken(record: &csv::StringRecord, lines: u64) -> u32 {
    let inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
    u32::try_from(lines.saturating_sub(inside as u64)).unwrap_or(u32::MAX).max(1)
}

/// An exporter's apostrophe before what would be a formula is not part of the text.
fn csv_value(field: &str) -> Value {
    let text = field.strip_prefix('\'').filter(|rest| looks_like_formula(rest)).unwrap_or(field);
    Value::Text(text.to_owned())
}

/// The delimiter by which the most of the first records are as wide as the widest; the widest wins a tie.
fn delimiter_of(text: &str) -> u8 {
    const SAMPLE: usize = 20;
    let fitness = |delimiter: &u8| {
        let records = csv_reader(text, *delimiter).into_records().take(SAMPLE);
        let widths: Vec<usize> = records.map_while(Result::ok).map(|record| record.len()).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        let as_wide = widths.iter().filter(|width| **width == widest).count();
        (widest > 1, as_wide, widest)
    };
    // The last of equals wins.
    *b"\t;,".iter().max_by_key(|delimiter| fitness(delimiter)).unwrap_or(&b',')
}
