//! What officers did, for those who look after them.

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::kernel::{AuditId, Limit, Page};
use crate::people::access::{Officer, ReadAudit};
use crate::people::audit;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Query, after};

/// The endpoints of the record.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit_entries))
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
    /// `next` of the page before.
    after: Option<String>,
}

/// What officers of one's provinces did, newest first.
#[utoipa::path(get, path = "/audit_entries", tag = "access", security(("session" = ["audit.read"])),
    params(AuditPage), responses((status = OK, body = Page<audit::Entry>)))]
async fn list_audit_entries(
    officer: Officer<ReadAudit>,
    Query(page): Query<AuditPage>,
) -> Result<Json<Page<audit::Entry>>> {
    const LIST: &[u8] = b"audit_entries";
    let before = after::<AuditId>(LIST, page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let rows = audit::page(conn, provinces.codes(), before, page.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, page.limit, LIST, |entry| entry.id)?))
        })
        .await
}
