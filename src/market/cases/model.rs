//! Cases and verdicts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::NOT_OPEN;
use super::lease::LEASED;
use super::queue::Lease;
use crate::kernel::{AccountId, CaseId, Lang, NoteId, SellerId};
use crate::people::access::{
    DecideCertificates, DecideComplaints, DecideListings, DecideMeasures, DecideSellers, Permission as _,
};
use crate::platform::error::{Error, Result};

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
    /// Buyer and shop do not agree about a refund; the subject is the return.
    RefundDispute,
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
            Self::RefundDispute => "case.refund_dispute",
            Self::ReportedReview => "case.reported_review",
            Self::TakedownOrder => "case.takedown_order",
            Self::InformationRequest => "case.information_request",
            Self::ListingWithdrawal => "case.listing_withdrawal",
            Self::Suspension => "case.suspension",
            Self::Appeal => "case.appeal",
        }
    }

    /// The permission to decide on a case of this kind. An appeal has none of its own: it needs that of the case
    /// appealed against.
    pub const fn permission(self) -> Option<&'static str> {
        match self {
            Self::SellerApplication => Some(DecideSellers::NAME),
            Self::CertificateClaim | Self::CertificateRenewal | Self::CertificateRevocation => {
                Some(DecideCertificates::NAME)
            }
            Self::ListingRevision | Self::SpotCheck => Some(DecideListings::NAME),
            Self::Complaint | Self::RefundDispute | Self::ReportedReview => Some(DecideComplaints::NAME),
            Self::TakedownOrder | Self::InformationRequest | Self::ListingWithdrawal | Self::Suspension => {
                Some(DecideMeasures::NAME)
            }
            Self::Appeal => None,
        }
    }

    /// Whether a shop can appeal against a decision of this kind that is no approval.
    ///
    /// Not against what the department only carries out or passes on: an authority's orders and requests, and
    /// revocations, against which the authority that decided hears the shop (Decision 26/2026/QĐ-TTg, art. 8). Nor
    /// against the mediation of a complaint, a refund or a report, which takes neither side's way to the courts. An appeal
    /// is answered once.
    pub const fn appealable(self) -> bool {
        match self {
            Self::SellerApplication
            | Self::CertificateClaim
            | Self::ListingRevision
            | Self::SpotCheck
            | Self::CertificateRenewal
            | Self::ListingWithdrawal
            | Self::Suspension => true,
            Self::CertificateRevocation
            | Self::Complaint
            | Self::RefundDispute
            | Self::ReportedReview
            | Self::TakedownOrder
            | Self::InformationRequest
            | Self::Appeal => false,
        }
    }

    /// Whether the shop hears of a case of this kind: not of what an authority asks about it.
    pub const fn is_shown_to_shop(self) -> bool {
        !matches!(self, Self::InformationRequest)
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
    /// The first instant that is too late for an appeal; null where the decision cannot be appealed against.
    pub appeal_until: Option<DateTime<Utc>>,
    /// An appeal that only the national department may decide on.
    pub national: bool,
    /// Who took it last; see [`Case::lease`].
    #[serde(skip)]
    pub leased_by: Option<AccountId>,
    /// Until when.
    #[serde(skip)]
    pub leased_until: Option<DateTime<Utc>>,
}

impl Case {
    /// Whether it still waits although its time has passed.
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.status == CaseStatus::Open && self.due_at <= now
    }

    /// Who works on it, unless their time is up.
    pub fn lease(&self, now: DateTime<Utc>) -> Option<Lease> {
        let (by, until) = self.leased_by.zip(self.leased_until)?;
        (now < until).then_some(Lease { account_id: by, until })
    }

    /// Refuses a case that does not wait for a verdict.
    pub fn require_open(&self) -> Result<()> {
        if self.status == CaseStatus::Open { Ok(()) } else { Err(Error::from(&NOT_OPEN)) }
    }

    /// Refuses a case another officer works on.
    pub fn require_free_for(&self, officer: AccountId, now: DateTime<Utc>) -> Result<()> {
        match self.lease(now) {
            Some(lease) if lease.account_id != officer => Err(Error::from(&LEASED)),
            _ => Ok(()),
        }
    }
}

/// Who speaks to whom beside a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Voice {
    /// Officers among themselves.
    Internal,
    /// An officer to the shop.
    ToSeller,
    /// The shop to the officers.
    FromSeller,
}

impl Voice {
    /// So many of them a case keeps at most.
    pub const fn most(self) -> i64 {
        match self {
            Self::Internal => 100,
            Self::ToSeller | Self::FromSeller => 20,
        }
    }
}

/// Something said beside a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseNote {
    /// The note.
    pub id: NoteId,
    /// Who speaks to whom.
    pub voice: Voice,
    /// The officer, or the member of the shop.
    pub author: AccountId,
    /// What.
    #[schema(example = "Đã gọi điện cho UBND xã để xác minh.")]
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
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

/// What the result of a mediation takes from nobody.
pub const fn recourse(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => {
            "Bạn vẫn có quyền đề nghị cơ quan bảo vệ quyền lợi người tiêu dùng, hòa giải, trọng tài hoặc khởi kiện theo \
             Luật 19/2023/QH15."
        }
        Lang::En => {
            "You may still turn to the authority for consumer protection, to mediation, arbitration or the courts under \
             Law 19/2023/QH15."
        }
    }
}
