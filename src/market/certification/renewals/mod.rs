//! Files for re-rating (*hồ sơ đánh giá lại*): the shop says when its file was taken in, an officer sees whether it was.
//!
//! A file submitted from 180 days before expiry to the last day of validity lets the stars stay until its result, for at
//! most 180 days (Decision 26/2026/QĐ-TTg, art. 7.6 and 12.3). The result itself is a new certificate.

pub mod http;
mod model;
mod store;

pub use model::{FilingStatus, NOT_RENEWABLE, NewFiling, RENEWAL_FILED_ALREADY, RenewalDossier, RenewalFiling};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::store as certificates;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CertificateId, RenewalId, SellerId};
use crate::market::cases::{self, CaseKind, Decision, NewCase, Verdict};
use crate::market::media::{self, Purpose};
use crate::market::sellers;
use crate::people::access::Provinces;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::INVALID;

/// The certificate's filings, the newest first.
pub(super) async fn of(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<RenewalFiling>> {
    store::list(conn, certificate).await
}

/// Records that the file for re-rating a certificate of the shop was taken in, and asks its officers to confirm it.
async fn file(
    conn: &mut PgConnection,
    seller: SellerId,
    id: CertificateId,
    new: &NewFiling,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<RenewalFiling> {
    let shop = sellers::approved(conn, seller).await?;
    // Before the certificate, as a verdict on a filing does.
    if let Some(last) = store::list(conn, id).await?.into_iter().next() {
        store::lock(conn, last.id).await?;
        cases::require_no_appeal(conn, last.id.as_uuid()).await?;
    }
    certificates::lock(conn, id).await?;
    let found = certificates::find(conn, id).await?.filter(|found| found.seller_id == Some(seller));
    let certificate = found.or_refuse(&NOT_FOUND)?;
    new.check(&certificate.standing, day_of(now))?;
    if !media::owned(conn, new.scan_id, seller, Purpose::Paper).await? {
        return Err(
            Error::from(&INVALID).at("scan_id", "phải là giấy tờ do cửa hàng tải lên / must be a paper of the shop")
        );
    }
    let filing = RenewalId::new(now);
    store::insert(conn, filing, id, new, by, now)
        .await
        .on_constraint("certificate_renewals_one", &RENEWAL_FILED_ALREADY)?;
    let case = NewCase {
        kind: CaseKind::CertificateRenewal,
        subject: filing.as_uuid(),
        seller,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{} – đánh giá lại – {}", certificate.product_name, new.receipt_number),
        opened_by: by,
        due_at: None,
    };
    cases::open(conn, &case, now).await?;
    store::find(conn, filing).await?.or_refuse(&NOT_FOUND)
}

/// Takes back a filing of the shop that nobody has decided on.
async fn withdraw(conn: &mut PgConnection, seller: SellerId, id: CertificateId, filing: RenewalId) -> Result<()> {
    let found = store::find(conn, filing).await?.filter(|found| found.certificate_id == id).or_refuse(&NOT_FOUND)?;
    require_own(conn, seller, found.certificate_id).await?;
    // The case first, as a verdict does.
    cases::withdraw(conn, CaseKind::CertificateRenewal, filing.as_uuid()).await?;
    store::set_status(conn, filing, FilingStatus::Withdrawn, None).await
}

async fn require_own(conn: &mut PgConnection, seller: SellerId, id: CertificateId) -> Result<()> {
    let found = certificates::find(conn, id).await?;
    found.filter(|found| found.seller_id == Some(seller)).or_refuse(&NOT_FOUND).map(drop)
}

/// Confirms a filing of a shop of `provinces`, from then on its certificate counts as filed for; or refuses it, and the
/// shop may record another.
pub async fn decide(conn: &mut PgConnection, id: RenewalId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let filing = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    super::register::require_in(conn, filing.certificate_id, provinces).await?;
    if filing.status != FilingStatus::Submitted {
        return Err(Error::fault(format!("filing {id} has an open case but is {:?}", filing.status)));
    }
    match decision.verdict {
        Verdict::Approve => accept(conn, &filing, decision.at).await,
        Verdict::RequestChanges | Verdict::Reject => {
            store::set_status(conn, id, FilingStatus::Refused, Some(decision.at)).await
        }
    }
}

async fn accept(conn: &mut PgConnection, filing: &RenewalFiling, at: DateTime<Utc>) -> Result<()> {
    let accepted = store::set_status(conn, filing.id, FilingStatus::Accepted, Some(at)).await;
    accepted.on_constraint("certificate_renewals_one", &RENEWAL_FILED_ALREADY)?;
    certificates::set_filed(conn, filing.certificate_id, filing.filed_on).await
}

/// Refuses a filing that is not refused any more, or was followed by another; it stays so until the transaction ends.
pub async fn require_unmoved(conn: &mut PgConnection, id: RenewalId) -> Result<()> {
    let filing = require_refused(conn, id).await?;
    let newest = store::list(conn, filing.certificate_id).await?.into_iter().next();
    if newest.is_some_and(|newest| newest.id == id) { Ok(()) } else { Err(Error::from(&cases::MOVED_ON)) }
}

/// Confirms a filing of a shop of `provinces` that was refused: an appeal was upheld.
pub async fn reverse(conn: &mut PgConnection, id: RenewalId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let filing = require_refused(conn, id).await?;
    super::register::require_in(conn, filing.certificate_id, provinces).await?;
    accept(conn, &filing, decision.at).await
}

/// Locks a refused filing.
async fn require_refused(conn: &mut PgConnection, id: RenewalId) -> Result<RenewalFiling> {
    let filing = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    if filing.status == FilingStatus::Refused { Ok(filing) } else { Err(Error::from(&cases::MOVED_ON)) }
}

/// What an officer reads before deciding on a filing from a shop of `provinces`.
pub async fn dossier(
    conn: &mut PgConnection,
    id: RenewalId,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<RenewalDossier> {
    let filing = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    super::register::require_in(conn, filing.certificate_id, provinces).await?;
    let certificate = super::find(conn, filing.certificate_id, today).await?.or_refuse(&NOT_FOUND)?;
    Ok(RenewalDossier { filing, certificate })
}
