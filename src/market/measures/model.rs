//! Orders of authorities, suspensions, and the grounds of a measure.

use axum::http::StatusCode;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, AuthorityOrderId, CaseId, Line, ListingId, SellerId, SuspensionId, Text};
use crate::market::cases::{CaseKind, Decision, Reason, Verdict};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// The document is on record, and neither refused nor lifted.
pub const ORDER_RECORDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "authority-order-recorded",
    vi: "Văn bản này đã được ghi nhận cho đối tượng này",
    en: "This document is on record for this matter already",
};

/// Only an order that was carried out can be lifted, and once.
pub const ORDER_NOT_DONE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "authority-order-not-done",
    vi: "Yêu cầu này không ở trạng thái đã thực hiện",
    en: "This order is not one that was carried out and still holds",
};

/// A refused request is answered with nothing.
pub const REQUEST_REFUSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "information-request-refused",
    vi: "Yêu cầu cung cấp thông tin này đã bị từ chối",
    en: "This request for information was refused",
};

/// The shop is suspended, or has been told that it will be.
pub const SUSPENDED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-suspended-already",
    vi: "Cửa hàng đang bị tạm ngừng hoặc đã được báo trước việc tạm ngừng",
    en: "The shop is suspended, or has been given notice of it",
};

/// Reasons a measure may give.
const MOST_REASONS: usize = 10;
/// A document that arrived earlier was dealt with on paper.
const OLDEST_RECEIPT: TimeDelta = TimeDelta::days(30);

/// Why a measure is taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason_codes": ["withdrawal.misleading"],
    "words": "Bài viết nói sản phẩm chữa được bệnh; xin bỏ câu đó rồi gửi duyệt lại."
}))]
pub struct Grounds {
    /// Codes of reasons for the measure.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 10)]
    pub reason_codes: Vec<Line<1, 80>>,
    /// What the shop should know or do.
    #[schema(value_type = String, max_length = 2000)]
    pub words: Text<1, 2000>,
}

impl Grounds {
    /// The decision of an officer on these grounds; refuses codes that are no reasons for the measure today.
    pub fn decision(&self, kind: CaseKind, reasons: &[Reason], by: AccountId, at: DateTime<Utc>) -> Result<Decision> {
        if !(1..=MOST_REASONS).contains(&self.reason_codes.len()) {
            return Err(Error::from(&INVALID).at("reason_codes", "phải từ một đến mười / must be one to ten"));
        }
        let known = |code: &Line<1, 80>| reasons.iter().any(|known| known.kind == kind && known.code == **code);
        if let Some(at) = self.reason_codes.iter().position(|code| !known(code)) {
            return Err(Error::from(&INVALID).at(
                format!("reason_codes[{at}]"),
                "phải là lý do dành cho biện pháp này / must be a reason for this measure",
            ));
        }
        Ok(Decision {
            verdict: Verdict::Reject,
            reason_codes: self.reason_codes.iter().map(ToString::to_string).collect(),
            words: Some(self.words.to_string()),
            by,
            at,
        })
    }
}

/// What an authority wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AuthorityOrderKind {
    /// That a listing goes.
    Takedown,
    /// To know something about a shop.
    Information,
}

/// Where an authority's order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AuthorityOrderStatus {
    /// Waits for an officer.
    Open,
    /// Carried out; a takedown holds.
    Done,
    /// Not followed, with reasons.
    Refused,
    /// Ended by the authority.
    Lifted,
}

/// The paper an order came on.
#[derive(Debug, Clone)]
pub struct Document {
    /// Who orders.
    pub authority: String,
    /// The number of the document.
    pub number: String,
    /// The law it rests on.
    pub legal_basis: String,
    /// Where it is kept, or what came with it.
    pub evidence: Option<String>,
    /// When it arrived: the 24 hours run from here.
    pub received_at: DateTime<Utc>,
}

impl Document {
    /// Refuses a receipt in the future, or longer ago than anybody waits to record one.
    pub fn check(&self, now: DateTime<Utc>) -> Result<()> {
        let oldest = now - OLDEST_RECEIPT;
        if self.received_at > now || self.received_at < oldest {
            return Err(
                Error::from(&INVALID).at("received_at", "phải trong 30 ngày gần đây / must lie in the last 30 days")
            );
        }
        Ok(())
    }
}

/// What the order is about.
#[derive(Debug, Clone)]
pub enum Matter {
    /// A listing is to go, perhaps with its running orders.
    Takedown { listing: ListingId, stop_orders: bool },
    /// A question.
    Information { asked: String },
}

impl Matter {
    /// The kind of the order.
    pub const fn kind(&self) -> AuthorityOrderKind {
        match self {
            Self::Takedown { .. } => AuthorityOrderKind::Takedown,
            Self::Information { .. } => AuthorityOrderKind::Information,
        }
    }
}

/// An order or request of an authority, as officers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuthorityOrder {
    /// The order.
    pub id: AuthorityOrderId,
    /// What is wanted.
    pub kind: AuthorityOrderKind,
    /// Where it stands.
    pub status: AuthorityOrderStatus,
    /// Who orders.
    #[schema(example = "Cục Thương mại điện tử và Kinh tế số")]
    pub authority: String,
    /// The number of the document.
    #[schema(example = "812/TMĐT-QL")]
    pub document_number: String,
    /// The law it rests on.
    pub legal_basis: String,
    /// Where the document is kept, or what came with it.
    pub evidence: Option<String>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// The first instant that is too late.
    pub due_at: DateTime<Utc>,
    /// Whose listing, or about whom.
    pub seller_id: SellerId,
    /// Whose officers deal with it.
    pub province_code: String,
    /// Of a takedown: what is to go.
    pub listing_id: Option<ListingId>,
    /// Of a takedown: whether its running orders go with it.
    pub stop_orders: bool,
    /// Of a request: what the authority wants to know.
    pub asked: Option<String>,
    /// Its case.
    pub case_id: CaseId,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// When it was carried out or answered.
    pub done_at: Option<DateTime<Utc>>,
    /// By whom.
    pub done_by: Option<AccountId>,
    /// What they noted as evidence of it.
    pub done_words: Option<String>,
    /// When the authority's lifting was carried out.
    pub lifted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub lifted_by: Option<AccountId>,
    /// The document that lifted it.
    pub lifting_document: Option<String>,
}

/// What a suspension rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Basis {
    /// An authority's order: at once, and not the marketplace's to reconsider.
    Order,
    /// A breach of the operating rules: after notice, and open to appeal.
    Breach,
}

/// Where a suspension stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionState {
    /// The shop has been told and still sells.
    Noticed,
    /// The shop is closed.
    InForce,
    /// The shop was closed, and is no longer.
    Ended,
    /// It was called off before it began.
    CalledOff,
}

/// A suspension, as officers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suspension {
    /// The suspension.
    pub id: SuspensionId,
    /// Of which shop.
    pub seller_id: SellerId,
    /// What it rests on.
    pub basis: Basis,
    /// Whose order it follows.
    pub authority: Option<String>,
    /// The number of that order.
    pub document_number: Option<String>,
    /// Why, as codes of reasons.
    pub reason_codes: Vec<String>,
    /// What the shop was told.
    pub words: String,
    /// Its case.
    pub case_id: CaseId,
    /// Who decided it.
    pub recorded_by: AccountId,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The instant it takes hold, notice included.
    pub effective_at: DateTime<Utc>,
    /// Last day of it; null until further notice.
    pub until: Option<NaiveDate>,
    /// When the shop was closed.
    pub began_at: Option<DateTime<Utc>>,
    /// When it ended, or was called off.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who ended it; null where it ran out by itself.
    pub ended_by: Option<AccountId>,
    /// What the shop was told then.
    pub end_words: Option<String>,
}

impl Suspension {
    /// Where it stands.
    pub const fn state(&self) -> SuspensionState {
        match (self.began_at.is_some(), self.ended_at.is_some()) {
            (false, false) => SuspensionState::Noticed,
            (true, false) => SuspensionState::InForce,
            (true, true) => SuspensionState::Ended,
            (false, true) => SuspensionState::CalledOff,
        }
    }
}

/// A suspension to be decided.
#[derive(Debug, Clone)]
pub struct NewSuspension {
    /// What it rests on.
    pub basis: Basis,
    /// Whose order it follows, and the order's number; only with [`Basis::Order`].
    pub authority: Option<String>,
    pub document_number: Option<String>,
    /// Last day of it.
    pub until: Option<NaiveDate>,
    /// Why.
    pub grounds: Grounds,
}

impl NewSuspension {
    /// Refuses an order without its paper, a paper without an order, and an end before the beginning or years away.
    pub fn check(&self, effective_at: DateTime<Utc>) -> Result<()> {
        let invalid = |at: &str, why: &str| Err(Error::from(&INVALID).at(at, why));
        for (at, given) in [("authority", &self.authority), ("document_number", &self.document_number)] {
            match (self.basis, given) {
                (Basis::Order, None) => {
                    return invalid(
                        at,
                        "phải có: biện pháp theo yêu cầu của cơ quan / must be given: it follows an order",
                    );
                }
                (Basis::Breach, Some(_)) => {
                    return invalid(
                        at,
                        "phải bỏ trống: không theo yêu cầu của cơ quan nào / must be left out: it follows no order",
                    );
                }
                _ => {}
            }
        }
        let first = day_of(effective_at);
        let last = first + Months::new(24);
        if self.until.is_some_and(|until| until < first || until > last) {
            return invalid("until", &format!("phải từ {first} đến {last} / must lie between {first} and {last}"));
        }
        Ok(())
    }
}
