//! The disbursement service of the licensed partner: sends money a gateway holds to a shop's bank account.
//!
//! A payout is known by the caller's key, and sending it again with the same key and content sends nothing again. So
//! whoever did not hear the answer asks for the key, or sends once more.
//!
//! Requests carry `x-timestamp` (seconds since 1970) and `x-signature`: HMAC-SHA256 in hex, by the shared key, over
//! `timestamp`, `method`, `path` and the raw body, joined by line feeds.

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::signing::{Algorithm, Keys};
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
    keys: Keys,
}

impl Disbursement {
    /// A client of the service at `url`.
    pub fn new(http: Http, url: &str, key: SecretString) -> Self {
        Self { http, url: url.trim_end_matches('/').to_owned(), keys: keys(key) }
    }

    /// Asks for the payout to be made. Harmless to repeat.
    pub async fn send(&self, payout: &Payout, now: DateTime<Utc>) -> Result<Outcome, Unreachable> {
        const PATH: &str = "/payouts";
        let body = serde_json::to_vec(payout).map_err(|error| Unreachable(error.into()))?;
        let request = self.http.post(&format!("{}{PATH}", self.url)).header("content-type", "application/json");
        let request = self.signed(request, ("POST", PATH), &body, now).body(body);
        outcome_of(&self.http.send(request).await?)
    }

    /// What became of the payout; `None` if the partner has never heard of it.
    pub async fn find(&self, key: &str, now: DateTime<Utc>) -> Result<Option<Outcome>, Unreachable> {
        let path = format!("/payouts/{key}");
        let request = self.http.get(&format!("{}{path}", self.url));
        let answer = self.http.send(self.signed(request, ("GET", &path), b"", now)).await?;
        if answer.status == 404 { Ok(None) } else { outcome_of(&answer).map(Some) }
    }

    fn signed(&self, request: RequestBuilder, what: (&str, &str), body: &[u8], now: DateTime<Utc>) -> RequestBuilder {
        let timestamp = now.timestamp().to_string();
        let signature = self.keys.sign(&signed_text(&timestamp, what, body));
        request.header(TIMESTAMP, timestamp).header(SIGNATURE, signature)
    }
}

/// Only a success with a body we understand says anything; after everything else nobody knows.
fn outcome_of(answer: &Answered) -> Result<Outcome, Unreachable> {
    if !(200..300).contains(&answer.status) {
        return Err(Unreachable(anyhow::anyhow!("the disbursement service answered {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|error| Unreachable(error.into()))
}

/// The keys both sides sign with.
pub fn keys(key: SecretString) -> Keys {
    Keys::new(Algorithm::Sha256, key, None)
}

/// What is signed of a request: when, how, where, and the raw body.
pub fn signed_text(timestamp: &str, (method, path): (&str, &str), body: &[u8]) -> Vec<u8> {
    let mut text = format!("{timestamp}\n{method}\n{path}\n").into_bytes();
    text.extend_from_slice(body);
    text
}
