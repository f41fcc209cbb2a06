//! The register: every certificate the department knows of, whether or not its owner has a shop here.
//!
//! A row without a shop comes from an imported decision and lies with the province the certificate was issued in; a row
//! of a shop lies with the shop's province. When a shop claims what the register knows and an officer verifies the claim,
//! both become one row, and what the department's own list says wins.

pub mod admin;
mod export;
mod matches;
mod model;
mod store;

pub(super) use matches::find as matches;
pub use matches::{Contradiction, RegisterMatch};
pub use model::{CertificateFile, RegisterEntry, RegisterFilter, RegisterPosition};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::view::views;
use super::{CertificateView, DecisionNumber, notices, renewals, revocations};
use crate::kernel::text::fold;
use crate::kernel::{CertificateId, SellerId};
use crate::people::access::{self, Provinces};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// A page of the register of `provinces`, what expires first first.
async fn page(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &RegisterFilter,
    after: Option<RegisterPosition>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<RegisterEntry>> {
    let ids = store::page(conn, provinces, filter, after, limit, today).await?;
    entries(conn, &ids, today).await
}

async fn entries(conn: &mut PgConnection, ids: &[CertificateId], today: NaiveDate) -> Result<Vec<RegisterEntry>> {
    let found = super::store::find_all(conn, ids).await?;
    let shown = views(conn, found, today).await?;
    Ok(shown.into_iter().map(|(row, view)| RegisterEntry::new(row, view)).collect())
}

/// A certificate of the register of `provinces` with everything that happened to it.
async fn file(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: CertificateId,
    today: NaiveDate,
) -> Result<CertificateFile> {
    require_in(conn, id, provinces).await?;
    let entry = entries(conn, &[id], today).await?.pop().or_refuse(&NOT_FOUND)?;
    Ok(CertificateFile {
        entry,
        renewal_filings: renewals::of(conn, id).await?,
        revocations: revocations::of(conn, id).await?,
        notices: notices::of(conn, id).await?,
    })
}

/// Refuses a certificate that lies with no department of `provinces`.
pub(super) async fn require_in(conn: &mut PgConnection, id: CertificateId, provinces: &Provinces) -> Result<()> {
    store::is_in(conn, id, provinces).await?.then_some(()).or_refuse(&NOT_FOUND)
}

/// The verified certificates of a decision, for anybody who asks whether stars are real; where words are given, only those
/// whose product or owner has them all. At most fifty.
pub async fn check(
    conn: &mut PgConnection,
    decision_number: &DecisionNumber,
    product: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<CertificateView>> {
    let ids = store::verified_of(conn, decision_number, &words(product)).await?;
    let found = super::store::find_all(conn, &ids).await?;
    Ok(views(conn, found, today).await?.into_iter().map(|(_, view)| view).collect())
}

/// The folded words of a text.
fn words(text: Option<&str>) -> Vec<String> {
    fold(text.unwrap_or_default()).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What follows once a claim is found true: the register's own row of it becomes part of it, and older certificates of the
/// same product are superseded.
pub(super) async fn settle(
    conn: &mut PgConnection,
    id: CertificateId,
    seller: SellerId,
    now: DateTime<Utc>,
) -> Result<()> {
    matches::merge(conn, id, seller).await?;
    supersede(conn, &[id], now).await
}

/// Lets the newest certificate of a shop's (or of a shopless owner's) product take the place of the older ones, wherever
/// one of `touched` is among them; a shop that loses stars by it is told.
pub(super) async fn supersede(conn: &mut PgConnection, touched: &[CertificateId], now: DateTime<Utc>) -> Result<()> {
    const SUBJECT: &str = "Giấy chứng nhận OCOP được thay thế / OCOP certificate replaced";
    for replaced in store::supersede(conn, touched).await? {
        let Some(seller) = replaced.seller_id else { continue };
        let (product, decision) = (replaced.product_name, replaced.decision_number);
        let body = format!(
            "Giấy chứng nhận “{product}” ({decision}) đã được thay bằng giấy chứng nhận mới. Sản phẩm đang dùng giấy cũ \
             cần được sửa để dùng giấy mới. / The certificate “{product}” ({decision}) was replaced by a newer one. \
             Listings that name the old one need to be changed to the new one."
        );
        access::write_to_members(conn, seller, SUBJECT, &body, now).await?;
    }
    Ok(())
}
