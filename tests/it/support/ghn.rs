//! GHN at the wire, as small as the stories need it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use ocop_market::adapters::ghn::{self, Credentials, Ghn};
use ocop_market::adapters::{Adapters, Http};
use ocop_market::platform::extract::Json;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{Actor, Answer, TestApp};

const SECRET: &str = "bí mật của bài kiểm thử";

/// What goes wrong with the next order made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// GHN says no.
    Refuse,
    /// GHN makes the order, and its answer never arrives.
    LoseAnswer,
}

#[derive(Default)]
struct Book {
    /// Bodies of create as they came.
    orders: Vec<Value>,
    statuses: Vec<String>,
    faults: VecDeque<Fault>,
}

/// A running GHN.
#[derive(Clone)]
pub struct FakeGhn {
    book: Arc<Mutex<Book>>,
    url: String,
}

impl FakeGhn {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self { book: Arc::default(), url: format!("http://{}", listener.local_addr().unwrap()) };
        let router = Router::new()
            .route(ghn::CREATE, post(create))
            .route(ghn::PREVIEW, post(preview))
            .route(ghn::DETAIL, post(detail))
            .route(ghn::DETAIL_BY_CLIENT_CODE, post(detail))
            .route(ghn::CANCEL, post(cancel))
            .route(ghn::PRINT_TOKEN, post(print_token))
            .with_state(fake.clone());
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        fake
    }

    /// A marketplace connected to it.
    pub async fn marketplace(&self) -> TestApp {
        let client = self.client();
        TestApp::with(Adapters { ghn: Some(client), ..Adapters::none().unwrap() }, None).await
    }

    pub fn client(&self) -> Ghn {
        let credentials = Credentials {
            url: self.url.clone(),
            token: "token".into(),
            shop_id: "885".to_owned(),
            webhook_secret: SECRET.into(),
        };
        Ghn::new(Http::new().unwrap(), credentials)
    }

    /// What the next orders meet with, one each.
    pub fn fail(&self, faults: &[Fault]) {
        self.book.lock().unwrap().faults = faults.iter().copied().collect();
    }

    /// The orders GHN made, as they were asked for.
    pub fn orders(&self) -> Vec<Value> {
        self.book.lock().unwrap().orders.clone()
    }

    /// Moves an order at GHN without a word to anybody.
    pub fn moves(&self, order: usize, status: &str) {
        status.clone_into(&mut self.book.lock().unwrap().statuses[order]);
    }

    pub fn status(&self, order: usize) -> String {
        self.book.lock().unwrap().statuses[order].clone()
    }
}

/// A status message's body.
pub fn message(code: &str, status: &str, time: &str) -> String {
    json!({
        "OrderCode": code, "ClientOrderCode": "", "Status": status, "Time": time, "Type": "switch_status",
        "Reason": "", "CODAmount": 0, "Warehouse": "Bưu cục 1",
    })
    .to_string()
}

/// GHN's signature of a message.
pub fn signature(body: &[u8]) -> String {
    ghn::sign(&SecretString::from(SECRET), body).unwrap()
}

impl Actor {
    /// Sends GHN's message, signed.
    pub async fn ghn_says(&self, body: &str) -> Answer {
        self.ghn_message(body, &signature(body.as_bytes())).await
    }

    /// Sends a message with that signature.
    pub async fn ghn_message(&self, body: &str, signature: &str) -> Answer {
        let headers = [(ghn::SIGNATURE_HEADER, signature), ("content-type", "application/json")];
        self.send(axum::http::Method::POST, "/v1/carriers/ghn/status", &headers, body.to_owned().into()).await
    }
}

fn yes(data: &Value) -> Response {
    Json(json!({ "code": 200, "message": "Success", "data": data })).into_response()
}

fn no(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "code": 400, "message": why, "data": null }))).into_response()
}

fn code(order: usize) -> String {
    format!("GHN{order:06}")
}

async fn create(State(fake): State<FakeGhn>, headers: HeaderMap, Json(order): Json<Value>) -> Response {
    assert_eq!((headers["token"].as_bytes(), headers["shopid"].as_bytes()), (&b"token"[..], &b"885"[..]));
    let mut book = fake.book.lock().unwrap();
    let fault = book.faults.pop_front();
    if fault == Some(Fault::Refuse) {
        return no("Khu vực chưa hỗ trợ");
    }
    if book.orders.iter().any(|made| made["client_order_code"] == order["client_order_code"]) {
        return no("CLIENT_ORDER_CODE_EXISTED");
    }
    let made = json!({
        "order_code": code(book.orders.len()), "total_fee": 22_000, "expected_delivery_time": "2026-11-24T16:00:00Z",
    });
    book.orders.push(order);
    book.statuses.push("ready_to_pick".to_owned());
    if fault == Some(Fault::LoseAnswer) { StatusCode::BAD_GATEWAY.into_response() } else { yes(&made) }
}

async fn preview(State(fake): State<FakeGhn>) -> Response {
    let mut book = fake.book.lock().unwrap();
    match book.faults.pop_front() {
        Some(Fault::Refuse) => no("Khu vực chưa hỗ trợ"),
        Some(Fault::LoseAnswer) => StatusCode::BAD_GATEWAY.into_response(),
        None => {
            yes(&json!({ "order_code": "", "total_fee": 22_000, "expected_delivery_time": "2026-11-24T16:00:00Z" }))
        }
    }
}

async fn detail(State(fake): State<FakeGhn>, Json(asked): Json<Value>) -> Response {
    let book = fake.book.lock().unwrap();
    let found = book.orders.iter().enumerate().find(|(at, order)| {
        asked["order_code"] == code(*at) || asked["client_order_code"] == order["client_order_code"]
    });
    match found {
        None => no("order not found"),
        Some((at, order)) => yes(&json!({
            "order_code": code(at), "client_order_code": order["client_order_code"], "status": book.statuses[at],
            "leadtime": "2026-11-24T16:00:00Z",
        })),
    }
}

async fn cancel(State(fake): State<FakeGhn>, Json(asked): Json<Value>) -> Response {
    let mut book = fake.book.lock().unwrap();
    let at = (0..book.orders.len()).find(|at| asked["order_codes"][0] == code(*at)).unwrap();
    let open = book.statuses[at] == "ready_to_pick";
    if open {
        "cancel".clone_into(&mut book.statuses[at]);
    }
    yes(&json!([{ "order_code": code(at), "result": open, "message": if open { "OK" } else { "already picked" } }]))
}

async fn print_token() -> Response {
    yes(&json!({ "token": "in/nhãn" }))
}
