//! GHN, a carrier: takes orders for parcels, and tells where they are as far as somebody presses the buttons.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use maud::html;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::faults::{Fault, Operation};
use super::notices::{News, Notice, Teller, Telling, Wire, spoiled};
use super::pages::{page, told, typed};
use super::{Refused, Simulator, State as Everything};
use crate::adapters::ghn::{self, StatusMessage};
use crate::kernel::Vnd;
use crate::platform::extract::{Json, Path};

/// Where the marketplace hears of parcels.
const STATUS: &str = "/v1/carriers/ghn/status";
/// How long the carriage takes.
const LEAD_TIME: TimeDelta = TimeDelta::days(3);

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelStatus {
    ReadyToPick,
    Picking,
    Picked,
    Storing,
    Transporting,
    Delivering,
    Delivered,
    DeliveryFail,
    Return,
    Returned,
    Cancel,
    Lost,
    Damage,
}

impl ParcelStatus {
    const ALL: [Self; 13] = [
        Self::ReadyToPick,
        Self::Picking,
        Self::Picked,
        Self::Storing,
        Self::Transporting,
        Self::Delivering,
        Self::Delivered,
        Self::DeliveryFail,
        Self::Return,
        Self::Returned,
        Self::Cancel,
        Self::Lost,
        Self::Damage,
    ];

    /// As GHN writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadyToPick => "ready_to_pick",
            Self::Picking => "picking",
            Self::Picked => "picked",
            Self::Storing => "storing",
            Self::Transporting => "transporting",
            Self::Delivering => "delivering",
            Self::Delivered => "delivered",
            Self::DeliveryFail => "delivery_fail",
            Self::Return => "return",
            Self::Returned => "returned",
            Self::Cancel => "cancel",
            Self::Lost => "lost",
            Self::Damage => "damage",
        }
    }
}

/// A parcel as GHN knows it.
#[derive(Debug, Clone, Serialize)]
pub struct Parcel {
    /// GHN's code.
    pub code: String,
    /// The customer's code; GHN takes each once.
    pub client_code: String,
    /// Where it is.
    pub status: ParcelStatus,
    /// What is collected at the door.
    pub cod: Vnd,
    fee: i64,
    due: DateTime<Utc>,
}

/// The parcels by GHN's code.
#[derive(Debug, Default)]
pub struct Parcels(BTreeMap<String, Parcel>);

impl Parcels {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Parcel> {
        self.0.values()
    }

    fn find(&mut self, code: &str) -> Result<&mut Parcel, Refused> {
        self.0.get_mut(code).ok_or_else(|| Refused::not_found(format!("parcel {code}")))
    }

    fn by_client_code(&self, client_code: &str) -> Option<&Parcel> {
        self.0.values().find(|parcel| parcel.client_code == client_code)
    }
}

pub fn router() -> Router<Simulator> {
    Router::new()
        .route(ghn::PREVIEW, post(preview))
        .route(ghn::CREATE, post(create))
        .route(ghn::DETAIL, post(detail))
        .route(ghn::DETAIL_BY_CLIENT_CODE, post(detail_by_client_code))
        .route(ghn::CANCEL, post(cancel))
        .route(ghn::PRINT_TOKEN, post(print_token))
        .route(ghn::PRINT_PAGE, get(print_page))
        .route("/ghn/{code}", get(show_parcel).post(move_by_button))
        .route("/control/ghn/parcels/{code}", post(move_parcel))
}

/// What the simulator reads of an order; whatever else stands in it is taken as it is.
#[derive(Debug, Deserialize)]
struct Order {
    client_order_code: String,
    weight: i64,
    cod_amount: i64,
    insurance_value: i64,
}

impl Order {
    /// A made-up tariff: by begun half kilograms, and half a percent of what is insured.
    fn fee(&self) -> i64 {
        15_500 + 2_500 * (self.weight / 500) + self.insurance_value / 200
    }
}

fn said(data: &Value) -> Response {
    Json(json!({ "code": 200, "message": "Success", "data": data })).into_response()
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "code": 400, "message": why, "data": null }))).into_response()
}

impl Parcel {
    fn made(&self) -> Value {
        json!({ "order_code": self.code, "total_fee": self.fee, "expected_delivery_time": self.due })
    }

    fn detail(&self) -> Value {
        json!({
            "order_code": self.code,
            "client_order_code": self.client_code,
            "status": self.status,
            "leadtime": self.due,
            "cod_amount": self.cod,
        })
    }
}

async fn preview(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(order): Json<Order>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    let due = simulator.0.clock.now() + LEAD_TIME;
    Ok(simulator.answer(Operation::GhnPreview, |_, fault| match fault {
        Some(Fault::Refuse) => refused("no carriage there"),
        _ => said(&json!({ "order_code": "", "total_fee": order.fee(), "expected_delivery_time": due })),
    }))
}

async fn create(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(order): Json<Order>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    let now = simulator.0.clock.now();
    Ok(simulator.answer(Operation::GhnCreate, |state, fault| {
        if fault == Some(Fault::Refuse) {
            return refused("no carriage there");
        }
        if state.parcels.by_client_code(&order.client_order_code).is_some() {
            return refused("client_order_code exists");
        }
        said(&take(state, order, now).made())
    }))
}

fn take(state: &mut Everything, order: Order, now: DateTime<Utc>) -> &Parcel {
    let code = format!("GHN{}", state.number());
    let parcel = Parcel {
        code: code.clone(),
        fee: order.fee(),
        client_code: order.client_order_code,
        status: ParcelStatus::ReadyToPick,
        cod: Vnd::new(order.cod_amount),
        due: now + LEAD_TIME,
    };
    state.parcels.0.entry(code).or_insert(parcel)
}

#[derive(Debug, Deserialize)]
struct ByCode {
    order_code: String,
}

#[derive(Debug, Deserialize)]
struct ByClientCode {
    client_order_code: String,
}

#[derive(Debug, Deserialize)]
struct ByCodes {
    order_codes: Vec<String>,
}

async fn detail(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<ByCode>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    Ok(simulator.answer(Operation::GhnDetail, |state, _| match state.parcels.find(&asked.order_code) {
        Ok(parcel) => said(&parcel.detail()),
        Err(_) => refused("order not found"),
    }))
}

async fn detail_by_client_code(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<ByClientCode>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    Ok(simulator.answer(Operation::GhnDetail, |state, _| {
        match state.parcels.by_client_code(&asked.client_order_code) {
            Some(parcel) => said(&parcel.detail()),
            None => refused("order not found"),
        }
    }))
}

/// GHN takes an order back until it has the parcel.
async fn cancel(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<ByCodes>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    Ok(simulator.answer(Operation::GhnCancel, |state, fault| {
        let switched = asked.order_codes.iter().map(|code| {
            let waiting = [ParcelStatus::ReadyToPick, ParcelStatus::Picking, ParcelStatus::Cancel];
            let parcel = state.parcels.find(code).ok();
            let parcel = parcel.filter(|parcel| waiting.contains(&parcel.status) && fault != Some(Fault::Refuse));
            let result = parcel.is_some();
            if let Some(parcel) = parcel {
                parcel.status = ParcelStatus::Cancel;
            }
            json!({ "order_code": code, "result": result, "message": if result { "OK" } else { "too late" } })
        });
        said(&switched.collect())
    }))
}

/// The token is the codes themselves: there is nothing to protect here.
async fn print_token(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<ByCodes>,
) -> Result<Response, Refused> {
    simulator.check_token(&headers)?;
    Ok(said(&json!({ "token": asked.order_codes.join(",") })))
}

async fn print_page(State(simulator): State<Simulator>, uri: Uri) -> Response {
    let codes = typed(uri.query().unwrap_or_default().as_bytes(), "token").unwrap_or_default();
    let state = simulator.state();
    let printed = state.parcels.all().filter(|parcel| codes.split(',').any(|code| code == parcel.code));
    let body = html! {
        @for parcel in printed {
            h2 { (parcel.code) }
            p { (parcel.client_code) " · COD " (parcel.cod) }
        }
    };
    page("Nhãn · Label", &body)
}

async fn show_parcel(State(simulator): State<Simulator>, Path(code): Path<String>) -> Result<Response, Refused> {
    let mut state = simulator.state();
    let parcel = state.parcels.find(&code)?.clone();
    let body = html! {
        p { (parcel.client_code) " · " (parcel.status.name()) " · COD " (parcel.cod) }
        form method="post" {
            select name="telling" { @for (telling, says) in Telling::CHOICES { option value=(telling) { (says) } } }
            @for status in ParcelStatus::ALL { button name="status" value=(status.name()) { (status.name()) } " " }
        }
        (told(&state.notices.about(Teller::Ghn, &code)))
    };
    Ok(page(&format!("GHN {code}"), &body))
}

/// What happens to a parcel, and how the marketplace hears of it.
#[derive(Debug, Deserialize)]
struct Move {
    status: ParcelStatus,
    #[serde(default)]
    telling: Telling,
}

async fn move_by_button(
    State(simulator): State<Simulator>,
    Path(code): Path<String>,
    body: Bytes,
) -> Result<Redirect, Refused> {
    let form = ["status", "telling"].map(|name| (name, typed(&body, name)));
    let step: Move = serde_json::from_value(form.into_iter().collect()).map_err(Refused::bad)?;
    simulator.move_parcel(&code, &step).await?;
    Ok(Redirect::to(&format!("/ghn/{code}")))
}

async fn move_parcel(
    State(simulator): State<Simulator>,
    Path(code): Path<String>,
    Json(step): Json<Move>,
) -> Result<Json<Vec<Notice>>, Refused> {
    simulator.move_parcel(&code, &step).await.map(Json)
}

impl Simulator {
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Refused> {
        let contract = &self.0.contracts.ghn;
        let header = |name| headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        let opens = header("token").ct_eq(contract.token.expose_secret().as_bytes());
        if bool::from(opens) && header("shopid") == contract.shop_id.as_bytes() {
            Ok(())
        } else {
            Err(Refused(StatusCode::UNAUTHORIZED, "Token is not valid!".to_owned()))
        }
    }

    async fn move_parcel(&self, code: &str, step: &Move) -> Result<Vec<Notice>, Refused> {
        let message = {
            let mut state = self.state();
            let parcel = state.parcels.find(code)?;
            if step.telling.is_true() {
                parcel.status = step.status;
            }
            StatusMessage {
                order_code: parcel.code.clone(),
                client_order_code: parcel.client_code.clone(),
                status: step.status.name().to_owned(),
                time: self.0.clock.now(),
                reason: None,
                warehouse: None,
            }
        };
        let contracts = &self.0.contracts;
        let body = serde_json::to_string(&message).map_err(Refused::bad)?;
        let signature = ghn::sign(&contracts.ghn.webhook_secret, body.as_bytes()).map_err(Refused::bad)?;
        let signature = if step.telling.is_true() { signature } else { spoiled(&signature) };
        let news = News {
            teller: Teller::Ghn,
            about: code.to_owned(),
            says: message.status,
            wire: Wire::Post {
                url: format!("{}{STATUS}", contracts.marketplace),
                headers: vec![(ghn::SIGNATURE_HEADER, signature)],
                body,
            },
            times: step.telling.times(),
        };
        Ok(self.tell(vec![news]).await)
    }
}
