//! A shop's file (*hồ sơ*): everything about it, as its members and its officers read it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::authentication::{self, Authentication};
use super::model::{Seller, SellerKind, SellerStatus};
use super::papers::{self, Missing, Paper};
use super::store;
use crate::kernel::SellerId;
use crate::places::{self, Location};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};

/// Everything about a shop but its personal ID, of which it shows the last digits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopFile {
    /// The shop.
    pub id: SellerId,
    /// Its name in addresses; it stays when the shop's name changes.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    pub slug: String,
    /// Where it stands.
    pub status: SellerStatus,
    /// What it lacks to be submitted; empty when nothing.
    pub missing: Vec<Missing>,
    /// Who sells.
    pub kind: SellerKind,
    /// The shop's name.
    pub name: String,
    /// The name in the register.
    pub legal_name: Option<String>,
    /// Who represents an organisation.
    pub representative: Option<String>,
    /// An organisation's tax and business code.
    pub tax_code: Option<String>,
    /// A household's personal ID, all but the last digits hidden.
    #[schema(example = "•••••••••001")]
    pub personal_id: Option<String>,
    /// Where it is.
    pub location: Location,
    /// House, street, hamlet.
    pub street: Option<String>,
    /// For questions.
    pub phone: Option<String>,
    /// For questions.
    pub email: Option<String>,
    /// Whether both stand on the public page.
    pub public_contact: bool,
    /// About the shop, in Vietnamese.
    pub about_vi: Option<String>,
    /// About the shop, in English.
    pub about_en: Option<String>,
    /// First day of a pause: visible, not buyable.
    pub closed_from: Option<NaiveDate>,
    /// Last day of it; null until further notice.
    pub closed_to: Option<NaiveDate>,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// Whether it has proved who it is, and from when on it cannot sell without.
    pub authentication: Authentication,
    /// Made for the demonstration.
    pub demo: bool,
    /// Counts changes; the `ETag`.
    pub version: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
}

/// The shop's file today.
pub async fn read(conn: &mut PgConnection, id: SellerId, today: NaiveDate) -> Result<ShopFile> {
    let seller = store::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let papers = store::papers::list(conn, id).await?;
    let missing = missing(conn, &seller, &papers, today).await?;
    let location = locate(conn, &seller).await?;
    let authentication = authentication::of(conn, id, today).await?;
    Ok(assemble(seller, papers, missing, location, authentication))
}

/// What the shop lacks today.
pub async fn missing(
    conn: &mut PgConnection,
    seller: &Seller,
    papers: &[Paper],
    today: NaiveDate,
) -> Result<Vec<Missing>> {
    let rules = store::papers::rules(conn, seller.kind, today).await?;
    Ok(papers::missing(seller, papers, &rules, today))
}

/// Where one shop is.
pub async fn locate(conn: &mut PgConnection, seller: &Seller) -> Result<Location> {
    let pair = (seller.commune_code.as_str(), seller.legacy_province_code.as_str());
    let location = places::locate(conn, &[pair]).await?.pop();
    location.ok_or_else(|| Error::fault(format!("commune {} is in no list", pair.0)))
}

fn assemble(
    seller: Seller,
    papers: Vec<Paper>,
    missing: Vec<Missing>,
    location: Location,
    authentication: Authentication,
) -> ShopFile {
    ShopFile {
        id: seller.id,
        slug: seller.slug,
        status: seller.status,
        missing,
        kind: seller.kind,
        name: seller.name,
        legal_name: seller.legal_name,
        representative: seller.representative,
        tax_code: seller.tax_code.map(|code| code.to_string()),
        personal_id: seller.personal_id_last.map(|last| format!("{}{last}", "•".repeat(9))),
        location,
        street: seller.street,
        phone: seller.phone.map(|phone| phone.to_string()),
        email: seller.email.map(|email| email.to_string()),
        public_contact: seller.public_contact,
        about_vi: seller.about_vi,
        about_en: seller.about_en,
        closed_from: seller.closed_from,
        closed_to: seller.closed_to,
        papers,
        authentication,
        demo: seller.demo,
        version: seller.version,
        created_at: seller.created_at,
        submitted_at: seller.submitted_at,
        approved_at: seller.approved_at,
    }
}
