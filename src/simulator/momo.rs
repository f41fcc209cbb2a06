//! MoMo v2, the wallet's side: create, the pay page, its notice (IPN) and return, query and refund.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::{Fault, Operation};
use super::gateways::{Gateway, Outcome, Payment};
use super::{Refused, Simulator, State as Everything};
use crate::adapters::momo::signed_text;
use crate::adapters::signing::{Algorithm, Keys};
use crate::kernel::Vnd;
use crate::platform::extract::Json;

/// Result codes: done, begun, in the works, and those of refusals.
mod code {
    pub const DONE: i64 = 0;
    pub const ORDER_KNOWN: i64 = 41;
    pub const ORDER_UNKNOWN: i64 = 42;
    pub const BEGUN: i64 = 1000;
    pub const DECLINED: i64 = 1005;
    pub const CANCELLED: i64 = 1006;
    pub const REFUND_REFUSED: i64 = 1080;
    pub const IN_THE_WORKS: i64 = 7002;
}

pub fn router() -> Router<Simulator> {
    Router::new()
        .route("/v2/gateway/api/create", post(create))
        .route("/v2/gateway/api/query", post(query))
        .route("/v2/gateway/api/refund", post(refund))
        .route("/v2/gateway/api/refund/query", post(query_refund))
}

/// What every request may hold.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    partner_code: String,
    request_id: String,
    order_id: String,
    signature: String,
    #[serde(default)]
    amount: i64,
    #[serde(default)]
    order_info: String,
    #[serde(default)]
    redirect_url: String,
    #[serde(default)]
    ipn_url: String,
    #[serde(default)]
    request_type: String,
    #[serde(default)]
    extra_data: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    trans_id: i64,
}

impl Asked {
    fn answer(&self, code: i64, rest: &Value) -> Response {
        let mut said = json!({
            "partnerCode": self.partner_code,
            "orderId": self.order_id,
            "requestId": self.request_id,
            "resultCode": code,
            "message": format!("code {code}"),
        });
        if let (Some(said), Some(rest)) = (said.as_object_mut(), rest.as_object()) {
            said.extend(rest.clone());
        }
        Json(said).into_response()
    }
}

impl Simulator {
    fn momo_keys(&self) -> Keys {
        Keys::new(Algorithm::Sha256, self.0.contracts.momo.secret.clone(), None)
    }

    /// Refuses what the merchant did not sign: these values after the access key, in their order.
    fn check_momo(&self, asked: &Asked, values: &[(&str, &str)]) -> Result<(), Refused> {
        let contract = &self.0.contracts.momo;
        let own = ("accessKey", contract.access_key.as_str());
        let text = signed_text([own].into_iter().chain(values.iter().copied()));
        if asked.partner_code == contract.partner_code && self.momo_keys().verify(text.as_bytes(), &asked.signature) {
            Ok(())
        } else {
            Err(Refused::bad("11007: the merchant did not sign this"))
        }
    }
}

async fn create(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Result<Response, Refused> {
    let amount = asked.amount.to_string();
    let signed = [
        ("amount", amount.as_str()),
        ("extraData", &asked.extra_data),
        ("ipnUrl", &asked.ipn_url),
        ("orderId", &asked.order_id),
        ("orderInfo", &asked.order_info),
        ("partnerCode", &asked.partner_code),
        ("redirectUrl", &asked.redirect_url),
        ("requestId", &asked.request_id),
        ("requestType", &asked.request_type),
    ];
    simulator.check_momo(&asked, &signed)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let page = format!("http://{host}{}/{}", Gateway::Momo.folder(), asked.order_id);
    let now = simulator.0.clock.now().timestamp_millis();
    Ok(simulator.answer(Operation::MomoCreate, |state, fault| match fault {
        Some(Fault::Refuse) => asked.answer(code::DECLINED, &json!({})),
        Some(Fault::Pending) => asked.answer(code::IN_THE_WORKS, &json!({})),
        _ if open(state, &asked) => {
            asked.answer(code::DONE, &json!({ "payUrl": page, "amount": asked.amount, "responseTime": now }))
        }
        _ => asked.answer(code::ORDER_KNOWN, &json!({})),
    }))
}

/// Opens the payment; says `false` if another has its order number.
fn open(state: &mut Everything, asked: &Asked) -> bool {
    let payment = Payment {
        reference: asked.order_id.clone(),
        amount: Vnd::new(asked.amount),
        description: asked.order_info.clone(),
        return_url: asked.redirect_url.clone(),
        notify_url: asked.ipn_url.clone(),
        request_id: asked.request_id.clone(),
        extra: asked.extra_data.clone(),
        outcome: None,
        paid: Vnd::ZERO,
        ended_at: None,
        transaction: state.number(),
        refunds: BTreeMap::new(),
    };
    let (amount, request) = (payment.amount, payment.request_id.clone());
    let opened = state.momo.open(payment);
    opened.amount == amount && opened.request_id == request
}

const fn code_of(outcome: Option<Outcome>) -> i64 {
    match outcome {
        None => code::BEGUN,
        Some(Outcome::Paid) => code::DONE,
        Some(Outcome::Failed) => code::DECLINED,
        Some(Outcome::Cancelled) => code::CANCELLED,
    }
}

/// What MoMo says of a payment: in its notice as JSON, and through the buyer's browser as a query string.
pub fn said(simulator: &Simulator, payment: &Payment, outcome: Outcome) -> Vec<(String, Value)> {
    let contract = &simulator.0.contracts.momo;
    let at = payment.ended_at.unwrap_or_else(|| simulator.0.clock.now()).timestamp_millis();
    let transaction = if outcome == Outcome::Paid { payment.transaction } else { 0 };
    let mut said: Vec<(String, Value)> = [
        ("amount", json!(payment.claimed())),
        ("extraData", json!(payment.extra)),
        ("message", json!(outcome.words())),
        ("orderId", json!(payment.reference)),
        ("orderInfo", json!(payment.description)),
        ("orderType", json!("momo_wallet")),
        ("partnerCode", json!(contract.partner_code)),
        ("payType", json!("qr")),
        ("requestId", json!(payment.request_id)),
        ("responseTime", json!(at)),
        ("resultCode", json!(code_of(Some(outcome)))),
        ("transId", json!(transaction)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let texts: Vec<(&str, String)> = said.iter().map(|(name, value)| (name.as_str(), text_of(value))).collect();
    let own = ("accessKey", contract.access_key.as_str());
    let text = signed_text([own].into_iter().chain(texts.iter().map(|(name, value)| (*name, value.as_str()))));
    let signature = simulator.momo_keys().sign(text.as_bytes());
    said.push(("signature".to_owned(), signature.into()));
    said
}

/// A value as it is signed and as it stands in a query string.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check_question(simulator: &Simulator, asked: &Asked) -> Result<(), Refused> {
    let signed =
        [("orderId", asked.order_id.as_str()), ("partnerCode", &asked.partner_code), ("requestId", &asked.request_id)];
    simulator.check_momo(asked, &signed)
}

async fn query(State(simulator): State<Simulator>, Json(asked): Json<Asked>) -> Result<Response, Refused> {
    check_question(&simulator, &asked)?;
    let now = simulator.0.clock.now();
    Ok(simulator.answer(Operation::MomoQuery, |state, fault| match (state.momo.find(&asked.order_id), fault) {
        (Err(_), _) | (_, Some(Fault::Refuse)) => asked.answer(code::ORDER_UNKNOWN, &json!({})),
        (_, Some(Fault::Pending)) => {
            asked.answer(code::IN_THE_WORKS, &json!({ "responseTime": now.timestamp_millis() }))
        }
        (Ok(payment), _) => {
            let is_paid = payment.outcome == Some(Outcome::Paid);
            let rest = json!({
                "amount": payment.claimed(),
                "transId": if is_paid { payment.transaction } else { 0 },
                "responseTime": payment.ended_at.unwrap_or(now).timestamp_millis(),
            });
            asked.answer(code_of(payment.outcome), &rest)
        }
    }))
}

async fn refund(State(simulator): State<Simulator>, Json(asked): Json<Asked>) -> Result<Response, Refused> {
    let (amount, transaction) = (asked.amount.to_string(), asked.trans_id.to_string());
    let signed = [
        ("amount", amount.as_str()),
        ("description", &asked.description),
        ("orderId", &asked.order_id),
        ("partnerCode", &asked.partner_code),
        ("requestId", &asked.request_id),
        ("transId", &transaction),
    ];
    simulator.check_momo(&asked, &signed)?;
    Ok(simulator.answer(Operation::MomoRefund, |state, fault| {
        let number = state.number();
        let Some(payment) = state.momo.by_transaction(asked.trans_id) else {
            return asked.answer(code::ORDER_UNKNOWN, &json!({}));
        };
        if fault == Some(Fault::Refuse) {
            return asked.answer(code::REFUND_REFUSED, &json!({}));
        }
        if payment.refunds.contains_key(&asked.order_id) {
            return asked.answer(code::ORDER_KNOWN, &json!({}));
        }
        match payment.refund(&asked.order_id, Vnd::new(asked.amount), number) {
            None => asked.answer(code::REFUND_REFUSED, &json!({})),
            Some(_) if fault == Some(Fault::Pending) => asked.answer(code::IN_THE_WORKS, &json!({})),
            Some(done) => asked.answer(code::DONE, &json!({ "transId": done.transaction, "amount": done.amount })),
        }
    }))
}

async fn query_refund(State(simulator): State<Simulator>, Json(asked): Json<Asked>) -> Result<Response, Refused> {
    check_question(&simulator, &asked)?;
    Ok(simulator.answer(Operation::MomoQuery, |state, _| {
        let done = state.momo.all().find_map(|payment| payment.refunds.get(&asked.order_id));
        match done {
            None => asked.answer(code::ORDER_UNKNOWN, &json!({})),
            Some(done) => asked.answer(code::DONE, &json!({ "transId": done.transaction, "amount": done.amount })),
        }
    }))
}
