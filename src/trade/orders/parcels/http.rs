//! A shop sends its orders, parcel by parcel.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::life::Actor;
use super::super::store::{self, Reached};
use super::{Sendable, booking, follow, lock, send};
use crate::adapters::ghn::{Ghn, GhnError};
use crate::app::App;
use crate::kernel::clock::day_of;
use crate::kernel::{OrderId, ParcelId, SellerId, Text, Vnd};
use crate::people::access::{HandleOrders, Shop};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{Json, Path};
use crate::platform::idempotency::{self, IdempotencyKey};
use crate::trade::shipping;
use crate::trade::shipping::parcels::{
    self, Booking, Carriage, Measured, News, Packed, Parcel, ParcelStatus, Service, moved_on,
};

/// We do not work with this carrier here.
pub const CARRIER_NOT_OFFERED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "carrier-not-offered",
    vi: "Sàn chưa kết nối với đơn vị vận chuyển này",
    en: "This carrier is not connected here",
};

/// The carrier says no; `detail` has its own words.
pub const CARRIER_REFUSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "carrier-refused",
    vi: "Đơn vị vận chuyển từ chối",
    en: "The carrier refused",
};

/// The carrier does not answer.
pub const CARRIER_SILENT: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "carrier-silent",
    vi: "Đơn vị vận chuyển chưa trả lời, xin thử lại sau",
    en: "The carrier does not answer; please try again later",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(send_parcel))
        .routes(routes!(quote_parcel))
        .routes(routes!(record_parcel_status))
        .routes(routes!(recall_parcel))
        .routes(routes!(print_parcel_label))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// A parcel to be sent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "carriage": { "handed_over": { "carrier": "VNPost", "tracking_code": "EA987654321VN" } }
}))]
struct ParcelToSend {
    /// How it goes.
    carriage: Carriage,
    /// What is in it; left out, everything that is in no parcel yet.
    #[schema(max_items = 50)]
    lines: Option<Vec<Packed>>,
}

/// An order of a shop in the path.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct OrderPath {
    order_id: OrderId,
}

/// A parcel of an order in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ParcelPath {
    order_id: OrderId,
    parcel_id: ParcelId,
}

/// The parcel, if it is one of the order's.
async fn find(conn: &mut PgConnection, order: Reached, id: ParcelId) -> Result<Parcel> {
    let parcels = parcels::list(conn, order.id()).await?;
    parcels.into_iter().find(|parcel| parcel.id == id).or_refuse(&NOT_FOUND)
}

fn ghn(app: &App) -> Result<&Ghn> {
    app.adapters.ghn.as_ref().or_refuse(&CARRIER_NOT_OFFERED)
}

fn refusal(error: GhnError) -> Error {
    match error {
        GhnError::Refused(why) => CARRIER_REFUSED.because(why),
        GhnError::Unreachable(why) => {
            tracing::warn!(error = %format_args!("{:#}", why.0), "GHN");
            Error::from(&CARRIER_SILENT).retry_after(60)
        }
    }
}

/// Send some of a packed order, or all that has not left: a carrier of the shop's has it, or GHN is asked to fetch it.
///
/// Send the same `Idempotency-Key` again to be sure: the same answer comes back, and no second parcel is made.
#[utoipa::path(post, path = "/shops/{shop_id}/orders/{order_id}/parcels", tag = "parcels",
    security(("session" = ["shop.orders"])),
    params(
        ("shop_id" = SellerId, Path),
        ("order_id" = OrderId, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters, new for every parcel"),
    ),
    responses((status = CREATED, body = Parcel)))]
async fn send_parcel(
    shop: Shop<HandleOrders>,
    Path(path): Path<OrderPath>,
    key: IdempotencyKey,
    Json(parcel): Json<ParcelToSend>,
) -> Result<idempotency::Answer> {
    const ROUTE: &str = "POST /v1/shops/{shop_id}/orders/{order_id}/parcels";
    if matches!(parcel.carriage, Carriage::Ghn(_)) {
        ghn(shop.app())?;
    }
    let (now, actor) = (shop.app().clock.now(), Actor::seller(shop.account));
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = store::of_shop(conn, *seller, path.order_id).await?;
        let send = async |conn: &mut PgConnection| {
            let what = (&parcel.carriage, parcel.lines.as_deref());
            let id = send(conn, (order, *seller), what, actor, now).await?;
            Ok((StatusCode::CREATED, find(conn, order, id).await?))
        };
        idempotency::once(conn, (seller.as_uuid(), ROUTE, &key), &(path, &parcel), now, send).await
    })
    .await
}

/// What GHN would charge.
#[derive(Debug, Serialize, ToSchema)]
struct CarrierQuote {
    /// For the carriage; the shop pays it.
    fee_vnd: Vnd,
    /// What it is charged for: what it weighs, or what its volume counts for.
    #[schema(example = 1200)]
    chargeable_grams: i64,
    /// When GHN would deliver.
    expected_at: Option<DateTime<Utc>>,
}

/// Ask what GHN would charge for all that has not left, in one parcel. Books nothing.
#[utoipa::path(post, path = "/shops/{shop_id}/orders/{order_id}/parcel_quotes", tag = "parcels",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path)),
    responses((status = OK, body = CarrierQuote)))]
async fn quote_parcel(
    shop: Shop<HandleOrders>,
    Path(path): Path<OrderPath>,
    Json(measured): Json<Measured>,
) -> Result<Json<CarrierQuote>> {
    let now = shop.app().clock.now();
    let (order, chargeable_grams) = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            let order = store::of_shop(conn, *seller, path.order_id).await?;
            let packed = parcels::quantities(conn, order.id()).await?;
            let left = Sendable::new(&store::lines(conn, order).await?, &packed);
            let rule = shipping::carrier_rule(conn, "ghn", day_of(now)).await?;
            super::model::check("", &measured, Vnd::ZERO, &rule)?;
            let booking = Booking {
                id: ParcelId::new(now),
                order: order.id(),
                seller: *seller,
                status: ParcelStatus::Booking,
                code: None,
                measured,
                cod: Vnd::ZERO,
                lines: left.choose(None)?,
            };
            Ok((booking::order_for_ghn(conn, &booking, &rule, now).await?, measured.chargeable_grams(&rule)))
        })
        .await?;
    let made = ghn(shop.app())?.preview(&order).await.map_err(refusal)?;
    let (fee_vnd, expected_at) = (Vnd::new(made.total_fee), made.expected_delivery_time);
    Ok(Json(CarrierQuote { fee_vnd, chargeable_grams, expected_at }))
}

/// Where a shop may say that a parcel is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportedParcelStatus)]
enum Reported {
    /// The buyer has it, and has paid what was due.
    Delivered,
    /// The buyer did not take it, and it is on its way back.
    Returning,
    /// The shop has it back.
    Returned,
    /// The carrier lost it.
    Lost,
    /// The carrier broke it.
    Damaged,
}

impl Reported {
    const fn status(self) -> (ParcelStatus, &'static str) {
        match self {
            Self::Delivered => (ParcelStatus::Delivered, "delivered"),
            Self::Returning => (ParcelStatus::Returning, "returning"),
            Self::Returned => (ParcelStatus::Returned, "returned"),
            Self::Lost => (ParcelStatus::Lost, "lost"),
            Self::Damaged => (ParcelStatus::Damaged, "damaged"),
        }
    }
}

/// What a shop learnt of a parcel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "delivered" }))]
struct ParcelReport {
    /// Where it is.
    status: Reported,
    /// How that came about.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Option<Text<1, 500>>,
}

/// Say where a parcel is whose carrier does not tell us. Asked again, nothing changes.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/parcels/{parcel_id}/status", tag = "parcels",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path), ("parcel_id" = ParcelId, Path)),
    responses((status = OK, body = Parcel)))]
async fn record_parcel_status(
    shop: Shop<HandleOrders>,
    Path(path): Path<ParcelPath>,
    Json(report): Json<ParcelReport>,
) -> Result<Json<Parcel>> {
    let (now, actor) = (shop.app().clock.now(), Actor::seller(shop.account));
    let (status, said) = report.status.status();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = store::of_shop(conn, *seller, path.order_id).await?;
        lock(conn, order).await?;
        let parcel = find(conn, order, path.parcel_id).await?;
        if parcel.status == status {
            return Ok(Json(parcel));
        }
        parcel.require(parcel.service == Service::Manual && parcel.status.moves_to(status))?;
        let note = report.note.as_deref();
        let news = News { said, status: Some(status), note, at: now, message: None };
        parcels::hear(conn, parcel.id, &news, now).await?;
        follow(conn, order, actor, now).await?;
        Ok(Json(find(conn, order, path.parcel_id).await?))
    })
    .await
}

/// Take back a parcel its carrier has not fetched. The carrier is asked; the parcel shows what came of it.
#[utoipa::path(put, path = "/shops/{shop_id}/orders/{order_id}/parcels/{parcel_id}/recall", tag = "parcels",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path), ("parcel_id" = ParcelId, Path)),
    responses((status = OK, body = Parcel)))]
async fn recall_parcel(shop: Shop<HandleOrders>, Path(path): Path<ParcelPath>) -> Result<Json<Parcel>> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let order = store::of_shop(conn, *seller, path.order_id).await?;
        lock(conn, order).await?;
        let parcel = find(conn, order, path.parcel_id).await?;
        let recalled = parcels::recall(conn, order.id(), Some(parcel.id), now).await?;
        if recalled.is_empty() && parcel.status != ParcelStatus::Cancelled {
            return Err(moved_on(parcel.status));
        }
        Ok(Json(find(conn, order, path.parcel_id).await?))
    })
    .await
}

/// Where a parcel's label is printed.
#[derive(Debug, Serialize, ToSchema)]
struct ParcelLabel {
    /// A page of the carrier's; it is good for half an hour.
    url: String,
}

/// Get the label of a parcel GHN will fetch.
#[utoipa::path(get, path = "/shops/{shop_id}/orders/{order_id}/parcels/{parcel_id}/label", tag = "parcels",
    security(("session" = ["shop.orders"])),
    params(("shop_id" = SellerId, Path), ("order_id" = OrderId, Path), ("parcel_id" = ParcelId, Path)),
    responses((status = OK, body = ParcelLabel)))]
async fn print_parcel_label(shop: Shop<HandleOrders>, Path(path): Path<ParcelPath>) -> Result<Json<ParcelLabel>> {
    let parcel = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            let order = store::of_shop(conn, *seller, path.order_id).await?;
            find(conn, order, path.parcel_id).await
        })
        .await?;
    let client = ghn(shop.app())?;
    let code = match parcel {
        Parcel { service: Service::Ghn, status: ParcelStatus::Booked, tracking_code: Some(code), .. } => code,
        parcel => return Err(moved_on(parcel.status)),
    };
    Ok(Json(ParcelLabel { url: client.label(&code).await.map_err(refusal)? }))
}
