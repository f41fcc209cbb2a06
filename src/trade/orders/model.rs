//! The life of an order: who may turn it, from where to where.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::OrderId;
use crate::platform::error::{Error, Problem, Result};
use crate::trade::payments::Method;

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
    /// It is to be paid in advance, and is not paid yet; the goods are held meanwhile.
    AwaitingPayment,
    /// The buyer ordered, and paid unless they pay on delivery; the shop has not answered.
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
    /// Nobody took the parcel; the carrier is bringing it back.
    Returning,
    /// The shop has the refused parcel back, or has let the time pass to say so.
    Returned,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 10] = [
        Self::AwaitingPayment,
        Self::Placed,
        Self::Accepted,
        Self::Packed,
        Self::Shipped,
        Self::Delivered,
        Self::Completed,
        Self::Cancelled,
        Self::Returning,
        Self::Returned,
    ];

    /// Whether the buyer has it.
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered | Self::Completed)
    }

    /// Whether it is under way and no carrier has it yet.
    pub const fn is_stoppable(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::Placed | Self::Accepted | Self::Packed)
    }

    /// As in JSON and in the database.
    const fn name(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Placed => "placed",
            Self::Accepted => "accepted",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Returning => "returning",
            Self::Returned => "returned",
        }
    }

    /// How many steps of the way to completion are done; none of them counts once the order is cancelled. A refused
    /// parcel was shipped.
    const fn progress(self) -> Option<u8> {
        match self {
            Self::AwaitingPayment => Some(0),
            Self::Placed => Some(1),
            Self::Accepted => Some(2),
            Self::Packed => Some(3),
            Self::Shipped | Self::Returning | Self::Returned => Some(4),
            Self::Delivered => Some(5),
            Self::Completed => Some(6),
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
    /// Who carries the parcel.
    Carrier,
    /// A gateway, or the shop's bank: the money arrived.
    Bank,
}

impl By {
    /// Everybody.
    pub const ALL: [Self; 6] = [Self::Buyer, Self::Seller, Self::System, Self::Authority, Self::Carrier, Self::Bank];
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
    /// The buyer did not pay in time.
    NotPaid,
    /// The shop did not answer in time.
    NotAccepted,
    /// The shop did not hand it to a carrier in time.
    NotShipped,
    /// An authority ordered goods of it to be taken down.
    TakenDown,
}

impl CancelReason {
    /// Why `by` cancels an order that is in that state: of a deadline, which one it was.
    const fn of(by: By, status: OrderStatus) -> Self {
        match (by, status) {
            (By::Buyer, _) => Self::Buyer,
            (By::Authority, _) => Self::TakenDown,
            (By::System, OrderStatus::AwaitingPayment) => Self::NotPaid,
            (By::System, OrderStatus::Placed) => Self::NotAccepted,
            (By::System, _) => Self::NotShipped,
            (By::Seller | By::Carrier | By::Bank, _) => Self::Seller,
        }
    }
}

/// By when a shop must do something about an order, or it ends without the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Deadline {
    /// Accept it.
    Acceptance,
    /// Hand it to a carrier.
    Shipment,
    /// Say that what nobody took is back.
    Receipt,
}

/// A turn in an order's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The buyer's money arrived.
    Pay,
    /// The shop will deliver.
    Accept,
    /// The shop closes the parcel.
    Pack,
    /// The shop hands it to the carrier.
    Ship,
    /// Buyer, shop or carrier say that it arrived.
    Deliver,
    /// The time for complaints is over.
    Complete,
    /// It will not be delivered.
    Cancel,
    /// Nobody takes the parcel, and it goes back.
    Refuse,
    /// The shop has the refused parcel back, or has let the time pass to say so.
    Return,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 9] = [
        Self::Pay,
        Self::Accept,
        Self::Pack,
        Self::Ship,
        Self::Deliver,
        Self::Complete,
        Self::Cancel,
        Self::Refuse,
        Self::Return,
    ];

    const fn leads_to(self) -> OrderStatus {
        match self {
            Self::Pay => OrderStatus::Placed,
            Self::Accept => OrderStatus::Accepted,
            Self::Pack => OrderStatus::Packed,
            Self::Ship => OrderStatus::Shipped,
            Self::Deliver => OrderStatus::Delivered,
            Self::Complete => OrderStatus::Completed,
            Self::Cancel => OrderStatus::Cancelled,
            Self::Refuse => OrderStatus::Returning,
            Self::Return => OrderStatus::Returned,
        }
    }

    /// From where `by` may take the step. A buyer may change their mind until the parcel is closed; the shop may fail
    /// until the carrier has it, and so long an authority may stop it, or a deadline end it.
    const fn open_to(self, by: By) -> &'static [OrderStatus] {
        use OrderStatus::{Accepted, AwaitingPayment, Delivered, Packed, Placed, Returning, Shipped};
        match (self, by) {
            (Self::Pay, By::Bank) => &[AwaitingPayment],
            (Self::Accept, By::Seller) => &[Placed],
            (Self::Pack, By::Seller) => &[Accepted],
            (Self::Ship, By::Seller | By::Carrier) => &[Packed],
            (Self::Deliver, By::Buyer | By::Seller | By::Carrier) | (Self::Refuse, By::Seller | By::Carrier) => {
                &[Shipped]
            }
            (Self::Complete, By::System) => &[Delivered],
            (Self::Cancel, By::Buyer) => &[AwaitingPayment, Placed, Accepted],
            (Self::Cancel, By::Seller | By::Authority | By::System) => &[AwaitingPayment, Placed, Accepted, Packed],
            (Self::Return, By::Seller | By::Carrier | By::System) => &[Returning],
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
    /// How it is paid.
    pub method: Method,
    /// When it was paid; of an order paid on delivery, when the carrier collected.
    pub paid_at: Option<DateTime<Utc>>,
    /// When the shop must have accepted it; none while it is not paid.
    pub accept_by: Option<DateTime<Utc>>,
    /// When a carrier must have it, once it is accepted.
    pub ship_by: Option<DateTime<Utc>>,
    /// When the shop must have said that it is back, once nobody took it.
    pub back_by: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it completes, once it has arrived.
    pub complete_at: Option<DateTime<Utc>>,
    /// When it was completed or cancelled, or came back.
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
        let before = std::mem::replace(&mut self.status, step.leads_to());
        match step {
            Step::Accept | Step::Pack | Step::Ship | Step::Refuse => {}
            Step::Pay => self.paid_at = Some(now),
            Step::Deliver => {
                self.delivered_at = Some(now);
                self.paid_at = self.paid_at.or(Some(now));
            }
            Step::Complete | Step::Return => self.closed_at = Some(now),
            Step::Cancel => {
                self.closed_at = Some(now);
                self.cancel_reason = Some(CancelReason::of(by, before));
            }
        }
        Ok(Turn::Taken)
    }

    fn has_taken(&self, step: Step) -> bool {
        let done = match step {
            Step::Cancel | Step::Return => return self.status == step.leads_to(),
            Step::Refuse => return matches!(self.status, OrderStatus::Returning | OrderStatus::Returned),
            _ => self.status.progress(),
        };
        done.zip(step.leads_to().progress()).is_some_and(|(done, meant)| done >= meant)
    }

    /// Refuses with [`MOVED_ON`] where no parcel of it leaves: not yet, or not any more.
    pub fn require_sendable(&self) -> Result<()> {
        if matches!(self.status, OrderStatus::Packed | OrderStatus::Shipped) {
            Ok(())
        } else {
            Err(Error::from(&MOVED_ON).fact("order_status", self.status.name()))
        }
    }

    /// When that must be done, if it still is to be.
    pub fn due(&self, deadline: Deadline) -> Option<DateTime<Utc>> {
        match (deadline, self.status) {
            (Deadline::Acceptance, OrderStatus::Placed) => self.accept_by,
            (Deadline::Shipment, OrderStatus::Accepted | OrderStatus::Packed) => self.ship_by,
            (Deadline::Receipt, OrderStatus::Returning) => self.back_by,
            _ => None,
        }
    }

    /// Whether the shop let the deadline pass.
    pub fn has_missed(&self, deadline: Deadline, now: DateTime<Utc>) -> bool {
        self.due(deadline).is_some_and(|due| due <= now)
    }

    /// Whether it arrived long enough ago.
    pub fn is_complete(&self, now: DateTime<Utc>) -> bool {
        self.status == OrderStatus::Delivered && self.complete_at.is_some_and(|due| due <= now)
    }
}
