//! Reading subjects as they stand: some of them, or page by page all there are.

use std::collections::{BTreeSet, HashSet};

use sqlx::PgConnection;

use super::super::catalogue::Catalogue;
use super::super::facts::{Batch, Listing};
use super::super::store::news::Subjects;
use super::super::store::{common, listings, shops};
use crate::kernel::{CertificateId, ListingId, SellerId};
use crate::market::certification;
use crate::platform::error::Result;

/// Things read at a time when everything is read: some 5 MB of facts. Larger pages are no faster.
const PAGE: i64 = 1_000;

/// The subjects as they stand; those the public must not see any longer as `None`.
pub async fn read(conn: &mut PgConnection, subjects: &Subjects) -> Result<Batch> {
    let listing_ids: Vec<ListingId> = subjects.listings.iter().copied().collect();
    let seller_ids: Vec<SellerId> = subjects.sellers.iter().copied().collect();
    let listings = listings::published(conn, &listing_ids).await?;
    let sellers = shops::approved(conn, &seller_ids).await?;
    let mut certificates: BTreeSet<CertificateId> = named_by(&listings);
    let renewed: Vec<CertificateId> = subjects.certificates.iter().copied().collect();
    certificates.extend(shops::named(conn, &renewed).await?);
    let certificates = verified(conn, certificates).await?;
    Ok(Batch {
        listings: with_gone(listings.into_iter().map(|listing| (listing.id, listing)), listing_ids),
        sellers: with_gone(sellers.into_iter().map(|shop| (shop.seller.id, shop)), seller_ids),
        certificates: with_gone(certificates.into_iter().map(|found| (found.0.id, found)), renewed),
        common: if subjects.common { Some(common::read(conn).await?) } else { None },
    })
}

fn named_by(listings: &[Listing]) -> BTreeSet<CertificateId> {
    listings.iter().filter_map(|listing| listing.certificate).collect()
}

async fn verified(
    conn: &mut PgConnection,
    ids: BTreeSet<CertificateId>,
) -> Result<Vec<(certification::Certificate, certification::IssuedIn)>> {
    certification::verified(conn, &ids.into_iter().collect::<Vec<_>>()).await
}

/// What was found, and `None` for those asked for that were not.
fn with_gone<I: Copy + Eq + std::hash::Hash, T>(
    found: impl Iterator<Item = (I, T)>,
    asked: Vec<I>,
) -> Vec<(I, Option<T>)> {
    let mut rows: Vec<(I, Option<T>)> = found.map(|(id, thing)| (id, Some(thing))).collect();
    let present: HashSet<I> = rows.iter().map(|(id, _)| *id).collect();
    rows.extend(asked.into_iter().filter(|id| !present.contains(id)).map(|id| (id, None)));
    rows
}

/// Everything, page by page; remembers what there was.
#[derive(Default)]
pub struct Pages {
    started: bool,
    sellers: HashSet<SellerId>,
    last_seller: Option<SellerId>,
    no_more_sellers: bool,
    listings: HashSet<ListingId>,
    last_listing: Option<ListingId>,
    certificates: HashSet<CertificateId>,
}

impl Pages {
    /// The next page: first what holds for all, then shops, then listings with their certificates; none after the last.
    pub async fn next(&mut self, conn: &mut PgConnection) -> Result<Option<Batch>> {
        if !self.started {
            self.started = true;
            return Ok(Some(Batch { common: Some(common::read(conn).await?), ..Batch::default() }));
        }
        if !self.no_more_sellers
            && let Some(batch) = self.next_sellers(conn).await?
        {
            return Ok(Some(batch));
        }
        self.next_listings(conn).await
    }

    async fn next_sellers(&mut self, conn: &mut PgConnection) -> Result<Option<Batch>> {
        let ids = shops::ids(conn, self.last_seller, PAGE).await?;
        let Some(last) = ids.last() else {
            self.no_more_sellers = true;
            return Ok(None);
        };
        self.last_seller = Some(*last);
        let shops = shops::approved(conn, &ids).await?;
        self.sellers.extend(ids);
        let sellers = shops.into_iter().map(|shop| (shop.seller.id, Some(shop))).collect();
        Ok(Some(Batch { sellers, ..Batch::default() }))
    }

    async fn next_listings(&mut self, conn: &mut PgConnection) -> Result<Option<Batch>> {
        let ids = listings::ids(conn, self.last_listing, PAGE).await?;
        let Some(last) = ids.last() else { return Ok(None) };
        self.last_listing = Some(*last);
        let listings = listings::published(conn, &ids).await?;
        self.listings.extend(ids);
        let mut named = named_by(&listings);
        named.retain(|id| !self.certificates.contains(id));
        let certificates = verified(conn, named).await?;
        self.certificates.extend(certificates.iter().map(|(certificate, _)| certificate.id));
        Ok(Some(Batch {
            listings: listings.into_iter().map(|listing| (listing.id, Some(listing))).collect(),
            certificates: certificates.into_iter().map(|found| (found.0.id, Some(found))).collect(),
            ..Batch::default()
        }))
    }

    /// What the catalogue still has of before, and was on no page.
    pub fn unseen(&self, catalogue: &Catalogue) -> Batch {
        let listings = catalogue.listing_ids().filter(|id| !self.listings.contains(id));
        let sellers = catalogue.seller_ids().filter(|id| !self.sellers.contains(id));
        let certificates = catalogue.certificate_ids().filter(|id| !self.certificates.contains(id));
        Batch {
            listings: listings.map(|id| (id, None)).collect(),
            sellers: sellers.map(|id| (id, None)).collect(),
            certificates: certificates.map(|id| (id, None)).collect(),
            common: None,
        }
    }
}
