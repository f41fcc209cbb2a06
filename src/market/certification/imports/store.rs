//! The tables `certificate_imports` and `certificate_import_rows`, and what the register knows of a decision.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::{ImportRow, Reading, RowOutcome};
use crate::kernel::{AccountId, CertificateId, ImportId, SellerId};
use crate::market::certification::{DecisionNumber, NewCertificate, Stars};
use crate::people::access::Provinces;
use crate::platform::error::Result;
use crate::platform::sheets::CellError;

pub async fn insert(
    conn: &mut PgConnection,
    id: ImportId,
    provinces: &Provinces,
    unknown_columns: &[CellError],
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into certificate_imports (id, imported_by, province_codes, unknown_columns, created_at)
         values ($1, $2, $3, $4, $5)",
        id as _,
        by as _,
        provinces.codes(),
        Json(unknown_columns) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_rows(conn: &mut PgConnection, id: ImportId, rows: &[ImportRow]) -> Result<()> {
    sqlx::query!(
        "insert into certificate_import_rows (import_id, row_number, reading, errors)
         select $1, row_number, reading, errors
           from unnest($2::integer[], $3::jsonb[], $4::jsonb[]) as rows (row_number, reading, errors)",
        id as _,
        &rows.iter().map(|row| row.row_number).collect::<Vec<_>>(),
        &rows.iter().map(|row| Json(&row.reading)).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| Json(&row.errors)).collect::<Vec<_>>() as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the import was uploaded and which columns it left aside, if everything it was made for lies in `provinces`.
pub async fn find(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: ImportId,
) -> Result<Option<(DateTime<Utc>, Vec<CellError>)>> {
    let found = sqlx::query!(
        r#"select created_at, unknown_columns as "unknown_columns: Json<Vec<CellError>>"
             from certificate_imports
            where id = $1
              and province_codes <@ $2"#,
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|import| (import.created_at, import.unknown_columns.0)))
}

/// Whether the import is there for `provinces`; it is locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, provinces: &Provinces, id: ImportId) -> Result<bool> {
    let locked = sqlx::query!(
        "select id
           from certificate_imports
          where id = $1
            and province_codes <@ $2
            for update",
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(locked.is_some())
}

/// The rows of an import, in the order of the sheet.
pub async fn rows(conn: &mut PgConnection, id: ImportId) -> Result<Vec<ImportRow>> {
    let rows = sqlx::query!(
        r#"select row_number, reading as "reading: Json<Reading>", errors as "errors: Json<Vec<CellError>>",
                  outcome as "outcome: RowOutcome", certificate_id as "certificate_id: CertificateId"
             from certificate_import_rows
            where import_id = $1
            order by row_number"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| ImportRow {
        row_number: row.row_number,
        reading: row.reading.0,
        errors: row.errors.0,
        outcome: row.outcome,
        certificate_id: row.certificate_id,
    });
    Ok(rows.collect())
}

pub async fn set_outcome(
    conn: &mut PgConnection,
    id: ImportId,
    row_number: i32,
    outcome: RowOutcome,
    certificate: CertificateId,
) -> Result<()> {
    sqlx::query!(
        "update certificate_import_rows
            set outcome = $3, certificate_id = $4
          where import_id = $1
            and row_number = $2",
        id as _,
        row_number,
        outcome as _,
        certificate as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A verified certificate of a decision and product somebody imports.
pub struct KnownCertificate {
    pub id: CertificateId,
    pub seller_id: Option<SellerId>,
    pub owner_key: String,
    pub imported: bool,
    pub stars: Stars,
    pub issued_on: NaiveDate,
    pub decision_number: DecisionNumber,
    pub decision_date: NaiveDate,
    pub product_key: String,
    pub province_code: String,
}

/// The verified certificates that have the decision and product of one of these.
pub async fn known(conn: &mut PgConnection, new: &[NewCertificate]) -> Result<Vec<KnownCertificate>> {
    let known = sqlx::query_as!(
        KnownCertificate,
        r#"select id as "id: _", seller_id as "seller_id: _", owner_key, import_id is not null as "imported!",
                  stars as "stars: _", issued_on, decision_number as "decision_number: _", decision_date, product_key,
                  province_code
             from certificates
            where status = 'verified'
              and (decision_number, decision_date, product_key) in (
                  select *
                    from unnest($1::text[], $2::date[], $3::text[]))
            order by id"#,
        &new.iter().map(|new| new.decision_number.to_string()).collect::<Vec<_>>(),
        &new.iter().map(|new| new.decision_date).collect::<Vec<_>>(),
        &new.iter().map(NewCertificate::product_key).collect::<Vec<_>>(),
    )
    .fetch_all(conn)
    .await?;
    Ok(known)
}
