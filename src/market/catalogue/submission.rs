//! Handing a revision in: to the officers' queue, or onto the shelf where the shop is trusted.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::editing::{self, latest_of, lock, missing, settle};
use super::model::{self, Listing, Revision, RevisionStatus, Unseen};
use super::review::publish;
use super::screened;
use super::store::{listings, revisions};
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, ListingId, SellerId};
use crate::market::cases::{self, CaseKind, NewCase};
use crate::market::screening::trust::{self, Passage};
use crate::market::screening::{self, Screening};
use crate::market::sellers::{self, Summary};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// Hands the revision in. It is screened, and an officer of the shop's province decides on it; an edit of a trusted
/// shop in which nothing was found may be published at once (`passage`).
///
/// # Errors
/// Refuses a shop that is not approved, content that was handed in or decided on already, and a listing that lacks
/// something.
pub async fn submit(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ListingId,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (listing, latest) = lock(conn, seller, id).await?;
    let shop = sellers::approved(conn, seller).await?;
    listing.status.require_editable()?;
    let status = latest.status.submitted()?;
    cases::require_no_appeal(conn, latest.id.as_uuid()).await?;
    settle(conn, &shop, &latest.content).await?;
    model::require_complete(&missing(conn, &listing, &latest.content, day_of(now)).await?)?;
    revisions::set_submitted(conn, latest.id, status, Some(now)).await?;
    let screening = screened::screen(conn, &shop, id, &latest.content, now).await?;
    screening::record(conn, latest.id.as_uuid(), &screening).await?;
    match passage(conn, &shop, &listing, &latest, &screening).await? {
        Passage::Queue => {
            listings::set_status(conn, id, listing.status).await?;
            open(conn, CaseKind::ListingRevision, &shop, &latest, by, now).await
        }
        Passage::Publish => publish_unseen(conn, &shop, &listing, &latest, Unseen::NotSampled, now).await,
        Passage::PublishAndCheck => {
            publish_unseen(conn, &shop, &listing, &latest, Unseen::ToCheck, now).await?;
            open(conn, CaseKind::SpotCheck, &shop, &latest, by, now).await
        }
    }
}

/// Where a revision goes that is complete.
///
/// Past the queue goes only an edit of what is on the shelf, in which the screening found nothing, of a trusted shop of
/// a province that wants it so. Never a first publication, nor what an officer sent back or refused, nor anything that
/// follows such a revision, nor an edit of an edit that waits for its spot check, nor one that makes the goods others:
/// of another product set or place, or under a certificate no officer has seen beside them.
async fn passage(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: &Listing,
    latest: &Revision,
    screening: &Screening,
) -> Result<Passage> {
    let on_shelf = listing.published_revision.filter(|_| listing.status.require_open().is_ok());
    let Some(published) = on_shelf.filter(|_| screening.findings.is_empty()) else {
        return Ok(Passage::Queue);
    };
    let published = revisions::find(conn, published).await?.or_refuse(&NOT_FOUND)?;
    let follows = published.number + 1 == latest.number && published.unseen != Some(Unseen::ToCheck);
    let same_goods = published.content.names_same_goods(&latest.content);
    if !follows || !same_goods || last_decision(conn, latest).await?.is_some() {
        return Ok(Passage::Queue);
    }
    trust::passage(conn, shop).await
}

/// What an officer last decided on the revision, before it was published or after.
pub(super) async fn last_decision(conn: &mut PgConnection, revision: &Revision) -> Result<Option<cases::Decision>> {
    let subject = revision.id.as_uuid();
    let before = cases::last_decision(conn, CaseKind::ListingRevision, subject).await?;
    let after = cases::last_decision(conn, CaseKind::SpotCheck, subject).await?;
    Ok(before.into_iter().chain(after).max_by_key(|decision| decision.at))
}

async fn publish_unseen(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: &Listing,
    latest: &Revision,
    unseen: Unseen,
    now: DateTime<Utc>,
) -> Result<()> {
    revisions::set_decided(conn, latest.id, RevisionStatus::Approved, now).await?;
    revisions::set_unseen(conn, latest.id, unseen).await?;
    publish(conn, shop, listing, latest, now).await
}

/// Puts the revision into the queue of the shop's province.
async fn open(
    conn: &mut PgConnection,
    kind: CaseKind,
    shop: &Summary,
    revision: &Revision,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    let case = NewCase {
        kind,
        subject: revision.id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code.clone(),
        commune_code: shop.commune_code.clone(),
        legacy_province_code: Some(shop.legacy_province_code.clone()),
        title: revision.content.title_vi.to_string(),
        opened_by: by,
        due_at: None,
    };
    cases::open(conn, &case, now).await?;
    Ok(())
}

/// Takes the revision back before anybody decides on it.
pub async fn withdraw_submission(conn: &mut PgConnection, seller: SellerId, id: ListingId) -> Result<()> {
    let waiting = listings::find(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    let submitted = latest_of(conn, waiting.id).await?;
    cases::withdraw(conn, CaseKind::ListingRevision, submitted.id.as_uuid()).await?;
    let (listing, latest) = editing::lock(conn, seller, id).await?;
    revisions::set_submitted(conn, latest.id, RevisionStatus::Draft, None).await?;
    listings::set_status(conn, id, listing.status).await
}
