//! Recording revocations, and the second officer's answer where no shop is concerned.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Confirmation, NewRevocation, Revocation};
use crate::app::App;
use crate::kernel::{CertificateId, Limit, Page, RevocationId};
use crate::people::access::{DecideCertificates, Officer};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of revocations.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_revocations))
        .routes(routes!(record_revocation))
        .routes(routes!(confirm_revocation))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Where a page of records begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RevocationPage {
    /// Records on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The recorded revocations of one's provinces that wait for a second officer, the oldest first.
#[utoipa::path(get, path = "/revocations", tag = "certification", security(("session" = ["certificates.decide"])),
    params(RevocationPage), responses((status = OK, body = Page<Revocation>)))]
async fn list_revocations(
    officer: Officer<DecideCertificates>,
    Query(page): Query<RevocationPage>,
) -> Result<Json<Page<Revocation>>> {
    const LIST: &[u8] = b"revocations";
    let position = after::<RevocationId>(LIST, page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let found = super::waiting(conn, provinces, position, page.limit.fetch()).await?;
            Ok(Json(Page::cut(found, page.limit, LIST, |revocation| revocation.id)?))
        })
        .await
}

/// A certificate in the path.
#[derive(Debug, Deserialize)]
struct CertificatePath {
    certificate_id: CertificateId,
}

/// Record that a certificate was revoked; a second officer confirms it.
#[utoipa::path(post, path = "/certificates/{certificate_id}/revocations", tag = "certification",
    security(("session" = ["certificates.decide"])), params(("certificate_id" = CertificateId, Path)),
    responses((status = CREATED, body = Revocation)))]
async fn record_revocation(
    officer: Officer<DecideCertificates>,
    Path(path): Path<CertificatePath>,
    Json(new): Json<NewRevocation>,
) -> Result<(StatusCode, Json<Revocation>)> {
    let (id, now) = (path.certificate_id, officer.app().clock.now());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let recorded = super::record(conn, provinces, id, &new, officer.account, now).await?;
            Ok((StatusCode::CREATED, Json(recorded)))
        })
        .await
}

/// A record in the path.
#[derive(Debug, Deserialize)]
struct RevocationPath {
    revocation_id: RevocationId,
}

/// Confirm or void the recorded revocation of a certificate whose owner has no shop, as the second officer.
#[utoipa::path(put, path = "/revocations/{revocation_id}/confirmation", tag = "certification",
    security(("session" = ["certificates.decide"])), params(("revocation_id" = RevocationId, Path)),
    responses((status = OK, body = Revocation)))]
async fn confirm_revocation(
    officer: Officer<DecideCertificates>,
    Path(path): Path<RevocationPath>,
    Json(confirmation): Json<Confirmation>,
) -> Result<Json<Revocation>> {
    let (id, now) = (path.revocation_id, officer.app().clock.now());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            Ok(Json(super::confirm(conn, id, provinces, confirmation, officer.account, now).await?))
        })
        .await
}
