//! The gateways as payments know them: one vocabulary for all.

use std::net::IpAddr;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Attempt, Method, Sending};
use crate::adapters::gateway::{Created, Disbelieved, Found, Notice, Returned};
use crate::adapters::{Momo, Unreachable, Vnpay, momo, vnpay};
use crate::app::App;
use crate::kernel::{AttemptId, Lang, RequestId};
use crate::platform::error::{OrRefuse as _, Problem, Result};
use crate::trade::ledger::Provider;

/// The marketplace has no account at this gateway.
pub const GATEWAY_NOT_CONFIGURED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "gateway-not-configured",
    vi: "Sàn chưa kết nối cổng thanh toán này",
    en: "This payment gateway is not connected",
};

/// What the buyer pays for, as the gateway shows it; neither takes diacritics everywhere.
const INFO: &str = "Thanh toan don hang OCOP";

/// Who is sent to a pay page.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// Where they call from.
    pub address: IpAddr,
    /// Their language.
    pub lang: Lang,
}

/// The client of a gateway.
#[derive(Clone, Copy)]
pub enum Gateway<'a> {
    Vnpay(&'a Vnpay),
    Momo(&'a Momo),
}

/// The gateways where buyers can pay: we have an account there, and they can come back.
pub fn offered(app: &App) -> Vec<Method> {
    let configured = [Method::Vnpay, Method::Momo].into_iter();
    let is_offered = |method: &Method| method.provider().is_some_and(|provider| of(app, provider).is_ok());
    configured.filter(|method| app.settings.public_url.is_some() && is_offered(method)).collect()
}

/// The client of a provider, if there is one.
pub fn of(app: &App, provider: Provider) -> Result<Gateway<'_>> {
    match provider {
        Provider::Vnpay => app.adapters.vnpay.as_ref().map(Gateway::Vnpay),
        Provider::Momo => app.adapters.momo.as_ref().map(Gateway::Momo),
    }
    .or_refuse(&GATEWAY_NOT_CONFIGURED)
}

/// What providers know a try, or a refund, by.
pub fn key(id: Uuid) -> String {
    id.simple().to_string()
}

/// The try a provider names.
pub fn attempt_of(reference: &str) -> Option<AttemptId> {
    Uuid::try_parse(reference).ok().map(AttemptId::from)
}

/// A question's own key.
fn question(now: DateTime<Utc>) -> String {
    key(RequestId::new(now).as_uuid())
}

impl Gateway<'_> {
    /// Where the buyer pays.
    pub async fn create(self, app: &App, attempt: &Attempt, visitor: Visitor) -> Result<Result<Created, Unreachable>> {
        let public_url = app.settings.public_url.as_ref().or_refuse(&GATEWAY_NOT_CONFIGURED)?;
        let reference = key(attempt.id.as_uuid());
        Ok(match self {
            Self::Vnpay(vnpay) => Ok(Created::At(vnpay.pay_page(&vnpay::Sale {
                reference: &reference,
                amount: attempt.amount_vnd,
                info: INFO,
                return_url: &public_url.of("/v1/payments/vnpay/return"),
                address: visitor.address,
                lang: visitor.lang,
                created_at: attempt.created_at,
                expires_at: attempt.expires_at,
            }))),
            Self::Momo(momo) => {
                let sale = momo::Sale {
                    reference: &reference,
                    amount: attempt.amount_vnd,
                    info: INFO,
                    return_url: &public_url.of("/v1/payments/momo/return"),
                    notice_url: &public_url.of("/v1/payments/momo/ipn"),
                    lang: visitor.lang,
                };
                momo.create(&sale).await
            }
        })
    }

    /// What the gateway knows of a try.
    pub async fn find(self, attempt: &Attempt, now: DateTime<Utc>) -> Result<Found, Unreachable> {
        let reference = key(attempt.id.as_uuid());
        match self {
            Self::Vnpay(vnpay) => {
                let sold = vnpay::Sold { reference: &reference, created_at: attempt.created_at };
                vnpay.find(&question(now), sold, now).await
            }
            Self::Momo(momo) => momo.find(&question(now), &reference).await,
        }
    }

    /// Has the gateway give money back.
    pub async fn refund(self, sending: &Sending, now: DateTime<Utc>) -> Result<Returned, Unreachable> {
        let request = key(sending.id.as_uuid());
        match self {
            Self::Vnpay(vnpay) => {
                let reference = key(sending.attempt.as_uuid());
                let sold = vnpay::Sold { reference: &reference, created_at: sending.attempted_at };
                let taken = vnpay::Taken { sold, transaction: &sending.transaction, amount: sending.captured };
                let back = vnpay::Back { request: &request, amount: sending.amount, others: &sending.others };
                vnpay.refund(taken, back, now).await
            }
            Self::Momo(momo) => momo.refund(&request, &sending.transaction, sending.amount).await,
        }
    }

    /// What a gateway says in a notice it sends.
    pub fn read(self, raw: &[u8]) -> Result<Notice, Disbelieved> {
        match self {
            Self::Vnpay(vnpay) => vnpay.read(raw),
            Self::Momo(momo) => momo.read(raw),
        }
    }

    /// What a gateway says in the address with which a buyer comes back.
    pub fn read_return(self, query: &[u8]) -> Result<Notice, Disbelieved> {
        match self {
            Self::Vnpay(vnpay) => vnpay.read(query),
            Self::Momo(momo) => momo.read_return(query),
        }
    }
}
