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
use crate::kernel::{AccountId, AddressId, CheckoutId, Line, Phone, Text, VariantId};
use crate::people::access::Buyer;
use crate::places;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::platform::idempotency::{self, IdempotencyKey};
use crate::trade::inventory;
use crate::trade::orders::{self, PlacedOrder, addresses, cart, invoices};
use crate::trade::payments::{self, DuePayment, Method};
use crate::trade::vouchers::VoucherCode;

/// There is nothing to quote.
pub const CART_EMPTY: Problem =
    Problem { status: StatusCode::CONFLICT, code: "cart-empty", vi: "Giỏ hàng trống", en: "The cart is empty" };

/// The most codes of one checkout.
const MOST_VOUCHERS: usize = 20;

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
    /// One of the caller's saved addresses, instead of the four fields below. Without either, the usual one.
    address_id: Option<AddressId>,
    /// Who receives the parcels.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 80)]
    recipient: Option<Line<2, 80>>,
    /// Whom the carrier calls.
    phone: Option<Phone>,
    /// Code of the commune.
    #[schema(value_type = Option<String>, min_length = 5, max_length = 5)]
    commune: Option<Line<5, 5>>,
    /// House and street, or hamlet.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 200)]
    street: Option<Line<2, 200>>,
    /// For whoever brings the parcels.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    note: Option<Text<1, 500>>,
    /// How old the buyer says to be; some products need it.
    #[schema(minimum = 1, maximum = 150)]
    stated_age: Option<u8>,
    /// What to buy, lines of one variant added up; without it, everything in the cart.
    #[schema(max_items = 50)]
    lines: Option<Vec<LineWanted>>,
    /// Codes of vouchers: of each shop one, and one of the marketplace or a province.
    #[serde(default)]
    #[schema(max_items = 20)]
    vouchers: Vec<VoucherCode>,
    /// Whom the shops make their invoices out to, if invoices are wanted.
    invoice: Option<invoices::Request>,
}

impl CheckoutRequest {
    /// Refuses what the types do not: a list too long, an age nobody has.
    fn check(&self) -> Result<()> {
        if self.stated_age.is_some_and(|age| !(1..=150).contains(&age)) {
            return Err(Error::from(&INVALID).at("stated_age", "phải từ 1 đến 150 / must be between 1 and 150"));
        }
        self.check_vouchers()?;
        let Some(lines) = &self.lines else { return Ok(()) };
        if !(1..=cart::LONGEST).contains(&lines.len()) {
            let message = format!("must hold 1 to {} lines", cart::LONGEST);
            return Err(Error::from(&INVALID).at("lines", message));
        }
        Ok(())
    }

    /// The lines, those of one variant added up. Refuses a sum nobody may ask for in one line either.
    fn added_up(lines: &[LineWanted]) -> Result<Vec<(VariantId, i32)>> {
        let mut sums: Vec<(VariantId, i32)> = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let before = sums.iter_mut().find(|(variant, _)| *variant == line.variant_id);
            let sum = before.as_ref().map_or(0, |(_, quantity)| *quantity) + line.quantity.get();
            if let Err(why) = cart::Quantity::try_from(i64::from(sum)) {
                let message = format!("tổng các dòng {} / the lines of this variant together {}", why.vi, why.en);
                return Err(Error::from(&INVALID).at(format!("lines[{at}].quantity"), message));
            }
            match before {
                Some(before) => before.1 = sum,
                None => sums.push((line.variant_id, sum)),
            }
        }
        Ok(sums)
    }
}

impl CheckoutRequest {
    /// Refuses too many codes, and one given twice.
    fn check_vouchers(&self) -> Result<()> {
        if self.vouchers.len() > MOST_VOUCHERS {
            return Err(Error::from(&INVALID).at("vouchers", "không quá 20 mã / must be at most 20 codes"));
        }
        let mut seen = BTreeSet::new();
        match self.vouchers.iter().position(|code| !seen.insert(code.key())) {
            None => Ok(()),
            Some(at) => Err(Error::from(&INVALID).at(format!("vouchers[{at}]"), "đã có ở trước / is named before")),
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

/// Ask what an order would cost: one order per shop, with shipping. Takes nothing, promises nothing beyond its hour.
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
            let destination = destination(conn, *account, &request).await?;
            let checkout = address(conn, &request, destination, now).await?;
            let asked = checkout.asked(&lines);
            let quote = placement::quote(conn, *account, asked, &request.vouchers, now).await?;
            placement::require_strangers(conn, *account, &quote).await?;
            let levels = inventory::levels(conn, &lines.iter().map(|line| line.0).collect::<Vec<_>>()).await?;
            inventory::require(&levels, lines.iter().copied())?;
            store::insert(conn, *account, &checkout, &quote).await?;
            if let Some(invoice) = &request.invoice {
                invoices::insert_request(conn, &buyer.app().seal, checkout.id, invoice).await?;
            }
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
        return CheckoutRequest::added_up(lines);
    }
    let items = cart::list(conn, account).await?;
    if items.is_empty() {
        return Err(Error::from(&CART_EMPTY));
    }
    Ok(items.into_iter().map(|item| (item.variant, item.quantity)).collect())
}

/// Where the parcels go.
struct Destination {
    recipient: String,
    phone: String,
    commune: String,
    street: String,
}

/// The address of the request, the saved one it names, or the caller's usual one.
async fn destination(conn: &mut PgConnection, account: AccountId, request: &CheckoutRequest) -> Result<Destination> {
    let CheckoutRequest { address_id, recipient, phone, commune, street, .. } = request;
    match (address_id, recipient, phone, commune, street) {
        (None, Some(recipient), Some(phone), Some(commune), Some(street)) => Ok(Destination {
            recipient: recipient.to_string(),
            phone: phone.to_string(),
            commune: commune.to_string(),
            street: street.to_string(),
        }),
        (_, None, None, None, None) => {
            let saved = addresses::named_or_usual(conn, account, *address_id).await?;
            let why = "chưa có địa chỉ này trong sổ địa chỉ / must be a saved address, or be given in full";
            let saved = saved.ok_or_else(|| Error::from(&INVALID).at("address_id", why))?;
            let addresses::Address { recipient, phone, commune, street, .. } = saved;
            Ok(Destination { recipient, phone, commune, street })
        }
        _ => {
            let why = "phải có đủ recipient, phone, commune, street, hoặc chỉ address_id / must be recipient, phone, commune and street, or address_id alone";
            Err(Error::from(&INVALID).at("recipient", why))
        }
    }
}

/// The checkout as it will be written: the names of its places are kept as they are today.
async fn address(
    conn: &mut PgConnection,
    request: &CheckoutRequest,
    to: Destination,
    now: DateTime<Utc>,
) -> Result<Checkout> {
    let Some(commune) = places::commune(conn, &to.commune).await? else {
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
        recipient: to.recipient,
        phone: to.phone,
        province_code: province.code,
        province_name: province.full_name_vi,
        commune_code: commune.code,
        commune_name: commune.full_name_vi,
        street: to.street,
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
