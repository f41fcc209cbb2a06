//! Writing: an HTTP response whose body is made while it is read.
//!
//! CSV and JSON lines go out chunk by chunk. XLSX is an archive whose table of contents comes last, so it is spooled to
//! a nameless temporary file row by row and sent from there.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use http_body_util::channel::{Channel, Sender};
use rust_xlsxwriter::{DocProperties, Format as Look, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize, Serializer};
use tokio::sync::mpsc;
use tracing::Instrument as _;
use utoipa::ToSchema;

use super::looks_like_formula;
use super::rows::{Cell, Rows};
use crate::kernel::Lang;
use crate::kernel::clock::VIET_NAM;
use crate::kernel::text::slugify;
use crate::platform::error::Result;

/// Chunks that may wait for a slow reader.
const CHUNKS_AHEAD: usize = 2;
/// Bytes sent at a time from a spooled file.
const BLOCK: usize = 64 * 1024;
/// Whole numbers a spreadsheet keeps exactly: 15 digits. Greater ones are written as text.
const EXACT: i64 = 999_999_999_999_999;

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// RFC 4180 in UTF-8 with a byte order mark, without which Excel garbles Vietnamese.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
    /// A JSON object a line.
    Jsonl,
}

impl Format {
    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

/// A column of an export.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name for programs: the key in JSON lines.
    pub key: &'static str,
    /// Its header in Vietnamese.
    pub vi: &'static str,
    /// Its header in English.
    pub en: &'static str,
    /// Its width in a workbook, in characters.
    pub width: u8,
}

impl Column {
    const fn header(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}

/// A table on its way out.
#[derive(Debug, Clone)]
pub struct Export {
    /// What it is written as.
    pub format: Format,
    /// Language of the headers.
    pub lang: Lang,
    /// Name of the file, without extension; accents allowed.
    pub name: String,
    /// The columns; every row has a cell for each.
    pub columns: &'static [Column],
    /// When the figures were taken: the creation time of a workbook, so that the same rows are the same bytes.
    pub made_at: DateTime<Utc>,
}

impl Export {
    /// The response. A fault before the first chunk is a problem document; a later one breaks the body off, so that
    /// nobody takes half an export for a whole one.
    pub async fn send(self, mut rows: impl Rows) -> Result<Response> {
        let headers = [
            (header::CONTENT_TYPE, self.format.content_type().to_owned()),
            (header::CONTENT_DISPOSITION, self.disposition()),
        ];
        let (out, body) = Channel::new(CHUNKS_AHEAD);
        if self.format == Format::Xlsx {
            let file = self.spool(rows).await?;
            tokio::spawn(send_file(file, out).in_current_span());
        } else {
            let first = rows.next().await?;
            tokio::spawn(self.send_text(first, rows, out).in_current_span());
        }
        Ok((headers, Body::new(body)).into_response())
    }

    /// `attachment` with a name for old programs and the real one (RFC 6266 §4.3, RFC 8187).
    fn disposition(&self) -> String {
        let extension = self.format.extension();
        let plain = slugify(&self.name);
        let full = percent_encoded(&self.name);
        format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{full}.{extension}")
    }

    async fn send_text(self, first: Vec<Vec<Cell>>, mut rows: impl Rows, mut out: Out) {
        let mut chunk = Ok(first);
        let mut begun = false;
        loop {
            let last = matches!(&chunk, Ok(chunk) if chunk.is_empty());
            let text = chunk.and_then(|chunk| self.encode(&chunk, !begun));
            begun = true;
            match text {
                Ok(text) => {
                    let reader_left = out.send_data(text.into()).await.is_err();
                    if reader_left || last {
                        return;
                    }
                    chunk = rows.next().await;
                }
                Err(error) => {
                    tracing::error!(?error, "an export broke off");
                    return out.abort(broken_off());
                }
            }
        }
    }

    fn encode(&self, rows: &[Vec<Cell>], first: bool) -> Result<Vec<u8>> {
        match self.format {
            Format::Jsonl => json_lines(self.columns, rows),
            Format::Csv | Format::Xlsx => self.csv(rows, first),
        }
    }

    fn csv(&self, rows: &[Vec<Cell>], first: bool) -> Result<Vec<u8>> {
        let text = if first { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(text);
        if first {
            writer.write_record(self.columns.iter().map(|column| column.header(self.lang)))?;
        }
        for row in rows {
            writer.write_record(row.iter().map(csv_field))?;
        }
        Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }

    async fn spool(self, mut rows: impl Rows) -> Result<File> {
        let (chunks, received) = mpsc::channel(CHUNKS_AHEAD);
        let written = tokio::task::spawn_blocking(move || self.workbook(received));
        loop {
            let chunk = rows.next().await?;
            if chunk.is_empty() || chunks.send(chunk).await.is_err() {
                break;
            }
        }
        drop(chunks);
        written.await?
    }

    fn workbook(&self, mut rows: mpsc::Receiver<Vec<Vec<Cell>>>) -> Result<File> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_creation_datetime(&self.made_at));
        let sheet = book.add_worksheet_with_constant_memory()?;
        let bold = Look::new().set_bold();
        for (place, column) in (0..).zip(self.columns) {
            sheet.set_column_width(place, column.width)?;
            sheet.write_string_with_format(0, place, column.header(self.lang), &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let looks = Looks::new();
        let mut number = 0;
        while let Some(chunk) = rows.blocking_recv() {
            for row in chunk {
                number += 1;
                for (place, cell) in (0..).zip(&row) {
                    looks.write(sheet, number, place, cell)?;
                }
            }
        }
        let mut file = tempfile::tempfile()?;
        book.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

/// How days and instants look in a workbook.
struct Looks {
    day: Look,
    instant: Look,
}

impl Looks {
    fn new() -> Self {
        Self {
            day: Look::new().set_num_format("dd/mm/yyyy"),
            instant: Look::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
        }
    }

    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => sheet.write_string(row, column, text)?,
            Cell::Integer(number) if number.abs() > EXACT => sheet.write_string(row, column, number.to_string())?,
            #[expect(clippy::cast_precision_loss, reason = "15 digits fit exactly")]
            Cell::Integer(number) => sheet.write_number(row, column, *number as f64)?,
            Cell::Date(day) => sheet.write_datetime_with_format(row, column, day, &self.day)?,
            Cell::Instant(at) => {
                let local = at.with_timezone(&VIET_NAM).naive_local();
                sheet.write_datetime_with_format(row, column, local, &self.instant)?
            }
        };
        Ok(())
    }
}

/// The end of a body that is made while it is read.
type Out = Sender<Bytes, io::Error>;

fn broken_off() -> io::Error {
    io::Error::other("the export broke off")
}

/// A text that looks like a formula gets an apostrophe, which keeps every spreadsheet program from running it.
fn csv_field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if looks_like_formula(text) => format!("'{text}"),
        other => other.text().unwrap_or_default(),
    }
}

fn json_lines(columns: &[Column], rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    for cells in rows {
        serde_json::to_writer(&mut text, &Object { columns, cells })?;
        text.push(b'\n');
    }
    Ok(text)
}

/// A row as a JSON object, its members in the order of the columns.
struct Object<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().map(|column| column.key).zip(self.cells))
    }
}

async fn send_file(mut file: File, mut out: Out) {
    loop {
        let read = tokio::task::spawn_blocking(move || {
            let mut block = vec![0; BLOCK];
            let length = file.read(&mut block)?;
            block.truncate(length);
            io::Result::Ok((file, block))
        });
        match read.await.map_err(io::Error::other).flatten() {
            Ok((_, block)) if block.is_empty() => return,
            Ok((rest, block)) => {
                file = rest;
                if out.send_data(block.into()).await.is_err() {
                    return;
                }
            }
            Err(error) => return out.abort(error),
        }
    }
}

/// A text as RFC 8187 §3.2 has it: letters, digits and a few marks as they are, every other byte as `%XX`.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
