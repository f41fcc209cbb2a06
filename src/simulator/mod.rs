//! The providers' side of the wire, for the demonstration and for tests: VNPay, MoMo, GHN, a bank, and the licensed
//! partner that pays shops out. It pays, fails, delays, duplicates, reorders and forges on request.
//!
//! It knows the wire, nothing of the domain: payments are amounts with references, parcels are codes. What it has
//! been told and asked lives in memory and is gone with it, as a provider's test system is reset one night.
//!
//! People press buttons on its pages; programs send the same through `/control`. What it would tell the marketplace
//! is a notice that is sent at once, or is held until somebody says so: nothing here waits.

mod bank;
mod control;
mod faults;
mod gateways;
mod ghn;
mod momo;
mod notices;
mod pages;
mod partner;
mod vnpay;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde_json::json;
use tokio::net::TcpListener;

use crate::adapters::Http;
use crate::kernel::Clock;
use crate::platform::extract::Json;
use crate::platform::serve;

/// What the providers have on file about their merchant.
#[derive(Debug, Clone)]
pub struct Contracts {
    /// Where the marketplace's API is, as `http://127.0.0.1:8080`.
    pub marketplace: String,
    /// VNPay's.
    pub vnpay: VnpayContract,
    /// MoMo's.
    pub momo: MomoContract,
    /// GHN's.
    pub ghn: GhnContract,
    /// The key of the bank's notices.
    pub bank_secret: SecretString,
    /// The key of the partner that pays out.
    pub disbursement_key: SecretString,
}

/// What VNPay and its merchant share.
#[derive(Debug, Clone)]
pub struct VnpayContract {
    /// The merchant.
    pub tmn_code: String,
    /// Signs both ways.
    pub secret: SecretString,
}

/// What MoMo and its merchant share.
#[derive(Debug, Clone)]
pub struct MomoContract {
    /// The merchant.
    pub partner_code: String,
    /// The half of the key that is sent along.
    pub access_key: String,
    /// Signs both ways.
    pub secret: SecretString,
}

/// What GHN and its customer share.
#[derive(Debug, Clone)]
pub struct GhnContract {
    /// Opens the API.
    pub token: SecretString,
    /// The customer's shop there.
    pub shop_id: String,
    /// Shows that a status comes from GHN.
    pub webhook_secret: SecretString,
}

/// The running simulator; cheap to clone.
#[derive(Clone)]
pub struct Simulator(Arc<Parts>);

struct Parts {
    contracts: Contracts,
    clock: Clock,
    http: Http,
    state: Mutex<State>,
}

/// Everything that has happened.
struct State {
    next_number: i64,
    vnpay: gateways::Payments,
    momo: gateways::Payments,
    parcels: ghn::Parcels,
    transfers: Vec<bank::Transfer>,
    payouts: partner::Payouts,
    faults: faults::Faults,
    notices: notices::Notices,
}

impl State {
    /// A number nobody has had. It begins with the time, so that a restart does not give numbers a second time.
    fn number(&mut self) -> i64 {
        self.next_number += 1;
        self.next_number
    }
}

impl Simulator {
    /// Providers to whom nothing has happened yet.
    pub fn new(contracts: Contracts, clock: Clock, http: Http) -> Self {
        let state = State {
            next_number: clock.now().timestamp_millis(),
            vnpay: gateways::Payments::default(),
            momo: gateways::Payments::default(),
            parcels: ghn::Parcels::default(),
            transfers: Vec::new(),
            payouts: partner::Payouts::default(),
            faults: faults::Faults::default(),
            notices: notices::Notices::default(),
        };
        Self(Arc::new(Parts { contracts, clock, http, state: Mutex::new(state) }))
    }

    /// The state; never held across an await.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything the simulator answers to.
    pub fn router(&self) -> Router {
        Router::new()
            .merge(pages::router())
            .merge(gateways::router())
            .merge(vnpay::router())
            .merge(momo::router())
            .merge(ghn::router())
            .merge(bank::router())
            .merge(partner::router())
            .merge(control::router())
            .with_state(self.clone())
    }

    /// Plays until `stop` is done.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        serve::serve(listener, self.router(), stop).await;
    }
}

/// Why something could not be played.
#[derive(Debug)]
struct Refused(StatusCode, String);

impl Refused {
    fn not_found(what: impl std::fmt::Display) -> Self {
        Self(StatusCode::NOT_FOUND, format!("{what} is not known here"))
    }

    fn conflict(why: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, why.into())
    }

    fn bad(why: impl std::fmt::Display) -> Self {
        Self(StatusCode::BAD_REQUEST, why.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}
