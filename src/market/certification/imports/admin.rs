//! Uploading decisions, looking at what was read, accepting it.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::acceptance::accept_some;
use super::columns::WANTED;
use super::{ChosenRows, Defaults, Import, LIMITS};
use crate::app::App;
use crate::kernel::{ImportId, Line};
use crate::market::certification::DecisionNumber;
use crate::people::access::{DecideCertificates, Officer};
use crate::places;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, RawBody};
use crate::platform::sheets::{self, Columns};

/// The endpoints of imports.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import_decision)).layer(DefaultBodyLimit::max(LIMITS.bytes)).merge(
        OpenApiRouter::new()
            .routes(routes!(read_import))
            .routes(routes!(accept_import))
            .layer(DefaultBodyLimit::max(64 * 1024)),
    )
}

/// What the file does not say of the decision.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DecisionQuery {
    /// Its number.
    #[param(value_type = Option<String>, example = "3981/QĐ-UBND")]
    decision_number: Option<DecisionNumber>,
    /// Its day.
    decision_date: Option<NaiveDate>,
    /// Who decided.
    #[param(value_type = Option<String>, max_length = 160, example = "UBND tỉnh Lai Châu")]
    authority: Option<Line<3, 160>>,
    /// The day the certificates were issued; the decision's unless stated.
    issued_on: Option<NaiveDate>,
    /// The province of before 1 July 2025 they were issued in: legacy code or slug. Without it the authority's name says it.
    #[param(value_type = Option<String>, max_length = 80, example = "lai-chau")]
    legacy_province: Option<Line<1, 80>>,
}

impl DecisionQuery {
    async fn defaults(&self, conn: &mut PgConnection) -> Result<Defaults> {
        let (_, legacy_province_code) = places::chosen_provinces(conn, None, self.legacy_province.as_deref()).await?;
        Ok(Defaults {
            decision_number: self.decision_number.clone(),
            decision_date: self.decision_date,
            authority: self.authority.clone(),
            issued_on: self.issued_on,
            legacy_province_code,
        })
    }
}

/// Upload the list of a recognition decision, as the bare CSV or XLSX file in the body; what comes back is a preview.
///
/// At most 5 MB and 2,000 rows. Columns are found by their Vietnamese names: tên sản phẩm, chủ thể, bộ sản phẩm, số sao;
/// also mã số thuế, số quyết định, ngày quyết định, cơ quan, ngày cấp, tỉnh.
#[utoipa::path(post, path = "/certificate_imports", tag = "certification",
    security(("session" = ["certificates.decide"])), params(DecisionQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = CREATED, body = Import)))]
async fn import_decision(
    officer: Officer<DecideCertificates>,
    Query(query): Query<DecisionQuery>,
    RawBody(bytes): RawBody,
) -> Result<(StatusCode, Json<Import>)> {
    let file = Columns::find(sheets::read(&officer.app().sheets, bytes, LIMITS).await?, &WANTED)?;
    let now = officer.app().clock.now();
    let id = ImportId::new(now);
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let defaults = query.defaults(conn).await?;
            let import = super::preview(conn, provinces, id, &file, &defaults, officer.account, now).await?;
            Ok((StatusCode::CREATED, Json(import)))
        })
        .await
}

/// An import in the path.
#[derive(Debug, Deserialize)]
struct ImportPath {
    import_id: ImportId,
}

/// An uploaded decision: what every row says, what is wrong with it, what became of it.
#[utoipa::path(get, path = "/certificate_imports/{import_id}", tag = "certification",
    security(("session" = ["certificates.decide"])), params(("import_id" = ImportId, Path)),
    responses((status = OK, body = Import)))]
async fn read_import(officer: Officer<DecideCertificates>, Path(path): Path<ImportPath>) -> Result<Json<Import>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(super::find(conn, provinces, path.import_id).await?))
        })
        .await
}

/// Rows to be written into the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportAcceptance, example = json!({ "rows": "all" }))]
struct Acceptance {
    /// `"all"` rows without errors, or the numbers of some.
    rows: ChosenRows,
}

/// Write rows of an import into the register; what is there already stays as it is.
#[utoipa::path(put, path = "/certificate_imports/{import_id}/acceptance", tag = "certification",
    security(("session" = ["certificates.decide"])), params(("import_id" = ImportId, Path)),
    responses((status = OK, body = Import)))]
async fn accept_import(
    officer: Officer<DecideCertificates>,
    Path(path): Path<ImportPath>,
    Json(acceptance): Json<Acceptance>,
) -> Result<Json<Import>> {
    let (id, now) = (path.import_id, officer.app().clock.now());
    let chosen = &acceptance.rows;
    // A few rows a transaction: one that fails leaves those before it written, and the next call goes on from there.
    while officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            accept_some(conn, provinces, id, chosen, officer.account, now).await
        })
        .await?
    {}
    read_import(officer, Path(path)).await
}
