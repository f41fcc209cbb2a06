//! What is recorded of a revocation, and when it cannot be true.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::claim::competent;
use super::super::{Certificate, CertificateView, DecisionNumber};
use crate::kernel::{AccountId, CertificateId, Line, RevocationId, Text};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// A claim nobody verified carries nothing that could be revoked.
pub const NOT_VERIFIED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "certificate-not-verified",
    vi: "Giấy chứng nhận này chưa được xác minh",
    en: "This certificate was not verified",
};

/// A revocation of the certificate waits for its second officer, or holds.
pub const REVOKED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "certificate-revoked-already",
    vi: "Việc thu hồi giấy chứng nhận này đã được ghi nhận",
    en: "A revocation of this certificate has been recorded already",
};

/// Nobody confirms what they recorded themselves.
pub const OWN_RECORD: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-record",
    vi: "Người ghi nhận không thể tự xác nhận",
    en: "You cannot confirm what you recorded yourself",
};

/// Where a shop is concerned, the second officer decides on the case.
pub const REVOCATION_IN_QUEUE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "revocation-in-queue",
    vi: "Việc thu hồi này được quyết định trong hàng đợi hồ sơ",
    en: "This revocation is decided as a case of the queue",
};

/// The record was confirmed or voided.
pub const REVOCATION_DECIDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "revocation-decided",
    vi: "Việc thu hồi này không còn chờ xác nhận",
    en: "This revocation does not wait for confirmation any more",
};

/// How far ahead of today a decision may take effect: more is a slip of the pen.
const FARTHEST_AHEAD: TimeDelta = TimeDelta::days(366);

/// Why a certificate is revoked: the letters of Decision 26/2026/QĐ-TTg, art. 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[sqlx(type_name = "text")]
pub enum Ground {
    /// A false or forged file.
    #[serde(rename = "a")]
    #[sqlx(rename = "a")]
    FalseFile,
    /// An inspection found that the criteria are not met any more.
    #[serde(rename = "b")]
    #[sqlx(rename = "b")]
    CriteriaNotMet,
    /// A breach of the law on quality, food safety, environment, intellectual property or labels.
    #[serde(rename = "c")]
    #[sqlx(rename = "c")]
    BreachOfLaw,
    /// Misuse of the OCOP mark.
    #[serde(rename = "d")]
    #[sqlx(rename = "d")]
    MisuseOfMark,
    /// Production has ceased.
    #[serde(rename = "đ")]
    #[sqlx(rename = "đ")]
    ProductionCeased,
    /// Another conclusion of an authority.
    #[serde(rename = "e")]
    #[sqlx(rename = "e")]
    OtherConclusion,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RevocationStatus {
    /// Waits for a second officer.
    Recorded,
    /// Found true: no stars from the effective day on.
    Confirmed,
    /// Found wrong; it never took effect.
    Void,
}

/// A decision to revoke, as an officer records it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevocationForm, example = json!({
    "decision_number": "2210/QĐ-UBND",
    "decision_date": "2026-11-18",
    "authority": "UBND tỉnh Lai Châu",
    "ground": "đ",
    "effective_on": "2026-11-18",
    "words": "Cơ sở đã ngừng sản xuất, UBND xã xác nhận ngày 10/11/2026."
}))]
pub struct NewRevocation {
    /// The number of the decision to revoke.
    pub decision_number: DecisionNumber,
    /// Its day.
    pub decision_date: NaiveDate,
    /// Who decided: the province's People's Committee, for five stars the Ministry.
    #[schema(inline)]
    pub authority: Line<3, 160>,
    /// The letter of art. 8.
    pub ground: Ground,
    /// The first day without stars: not before the decision.
    pub effective_on: NaiveDate,
    /// What the decision says, for the shop and the second officer.
    #[schema(inline)]
    pub words: Text<3, 2000>,
}

impl NewRevocation {
    /// Refuses days that cannot be, and an authority that revokes no such certificate.
    pub fn check(&self, certificate: &Certificate, today: NaiveDate) -> Result<()> {
        let refused = |at: &str, why: &str| Err(Error::from(&INVALID).at(at, why));
        if self.decision_date > today {
            return refused("decision_date", "không được ở tương lai / must not lie in the future");
        }
        if self.decision_date < certificate.decision_date {
            return refused(
                "decision_date",
                "không được trước quyết định công nhận sản phẩm / must not lie before the decision that recognised the product",
            );
        }
        if self.effective_on < self.decision_date {
            return refused("effective_on", "không được trước ngày quyết định / must not lie before the decision");
        }
        if self.effective_on - today > FARTHEST_AHEAD {
            return refused("effective_on", "không được quá một năm tới / must not lie more than a year ahead");
        }
        competent(&self.authority, certificate.stars).map_err(|why| Error::from(&INVALID).at("authority", why))
    }
}

/// What the second officer found.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The decision exists and was recorded as it is.
    Confirm,
    /// It does not, or was not; the record is void.
    Void,
}

impl Outcome {
    /// Where the record stands then.
    pub const fn status(self) -> RevocationStatus {
        match self {
            Self::Confirm => RevocationStatus::Confirmed,
            Self::Void => RevocationStatus::Void,
        }
    }
}

/// The second officer's answer.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevocationConfirmation, example = json!({ "outcome": "confirm" }))]
pub struct Confirmation {
    /// What they found.
    pub outcome: Outcome,
}

/// A recorded revocation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revocation {
    /// The record.
    pub id: RevocationId,
    /// Of which certificate.
    pub certificate_id: CertificateId,
    /// Where it stands.
    pub status: RevocationStatus,
    /// The number of the decision to revoke.
    pub decision_number: DecisionNumber,
    /// Its day.
    pub decision_date: NaiveDate,
    /// Who decided.
    #[schema(example = "UBND tỉnh Lai Châu")]
    pub authority: String,
    /// The letter of art. 8.
    pub ground: Ground,
    /// The first day without stars.
    pub effective_on: NaiveDate,
    /// What the decision says.
    pub words: String,
    /// Whether it is confirmed as a case of the queue, because a shop is concerned.
    pub in_queue: bool,
    /// Who recorded it.
    pub recorded_by: AccountId,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Who confirmed or voided it.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What the second officer reads.
#[derive(Debug, Serialize)]
pub struct RevocationDossier {
    /// The record.
    pub revocation: Revocation,
    /// The certificate it is about.
    pub certificate: CertificateView,
}
