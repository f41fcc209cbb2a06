//! Certificates, and what they are worth on a day.

use axum::http::StatusCode;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DecisionNumber, SetNo};
use crate::kernel::text::fold;
use crate::kernel::{CertificateId, ImportId, Invalid, MediaId, SellerId, TaxCode};
use crate::market::cases::Verdict;
use crate::platform::error::Problem;

/// A published listing shows the certificate.
pub const CERTIFICATE_IN_USE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "certificate-in-use",
    vi: "Giấy chứng nhận đang được dùng trong một sản phẩm đã đăng",
    en: "A published listing uses this certificate",
};

/// A certificate is valid for 36 months from the day it was issued (Decision 26/2026/QĐ-TTg, art. 4).
const VALIDITY: Months = Months::new(36);

/// A file for re-rating is to be submitted so many days before expiry: not earlier … (art. 7.6)
pub(super) const WINDOW_OPENS: i64 = 180;
/// … and not later.
const WINDOW_CLOSES: i64 = 120;

/// How long the stars stay after expiry while a filing is being decided (art. 12.3).
pub(super) const GRACE: TimeDelta = TimeDelta::days(180);

/// The stars of a certificate: 3 to 5. One and two stars get none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "i16")]
#[sqlx(transparent)]
#[schema(value_type = i16, minimum = 3, maximum = 5, example = 4)]
pub struct Stars(i16);

impl Stars {
    /// The number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for Stars {
    type Error = Invalid;

    fn try_from(stars: i16) -> Result<Self, Invalid> {
        if (3..=5).contains(&stars) {
            Ok(Self(stars))
        } else {
            Err(Invalid { vi: "phải là 3, 4 hoặc 5 sao", en: "must be 3, 4 or 5 stars" })
        }
    }
}

impl std::str::FromStr for Stars {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(typed: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self::try_from(typed.parse::<i16>()?)?)
    }
}

impl std::fmt::Display for Stars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The last day of validity of a certificate issued on the day. 29 February counts as 28 in a year without.
pub fn expiry(issued_on: NaiveDate) -> Option<NaiveDate> {
    issued_on.checked_add_months(VALIDITY)
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ClaimStatus {
    /// Waits for an officer.
    Claimed,
    /// An officer found it true.
    Verified,
    /// An officer did not; the shop may claim again.
    Refused,
}

impl ClaimStatus {
    /// After a verdict; `None` unless the claim still waits. A claim is small: asking for changes refuses it, and the
    /// shop claims anew.
    pub fn decided(self, verdict: Verdict) -> Option<Self> {
        match (self, verdict) {
            (Self::Claimed, Verdict::Approve) => Some(Self::Verified),
            (Self::Claimed, Verdict::RequestChanges | Verdict::Reject) => Some(Self::Refused),
            (Self::Verified | Self::Refused, _) => None,
        }
    }
}

/// All that decides what a certificate is worth on a day.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// What became of the claim.
    pub status: ClaimStatus,
    /// Last day of validity.
    pub expires_on: NaiveDate,
    /// The day a file for re-rating was submitted.
    pub filed_on: Option<NaiveDate>,
    /// The first day of revocation.
    pub revoked_on: Option<NaiveDate>,
    /// Whether a newer certificate took its place.
    pub superseded: bool,
}

/// What a certificate is worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CertificateState {
    /// Waits for an officer: no stars yet.
    Claimed,
    /// An officer did not find it true: no stars.
    Refused,
    /// Valid, and nothing to do.
    Valid,
    /// Valid; from 180 to 120 days before expiry the file for re-rating is to be submitted.
    RenewalWindow,
    /// Valid, but fewer than 120 days are left and no file was submitted.
    RenewalOverdue,
    /// Expired at most 180 days ago, but a file was submitted in its time: the stars stay until its result.
    Grace,
    /// The day after expiry, or after grace.
    Expired,
    /// Withdrawn by the authority.
    Revoked,
    /// A newer certificate took its place.
    Superseded,
}

impl CertificateState {
    /// As answers name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Refused => "refused",
            Self::Valid => "valid",
            Self::RenewalWindow => "renewal_window",
            Self::RenewalOverdue => "renewal_overdue",
            Self::Grace => "grace",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }

    /// Whether a product may be shown with the certificate's stars.
    pub const fn carries_stars(self) -> bool {
        matches!(self, Self::Valid | Self::RenewalWindow | Self::RenewalOverdue | Self::Grace)
    }
}

/// The state of a certificate on the day `today` (in Viet Nam). The SQL function `certificate_state` is the same rule.
pub fn state(standing: &Standing, today: NaiveDate) -> CertificateState {
    match standing.status {
        ClaimStatus::Claimed => return CertificateState::Claimed,
        ClaimStatus::Refused => return CertificateState::Refused,
        ClaimStatus::Verified => {}
    }
    if standing.revoked_on.is_some_and(|day| day <= today) {
        return CertificateState::Revoked;
    }
    if standing.superseded {
        return CertificateState::Superseded;
    }
    let filed_in_time = standing.filed_on.is_some_and(|day| day <= standing.expires_on);
    match (standing.expires_on - today).num_days() {
        left if left > WINDOW_OPENS => CertificateState::Valid,
        0.. if filed_in_time => CertificateState::Valid,
        WINDOW_CLOSES.. => CertificateState::RenewalWindow,
        0.. => CertificateState::RenewalOverdue,
        _ if filed_in_time && today - standing.expires_on <= GRACE => CertificateState::Grace,
        _ => CertificateState::Expired,
    }
}

/// The next day after `today` on which [`state`] is another one, if nothing is done about the certificate.
pub fn turns_on(standing: &Standing, today: NaiveDate) -> Option<NaiveDate> {
    let last = standing.expires_on;
    let from_expiry = [-WINDOW_OPENS, 1 - WINDOW_CLOSES, 1].map(|days| last.checked_add_signed(TimeDelta::days(days)));
    let after_grace = last.checked_add_signed(GRACE).and_then(|day| day.succ_opt());
    let days = from_expiry.into_iter().chain([after_grace, standing.revoked_on]).flatten();
    let present = state(standing, today);
    days.filter(|day| *day > today && state(standing, *day) != present).min()
}

/// The stars a product may be shown with on the day: the certificate's or none. The SQL function `certificate_stars`
/// is the same rule.
pub fn stars_today(stars: Stars, standing: &Standing, today: NaiveDate) -> Option<Stars> {
    state(standing, today).carries_stars().then_some(stars)
}

/// A certificate to be written down.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    /// The product as the certificate names it, 3 to 200 characters.
    pub product_name: String,
    /// Whose product it is: the owner in the decision's words, or the name of the shop that claims it.
    pub owner_name: String,
    /// The owner's tax code, where the decision's list has one.
    pub owner_tax_code: Option<TaxCode>,
    /// The product set it was rated in.
    pub set_no: SetNo,
    /// The stars given.
    pub stars: Stars,
    /// The number of the decision.
    pub decision_number: DecisionNumber,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// Who decided.
    pub authority: String,
    /// First day of validity.
    pub issued_on: NaiveDate,
    /// The province it was issued in, of the list before 1 July 2025.
    pub legacy_province_code: String,
    /// The scan; only demo data and the department's own lists have none.
    pub scan_id: Option<MediaId>,
    /// The import it comes from, unless a shop claims it.
    pub import_id: Option<ImportId>,
    /// Whether it is demo data.
    pub demo: bool,
}

impl NewCertificate {
    /// What tells two products of one decision apart: the name in lower case.
    pub fn product_key(&self) -> String {
        self.product_name.to_lowercase()
    }

    /// What tells two owners of products of one name apart.
    pub fn owner_key(&self) -> String {
        fold(&self.owner_name)
    }

    /// What the register is searched by.
    pub fn search_text(&self) -> String {
        fold(&format!("{} {}", self.product_name, self.owner_name))
    }
}

/// A certificate as it was claimed or imported, with what happened to it since.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate.
    pub id: CertificateId,
    /// Whose; none while its owner has no shop here.
    pub seller_id: Option<SellerId>,
    /// The owner in the decision's words, or the name of the shop when it claimed.
    pub owner_name: String,
    /// The owner's tax code, where the decision's list has one.
    pub owner_tax_code: Option<TaxCode>,
    /// The import that brought it, if any.
    pub import_id: Option<ImportId>,
    /// The product as the certificate names it.
    pub product_name: String,
    /// The product set it was rated in.
    pub set_no: SetNo,
    /// The stars given.
    pub stars: Stars,
    /// The number of the decision.
    pub decision_number: DecisionNumber,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// Who decided.
    pub authority: String,
    /// First day of validity.
    pub issued_on: NaiveDate,
    /// What its worth depends on.
    pub standing: Standing,
    /// The newer certificate in its place.
    pub superseded_by: Option<CertificateId>,
    /// The province it was issued in, of the current list.
    pub province_code: String,
    /// The province it was issued in, of the list before 1 July 2025.
    pub legacy_province_code: String,
    /// The scan; demo data and the department's own lists have none.
    pub scan_id: Option<MediaId>,
    /// Whether it is demo data.
    pub demo: bool,
    /// When it was claimed or imported.
    pub claimed_at: DateTime<Utc>,
}
