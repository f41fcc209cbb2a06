//! What gateways are asked for by jobs: the result of a try nobody reported, and money to give back. Every question and
//! every order bears being repeated.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::jobs::{QueryAttempt, RecheckAttempt, SendRefund};
use super::model::{Attempt, AttemptStatus, Sending};
use super::store::{attempts, refunds as store};
use super::{captures, exceptions, gateways, refunds};
use crate::adapters::Unreachable;
use crate::adapters::gateway::{Found, Returned};
use crate::app::App;
use crate::calendar;
use crate::kernel::{OrderId, RefundId};
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;

/// After so many answers that nothing is decided a try counts as failed; a notice may still say otherwise.
const MOST_QUERIES: i32 = 16;
/// After so many orders without an answer a person looks at a refund.
const MOST_TRIES: i32 = 8;
/// Pauses double so often and then stay.
const MOST_DOUBLINGS: i32 = 8;

/// Asks for the result of a try, unless it is known by now, and if nothing is decided again later.
pub async fn query_attempt(app: &App, job: QueryAttempt) -> Result<()> {
    let attempt = app.db.see(async |conn| attempts::find(conn, job.attempt).await).await?;
    let Some(attempt) = attempt.filter(|attempt| attempt.status == AttemptStatus::Open) else { return Ok(()) };
    let answered = ask(app, &attempt).await?;
    let now = app.clock.now();
    app.db.act(async |conn| ask_later(conn, &attempt, answered, now).await).await
}

/// Asks whether a try was paid that counts as failed, until the gateway answers.
pub async fn recheck_attempt(app: &App, job: RecheckAttempt) -> Result<()> {
    let attempt = app.db.see(async |conn| attempts::find(conn, job.attempt).await).await?;
    let Some(attempt) = attempt.filter(|attempt| attempt.status != AttemptStatus::Captured) else { return Ok(()) };
    if ask(app, &attempt).await? {
        Ok(())
    } else {
        Err(Error::fault(format!("the gateway did not say whether try {} was paid", attempt.id)))
    }
}

/// Asks for the results of the tries to pay this order that nobody reported: what is paid must not expire.
pub async fn ask_about(app: &App, order: OrderId) -> Result<()> {
    for attempt in app.db.see(async |conn| attempts::open_of_order(conn, order).await).await? {
        ask(app, &attempt).await?;
    }
    Ok(())
}

/// Asks once and applies the answer; says whether there was one.
async fn ask(app: &App, attempt: &Attempt) -> Result<bool> {
    let now = app.clock.now();
    let Ok(gateway) = gateways::of(app, attempt.provider) else {
        tracing::error!(attempt = %attempt.id, "its gateway is not configured any more");
        return Ok(false);
    };
    match gateway.find(attempt, now).await {
        Ok(Found::Known(notice)) if gateways::attempt_of(&notice.reference) == Some(attempt.id) => {
            app.db.act(async |conn| captures::apply(conn, attempt.id, &notice, now).await).await?;
            Ok(true)
        }
        Ok(Found::Known(notice)) => {
            tracing::error!(attempt = %attempt.id, told = notice.reference, "the gateway speaks of another try");
            Ok(false)
        }
        Ok(Found::Nothing) if attempt.expires_at <= now => {
            app.db.act(async |conn| give_up(conn, attempt, now).await).await?;
            Ok(true)
        }
        Ok(Found::Nothing) => Ok(true),
        Err(Unreachable(error)) => {
            tracing::warn!(attempt = %attempt.id, %error, "the gateway did not say what became of a try");
            Ok(false)
        }
    }
}

async fn give_up(conn: &mut PgConnection, attempt: &Attempt, now: DateTime<Utc>) -> Result<()> {
    attempts::lock_with_payment(conn, attempt.id).await?;
    attempts::decide(conn, attempt.id, AttemptStatus::Failed, now).await.map(drop)
}

/// Counts the question; while the try is open the next one comes after twice the pause (row `payment.query`), but not
/// without one at the end of the time to pay.
async fn ask_later(conn: &mut PgConnection, attempt: &Attempt, answered: bool, now: DateTime<Utc>) -> Result<()> {
    let Some(queries) = attempts::count_query(conn, attempt.id, now).await? else { return Ok(()) };
    if answered && queries >= MOST_QUERIES {
        return give_up(conn, attempt, now).await;
    }
    let next = now + pause(conn, queries, now).await?;
    let next = if now < attempt.expires_at { next.min(attempt.expires_at) } else { next };
    QueryAttempt { attempt: attempt.id }.enqueue(conn, next).await
}

async fn pause(conn: &mut PgConnection, times: i32, now: DateTime<Utc>) -> Result<TimeDelta> {
    let first = calendar::due(conn, "payment.query", now).await? - now;
    Ok(first * (1 << times.clamp(0, MOST_DOUBLINGS)))
}

/// Orders a promised refund at its gateway. The intent is committed before; the refund's id is the gateway's key, so an
/// order that was carried out and not noted is found out by repeating it. One refund of a capture is ordered at a time:
/// asked what became of it, a gateway may tell of the latest one.
pub async fn send_refund(app: &App, job: SendRefund) -> Result<()> {
    let now = app.clock.now();
    let sending = app.db.act(async |conn| begin_sending(conn, job.refund, now).await).await?;
    let Some(sending) = sending else { return Ok(()) };
    let returned = gateways::of(app, sending.provider)?.refund(&sending, now).await;
    let now = app.clock.now();
    app.db.act(async |conn| note_refund(conn, &sending, &returned, now).await).await
}

/// `None` if there is nothing to send any more, or not yet: whatever ends the doubt about the other refund sends this one.
async fn begin_sending(conn: &mut PgConnection, refund: RefundId, now: DateTime<Utc>) -> Result<Option<Sending>> {
    store::lock_payment(conn, refund).await?;
    if store::is_another_in_doubt(conn, refund).await? {
        return Ok(None);
    }
    store::begin_sending(conn, refund, now).await
}

async fn note_refund(
    conn: &mut PgConnection,
    sending: &Sending,
    returned: &Result<Returned, Unreachable>,
    now: DateTime<Utc>,
) -> Result<()> {
    store::lock_payment(conn, sending.id).await?;
    match returned {
        Ok(Returned::Done { transaction }) => {
            store::set_transaction(conn, sending.id, transaction.as_deref()).await?;
            refunds::arrive(conn, sending.id, now).await.map(drop)
        }
        Ok(Returned::Declined(why)) => {
            stick(conn, sending, why, now).await?;
            refunds::end_doubt(conn, sending.id, now).await
        }
        Ok(Returned::Pending) | Err(_) if sending.tries < MOST_TRIES => {
            let next = now + pause(conn, sending.tries, now).await?;
            SendRefund { refund: sending.id }.enqueue(conn, next).await
        }
        Ok(Returned::Pending) => stick(conn, sending, "no answer decides it", now).await,
        Err(Unreachable(error)) => stick(conn, sending, &error.to_string(), now).await,
    }
}

async fn stick(conn: &mut PgConnection, sending: &Sending, why: &str, now: DateTime<Utc>) -> Result<()> {
    if store::set_stuck(conn, sending.id).await? {
        tracing::error!(refund = %sending.id, why, "a gateway does not give money back");
        exceptions::open_stuck(conn, sending, now).await?;
    }
    Ok(())
}
