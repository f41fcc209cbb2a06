//! GHN (Giao Hàng Nhanh), a carrier: the merchant API v2, and the status messages it sends.
//!
//! Orders are made with the *names* of places: since July 2025 addresses have two levels, while GHN's own ids still follow
//! the districts of before, so the names of both go along. What GHN calls `client_order_code` is ours: asked a second
//! time for the same one, GHN makes no second order.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use super::{Http, Unreachable};

/// The header of a status message that proves where it comes from: [`sign`] of its body.
pub const SIGNATURE_HEADER: &str = "x-ghn-signature";

/// Where orders are made.
pub const CREATE: &str = "/shiip/public-api/v2/shipping-order/create";
/// Where one asks what an order would cost.
pub const PREVIEW: &str = "/shiip/public-api/v2/shipping-order/preview";
/// Where an order is asked for by its own code.
pub const DETAIL: &str = "/shiip/public-api/v2/shipping-order/detail";
/// Where an order is asked for by ours.
pub const DETAIL_BY_CLIENT_CODE: &str = "/shiip/public-api/v2/shipping-order/detail-by-client-code";
/// Where orders are cancelled.
pub const CANCEL: &str = "/shiip/public-api/v2/switch-status/cancel";
/// Where one asks for the right to print labels.
pub const PRINT_TOKEN: &str = "/shiip/public-api/v2/a5/gen-token";
/// The page that prints them, a label on half a sheet.
pub const PRINT_PAGE: &str = "/a5/public-api/printA5";

/// What GHN knows about its customer.
#[derive(Clone)]
pub struct Credentials {
    /// The beginning of every address, without a slash at the end.
    pub url: String,
    /// Opens the API.
    pub token: SecretString,
    /// The customer's shop there.
    pub shop_id: String,
    /// Signs what GHN tells.
    pub webhook_secret: SecretString,
}

/// The client.
#[derive(Clone)]
pub struct Ghn {
    http: Http,
    credentials: Credentials,
}

/// Why GHN did not do what it was asked.
#[derive(Debug)]
pub enum GhnError {
    /// It said no, in its own words.
    Refused(String),
    /// Nobody knows whether it did it.
    Unreachable(Unreachable),
}

/// Where a parcel leaves or goes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub name: String,
    /// Whom the driver calls.
    pub phone: String,
    /// House and street, or hamlet.
    pub address: String,
    /// The commune.
    pub ward: String,
    /// The district of before July 2025 the commune lay in.
    pub district: String,
    /// The province.
    pub province: String,
}

/// What the buyer may do before they pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspection {
    /// Nothing (`KHONGCHOXEMHANG`).
    None,
    /// Look (`CHOXEMHANGKHONGTHU`).
    Look,
    /// Look and try (`CHOTHUHANG`).
    Try,
}

impl Inspection {
    const fn note(self) -> &'static str {
        match self {
            Self::None => "KHONGCHOXEMHANG",
            Self::Look => "CHOXEMHANGKHONGTHU",
            Self::Try => "CHOTHUHANG",
        }
    }
}

/// Something in a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// The shop's own code.
    pub code: String,
    /// How many.
    pub quantity: i32,
    /// Price of one, in đồng.
    pub price: i64,
}

/// A parcel to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Our code of it.
    pub client_order_code: String,
    /// Whence.
    pub from: Party,
    /// Where to.
    pub to: Party,
    /// What it weighs.
    pub grams: i32,
    /// Length, width and height.
    pub millimetres: [i32; 3],
    /// What to collect, in đồng.
    pub cod: i64,
    /// What it is worth, in đồng, as far as GHN insures it.
    pub insured: i64,
    /// What the buyer may do before they pay.
    pub inspection: Inspection,
    /// For the driver.
    pub note: Option<String>,
    /// What is in it.
    pub items: Vec<Item>,
}

/// From this weight on a parcel goes as heavy goods.
const HEAVY_GRAMS: i32 = 20_000;

/// The body of create and preview.
#[derive(Serialize)]
struct OrderBody<'a> {
    client_order_code: &'a str,
    from_name: &'a str,
    from_phone: &'a str,
    from_address: &'a str,
    from_ward_name: &'a str,
    from_district_name: &'a str,
    from_province_name: &'a str,
    to_name: &'a str,
    to_phone: &'a str,
    to_address: &'a str,
    to_ward_name: &'a str,
    to_district_name: &'a str,
    to_province_name: &'a str,
    weight: i32,
    length: i32,
    width: i32,
    height: i32,
    cod_amount: i64,
    insurance_value: i64,
    /// 2 light, 5 heavy.
    service_type_id: u8,
    /// 1: the shop pays for the carriage; the buyer has paid the shop for it.
    payment_type_id: u8,
    required_note: &'a str,
    note: Option<&'a str>,
    content: String,
    items: &'a [Item],
}

impl<'a> OrderBody<'a> {
    fn of(order: &'a NewOrder) -> Self {
        let [length, width, height] = order.millimetres.map(centimetres);
        let contents: Vec<&str> = order.items.iter().map(|item| item.name.as_str()).collect();
        Self {
            client_order_code: &order.client_order_code,
            from_name: &order.from.name,
            from_phone: &order.from.phone,
            from_address: &order.from.address,
            from_ward_name: &order.from.ward,
            from_district_name: &order.from.district,
            from_province_name: &order.from.province,
            to_name: &order.to.name,
            to_phone: &order.to.phone,
            to_address: &order.to.address,
            to_ward_name: &order.to.ward,
            to_district_name: &order.to.district,
            to_province_name: &order.to.province,
            weight: order.grams,
            length,
            width,
            height,
            cod_amount: order.cod,
            insurance_value: order.insured,
            service_type_id: if order.grams < HEAVY_GRAMS { 2 } else { 5 },
            payment_type_id: 1,
            required_note: order.inspection.note(),
            note: order.note.as_deref(),
            content: contents.join(", ").chars().take(2_000).collect(),
            items: &order.items,
        }
    }
}

/// GHN measures in whole centimetres; a box that begins one takes it.
const fn centimetres(millimetres: i32) -> i32 {
    (millimetres + 9) / 10
}

/// What GHN made of a parcel, or would.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Made {
    /// GHN's code of it; empty in a preview.
    #[serde(default)]
    pub order_code: String,
    /// What GHN asks for the carriage, in đồng.
    #[serde(default)]
    pub total_fee: i64,
    /// When GHN means to deliver it.
    #[serde(default)]
    pub expected_delivery_time: Option<DateTime<Utc>>,
}

/// What GHN says of a parcel it has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Detail {
    /// GHN's code of it.
    pub order_code: String,
    /// Ours.
    #[serde(default)]
    pub client_order_code: String,
    /// Where it is.
    pub status: String,
    /// When GHN means to deliver it.
    #[serde(default)]
    pub leadtime: Option<DateTime<Utc>>,
}

/// A status message. GHN adds fields as it likes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = GhnStatusMessage, example = json!({
    "OrderCode": "GA9VNKLH", "ClientOrderCode": "01926b5e-8c3f-7c1a-9d2e-5b6f7a8c9d0e", "Status": "delivering",
    "Time": "2026-11-21T03:00:00Z", "Reason": "", "Warehouse": "Bưu cục Tân Phong"
}))]
pub struct StatusMessage {
    /// GHN's code of the parcel.
    pub order_code: String,
    /// Ours.
    #[serde(default)]
    pub client_order_code: String,
    /// Where it is.
    pub status: String,
    /// When it got there.
    pub time: DateTime<Utc>,
    /// Why, where something went wrong.
    #[serde(default)]
    pub reason: Option<String>,
    /// Where.
    #[serde(default)]
    pub warehouse: Option<String>,
}

/// What every answer is wrapped in; `code` repeats the HTTP status.
#[derive(Deserialize)]
struct Envelope<T> {
    code: i64,
    #[serde(default)]
    message: String,
    data: Option<T>,
}

#[derive(Deserialize)]
struct Switched {
    result: bool,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct PrintToken {
    token: String,
}

/// The signature of a status message: HMAC-SHA256 of its raw body, in hexadecimal.
pub fn sign(secret: &SecretString, body: &[u8]) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())?;
    mac.update(body);
    Ok(hex::encode(mac.finalize().into_bytes()))
}

impl Ghn {
    /// A client of the shop at the base URL.
    pub fn new(http: Http, credentials: Credentials) -> Self {
        Self { http, credentials }
    }

    /// Whether a status message was signed with our secret; compared in constant time.
    pub fn is_genuine(&self, body: &[u8], signature: &str) -> anyhow::Result<bool> {
        let expected = sign(&self.credentials.webhook_secret, body)?;
        Ok(expected.as_bytes().ct_eq(signature.to_ascii_lowercase().as_bytes()).into())
    }

    /// What GHN would charge; makes nothing.
    pub async fn preview(&self, order: &NewOrder) -> Result<Made, GhnError> {
        self.call(PREVIEW, &OrderBody::of(order)).await
    }

    /// Has the parcel carried. The same `client_order_code` never makes two: GHN refuses, and is asked what it has.
    pub async fn create(&self, order: &NewOrder) -> Result<Made, GhnError> {
        let refused = match self.call(CREATE, &OrderBody::of(order)).await {
            Err(GhnError::Refused(why)) => why,
            made => return made,
        };
        match self.find(&order.client_order_code).await {
            Ok(found) => {
                Ok(Made { order_code: found.order_code, total_fee: 0, expected_delivery_time: found.leadtime })
            }
            Err(GhnError::Refused(_)) => Err(GhnError::Refused(refused)),
            Err(unreachable) => Err(unreachable),
        }
    }

    /// What GHN has by our code.
    pub async fn find(&self, client_order_code: &str) -> Result<Detail, GhnError> {
        self.call(DETAIL_BY_CLIENT_CODE, &serde_json::json!({ "client_order_code": client_order_code })).await
    }

    /// Where a parcel is.
    pub async fn detail(&self, order_code: &str) -> Result<Detail, GhnError> {
        self.call(DETAIL, &serde_json::json!({ "order_code": order_code })).await
    }

    /// Takes an order back; GHN refuses once it has the parcel.
    pub async fn cancel(&self, order_code: &str) -> Result<(), GhnError> {
        let switched: Vec<Switched> = self.call(CANCEL, &serde_json::json!({ "order_codes": [order_code] })).await?;
        match switched.into_iter().find(|switched| !switched.result) {
            Some(refused) => Err(GhnError::Refused(refused.message)),
            None => Ok(()),
        }
    }

    /// The address of the page that prints the parcel's label; it is good for half an hour.
    pub async fn label(&self, order_code: &str) -> Result<String, GhnError> {
        let granted: PrintToken = self.call(PRINT_TOKEN, &serde_json::json!({ "order_codes": [order_code] })).await?;
        let token: String = form_urlencoded::byte_serialize(granted.token.as_bytes()).collect();
        Ok(format!("{}{PRINT_PAGE}?token={token}", self.credentials.url))
    }

    async fn call<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, GhnError> {
        let request = self.request(path).json(body);
        let answer = self.http.send(request).await.map_err(GhnError::Unreachable)?;
        if answer.status >= 500 {
            return Err(unreachable(format!("HTTP {}", answer.status)));
        }
        let envelope: Envelope<serde_json::Value> =
            serde_json::from_slice(&answer.body).map_err(|error| unreachable(error.to_string()))?;
        if answer.status >= 400 || envelope.code != 200 {
            return Err(GhnError::Refused(envelope.message));
        }
        let data = envelope.data.unwrap_or_default();
        serde_json::from_value(data).map_err(|error| unreachable(error.to_string()))
    }

    fn request(&self, path: &str) -> RequestBuilder {
        self.http
            .post(&format!("{}{path}", self.credentials.url))
            .header("Token", self.credentials.token.expose_secret())
            .header("ShopId", &self.credentials.shop_id)
    }
}

/// GHN answered, but nobody can tell what.
fn unreachable(why: String) -> GhnError {
    GhnError::Unreachable(Unreachable(anyhow::Error::msg(why)))
}
