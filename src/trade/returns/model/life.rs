//! The life of a return: who may do what, and what follows.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reason;
use crate::platform::error::{Error, Problem, Result};

/// The return is somewhere else by now; the fact `return_status` says where.
pub const RETURN_MOVED_ON: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "return-moved-on",
    vi: "Yêu cầu trả hàng không còn ở bước cho phép việc này",
    en: "The return is no longer at a step that allows this",
};

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReturnStatus {
    /// The shop is to answer.
    Requested,
    /// The shop offers a part; the buyer is to take it, or to turn to the desk.
    Offered,
    /// The shop refused; the buyer may turn to the desk.
    Refused,
    /// The buyer is to send the goods back.
    AwaitingGoods,
    /// The shop is to say that they arrived.
    GoodsSent,
    /// An officer of the shop's province is to decide.
    Disputed,
    /// An officer found for the buyer, but the money is the shop's: the shop is to follow.
    Recommended,
    /// The shop did not follow in time; it still may.
    Unheeded,
    /// What was granted is being refunded.
    Refunded,
    /// An officer did not find for the buyer.
    NotUpheld,
    /// The buyer took it back.
    Withdrawn,
    /// The buyer let their time pass.
    Lapsed,
}

impl ReturnStatus {
    /// Every status.
    pub const ALL: [Self; 12] = [
        Self::Requested,
        Self::Offered,
        Self::Refused,
        Self::AwaitingGoods,
        Self::GoodsSent,
        Self::Disputed,
        Self::Recommended,
        Self::Unheeded,
        Self::Refunded,
        Self::NotUpheld,
        Self::Withdrawn,
        Self::Lapsed,
    ];

    /// As in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::Refused => "refused",
            Self::AwaitingGoods => "awaiting_goods",
            Self::GoodsSent => "goods_sent",
            Self::Disputed => "disputed",
            Self::Recommended => "recommended",
            Self::Unheeded => "unheeded",
            Self::Refunded => "refunded",
            Self::NotUpheld => "not_upheld",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether nothing can follow any more.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Refunded | Self::NotUpheld | Self::Withdrawn | Self::Lapsed)
    }

    /// The calendar's row that says how long the next act may take, where it is one of the two sides'.
    pub const fn deadline(self) -> Option<&'static str> {
        match self {
            Self::Requested => Some("return.answer"),
            Self::Offered | Self::Refused => Some("return.escalation"),
            Self::AwaitingGoods => Some("return.shipment"),
            Self::GoodsSent => Some("return.receipt"),
            Self::Recommended => Some("refund.by_seller"),
            Self::Disputed | Self::Unheeded | Self::Refunded | Self::NotUpheld | Self::Withdrawn | Self::Lapsed => None,
        }
    }
}

/// What a shop answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReturnAnswerKind)]
pub enum Answer {
    /// Everything asked for.
    Accept,
    /// A part of it.
    Offer,
    /// Nothing.
    Refuse,
}

/// A step in a return's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The shop answers.
    Answer {
        /// What.
        answer: Answer,
        /// Whether it refunds only once the goods are back.
        goods_back: bool,
    },
    /// The buyer takes the shop's offer.
    TakeOffer {
        /// Whether it is refunded only once the goods are back.
        goods_back: bool,
    },
    /// The buyer sends the goods back.
    SendBack,
    /// The shop has them.
    Receive,
    /// The shop contests what came back, or that it came.
    Object,
    /// The buyer turns to the desk.
    Escalate,
    /// The buyer takes the wish back.
    Withdraw,
    /// An officer finds for the buyer.
    Uphold {
        /// Whether the money is still with the licensed partner.
        movable: bool,
        /// Whether it is refunded only once the goods are back.
        goods_back: bool,
    },
    /// An officer does not.
    Dismiss,
    /// The shop follows what the officer found.
    Follow {
        /// Whether it is refunded only once the goods are back.
        goods_back: bool,
    },
    /// The time for the next act is over.
    Expire,
}

/// What a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Money goes back, and the return is closed as refunded.
    Refund,
    /// The return stands there now.
    Stand(ReturnStatus),
}

impl ReturnStatus {
    /// What the step leads to from here, or `RETURN_MOVED_ON`.
    ///
    /// Nobody's silence moves money: a shop that does not answer, or does not say that goods arrived, finds the matter on
    /// the desk. A shop cannot refuse goods at fault: its refusal is the dispute. Goods on their way cannot be withdrawn.
    pub fn after(self, step: Step, reason: Reason, sent: bool) -> Result<Next> {
        use ReturnStatus as At;
        let granted = |goods_back: bool| {
            if goods_back && !sent && reason.can_come_back() { Next::Stand(At::AwaitingGoods) } else { Next::Refund }
        };
        let next = match (self, step) {
            (At::Requested, Step::Answer { answer: Answer::Accept, goods_back })
            | (At::Offered, Step::TakeOffer { goods_back })
            | (At::Disputed, Step::Uphold { movable: true, goods_back })
            | (At::Recommended | At::Unheeded, Step::Follow { goods_back }) => granted(goods_back),
            (At::Requested, Step::Answer { answer: Answer::Offer, .. }) => Next::Stand(At::Offered),
            (At::Requested, Step::Answer { answer: Answer::Refuse, .. }) if !reason.is_fault() => {
                Next::Stand(At::Refused)
            }
            (At::Requested, Step::Answer { answer: Answer::Refuse, .. } | Step::Expire)
            | (At::Offered | At::Refused, Step::Escalate)
            | (At::GoodsSent, Step::Object | Step::Expire) => Next::Stand(At::Disputed),
            (At::AwaitingGoods, Step::SendBack) => Next::Stand(At::GoodsSent),
            (At::GoodsSent, Step::Receive) => Next::Refund,
            (At::Disputed, Step::Uphold { movable: false, .. }) => Next::Stand(At::Recommended),
            (At::Disputed, Step::Dismiss) => Next::Stand(At::NotUpheld),
            (At::Requested | At::Offered | At::Refused | At::AwaitingGoods | At::Disputed, Step::Withdraw) if !sent => {
                Next::Stand(At::Withdrawn)
            }
            (At::Offered | At::Refused | At::AwaitingGoods, Step::Expire) => Next::Stand(At::Lapsed),
            (At::Recommended, Step::Expire) => Next::Stand(At::Unheeded),
            _ => return Err(Error::from(&RETURN_MOVED_ON).fact("return_status", self.name())),
        };
        Ok(next)
    }
}
