//! What the kinds of cases differ in: who may decide, what there is to look at, who carries the verdict out.

use chrono::NaiveDate;
use serde_json::Value;
use sqlx::PgConnection;

use crate::market::cases::{Case, CaseKind, Decision};
use crate::market::catalogue;
use crate::market::certification;
use crate::market::sellers::{self, ShopFile};
use crate::people::access::{
    DecideCertificates, DecideComplaints, DecideListings, DecideMeasures, DecideSellers, Permission as _, Provinces,
};
use crate::platform::error::{Error, Result};

/// The permission to decide on a case of this kind.
pub const fn permission(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::SellerApplication => DecideSellers::NAME,
        CaseKind::CertificateClaim | CaseKind::CertificateRenewal | CaseKind::CertificateRevocation => {
            DecideCertificates::NAME
        }
        CaseKind::ListingRevision | CaseKind::SpotCheck => DecideListings::NAME,
        CaseKind::Complaint | CaseKind::ReportedReview => DecideComplaints::NAME,
        CaseKind::TakedownOrder
        | CaseKind::InformationRequest
        | CaseKind::ListingWithdrawal
        | CaseKind::Suspension
        | CaseKind::Appeal => DecideMeasures::NAME,
    }
}

/// What there is to look at: the seller's file, and the subject as its slice shows it to officers where it is another.
pub async fn papers_of(
    conn: &mut PgConnection,
    case: &Case,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<(ShopFile, Option<Value>)> {
    let subject = match case.kind {
        CaseKind::SellerApplication => None,
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
        CaseKind::ListingRevision => {
            let dossier = catalogue::dossier(conn, case.subject_id.into(), provinces, today).await?;
            Some(serde_json::to_value(dossier)?)
        }
        kind => return Err(Error::fault(format!("cases of the kind {kind:?} have no papers"))),
    };
    Ok((sellers::dossier(conn, case.seller_id, provinces, today).await?, subject))
}

/// Lets the slice that owns the subject carry the verdict out, within the provinces of the kind's permission.
pub async fn decide(conn: &mut PgConnection, case: &Case, provinces: &Provinces, decision: &Decision) -> Result<()> {
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
        kind => Err(Error::fault(format!("nobody decides on cases of the kind {kind:?}"))),
    }
}
