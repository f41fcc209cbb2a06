//! What a shop does with its listings.
//!
//! Every change locks the listing first and its revision through it; the case, where one is withdrawn, before both, as
//! a verdict does.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::content::Content;
use super::model::{self, Listing, ListingStatus, Revision, RevisionStatus};
use super::store::{listings, revisions, variants as variant_rows};
use super::variants::{self, NewVariant, Variant};
use super::{offers, origin, sale_rule};
use crate::kernel::text::slugify;
use crate::kernel::{ListingId, Price, RevisionId, SellerId, VariantId};
use crate::market::cases;
use crate::market::certification;
use crate::market::media::{self, Purpose};
use crate::market::sellers::{self, Missing, Summary};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::INVALID;
use crate::platform::versions::IfMatch;

/// Variants a listing keeps at most, counting those no longer sold: orders name them, so none is ever deleted.
const MOST_VARIANTS_EVER: usize = 200;

/// Begins a listing with its first revision. Its slug is made from the title once and for all.
pub async fn create(
    conn: &mut PgConnection,
    seller: SellerId,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<ListingId> {
    let shop = sellers::summary(conn, seller).await?;
    let content = settle(conn, &shop, content).await?;
    let id = ListingId::new(now);
    insert_under_slug(conn, id, &shop, &content.title_vi, now).await?;
    revisions::insert(conn, RevisionId::new(now), id, 1, &content, now).await?;
    Ok(id)
}

/// Inserts the listing under the slug of its title; where that is taken, with the random end of its id.
async fn insert_under_slug(
    conn: &mut PgConnection,
    id: ListingId,
    shop: &Summary,
    title: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let slug = slugify(title);
    let slug = if slug.is_empty() { "san-pham" } else { &slug };
    if listings::insert(conn, id, shop.id, slug, shop.demo, now).await? {
        return Ok(());
    }
    let digits = id.as_uuid().simple().to_string();
    let unique = format!("{slug}-{}", &digits[digits.len() - 8..]);
    if listings::insert(conn, id, shop.id, &unique, shop.demo, now).await? {
        Ok(())
    } else {
        Err(Error::fault(format!("slug {unique} is taken")))
    }
}

/// The content with its place of origin filled in. Refuses pictures and certificates that are not the shop's.
pub(super) async fn settle(conn: &mut PgConnection, shop: &Summary, content: &Content) -> Result<Content> {
    content.check_pictures()?;
    for (at, picture) in content.pictures.iter().enumerate() {
        if !media::owned(conn, *picture, shop.id, Purpose::Picture).await? {
            return Err(Error::from(&INVALID)
                .at(format!("pictures[{at}]"), "phải là hình ảnh của cửa hàng / must be a picture of the shop"));
        }
    }
    if let Some(certificate) = content.certificate_id
        && !certification::fits(conn, certificate, shop.id, content.set_no).await?
    {
        return Err(Error::from(&INVALID)
            .at("certificate_id", "phải là giấy chứng nhận của cửa hàng, cùng bộ sản phẩm, chưa bị từ chối / must be a certificate of the shop for the same product set that was not refused"));
    }
    let mut settled = content.clone();
    origin::settle(conn, &mut settled, shop).await?;
    Ok(settled)
}

/// Replaces the content of the revision under way, or begins one; the published version stays.
///
/// # Errors
/// Refuses content edited from a version that is not the present one, and content under review.
pub async fn save_content(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    edited: &IfMatch,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<()> {
    let (listing, latest) = lock(conn, seller, id).await?;
    edited.check(listing.version)?;
    listing.status.require_editable()?;
    let status = latest.status.edited()?;
    cases::require_no_appeal(conn, latest.id.as_uuid()).await?;
    let shop = sellers::summary(conn, seller).await?;
    let content = settle(conn, &shop, content).await?;
    match status {
        Some(status) => revisions::set_content(conn, latest.id, status, &content, now).await?,
        None => revisions::insert(conn, RevisionId::new(now), id, latest.number + 1, &content, now).await?,
    }
    listings::set_status(conn, id, listing.status).await
}

/// The shop's listing, locked, with its latest revision.
pub(super) async fn lock(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<(Listing, Revision)> {
    let listing = listings::lock(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    let latest = latest_of(conn, id).await?;
    Ok((listing, latest))
}

pub(super) async fn latest_of(conn: &mut PgConnection, id: ListingId) -> Result<Revision> {
    revisions::latest(conn, id).await?.ok_or_else(|| Error::fault(format!("listing {id} has no revision")))
}

/// What the listing lacks to be handed in on the day.
pub(super) async fn missing(
    conn: &mut PgConnection,
    listing: &Listing,
    content: &Content,
    today: NaiveDate,
) -> Result<Vec<Missing>> {
    let set = certification::product_set(conn, content.set_no).await?;
    let rule = sale_rule(conn, content.set_no, today).await?;
    let variants = variant_rows::list(conn, listing.id).await?;
    let mut missing = model::missing(content, set.group, &variants);
    missing
        .extend(sellers::missing_paper(conn, listing.seller_id, &rule.papers_any_of, &rule.legal_basis, today).await?);
    Ok(missing)
}

/// Makes the variants what the shop wrote, at once: a known sku changes its variant, a new one adds one, one left out is
/// no longer sold. The public does not see a new one until it is approved with a revision.
///
/// # Errors
/// Refuses another name for what the public knows or an officer is reading. What is published or under review must stay fit to be sold.
pub async fn replace_variants(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    new: &[NewVariant],
    now: DateTime<Utc>,
) -> Result<()> {
    variants::check_list(new)?;
    let (listing, latest) = lock(conn, seller, id).await?;
    listing.status.require_editable()?;
    cases::require_no_appeal(conn, latest.id.as_uuid()).await?;
    let present = variant_rows::list(conn, id).await?;
    variants::check_names(&present, new, latest.status == RevisionStatus::Submitted)?;
    variant_rows::replace(conn, id, new, now).await?;
    let kept = variant_rows::list(conn, id).await?;
    if kept.len() > MOST_VARIANTS_EVER {
        let why = format!("a listing keeps at most {MOST_VARIANTS_EVER}, counting those no longer sold");
        return Err(Error::from(&INVALID).at("variants", why));
    }
    require_fit(conn, &listing, &latest, &kept).await?;
    listings::refresh_price(conn, id).await?;
    offers::set_in_stock(conn, &[id]).await?;
    listings::set_status(conn, id, listing.status).await
}

/// Refuses variants that what is published, or is about to be, could not be sold with.
async fn require_fit(
    conn: &mut PgConnection,
    listing: &Listing,
    latest: &Revision,
    variants: &[Variant],
) -> Result<()> {
    if let Some(set_no) = listing.set_no {
        let set = certification::product_set(conn, set_no).await?;
        model::require_complete(&variants::missing(variants, set.group.is_parcel(), Variant::is_shown))?;
    }
    if latest.status == RevisionStatus::Submitted {
        let set = certification::product_set(conn, latest.content.set_no).await?;
        model::require_complete(&variants::missing(variants, set.group.is_parcel(), |variant| variant.active))?;
    }
    Ok(())
}

/// Sets one variant's price, at once.
pub async fn set_price(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    variant: VariantId,
    price: Price,
) -> Result<()> {
    let listing = listings::lock(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    listing.status.require_editable()?;
    if !variant_rows::set_price(conn, id, variant, price).await? {
        return Err(Error::from(&NOT_FOUND));
    }
    listings::refresh_price(conn, id).await?;
    listings::set_status(conn, id, listing.status).await
}

/// Takes a published listing off the shelf, or puts it back; doing it twice changes nothing.
pub async fn set_paused(conn: &mut PgConnection, seller: SellerId, id: ListingId, paused: bool) -> Result<()> {
    move_to(conn, seller, id, |listing, _| listing.status.paused(paused)).await
}

/// Gives the listing up for good. A revision under review is withdrawn first.
pub async fn archive(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<()> {
    let (_, latest) = lock(conn, seller, id).await?;
    cases::require_no_appeal(conn, latest.id.as_uuid()).await?;
    move_to(conn, seller, id, |listing, latest| {
        if latest.status == RevisionStatus::Submitted {
            return Err(Error::from(&model::UNDER_REVIEW));
        }
        listing.status.archived()
    })
    .await
}

async fn move_to(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    next: impl FnOnce(&Listing, &Revision) -> Result<ListingStatus>,
) -> Result<()> {
    let (listing, latest) = lock(conn, seller, id).await?;
    let status = next(&listing, &latest)?;
    if status != listing.status {
        listings::set_status(conn, id, status).await?;
    }
    Ok(())
}
