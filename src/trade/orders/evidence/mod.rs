//! What the marketplace itself attests for a shop's OCOP dossier: the public address of the shop, and its sales over a
//! period.
//!
//! The sheets of 23 product sets give five points, the least for five stars, for selling through e-commerce, with "the
//! link of the e-shop" and proof of sales (Decision 26/2026/QĐ-TTg, Appendix II, criterion 4.1). A **sales certificate**
//! states figures of delivered orders at one instant, under a digest with the marketplace's key; anybody who holds its id
//! can ask whether it is still word for word what was issued. It names no buyer.

mod document;
pub mod http;
mod model;
mod store;

pub use model::{Destinations, Figures, Issued, Period, ProductSales, SalesCertificate, Statement, Totals};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, SalesCertificateId, SellerId};
use crate::market::sellers;
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::seal::Seal;
use model::SellerNamed;

/// What the shop's delivered orders of the period add up to.
async fn figures(conn: &mut PgConnection, seller: SellerId, period: Period) -> Result<Figures> {
    let shop = sellers::summary(conn, seller).await?;
    store::figures(conn, seller, &shop.province_code, period).await
}

/// Issues a certificate on the figures of the period.
async fn issue(
    conn: &mut PgConnection,
    seal: &Seal,
    seller: SellerId,
    (period, figures): (Period, &Figures),
    (by, now): (AccountId, DateTime<Utc>),
) -> Result<SalesCertificateId> {
    let id = SalesCertificateId::new(now);
    let shop = sellers::summary(conn, seller).await?;
    let province = places::province(conn, &shop.province_code).await?;
    let province = province.ok_or_else(|| Error::fault(format!("the province of shop {seller} is not loaded")))?;
    let statement = Statement {
        id,
        figures: figures.clone(),
        seller: SellerNamed { slug: shop.slug, name: shop.name, province: province.full_name_vi },
        period,
        issued_at: now,
        demo: shop.demo,
    };
    let text = serde_json::to_string(&statement)?;
    let digest = seal.digest(&text, &context(id));
    store::insert(conn, id, seller, &text, &digest, (by, now)).await?;
    Ok(id)
}

/// The certificate, and whether it is still what was issued.
async fn find(conn: &mut PgConnection, seal: &Seal, id: SalesCertificateId) -> Result<SalesCertificate> {
    let issued = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let intact = seal.digest(&issued.statement, &context(id)).as_slice() == issued.digest;
    Ok(SalesCertificate {
        statement: serde_json::from_str(&issued.statement)?,
        digest: hex::encode(&issued.digest),
        intact,
    })
}

/// What the digest is bound to: a statement copied to another certificate is none.
fn context(id: SalesCertificateId) -> String {
    format!("sales_certificates.statement:{id}")
}
