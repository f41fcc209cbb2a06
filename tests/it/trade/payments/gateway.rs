//! A gateway at the wire: both machine interfaces, told what to say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use chrono::{DateTime, Utc};
use ocop_market::adapters::signing::{Algorithm, Keys};
use ocop_market::adapters::{Adapters, Http, Momo, Vnpay, momo, vnpay};
use ocop_market::kernel::Clock;
use ocop_market::kernel::clock::VIET_NAM;
use ocop_market::platform::extract::Json;
use serde_json::{Value, json};

use crate::support::{Providers, TestApp, bank_keys, start};

pub const SECRET: &str = "DEMOSECRETDEMOSECRETDEMOSECRET12";
pub const OLD_SECRET: &str = "DEMOSECRETOFLASTYEARDEMOSECRET11";
const PARTNER: &str = "MOMO";
const ACCESS: &str = "F8BBA842ECF85";

/// What the gateway will say.
#[derive(Default)]
pub struct Says {
    /// Sales it knows as paid: amount and transaction number.
    pub paid: BTreeMap<String, (i64, i64)>,
    /// Refunds it carried out, by request: how often asked and how much.
    pub refunds: BTreeMap<String, (usize, i64)>,
    /// Refuses everything with this code.
    pub refuses: Option<&'static str>,
    /// Carries out what it is asked and then loses its answer.
    pub is_silent: bool,
    /// Number and amount of the latest refund of each sale.
    latest: BTreeMap<String, (i64, i64)>,
}

#[derive(Clone)]
pub struct FakeGateway {
    url: String,
    pub says: Arc<Mutex<Says>>,
}

pub fn vnpay_keys(secret: &str) -> Keys {
    Keys::new(Algorithm::Sha512, secret.into(), None)
}

pub fn momo_keys() -> Keys {
    Keys::new(Algorithm::Sha256, SECRET.into(), None)
}

impl FakeGateway {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, says: Arc::default() };
        let router = Router::new()
            .route("/vnpay", post(answer_vnpay))
            .route("/v2/gateway/api/create", post(create))
            .route("/v2/gateway/api/query", post(query))
            .route("/v2/gateway/api/refund", post(refund))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// The clients that speak to it.
    pub fn adapters(&self) -> Adapters {
        let http = Http::new().unwrap();
        let secrets = || (SECRET.into(), Some(OLD_SECRET.into()));
        let urls = ("https://pay.example.vn".to_owned(), format!("{}/vnpay", self.url));
        let account = (PARTNER.to_owned(), ACCESS.to_owned());
        Adapters {
            vnpay: Some(Vnpay::new(http.clone(), urls, "DEMOTMN1".to_owned(), secrets())),
            momo: Some(Momo::new(http.clone(), self.url.clone(), account, secrets())),
            ..Adapters::none().unwrap()
        }
    }

    /// A marketplace with this gateway, and with a partner that pays its shops out.
    pub async fn marketplace(&self) -> (TestApp, Providers) {
        let clock = Clock::manual(start());
        let providers = Providers::start(&clock, "https://cho.example.vn").await;
        let adapters = Adapters {
            disbursement: providers.adapters().disbursement,
            bank_notices: Some(bank_keys()),
            ..self.adapters()
        };
        let app = TestApp::on(clock, adapters, Some("https://cho.example.vn".parse().unwrap())).await;
        (app, providers)
    }

    pub fn pays(&self, reference: &str, amount: i64, transaction: i64) {
        self.says.lock().unwrap().paid.insert(reference.to_owned(), (amount, transaction));
    }

    pub fn refunded(&self) -> Vec<i64> {
        self.says.lock().unwrap().refunds.values().map(|(_, amount)| *amount).collect()
    }
}

/// The gateway's number of the transaction that paid a try: one a try.
pub fn transaction_of(reference: &str) -> i64 {
    i64::from_str_radix(&reference[20..], 16).unwrap()
}

/// VNPay's notice of a sale, as its query string.
pub fn vnpay_notice(secret: &str, (reference, amount): (&str, i64), code: &str, at: DateTime<Utc>) -> String {
    let (amount, at) = ((amount * 100).to_string(), at.with_timezone(&VIET_NAM).format("%Y%m%d%H%M%S").to_string());
    let transaction = transaction_of(reference).to_string();
    let text = vnpay::signed_text([
        ("vnp_Amount", amount.as_str()),
        ("vnp_BankCode", "NCB"),
        ("vnp_OrderInfo", "Thanh toan don hang OCOP"),
        ("vnp_PayDate", &at),
        ("vnp_ResponseCode", code),
        ("vnp_TmnCode", "DEMOTMN1"),
        ("vnp_TransactionNo", &transaction),
        ("vnp_TransactionStatus", if code == "00" { "00" } else { "02" }),
        ("vnp_TxnRef", reference),
    ]);
    format!("{text}&vnp_SecureHash={}", vnpay_keys(secret).sign(text.as_bytes()))
}

/// MoMo's notice of a sale.
pub fn momo_notice((reference, amount): (&str, i64), code: i64, at: DateTime<Utc>) -> Value {
    let mut notice = json!({
        "amount": amount, "extraData": "", "message": "Thành công.", "orderId": reference,
        "orderInfo": "Thanh toan don hang OCOP", "orderType": "momo_wallet", "partnerCode": PARTNER,
        "payType": "qr", "requestId": reference, "responseTime": at.timestamp_millis(), "resultCode": code,
        "transId": transaction_of(reference),
    });
    let values: Vec<(String, String)> = notice
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let own = ("accessKey", ACCESS);
    let text = momo::signed_text([own].into_iter().chain(values.iter().map(|(name, value)| (&**name, &**value))));
    notice["signature"] = json!(momo_keys().sign(text.as_bytes()));
    notice
}

async fn answer_vnpay(State(fake): State<FakeGateway>, Json(asked): Json<Value>) -> Result<Json<Value>, &'static str> {
    let value = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let is_refund = value("vnp_Command") == "refund";
    let mut says = fake.says.lock().unwrap();
    let paid = says.paid.get(&value("vnp_TxnRef")).copied();
    let mut code = if is_refund || paid.is_some() { "00" } else { "91" };
    if is_refund {
        let amount: i64 = value("vnp_Amount").parse::<i64>().unwrap() / 100;
        if let Some(refuses) = says.refuses {
            code = refuses;
        } else {
            let known = says.refunds.entry(value("vnp_RequestId")).or_insert((0, amount));
            known.0 += 1;
            code = if known.0 > 1 { "94" } else { "00" };
            if code == "00" {
                let number = 15_000_000 + i64::try_from(says.refunds.len()).unwrap();
                says.latest.insert(value("vnp_TxnRef"), (number, amount));
            }
        }
    }
    let refund = says.latest.get(&value("vnp_TxnRef")).copied();
    let has_refunds = refund.is_some();
    let (transaction, amount) = refund.unwrap_or_else(|| {
        let (amount, transaction) = paid.unwrap_or_default();
        (transaction, amount)
    });
    let mut said = json!({
        "vnp_ResponseId": "r1", "vnp_Command": value("vnp_Command"), "vnp_ResponseCode": code, "vnp_Message": "ok",
        "vnp_TmnCode": "DEMOTMN1", "vnp_TxnRef": value("vnp_TxnRef"), "vnp_Amount": (amount * 100).to_string(),
        "vnp_BankCode": "NCB", "vnp_PayDate": "20261121090500", "vnp_TransactionNo": transaction.to_string(),
        "vnp_TransactionType": if has_refunds { "02" } else { "01" }, "vnp_TransactionStatus": "00",
        "vnp_OrderInfo": "OCOP",
    });
    let signed = [
        "vnp_ResponseId",
        "vnp_Command",
        "vnp_ResponseCode",
        "vnp_Message",
        "vnp_TmnCode",
        "vnp_TxnRef",
        "vnp_Amount",
        "vnp_BankCode",
        "vnp_PayDate",
        "vnp_TransactionNo",
        "vnp_TransactionType",
        "vnp_TransactionStatus",
        "vnp_OrderInfo",
        "vnp_PromotionCode",
        "vnp_PromotionAmount",
    ];
    let signed = if is_refund { &signed[..13] } else { &signed[..] };
    let text: Vec<&str> = signed.iter().map(|name| said[*name].as_str().unwrap_or_default()).collect();
    let signature = vnpay_keys(SECRET).sign(text.join("|").as_bytes());
    said["vnp_SecureHash"] = json!(signature);
    if std::mem::take(&mut says.is_silent) { Err("lost") } else { Ok(Json(said)) }
}

async fn create(State(fake): State<FakeGateway>, Json(asked): Json<Value>) -> Result<Json<Value>, &'static str> {
    let mut says = fake.says.lock().unwrap();
    if std::mem::take(&mut says.is_silent) {
        return Err("lost");
    }
    let code = if says.refuses.is_some() { 1001 } else { 0 };
    let page = format!("https://momo.example.vn/{}", asked["orderId"].as_str().unwrap());
    Ok(Json(json!({ "resultCode": code, "message": "ok", "payUrl": page })))
}

async fn query(State(fake): State<FakeGateway>, Json(asked): Json<Value>) -> Result<Json<Value>, StatusCode> {
    let reference = asked["orderId"].as_str().unwrap();
    let mut says = fake.says.lock().unwrap();
    if std::mem::take(&mut says.is_silent) {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    Ok(Json(match says.paid.get(reference) {
        None => json!({ "resultCode": 42, "message": "no such order" }),
        Some((amount, transaction)) => json!({
            "resultCode": 0, "orderId": reference, "amount": amount, "transId": transaction,
            "responseTime": 1_795_228_200_000_i64,
        }),
    }))
}

async fn refund(State(fake): State<FakeGateway>, Json(asked): Json<Value>) -> Json<Value> {
    let request = asked["requestId"].as_str().unwrap().to_owned();
    let mut says = fake.says.lock().unwrap();
    let known = says.refunds.entry(request).or_insert((0, asked["amount"].as_i64().unwrap()));
    known.0 += 1;
    Json(json!({ "resultCode": 0, "transId": 99 }))
}
