//! Orders, as their buyer follows and their shop handles them.

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::letters;
use super::life::{self, Actor};
use super::model::{OrderStatus, Turn};
use super::parcels as sending;
use super::store::{self, BuyerRefusals, LineCharges, OrderEvent, OrderFacts, OrderLine, OrderSummary, Reached};
use crate::app::App;
use crate::kernel::{Limit, OrderId, Page, SellerId};
use crate::people::access::{Buyer, HandleOrders, Shop};
use crate::people::notify::Message;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};
use crate::trade::payments::{self, Allocation};
use crate::trade::shipping::parcels::{self, HandedOver, Parcel};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders))
        .routes(routes!(show_order))
        .routes(routes!(confirm_delivery))
        .routes(routes!(cancel_order))
        .routes(routes!(list_shop_orders))
        .routes(routes!(show_shop_order))
        .routes(routes!(accept_order))
        .routes(routes!(pack_order))
        .routes(routes!(ship_order))
        .routes(routes!(record_delivery))
        .routes(routes!(decline_order))
        .routes(routes!(record_refusal))
        .routes(routes!(receive_refused_parcel))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

/// An order.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderView {
    #[serde(flatten)]
    facts: OrderFacts,
    /// What was bought.
    lines: Vec<OrderLine>,
    /// How it is paid, and whether it is.
    payment: Allocation,
    /// Its parcels, the first one first, with where they have been.
    parcels: Vec<Parcel>,
    /// Every turn, from its placement on.
    events: Vec<OrderEvent>,
}

/// An order as its shop sees it before it accepts.
#[derive(Serialize, ToSchema)]
struct ShopOrderView {
    #[serde(flatten)]
    order: OrderView,
    /// What each line is charged, and what that rests on.
    charges: Vec<LineCharges>,
    /// How reliably whoever ordered takes parcels to be paid at the door, over all shops; it names none.
    buyer_refusals: BuyerRefusals,
}

pub(super) async fn view(conn: &mut PgConnection, reached: Reached) -> Result<Json<OrderView>> {
    Ok(Json(OrderView {
        facts: store::facts(conn, reached).await?,
        lines: store::lines(conn, reached).await?,
        payment: payments::find_allocation(conn, reached.id()).await?,
        parcels: parcels::list(conn, reached.id()).await?,
        events: store::events(conn, reached).await?,
    }))
}

/// Which orders, and where the page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrdersPage {
    /// Only those in this state.
    status: Option<OrderStatus>,
    /// Orders on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

impl OrdersPage {
    fn statuses(&self) -> Vec<OrderStatus> {
        self.status.map_or_else(|| OrderStatus::ALL.to_vec(), |status| vec![status])
    }

    /// What a cursor belongs to.
    fn binding(&self, list: &str) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec(&(list, self.status))?)
    }
}

/// The caller's own orders, newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", security(("session" = ["account"])), params(OrdersPage),
    responses((status = OK, body = Page<OrderSummary>)))]
async fn list_orders(buyer: Buyer, Query(query): Query<OrdersPage>) -> Result<Json<Page<OrderSummary>>> {
    let binding = query.binding("orders")?;
    let before = after::<OrderId>(&binding, query.after.as_deref())?;
    buyer
        .see(async |scope| {
            let rows = store::page_of_buyer(scope, &query.statuses(), before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, query.limit, &binding, |order| order.id)?))
        })
        .await
}

/// An order in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct OrderPath {
    order_id: OrderId,
}

/// One of the caller's own orders.
#[utoipa::path(get, path = "/orders/{order_id}", tag = "orders", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn show_order(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let order = store::of_buyer(conn, *account, path.order_id).await?;
            view(conn, order).await
        })
        .await
}

/// Turns one of the buyer's own orders and shows it.
async fn turn_as_buyer(
    buyer: &Buyer,
    path: OrderPath,
    turn: impl AsyncFn(&mut PgConnection, Reached, Actor, DateTime<Utc>) -> Result<()>,
) -> Result<Json<OrderView>> {
    let now = buyer.app().clock.now();
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let order = store::of_buyer(conn, *account, path.order_id).await?;
            turn(conn, order, Actor::buyer(*account), now).await?;
            view(conn, order).await
        })
        .await
}

/// Say that the parcel arrived.
#[utoipa::path(put, path = "/orders/{order_id}/delivery", tag = "orders", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn confirm_delivery(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_buyer(&buyer, path, life::deliver).await
}

/// Cancel an order whose parcel is not closed yet.
#[utoipa::path(put, path = "/orders/{order_id}/cancellation", tag = "orders", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn cancel_order(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    let now = buyer.app().clock.now();
    let (letters, shown) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let order = store::of_buyer(conn, *account, path.order_id).await?;
            let letters = cancel_and_tell(conn, order, Actor::buyer(*account), now).await?;
            Ok((letters, view(conn, order).await?))
        })
        .await?;
    letters::show(buyer.app(), &letters);
    Ok(shown)
}

/// Cancels the order; whoever did not wish it is told, once.
async fn cancel_and_tell(
    conn: &mut PgConnection,
    order: Reached,
    actor: Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    match life::cancel(conn, order, actor, now).await? {
        Turn::Taken => letters::tell_cancelled(conn, order, now).await,
        Turn::TakenBefore => Ok(Vec::new()),
    }
}

/// The shop's orders, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/orders", tag = "orders", security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), OrdersPage), responses((status = OK, body = Page<OrderSummary>)))]
async fn list_shop_orders(
    shop: Shop<HandleOrders>,
    Query(query): Query<OrdersPage>,
) -> Result<Json<Page<OrderSummary>>> {
    let binding = query.binding("shop_orders")?;
    let before = after::<OrderId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let rows = store::page_of_shop(scope, &query.statuses(), before, query.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, query.limit, &binding, |order| order.id)?))
    })
    .await
}

/// One of the shop's orders, with the commission and the taxes it will be charged.
#[utoipa::path(get, path = "/shops/{shop_id}/orders/{order_id}", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)),
    responses((status = OK, body = ShopOrderView)))]
async fn show_shop_order(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<ShopOrderView>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let reached = store::of_shop(conn, *seller, path.order_id).await?;
        let Json(order) = view(conn, reached).await?;
        let charges = store::charges(conn, reached).await?;
        let buyer_refusals = store::buyer_refusals(conn, reached).await?;
        Ok(Json(ShopOrderView { order, charges, buyer_refusals }))
    })
    .await
}

/// Turns one of the shop's orders and shows it.
async fn turn_as_shop(
    shop: &Shop<HandleOrders>,
    path: OrderPath,
    turn: impl AsyncFn(&mut PgConnection, Reached, Actor, DateTime<Utc>) -> Result<()>,
) -> Result<Json<OrderView>> {
    let now = shop.app().clock.now();
    let actor = Actor::seller(shop.account);
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = store::of_shop(conn, *seller, path.order_id).await?;
        turn(conn, order, actor, now).await?;
        view(conn, order).await
    })
    .await
}

/// Accept an order: the shop will deliver it.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/acceptance", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn accept_order(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_shop(&shop, path, life::accept).await
}

/// Say that the parcel is closed; the buyer cannot cancel any more.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/packing", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn pack_order(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_shop(&shop, path, life::pack).await
}

/// Say which carrier has everything that has not left yet, in one parcel: the short way of `POST …/parcels`.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/shipment", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn ship_order(
    shop: Shop<HandleOrders>,
    Path(path): Path<OrderPath>,
    Json(parcel): Json<HandedOver>,
) -> Result<Json<OrderView>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = store::of_shop(conn, *seller, path.order_id).await?;
        sending::ship(conn, (order, *seller), &parcel, Actor::seller(shop.account), now).await?;
        view(conn, order).await
    })
    .await
}

/// Say that the carrier delivered the parcel, and took the cash if it was to be paid on delivery.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/delivery", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn record_delivery(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_shop(&shop, path, sending::deliver_by_shop).await
}

/// Cancel an order the shop cannot deliver and no carrier has yet.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/cancellation", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn decline_order(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    let (now, actor) = (shop.app().clock.now(), Actor::seller(shop.account));
    let (letters, shown) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let order = store::of_shop(conn, *seller, path.order_id).await?;
            let letters = cancel_and_tell(conn, order, actor, now).await?;
            Ok((letters, view(conn, order).await?))
        })
        .await?;
    letters::show(shop.app(), &letters);
    Ok(shown)
}

/// Say that nobody took the parcel and the carrier is bringing it back.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/refusal", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn record_refusal(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_shop(&shop, path, life::refuse).await
}

/// Say that the refused parcel is back: its goods are for sale again, and what was paid for them goes back.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/refusal/receipt", tag = "orders",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)), responses((status = OK, body = OrderView)))]
async fn receive_refused_parcel(shop: Shop<HandleOrders>, Path(path): Path<OrderPath>) -> Result<Json<OrderView>> {
    turn_as_shop(&shop, path, life::returned).await
}
