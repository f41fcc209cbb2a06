//! The licensed partner's disbursement service ([`disbursement`]).

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::faults::{Fault, Operation};
use super::{Refused, Simulator, State as Everything};
use crate::adapters::disbursement::{self, Outcome, Payout};
use crate::platform::extract::{Json, Path};

/// How far a payout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    Pending,
    Succeeded,
    Failed,
}

impl Stand {
    /// On the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "đang chuyển · pending",
            Self::Succeeded => "đã đến · succeeded",
            Self::Failed => "không đến · failed",
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Pending => Outcome::Pending,
            Self::Succeeded => Outcome::Succeeded,
            Self::Failed => Outcome::Failed { reason: "the account does not take it".to_owned() },
        }
    }
}

/// A payout as the partner knows it.
#[derive(Debug, Clone, Serialize)]
pub struct Ordered {
    /// What it was asked for.
    pub order: Payout,
    /// How far it is.
    pub stand: Stand,
    /// How often it was asked for.
    pub times: usize,
}

/// The payouts by key.
#[derive(Debug, Default)]
pub struct Payouts(BTreeMap<String, Ordered>);

impl Payouts {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Ordered> {
        self.0.values()
    }

    /// Takes the order; the same once more changes nothing, another under a known key is refused.
    fn take(&mut self, order: &Payout, stand: Stand) -> Result<&Ordered, Refused> {
        let known =
            self.0.entry(order.key.clone()).or_insert_with(|| Ordered { order: order.clone(), stand, times: 0 });
        known.times += 1;
        if known.order == *order { Ok(known) } else { Err(Refused::conflict("another payout has this key")) }
    }

    fn find(&mut self, key: &str) -> Result<&mut Ordered, Refused> {
        self.0.get_mut(key).ok_or_else(|| Refused::not_found(format!("payout {key}")))
    }
}

pub fn router() -> Router<Simulator> {
    Router::new()
        .route("/payouts", post(send_payout))
        .route("/payouts/{key}", get(find_payout))
        .route("/payouts/{key}/{stand}", post(settle_by_button))
        .route("/control/payouts/{key}/{stand}", post(settle))
}

async fn send_payout(
    State(simulator): State<Simulator>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    simulator.check_signature((&Method::POST, &uri), &headers, &body)?;
    let order: Payout = serde_json::from_slice(&body).map_err(Refused::bad)?;
    Ok(simulator.answer(Operation::PayoutSend, |state, fault| {
        let stand = match fault {
            Some(Fault::Refuse) => Stand::Failed,
            Some(Fault::Pending) => Stand::Pending,
            _ => Stand::Succeeded,
        };
        match state.payouts.take(&order, stand) {
            Ok(taken) => shown(taken),
            Err(refused) => refused.into_response(),
        }
    }))
}

async fn find_payout(
    State(simulator): State<Simulator>,
    uri: Uri,
    headers: HeaderMap,
    Path(key): Path<String>,
) -> Result<Response, Refused> {
    simulator.check_signature((&Method::GET, &uri), &headers, b"")?;
    Ok(simulator.answer(Operation::PayoutFind, |state, _| match state.payouts.find(&key) {
        Ok(found) => shown(found),
        Err(refused) => refused.into_response(),
    }))
}

fn shown(payout: &Ordered) -> Response {
    Json(payout.stand.outcome()).into_response()
}

async fn settle(
    State(simulator): State<Simulator>,
    Path((key, stand)): Path<(String, Stand)>,
) -> Result<Response, Refused> {
    settled(&mut simulator.state(), &key, stand)?;
    Ok(Json(json!({ "key": key, "stand": stand })).into_response())
}

async fn settle_by_button(
    State(simulator): State<Simulator>,
    Path((key, stand)): Path<(String, Stand)>,
) -> Result<Redirect, Refused> {
    settled(&mut simulator.state(), &key, stand)?;
    Ok(Redirect::to("/"))
}

/// A payout under way ends.
fn settled(state: &mut Everything, key: &str, stand: Stand) -> Result<(), Refused> {
    let payout = state.payouts.find(key)?;
    if payout.stand != Stand::Pending {
        return Err(Refused::conflict("this payout has ended"));
    }
    payout.stand = stand;
    Ok(())
}

impl Simulator {
    fn check_signature(&self, (method, uri): (&Method, &Uri), headers: &HeaderMap, body: &[u8]) -> Result<(), Refused> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let keys = disbursement::keys(self.0.contracts.disbursement_key.clone());
        let (timestamp, signature) = (header(disbursement::TIMESTAMP), header(disbursement::SIGNATURE));
        let text = disbursement::signed_text(timestamp, (method.as_str(), uri.path()), body);
        if keys.verify(&text, signature) {
            Ok(())
        } else {
            Err(Refused(StatusCode::UNAUTHORIZED, "the signature is not that of the merchant".to_owned()))
        }
    }
}
