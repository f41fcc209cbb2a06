//! What VNPay and MoMo have in common: a payment waits on a page until somebody decides how it goes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Refused;
use crate::kernel::Vnd;

/// What somebody at the payment page can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Pays; the marketplace is told at once.
    Pay,
    /// The bank declines.
    Fail,
    /// The buyer goes back.
    Cancel,
    /// Pays; the marketplace is not told until the notice is sent by hand.
    Delay,
    /// Pays; the marketplace is told twice.
    Duplicate,
    /// Pays a đồng too little.
    WrongAmount,
    /// Does not pay; somebody without the key says that it was paid.
    Forge,
    /// Pays at the second try; the marketplace hears of the success before it hears of the failure.
    Reorder,
}

impl Deed {
    /// Every button of the page, in its order, with what it says.
    pub const BUTTONS: [(Self, &'static str, &'static str); 8] = [
        (Self::Pay, "pay", "Thanh toán · Pay"),
        (Self::Fail, "fail", "Ngân hàng từ chối · Fail"),
        (Self::Cancel, "cancel", "Hủy · Cancel"),
        (Self::Delay, "delay", "Trả tiền, báo sau · Pay, tell later"),
        (Self::Duplicate, "duplicate", "Trả tiền, báo hai lần · Pay, tell twice"),
        (Self::WrongAmount, "wrong_amount", "Trả sai số tiền · Pay a wrong amount"),
        (Self::Forge, "forge", "Giả mạo thông báo · Forge a notice"),
        (Self::Reorder, "reorder", "Báo ngược thứ tự · Tell in the wrong order"),
    ];

    /// How the payment ends; `None` if the provider has no part in it.
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Pay | Self::Delay | Self::Duplicate | Self::WrongAmount | Self::Reorder => Some(Outcome::Paid),
            Self::Fail => Some(Outcome::Failed),
            Self::Cancel => Some(Outcome::Cancelled),
            Self::Forge => None,
        }
    }

    /// How often the news of how it ended is sent at once.
    pub fn times(self) -> usize {
        match self {
            Self::Delay => 0,
            Self::Duplicate => 2,
            _ => 1,
        }
    }
}

/// How a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Paid,
    Failed,
    Cancelled,
}

impl Outcome {
    /// On the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::Paid => "Đã trả · Paid",
            Self::Failed => "Không thành công · Failed",
            Self::Cancelled => "Đã hủy · Cancelled",
        }
    }
}

/// A payment as its gateway knows it.
#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    /// The merchant's name for it.
    pub reference: String,
    /// What was asked for.
    pub amount: Vnd,
    /// What it says it is for.
    pub description: String,
    /// Where the buyer is sent back to.
    pub return_url: String,
    /// Where the merchant wants to be told.
    pub notify_url: String,
    /// The merchant's name for the request that opened it.
    pub request_id: String,
    /// The merchant's own words, sent back to it.
    pub extra: String,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// What was paid; nothing before.
    pub paid: Vnd,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The gateway's own number.
    pub transaction: i64,
    /// What was given back, by the merchant's name for the request.
    pub refunds: BTreeMap<String, Refund>,
}

/// Money given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Refund {
    /// How much.
    pub amount: Vnd,
    /// The gateway's own number.
    pub transaction: i64,
}

impl Payment {
    /// Ends it as the deed says. A payment ends once.
    pub fn end(&mut self, deed: Deed, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.outcome.is_some() {
            return Err(Refused::conflict("this payment has ended; its notices can be sent again"));
        }
        self.outcome = deed.outcome();
        self.ended_at = self.outcome.map(|_| now);
        if self.outcome == Some(Outcome::Paid) {
            let less = if deed == Deed::WrongAmount { Vnd::new(1) } else { Vnd::ZERO };
            self.paid = self.amount.checked_sub(less).ok_or_else(|| Refused::bad("no such amount"))?;
        }
        Ok(())
    }

    /// Gives money back; asked again by the same name, it gives nothing again. `None` if there is not so much left.
    pub fn refund(&mut self, request: &str, amount: Vnd, transaction: i64) -> Option<Refund> {
        if let Some(done) = self.refunds.get(request) {
            return (done.amount == amount).then_some(*done);
        }
        let given = Vnd::checked_sum(self.refunds.values().map(|refund| refund.amount))?;
        let is_left = amount > Vnd::ZERO && given.checked_add(amount)? <= self.paid;
        let refund = Refund { amount, transaction };
        is_left.then(|| *self.refunds.entry(request.to_owned()).or_insert(refund))
    }
}

/// The payments of a gateway by their reference.
#[derive(Debug, Default)]
pub struct Payments(BTreeMap<String, Payment>);

impl Payments {
    /// Opens the payment. Opened again, it is the one it was.
    pub fn open(&mut self, payment: Payment) -> &Payment {
        self.0.entry(payment.reference.clone()).or_insert(payment)
    }

    /// The payment of that reference.
    pub fn find(&mut self, reference: &str) -> Result<&mut Payment, Refused> {
        self.0.get_mut(reference).ok_or_else(|| Refused::not_found(format!("payment {reference}")))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Payment> {
        self.0.values()
    }
}
