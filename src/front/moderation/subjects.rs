//! What the kinds of cases differ in: what there is to look at, who carries the verdict out, who takes it back.

use chrono::NaiveDate;
use serde_json::Value;
use sqlx::PgConnection;

use crate::kernel::MediaId;
use crate::market::cases::{Case, CaseKind, Decision, Verdict};
use crate::market::catalogue;
use crate::market::certification;
use crate::market::measures;
use crate::market::media;
use crate::market::screening;
use crate::market::sellers::{self, ShopFile};
use crate::people::access::Provinces;
use crate::platform::error::{Error, NOT_FOUND, Result};
use crate::platform::extract::INVALID;
use crate::trade::returns::RefundOrder;
use crate::trade::{complaints, returns, reviews};

/// What there is to look at: the seller's file, and the subject as its slice shows it to officers. Of an application that
/// is what the automatic screening finds in the file.
pub async fn papers_of(
    conn: &mut PgConnection,
    case: &Case,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<(ShopFile, Option<Value>)> {
    let file = sellers::dossier(conn, case.seller_id, provinces, today).await?;
    let subject = match case.kind {
        CaseKind::SellerApplication => {
            Some(serde_json::json!({ "findings": screening::of_shop(conn, &file, today).await? }))
        }
        CaseKind::CertificateClaim => {
            let dossier = certification::dossier(conn, case.subject_id.into(), provinces, today).await?;
            Some(serde_json::to_value(dossier)?)
        }
        CaseKind::CertificateRenewal => {
            let dossier = certification::renewals::dossier(conn, case.subject_id.into(), provinces, today).await?;
            Some(serde_json::to_value(dossier)?)
        }
        CaseKind::CertificateRevocation => {
            let dossier = certification::revocations::dossier(conn, case.subject_id.into(), provinces, today).await?;
            Some(serde_json::to_value(dossier)?)
        }
        CaseKind::ListingRevision | CaseKind::SpotCheck => {
            let dossier = catalogue::dossier(conn, case.subject_id.into(), provinces, today).await?;
            Some(serde_json::to_value(dossier)?)
        }
        CaseKind::TakedownOrder | CaseKind::InformationRequest | CaseKind::ListingWithdrawal | CaseKind::Suspension => {
            Some(serde_json::to_value(measures::papers(conn, case, provinces, today).await?)?)
        }
        CaseKind::Complaint => {
            Some(serde_json::to_value(complaints::dossier(conn, case.subject_id.into(), provinces).await?)?)
        }
        CaseKind::RefundDispute => {
            Some(serde_json::to_value(returns::dossier(conn, case.subject_id.into(), provinces).await?)?)
        }
        CaseKind::ReportedReview => {
            Some(serde_json::to_value(reviews::dossier(conn, case.subject_id.into(), provinces).await?)?)
        }
        kind @ CaseKind::Appeal => return Err(Error::fault(format!("cases of the kind {kind:?} have no papers"))),
    };
    Ok((file, subject))
}

/// Lets the slice that owns the subject carry the verdict out, within the provinces of the kind's permission. Only a refund
/// that is disputed can be ordered.
pub async fn decide(
    conn: &mut PgConnection,
    case: &Case,
    provinces: &Provinces,
    decision: &Decision,
    refund: Option<&RefundOrder>,
) -> Result<()> {
    if refund.is_some() && (case.kind, decision.verdict) != (CaseKind::RefundDispute, Verdict::Approve) {
        let why = "chỉ nêu khi chấp nhận yêu cầu hoàn tiền / must be left out, unless a disputed refund is approved";
        return Err(Error::from(&INVALID).at("refund", why));
    }
    match case.kind {
        CaseKind::SellerApplication => sellers::decide(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::CertificateClaim => certification::decide(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::CertificateRenewal => {
            certification::renewals::decide(conn, case.subject_id.into(), provinces, decision).await
        }
        CaseKind::CertificateRevocation => {
            certification::revocations::decide(conn, case.subject_id.into(), provinces, decision).await
        }
        CaseKind::ListingRevision => catalogue::decide(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::SpotCheck => catalogue::decide_spot_check(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::TakedownOrder | CaseKind::InformationRequest => {
            measures::decide(conn, case.subject_id.into(), provinces, decision).await
        }
        CaseKind::Complaint => complaints::decide(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::RefundDispute => returns::decide(conn, case.subject_id.into(), provinces, decision, refund).await,
        CaseKind::ReportedReview => reviews::decide(conn, case.subject_id.into(), provinces, decision).await,
        kind => Err(Error::fault(format!("nobody decides on cases of the kind {kind:?}"))),
    }
}

/// A picture somebody attached to the subject of the case.
pub async fn photo_of(
    conn: &mut PgConnection,
    case: &Case,
    provinces: &Provinces,
    photo: MediaId,
) -> Result<media::Evidence> {
    match case.kind {
        CaseKind::RefundDispute => returns::photo(conn, case.subject_id.into(), provinces, photo).await,
        CaseKind::Complaint => complaints::photo(conn, case.subject_id.into(), provinces, photo).await,
        _ => Err(Error::from(&NOT_FOUND)),
    }
}

/// Refuses an appeal about a subject that is not as the decision of the case left it; locks it.
pub async fn require_unmoved(conn: &mut PgConnection, case: &Case) -> Result<()> {
    match case.kind {
        CaseKind::SellerApplication => sellers::require_unmoved(conn, case.subject_id.into()).await,
        CaseKind::CertificateClaim => certification::require_unmoved(conn, case.subject_id.into()).await,
        CaseKind::CertificateRenewal => certification::renewals::require_unmoved(conn, case.subject_id.into()).await,
        CaseKind::ListingRevision | CaseKind::SpotCheck => {
            catalogue::require_unmoved(conn, case.subject_id.into()).await
        }
        CaseKind::ListingWithdrawal => measures::require_withdrawn(conn, case).await,
        CaseKind::Suspension => measures::require_suspended(conn, case.subject_id.into()).await,
        kind => Err(Error::fault(format!("nobody hears appeals about cases of the kind {kind:?}"))),
    }
}

/// Carries out what the decision of the case refused: an appeal against it was upheld.
pub async fn reverse(conn: &mut PgConnection, case: &Case, provinces: &Provinces, decision: &Decision) -> Result<()> {
    match case.kind {
        CaseKind::SellerApplication => sellers::reverse(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::CertificateClaim => certification::reverse(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::CertificateRenewal => {
            certification::renewals::reverse(conn, case.subject_id.into(), provinces, decision).await
        }
        CaseKind::ListingRevision => catalogue::reverse(conn, case.subject_id.into(), provinces, decision).await,
        CaseKind::SpotCheck => {
            let failed_at = case.decided_at.ok_or_else(|| Error::fault(format!("case {} is not decided", case.id)))?;
            catalogue::reverse_spot_check(conn, case.subject_id.into(), provinces, failed_at, decision).await
        }
        CaseKind::ListingWithdrawal => measures::reverse_withdrawal(conn, case, decision.at).await,
        CaseKind::Suspension => {
            measures::reverse_suspension(conn, case.subject_id.into(), decision.by, decision.at).await
        }
        kind => Err(Error::fault(format!("nobody reverses decisions on cases of the kind {kind:?}"))),
    }
}
