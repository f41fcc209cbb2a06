//! Filings and the days they are possible on.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{GRACE, WINDOW_OPENS};
use super::super::{CertificateState, CertificateView, Standing, state};
use crate::kernel::{CertificateId, Line, MediaId, RenewalId};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// Only a verified certificate that holds, or expired not long ago, is re-rated.
pub const NOT_RENEWABLE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "certificate-not-renewable",
    vi: "Giấy chứng nhận này không thể đánh giá lại",
    en: "This certificate cannot be re-rated",
};

/// A filing waits for an officer, or was confirmed.
pub const RENEWAL_FILED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "renewal-filed-already",
    vi: "Hồ sơ đánh giá lại đã được ghi nhận",
    en: "A file for re-rating has been recorded already",
};

/// Where a filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FilingStatus {
    /// Waits for an officer.
    Submitted,
    /// An officer found it true.
    Accepted,
    /// An officer did not; the shop may record another.
    Refused,
    /// The shop took it back.
    Withdrawn,
}

/// A file for re-rating that was taken in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RenewalFilingForm, example = json!({
    "filed_on": "2026-11-02",
    "receipt_number": "12-03394/PĐK-12-2026",
    "scan_id": "0193f2a4-6c00-7000-8000-000000000001"
}))]
pub struct NewFiling {
    /// The day on the receipt (*phiếu đăng ký*): not earlier than 180 days before expiry, not after it.
    pub filed_on: NaiveDate,
    /// The number of the receipt.
    #[schema(inline)]
    pub receipt_number: Line<1, 60>,
    /// A scan of the receipt, among the shop's papers.
    pub scan_id: MediaId,
}

impl NewFiling {
    /// Refuses a certificate that is not re-rated any more, and a day that cannot count.
    pub fn check(&self, standing: &Standing, today: NaiveDate) -> Result<()> {
        let held_lately = match state(standing, today) {
            CertificateState::Valid | CertificateState::RenewalWindow | CertificateState::RenewalOverdue => true,
            // A file of before expiry may be recorded after it.
            CertificateState::Expired => today - standing.expires_on <= GRACE,
            _ => false,
        };
        if !held_lately {
            return Err(Error::from(&NOT_RENEWABLE));
        }
        let refused = |why: String| Err(Error::from(&INVALID).at("filed_on", why));
        let opens = standing.expires_on - TimeDelta::days(WINDOW_OPENS);
        if self.filed_on > today {
            return refused("không được ở tương lai / must not lie in the future".to_owned());
        }
        if self.filed_on < opens {
            return refused(format!(
                "không được trước {opens}, tức 180 ngày trước khi hết hạn / must not lie before {opens}, 180 days before expiry"
            ));
        }
        if self.filed_on > standing.expires_on {
            return refused(format!("must not lie after the last day of validity, {}", standing.expires_on));
        }
        Ok(())
    }
}

/// A recorded file for re-rating.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RenewalFiling {
    /// The filing.
    pub id: RenewalId,
    /// For which certificate.
    pub certificate_id: CertificateId,
    /// Where it stands; the reasons of a refusal are in the shop's cases.
    pub status: FilingStatus,
    /// The day on the receipt.
    pub filed_on: NaiveDate,
    /// The number of the receipt.
    #[schema(example = "12-03394/PĐK-12-2026")]
    pub receipt_number: String,
    /// A scan of the receipt.
    pub scan_id: MediaId,
    /// When the shop recorded it.
    pub submitted_at: DateTime<Utc>,
    /// When an officer decided on it.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What an officer reads before deciding on a filing.
#[derive(Debug, Serialize)]
pub struct RenewalDossier {
    /// The filing with its scan.
    pub filing: RenewalFiling,
    /// The certificate it is for.
    pub certificate: CertificateView,
}
