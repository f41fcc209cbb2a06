//! Cases and verdicts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::{AccountId, CaseId, Lang, SellerId};

/// What is to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CaseKind {
    /// A shop wants to open; the subject is the seller.
    SellerApplication,
    /// A shop claims an OCOP certificate; the subject is the certificate.
    CertificateClaim,
    /// A listing, or a change of one, wants to be published; the subject is the revision.
    ListingRevision,
    /// A change of a listing was published unseen, because the shop is trusted; the subject is the revision.
    SpotCheck,
    /// A shop has filed for re-rating before its certificate expires; the subject is the filing.
    CertificateRenewal,
    /// An officer recorded that a certificate was revoked, and a second one is to confirm it; the subject is the record.
    CertificateRevocation,
    /// A buyer complains about a listing, shop or order; the subject is the complaint.
    Complaint,
    /// A reader reported a review; the subject is the review.
    ReportedReview,
    /// An authority orders content to be taken down; the subject is the order.
    TakedownOrder,
    /// An authority asks for information about a shop; the subject is the request.
    InformationRequest,
    /// An officer withdrew a published listing: decided when it opens; the subject is the listing.
    ListingWithdrawal,
    /// An officer suspended a shop: decided when it opens; the subject is the suspension.
    Suspension,
    /// A shop appeals against the decision of a case; the subject is that case.
    Appeal,
}

impl CaseKind {
    /// The calendar's row that says how long the decision may take.
    pub const fn deadline(self) -> &'static str {
        match self {
            Self::SellerApplication => "case.seller_application",
            Self::CertificateClaim => "case.certificate_claim",
            Self::ListingRevision => "case.listing_revision",
            Self::SpotCheck => "case.spot_check",
            Self::CertificateRenewal => "case.certificate_renewal",
            Self::CertificateRevocation => "case.certificate_revocation",
            Self::Complaint => "case.complaint",
            Self::ReportedReview => "case.reported_review",
            Self::TakedownOrder => "case.takedown_order",
            Self::InformationRequest => "case.information_request",
            Self::ListingWithdrawal => "case.listing_withdrawal",
            Self::Suspension => "case.suspension",
            Self::Appeal => "case.appeal",
        }
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CaseStatus {
    /// Waits for an officer.
    #[default]
    Open,
    /// Has its verdict.
    Decided,
    /// Whoever asked took it back.
    Withdrawn,
}

/// What an officer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    /// As asked for.
    Approve,
    /// Not yet: the seller may correct it and ask again.
    RequestChanges,
    /// No.
    Reject,
}

/// A matter to be put into the queue.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// What is to be decided.
    pub kind: CaseKind,
    /// On what: see [`CaseKind`].
    pub subject: Uuid,
    /// Whose matter it is.
    pub seller: SellerId,
    /// Whose queue: code of the current list.
    pub province_code: String,
    /// Where in the province.
    pub commune_code: String,
    /// The province of before 1 July 2025, for officers who divide the work by it.
    pub legacy_province_code: Option<String>,
    /// What an officer reads in the list.
    pub title: String,
    /// Who asked.
    pub opened_by: AccountId,
    /// When it is due where something outside says so, such as an authority's order; the calendar's row of the kind
    /// otherwise.
    pub due_at: Option<DateTime<Utc>>,
}

/// A verdict with its grounds.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// Codes of [`Reason`]s; none for an approval, at least one otherwise.
    pub reason_codes: Vec<String>,
    /// What the officer says to the seller.
    pub words: Option<String>,
    /// The officer.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A matter in the queue, as officers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// What is to be decided.
    pub kind: CaseKind,
    /// On what: see the kind.
    pub subject_id: Uuid,
    /// What no second open case may be about: the subject, or of an appeal the subject of the case appealed against.
    pub matter_id: Uuid,
    /// Whose matter it is.
    pub seller_id: SellerId,
    /// Whose queue it is in.
    #[schema(example = "12")]
    pub province_code: String,
    /// Where in the province.
    #[schema(example = "03388")]
    pub commune_code: String,
    /// The province of before 1 July 2025.
    pub legacy_province_code: Option<String>,
    /// In short.
    #[schema(example = "Hợp tác xã Trà Sin Suối Hồ")]
    pub title: String,
    /// Where it stands.
    pub status: CaseStatus,
    /// Since when it waits.
    pub opened_at: DateTime<Utc>,
    /// The first instant that is too late.
    pub due_at: DateTime<Utc>,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Why, as codes of reasons.
    pub reason_codes: Vec<String>,
    /// What the officer said to the seller.
    pub words: Option<String>,
    /// The officer.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Case {
    /// Whether it still waits although its time has passed.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.status == CaseStatus::Open && self.due_at <= now
    }
}

/// Which cases of the queue.
#[derive(Debug, Clone)]
pub struct CaseFilter {
    /// To decide what.
    pub kind: Option<CaseKind>,
    /// Where they stand.
    pub status: CaseStatus,
    /// In which of the officer's provinces.
    pub province: Option<String>,
    /// In which province of before 1 July 2025.
    pub legacy_province: Option<String>,
    /// In which commune.
    pub commune: Option<String>,
    /// Due before this instant.
    pub due_before: Option<DateTime<Utc>>,
}

/// Where a case stands in the queue: by deadline, then by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueuePosition {
    /// Its deadline.
    pub due_at: DateTime<Utc>,
    /// Itself.
    pub id: CaseId,
}

impl QueuePosition {
    /// Where the case stands.
    pub fn of(case: &Case) -> Self {
        Self { due_at: case.due_at, id: case.id }
    }
}

/// How many cases there are of a kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: CaseKind,
    /// How many.
    pub count: i64,
}

/// A reason a verdict other than an approval can give.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reason {
    /// Stable name.
    #[schema(example = "seller.paper_missing")]
    pub code: String,
    /// For which kind of case.
    pub kind: CaseKind,
    /// In Vietnamese.
    #[schema(example = "Thiếu giấy tờ bắt buộc")]
    pub text_vi: String,
    /// In English.
    #[schema(example = "A required paper is missing")]
    pub text_en: String,
}

impl Reason {
    /// The words in the reader's language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.text_vi,
            Lang::En => &self.text_en,
        }
    }
}
