//! A shop hands in what its carriers have paid out, and sees what they have not.

mod cash;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{LIMITS, NewRemittance, Remittance, RemittanceRow, WANTED, read};
use super::{store, take_in};
use crate::app::App;
use crate::kernel::{Limit, Line, Page, RemittanceId, SellerId};
use crate::people::access::{HandleMoney, Shop};
use crate::platform::error::{Error, INVALID, Result};
use crate::platform::extract::{Json, Path, Query, RawBody, after};
use crate::platform::sheets::{self, Columns};

/// How old a list may be, in days.
const OLDEST: Days = Days::new(366);

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_remittances, import_remittance))
        .routes(routes!(show_remittance))
        .layer(DefaultBodyLimit::max(LIMITS.bytes))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(cash::list_outstanding_cash))
                .routes(routes!(cash::list_carriers_with_cash))
                .routes(routes!(cash::show_cash_receipt, cash::record_cash_receipt))
                .layer(DefaultBodyLimit::max(8 * 1024)),
        )
}

/// A list with its rows.
#[derive(Serialize, ToSchema)]
struct RemittanceView {
    #[serde(flatten)]
    remittance: Remittance,
    /// Its rows, in the order of the file.
    lines: Vec<RemittanceRow>,
}

async fn view(conn: &mut PgConnection, seller: SellerId, id: RemittanceId) -> Result<Json<RemittanceView>> {
    let remittance = store::find(conn, seller, id).await?;
    Ok(Json(RemittanceView { remittance, lines: store::rows(conn, id).await? }))
}

/// What the file does not say.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemittanceQuery {
    /// Which carrier's list it is, as its parcels name it.
    #[param(value_type = String, min_length = 2, max_length = 60, example = "GHN")]
    carrier: Line<2, 60>,
    /// The day of the money.
    #[param(example = "2026-11-20")]
    date: NaiveDate,
}

/// Hand in a carrier's list of the cash it paid out, as the bare CSV or XLSX file in the body.
///
/// At most 500 rows. Columns are found by their names: mã vận đơn, tiền thu hộ; also tổng phí. A row that fits its parcel
/// is noted as remitted; what differs is listed with its cell. The same file again is the same list: what was noted stays,
/// the rest is looked at again.
#[utoipa::path(post, path = "/shops/{shop_id}/remittances", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), RemittanceQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = CREATED, body = RemittanceView)))]
async fn import_remittance(
    shop: Shop<HandleMoney>,
    Query(query): Query<RemittanceQuery>,
    RawBody(bytes): RawBody,
) -> Result<(StatusCode, Json<RemittanceView>)> {
    let (now, today) = (shop.app().clock.now(), shop.app().clock.today());
    if query.date > today || query.date < today - OLDEST {
        return Err(
            Error::from(&INVALID).at("date", "phải trong một năm đến hôm nay / must lie within the year up to today")
        );
    }
    let digest = Sha256::digest(&bytes);
    let rows = read(&Columns::find(sheets::read(&shop.app().sheets, bytes, LIMITS).await?, &WANTED)?)?;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let new = NewRemittance {
            id: RemittanceId::new(now),
            seller: *seller,
            carrier: query.carrier.as_str(),
            paid_on: query.date,
            digest: &digest,
            by: shop.account,
        };
        let id = take_in(conn, &new, &rows, now).await?;
        Ok((StatusCode::CREATED, view(conn, *seller, id).await?))
    })
    .await
}

/// Where a page of lists begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RemittancesPage {
    /// Lists on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The lists of cash the shop handed in, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/remittances", tag = "remittances",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), RemittancesPage),
    responses((status = OK, body = Page<Remittance>)))]
async fn list_remittances(
    shop: Shop<HandleMoney>,
    Query(query): Query<RemittancesPage>,
) -> Result<Json<Page<Remittance>>> {
    const LIST: &[u8] = b"remittances";
    let before = after::<RemittanceId>(LIST, query.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = store::page(conn, *seller, before, query.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, query.limit, LIST, |list| list.id)?))
    })
    .await
}

/// A list in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct RemittancePath {
    remittance_id: RemittanceId,
}

/// A list of cash with what became of its rows.
#[utoipa::path(get, path = "/shops/{shop_id}/remittances/{remittance_id}", tag = "remittances",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("remittance_id" = RemittanceId, Path)),
    responses((status = OK, body = RemittanceView)))]
async fn show_remittance(shop: Shop<HandleMoney>, Path(path): Path<RemittancePath>) -> Result<Json<RemittanceView>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        view(conn, *seller, path.remittance_id).await
    })
    .await
}
