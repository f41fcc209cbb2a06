//! How a checkout may be paid, and what is opened for it.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{CASH_NOT_ALLOWED, Quote};
use crate::calendar;
use crate::kernel::{AccountId, CheckoutId, OrderId, PaymentId, SellerId, Vnd};
use crate::platform::error::{Error, Problem, Result};
use crate::trade::orders::cart::sum;
use crate::trade::orders::{NewOrder, Terms};
use crate::trade::payments::transfers::{self, reference};
use crate::trade::payments::{self, DuePayment, Method, NewPayment};

/// The marketplace or a shop does not take this kind of payment; the fact `methods` says which are taken.
pub const METHOD_NOT_OFFERED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "method-not-offered",
    vi: "Không nhận hình thức thanh toán này",
    en: "This kind of payment is not offered",
};

/// How the quote may be paid: on delivery unless something of it may not, by transfer if every shop says to which
/// account, and at the configured gateways.
pub async fn offered(
    conn: &mut PgConnection,
    quote: &Quote,
    gateways: &[Method],
    now: DateTime<Utc>,
) -> Result<Vec<Method>> {
    let transfer = transfers::are_offered(conn, &quote.sellers(), now).await?;
    let own = [(Method::Cod, quote.cashless().is_empty()), (Method::Vietqr, transfer)];
    let own = own.into_iter().filter(|(_, offered)| *offered).map(|(method, _)| method);
    Ok(own.chain(gateways.iter().copied()).collect())
}

/// Refuses with [`CASH_NOT_ALLOWED`] or [`METHOD_NOT_OFFERED`] what is not [`offered`].
pub async fn require_offered(
    conn: &mut PgConnection,
    quote: &Quote,
    (method, gateways): (Method, &[Method]),
    now: DateTime<Utc>,
) -> Result<()> {
    let cashless = quote.cashless();
    if method == Method::Cod && !cashless.is_empty() {
        let variants: Vec<String> = cashless.iter().map(ToString::to_string).collect();
        return Err(Error::from(&CASH_NOT_ALLOWED).fact("variants", variants));
    }
    let is_offered = match method {
        Method::Cod => true,
        Method::Vietqr => transfers::are_offered(conn, &quote.sellers(), now).await?,
        Method::Vnpay | Method::Momo => gateways.contains(&method),
    };
    if is_offered {
        return Ok(());
    }
    let methods = offered(conn, quote, gateways, now).await?;
    Err(Error::from(&METHOD_NOT_OFFERED).fact("methods", serde_json::to_value(methods)?))
}

/// What the orders of a checkout begin with: in cash the shop's time to accept, in advance the buyer's to pay.
pub async fn terms(
    conn: &mut PgConnection,
    (checkout, buyer): (CheckoutId, AccountId),
    method: Method,
    now: DateTime<Utc>,
) -> Result<Terms> {
    let (kind, in_advance) = match method {
        Method::Cod => ("order.acceptance", false),
        Method::Vietqr => ("payment.vietqr", true),
        Method::Vnpay | Method::Momo => ("payment.gateway", true),
    };
    let due = calendar::due(conn, kind, now).await?;
    let (pay_by, accept_by) = if in_advance { (Some(due), None) } else { (None, Some(due)) };
    Ok(Terms { checkout, buyer, method, accept_by, pay_by })
}

/// Opens what is to be paid for the orders: one payment for all of them, or by transfer one each, to the account its
/// shop has now. Answers what is due of that.
pub async fn open(
    conn: &mut PgConnection,
    orders: &[NewOrder],
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<Vec<DuePayment>> {
    if terms.method != Method::Vietqr {
        let shares: Vec<(OrderId, Vnd)> = orders.iter().map(|order| (order.id, order.total)).collect();
        return payments::open(conn, &[payment(terms, shares, None, now)?], now).await;
    }
    let payment_of = |order: &NewOrder| {
        payment(terms, vec![(order.id, order.total)], Some(reference::of_number(&order.number)), now)
    };
    let opened: Vec<NewPayment> = orders.iter().map(payment_of).collect::<Result<_>>()?;
    let due = payments::open(conn, &opened, now).await?;
    let transfers: Vec<(OrderId, PaymentId, SellerId)> =
        orders.iter().zip(&opened).map(|(order, payment)| (order.id, payment.id, order.seller)).collect();
    transfers::freeze(conn, &transfers, now).await?;
    Ok(due)
}

fn payment(
    terms: &Terms,
    shares: Vec<(OrderId, Vnd)>,
    reference: Option<String>,
    now: DateTime<Utc>,
) -> Result<NewPayment> {
    Ok(NewPayment {
        id: PaymentId::new(now),
        checkout: terms.checkout,
        method: terms.method,
        amount: sum(shares.iter().map(|share| share.1))?,
        pay_by: terms.pay_by,
        reference,
        shares,
    })
}
