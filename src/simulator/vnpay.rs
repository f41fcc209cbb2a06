//! VNPay 2.1.0, the gateway's side: the pay page, its notice (IPN) and return, `querydr` and `refund`.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDateTime, Utc};

use super::faults::{Fault, Operation};
use super::gateways::{Gateway, Outcome, Payment};
use super::pages::page;
use super::{Refused, Simulator, State as Everything};
use crate::adapters::signing::{Algorithm, Keys};
use crate::adapters::vnpay::{QUERY_ANSWER, REFUND_ANSWER, signed_text};
use crate::kernel::Vnd;
use crate::kernel::clock::VIET_NAM;
use crate::platform::extract::Json;

/// Where the marketplace hears of payments: VNPay has one address of each merchant on file.
const NOTICES: &str = "/v1/payments/vnpay/ipn";
/// How instants are written.
const INSTANT: &str = "%Y%m%d%H%M%S";
/// The bank every simulated buyer is with.
const BANK: &str = "NCB";

/// Named values, as they travel.
type Values = BTreeMap<String, String>;

pub fn router() -> Router<Simulator> {
    Router::new()
        .route("/paymentv2/vpcpay.html", get(open_page))
        .route("/merchant_webapi/api/transaction", post(transact))
}

fn wire_amount(amount: Vnd) -> Option<String> {
    amount.checked_mul(100).map(|hundredths| hundredths.get().to_string())
}

fn read_amount(wire: &str) -> Option<Vnd> {
    let hundredths: i64 = wire.parse().ok()?;
    (hundredths > 0 && hundredths % 100 == 0).then(|| Vnd::new(hundredths / 100))
}

fn wire_instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&VIET_NAM).format(INSTANT).to_string()
}

fn read_instant(wire: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(wire, INSTANT).ok()?;
    Some(local.and_local_timezone(VIET_NAM).single()?.to_utc())
}

fn of<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).map_or("", String::as_str)
}

/// Opens the payment the address asks for, unless the merchant did not sign it or its time is over.
async fn open_page(State(simulator): State<Simulator>, uri: Uri) -> Result<Response, Refused> {
    let asked: Values = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let text = signed_text(asked.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let is_signed = simulator.vnpay_keys().verify(text.as_bytes(), of(&asked, "vnp_SecureHash"));
    if !is_signed || of(&asked, "vnp_TmnCode") != simulator.0.contracts.vnpay.tmn_code {
        return Err(Refused::bad("70: the merchant did not sign this"));
    }
    if read_instant(of(&asked, "vnp_ExpireDate")).is_some_and(|expires| expires <= simulator.0.clock.now()) {
        return Ok(page("VNPay", &maud::html! { p { "11: Đã quá hạn thanh toán. · The time to pay is over." } }));
    }
    let amount = read_amount(of(&asked, "vnp_Amount")).ok_or_else(|| Refused::bad("04: no such amount"))?;
    let payment = {
        let mut state = simulator.state();
        let opened = Payment {
            reference: of(&asked, "vnp_TxnRef").to_owned(),
            amount,
            description: of(&asked, "vnp_OrderInfo").to_owned(),
            return_url: of(&asked, "vnp_ReturnUrl").to_owned(),
            notify_url: format!("{}{NOTICES}", simulator.0.contracts.marketplace),
            request_id: String::new(),
            extra: String::new(),
            outcome: None,
            paid: Vnd::ZERO,
            ended_at: None,
            transaction: state.number(),
            refunds: BTreeMap::new(),
        };
        state.vnpay.open(opened).clone()
    };
    Ok(simulator.payment_page(Gateway::Vnpay, &payment))
}

/// What VNPay says of a payment, by query string: in its notice, and through the buyer's browser.
pub fn said(simulator: &Simulator, payment: &Payment, outcome: Outcome) -> Vec<(String, String)> {
    let at = wire_instant(payment.ended_at.unwrap_or_else(|| simulator.0.clock.now()));
    let (code, status, number) = match outcome {
        Outcome::Paid => ("00", "00", payment.transaction.to_string()),
        Outcome::Failed => ("51", "02", "0".to_owned()),
        Outcome::Cancelled => ("24", "02", "0".to_owned()),
    };
    let said = [
        ("vnp_Amount", wire_amount(payment.claimed()).unwrap_or_default()),
        ("vnp_BankCode", BANK.to_owned()),
        ("vnp_CardType", "ATM".to_owned()),
        ("vnp_OrderInfo", payment.description.clone()),
        ("vnp_PayDate", at),
        ("vnp_ResponseCode", code.to_owned()),
        ("vnp_TmnCode", simulator.0.contracts.vnpay.tmn_code.clone()),
        ("vnp_TransactionNo", number),
        ("vnp_TransactionStatus", status.to_owned()),
        ("vnp_TxnRef", payment.reference.clone()),
    ];
    let mut said: Vec<(String, String)> = said.map(|(name, value)| (name.to_owned(), value)).into();
    let text = signed_text(said.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    said.push(("vnp_SecureHash".to_owned(), simulator.vnpay_keys().sign(text.as_bytes())));
    said
}

impl Simulator {
    fn vnpay_keys(&self) -> Keys {
        Keys::new(Algorithm::Sha512, self.0.contracts.vnpay.secret.clone(), None)
    }
}

/// What is signed of a request, in order.
const QUERY: [&str; 9] = [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
];
const REFUND: [&str; 13] = [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
];

fn joined(values: &Values, names: &[&str]) -> String {
    let values: Vec<&str> = names.iter().map(|name| of(values, name)).collect();
    values.join("|")
}

/// The machine interface: one address, two commands.
async fn transact(State(simulator): State<Simulator>, Json(asked): Json<Values>) -> Result<Response, Refused> {
    let is_refund = match of(&asked, "vnp_Command") {
        "querydr" => false,
        "refund" => true,
        other => return Err(Refused::bad(format!("no command {other}"))),
    };
    let signed: &[&str] = if is_refund { &REFUND } else { &QUERY };
    let keys = simulator.vnpay_keys();
    if !keys.verify(joined(&asked, signed).as_bytes(), of(&asked, "vnp_SecureHash")) {
        return Err(Refused::bad("97: the merchant did not sign this"));
    }
    let operation = if is_refund { Operation::VnpayRefund } else { Operation::VnpayQuery };
    Ok(simulator.answer(operation, |state, fault| {
        let mut said = if is_refund { refund(state, &asked, fault) } else { query(state, &asked, fault) };
        said.insert("vnp_ResponseId".to_owned(), state.number().to_string());
        for repeated in ["vnp_Command", "vnp_TmnCode", "vnp_TxnRef"] {
            said.insert(repeated.to_owned(), of(&asked, repeated).to_owned());
        }
        let signed = if is_refund { &QUERY_ANSWER[..REFUND_ANSWER] } else { &QUERY_ANSWER[..] };
        said.insert("vnp_SecureHash".to_owned(), keys.sign(joined(&said, signed).as_bytes()));
        Json(said).into_response()
    }))
}

fn values(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Values {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn only_code(code: &str) -> Values {
    values([("vnp_ResponseCode", code.to_owned()), ("vnp_Message", format!("code {code}"))])
}

/// The latest transaction of a payment: itself, or its last refund.
fn query(state: &mut Everything, asked: &Values, fault: Option<Fault>) -> Values {
    let Ok(payment) = state.vnpay.find(of(asked, "vnp_TxnRef")) else { return only_code("91") };
    if fault == Some(Fault::Refuse) {
        return only_code("91");
    }
    let status = match payment.outcome {
        _ if fault == Some(Fault::Pending) => "01",
        None => "01",
        Some(Outcome::Paid) => "00",
        Some(Outcome::Failed | Outcome::Cancelled) => "02",
    };
    let last = payment.refunds.values().max_by_key(|refund| refund.transaction);
    let (kind, amount, number) = match last {
        None => ("01", payment.claimed(), payment.transaction),
        Some(refund) if refund.amount == payment.paid => ("02", refund.amount, refund.transaction),
        Some(refund) => ("03", refund.amount, refund.transaction),
    };
    values([
        ("vnp_ResponseCode", "00".to_owned()),
        ("vnp_Message", "QueryDR Success".to_owned()),
        ("vnp_Amount", wire_amount(amount).unwrap_or_default()),
        ("vnp_BankCode", BANK.to_owned()),
        ("vnp_PayDate", payment.ended_at.map(wire_instant).unwrap_or_default()),
        ("vnp_TransactionNo", number.to_string()),
        ("vnp_TransactionType", kind.to_owned()),
        ("vnp_TransactionStatus", status.to_owned()),
        ("vnp_OrderInfo", payment.description.clone()),
    ])
}

fn refund(state: &mut Everything, asked: &Values, fault: Option<Fault>) -> Values {
    let number = state.number();
    let request = of(asked, "vnp_RequestId");
    let Ok(payment) = state.vnpay.find(of(asked, "vnp_TxnRef")) else { return only_code("91") };
    match fault {
        Some(Fault::Refuse) => return only_code("95"),
        _ if payment.outcome != Some(Outcome::Paid) => return only_code("95"),
        _ if payment.refunds.contains_key(request) => return only_code("94"),
        _ => {}
    }
    let amount = read_amount(of(asked, "vnp_Amount")).unwrap_or_default();
    let Some(done) = payment.refund(request, amount, number) else { return only_code("02") };
    if fault == Some(Fault::Pending) {
        return only_code("98");
    }
    values([
        ("vnp_ResponseCode", "00".to_owned()),
        ("vnp_Message", "Refund Success".to_owned()),
        ("vnp_Amount", wire_amount(done.amount).unwrap_or_default()),
        ("vnp_BankCode", BANK.to_owned()),
        ("vnp_TransactionNo", done.transaction.to_string()),
        ("vnp_TransactionType", of(asked, "vnp_TransactionType").to_owned()),
        ("vnp_TransactionStatus", "05".to_owned()),
        ("vnp_OrderInfo", payment.description.clone()),
    ])
}
