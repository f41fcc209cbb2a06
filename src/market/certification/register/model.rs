//! The register as officers see it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::notices::SentNotice;
use super::super::renewals::RenewalFiling;
use super::super::revocations::Revocation;
use super::super::{Certificate, CertificateState, CertificateView, ClaimStatus, DecisionNumber, SetNo, Stars};
use crate::kernel::{CertificateId, ImportId, SellerId};

/// A row of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterEntry {
    /// What everybody may see once it is verified.
    #[serde(flatten)]
    pub certificate: CertificateView,
    /// What became of the claim; what an import brought is verified.
    pub status: ClaimStatus,
    /// The owner in the decision's words, or the name of the shop when it claimed.
    #[schema(example = "Hợp tác xã Chè Tả Lèng")]
    pub owner_name: String,
    /// The owner's tax code, where the decision's list has one.
    #[schema(example = "6200012349")]
    pub owner_tax_code: Option<String>,
    /// The owner's shop; null while there is none here.
    pub seller_id: Option<SellerId>,
    /// The import that brought it; null for a claim nobody imported.
    pub import_id: Option<ImportId>,
    /// The day a file for re-rating was submitted, once an officer confirmed it.
    pub filed_on: Option<NaiveDate>,
    /// The first day of a revocation.
    pub revoked_on: Option<NaiveDate>,
    /// The newer certificate in its place.
    pub superseded_by: Option<CertificateId>,
}

impl RegisterEntry {
    /// The row as it stands, beside what everybody may see of it.
    pub fn new(row: Certificate, certificate: CertificateView) -> Self {
        Self {
            certificate,
            status: row.standing.status,
            owner_name: row.owner_name,
            owner_tax_code: row.owner_tax_code.map(|code| code.to_string()),
            seller_id: row.seller_id,
            import_id: row.import_id,
            filed_on: row.standing.filed_on,
            revoked_on: row.standing.revoked_on,
            superseded_by: row.superseded_by,
        }
    }
}

/// A certificate with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateFile {
    /// The row of the register.
    #[serde(flatten)]
    pub entry: RegisterEntry,
    /// Files for re-rating, the newest first.
    pub renewal_filings: Vec<RenewalFiling>,
    /// Revocations as recorded, the newest first.
    pub revocations: Vec<Revocation>,
    /// The reminders its shop was sent, the latest first.
    pub notices: Vec<SentNotice>,
}

/// Which rows of the register; `None` fits all.
#[derive(Debug, Clone, Default)]
pub struct RegisterFilter {
    /// What it is worth today.
    pub state: Option<CertificateState>,
    /// The stars given.
    pub stars: Option<Stars>,
    /// The product set.
    pub set_no: Option<SetNo>,
    /// Issued in this province of before 1 July 2025, by code.
    pub legacy_province: Option<String>,
    /// Folded words that begin words of product or owner.
    pub words: Vec<String>,
    /// The number of the decision.
    pub decision_number: Option<DecisionNumber>,
    /// Its last day lies before this one.
    pub expires_before: Option<NaiveDate>,
}

/// Where a row stands in the register: by last day, then by id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct RegisterPosition {
    /// Its last day.
    pub expires_on: NaiveDate,
    /// Itself.
    pub id: CertificateId,
}

impl RegisterPosition {
    /// Where the row stands.
    pub fn of(entry: &RegisterEntry) -> Self {
        Self { expires_on: entry.certificate.expires_on, id: entry.certificate.id }
    }
}
