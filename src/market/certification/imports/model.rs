//! What an uploaded decision says, row by row.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{DecisionNumber, NewCertificate, SetNo, Stars};
use crate::kernel::{CertificateId, ImportId, Line, TaxCode};
use crate::platform::sheets::CellError;

/// What is said of the decision beside the file; columns of the same meaning win.
#[derive(Debug, Default)]
pub struct Defaults {
    /// Its number.
    pub decision_number: Option<DecisionNumber>,
    /// Its day.
    pub decision_date: Option<NaiveDate>,
    /// Who decided.
    pub authority: Option<Line<3, 160>>,
    /// The day the certificates were issued; the decision's unless stated.
    pub issued_on: Option<NaiveDate>,
    /// The province of before 1 July 2025 they were issued in, by code.
    pub legacy_province_code: Option<String>,
}

/// What a row says; null where it says nothing, or something wrong.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// The product.
    #[schema(example = "Chè Shan tuyết Tả Lèng")]
    pub product_name: Option<String>,
    /// Its owner.
    #[schema(example = "Hợp tác xã Chè Tả Lèng")]
    pub owner_name: Option<String>,
    /// The owner's tax code; a personal ID is not taken.
    pub owner_tax_code: Option<TaxCode>,
    /// The product set.
    pub set_no: Option<SetNo>,
    /// The stars.
    pub stars: Option<Stars>,
    /// The number of the decision.
    pub decision_number: Option<DecisionNumber>,
    /// The day of the decision.
    pub decision_date: Option<NaiveDate>,
    /// Who decided.
    #[schema(example = "UBND tỉnh Lai Châu")]
    pub authority: Option<String>,
    /// First day of validity.
    pub issued_on: Option<NaiveDate>,
    /// The province it was issued in, of the list before 1 July 2025.
    #[schema(example = "12")]
    pub legacy_province_code: Option<String>,
}

impl Reading {
    /// The certificate the row speaks of; none unless the row is complete.
    pub fn certificate(&self, import: ImportId) -> Option<NewCertificate> {
        Some(NewCertificate {
            product_name: self.product_name.clone()?,
            owner_name: self.owner_name.clone()?,
            owner_tax_code: self.owner_tax_code.clone(),
            set_no: self.set_no?,
            stars: self.stars?,
            decision_number: self.decision_number.clone()?,
            decision_date: self.decision_date?,
            authority: self.authority.clone()?,
            issued_on: self.issued_on?,
            legacy_province_code: self.legacy_province_code.clone()?,
            scan_id: None,
            import_id: Some(import),
            demo: false,
        })
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RowOutcome {
    /// It is a certificate of the register now.
    Written,
    /// The register had it already; nothing was changed.
    AlreadyThere,
}

/// A row of an import.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its number in the sheet.
    #[schema(example = 7)]
    pub row_number: i32,
    /// What it says.
    pub reading: Reading,
    /// What is wrong in which cell; a row with errors cannot be accepted.
    pub errors: Vec<CellError>,
    /// What became of it; null while it is only a preview.
    pub outcome: Option<RowOutcome>,
    /// The certificate it became, or that was there already.
    pub certificate_id: Option<CertificateId>,
}

impl ImportRow {
    /// A row nobody accepted yet.
    pub fn new(number: u32, reading: Reading, errors: Vec<CellError>) -> Self {
        let row_number = i32::try_from(number).unwrap_or(i32::MAX);
        Self { row_number, reading, errors, outcome: None, certificate_id: None }
    }

    /// Whether it waits to be accepted.
    pub fn is_pending(&self) -> bool {
        self.errors.is_empty() && self.outcome.is_none()
    }
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct ImportCounts {
    /// All of them.
    pub rows: usize,
    /// With something wrong.
    pub wrong: usize,
    /// Without, waiting to be accepted.
    pub pending: usize,
    /// Certificates now.
    pub written: usize,
    /// In the register before.
    pub already_there: usize,
}

/// An uploaded decision: a preview, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CertificateImport)]
pub struct Import {
    /// The import.
    pub id: ImportId,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// Columns of the file that were left aside.
    pub unknown_columns: Vec<CellError>,
    /// How many rows stand where.
    pub counts: ImportCounts,
    /// The rows, in the order of the sheet.
    pub rows: Vec<ImportRow>,
}

impl Import {
    /// The import with its rows.
    pub fn new(id: ImportId, created_at: DateTime<Utc>, unknown_columns: Vec<CellError>, rows: Vec<ImportRow>) -> Self {
        let count = |is: fn(&ImportRow) -> bool| rows.iter().filter(|row| is(row)).count();
        let counts = ImportCounts {
            rows: rows.len(),
            wrong: count(|row| !row.errors.is_empty()),
            pending: count(ImportRow::is_pending),
            written: count(|row| row.outcome == Some(RowOutcome::Written)),
            already_there: count(|row| row.outcome == Some(RowOutcome::AlreadyThere)),
        };
        Self { id, created_at, unknown_columns, counts, rows }
    }
}

/// Which rows are accepted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ChosenRows {
    /// Every row without errors.
    All(AllRows),
    /// The rows of these numbers, each without errors; at most 2,000.
    Numbers(Vec<i32>),
}

/// The word for all of them.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllRows {
    /// Every row without errors.
    All,
}

impl ChosenRows {
    /// Whether the row is among them.
    pub fn contain(&self, row: &ImportRow) -> bool {
        match self {
            Self::All(AllRows::All) => true,
            Self::Numbers(numbers) => numbers.contains(&row.row_number),
        }
    }
}
