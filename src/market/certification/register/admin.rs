//! The register on the officers' desk.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{CertificateState, DecisionNumber, SetNo, Stars};
use super::{CertificateFile, RegisterEntry, RegisterFilter, RegisterPosition, export};
use crate::app::App;
use crate::kernel::{CertificateId, Limit, Line, Page};
use crate::people::access::{Officer, ReadCases};
use crate::places;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// The endpoints of the register.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_register))
        .routes(routes!(export::export_register))
        .routes(routes!(read_register_entry))
}

/// Which certificates.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RegisterQuery {
    /// What they are worth today.
    pub(super) state: Option<CertificateState>,
    /// The stars given.
    #[param(value_type = Option<i16>, minimum = 3, maximum = 5)]
    pub(super) stars: Option<Stars>,
    /// The product set.
    #[param(value_type = Option<i16>, minimum = 1, maximum = 26)]
    pub(super) set_no: Option<SetNo>,
    /// Province of issue before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, max_length = 80, example = "ha-giang")]
    pub(super) legacy_province: Option<Line<1, 80>>,
    /// Words of product or owner, with or without accents.
    #[param(value_type = Option<String>, max_length = 120, example = "che shan tuyet")]
    pub(super) q: Option<Line<1, 120>>,
    /// The number of the decision.
    #[param(value_type = Option<String>, example = "3981/QĐ-UBND")]
    pub(super) decision_number: Option<DecisionNumber>,
    /// Last day of validity before this one.
    pub(super) expires_before: Option<NaiveDate>,
    /// Certificates on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    pub(super) limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    pub(super) after: Option<String>,
}

impl RegisterQuery {
    /// The filter with a code for a slug; a province that does not exist is a wrong value.
    pub(super) async fn filter(&self, conn: &mut PgConnection) -> Result<RegisterFilter> {
        if self.expires_before.is_some_and(|day| !(2000..2200).contains(&day.year())) {
            return Err(Error::from(&INVALID)
                .at("expires_before", "phải là một ngày của thời nay / must be a day of this time"));
        }
        let (_, legacy_province) = places::chosen_provinces(conn, None, self.legacy_province.as_deref()).await?;
        Ok(RegisterFilter {
            state: self.state,
            stars: self.stars,
            set_no: self.set_no,
            legacy_province,
            words: super::words(self.q.as_deref()),
            decision_number: self.decision_number.clone(),
            expires_before: self.expires_before,
        })
    }
}

/// The register of one's provinces: claims of their shops, and what decisions brought; what expires first first.
#[utoipa::path(get, path = "/certificates", tag = "certification", security(("session" = ["cases.read"])),
    params(RegisterQuery), responses((status = OK, body = Page<RegisterEntry>)))]
async fn list_register(
    officer: Officer<ReadCases>,
    Query(query): Query<RegisterQuery>,
) -> Result<Json<Page<RegisterEntry>>> {
    let today = officer.app().clock.today();
    let binding = serde_json::to_vec(&("register", &query))?;
    let position = after::<RegisterPosition>(&binding, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let filter = query.filter(conn).await?;
            let found = super::page(conn, provinces, &filter, position, query.limit.fetch(), today).await?;
            Ok(Json(Page::cut(found, query.limit, &binding, RegisterPosition::of)?))
        })
        .await
}

/// A certificate in the path.
#[derive(Debug, Deserialize)]
struct CertificatePath {
    certificate_id: CertificateId,
}

/// A certificate of the register with its filings, revocations and notices.
#[utoipa::path(get, path = "/certificates/{certificate_id}", tag = "certification",
    security(("session" = ["cases.read"])), params(("certificate_id" = CertificateId, Path)),
    responses((status = OK, body = CertificateFile)))]
async fn read_register_entry(
    officer: Officer<ReadCases>,
    Path(path): Path<CertificatePath>,
) -> Result<Json<CertificateFile>> {
    let today = officer.app().clock.today();
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(super::file(conn, provinces, path.certificate_id, today).await?))
        })
        .await
}
