//! The daily batch, each payout of it, and what was not heard of.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{making, sending, store};
use crate::adapters::Unreachable;
use crate::app::App;
use crate::calendar;
use crate::kernel::{PayoutId, SellerId};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;
use crate::trade::ledger::Provider;

/// How long the partner is left alone with a payout it has not answered for.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Every shop is paid what it can be paid.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PayShops {}

impl Job for PayShops {
    const KIND: &'static str = "payouts.pay_shops";
}

/// One shop is paid what a gateway has of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct PayShop {
    /// Which shop.
    pub seller: SellerId,
    /// Which gateway.
    pub provider: Provider,
}

impl Job for PayShop {
    const KIND: &'static str = "payouts.pay_shop";
}

/// A payout is to be sent, or asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendPayout {
    /// Which payout.
    pub payout: PayoutId,
}

impl Job for SendPayout {
    const KIND: &'static str = "payouts.send";
}

/// The partner is asked again for what it has not answered for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct AskAgain {}

impl Job for AskAgain {
    const KIND: &'static str = "payouts.ask_again";
}

/// Finds the shops that have money at a gateway, and has each paid by a job of its own: one that fails stops no other.
/// Without a partner nothing is promised.
pub async fn pay_shops(app: &App, _: PayShops) -> Result<()> {
    if app.adapters.disbursement.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db
        .act(async |conn| {
            let closed_by = calendar::latest_start(conn, making::AFTER_COMPLETION, now).await?;
            for (seller, provider) in store::shops_with_money(conn, closed_by).await? {
                PayShop { seller, provider }.enqueue(conn, now).await?;
            }
            Ok(())
        })
        .await
}

/// Makes the shop's payout, if there is still something to pay.
pub async fn pay_shop(app: &App, job: PayShop) -> Result<()> {
    let now = app.clock.now();
    let letters = app.db.act(async |conn| making::make_if_due(conn, (job.seller, job.provider), now).await).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

/// Asks the partner, and books its answer. Without an answer the payout stays as it is until it is asked for again.
pub async fn send_payout(app: &App, job: SendPayout) -> Result<()> {
    let Some(partner) = &app.adapters.disbursement else { return Ok(()) };
    let (id, now) = (job.payout, app.clock.now());
    let Some(order) = app.db.act(async |conn| sending::begin(conn, &app.seal, id, now).await).await? else {
        return Ok(());
    };
    let outcome = match sending::ask(partner, &order, now).await {
        Ok(outcome) => outcome,
        Err(Unreachable(error)) => {
            tracing::warn!(payout = %id, error = %format_args!("{error:#}"), "the partner did not answer");
            return Ok(());
        }
    };
    let letters = app.db.act(async |conn| sending::settle(conn, id, &outcome, now).await).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

/// Has every payout asked for that nobody has heard of for a while: the answer was lost, or was “pending”, or whoever
/// asked died.
pub async fn ask_again(app: &App, _: AskAgain) -> Result<()> {
    let now = app.clock.now();
    app.db
        .act(async |conn| {
            for payout in store::unheard_of(conn, now - PATIENCE).await? {
                SendPayout { payout }.enqueue(conn, now).await?;
            }
            Ok(())
        })
        .await
}
