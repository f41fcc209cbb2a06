//! Revocations (*thu hồi giấy chứng nhận*): decided by the chair of a provincial People's Committee, for five stars by the
//! Minister (Decision 26/2026/QĐ-TTg, art. 8); here they are only *recorded*, by one officer, and confirmed by a second.
//!
//! Where a shop is concerned the second finds a case in the queue; a certificate whose owner has no shop has a confirmation
//! of its own. From confirmation on the certificate carries no stars as of the effective day: what is shown is derived.

pub mod admin;
mod model;
mod store;

pub use model::{
    Confirmation, Ground, NewRevocation, OWN_RECORD, REVOCATION_DECIDED, REVOCATION_IN_QUEUE, REVOKED_ALREADY,
    Revocation, RevocationDossier, RevocationStatus,
};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::register::require_in;
use super::{Certificate, ClaimStatus, store as certificates};
use crate::kernel::clock::day_of;
use crate::kernel::text::sentence;
use crate::kernel::{AccountId, CertificateId, RevocationId, SellerId};
use crate::market::cases::{self, CaseKind, Decision, NewCase, Verdict};
use crate::market::sellers;
use crate::people::access::{self, Provinces};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::INVALID;

const SUBJECT: &str = "Thu hồi giấy chứng nhận OCOP / OCOP certificate revoked";

/// The certificate's revocations, the newest first.
pub(super) async fn of(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<Revocation>> {
    store::list(conn, certificate).await
}

/// Records the revocation of a verified certificate in `provinces`; where it is a shop's, puts it into the queue and tells
/// the shop.
async fn record(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: CertificateId,
    new: &NewRevocation,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<Revocation> {
    require_in(conn, id, provinces).await?;
    certificates::lock(conn, id).await?;
    let found = certificates::find(conn, id).await?;
    let certificate =
        found.filter(|found| found.standing.status == ClaimStatus::Verified).or_refuse(&model::NOT_VERIFIED)?;
    require_foreign(conn, &certificate, by).await?;
    new.check(&certificate, day_of(now))?;
    let revocation = RevocationId::new(now);
    let record = store::NewRow { id: revocation, certificate: id, in_queue: certificate.seller_id.is_some(), by, now };
    store::insert(conn, &record, new).await.on_constraint("certificate_revocations_one", &REVOKED_ALREADY)?;
    if let Some(seller) = certificate.seller_id {
        open_case(conn, seller, &certificate, revocation, new, (by, now)).await?;
    }
    store::find(conn, revocation).await?.or_refuse(&NOT_FOUND)
}

/// Refuses an officer who belongs to the certificate's shop.
async fn require_foreign(conn: &mut PgConnection, certificate: &Certificate, officer: AccountId) -> Result<()> {
    match certificate.seller_id {
        Some(seller) if access::is_member(conn, seller, officer).await? => Err(Error::from(&sellers::OWN_SHOP)),
        _ => Ok(()),
    }
}

async fn open_case(
    conn: &mut PgConnection,
    seller: SellerId,
    certificate: &Certificate,
    revocation: RevocationId,
    new: &NewRevocation,
    (by, now): (AccountId, DateTime<Utc>),
) -> Result<()> {
    let shop = sellers::summary(conn, seller).await?;
    let case = NewCase {
        kind: CaseKind::CertificateRevocation,
        subject: revocation.as_uuid(),
        seller,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{} – thu hồi theo {}", certificate.product_name, new.decision_number),
        opened_by: by,
        due_at: None,
    };
    cases::open(conn, &case, now).await?;
    let body = format!(
        "Đã ghi nhận quyết định thu hồi {} đối với giấy chứng nhận “{}”; đang chờ cán bộ thứ hai xác nhận. / The decision \
         {} to revoke the certificate “{}” was recorded and waits for a second officer to confirm it.",
        new.decision_number, certificate.product_name, new.decision_number, certificate.product_name
    );
    access::write_to_members(conn, seller, SUBJECT, &body, now).await.map(drop)
}

/// Who recorded the revocation, and so does not confirm it.
pub async fn recorder(conn: &mut PgConnection, id: RevocationId) -> Result<AccountId> {
    Ok(store::find(conn, id).await?.or_refuse(&NOT_FOUND)?.recorded_by)
}

/// Confirms or voids the record of a shop of `provinces`, by somebody else than who made it.
pub async fn decide(
    conn: &mut PgConnection,
    id: RevocationId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let revocation = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    require_in(conn, revocation.certificate_id, provinces).await?;
    match decision.verdict {
        Verdict::Approve => settle(conn, &revocation, RevocationStatus::Confirmed, decision.by, decision.at).await,
        Verdict::Reject => settle(conn, &revocation, RevocationStatus::Void, decision.by, decision.at).await,
        Verdict::RequestChanges => {
            Err(Error::from(&INVALID).at("verdict", "phải là approve hoặc reject: ghi nhận sai thì hủy và lập lại / must be approve or reject: a wrong record is void, and made anew"))
        }
    }
}

/// Confirms or voids the record about a certificate without a shop, which is in nobody's queue.
async fn confirm(
    conn: &mut PgConnection,
    id: RevocationId,
    provinces: &Provinces,
    confirmation: Confirmation,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<Revocation> {
    let revocation = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    require_in(conn, revocation.certificate_id, provinces).await?;
    if revocation.in_queue {
        return Err(Error::from(&REVOCATION_IN_QUEUE));
    }
    if revocation.status != RevocationStatus::Recorded {
        return Err(Error::from(&REVOCATION_DECIDED));
    }
    settle(conn, &revocation, confirmation.outcome.status(), by, now).await?;
    store::find(conn, id).await?.or_refuse(&NOT_FOUND)
}

async fn settle(
    conn: &mut PgConnection,
    revocation: &Revocation,
    status: RevocationStatus,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    if revocation.recorded_by == by {
        return Err(Error::from(&OWN_RECORD));
    }
    let certificate = certificates::find(conn, revocation.certificate_id).await?.or_refuse(&NOT_FOUND)?;
    // A record outside the queue may be a shop's by now: the shop claimed what the register knew.
    require_foreign(conn, &certificate, by).await?;
    store::set_status(conn, revocation.id, status, by, now).await?;
    if status != RevocationStatus::Confirmed {
        return Ok(());
    }
    certificates::set_revoked(conn, certificate.id, revocation.effective_on).await?;
    let Some(seller) = certificate.seller_id else { return Ok(()) };
    let (product, decision) = (&certificate.product_name, &revocation.decision_number);
    let (day, words) = (revocation.effective_on.format("%d/%m/%Y"), sentence(&revocation.words));
    let body = format!(
        "Giấy chứng nhận “{product}” bị thu hồi theo quyết định {decision}, hiệu lực từ {day}: {words} Sản phẩm không còn \
         hiển thị sao. / The certificate “{product}” was revoked by decision {decision} with effect from {day}. The \
         product shows no stars any more."
    );
    access::write_to_members(conn, seller, SUBJECT, &body, now).await.map(drop)
}

/// The records of `provinces` that wait for their second officer, the oldest first.
async fn waiting(
    conn: &mut PgConnection,
    provinces: &Provinces,
    after: Option<RevocationId>,
    limit: i64,
) -> Result<Vec<Revocation>> {
    store::waiting(conn, provinces, after, limit).await
}

/// What the second officer reads about the record of a shop of `provinces`.
pub async fn dossier(
    conn: &mut PgConnection,
    id: RevocationId,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<RevocationDossier> {
    let revocation = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    require_in(conn, revocation.certificate_id, provinces).await?;
    let certificate = super::find(conn, revocation.certificate_id, today).await?.or_refuse(&NOT_FOUND)?;
    Ok(RevocationDossier { revocation, certificate })
}
