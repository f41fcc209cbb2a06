//! Paying, as its buyer does it.

mod gateways;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attempts;
use super::gateways::Visitor;
use super::model::Attempt;
use super::store::show::{self, PaymentFacts, Refund, Share};
use crate::app::{App, Public};
use crate::kernel::{AttemptId, PaymentId};
use crate::people::access::Buyer;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path};
use crate::platform::idempotency::{self, IdempotencyKey};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_payment))
        .routes(routes!(begin_payment_attempt))
        .merge(gateways::router())
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// A payment in the path.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct PaymentPath {
    payment_id: PaymentId,
}

/// A payment with everything that happened to it.
#[derive(Serialize, ToSchema)]
struct PaymentView {
    #[serde(flatten)]
    facts: PaymentFacts,
    /// What it pays.
    orders: Vec<Share>,
    /// The tries to pay it at a gateway.
    attempts: Vec<Attempt>,
    /// What goes back of it.
    refunds: Vec<Refund>,
}

/// One of the caller's own payments.
#[utoipa::path(get, path = "/payments/{payment_id}", tag = "payments", security(("session" = ["account"])),
    params(("payment_id" = PaymentId, Path)), responses((status = OK, body = PaymentView)))]
async fn show_payment(buyer: Buyer, Path(path): Path<PaymentPath>) -> Result<Json<PaymentView>> {
    buyer
        .see(async |scope| {
            let (conn, account) = scope.split();
            let facts = show::facts(conn, *account, path.payment_id).await?.or_refuse(&NOT_FOUND)?;
            view(conn, facts).await
        })
        .await
}

async fn view(conn: &mut PgConnection, facts: PaymentFacts) -> Result<Json<PaymentView>> {
    let id = facts.id;
    Ok(Json(PaymentView {
        facts,
        orders: show::shares(conn, id).await?,
        attempts: show::attempts(conn, id).await?,
        refunds: show::refunds(conn, id).await?,
    }))
}

/// What is committed of a try before the gateway hears of it.
#[derive(Serialize, Deserialize)]
struct Begun {
    attempt_id: AttemptId,
}

/// Try to pay at the gateway: the answer says where (`pay_url`). A try that failed may be followed by another.
///
/// Send the same `Idempotency-Key` again to be sure: it is the same try.
#[utoipa::path(post, path = "/payments/{payment_id}/attempts", tag = "payments", security(("session" = ["account"])),
    params(
        ("payment_id" = PaymentId, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters, new for every try"),
    ),
    responses((status = CREATED, body = Attempt)))]
async fn begin_payment_attempt(
    buyer: Buyer,
    public: Public,
    Path(path): Path<PaymentPath>,
    key: IdempotencyKey,
) -> Result<idempotency::Answer> {
    const ROUTE: &str = "POST /v1/payments/{payment_id}/attempts";
    let now = buyer.app().clock.now();
    let begun = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let begin = async |conn: &mut PgConnection| {
                let attempt_id = attempts::begin(conn, *account, path.payment_id, now).await?;
                Ok((StatusCode::CREATED, Begun { attempt_id }))
            };
            idempotency::once(conn, (account.as_uuid(), ROUTE, &key), &path, now, begin).await
        })
        .await?;
    let Begun { attempt_id } = serde_json::from_value(begun.body().clone())?;
    let visitor = Visitor { address: public.address, lang: public.lang };
    begun.with_body(attempts::with_page(buyer.app(), attempt_id, visitor).await?)
}
