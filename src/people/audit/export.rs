//! The record as evidence, in two forms that can be checked without us (see [`chain`](super::chain)).

use chrono::{DateTime, Utc};

use super::store::SealedEntry;
use crate::platform::error::Result;

/// JSON lines: one entry a line, with its seal.
pub fn json_lines(entries: &[SealedEntry]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A table for spreadsheet programs, with a heading.
pub fn csv(entries: &[SealedEntry]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "position",
        "id",
        "at",
        "account_id",
        "operation",
        "permission",
        "provinces",
        "subject_id",
        "facts",
        "erased_at",
        "sealed_at",
        "payload_hash",
        "previous_hash",
        "hash",
    ])?;
    for SealedEntry { entry, seal } in entries {
        let seal = seal.as_ref();
        let facts = if entry.facts.is_null() { String::new() } else { entry.facts.to_string() };
        let cells = [
            seal.map_or_else(String::new, |seal| seal.position.to_string()),
            entry.id.to_string(),
            instant(Some(entry.at)),
            entry.account_id.to_string(),
            entry.operation.clone(),
            entry.permission.clone(),
            entry.provinces.join(" "),
            entry.subject_id.to_string(),
            facts,
            instant(entry.erased_at),
            instant(seal.map(|seal| seal.sealed_at)),
            seal.map_or_else(String::new, |seal| seal.payload_hash.clone()),
            seal.map_or_else(String::new, |seal| seal.previous_hash.clone()),
            seal.map_or_else(String::new, |seal| seal.hash.clone()),
        ];
        table.write_record(cells.map(harmless))?;
    }
    Ok(table.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn instant(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}

/// A cell no spreadsheet program takes for a formula (OWASP, CSV injection): a quotation mark goes before it.
pub fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
