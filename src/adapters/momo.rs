//! MoMo v2: create, IPN and return, query, refund.
//!
//! Every message is signed over chosen values as `name=value` pairs joined by `&`, in the order of their names and not
//! encoded ([`signed_text`]); our own are led by the access key.

use std::collections::BTreeMap;

use chrono::{TimeZone as _, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gateway::{Created, Disbelieved, Found, Notice, Outcome, Returned};
use super::signing::{Algorithm, Keys};
use super::{Http, Unreachable};
use crate::kernel::{Lang, Vnd};

/// Paid from the wallet, taken at once.
const REQUEST_TYPE: &str = "captureWallet";
/// What is signed of a notice, beside the access key.
const NOTICE: [&str; 12] = [
    "amount",
    "extraData",
    "message",
    "orderId",
    "orderInfo",
    "orderType",
    "partnerCode",
    "payType",
    "requestId",
    "responseTime",
    "resultCode",
    "transId",
];

/// A merchant's account at MoMo.
#[derive(Clone)]
pub struct Momo {
    http: Http,
    url: String,
    partner: String,
    access_key: String,
    keys: Keys,
}

/// A payment to begin.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// Our key: begun again with the same, it is the same payment.
    pub reference: &'a str,
    /// How much.
    pub amount: Vnd,
    /// What for.
    pub info: &'a str,
    /// Where the buyer comes back to.
    pub return_url: &'a str,
    /// Where MoMo sends its notice.
    pub notice_url: &'a str,
    /// In which language.
    pub lang: Lang,
}

/// What every answer of MoMo holds of these.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    result_code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    order_id: String,
    #[serde(default)]
    amount: i64,
    #[serde(default)]
    trans_id: i64,
    #[serde(default)]
    response_time: i64,
    #[serde(default)]
    pay_url: String,
}

impl Momo {
    /// The account `partner`, whose endpoints stand below `url`.
    pub fn new(
        http: Http,
        url: String,
        (partner, access_key): (String, String),
        (secret, old): (SecretString, Option<SecretString>),
    ) -> Self {
        Self { http, url, partner, access_key, keys: Keys::new(Algorithm::Sha256, secret, old) }
    }

    /// Begins a payment: says where to send the buyer.
    pub async fn create(&self, sale: &Sale<'_>) -> Result<Created, Unreachable> {
        let amount = sale.amount.get().to_string();
        let text = signed_text([
            ("accessKey", self.access_key.as_str()),
            ("amount", &amount),
            ("extraData", ""),
            ("ipnUrl", sale.notice_url),
            ("orderId", sale.reference),
            ("orderInfo", sale.info),
            ("partnerCode", &self.partner),
            ("redirectUrl", sale.return_url),
            ("requestId", sale.reference),
            ("requestType", REQUEST_TYPE),
        ]);
        let body = json!({
            "partnerCode": self.partner,
            "requestId": sale.reference,
            "amount": sale.amount,
            "orderId": sale.reference,
            "orderInfo": sale.info,
            "redirectUrl": sale.return_url,
            "ipnUrl": sale.notice_url,
            "requestType": REQUEST_TYPE,
            "extraData": "",
            "lang": language(sale.lang),
            "signature": self.keys.sign(text.as_bytes()),
        });
        let said = self.ask("create", &body).await?;
        match said.result_code {
            0 if said.pay_url.starts_with("http") => Ok(Created::At(said.pay_url)),
            code if is_undecided(code) => Err(Unreachable(anyhow::anyhow!("MoMo answered {code}"))),
            code => Ok(Created::Refused(format!("MoMo {code}: {}", said.message))),
        }
    }

    /// What MoMo says in the body of an IPN, if it is MoMo that says it.
    pub fn read(&self, body: &[u8]) -> Result<Notice, Disbelieved> {
        let said: BTreeMap<String, Value> = serde_json::from_slice(body).map_err(|_| Disbelieved::Malformed)?;
        self.believe(&said.into_iter().map(|(name, value)| (name, text_of(value))).collect())
    }

    /// What MoMo says in the query string with which a buyer comes back.
    pub fn read_return(&self, query: &[u8]) -> Result<Notice, Disbelieved> {
        let mut said = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query) {
            if said.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Disbelieved::Malformed);
            }
        }
        self.believe(&said)
    }

    fn believe(&self, said: &BTreeMap<String, String>) -> Result<Notice, Disbelieved> {
        let value = |name: &str| said.get(name).map_or("", String::as_str);
        let own = ("accessKey", self.access_key.as_str());
        let text = signed_text([own].into_iter().chain(NOTICE.map(|name| (name, value(name)))));
        if !self.keys.verify(text.as_bytes(), value("signature")) {
            return Err(Disbelieved::Forged);
        }
        if value("partnerCode") != self.partner {
            return Err(Disbelieved::Unreadable);
        }
        let number = |name: &str| value(name).parse::<i64>().map_err(|_| Disbelieved::Unreadable);
        notice(
            value("orderId"),
            (number("resultCode")?, number("transId")?),
            number("amount")?,
            number("responseTime")?,
        )
        .ok_or(Disbelieved::Unreadable)
    }

    /// What MoMo knows of a payment; `request` is new for each question.
    pub async fn find(&self, request: &str, reference: &str) -> Result<Found, Unreachable> {
        let said = self.ask("query", &self.question(request, reference)).await?;
        match said.result_code {
            // No such order.
            42 => Ok(Found::Nothing),
            _ if said.order_id != reference => Err(Unreachable(anyhow::anyhow!("MoMo answered about another order"))),
            code => notice(reference, (code, said.trans_id), said.amount, said.response_time)
                .map(Found::Known)
                .ok_or_else(|| Unreachable(anyhow::anyhow!("MoMo's answer lacks a value"))),
        }
    }

    /// Has MoMo give back `amount` of the transaction. The same `request` again is the same refund.
    pub async fn refund(&self, request: &str, transaction: &str, amount: Vnd) -> Result<Returned, Unreachable> {
        let wire = amount.get().to_string();
        let text = signed_text([
            ("accessKey", self.access_key.as_str()),
            ("amount", &wire),
            ("description", ""),
            ("orderId", request),
            ("partnerCode", &self.partner),
            ("requestId", request),
            ("transId", transaction),
        ]);
        let number: i64 = transaction.parse().map_err(|error| Unreachable(anyhow::Error::new(error)))?;
        let body = json!({
            "partnerCode": self.partner,
            "orderId": request,
            "requestId": request,
            "amount": amount,
            "transId": number,
            "lang": "vi",
            "description": "",
            "signature": self.keys.sign(text.as_bytes()),
        });
        let said = self.ask("refund", &body).await?;
        // 40 and 41: it has this request, or this order number, already.
        if matches!(said.result_code, 40 | 41) {
            let said = self.ask("refund/query", &self.question(&format!("{request}-q"), request)).await?;
            return Ok(returned(&said));
        }
        Ok(returned(&said))
    }

    fn question(&self, request: &str, reference: &str) -> Value {
        let text = signed_text([
            ("accessKey", self.access_key.as_str()),
            ("orderId", reference),
            ("partnerCode", &self.partner),
            ("requestId", request),
        ]);
        json!({
            "partnerCode": self.partner,
            "requestId": request,
            "orderId": reference,
            "lang": "vi",
            "signature": self.keys.sign(text.as_bytes()),
        })
    }

    async fn ask(&self, endpoint: &str, body: &Value) -> Result<Said, Unreachable> {
        let url = format!("{}/v2/gateway/api/{endpoint}", self.url);
        let answered = self.http.send(self.http.post(&url).json(body)).await?;
        serde_json::from_slice(&answered.body).map_err(|error| Unreachable(error.into()))
    }
}

/// What is signed of a message: its values, in the order given.
pub fn signed_text<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = values.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A notice of these values; `None` if one is no such value.
fn notice(reference: &str, (code, transaction): (i64, i64), amount: i64, at: i64) -> Option<Notice> {
    let outcome = match code {
        0 if transaction > 0 => Outcome::Paid { transaction: transaction.to_string() },
        0 => return None,
        code if is_undecided(code) => Outcome::Pending,
        _ => Outcome::Failed,
    };
    let at = Utc.timestamp_millis_opt(at).single()?;
    (amount >= 0).then(|| Notice { reference: reference.to_owned(), outcome, amount: Vnd::new(amount), at: Some(at) })
}

/// Codes after which the result is still open: system errors (10, 99), begun (1000), in the works (7000, 7002),
/// authorised and not taken yet (9000).
const fn is_undecided(code: i64) -> bool {
    matches!(code, 10 | 99 | 1000 | 7000 | 7002 | 9000)
}

fn returned(said: &Said) -> Returned {
    match said.result_code {
        0 => Returned::Done { transaction: (said.trans_id > 0).then(|| said.trans_id.to_string()) },
        code if is_undecided(code) => Returned::Pending,
        code => Returned::Declined(format!("MoMo {code}: {}", said.message)),
    }
}

const fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "vi",
        Lang::En => "en",
    }
}

/// A value as it was signed.
fn text_of(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
