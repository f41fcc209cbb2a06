//! A shop's files for re-rating.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NewFiling, RenewalFiling};
use crate::app::App;
use crate::kernel::{CertificateId, RenewalId, SellerId};
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path};

/// The endpoints of filings.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_renewal_filings, file_renewal))
        .routes(routes!(withdraw_renewal_filing))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// A certificate in the path.
#[derive(Debug, Deserialize)]
struct CertificatePath {
    certificate_id: CertificateId,
}

/// What the shop recorded of files for re-rating the certificate, the newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/certificates/{certificate_id}/renewal_filings", tag = "certification",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("certificate_id" = CertificateId, Path)),
    responses((status = OK, body = Vec<RenewalFiling>)))]
async fn list_renewal_filings(
    shop: Shop<ReadShop>,
    Path(path): Path<CertificatePath>,
) -> Result<Json<Vec<RenewalFiling>>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        super::require_own(conn, *seller, path.certificate_id).await?;
        Ok(Json(super::of(conn, path.certificate_id).await?))
    })
    .await
}

/// Record that the file for re-rating was taken in; an officer of the shop's province confirms it.
#[utoipa::path(post, path = "/shops/{shop_id}/certificates/{certificate_id}/renewal_filings", tag = "certification",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("certificate_id" = CertificateId, Path)),
    responses((status = CREATED, body = RenewalFiling)))]
async fn file_renewal(
    shop: Shop<ManageShop>,
    Path(path): Path<CertificatePath>,
    Json(filing): Json<NewFiling>,
) -> Result<(StatusCode, Json<RenewalFiling>)> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let recorded = super::file(conn, *seller, path.certificate_id, &filing, shop.account, now).await?;
        Ok((StatusCode::CREATED, Json(recorded)))
    })
    .await
}

/// A filing in the path.
#[derive(Debug, Deserialize)]
struct FilingPath {
    certificate_id: CertificateId,
    renewal_id: RenewalId,
}

/// Take back a filing nobody has decided on.
#[utoipa::path(delete, path = "/shops/{shop_id}/certificates/{certificate_id}/renewal_filings/{renewal_id}",
    tag = "certification", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("certificate_id" = CertificateId, Path), ("renewal_id" = RenewalId, Path)),
    responses((status = NO_CONTENT)))]
async fn withdraw_renewal_filing(shop: Shop<ManageShop>, Path(path): Path<FilingPath>) -> Result<StatusCode> {
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        super::withdraw(conn, *seller, path.certificate_id, path.renewal_id).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
