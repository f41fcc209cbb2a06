//! OCOP certificates (*giấy chứng nhận sản phẩm OCOP*) and the 26 product sets they are given in.
//!
//! A shop **claims** a certificate with its decision and a scan; an officer verifies or refuses the claim. What a
//! verified certificate is worth is never stored: [`state`] derives it from its dates on the day somebody looks, and
//! the SQL function `certificate_stars` of the migration is the same rule for queries.
//!
//! The officers of the shop's province decide, wherever the certificate was issued: whose shop it is, is theirs. What a
//! department knows without a shop is in its [`register`]; decisions come into it by [`imports`]. Certificates are filed
//! for re-rating ([`renewals`]), revoked ([`revocations`]), and their shops reminded before they expire ([`notices`]).

pub mod admin;
mod claim;
mod decision_number;
pub mod http;
pub mod imports;
mod model;
pub mod notices;
pub mod register;
pub mod renewals;
pub mod revocations;
mod sets;
mod store;
mod view;

pub use claim::Claim;
pub use decision_number::DecisionNumber;
pub use model::{
    Certificate, CertificateState, ClaimStatus, NewCertificate, Standing, Stars, expiry, stars_today, state, turns_on,
};
pub use register::RegisterMatch;
pub use sets::{Group, ProductSet, SetNo, embedded as embedded_sets};
pub use view::{CertificateView, IssuedIn, OwnCertificate, sentences};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CertificateId, SellerId};
use crate::market::cases::{self, CaseKind, Decision, NewCase};
use crate::market::media::{self, Purpose};
use crate::market::sellers;
use crate::people::access::Provinces;
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::INVALID;
use store::Terms;
use view::{own_views, placed, views};

/// Loads the embedded list of product sets; running it again changes nothing.
pub async fn load_sets(conn: &mut PgConnection) -> Result<()> {
    store::upsert_sets(conn, &sets::embedded()?).await
}

/// The 26 product sets, in their order.
pub async fn product_sets(conn: &mut PgConnection) -> Result<Vec<ProductSet>> {
    store::product_sets(conn).await
}

/// The product set of that number.
pub async fn product_set(conn: &mut PgConnection, set_no: SetNo) -> Result<ProductSet> {
    let sets = store::product_sets(conn).await?;
    let found = sets.into_iter().find(|set| set.set_no == set_no);
    found.ok_or_else(|| Error::fault(format!("product set {set_no} is not loaded")))
}

/// Claims a certificate for an approved shop and asks the officers of its province to verify it.
///
/// # Errors
/// Refuses wrong dates, a scan that is no paper of the shop, an unknown place of issue, and a second claim to the same
/// product of the same decision.
pub async fn claim(
    conn: &mut PgConnection,
    seller: SellerId,
    claim: &Claim,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<CertificateId> {
    let shop = sellers::approved(conn, seller).await?;
    claim.check(day_of(now))?;
    if !media::owned(conn, claim.scan_id, seller, Purpose::Paper).await? {
        return Err(
            Error::from(&INVALID).at("scan_id", "phải là giấy tờ do cửa hàng tải lên / must be a paper of the shop")
        );
    }
    let certificate = claim.to_certificate(&shop);
    for refused in store::lock_refused(conn, seller, &certificate).await? {
        cases::require_no_appeal(conn, refused.as_uuid()).await?;
    }
    let id = insert(conn, seller, &certificate, now).await?;
    let case = NewCase {
        kind: CaseKind::CertificateClaim,
        subject: id.as_uuid(),
        seller,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{} – {} sao – {}", claim.product_name, claim.stars, claim.decision_number),
        opened_by: by,
        due_at: None,
    };
    cases::open(conn, &case, now).await?;
    Ok(id)
}

/// Writes down a certificate of demo data, verified without an officer.
pub async fn insert_demo(
    conn: &mut PgConnection,
    seller: SellerId,
    new: &NewCertificate,
    now: DateTime<Utc>,
) -> Result<CertificateId> {
    let id = insert(conn, seller, new, now).await?;
    store::set_status(conn, id, ClaimStatus::Verified, now).await?;
    Ok(id)
}

async fn insert(
    conn: &mut PgConnection,
    seller: SellerId,
    new: &NewCertificate,
    now: DateTime<Utc>,
) -> Result<CertificateId> {
    let legacy = places::legacy_province(conn, &new.legacy_province_code).await?.ok_or_else(|| {
        Error::from(&INVALID).at(
            "legacy_province_code",
            "phải là một trong 63 tỉnh, thành trước đây / must be one of the 63 former provinces",
        )
    })?;
    let expires_on = expiry(new.issued_on).ok_or_else(|| Error::fault("issued at the end of time"))?;
    let terms = Terms { expires_on, province_code: legacy.successor_code };
    let id = CertificateId::new(now);
    store::insert(conn, id, seller, new, &terms, now)
        .await
        .on_constraint("certificates_once", &claim::CLAIMED_ALREADY)?;
    Ok(id)
}

/// Verifies or refuses a claim from a shop of `provinces`. What the register knows of a verified one becomes part of it.
pub async fn decide(
    conn: &mut PgConnection,
    id: CertificateId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let (seller, status) = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let seller = seller.or_refuse(&NOT_FOUND)?;
    require_shop_in(conn, seller, provinces).await?;
    let decided = status
        .decided(decision.verdict)
        .ok_or_else(|| Error::fault(format!("certificate {id} has an open case but is {status:?}")))?;
    store::set_status(conn, id, decided, decision.at).await?;
    if decided == ClaimStatus::Verified { register::settle(conn, id, seller, decision.at).await } else { Ok(()) }
}

/// Refuses a certificate that is not refused any more, or was claimed anew; it stays so until the transaction ends.
pub async fn require_unmoved(conn: &mut PgConnection, id: CertificateId) -> Result<()> {
    require_refused(conn, id).await?;
    if store::is_claimed_anew(conn, id).await? { Err(Error::from(&cases::MOVED_ON)) } else { Ok(()) }
}

/// Verifies a claim from a shop of `provinces` that was refused: an appeal was upheld.
pub async fn reverse(
    conn: &mut PgConnection,
    id: CertificateId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let seller = require_refused(conn, id).await?;
    require_shop_in(conn, seller, provinces).await?;
    let verified = store::set_status(conn, id, ClaimStatus::Verified, decision.at).await;
    verified.on_constraint("certificates_once", &claim::CLAIMED_ALREADY)?;
    register::settle(conn, id, seller, decision.at).await
}

/// Locks a refused claim and says whose it is.
async fn require_refused(conn: &mut PgConnection, id: CertificateId) -> Result<SellerId> {
    match store::lock(conn, id).await?.or_refuse(&NOT_FOUND)? {
        (Some(seller), ClaimStatus::Refused) => Ok(seller),
        _ => Err(Error::from(&cases::MOVED_ON)),
    }
}

async fn require_shop_in(conn: &mut PgConnection, seller: SellerId, provinces: &Provinces) -> Result<()> {
    let shop = sellers::summary(conn, seller).await?;
    if provinces.contains(&shop.province_code) { Ok(()) } else { Err(Error::from(&NOT_FOUND)) }
}

/// Whether the certificate is the shop's, for goods of the set, and not refused. It stays so until the transaction ends:
/// use it where a listing is about to show the certificate.
pub async fn fits(conn: &mut PgConnection, id: CertificateId, seller: SellerId, set_no: SetNo) -> Result<bool> {
    store::hold(conn, id, seller, set_no).await
}

/// The certificate as everybody may see it; a claim nobody verified is none.
pub async fn find_verified(
    conn: &mut PgConnection,
    id: CertificateId,
    today: NaiveDate,
) -> Result<Option<CertificateView>> {
    let found = store::find(conn, id).await?.filter(|found| found.standing.status == ClaimStatus::Verified);
    show(conn, found, today).await
}

/// Those of the certificates that are verified, with the places they were issued in.
pub async fn verified(conn: &mut PgConnection, ids: &[CertificateId]) -> Result<Vec<(Certificate, IssuedIn)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::find_all(conn, ids).await?;
    let verified = found.into_iter().filter(|found| found.standing.status == ClaimStatus::Verified);
    placed(conn, verified.collect()).await
}

/// The certificate or claim as its shop and officers see it.
pub async fn find(conn: &mut PgConnection, id: CertificateId, today: NaiveDate) -> Result<Option<CertificateView>> {
    let found = store::find(conn, id).await?;
    show(conn, found, today).await
}

/// The same, with the scan an officer reads it by.
pub async fn find_with_scan(
    conn: &mut PgConnection,
    id: CertificateId,
    today: NaiveDate,
) -> Result<Option<OwnCertificate>> {
    let found = store::find(conn, id).await?;
    Ok(own_views(conn, found.into_iter().collect(), today).await?.pop())
}

async fn show(
    conn: &mut PgConnection,
    certificate: Option<Certificate>,
    today: NaiveDate,
) -> Result<Option<CertificateView>> {
    let shown = views(conn, certificate.into_iter().collect(), today).await?.pop();
    Ok(shown.map(|(_, view)| view))
}

/// The shop's certificates and claims made before `before`, the newest claim first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<CertificateId>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<OwnCertificate>> {
    let ids = store::page(conn, seller, before, limit).await?;
    let page = store::find_all(conn, &ids).await?;
    own_views(conn, page, today).await
}

/// The shop's own certificate.
async fn find_own(
    conn: &mut PgConnection,
    seller: SellerId,
    id: CertificateId,
    today: NaiveDate,
) -> Result<OwnCertificate> {
    let found = store::find(conn, id).await?.filter(|certificate| certificate.seller_id == Some(seller));
    own_views(conn, found.into_iter().collect(), today).await?.pop().or_refuse(&NOT_FOUND)
}

/// What an officer reads before deciding on a claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CertificateDossier)]
pub struct Dossier {
    /// Whose claim.
    pub seller_id: SellerId,
    /// The claim and its scan.
    pub claim: OwnCertificate,
    /// The product set it names.
    pub product_set: ProductSet,
    /// What the register already knows of this product of the decision, in other shops too, and where the claim says
    /// otherwise.
    pub register_matches: Vec<RegisterMatch>,
}

/// The dossier of a claim from a shop of `provinces`.
pub async fn dossier(
    conn: &mut PgConnection,
    id: CertificateId,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<Dossier> {
    let certificate = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let seller_id = certificate.seller_id.or_refuse(&NOT_FOUND)?;
    require_shop_in(conn, seller_id, provinces).await?;
    let product_set = product_set(conn, certificate.set_no).await?;
    let register_matches = register::matches(conn, &certificate, today).await?;
    let claim = own_views(conn, vec![certificate], today).await?.pop().or_refuse(&NOT_FOUND)?;
    Ok(Dossier { seller_id, claim, product_set, register_matches })
}
