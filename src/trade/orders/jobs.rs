//! What happens to orders by itself, and what they make of news from below.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::model::Deadline;
use super::store::{self, Parties, Reached};
use super::{letters, life};
use crate::app::App;
use crate::calendar;
use crate::kernel::OrderId;
use crate::market::measures::{self, TakenDown};
use crate::platform::error::Result;
use crate::platform::jobs::Job;
use crate::trade::payments::transfers::PayByMoved;
use crate::trade::payments::{self, Paid};

/// Orders looked for at a time.
const CHUNK: i64 = 50;

/// So long a shop is not told of an order: what a buyer takes back at once is no news.
const SECOND_THOUGHTS: TimeDelta = TimeDelta::minutes(1);

/// The time to accept an order is over; most often it was accepted long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct AcceptanceMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for AcceptanceMissed {
    const KIND: &'static str = "orders.acceptance_missed";
}

/// Cancels the order if nobody accepted it, and tells both sides.
pub async fn acceptance_missed(app: &App, job: AcceptanceMissed) -> Result<()> {
    missed(app, job.order, Deadline::Acceptance).await
}

/// The time to hand an accepted order to a carrier is over; most often one has it long since.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShipmentMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for ShipmentMissed {
    const KIND: &'static str = "orders.shipment_missed";
}

/// Cancels the order if no carrier has it, and tells both sides.
pub async fn shipment_missed(app: &App, job: ShipmentMissed) -> Result<()> {
    missed(app, job.order, Deadline::Shipment).await
}

/// The time is over in which a shop says that what nobody took is back.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReceiptMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for ReceiptMissed {
    const KIND: &'static str = "orders.receipt_missed";
}

/// Ends the order if the shop said nothing: a buyer does not wait for ever for what they paid. Tells both sides.
pub async fn receipt_missed(app: &App, job: ReceiptMissed) -> Result<()> {
    missed(app, job.order, Deadline::Receipt).await
}

async fn missed(app: &App, order: OrderId, deadline: Deadline) -> Result<()> {
    let (order, now) = (Reached::by_deadline(order), app.clock.now());
    let end = async |conn: &mut PgConnection| match (life::miss(conn, order, deadline, now).await?, deadline) {
        (false, _) => Ok(Vec::new()),
        (true, Deadline::Acceptance | Deadline::Shipment) => letters::tell_cancelled(conn, order, now).await,
        (true, Deadline::Receipt) => letters::tell_counted_as_back(conn, order, now).await,
    };
    let letters = app.db.act(end).await?;
    letters::show(app, &letters);
    Ok(())
}

/// The time to pay an order in advance is over, unless it was given more.
#[derive(Debug, Serialize, Deserialize)]
pub struct PaymentMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for PaymentMissed {
    const KIND: &'static str = "orders.payment_missed";
}

/// Cancels the order if it was not paid, and tells the buyer: the gateway is asked first, whose notice may have been lost.
pub async fn payment_missed(app: &App, job: PaymentMissed) -> Result<()> {
    payments::ask_about(app, job.order).await?;
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    let end = async |conn: &mut PgConnection| {
        if life::miss_payment(conn, order, now).await? {
            letters::tell_cancelled(conn, order, now).await
        } else {
            Ok(Vec::new())
        }
    };
    let letters = app.db.act(end).await?;
    letters::show(app, &letters);
    Ok(())
}

/// An order was paid in advance: its shop may begin.
pub async fn order_paid(app: &App, news: Paid) -> Result<()> {
    let (order, now) = (Reached::by_deadline(news.order), app.clock.now());
    app.db.act(async |conn| life::pay(conn, order, now).await).await
}

/// A buyer says to have paid, and gets more time.
pub async fn pay_by_moved(app: &App, news: PayByMoved) -> Result<()> {
    let order = Reached::by_deadline(news.order);
    app.db.act(async |conn| life::wait_longer(conn, order).await).await
}

/// An order is its shop's to accept.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrderCame {
    /// Which order.
    pub order: OrderId,
}

impl Job for OrderCame {
    const KIND: &'static str = "orders.came";
}

/// Tells the shop's members of the order, once, if it is still to be accepted.
pub async fn order_came(app: &App, job: OrderCame) -> Result<()> {
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    let letters = app
        .db
        .act(async |conn| {
            let Some(due) = life::tell(conn, order, now).await? else { return Ok(Vec::new()) };
            letters::tell_came(conn, order, due, now).await
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}

/// A shop's deadline is near; most often it was met before.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeadlineNear {
    /// Of which order.
    pub order: OrderId,
    /// Which deadline.
    pub deadline: Deadline,
}

impl Job for DeadlineNear {
    const KIND: &'static str = "orders.deadline_near";
}

/// Reminds the shop's members of what they have to do.
pub async fn deadline_near(app: &App, job: DeadlineNear) -> Result<()> {
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    let letters = app
        .db
        .act(async |conn| {
            let Some(due) = life::remind(conn, order, job.deadline, now).await? else { return Ok(Vec::new()) };
            letters::remind(conn, order, (job.deadline, due), now).await
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}

/// Lets the deadline of the orders be watched, and their shops be told of new orders and reminded of the deadline. One so
/// near that the reminder would have been before `now` has none.
pub async fn watch(
    conn: &mut PgConnection,
    orders: &[OrderId],
    deadline: Deadline,
    (due, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let remind_at = remind_before(conn, due, now).await?;
    if remind_at > now {
        let near: Vec<DeadlineNear> = orders.iter().map(|&order| DeadlineNear { order, deadline }).collect();
        DeadlineNear::enqueue_all(&near, conn, remind_at).await?;
    }
    match deadline {
        Deadline::Acceptance => {
            let came: Vec<OrderCame> = orders.iter().map(|&order| OrderCame { order }).collect();
            OrderCame::enqueue_all(&came, conn, now + SECOND_THOUGHTS).await?;
            let missed: Vec<AcceptanceMissed> = orders.iter().map(|&order| AcceptanceMissed { order }).collect();
            AcceptanceMissed::enqueue_all(&missed, conn, due).await
        }
        Deadline::Shipment => {
            let missed: Vec<ShipmentMissed> = orders.iter().map(|&order| ShipmentMissed { order }).collect();
            ShipmentMissed::enqueue_all(&missed, conn, due).await
        }
        Deadline::Receipt => {
            let missed: Vec<ReceiptMissed> = orders.iter().map(|&order| ReceiptMissed { order }).collect();
            ReceiptMissed::enqueue_all(&missed, conn, due).await
        }
    }
}

/// When a shop is reminded of a deadline: as long before it as the row `order.reminder` says.
async fn remind_before(conn: &mut PgConnection, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    Ok(due - (calendar::due(conn, "order.reminder", now).await? - now))
}

/// An order should have arrived by now; most often it has.
#[derive(Debug, Serialize, Deserialize)]
pub struct ArrivalUnknown {
    /// Which order.
    pub order: OrderId,
}

impl Job for ArrivalUnknown {
    const KIND: &'static str = "orders.arrival_unknown";
}

/// Asks both sides where the order is. Nothing ends by itself: goods are under way, and only people know where.
pub async fn arrival_unknown(app: &App, job: ArrivalUnknown) -> Result<()> {
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    let letters = app
        .db
        .act(async |conn| {
            if !life::ask_arrival(conn, order, now).await? {
                return Ok(Vec::new());
            }
            letters::ask_arrival(conn, order, now).await
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}

/// The time for complaints about a delivered order is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct CompletionDue {
    /// Which order.
    pub order: OrderId,
}

impl Job for CompletionDue {
    const KIND: &'static str = "orders.completion_due";
}

/// Completes the order.
pub async fn completion_due(app: &App, job: CompletionDue) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| life::complete(conn, Reached::by_deadline(job.order), now).await).await
}

/// An authority had a listing taken down, and its running orders with it: whatever holds goods of the listing and is
/// with no carrier yet is cancelled as a whole, and both sides are told.
pub async fn listing_taken_down(app: &App, news: TakenDown) -> Result<()> {
    loop {
        let running = app
            .db
            .see(async |conn| match measures::listing_to_stop(conn, news.order).await? {
                Some(listing) => store::running_of_listing(conn, listing, CHUNK).await,
                None => Ok(Vec::new()),
            })
            .await?;
        if running.is_empty() {
            return Ok(());
        }
        for order in &running {
            stop(app, order).await?;
        }
    }
}

async fn stop(app: &App, order: &Parties) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| {
            if !life::stop(conn, order.reached, now).await? {
                return Ok(Vec::new());
            }
            letters::tell_cancelled(conn, order.reached, now).await
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}
