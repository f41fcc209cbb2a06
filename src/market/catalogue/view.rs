//! A listing as its shop sees it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::content::Content;
use super::editing;
use super::model::{ListingStatus, Revision};
use super::store::{listings, revisions, variants};
use super::variants::Variant;
use super::{SaleRule, sale_rule, submission};
use crate::kernel::{ListingId, SellerId, Vnd};
use crate::market::cases::Verdict;
use crate::market::sellers::Missing;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// A listing as its shop sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingView {
    /// The listing.
    pub id: ListingId,
    /// Its name in addresses; stays the same whatever its title becomes.
    #[schema(example = "che-shan-tuyet-ta-leng-hop-200-g")]
    pub slug: String,
    /// Where it stands for the public.
    pub status: ListingStatus,
    /// Counts the changes; the `ETag`, to be sent back as `If-Match`.
    pub version: i64,
    /// What the public reads; null until the first approval.
    pub published: Option<Content>,
    /// The latest revision: the one under way, or the one decided on last.
    pub revision: Revision,
    /// What the latest verdict on this revision was.
    pub verdict: Option<GivenVerdict>,
    /// What the revision lacks to be handed in; empty when nothing.
    pub missing: Vec<Missing>,
    /// The packs, those no longer sold last.
    pub variants: Vec<Variant>,
    /// The lowest price of what is sold.
    pub price_vnd: Option<Vnd>,
    /// How goods of this set may be sold.
    pub sale_rule: SaleRule,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
}

/// What was decided on a revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenVerdict {
    /// The decision.
    pub verdict: Verdict,
    /// Why, by code.
    #[schema(example = json!(["listing.poor_picture"]))]
    pub reason_codes: Vec<String>,
    /// What the officer says.
    pub words: Option<String>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// The shop's listing as it stands on the day.
pub async fn view(conn: &mut PgConnection, seller: SellerId, id: ListingId, today: NaiveDate) -> Result<ListingView> {
    let listing = listings::find(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    let revision = editing::latest_of(conn, id).await?;
    let published = match listing.published_revision {
        Some(published) => revisions::find(conn, published).await?.map(|published| published.content),
        None => None,
    };
    let decision = submission::last_decision(conn, &revision).await?;
    let verdict = decision.map(|decision| GivenVerdict {
        verdict: decision.verdict,
        reason_codes: decision.reason_codes,
        words: decision.words,
        decided_at: decision.at,
    });
    Ok(ListingView {
        missing: editing::missing(conn, &listing, &revision.content, today).await?,
        sale_rule: sale_rule(conn, revision.content.set_no, today).await?,
        variants: variants::list(conn, id).await?,
        id,
        slug: listing.slug,
        status: listing.status,
        version: listing.version,
        published,
        revision,
        verdict,
        price_vnd: listing.price_vnd,
        created_at: listing.created_at,
        published_at: listing.published_at,
    })
}
