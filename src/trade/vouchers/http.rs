//! A shop's own vouchers, and the programmes it may take part in.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::form::{Terms, VoucherForm};
use super::model::Voucher;
use super::store;
use crate::app::App;
use crate::kernel::{Limit, Page, SellerId, VoucherId};
use crate::market::sellers;
use crate::people::access::{OfferVouchers, ReadShop, Shop};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shop_vouchers, offer_voucher))
        .routes(routes!(end_shop_voucher))
        .routes(routes!(list_voucher_programmes))
        .routes(routes!(join_voucher_programme, leave_voucher_programme))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Where a page of vouchers begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VoucherPage {
    /// Vouchers on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// A voucher in the path.
#[derive(Debug, Deserialize)]
pub(super) struct VoucherPath {
    pub voucher_id: VoucherId,
}

/// The shop's own vouchers and how far they have been used, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/vouchers", tag = "vouchers", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), VoucherPage), responses((status = OK, body = Page<Voucher>)))]
async fn list_shop_vouchers(shop: Shop<ReadShop>, Query(query): Query<VoucherPage>) -> Result<Json<Page<Voucher>>> {
    const LIST: &[u8] = b"shop vouchers";
    let before = after::<VoucherId>(LIST, query.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let vouchers = store::page_of_shop(conn, *seller, before, query.limit.fetch()).await?;
        Ok(Json(Page::cut(vouchers, query.limit, LIST, |voucher| voucher.id)?))
    })
    .await
}

/// Offer a voucher the shop bears itself, for its own goods. What is promised cannot be changed, only ended.
#[utoipa::path(post, path = "/shops/{shop_id}/vouchers", tag = "vouchers", security(("session" = ["shop.vouchers"])),
    params(("shop_id" = SellerId, Path)), responses((status = CREATED, body = Voucher)))]
async fn offer_voucher(
    shop: Shop<OfferVouchers>,
    Json(form): Json<VoucherForm>,
) -> Result<(StatusCode, Json<Voucher>)> {
    let clock = &shop.app().clock;
    let now = clock.now();
    let promise = form.promise("", clock.today(), Terms::of_shop(shop.seller)?)?;
    let id = VoucherId::new(now);
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        sellers::approved(conn, *seller).await?;
        store::insert(conn, id, &promise, shop.account, now).await?;
        let voucher = store::of_shop(conn, *seller, id).await?.or_refuse(&NOT_FOUND)?;
        Ok((StatusCode::CREATED, Json(voucher)))
    })
    .await
}

/// End one of the shop's own vouchers now; what was bought with it stays as it is.
#[utoipa::path(delete, path = "/shops/{shop_id}/vouchers/{voucher_id}", tag = "vouchers",
    security(("session" = ["shop.vouchers"])),
    params(("shop_id" = SellerId, Path), ("voucher_id" = VoucherId, Path)), responses((status = NO_CONTENT)))]
async fn end_shop_voucher(shop: Shop<OfferVouchers>, Path(path): Path<VoucherPath>) -> Result<StatusCode> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let voucher = store::of_shop(conn, *seller, path.voucher_id).await?.or_refuse(&NOT_FOUND)?;
        store::end(conn, voucher.id, now).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody else's voucher that would have the shop bear a share.
#[derive(Debug, Serialize, ToSchema)]
struct Programme {
    /// The voucher.
    #[serde(flatten)]
    voucher: Voucher,
    /// Whether the shop has agreed to take part; until then it does not apply to the shop's goods.
    takes_part: bool,
}

async fn programmes(conn: &mut PgConnection, seller: SellerId, today: NaiveDate) -> Result<Vec<Programme>> {
    let province = sellers::summary(conn, seller).await?.province_code;
    let vouchers = store::open_to_shop(conn, seller, &province, today).await?;
    let programme = |voucher: Voucher| Programme { takes_part: voucher.participants.contains(&seller), voucher };
    Ok(vouchers.into_iter().map(programme).collect())
}

/// What the shop cannot take part in does not exist for it.
async fn require_open(conn: &mut PgConnection, seller: SellerId, voucher: VoucherId, today: NaiveDate) -> Result<()> {
    let open = programmes(conn, seller, today).await?;
    let is_open = open.iter().any(|programme| programme.voucher.id == voucher);
    if is_open { Ok(()) } else { Err(Error::from(&NOT_FOUND)) }
}

/// The marketplace's and the province's vouchers the shop may take part in by bearing its share.
#[utoipa::path(get, path = "/shops/{shop_id}/voucher_programmes", tag = "vouchers",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = Vec<Programme>)))]
async fn list_voucher_programmes(shop: Shop<ReadShop>) -> Result<Json<Vec<Programme>>> {
    let today = shop.app().clock.today();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        Ok(Json(programmes(conn, *seller, today).await?))
    })
    .await
}

/// Agree to bear the shop's share of a voucher, from now on.
#[utoipa::path(put, path = "/shops/{shop_id}/voucher_programmes/{voucher_id}", tag = "vouchers",
    security(("session" = ["shop.vouchers"])),
    params(("shop_id" = SellerId, Path), ("voucher_id" = VoucherId, Path)), responses((status = NO_CONTENT)))]
async fn join_voucher_programme(shop: Shop<OfferVouchers>, Path(path): Path<VoucherPath>) -> Result<StatusCode> {
    let clock = &shop.app().clock;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        require_open(conn, *seller, path.voucher_id, clock.today()).await?;
        store::insert_participant(conn, (path.voucher_id, *seller), shop.account, clock.now()).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bear no share of a voucher from now on; orders placed with it stay as they are.
#[utoipa::path(delete, path = "/shops/{shop_id}/voucher_programmes/{voucher_id}", tag = "vouchers",
    security(("session" = ["shop.vouchers"])),
    params(("shop_id" = SellerId, Path), ("voucher_id" = VoucherId, Path)), responses((status = NO_CONTENT)))]
async fn leave_voucher_programme(shop: Shop<OfferVouchers>, Path(path): Path<VoucherPath>) -> Result<StatusCode> {
    let today = shop.app().clock.today();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let took_part = store::delete_participant(conn, path.voucher_id, *seller).await?;
        if took_part { Ok(()) } else { require_open(conn, *seller, path.voucher_id, today).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
