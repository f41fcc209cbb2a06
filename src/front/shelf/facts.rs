//! What the shelf knows: the public part of the database as it stood at one instant, without anything that follows from
//! the day. What follows from the day (stars, states, whether a set may be ordered) is derived from these facts.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::{CertificateId, ListingId, Price, SellerId, VariantId, Vnd};
use crate::market::catalogue::{Label, SaleRule};
use crate::market::certification::{Certificate, Group, IssuedIn, SetNo};
use crate::market::sellers::Seller;
use crate::places::{LegacyProvince, Location, Province};

/// Everything that is new since the position before, each thing whole and as it stands now; to take it in twice changes
/// nothing. `None` means that the public must not see it any longer.
#[derive(Debug, Default)]
pub struct Batch {
    /// Published listings, whoever sells them.
    pub listings: Vec<(ListingId, Option<Listing>)>,
    /// Approved shops.
    pub sellers: Vec<(SellerId, Option<Shop>)>,
    /// Verified certificates that a listing names.
    pub certificates: Vec<(CertificateId, Option<(Certificate, IssuedIn)>)>,
    /// What holds for all, if any of it is new.
    pub common: Option<Common>,
}

/// What listings share: few rows, hence read whole when one of them changes.
#[derive(Debug, Clone, Default)]
pub struct Common {
    /// Today's provinces.
    pub provinces: Vec<Province>,
    /// The provinces of before 1 July 2025.
    pub legacy_provinces: Vec<LegacyProvince>,
    /// Regions: slug, Vietnamese name, English name.
    pub regions: Vec<(String, String, String)>,
    /// The product sets: number, Vietnamese name, group.
    pub sets: Vec<(SetNo, String, Group)>,
    /// How sets may be sold, with the days on which each rule holds.
    pub sale_rules: Vec<DatedSaleRule>,
    /// The days on which only shops that proved who they are may sell: first day, and the first day no longer.
    pub authentication_required: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// Words that mean the same, as operators keep them.
    pub words: Vec<WordRow>,
    /// Weights of the ranking, by name, with the days on which each holds: first day, and the first day no longer.
    pub weights: Vec<WeightRow>,
}

/// A row of `search_words`: who types `typed` is also answered by `means`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRow {
    pub typed: String,
    pub means: String,
    /// Whether it holds the other way round, too: chè and trà, but not honey and mật ong.
    pub mutual: bool,
}

/// A row of `search_weights`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightRow {
    pub name: String,
    pub value: i32,
    pub effective_from: NaiveDate,
    pub effective_to: Option<NaiveDate>,
}

/// A row of `sale_rules`. On a day the rule of the set holds, else the one without a set; of several in force the one
/// with the latest first day.
#[derive(Debug, Clone)]
pub struct DatedSaleRule {
    /// The set; none means all others.
    pub set_no: Option<SetNo>,
    /// What it says.
    pub rule: SaleRule,
    /// First day.
    pub effective_from: NaiveDate,
    /// First day no longer.
    pub effective_to: Option<NaiveDate>,
}

/// A published listing.
#[derive(Debug, Clone)]
pub struct Listing {
    pub id: ListingId,
    pub slug: String,
    pub seller: SellerId,
    pub set_no: SetNo,
    pub location: Location,
    /// Whether or not it is verified.
    pub certificate: Option<CertificateId>,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub summary_vi: String,
    pub summary_en: Option<String>,
    pub story_vi: String,
    pub story_en: Option<String>,
    pub label: Label,
    /// Names of the pictures, in the shop's order.
    pub pictures: Vec<String>,
    /// Name of the picture on the card.
    pub image: Option<String>,
    /// The packs sold, in the shop's order.
    pub packs: Vec<Pack>,
    /// The lowest price of what is sold.
    pub price: Option<Vnd>,
    pub in_stock: bool,
    pub rating_sum: i64,
    pub rating_count: i32,
    pub published_at: DateTime<Utc>,
    pub demo: bool,
}

/// A pack of a listing.
#[derive(Debug, Clone)]
pub struct Pack {
    pub id: VariantId,
    pub sku: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub price: Vnd,
    /// From so many on, one costs so much; by quantity.
    pub price_breaks: Vec<(i32, Price)>,
    pub per_order: Option<i32>,
    pub grams: Option<i32>,
    pub in_stock: bool,
}

/// An approved shop. Its page shows less than the row holds; nothing but that page is kept.
#[derive(Debug, Clone)]
pub struct Shop {
    pub seller: Seller,
    pub location: Location,
    /// Whether it proved who it is.
    pub authenticated: bool,
}
