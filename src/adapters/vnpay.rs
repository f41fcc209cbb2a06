//! VNPay 2.1.0: the pay page, its signed answers, `querydr` and `refund`.
//!
//! Amounts on the wire are hundredths of a đồng; times are `yyyyMMddHHmmss` in Viet Nam. What comes by query string is
//! signed over its sorted, form-encoded parameters ([`signed_text`]), what comes by JSON over chosen values joined by
//! `|`.

mod api;

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDateTime, Utc};
use form_urlencoded::Serializer;
use secrecy::SecretString;

use super::Http;
use super::gateway::{Disbelieved, Notice, Outcome};
use super::signing::{Algorithm, Keys};
use crate::kernel::clock::VIET_NAM;
use crate::kernel::{Lang, Vnd};

pub use api::{Back, QUERY_ANSWER, REFUND_ANSWER, Sold, Taken};

/// The version of the interface.
pub const VERSION: &str = "2.1.0";
/// How VNPay writes instants.
const INSTANT: &str = "%Y%m%d%H%M%S";
/// Parameters that are not signed: the signature itself, and what it once was made with.
const UNSIGNED: [&str; 2] = ["vnp_SecureHash", "vnp_SecureHashType"];

/// A merchant's account at VNPay.
#[derive(Clone)]
pub struct Vnpay {
    http: Http,
    pay_url: String,
    api_url: String,
    terminal: String,
    keys: Keys,
}

/// Somebody to send to the pay page.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// Our key, of at most 100 letters and digits.
    pub reference: &'a str,
    /// How much.
    pub amount: Vnd,
    /// What for, without diacritics.
    pub info: &'a str,
    /// Where the buyer comes back to.
    pub return_url: &'a str,
    /// Where the buyer calls from.
    pub address: IpAddr,
    /// In which language.
    pub lang: Lang,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl Vnpay {
    /// The account `terminal`, whose pay page is `pay_url` and whose machine interface is `api_url`.
    pub fn new(
        http: Http,
        (pay_url, api_url): (String, String),
        terminal: String,
        (secret, old): (SecretString, Option<SecretString>),
    ) -> Self {
        Self { http, pay_url, api_url, terminal, keys: Keys::new(Algorithm::Sha512, secret, old) }
    }

    /// The address of the pay page for this sale.
    pub fn pay_page(&self, sale: &Sale<'_>) -> String {
        let wire_amount = wire_amount(sale.amount);
        let (created, expires) = (wire_instant(sale.created_at), wire_instant(sale.expires_at));
        let address = sale.address.to_string();
        let locale = match sale.lang {
            Lang::Vi => "vn",
            Lang::En => "en",
        };
        let text = signed_text([
            ("vnp_Version", VERSION),
            ("vnp_Command", "pay"),
            ("vnp_TmnCode", &self.terminal),
            ("vnp_Amount", &wire_amount),
            ("vnp_CurrCode", "VND"),
            ("vnp_TxnRef", sale.reference),
            ("vnp_OrderInfo", sale.info),
            ("vnp_OrderType", "other"),
            ("vnp_Locale", locale),
            ("vnp_ReturnUrl", sale.return_url),
            ("vnp_IpAddr", &address),
            ("vnp_CreateDate", &created),
            ("vnp_ExpireDate", &expires),
        ]);
        let signature = self.keys.sign(text.as_bytes());
        format!("{}?{text}&vnp_SecureHash={signature}", self.pay_url)
    }

    /// What VNPay says in the query string of a return or of an IPN, if it is VNPay that says it.
    pub fn read(&self, query: &[u8]) -> Result<Notice, Disbelieved> {
        let mut said = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query).filter(|(name, _)| name.starts_with("vnp_")) {
            if said.insert(name.into_owned(), value.into_owned()).is_some() {
                // Which of two values was signed is anybody's guess.
                return Err(Disbelieved::Malformed);
            }
        }
        let signature = said.get(UNSIGNED[0]).ok_or(Disbelieved::Forged)?;
        let text = signed_text(said.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if !self.keys.verify(text.as_bytes(), signature) {
            return Err(Disbelieved::Forged);
        }
        let value = |name: &str| said.get(name).map_or("", String::as_str);
        if value("vnp_TmnCode") != self.terminal {
            return Err(Disbelieved::Unreadable);
        }
        notice(&value).ok_or(Disbelieved::Unreadable)
    }
}

/// What is signed of a query string: without the signature and what is empty, by name, form-encoded.
pub fn signed_text<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let parameters = parameters.into_iter().filter(|(name, value)| !value.is_empty() && !UNSIGNED.contains(name));
    let sorted: BTreeMap<&str, &str> = parameters.collect();
    Serializer::new(String::new()).extend_pairs(sorted).finish()
}

/// The notice in an answer's values; `None` if one is missing or no such value.
fn notice<'a>(value: &impl Fn(&str) -> &'a str) -> Option<Notice> {
    let (code, status) = (value("vnp_ResponseCode"), value("vnp_TransactionStatus"));
    let at = match value("vnp_PayDate") {
        "" => None,
        at => Some(read_instant(at)?),
    };
    let outcome = outcome(code, status, value("vnp_TransactionNo"))?;
    if matches!(outcome, Outcome::Paid { .. }) && at.is_none() {
        return None;
    }
    let reference = value("vnp_TxnRef");
    let amount = read_amount(value("vnp_Amount"))?;
    (!reference.is_empty()).then(|| Notice { reference: reference.to_owned(), outcome, amount, at })
}

/// `00` twice is paid. An incomplete transaction (status 01) and one under suspicion (07) are not decided; every other
/// pair means that nothing was taken.
fn outcome(code: &str, status: &str, transaction: &str) -> Option<Outcome> {
    match (code, status) {
        ("00", "00") => {
            let is_number = !transaction.is_empty() && transaction != "0";
            is_number.then(|| Outcome::Paid { transaction: transaction.to_owned() })
        }
        ("", _) => None,
        (_, "01" | "07") | ("07", _) => Some(Outcome::Pending),
        _ => Some(Outcome::Failed),
    }
}

/// As VNPay writes an amount: a hundred times as much.
fn wire_amount(amount: Vnd) -> String {
    (i128::from(amount.get()) * 100).to_string()
}

fn read_amount(wire: &str) -> Option<Vnd> {
    let hundredths: i64 = wire.parse().ok()?;
    (hundredths >= 0 && hundredths % 100 == 0).then(|| Vnd::new(hundredths / 100))
}

fn wire_instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&VIET_NAM).format(INSTANT).to_string()
}

fn read_instant(wire: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(wire, INSTANT).ok()?;
    Some(local.and_local_timezone(VIET_NAM).single()?.to_utc())
}
