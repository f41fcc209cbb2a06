//! Methods and states.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{AttemptId, CheckoutId, OrderId, PaymentId, RefundId, Vnd};
use crate::trade::ledger::Provider;
pub use crate::trade::rates::Method;

impl Method {
    /// Who holds the money, if a gateway does.
    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::Cod | Self::Vietqr => None,
            Self::Vnpay => Some(Provider::Vnpay),
            Self::Momo => Some(Provider::Momo),
        }
    }

    /// Whether it is paid before anything is sent.
    pub const fn is_in_advance(self) -> bool {
        !matches!(self, Self::Cod)
    }
}

/// How far one order's share of a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AllocationStatus {
    /// To be paid: in advance until `pay_by`, in cash when the parcel arrives.
    Due,
    /// Paid: a gateway or the shop has it.
    Captured,
    /// Paid: the carrier has it.
    Collected,
    /// Paid, and the carrier gave it to the shop.
    Remitted,
    /// Never to be paid: the order was cancelled first.
    Void,
}

/// One order's share of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Allocation {
    /// The payment.
    pub payment_id: PaymentId,
    /// How it is paid.
    pub method: Method,
    /// How much.
    pub amount_vnd: Vnd,
    /// How far it is.
    pub status: AllocationStatus,
    /// What was paid: nothing or all of it.
    pub captured_vnd: Vnd,
    /// What was promised back, whether it has arrived or not.
    pub refunded_vnd: Vnd,
    /// By when it must be paid; none in cash.
    pub pay_by: Option<DateTime<Utc>>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
}

/// What is still to be paid of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DuePayment {
    /// The payment.
    pub payment_id: PaymentId,
    /// How it is paid.
    pub method: Method,
    /// How much.
    pub amount_vnd: Vnd,
    /// By when it must be paid; none in cash.
    pub pay_by: Option<DateTime<Utc>>,
}

/// A payment to open.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The payment.
    pub id: PaymentId,
    /// Of which checkout.
    pub checkout: CheckoutId,
    /// How it is paid.
    pub method: Method,
    /// How much in all.
    pub amount: Vnd,
    /// By when it must be paid; none in cash.
    pub pay_by: Option<DateTime<Utc>>,
    /// What a bank transfer names it by.
    pub reference: Option<String>,
    /// Each order's share; they sum to `amount`.
    pub shares: Vec<(OrderId, Vnd)>,
}

impl NewPayment {
    /// Whether nobody has to pay the share: it is nothing, and would be paid in advance.
    pub fn is_paid(&self, share: &(OrderId, Vnd)) -> bool {
        self.method.is_in_advance() && share.1 == Vnd::ZERO
    }

    /// What is to be paid of it, unless every share is paid. Those that are change no sum.
    pub fn due(&self) -> Option<DuePayment> {
        let Self { id, method, amount, pay_by, .. } = *self;
        let due = DuePayment { payment_id: id, method, amount_vnd: amount, pay_by };
        self.shares.iter().any(|share| !self.is_paid(share)).then_some(due)
    }
}

/// What cancelling an order finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voided {
    /// Nothing was paid, and nothing will be.
    NothingPaid,
    /// So much was paid and is not promised back yet.
    Paid(Vnd),
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundReason {
    /// The order was cancelled after it was paid.
    Cancelled,
    /// The buyer returned goods, or got less than was paid for.
    Returned,
    /// The desk settled a dispute so.
    Dispute,
    /// It paid nothing: late, twice, or for an order that was cancelled meanwhile.
    Excess,
}

/// Who gives money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RefundChannel)]
pub enum Channel {
    /// The gateway, by our order.
    Gateway,
    /// The shop, from its own account.
    Shop,
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundStatus {
    /// It will go back.
    Promised,
    /// The buyer has it.
    Arrived,
    /// The gateway refuses; a person looks at it.
    Stuck,
}

/// Money to give back for an order.
#[derive(Debug, Clone, Copy)]
pub struct NewRefund {
    /// The refund; the same one a reversal in the books is named by.
    pub id: RefundId,
    /// Of which order.
    pub order: OrderId,
    /// How much; of nothing it has arrived at once.
    pub amount: Vnd,
    /// Why.
    pub reason: RefundReason,
}

/// How far a try to pay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = PaymentAttemptStatus)]
pub enum AttemptStatus {
    /// Nobody knows yet.
    Open,
    /// The gateway took money.
    Captured,
    /// It did not; should it say otherwise later, it is believed.
    Failed,
}

/// One try to pay at a gateway.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PaymentAttempt)]
pub struct Attempt {
    /// The try; its key at the gateway.
    pub id: AttemptId,
    /// Of which payment.
    #[serde(skip)]
    pub payment: PaymentId,
    /// Where.
    pub provider: Provider,
    /// How much was due when the buyer was sent there.
    pub amount_vnd: Vnd,
    /// How far it is.
    pub status: AttemptStatus,
    /// Where to pay; none until the gateway has said so.
    pub pay_url: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Until when the gateway takes it.
    pub expires_at: DateTime<Utc>,
}

/// A refund on its way to the gateway.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The refund; its key at the gateway.
    pub id: RefundId,
    /// Which gateway.
    pub provider: Provider,
    /// How much.
    pub amount: Vnd,
    /// How often it was sent.
    pub tries: i32,
    /// The try by which the money came.
    pub attempt: AttemptId,
    /// When that began.
    pub attempted_at: DateTime<Utc>,
    /// The gateway's number of the money.
    pub transaction: String,
    /// How much it took.
    pub captured: Vnd,
    /// Its numbers of what else it gave back of that.
    pub others: Vec<String>,
}

/// Why a person must look at money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = PaymentExceptionKind)]
pub enum ExceptionKind {
    /// A gateway took another amount than was asked for.
    AmountMismatch,
    /// A gateway took money for a try we do not know.
    UnknownAttempt,
    /// A gateway will not give money back.
    RefundStuck,
    /// A bank reports money on an account that is no shop's.
    StrayTransfer,
}

/// What a person decided about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = PaymentResolution)]
pub enum Resolution {
    /// It pays these orders; what is left goes back.
    Apply,
    /// It goes back; what was stuck is sent again.
    Refund,
    /// The buyer has it: it was given back by hand.
    Arrived,
    /// Nothing is to be done.
    Note,
}
