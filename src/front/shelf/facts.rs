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
    /// Who types this …
    pub typed: String,
    /// … is also answered by this; `#` and a number is a product set, `@` and words are they with all that they mean, nothing
    /// is for a word by which goods do not differ.
    pub means: String,
    /// Whether it holds the other way round, too: chè and trà, but not honey and mật ong.
    pub mutual: bool,
}

/// A row of `search_weights`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightRow {
    /// Which weight.
    pub name: String,
    /// How much it counts.
    pub value: i32,
    /// First day.
    pub effective_from: NaiveDate,
    /// First day no longer.
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
    /// The listing.
    pub id: ListingId,
    /// Its name in addresses.
    pub slug: String,
    /// Whose.
    pub seller: SellerId,
    /// Its product set.
    pub set_no: SetNo,
    /// Where it comes from.
    pub location: Location,
    /// Whether or not it is verified.
    pub certificate: Option<CertificateId>,
    /// The name.
    pub title_vi: String,
    /// The name in English.
    pub title_en: Option<String>,
    /// In short.
    pub summary_vi: String,
    /// In short, in English.
    pub summary_en: Option<String>,
    /// The story of the product.
    pub story_vi: String,
    /// The story in English.
    pub story_en: Option<String>,
    /// What the label says.
    pub label: Label,
    /// Names of the pictures, in the shop's order.
    pub pictures: Vec<String>,
    /// Name of the picture on the card.
    pub image: Option<String>,
    /// The packs sold, in the shop's order.
    pub packs: Vec<Pack>,
    /// The lowest price of what is sold.
    pub price: Option<Vnd>,
    /// Whether any pack is on the shelf.
    pub in_stock: bool,
    /// Stars of all reviews together.
    pub rating_sum: i64,
    /// How many reviews.
    pub rating_count: i32,
    /// When it was first published.
    pub published_at: DateTime<Utc>,
    /// Made for the demonstration.
    pub demo: bool,
}

/// A pack of a listing.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What is put into the cart.
    pub id: VariantId,
    /// The shop's own code.
    pub sku: String,
    /// What distinguishes it.
    pub name_vi: String,
    /// The same in English.
    pub name_en: Option<String>,
    /// What one costs.
    pub price: Vnd,
    /// From so many on, one costs so much; by quantity.
    pub price_breaks: Vec<(i32, Price)>,
    /// How many one order may have.
    pub per_order: Option<i32>,
    /// Weight when packed; a service has none.
    pub grams: Option<i32>,
    /// Whether any is on the shelf.
    pub in_stock: bool,
}

/// An approved shop. Its page shows less than the row holds; nothing but that page is kept.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Its row.
    pub seller: Seller,
    /// Where it is.
    pub location: Location,
    /// Whether it proved who it is.
    pub authenticated: bool,
}
