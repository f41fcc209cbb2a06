//! What happens to orders by itself, and what they make of news from below.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::life;
use super::model::Deadline;
use super::store::{self, Parties, Reached};
use crate::app::App;
use crate::calendar;
use crate::kernel::OrderId;
use crate::kernel::clock::VIET_NAM;
use crate::market::measures::{self, TakenDown};
use crate::people::access;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;
use crate::trade::payments::transfers::PayByMoved;
use crate::trade::payments::{self, Paid};

/// Orders looked for at a time.
const CHUNK: i64 = 50;

/// The time to accept an order is over; most often it was accepted long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct AcceptanceMissed {
    /// Which order.
    pub order: OrderId,
}

impl Job for AcceptanceMissed {
    const KIND: &'static str = "orders.acceptance_missed";
}

/// Cancels the order if nobody accepted it.
pub async fn acceptance_missed(app: &App, job: AcceptanceMissed) -> Result<()> {
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    app.db.act(async |conn| life::miss(conn, order, Deadline::Acceptance, now).await).await
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

/// Cancels the order if no carrier has it.
pub async fn shipment_missed(app: &App, job: ShipmentMissed) -> Result<()> {
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    app.db.act(async |conn| life::miss(conn, order, Deadline::Shipment, now).await).await
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

/// Cancels the order if it was not paid: the gateway is asked first, whose notice may have been lost.
pub async fn payment_missed(app: &App, job: PaymentMissed) -> Result<()> {
    payments::ask_about(app, job.order).await?;
    let (order, now) = (Reached::by_deadline(job.order), app.clock.now());
    app.db.act(async |conn| life::miss_payment(conn, order, now).await).await
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
            let Parties { number, seller, .. } = store::parties(conn, order).await?;
            let (subject, body) = reminder(job.deadline, &number, due);
            access::write_to_members(conn, seller, subject, &body, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

fn reminder(deadline: Deadline, number: &str, due: DateTime<Utc>) -> (&'static str, String) {
    let due = due.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y");
    match deadline {
        Deadline::Acceptance => (
            "Đơn hàng chờ xác nhận / An order waits for you",
            format!(
                "Đơn hàng {number} cần được nhận trước {due}, nếu không sẽ tự hủy. / Order {number} must be accepted by \
                 {due}, or it is cancelled."
            ),
        ),
        Deadline::Shipment => (
            "Đơn hàng chờ gửi / An order is to be shipped",
            format!(
                "Đơn hàng {number} cần được giao cho đơn vị vận chuyển trước {due}, nếu không sẽ tự hủy. / Order \
                 {number} must be with a carrier by {due}, or it is cancelled."
            ),
        ),
    }
}

/// Lets the deadline of the orders be watched, and their shops be reminded of it. A deadline so near that the reminder
/// would have been before `now` has none.
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
            let missed: Vec<AcceptanceMissed> = orders.iter().map(|&order| AcceptanceMissed { order }).collect();
            AcceptanceMissed::enqueue_all(&missed, conn, due).await
        }
        Deadline::Shipment => {
            let missed: Vec<ShipmentMissed> = orders.iter().map(|&order| ShipmentMissed { order }).collect();
            ShipmentMissed::enqueue_all(&missed, conn, due).await
        }
    }
}

/// When a shop is reminded of a deadline: as long before it as the row `order.reminder` says.
async fn remind_before(conn: &mut PgConnection, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    Ok(due - (calendar::due(conn, "order.reminder", now).await? - now))
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
            let subject = "Đơn hàng bị hủy / Order cancelled";
            let body = words(&order.number);
            let mut letters = access::write(conn, &[order.buyer], subject, &body, now).await?;
            letters.extend(access::write_to_members(conn, order.seller, subject, &body, now).await?);
            Ok(letters)
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

fn words(number: &str) -> String {
    format!(
        "Đơn hàng {number} bị hủy vì cơ quan có thẩm quyền yêu cầu gỡ một sản phẩm trong đơn. Người mua không phải trả \
         tiền. / Order {number} was cancelled because an authority had one of its products taken down. Nothing is owed \
         for it."
    )
}
