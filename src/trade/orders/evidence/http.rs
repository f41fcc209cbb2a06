//! Evidence for a shop's OCOP dossier, and its check by anybody.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Issued, Period, SalesCertificate};
use super::{document, store};
use crate::app::{App, Public};
use crate::kernel::clock::{day_of, start_of_day};
use crate::kernel::{Limit, Page, SalesCertificateId, SellerId};
use crate::market::{catalogue, sellers};
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::printable::Printable;

/// Enough certificates for a day.
pub const SALES_CERTIFICATES_FULL: Problem = Problem {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "sales-certificates-full",
    vi: "Hôm nay gian hàng đã nhận đủ số bản xác nhận doanh số",
    en: "The shop has been issued enough sales certificates today",
};

/// Certificates a shop is issued a day, at most.
const MOST_A_DAY: i64 = 20;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_shop_link))
        .routes(routes!(list_sales_certificates, issue_sales_certificate))
        .routes(routes!(check_sales_certificate))
        .routes(routes!(print_sales_certificate))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

/// The address of a shop on the marketplace.
#[derive(Debug, Serialize, ToSchema)]
struct ShopLink {
    /// The shop's name.
    seller_name: String,
    /// The path of its public page.
    #[schema(example = "/v1/sellers/hop-tac-xa-tra-sin-suoi-ho")]
    path: String,
    /// The whole address; null where the operator has not said where the marketplace is reached.
    #[schema(example = "https://cho.example.vn/v1/sellers/hop-tac-xa-tra-sin-suoi-ho")]
    url: Option<String>,
    /// Products on the shelf.
    listings: i64,
    /// When the first of them was published; null without any.
    since: Option<DateTime<Utc>>,
    /// Made for the demonstration.
    demo: bool,
}

/// The public address of an approved shop, as evidence of selling through e-commerce.
#[utoipa::path(get, path = "/shops/{shop_id}/evidence/shop_link", tag = "evidence",
    security(("session" = ["shop.read"])), params(("shop_id" = SellerId, Path)),
    responses((status = OK, body = ShopLink)))]
async fn show_shop_link(shop: Shop<ReadShop>) -> Result<Json<ShopLink>> {
    let settings = &shop.app().settings;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let summary = sellers::approved(conn, *seller).await?;
        let on_shelf = catalogue::on_shelf(conn, *seller).await?;
        let path = format!("/v1/sellers/{}", summary.slug);
        Ok(Json(ShopLink {
            url: settings.public_url.as_ref().map(|url| url.of(&path)),
            path,
            seller_name: summary.name,
            listings: on_shelf.listings,
            since: on_shelf.since,
            demo: summary.demo,
        }))
    })
    .await
}

/// Where a page of certificates begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SalesCertificatesPage {
    /// Certificates on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The sales certificates the shop was issued, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/sales_certificates", tag = "evidence",
    security(("session" = ["shop.manage"])), params(("shop_id" = SellerId, Path), SalesCertificatesPage),
    responses((status = OK, body = Page<Issued>)))]
async fn list_sales_certificates(
    shop: Shop<ManageShop>,
    Query(page): Query<SalesCertificatesPage>,
) -> Result<Json<Page<Issued>>> {
    let binding = format!("sales_certificates {}", shop.seller);
    let before = after::<SalesCertificateId>(binding.as_bytes(), page.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = store::page(conn, *seller, before, page.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, page.limit, binding.as_bytes(), |issued| issued.id)?))
    })
    .await
}

/// Have the shop's sales over a period certified: delivered orders only. Whoever is given the id can read and check it.
#[utoipa::path(post, path = "/shops/{shop_id}/sales_certificates", tag = "evidence",
    security(("session" = ["shop.manage"])), params(("shop_id" = SellerId, Path)),
    responses((status = CREATED, body = SalesCertificate)))]
async fn issue_sales_certificate(
    shop: Shop<ManageShop>,
    Json(period): Json<Period>,
) -> Result<(StatusCode, Json<SalesCertificate>)> {
    let (now, seal) = (shop.app().clock.now(), &shop.app().seal);
    let today = day_of(now);
    period.check(today)?;
    // One snapshot: the totals and the products of a certificate agree to the last pack.
    let look = shop.see(async |scope| {
        let (conn, seller) = scope.split();
        if store::count_since(conn, *seller, start_of_day(today)).await? >= MOST_A_DAY {
            let wait = (start_of_day(today + Days::new(1)) - now).num_seconds();
            return Err(Error::from(&SALES_CERTIFICATES_FULL).retry_after(wait.unsigned_abs()));
        }
        super::figures(conn, *seller, period).await
    });
    let figures = look.await?;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let id = super::issue(conn, seal, *seller, (period, &figures), (shop.account, now)).await?;
        Ok((StatusCode::CREATED, Json(super::find(conn, seal, id).await?)))
    })
    .await
}

/// A certificate in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct SalesCertificatePath {
    sales_certificate_id: SalesCertificateId,
}

/// Check a sales certificate: what it says, and whether that is still what was issued. Compare the digest with the one
/// on the paper.
#[utoipa::path(get, path = "/sales_certificates/{sales_certificate_id}", tag = "evidence", security(()),
    params(("sales_certificate_id" = SalesCertificateId, Path)),
    responses((status = OK, body = SalesCertificate)))]
async fn check_sales_certificate(
    public: Public,
    Path(path): Path<SalesCertificatePath>,
) -> Result<Json<SalesCertificate>> {
    let seal = &public.app().seal;
    public.see(async |conn| Ok(Json(super::find(conn, seal, path.sales_certificate_id).await?))).await
}

/// A sales certificate to print.
#[utoipa::path(get, path = "/sales_certificates/{sales_certificate_id}/document", tag = "evidence", security(()),
    params(("sales_certificate_id" = SalesCertificateId, Path)),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn print_sales_certificate(public: Public, Path(path): Path<SalesCertificatePath>) -> Result<Printable> {
    let (id, app) = (path.sales_certificate_id, public.app());
    let certificate = public.see(async |conn| super::find(conn, &app.seal, id).await).await?;
    let check = format!("/v1/sales_certificates/{id}");
    let check = app.settings.public_url.as_ref().map_or(check.clone(), |url| url.of(&check));
    Ok(document::printable(&certificate, &check))
}
