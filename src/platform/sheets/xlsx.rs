//! Reading XLSX (ECMA-376).
//!
//! The archive is unpacked once into nothing, counting, before the parser may unpack it into memory: sizes an archive
//! declares are only claims. Cells are then taken one by one, so that a sheet which claims to be a million columns wide
//! costs nothing.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, copy, sink};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use zip::ZipArchive;

use super::cells::Value;
use super::read::{Intake, Limits, Sheet, SheetRow, too_large, unreadable};
use crate::platform::error::Result;

/// Parts of an archive; a workbook has a few dozen.
const MOST_PARTS: usize = 1_000;

pub fn read(file: &[u8], limits: &Limits) -> Result<Sheet> {
    check_unpacked_size(file, limits.unpacked_bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|error| not_a_workbook(&error))?;
    let visible =
        |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let Some(name) = workbook.sheets_metadata().iter().find(visible).map(|sheet| sheet.name.clone()) else {
        return Err(unreadable(("tệp không có trang tính nào", "the file has no worksheet")));
    };
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| not_a_workbook(&error))?;
    let mut intake = Intake::new(limits);
    let mut rows = BTreeMap::<u32, Vec<Value>>::new();
    while let Some(cell) = cells.next_cell().map_err(|error| not_a_workbook(&error))? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if value != Value::Empty {
            let number = row.saturating_add(1);
            intake.put(rows.entry(number).or_default(), number, column as usize, value)?;
        }
    }
    let holding = rows.into_iter().filter(|(_, cells)| !cells.is_empty());
    Ok(Sheet { rows: holding.map(|(number, cells)| SheetRow { number, cells }).collect() })
}

fn not_a_workbook(why: &dyn std::fmt::Display) -> crate::platform::error::Error {
    tracing::debug!(%why, "a workbook could not be read");
    unreadable(("tệp hỏng hoặc không phải .xlsx", "the file is damaged or not .xlsx"))
}

/// Refuses an archive that unpacks to more than it may, however small it claims to be.
fn check_unpacked_size(file: &[u8], most: u64) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|error| not_a_workbook(&error))?;
    let too_much =
        || too_large((format!("tệp giải nén ra quá {most} byte"), format!("the file unpacks to over {most} bytes")));
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| not_a_workbook(&error))?;
        let unpacked = copy(&mut part.take(left + 1), &mut sink()).map_err(|error| not_a_workbook(&error))?;
        left = left.checked_sub(unpacked).ok_or_else(too_much)?;
    }
    Ok(())
}

fn value(cell: &DataRef<'_>) -> Value {
    let text = |text: &str| Value::Text(text.replace("\r\n", "\n"));
    match cell {
        // What a formula could not be computed to says nothing.
        DataRef::Empty | DataRef::Error(_) => Value::Empty,
        DataRef::Int(number) => Value::Number(number.to_string()),
        DataRef::Float(number) => Value::number(*number),
        DataRef::String(typed) => text(typed),
        DataRef::SharedString(typed) => text(typed),
        DataRef::Bool(yes) => Value::Text(if *yes { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(at) => moment(at).map_or_else(|| Value::number(at.as_f64()), Value::Date),
        DataRef::DateTimeIso(at) | DataRef::DurationIso(at) => text(at),
    }
}

/// The day and time of a serial number in either date system; none for a duration or one no calendar has.
fn moment(at: &ExcelDateTime) -> Option<NaiveDateTime> {
    let within = at.is_datetime() && (1.0..2_958_466.0).contains(&at.as_f64());
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).filter(|_| within)?;
    day.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())
}
