//! Certificates as people see them: with the places they were issued in and what they are worth today.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{GRACE, stars_today, state};
use super::{Certificate, CertificateState, ClaimStatus, DecisionNumber, SetNo, Standing, Stars};
use crate::kernel::{CertificateId, MediaId};
use crate::places::{self, ProvinceRef};
use crate::platform::error::{Error, Result};

/// Where a certificate was issued.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssuedIn {
    /// The province of today.
    pub province: ProvinceRef,
    /// The province of before 1 July 2025, in the legacy list.
    pub legacy_province: ProvinceRef,
}

/// A certificate as everybody may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CertificateView {
    /// The certificate.
    pub id: CertificateId,
    /// The product as the certificate names it.
    pub product_name: String,
    /// The product set it was rated in.
    pub set_no: SetNo,
    /// The stars given; what counts today is `stars_today`.
    pub stars: Stars,
    /// The stars it carries today; null unless it is valid.
    pub stars_today: Option<Stars>,
    /// The number of the decision.
    pub decision_number: DecisionNumber,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// Who decided.
    #[schema(example = "UBND tỉnh Lai Châu")]
    pub authority: String,
    /// First day of validity.
    pub issued_on: NaiveDate,
    /// Last day of validity.
    pub expires_on: NaiveDate,
    /// What it is worth today.
    pub state: CertificateState,
    /// The state as a sentence.
    #[schema(example = "Còn hiệu lực đến hết ngày 19/06/2028")]
    pub sentence_vi: String,
    /// The state as a sentence.
    #[schema(example = "Valid until 19 June 2028")]
    pub sentence_en: String,
    /// Where it was issued.
    pub issued_in: IssuedIn,
    /// Whether it is demo data.
    pub demo: bool,
}

/// A certificate as its shop sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnCertificate {
    /// What became of the claim; the reasons are in the shop's cases.
    pub status: ClaimStatus,
    /// The scan, among the shop's papers; null where the department's own list brought it.
    pub scan_id: Option<MediaId>,
    /// When it was claimed or imported.
    pub claimed_at: DateTime<Utc>,
    /// What everybody may see.
    #[serde(flatten)]
    pub certificate: CertificateView,
}

impl CertificateView {
    /// The certificate as it stands on the day.
    pub fn of(certificate: Certificate, issued_in: IssuedIn, today: NaiveDate) -> Self {
        let (sentence_vi, sentence_en) = sentences(&certificate.standing, today);
        Self {
            stars_today: stars_today(certificate.stars, &certificate.standing, today),
            state: state(&certificate.standing, today),
            expires_on: certificate.standing.expires_on,
            id: certificate.id,
            product_name: certificate.product_name,
            set_no: certificate.set_no,
            stars: certificate.stars,
            decision_number: certificate.decision_number,
            decision_date: certificate.decision_date,
            authority: certificate.authority,
            issued_on: certificate.issued_on,
            sentence_vi,
            sentence_en,
            issued_in,
            demo: certificate.demo,
        }
    }
}

/// What the state means, in Vietnamese and in English.
pub fn sentences(standing: &Standing, today: NaiveDate) -> (String, String) {
    let vi = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let en = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    let last = standing.expires_on;
    match state(standing, today) {
        CertificateState::Claimed => ("Đang chờ xác minh".to_owned(), "Waiting for verification".to_owned()),
        CertificateState::Refused => ("Không được xác nhận".to_owned(), "Not confirmed".to_owned()),
        CertificateState::Valid | CertificateState::RenewalWindow | CertificateState::RenewalOverdue => {
            (format!("Còn hiệu lực đến hết ngày {}", vi(last)), format!("Valid until {}", en(last)))
        }
        CertificateState::Grace => (
            format!(
                "Hết hạn ngày {}, giữ sao trong khi chờ kết quả đánh giá lại, chậm nhất {}",
                vi(last),
                vi(last + GRACE)
            ),
            format!(
                "Expired on {}; stars stay while it is being re-rated, until {} at most",
                en(last),
                en(last + GRACE)
            ),
        ),
        CertificateState::Expired => (format!("Hết hạn ngày {}", vi(last)), format!("Expired on {}", en(last))),
        CertificateState::Revoked => {
            let day = standing.revoked_on.unwrap_or(today);
            (format!("Bị thu hồi ngày {}", vi(day)), format!("Revoked on {}", en(day)))
        }
        CertificateState::Superseded => {
            ("Đã được thay bằng giấy chứng nhận mới".to_owned(), "Replaced by a newer certificate".to_owned())
        }
    }
}

/// The provinces of both lists, to show certificates with.
struct Places {
    today: BTreeMap<String, ProvinceRef>,
    legacy: BTreeMap<String, ProvinceRef>,
}

impl Places {
    async fn load(conn: &mut PgConnection) -> Result<Self> {
        let today = places::list_provinces(conn).await?.into_iter();
        let today = today.map(|row| ProvinceRef { code: row.code, slug: row.slug, name: row.name_vi });
        let legacy = places::list_legacy_provinces(conn).await?.into_iter();
        let legacy = legacy.map(|row| ProvinceRef { code: row.code, slug: row.slug, name: row.name_vi });
        let by_code = |place: ProvinceRef| (place.code.clone(), place);
        Ok(Self { today: today.map(by_code).collect(), legacy: legacy.map(by_code).collect() })
    }

    fn of(&self, certificate: &Certificate) -> Result<IssuedIn> {
        let province = self.today.get(&certificate.province_code);
        let legacy = self.legacy.get(&certificate.legacy_province_code);
        match (province, legacy) {
            (Some(province), Some(legacy)) => {
                Ok(IssuedIn { province: province.clone(), legacy_province: legacy.clone() })
            }
            _ => Err(Error::fault(format!("the places of certificate {} are not loaded", certificate.id))),
        }
    }
}

/// The certificates as everybody may see them, each beside what it was made of.
pub(super) async fn views(
    conn: &mut PgConnection,
    certificates: Vec<Certificate>,
    today: NaiveDate,
) -> Result<Vec<(Certificate, CertificateView)>> {
    let shown = placed(conn, certificates).await?.into_iter().map(|(certificate, issued_in)| {
        let view = CertificateView::of(certificate.clone(), issued_in, today);
        (certificate, view)
    });
    Ok(shown.collect())
}

/// The certificates with the places they were issued in.
pub(super) async fn placed(
    conn: &mut PgConnection,
    certificates: Vec<Certificate>,
) -> Result<Vec<(Certificate, IssuedIn)>> {
    let places = Places::load(conn).await?;
    let with_place = |certificate: Certificate| {
        let issued_in = places.of(&certificate)?;
        Ok((certificate, issued_in))
    };
    certificates.into_iter().map(with_place).collect()
}

/// The certificates as their shop sees them.
pub(super) async fn own_views(
    conn: &mut PgConnection,
    certificates: Vec<Certificate>,
    today: NaiveDate,
) -> Result<Vec<OwnCertificate>> {
    let shown = views(conn, certificates, today).await?.into_iter().map(|(own, certificate)| OwnCertificate {
        status: own.standing.status,
        scan_id: own.scan_id,
        claimed_at: own.claimed_at,
        certificate,
    });
    Ok(shown.collect())
}
