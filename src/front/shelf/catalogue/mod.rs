//! The catalogue in memory: every published listing of every approved shop as it stands on one day, ready to be
//! filtered, counted, ordered and shown.
//!
//! A [`Catalogue`] never changes. [`Catalogue::apply`] makes the next one out of it and of what is new, sharing all that
//! stayed: columns, orders, sets and maps lie in chunks behind `Arc`, and a change copies the chunks it touches. So one
//! writer makes catalogues while any number of readers look at theirs, without a lock.
//!
//! * `row`: a listing in numbers, by slot; slots of removed listings are given again.
//! * `dimensions`, `grid`: who has which values, for filters and facets.
//! * `sorted`: the orders, one for every [`Sort`].
//! * `sheet`, `shop`, `certificate`, `places`, `rules`: ready JSON, each piece kept once however many show it.
//! * `pressed`, `phrasebook`: how those of which there are many are kept small.
//! * `plan`, `find`, `facets`, `search`, `cards`: answering.

mod apply;
mod cards;
mod certificate;
mod chunks;
mod derive;
mod dimensions;
mod facets;
mod find;
mod grid;
mod phrasebook;
mod pieces;
mod places;
mod plan;
mod pressed;
mod row;
mod rules;
mod search;
mod shards;
mod sheet;
mod shop;
mod shops;
mod sorted;
mod table;

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use self::certificate::Certificate;
use self::chunks::Chunks;
use self::dimensions::Dimensions;
use self::grid::Grid;
use self::phrasebook::Phrasebook;
use self::pieces::Pieces;
use self::places::Places;
use self::row::Row;
use self::rules::Rules;
use self::shards::Shards;
use self::sheet::Sheet;
use self::shop::Shop;
use self::sorted::Sorted;
use self::table::Table;
use super::facts::Common;
use super::model::Sort;
use super::words::{Known, Words};
use crate::kernel::{CertificateId, ListingId, SellerId};
use crate::places::{LegacyProvince, Province};

pub use self::cards::{JOINT, Tag};
pub use self::facets::Counts;
pub use self::find::{Found, Position};
pub use self::plan::Plan;
pub use self::shops::ShopFilter;

/// Rows in a chunk.
const ROWS: usize = 128;

/// The catalogue on one day.
#[derive(Debug, Clone)]
pub struct Catalogue {
    today: NaiveDate,
    turns_on: Option<NaiveDate>,
    common: Arc<Common>,
    rules: Arc<Rules>,
    rows: Chunks<Option<Row>, ROWS>,
    /// What of the rows ranks what words found, closer together.
    known: Chunks<Known, { 4 * ROWS }>,
    sheets: Chunks<Option<Arc<Sheet>>, ROWS>,
    /// Whether sheets and certificates are pressed as soon as there is a phrasebook.
    pressed: bool,
    /// What new ones are pressed with.
    phrasebook: Arc<Phrasebook>,
    slots: Shards<Uuid>,
    slugs: Shards<Arc<str>>,
    /// Slots nobody has, below `next`.
    free: Arc<Vec<u32>>,
    next: u32,
    shops: Table<SellerId, Shop>,
    shops_by_slug: Sorted<(Arc<str>, u32)>,
    certificates: Table<CertificateId, Certificate>,
    /// What certificates have in common.
    pieces: Pieces,
    places: Places,
    /// By code; nothing but the listings there.
    communes: Table<String, ()>,
    dimensions: Dimensions,
    grid: Grid,
    orders: [Sorted<Entry>; Sort::ALL.len()],
    words: Words,
}

/// A visible listing in an order.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: i64,
    slot: u32,
}

impl Catalogue {
    /// A catalogue without anything in it.
    pub fn empty(today: NaiveDate) -> Self {
        Self::for_about(0, today)
    }

    /// A catalogue without anything in it, for about so many listings.
    pub fn for_about(listings: usize, today: NaiveDate) -> Self {
        Self {
            pressed: phrasebook::is_worthwhile(listings),
            today,
            turns_on: None,
            common: Arc::default(),
            rules: Arc::default(),
            rows: Chunks::default(),
            known: Chunks::default(),
            sheets: Chunks::default(),
            phrasebook: Arc::default(),
            slots: Shards::default(),
            slugs: Shards::default(),
            free: Arc::default(),
            next: 0,
            shops: Table::default(),
            shops_by_slug: Sorted::default(),
            certificates: Table::default(),
            pieces: Pieces::default(),
            places: Places::default(),
            communes: Table::default(),
            dimensions: Dimensions::default(),
            grid: Grid::default(),
            orders: Default::default(),
            words: Words::new(&Common::default(), today),
        }
    }

    /// The day it shows.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The next day on which an answer is different though nothing happens; at the latest then it has to be
    /// [turned](Self::turn).
    pub fn turns_on(&self) -> Option<NaiveDate> {
        self.turns_on
    }

    /// What listings share.
    pub fn common(&self) -> &Common {
        &self.common
    }

    /// How many listings are in it, whether or not their shops are.
    pub fn listings(&self) -> usize {
        self.sheets.iter().filter(|(_, sheet)| sheet.is_some()).count()
    }

    /// Every listing in it, whether or not its shop is.
    pub fn listing_ids(&self) -> impl Iterator<Item = ListingId> {
        self.slots.iter().map(|(id, _)| ListingId::from(*id))
    }

    /// Every shop in it.
    pub fn seller_ids(&self) -> impl Iterator<Item = SellerId> {
        self.shops.ids().copied()
    }

    /// Every certificate in it.
    pub fn certificate_ids(&self) -> impl Iterator<Item = CertificateId> {
        self.certificates.ids().copied()
    }

    /// The province of today with this code or slug.
    pub fn province(&self, code_or_slug: &str) -> Option<&Province> {
        let mut provinces = self.common.provinces.iter();
        provinces.find(|province| province.code == code_or_slug || province.slug == code_or_slug)
    }

    /// The province of before 1 July 2025 with this code or slug.
    pub fn legacy_province(&self, code_or_slug: &str) -> Option<&LegacyProvince> {
        let mut provinces = self.common.legacy_provinces.iter();
        provinces.find(|province| province.code == code_or_slug || province.slug == code_or_slug)
    }

    #[inline]
    fn row(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot)?.as_ref()
    }

    fn sheet(&self, slot: u32) -> Option<&Arc<Sheet>> {
        self.sheets.get(slot)?.as_ref()
    }
}
