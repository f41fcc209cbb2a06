//! What can be complained about, and where a complaint stands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{AccountId, ComplaintId, Invalid, Lang, Line, ListingId, OrderId, SellerId};

/// What a complaint is against.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "AgainstForm", rename_all = "snake_case")]
#[schema(as = ComplaintAgainst)]
pub enum Against {
    /// A listing the public saw: its name in addresses.
    #[schema(value_type = String, example = "che-shan-tuyet-ta-leng")]
    Listing(Line<1, 120>),
    /// A shop the public sees: its name in addresses.
    #[schema(value_type = String, example = "hop-tac-xa-tra-ta-leng")]
    Seller(Line<1, 120>),
    /// One of the caller's own orders.
    Order(OrderId),
}

/// [`Against`] as it is sent: an object with one member.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgainstForm {
    listing: Option<Line<1, 120>>,
    seller: Option<Line<1, 120>>,
    order: Option<OrderId>,
}

impl TryFrom<AgainstForm> for Against {
    type Error = Invalid;

    fn try_from(form: AgainstForm) -> Result<Self, Invalid> {
        match (form.listing, form.seller, form.order) {
            (Some(slug), None, None) => Ok(Self::Listing(slug)),
            (None, Some(slug), None) => Ok(Self::Seller(slug)),
            (None, None, Some(order)) => Ok(Self::Order(order)),
            _ => Err(Invalid {
                vi: "phải nêu đúng một trong listing, seller, order",
                en: "must name exactly one of listing, seller, order",
            }),
        }
    }
}

/// The kinds of things a complaint can be against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ComplaintTarget)]
pub enum TargetKind {
    /// A listing.
    Listing,
    /// A shop.
    Seller,
    /// An order.
    Order,
}

/// What a complaint is against, once found.
#[derive(Debug)]
pub struct Target {
    pub seller: SellerId,
    pub listing: Option<ListingId>,
    pub order: Option<OrderId>,
    /// In words of that day: the listing's title, the order's number; of the shop its name is enough.
    pub about: Option<String>,
}

impl Target {
    /// Of which kind it is.
    pub const fn kind(&self) -> TargetKind {
        target_kind(self.listing, self.order)
    }
}

const fn target_kind(listing: Option<ListingId>, order: Option<OrderId>) -> TargetKind {
    match (listing, order) {
        (_, Some(_)) => TargetKind::Order,
        (Some(_), None) => TargetKind::Listing,
        (None, None) => TargetKind::Seller,
    }
}

/// Something that can be complained about.
#[derive(Debug, Clone)]
pub struct Kind {
    pub code: String,
    pub text_vi: String,
    pub text_en: String,
    /// Against what.
    pub targets: Vec<TargetKind>,
}

impl Kind {
    /// In the reader's language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.text_vi,
            Lang::En => &self.text_en,
        }
    }

    /// The calendar's row that says how long the decision may take.
    pub fn deadline(&self) -> String {
        format!("complaint.{}", self.code)
    }
}

/// The calendar's row that says how long the shop has to answer.
pub const ANSWER_DEADLINE: &str = "complaint.answer";

/// Where a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ComplaintStatus {
    /// Waits for its result.
    Open,
    /// The officer found it justified.
    Upheld,
    /// The officer did not.
    NotUpheld,
    /// The complainant took it back.
    Withdrawn,
}

/// A complaint as officers see it; buyers and shops see a view of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Complaint {
    /// The complaint.
    pub id: ComplaintId,
    /// Who complains; nobody's business but the app's.
    #[serde(skip)]
    pub account: AccountId,
    /// The name the complainant shows to others.
    pub complainant: String,
    /// Of which kind.
    #[schema(example = "not_as_described")]
    pub kind: String,
    /// The kind in Vietnamese.
    #[schema(example = "Hàng không đúng mô tả")]
    pub kind_vi: String,
    /// The kind in English.
    #[schema(example = "The goods are not as described")]
    pub kind_en: String,
    /// The shop.
    pub seller_id: SellerId,
    /// Its name on the day of the complaint.
    pub seller_name: String,
    /// The listing, if it is against one.
    pub listing_id: Option<ListingId>,
    /// The order, if it is against one.
    pub order_id: Option<OrderId>,
    /// The listing's title, the order's number or the shop's name on the day of the complaint.
    pub about: String,
    /// In the complainant's words.
    pub words: String,
    /// Where it stands.
    pub status: ComplaintStatus,
    /// When it was made.
    pub opened_at: DateTime<Utc>,
    /// The first instant at which the result is late.
    pub due_at: DateTime<Utc>,
    /// The first instant at which the shop's answer is late.
    pub answer_due_at: DateTime<Utc>,
    /// What the shop answers.
    pub answer: Option<String>,
    /// When it did.
    pub answered_at: Option<DateTime<Utc>>,
    /// The officer's written result.
    pub result: Option<String>,
    /// Codes of the reasons why it was not upheld.
    pub reason_codes: Vec<String>,
    /// When it was decided or withdrawn.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Complaint {
    /// Against which kind of thing it is.
    pub const fn target(&self) -> TargetKind {
        target_kind(self.listing_id, self.order_id)
    }

    /// Whether it still waits for its result although its time has passed.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.status == ComplaintStatus::Open && self.due_at <= now
    }

    /// Whether the shop answered too late, or has not answered in time what is still open.
    pub fn is_answer_late(&self, now: DateTime<Utc>) -> bool {
        let waits = (self.status == ComplaintStatus::Open).then_some(now);
        self.answered_at.or(waits).is_some_and(|at| self.answer_due_at <= at)
    }
}
