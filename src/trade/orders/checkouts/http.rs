//! Asking for a quote, and placing it.

use std::collections::BTreeSet;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Quote;
use super::paying;
use super::placement::{self, Agreement, Placed};
use super::store::{self, Checkout, CheckoutStatus};
use crate::app::App;
use crate::calendar;
use crate::kernel::{AccountId, CheckoutId, Line, Phone, Text, VariantId};
use crate::people::access::Buyer;
use crate::places;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::platform::idempotency::{self, IdempotencyKey};
use crate::trade::inventory;
use crate::trade::orders::{self, PlacedOrder, cart};
use crate::trade::payments::{self, DuePayment, Method};

/// There is nothing to quote.
pub const CART_EMPTY: Problem =
    Problem { status: StatusCode::CONFLICT, code: "cart-empty", vi: "Giỏ hàng trống", en: "The cart is empty" };

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_checkout))
        .routes(routes!(show_checkout))
        .routes(routes!(place_checkout))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Something to buy.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LineWanted {
    /// What.
    variant_id: VariantId,
    /// How many.
    quantity: cart::Quantity,
}

/// What to buy, and where it goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "recipient": "Nguyễn Thị Hoa",
    "phone": "0912 345 678",
    "commune": "00004",
    "street": "12 phố Phan Đình Phùng",
    "note": "Gọi trước khi giao"
}))]
struct CheckoutRequest {
    /// Who receives the parcels.
    #[schema(value_type = String, min_length = 2, max_length = 80)]
    recipient: Line<2, 80>,
    /// Whom the carrier calls.
    phone: Phone,
    /// Code of the commune.
    #[schema(value_type = String, min_length = 5, max_length = 5)]
    commune: Line<5, 5>,
    /// House and street, or hamlet.
    #[schema(value_type = String, min_length = 2, max_length = 200)]
    street: Line<2, 200>,
    /// For whoever brings the parcels.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Option<Text<1, 500>>,
    /// How old the buyer says to be; some products need it.
    #[schema(minimum = 1, maximum = 150)]
    stated_age: Option<u8>,
    /// What to buy; without it, everything in the cart.
    #[schema(max_items = 50)]
    lines: Option<Vec<LineWanted>>,
}

impl CheckoutRequest {
    /// Refuses what the types do not: a list too long or naming something twice, an age nobody has.
    fn check(&self) -> Result<()> {
        if self.stated_age.is_some_and(|age| !(1..=150).contains(&age)) {
            return Err(Error::from(&INVALID).at("stated_age", "phải từ 1 đến 150 / must be between 1 and 150"));
        }
        let Some(lines) = &self.lines else { return Ok(()) };
        if !(1..=cart::LONGEST).contains(&lines.len()) {
            let message = format!("must hold 1 to {} lines", cart::LONGEST);
            return Err(Error::from(&INVALID).at("lines", message));
        }
        let mut seen = BTreeSet::new();
        match lines.iter().position(|line| !seen.insert(line.variant_id)) {
            None => Ok(()),
            Some(at) => {
                Err(Error::from(&INVALID).at(format!("lines[{at}].variant_id"), "đã có ở dòng trước / is named before"))
            }
        }
    }
}

/// A checkout with its quote.
#[derive(Serialize, ToSchema)]
struct CheckoutView {
    #[serde(flatten)]
    checkout: Checkout,
    #[serde(flatten)]
    quote: Quote,
    /// How it may be paid; empty once it is placed.
    methods: Vec<Method>,
    /// What it became; empty until it is placed.
    orders: Vec<PlacedOrder>,
    /// What of it is still to be paid; empty until it is placed.
    payments: Vec<DuePayment>,
}

/// Ask what an order would cost: one parcel per shop, with shipping. Takes nothing, promises nothing beyond its hour.
#[utoipa::path(post, path = "/checkouts", tag = "checkouts", security(("session" = ["account"])),
    responses((status = CREATED, body = CheckoutView)))]
async fn create_checkout(
    buyer: Buyer,
    Json(request): Json<CheckoutRequest>,
) -> Result<(StatusCode, Json<CheckoutView>)> {
    request.check()?;
    let (now, gateways) = (buyer.app().clock.now(), payments::offered(buyer.app()));
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let lines = lines_of(conn, *account, &request).await?;
            let checkout = address(conn, &request, now).await?;
            let place = (checkout.province_code.as_str(), checkout.commune_code.as_str());
            let quote = placement::quote(conn, &lines, place, checkout.stated_age, now).await?;
            placement::require_strangers(conn, *account, &quote).await?;
            let levels = inventory::levels(conn, &lines.iter().map(|line| line.0).collect::<Vec<_>>()).await?;
            inventory::require(&levels, lines.iter().copied())?;
            store::insert(conn, *account, &checkout, &quote).await?;
            let methods = paying::offered(conn, &quote, &gateways, now).await?;
            let view = CheckoutView { checkout, quote, methods, orders: Vec::new(), payments: Vec::new() };
            Ok((StatusCode::CREATED, Json(view)))
        })
        .await
}

/// What is to be bought: the lines of the request, or the cart.
async fn lines_of(
    conn: &mut PgConnection,
    account: AccountId,
    request: &CheckoutRequest,
) -> Result<Vec<(VariantId, i32)>> {
    if let Some(lines) = &request.lines {
        return Ok(lines.iter().map(|line| (line.variant_id, line.quantity.get())).collect());
    }
    let items = cart::list(conn, account).await?;
    if items.is_empty() {
        return Err(Error::from(&CART_EMPTY));
    }
    Ok(items.into_iter().map(|item| (item.variant, item.quantity)).collect())
}

/// The checkout as it will be written: the names of its places are kept as they are today.
async fn address(conn: &mut PgConnection, request: &CheckoutRequest, now: DateTime<Utc>) -> Result<Checkout> {
    let Some(commune) = places::commune(conn, request.commune.as_str()).await? else {
        return Err(
            Error::from(&INVALID).at("commune", "phải là mã xã hiện hành / must be the code of a commune of today")
        );
    };
    let Some(province) = places::province(conn, &commune.province_code).await? else {
        return Err(Error::fault(format!("commune {} lies in no province", commune.code)));
    };
    Ok(Checkout {
        id: CheckoutId::new(now),
        status: CheckoutStatus::Quoted,
        recipient: request.recipient.to_string(),
        phone: request.phone.to_string(),
        province_code: province.code,
        province_name: province.full_name_vi,
        commune_code: commune.code,
        commune_name: commune.full_name_vi,
        street: request.street.to_string(),
        note: request.note.as_ref().map(ToString::to_string),
        stated_age: request.stated_age.map(i16::from),
        created_at: now,
        expires_at: calendar::due(conn, "checkout.quote", now).await?,
        placed_at: None,
    })
}

/// A checkout in the path.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct CheckoutPath {
    checkout_id: CheckoutId,
}

/// One of the caller's own checkouts.
#[utoipa::path(get, path = "/checkouts/{checkout_id}", tag = "checkouts", security(("session" = ["account"])),
    params(("checkout_id" = CheckoutId, Path)), responses((status = OK, body = CheckoutView)))]
async fn show_checkout(buyer: Buyer, Path(path): Path<CheckoutPath>) -> Result<Json<CheckoutView>> {
    let (now, gateways) = (buyer.app().clock.now(), payments::offered(buyer.app()));
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let checkout = store::find(conn, *account, path.checkout_id).await?;
            let quote = store::quote(conn, checkout.id).await?;
            let methods = match checkout.status {
                CheckoutStatus::Quoted => paying::offered(conn, &quote, &gateways, now).await?,
                CheckoutStatus::Placed => Vec::new(),
            };
            let orders = orders::of_checkout(conn, checkout.id).await?;
            let payments = payments::due_of_checkout(conn, checkout.id).await?;
            Ok(Json(CheckoutView { checkout, quote, methods, orders, payments }))
        })
        .await
}

/// Place a checkout: one order per shop, all or none, for the total the buyer saw.
///
/// Send the same `Idempotency-Key` again to be sure: the same answer comes back, and nothing is ordered twice.
#[utoipa::path(put, path = "/checkouts/{checkout_id}/placement", tag = "checkouts",
    security(("session" = ["account"])),
    params(
        ("checkout_id" = CheckoutId, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters, new for every placement"),
    ),
    responses((status = CREATED, body = Placed)))]
async fn place_checkout(
    buyer: Buyer,
    Path(path): Path<CheckoutPath>,
    key: IdempotencyKey,
    Json(agreement): Json<Agreement>,
) -> Result<idempotency::Answer> {
    const ROUTE: &str = "PUT /v1/checkouts/{checkout_id}/placement";
    let (now, gateways) = (buyer.app().clock.now(), payments::offered(buyer.app()));
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let place = async |conn: &mut PgConnection| {
                placement::place(conn, *account, path.checkout_id, (agreement, &gateways), now).await
            };
            idempotency::once(conn, (account.as_uuid(), ROUTE, &key), &(path, agreement), now, place).await
        })
        .await
}
