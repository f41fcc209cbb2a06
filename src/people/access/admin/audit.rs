//! What officers did, for those who look after them.

use std::ops::Range;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::kernel::clock::start_of_day;
use crate::kernel::{AuditId, Cursor, Limit, Page};
use crate::people::access::{Officer, ReadAudit};
use crate::people::audit;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Query, after};

/// Entries of one export; the rest follows where the `Link` header points.
const EXPORTED: usize = 10_000;

/// The endpoints of the record.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_audit_entries))
        .routes(routes!(verify_audit))
        .routes(routes!(export_audit_entries))
}

/// Where a page of the record begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditPage {
    /// Entries on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Only what was done to this: a case, a shop, an account.
    subject_id: Option<Uuid>,
    /// `next` of the page before, of the same subject.
    after: Option<String>,
}

impl AuditPage {
    /// What a cursor is made for.
    fn binding(&self) -> String {
        self.subject_id.map_or_else(|| "audit_entries".to_owned(), |subject| format!("audit_entries {subject}"))
    }
}

/// What officers of one's provinces did, newest first.
#[utoipa::path(get, path = "/audit_entries", tag = "access", security(("session" = ["audit.read"])),
    params(AuditPage), responses((status = OK, body = Page<audit::Entry>)))]
async fn list_audit_entries(
    officer: Officer<ReadAudit>,
    Query(page): Query<AuditPage>,
) -> Result<Json<Page<audit::Entry>>> {
    let binding = page.binding();
    let before = after::<AuditId>(binding.as_bytes(), page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let rows = audit::page(conn, provinces.codes(), page.subject_id, before, page.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, page.limit, binding.as_bytes(), |entry| entry.id)?))
        })
        .await
}

/// Whether the record is still what was sealed: every entry, every seal, and the chain's length against the heads kept
/// outside the database. Entries of other provinces are checked too, but not named.
#[utoipa::path(get, path = "/audit_verification", tag = "access", security(("session" = ["audit.read"])),
    responses((status = OK, body = audit::Verification)))]
async fn verify_audit(officer: Officer<ReadAudit>) -> Result<Json<audit::Verification>> {
    let now = officer.app().clock.now();
    let heads = audit::exported_heads(&officer.app().files).await?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(audit::verify(conn, provinces.codes(), &heads, now).await?))
        })
        .await
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// One JSON object a line.
    #[default]
    Jsonl,
    /// A table with a heading.
    Csv,
}

impl Format {
    const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// JSON lines unless said otherwise.
    #[serde(default)]
    #[param(inline, value_type = Option<Format>)]
    format: Format,
    /// First day, in Viet Nam.
    from: Option<NaiveDate>,
    /// Last day, in Viet Nam.
    to: Option<NaiveDate>,
    /// From the `Link` of the part before.
    after: Option<String>,
}

impl ExportQuery {
    /// From the start of the first day to the end of the last.
    fn stretch(&self) -> Result<Range<Option<DateTime<Utc>>>> {
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if day.is_some_and(|day| !(2000..=9999).contains(&day.year())) {
                return Err(Error::from(&INVALID)
                    .at(name, "phải từ năm 2000 đến năm 9999 / must lie between the years 2000 and 9999"));
            }
        }
        let end = self.to.and_then(|last| last.succ_opt()).map(start_of_day);
        Ok(self.from.map(start_of_day)..end)
    }

    /// What a cursor is made for.
    fn binding(&self) -> String {
        format!("audit_export {:?} {:?}", self.from, self.to)
    }

    /// Where the next part is.
    fn next(&self, last: AuditId) -> Result<String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("format", self.format.name());
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                query.append_pair(name, &day.to_string());
            }
        }
        query.append_pair("after", &Cursor::encode(self.binding().as_bytes(), &last)?);
        Ok(format!("</admin/v1/audit_entries/export?{}>; rel=\"next\"", query.finish()))
    }
}

/// What officers of one's provinces did, as evidence: each entry with its seal, oldest first, in parts of up to 10,000;
/// the `Link` header (`rel="next"`) names the part after.
///
/// Each line can be checked by itself: `hash` is SHA-256 over `previous_hash` and the entry, in the way the map of the
/// code (`people::audit::chain`) writes down.
#[utoipa::path(get, path = "/audit_entries/export", tag = "access", security(("session" = ["audit.read"])),
    params(ExportQuery), responses((status = OK, content(
        (String = "application/x-ndjson"), (String = "text/csv")))))]
async fn export_audit_entries(officer: Officer<ReadAudit>, Query(query): Query<ExportQuery>) -> Result<Response> {
    let stretch = query.stretch()?;
    let start = after::<AuditId>(query.binding().as_bytes(), query.after.as_deref())?;
    let limit = i64::try_from(EXPORTED)? + 1;
    let mut entries = officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            audit::sealed_entries(conn, provinces.codes(), &stretch, start, limit).await
        })
        .await?;
    let more = entries.len() > EXPORTED;
    entries.truncate(EXPORTED);
    let body = match query.format {
        Format::Jsonl => audit::export::json_lines(&entries)?,
        Format::Csv => audit::export::csv(&entries)?,
    };
    let disposition = format!("attachment; filename=\"audit-entries.{}\"", query.format.name());
    let headers = [
        (header::CONTENT_TYPE, query.format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    match entries.last().filter(|_| more) {
        Some(last) => Ok(([(header::LINK, query.next(last.entry.id)?)], headers, body).into_response()),
        None => Ok((headers, body).into_response()),
    }
}
