//! The product sets, and a shop's certificates.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::CERTIFICATE_IN_USE;
use super::{Claim, OwnCertificate, ProductSet, store};
use crate::app::{App, Public};
use crate::kernel::{CertificateId, Limit, Page, SellerId};
use crate::market::cases::{self, CaseKind};
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_product_sets))
        .routes(routes!(list_certificates, claim_certificate))
        .routes(routes!(withdraw_certificate_claim))
        .layer(DefaultBodyLimit::max(16 * 1024))
        .merge(super::renewals::http::router())
}

/// The 26 product sets of the programme.
#[utoipa::path(get, path = "/product_sets", tag = "certification", security(()), responses(
    (status = OK, body = Vec<ProductSet>)))]
async fn list_product_sets(public: Public) -> Result<Cacheable<Vec<ProductSet>>> {
    public.see(async |conn| Ok(Cacheable(store::product_sets(conn).await?))).await
}

/// Where a page of certificates begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CertificatePage {
    /// Certificates on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The shop's certificates and claims, the newest claim first.
#[utoipa::path(get, path = "/shops/{shop_id}/certificates", tag = "certification",
    security(("session" = ["shop.read"])), params(("shop_id" = SellerId, Path), CertificatePage),
    responses((status = OK, body = Page<OwnCertificate>)))]
async fn list_certificates(
    shop: Shop<ReadShop>,
    Query(page): Query<CertificatePage>,
) -> Result<Json<Page<OwnCertificate>>> {
    let today = shop.app().clock.today();
    let binding = format!("certificates {}", shop.seller);
    let before = after::<CertificateId>(binding.as_bytes(), page.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = super::page(conn, *seller, before, page.limit.fetch(), today).await?;
        Ok(Json(Page::cut(rows, page.limit, binding.as_bytes(), |own| own.certificate.id)?))
    })
    .await
}

/// Claim a certificate; an officer of the shop's province verifies or refuses it.
#[utoipa::path(post, path = "/shops/{shop_id}/certificates", tag = "certification",
    security(("session" = ["shop.manage"])), params(("shop_id" = SellerId, Path)),
    responses((status = CREATED, body = OwnCertificate)))]
async fn claim_certificate(
    shop: Shop<ManageShop>,
    Json(claim): Json<Claim>,
) -> Result<(StatusCode, Json<OwnCertificate>)> {
    let clock = &shop.app().clock;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let id = super::claim(conn, *seller, &claim, shop.account, clock.now()).await?;
        Ok((StatusCode::CREATED, Json(super::find_own(conn, *seller, id, clock.today()).await?)))
    })
    .await
}

/// A certificate in the path.
#[derive(Debug, Deserialize)]
struct CertificatePath {
    certificate_id: CertificateId,
}

/// Take back a claim nobody has decided on; it is forgotten.
#[utoipa::path(delete, path = "/shops/{shop_id}/certificates/{certificate_id}", tag = "certification",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("certificate_id" = CertificateId, Path)),
    responses((status = NO_CONTENT)))]
async fn withdraw_certificate_claim(shop: Shop<ManageShop>, Path(path): Path<CertificatePath>) -> Result<StatusCode> {
    let id = path.certificate_id;
    shop.act(async |scope| {
        if !store::is_own(scope, id).await? {
            return Err(Error::from(&NOT_FOUND));
        }
        let (conn, seller) = scope.split();
        // The case first, as a verdict does.
        cases::withdraw(conn, CaseKind::CertificateClaim, id.as_uuid()).await?;
        store::delete_claim(conn, *seller, id).await.on_constraint("listings_certificate_fk", &CERTIFICATE_IN_USE)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
