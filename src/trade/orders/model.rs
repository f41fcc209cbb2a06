//! The life of an order: who may turn it, from where to where.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::OrderId;
use crate::platform::error::{Error, Problem, Result};

/// The order is somewhere else by now; the fact `order_status` says where.
pub const MOVED_ON: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "order-moved-on",
    vi: "Trạng thái đơn hàng không còn cho phép việc này",
    en: "The order is no longer in a state that allows this",
};

/// Where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderStatus {
    /// The buyer ordered; the shop has not answered.
    Placed,
    /// The shop will deliver.
    Accepted,
    /// The parcel is closed.
    Packed,
    /// The carrier has it.
    Shipped,
    /// The buyer has it.
    Delivered,
    /// Nothing is open any more.
    Completed,
    /// It will not be delivered.
    Cancelled,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 7] =
        [Self::Placed, Self::Accepted, Self::Packed, Self::Shipped, Self::Delivered, Self::Completed, Self::Cancelled];

    /// Whether the buyer has it.
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered | Self::Completed)
    }

    /// As in JSON and in the database.
    const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Accepted => "accepted",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// How many steps of the way to completion are done; none of them counts once the order is cancelled.
    const fn progress(self) -> Option<u8> {
        match self {
            Self::Placed => Some(0),
            Self::Accepted => Some(1),
            Self::Packed => Some(2),
            Self::Shipped => Some(3),
            Self::Delivered => Some(4),
            Self::Completed => Some(5),
            Self::Cancelled => None,
        }
    }
}

/// Who turned an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum By {
    /// Who ordered.
    Buyer,
    /// A member of the shop.
    Seller,
    /// A deadline.
    System,
    /// An authority, by an order that an officer carried out.
    Authority,
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CancelReason {
    /// The buyer wished it.
    Buyer,
    /// The shop could not deliver.
    Seller,
    /// The shop did not answer in time.
    NotAccepted,
    /// An authority ordered goods of it to be taken down.
    TakenDown,
}

impl From<By> for CancelReason {
    fn from(by: By) -> Self {
        match by {
            By::Buyer => Self::Buyer,
            By::Seller => Self::Seller,
            By::System => Self::NotAccepted,
            By::Authority => Self::TakenDown,
        }
    }
}

/// A turn in an order's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The shop will deliver.
    Accept,
    /// The shop closes the parcel.
    Pack,
    /// The shop hands it to the carrier.
    Ship,
    /// Buyer or shop say that it arrived.
    Deliver,
    /// The time for complaints is over.
    Complete,
    /// It will not be delivered.
    Cancel,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] = [Self::Accept, Self::Pack, Self::Ship, Self::Deliver, Self::Complete, Self::Cancel];

    const fn leads_to(self) -> OrderStatus {
        match self {
            Self::Accept => OrderStatus::Accepted,
            Self::Pack => OrderStatus::Packed,
            Self::Ship => OrderStatus::Shipped,
            Self::Deliver => OrderStatus::Delivered,
            Self::Complete => OrderStatus::Completed,
            Self::Cancel => OrderStatus::Cancelled,
        }
    }

    /// From where `by` may take the step. A buyer may change their mind until the parcel is closed; the shop may fail
    /// until the carrier has it, and so long an authority may stop it; a deadline cancels only what was never answered.
    const fn open_to(self, by: By) -> &'static [OrderStatus] {
        use OrderStatus::{Accepted, Delivered, Packed, Placed, Shipped};
        match (self, by) {
            (Self::Accept, By::Seller) | (Self::Cancel, By::System) => &[Placed],
            (Self::Pack, By::Seller) => &[Accepted],
            (Self::Ship, By::Seller) => &[Packed],
            (Self::Deliver, By::Buyer | By::Seller) => &[Shipped],
            (Self::Complete, By::System) => &[Delivered],
            (Self::Cancel, By::Buyer) => &[Placed, Accepted],
            (Self::Cancel, By::Seller | By::Authority) => &[Placed, Accepted, Packed],
            _ => &[],
        }
    }
}

/// What a step changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It was taken now.
    Taken,
    /// It had been taken before: asking twice changes nothing.
    TakenBefore,
}

/// What decides about the next step of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which order.
    pub id: OrderId,
    /// Where it is.
    pub status: OrderStatus,
    /// When the shop must have accepted it.
    pub accept_by: DateTime<Utc>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it completes, once it has arrived.
    pub complete_at: Option<DateTime<Utc>>,
    /// When it was completed or cancelled.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
}

impl Order {
    /// Takes `step`, or refuses with [`MOVED_ON`] where `by` may not take it from here.
    pub fn turn(&mut self, step: Step, by: By, now: DateTime<Utc>) -> Result<Turn> {
        if self.has_taken(step) {
            return Ok(Turn::TakenBefore);
        }
        if !step.open_to(by).contains(&self.status) {
            return Err(Error::from(&MOVED_ON).fact("order_status", self.status.name()));
        }
        self.status = step.leads_to();
        match step {
            Step::Accept | Step::Pack | Step::Ship => {}
            Step::Deliver => self.delivered_at = Some(now),
            Step::Complete => self.closed_at = Some(now),
            Step::Cancel => {
                self.closed_at = Some(now);
                self.cancel_reason = Some(by.into());
            }
        }
        Ok(Turn::Taken)
    }

    fn has_taken(&self, step: Step) -> bool {
        match (self.status.progress(), step.leads_to().progress()) {
            (Some(done), Some(meant)) => done >= meant,
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether the shop let the deadline pass.
    pub fn is_acceptance_missed(&self, now: DateTime<Utc>) -> bool {
        self.status == OrderStatus::Placed && self.accept_by <= now
    }

    /// Whether it arrived long enough ago.
    pub fn is_complete(&self, now: DateTime<Utc>) -> bool {
        self.status == OrderStatus::Delivered && self.complete_at.is_some_and(|due| due <= now)
    }
}
