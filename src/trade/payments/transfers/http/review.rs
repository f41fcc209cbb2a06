//! Money of a shop that fits no order by itself.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::kernel::{ExceptionId, Limit, Page, SellerId};
use crate::people::access::{HandleMoney, Shop};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};
use crate::trade::payments::transfers::model::{Resolution, TransferException};
use crate::trade::payments::transfers::{review, store};

/// Which entries, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExceptionsPage {
    /// Whether they still wait; all if nothing is said.
    waiting: Option<bool>,
    /// Entries on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// Money the shop received that fits no order by itself, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/transfer_exceptions", tag = "payments",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), ExceptionsPage),
    responses((status = OK, body = Page<TransferException>)))]
pub async fn list_transfer_exceptions(
    shop: Shop<HandleMoney>,
    Query(query): Query<ExceptionsPage>,
) -> Result<Json<Page<TransferException>>> {
    let binding = serde_json::to_vec(&("transfer_exceptions", shop.seller, query.waiting))?;
    let before = after::<ExceptionId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let rows = store::exceptions::page(scope, query.waiting, before, query.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, query.limit, &binding, |entry| entry.id)?))
    })
    .await
}

/// An entry in the path.
#[derive(Debug, Deserialize)]
pub struct ExceptionPath {
    exception_id: ExceptionId,
}

/// Say what becomes of such money: it pays an order, was sent back, or has nothing to do with one.
#[utoipa::path(put, path = "/shops/{shop_id}/transfer_exceptions/{exception_id}/resolution", tag = "payments",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("exception_id" = ExceptionId, Path)),
    responses((status = OK, body = TransferException)))]
pub async fn resolve_transfer_exception(
    shop: Shop<HandleMoney>,
    Path(path): Path<ExceptionPath>,
    Json(resolution): Json<Resolution>,
) -> Result<Json<TransferException>> {
    let now = shop.app().clock.now();
    let (resolved, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            review::resolve(conn, (*seller, shop.account), path.exception_id, &resolution, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(Json(resolved))
}
