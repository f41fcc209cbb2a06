//! The simulator for programs: what has happened, what is to go wrong, what is to be told now.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::{Fault, Operation};
use super::notices::Notice;
use super::{Refused, Simulator};
use crate::platform::extract::{Json, Path, Query};

pub fn router() -> Router<Simulator> {
    Router::new()
        .route("/control/state", get(show_state))
        .route("/control/faults/{operation}", post(set_faults))
        .route("/control/notices/sending", post(send_held))
        .route("/control/notices/{number}/sending", post(send_again))
}

async fn show_state(State(simulator): State<Simulator>) -> Json<Value> {
    let state = simulator.state();
    Json(json!({
        "vnpay": state.vnpay.all().collect::<Vec<_>>(),
        "momo": state.momo.all().collect::<Vec<_>>(),
        "parcels": state.parcels.all().collect::<Vec<_>>(),
        "transfers": state.transfers,
        "payouts": state.payouts.all().collect::<Vec<_>>(),
        "notices": state.notices.all(),
    }))
}

async fn set_faults(
    State(simulator): State<Simulator>,
    Path(operation): Path<Operation>,
    Json(faults): Json<Vec<Fault>>,
) -> StatusCode {
    simulator.state().faults.set(operation, faults);
    StatusCode::NO_CONTENT
}

/// In which order held notices are sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sending {
    #[serde(default)]
    newest_first: bool,
}

async fn send_held(
    State(simulator): State<Simulator>,
    Query(sending): Query<Sending>,
) -> Result<Json<Vec<Notice>>, Refused> {
    simulator.send_held(sending.newest_first).await.map(Json)
}

/// For programs and for the buttons under a notice, which lead back to where they stand.
async fn send_again(
    State(simulator): State<Simulator>,
    Path(number): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let notice = simulator.send(number).await?;
    let wants_page = |value: &str| value.contains("text/html");
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let came_from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or("/");
    Ok(if accept.is_some_and(wants_page) {
        Redirect::to(came_from).into_response()
    } else {
        Json(notice).into_response()
    })
}
