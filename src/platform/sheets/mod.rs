//! Tables that come and go as files: CSV and XLSX in, CSV, XLSX and JSON lines out.
//!
//! **Reading** is bounded ([`Limits`]) in everything a file can blow up: its bytes, what it unpacks to, rows, columns,
//! text. Formulas and macros are never evaluated; a formula counts as the value its author saw. [`read()`] works on a
//! thread where it holds nobody up. [`Columns`] finds the header row by names people use, without minding accents, and
//! every cell knows its address ("D7"), so that a mistake is a [`CellError`] in the reader's language.
//!
//! **Writing** ([`Export`]) takes rows chunk by chunk ([`Rows`]), so that an export is never held in memory as a whole.
//! What [`Export`] writes, [`read()`] reads as the same text.

mod cells;
mod columns;
mod read;
mod rows;
mod write;
mod xlsx;

pub use cells::{CellError, Value, address, column_name};
pub use columns::{Columns, Line, SHEET_COLUMNS, Wanted};
pub use read::{Limits, SHEET_TOO_LARGE, SHEET_UNREADABLE, Sheet, SheetRow, read, read_blocking, readers};
pub use rows::{Cell, Ready, Rows};
pub use write::{Column, Export, Format};

/// What begins a text that a spreadsheet program would run as a formula (CWE-1236).
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Whether a text, less the apostrophes before it, begins like a formula.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA_STARTS)
}
