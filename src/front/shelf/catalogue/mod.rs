//! The catalogue in memory.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::facts::{Batch, Common, Listing, Shop};
use crate::kernel::{CertificateId, ListingId, SellerId};
use crate::market::certification::{Certificate, IssuedIn};
use crate::platform::error::Result;

/// The catalogue on one day.
#[derive(Debug, Clone)]
pub struct Catalogue {
    today: NaiveDate,
    listings: HashMap<ListingId, Arc<Listing>>,
    sellers: HashMap<SellerId, Arc<Shop>>,
    certificates: HashMap<CertificateId, Arc<(Certificate, IssuedIn)>>,
    common: Option<Arc<Common>>,
}

fn merge<I: std::hash::Hash + Eq + Copy, T: Clone>(map: &mut HashMap<I, Arc<T>>, rows: &[(I, Option<T>)]) {
    for (id, row) in rows {
        match row {
            Some(row) => drop(map.insert(*id, Arc::new(row.clone()))),
            None => drop(map.remove(id)),
        }
    }
}

impl Catalogue {
    /// A catalogue without anything in it.
    pub fn empty(today: NaiveDate) -> Self {
        Self {
            today,
            listings: HashMap::new(),
            sellers: HashMap::new(),
            certificates: HashMap::new(),
            common: None,
        }
    }
    /// The next one.
    pub fn apply(&self, batch: &Batch, today: NaiveDate) -> Result<Self> {
        let mut next = Self { today, ..self.clone() };
        merge(&mut next.listings, &batch.listings);
        merge(&mut next.sellers, &batch.sellers);
        merge(&mut next.certificates, &batch.certificates);
        next.common = batch.common.clone().map(Arc::new).or(next.common);
        Ok(next)
    }
    /// The same on another day.
    pub fn turn(&self, today: NaiveDate) -> Result<Self> {
        self.apply(&Batch::default(), today)
    }
    /// In order.
    #[must_use]
    pub fn compacted(&self) -> Self {
        self.clone()
    }
    /// The day it shows.
    pub fn turns_on(&self) -> Option<NaiveDate> {
        self.today.succ_opt()
    }
    /// How many.
    pub fn listings(&self) -> usize {
        self.listings.len()
    }
    /// Ids.
    pub fn listing_ids(&self) -> impl Iterator<Item = ListingId> {
        self.listings.keys().copied()
    }
    /// Ids.
    pub fn seller_ids(&self) -> impl Iterator<Item = SellerId> {
        self.sellers.keys().copied()
    }
    /// Ids.
    pub fn certificate_ids(&self) -> impl Iterator<Item = CertificateId> {
        self.certificates.keys().copied()
    }
}
