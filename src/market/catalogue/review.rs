//! What officers do with revisions, and what publishing means.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::changes::{self, Change};
use super::content::Content;
use super::editing;
use super::model::{LISTING_CLOSED, Listing, ListingStatus, Revision, RevisionStatus, SUPERSEDED, Unseen};
use super::screened;
use super::store::listings::{self, Publication};
use super::store::{revisions, variants};
use super::variants::{NewVariant, Variant};
use super::view::{ListingView, view};
use super::{offers, origin};
use crate::kernel::text::fold;
use crate::kernel::{ListingId, RevisionId, SellerId};
use crate::market::cases::{Decision, MOVED_ON, Verdict};
use crate::market::certification::{self, OwnCertificate, ProductSet};
use crate::market::screening::{self, Screening, trust};
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

/// Refuses a revision that is not as a verdict other than an approval left it, or has a newer one after it, or that could
/// not be published if an appeal was upheld; it stays so until the transaction ends.
pub async fn require_unmoved(conn: &mut PgConnection, id: RevisionId) -> Result<()> {
    let (listing, seller) = revisions::listing_of(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let (listing, latest) = editing::lock(conn, seller, listing).await?;
    reversed(&latest, id)?;
    listing.approved(&latest).map(drop).map_err(|_| Error::from(&LISTING_CLOSED))
}

/// Publishes a revision from a shop of `provinces` that was not approved: an appeal was upheld.
pub async fn reverse(
    conn: &mut PgConnection,
    id: RevisionId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let (listing, shop) = find_in(conn, id, provinces).await?;
    let (listing, latest) = editing::lock(conn, shop.id, listing).await?;
    revisions::set_decided(conn, id, reversed(&latest, id)?, decision.at).await?;
    publish(conn, &shop, &listing, &latest, decision.at).await
}

fn reversed(latest: &Revision, id: RevisionId) -> Result<RevisionStatus> {
    if latest.id == id { latest.status.reversed() } else { Err(Error::from(&MOVED_ON)) }
}

/// The revision's listing and shop, if the shop lies in `provinces`.
async fn find_in(conn: &mut PgConnection, id: RevisionId, provinces: &Provinces) -> Result<(ListingId, Summary)> {
    let (listing, seller) = revisions::listing_of(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let shop = sellers::summary(conn, seller).await?;
    if provinces.contains(&shop.province_code) { Ok((listing, shop)) } else { Err(Error::from(&NOT_FOUND)) }
}

/// Decides on an edit that was published before anybody saw it: an approval leaves it there, anything else puts back
/// what was on the shelf before it and ends the trust in the shop.
///
/// # Errors
/// Nothing can be put back once a newer version was published.
pub async fn decide_spot_check(
    conn: &mut PgConnection,
    id: RevisionId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let (listing, shop) = find_in(conn, id, provinces).await?;
    let (listing, latest) = editing::lock(conn, shop.id, listing).await?;
    let edit = revisions::find(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let Some(before) = edit.published_over.filter(|_| edit.unseen == Some(Unseen::ToCheck)) else {
        return Err(Error::fault(format!("revision {id} has an open spot check but was published as any other")));
    };
    revisions::set_unseen(conn, id, Unseen::Checked).await?;
    let status = match decision.verdict {
        Verdict::Approve => return Ok(()),
        // Only the latest revision can be edited; what came after it is edited instead.
        Verdict::RequestChanges if latest.id == id => RevisionStatus::ChangesRequested,
        Verdict::RequestChanges | Verdict::Reject => RevisionStatus::Rejected,
    };
    if listing.published_revision != Some(id) {
        return Err(Error::from(&SUPERSEDED));
    }
    revisions::set_decided(conn, id, status, decision.at).await?;
    let before = revisions::find(conn, before).await?.or_refuse(&NOT_FOUND)?;
    variants::disapprove(conn, id).await?;
    put_on_shelf(conn, &shop, &listing, &before, listing.status, decision.at).await?;
    let words = decision.words.as_deref().unwrap_or("Hậu kiểm không đạt / Spot check failed");
    trust::end_trust(conn, shop.id, decision.by, words, decision.at).await
}

/// Puts back an edit that failed its spot check at `failed_at`, and the trust in the shop that ended with it: an appeal was
/// upheld.
pub async fn reverse_spot_check(
    conn: &mut PgConnection,
    id: RevisionId,
    provinces: &Provinces,
    failed_at: DateTime<Utc>,
    decision: &Decision,
) -> Result<()> {
    reverse(conn, id, provinces, decision).await?;
    let (_, shop) = find_in(conn, id, provinces).await?;
    trust::give_back_trust(conn, shop.id, failed_at, decision.by, decision.at).await
}

/// Copies the revision into the listing and shows its packs.
pub(super) async fn publish(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: &Listing,
    revision: &Revision,
    at: DateTime<Utc>,
) -> Result<()> {
    revisions::set_published_over(conn, revision.id, listing.published_revision).await?;
    variants::approve(conn, listing.id, revision.id).await?;
    put_on_shelf(conn, shop, listing, revision, listing.approved(revision)?, at).await
}

/// Makes the revision what the public reads. A certificate that was refused meanwhile is left out.
async fn put_on_shelf(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: &Listing,
    revision: &Revision,
    status: ListingStatus,
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
        status,
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
    listings::refresh_price(conn, listing.id).await?;
    screening::remember_texts(conn, listing.id, shop.id, &screened::own_words(content)).await?;
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
    /// The certificate the revision names, with its scan.
    pub certificate: Option<OwnCertificate>,
    /// Every field that is not as on the shelf; of a first publication, every field.
    pub changes: Vec<Change>,
    /// What the automatic screening found when the revision was handed in; null before that.
    pub screening: Option<Screening>,
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
        Some(certificate) => certification::find_with_scan(conn, certificate, today).await?,
        None => None,
    };
    let listing = view(conn, shop.id, listing, today).await?;
    Ok(Dossier {
        seller_id: shop.id,
        product_set: certification::product_set(conn, revision.content.set_no).await?,
        origin,
        certificate,
        changes: changes_of(conn, &revision, &listing).await?,
        screening: screening::recorded(conn, id.as_uuid()).await?,
        listing,
    })
}

/// What the revision changes: against what is on the shelf or, if it came there itself, against what was there before.
/// The packs it shows, or would show, are new with it.
async fn changes_of(conn: &mut PgConnection, revision: &Revision, listing: &ListingView) -> Result<Vec<Change>> {
    let was_published = revision.decided_at.is_some() && revision.status == RevisionStatus::Approved;
    let before = match revision.published_over.filter(|_| was_published) {
        Some(over) => revisions::find(conn, over).await?.map(|over| over.content),
        None => listing.published.clone().filter(|_| !was_published),
    };
    let packs = &listing.variants;
    let is_new = |pack: &&Variant| !pack.approved || pack.approved_with == Some(revision.id);
    let known: Vec<&Variant> = packs.iter().filter(|pack| !is_new(pack)).collect();
    let shown: Vec<&Variant> = packs.iter().filter(|pack| pack.active || !is_new(pack)).collect();
    let after = changes::state(&revision.content, &shown)?;
    let before = before.map(|content| changes::state(&content, &known)).transpose()?;
    Ok(changes::changes(&before.unwrap_or_default(), &after))
}
