//! What officers do with revisions, and what publishing means.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::content::Content;
use super::editing;
use super::model::{Listing, Revision, RevisionStatus};
use super::store::listings::{self, Publication};
use super::store::{revisions, variants};
use super::variants::NewVariant;
use super::view::{ListingView, view};
use super::{offers, origin};
use crate::kernel::text::fold;
use crate::kernel::{ListingId, RevisionId, SellerId};
use crate::market::cases::{Decision, Verdict};
use crate::market::certification::{self, CertificateView, ProductSet};
use crate::market::sellers::{self, Summary};
use crate::people::access::Provinces;
use crate::places::Location;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};

/// Publishes, returns or refuses a revision from a shop of `provinces`. Whatever was published before stays unless the
/// verdict is an approval.
pub async fn decide(conn: &mut PgConnection, id: RevisionId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let (listing, shop) = find_in(conn, id, provinces).await?;
    let (listing, latest) = editing::lock(conn, shop.id, listing).await?;
    let decided = Some(latest.status.decided(decision.verdict)).filter(|_| latest.id == id).flatten();
    let status =
        decided.ok_or_else(|| Error::fault(format!("revision {id} has an open case but is {:?}", latest.status)))?;
    revisions::set_decided(conn, id, status, decision.at).await?;
    match decision.verdict {
        Verdict::Approve => publish(conn, &shop, &listing, &latest, decision.at).await,
        Verdict::RequestChanges | Verdict::Reject => listings::set_status(conn, listing.id, listing.status).await,
    }
}

/// The revision's listing and shop, if the shop lies in `provinces`.
async fn find_in(conn: &mut PgConnection, id: RevisionId, provinces: &Provinces) -> Result<(ListingId, Summary)> {
    let (listing, seller) = revisions::listing_of(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let shop = sellers::summary(conn, seller).await?;
    if provinces.contains(&shop.province_code) { Ok((listing, shop)) } else { Err(Error::from(&NOT_FOUND)) }
}

/// Copies the revision into the listing and shows its packs. A certificate that was refused meanwhile is left out.
async fn publish(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: &Listing,
    revision: &Revision,
    at: DateTime<Utc>,
) -> Result<()> {
    let content = &revision.content;
    let origin = origin::locate(conn, content).await?;
    let set = certification::product_set(conn, content.set_no).await?;
    let certificate_id = match content.certificate_id {
        Some(id) if certification::fits(conn, id, shop.id, content.set_no).await? => Some(id),
        _ => None,
    };
    let publication = Publication {
        revision: revision.id,
        status: listing.approved(revision)?,
        set_no: content.set_no,
        title_vi: &content.title_vi,
        title_en: content.title_en.as_deref(),
        summary_vi: &content.summary_vi,
        summary_en: content.summary_en.as_deref(),
        province_code: &origin.province.code,
        commune_code: &origin.commune.code,
        legacy_province_code: &origin.legacy_province.code,
        certificate_id,
        image_id: content.pictures.first().copied(),
        search_text: &search_text(content, shop, &origin, &set),
        at,
    };
    listings::publish(conn, listing.id, &publication).await?;
    variants::approve(conn, listing.id).await?;
    listings::refresh_price(conn, listing.id).await?;
    offers::set_in_stock(conn, &[listing.id]).await
}

/// Everything somebody may search the listing by, without accents.
fn search_text(content: &Content, shop: &Summary, origin: &Location, set: &ProductSet) -> String {
    let words = [
        &content.title_vi,
        content.title_en.as_deref().unwrap_or_default(),
        &content.summary_vi,
        content.summary_en.as_deref().unwrap_or_default(),
        &shop.name,
        &origin.commune.name,
        &origin.province.name,
        &origin.legacy_province.name,
        &set.name_vi,
    ];
    fold(&words.join(" "))
}

/// Publishes a listing of demo data through the same rules, but for the officer and for what its public source does not
/// tell: pictures and label data of real products are not invented.
pub async fn publish_demo(
    conn: &mut PgConnection,
    seller: SellerId,
    content: &Content,
    variants: &[NewVariant],
    now: DateTime<Utc>,
) -> Result<ListingId> {
    let id = editing::create(conn, seller, content, now).await?;
    editing::replace_variants(conn, seller, id, variants, now).await?;
    let shop = sellers::summary(conn, seller).await?;
    let (listing, latest) = editing::lock(conn, seller, id).await?;
    revisions::set_decided(conn, latest.id, RevisionStatus::Approved, now).await?;
    publish(conn, &shop, &listing, &latest, now).await?;
    Ok(id)
}

/// What an officer reads before deciding on a revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListingDossier)]
pub struct Dossier {
    /// Whose listing.
    pub seller_id: SellerId,
    /// The listing as its shop sees it: the revision beside what is published.
    pub listing: ListingView,
    /// The product set the revision names.
    pub product_set: ProductSet,
    /// Where the goods come from.
    pub origin: Location,
    /// The certificate the revision names.
    pub certificate: Option<CertificateView>,
}

/// The dossier of a revision from a shop of `provinces`.
pub async fn dossier(
    conn: &mut PgConnection,
    id: RevisionId,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<Dossier> {
    let (listing, shop) = find_in(conn, id, provinces).await?;
    let revision = revisions::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let origin = origin::locate(conn, &revision.content).await?;
    let certificate = match revision.content.certificate_id {
        Some(certificate) => certification::find(conn, certificate, today).await?,
        None => None,
    };
    Ok(Dossier {
        seller_id: shop.id,
        product_set: certification::product_set(conn, revision.content.set_no).await?,
        origin,
        certificate,
        listing: view(conn, shop.id, listing, today).await?,
    })
}
