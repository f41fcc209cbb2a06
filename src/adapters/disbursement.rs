//! The disbursement service of the licensed partner: sends money a gateway holds to a shop's bank account.
//!
//! A payout is known by the caller's key, and sending it again with the same key and content sends nothing again. So
//! whoever did not hear the answer asks for the key, or sends once more.
//!
//! Requests carry `x-timestamp` (seconds since 1970) and `x-signature`: HMAC-SHA256 in hex, by the shared key, over
//! `timestamp`, `method`, `path` and the raw body, joined by line feeds.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Answered, Http, Unreachable};
use crate::kernel::Vnd;

/// Where the instant of a request stands, as it was signed.
pub const TIMESTAMP: &str = "x-timestamp";
/// Where the signature of a request stands.
pub const SIGNATURE: &str = "x-signature";

/// A bank account money is sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The bank, by its number at NAPAS.
    pub bin: String,
    /// The account's number.
    pub account: String,
    /// Whose it is, as the bank writes it.
    pub holder: String,
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Names it for ever.
    pub key: String,
    /// Whose money it is: the gateway that holds it.
    pub provider: String,
    /// Where it goes.
    pub bank: Recipient,
    /// How much, in đồng.
    pub amount: Vnd,
    /// What the shop reads in its statement.
    pub reference: String,
}

/// What became of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    /// Not known yet: to be asked for again.
    Pending,
    /// The money has arrived.
    Succeeded,
    /// The money stays where it was, and always will under this key.
    Failed {
        /// Why, in the partner's words.
        reason: String,
    },
}

/// The client of the partner.
#[derive(Clone)]
pub struct Disbursement {
    http: Http,
    /// Without a slash at its end.
    url: String,
    key: SecretString,
}

impl Disbursement {
    /// A client of the service at `url`.
    pub fn new(http: Http, url: &str, key: SecretString) -> Self {
        Self { http, url: url.trim_end_matches('/').to_owned(), key }
    }

    /// Asks for the payout to be made. Harmless to repeat.
    pub async fn send(&self, payout: &Payout, now: DateTime<Utc>) -> Result<Outcome, Unreachable> {
        const PATH: &str = "/payouts";
        let body = serde_json::to_vec(payout).map_err(|error| Unreachable(error.into()))?;
        let request = self.http.post(&format!("{}{PATH}", self.url)).header("content-type", "application/json");
        let request = self.signed(request, ("POST", PATH), &body, now)?.body(body);
        outcome_of(&self.http.send(request).await?)
    }

    /// What became of the payout; `None` if the partner has never heard of it.
    pub async fn find(&self, key: &str, now: DateTime<Utc>) -> Result<Option<Outcome>, Unreachable> {
        let path = format!("/payouts/{key}");
        let request = self.http.get(&format!("{}{path}", self.url));
        let answer = self.http.send(self.signed(request, ("GET", &path), b"", now)?).await?;
        if answer.status == 404 { Ok(None) } else { outcome_of(&answer).map(Some) }
    }

    fn signed(
        &self,
        request: RequestBuilder,
        what: (&str, &str),
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<RequestBuilder, Unreachable> {
        let timestamp = now.timestamp().to_string();
        let signature = hex::encode(mac(&self.key, &timestamp, what, body).map_err(Unreachable)?.finalize().into_bytes());
        Ok(request.header(TIMESTAMP, timestamp).header(SIGNATURE, signature))
    }
}

/// Only a success with a body we understand says anything; after everything else nobody knows.
fn outcome_of(answer: &Answered) -> Result<Outcome, Unreachable> {
    if !(200..300).contains(&answer.status) {
        return Err(Unreachable(anyhow::anyhow!("the disbursement service answered {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|error| Unreachable(error.into()))
}

/// Whether the request was signed by the key; compared in constant time.
pub fn verify(key: &SecretString, timestamp: &str, what: (&str, &str), body: &[u8], signature: &str) -> bool {
    let (Ok(signature), Ok(mac)) = (hex::decode(signature), mac(key, timestamp, what, body)) else { return false };
    mac.verify_slice(&signature).is_ok()
}

fn mac(
    key: &SecretString,
    timestamp: &str,
    (method, path): (&str, &str),
    body: &[u8],
) -> anyhow::Result<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())?;
    Ok(mac.chain_update(format!("{timestamp}\n{method}\n{path}\n")).chain_update(body))
}
