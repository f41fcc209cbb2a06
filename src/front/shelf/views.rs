//! What the shelf answers, as documented. Answers are put together out of ready pieces (see
//! [`catalogue`](super::catalogue)); a test holds those against what these types serialise to.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{ListingId, VariantId, Vnd};
use crate::market::catalogue::offers::PriceBreak;
use crate::market::catalogue::{Label, SaleRule};
use crate::market::certification::{CertificateState, CertificateView, Group, SetNo};
use crate::market::media::PictureUrls;
use crate::market::sellers::SellerKind;
use crate::places::{Location, ProvinceKind};

/// A listing in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Card {
    /// The listing.
    pub id: ListingId,
    /// Its name in addresses.
    #[schema(example = "che-shan-tuyet-ta-leng-hop-200-g")]
    pub slug: String,
    /// The name, in the caller's language where the shop wrote it.
    pub title: String,
    /// In short.
    pub summary: String,
    /// The product set.
    pub set: SetNo,
    /// The group of sets.
    pub group: Group,
    /// The lowest price of what is sold, VAT included as in every price here.
    pub price_vnd: Option<Vnd>,
    /// What buyers think.
    pub rating: Rating,
    /// Whether anything is on the shelf.
    pub in_stock: bool,
    /// The first picture.
    pub image: Option<PictureUrls>,
    /// Where it can be sent.
    pub ships_to: ShipsTo,
    /// When it was first published.
    pub published_at: DateTime<Utc>,
    /// Made for the demonstration.
    pub demo: bool,
    /// Who sells it.
    pub seller: SellerRef,
    /// Where it comes from.
    #[serde(flatten)]
    pub location: Location,
    /// Stars of a certificate valid today; null without one.
    #[schema(example = 4)]
    pub stars: Option<i16>,
    /// What the listing's certificate is worth today; null if it names none that was verified.
    pub certificate_state: Option<CertificateState>,
    /// Whether it can be ordered here; otherwise the buyer asks the shop, or the shop has yet to prove who it is.
    pub orderable: bool,
    /// The age a buyer must have stated.
    pub minimum_age: Option<i16>,
}

/// A page of listings.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingsPage {
    /// The listings.
    pub items: Vec<ListedAs>,
    /// Where to go on, and what was counted.
    #[serde(flatten)]
    pub tail: ListingsTail<'static>,
}

/// A listing in a list, in the view asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ListedAs {
    /// `view=card`.
    Card(Box<Card>),
    /// `view=full`.
    Full(Box<ListingPage>),
}

/// What a page of listings says beside the listings.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ListingsTail<'a> {
    /// What to pass as `after` for the next page; null on the last.
    pub next: Option<String>,
    /// The counts asked for, by facet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<BTreeMap<&'static str, Vec<FacetCount<'a>>>>,
    /// Whether the words of the query had to be corrected to find these; said only where there were words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<bool>,
    /// The words of the query in a spelling that finds more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "mật ong")]
    pub did_you_mean: Option<String>,
}

/// How many listings a choice would leave.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetCount<'a> {
    /// What to pass as the filter's value.
    #[schema(example = "12")]
    pub value: &'a str,
    /// Listings.
    pub count: i64,
}

/// What somebody may be about to type.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// The likeliest first.
    pub items: Vec<SuggestedAs>,
}

/// A way to go on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SuggestedAs {
    /// To search for.
    Words {
        /// What to pass as `q` to the list of listings.
        #[schema(example = "mật ong bạc hà")]
        words: String,
    },
    /// To look at.
    Listing {
        /// Its name in addresses.
        #[schema(example = "che-shan-tuyet-ta-leng-hop-200-g")]
        slug: String,
        /// The name, in the caller's language where the shop wrote it.
        title: String,
    },
}

/// A shop, in as many words as a card needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerRef {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-ta-leng")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SellerKind,
}

/// Average and number of the reviews of delivered orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rating {
    /// 1 to 5, to one decimal; null without reviews.
    #[schema(example = 4.7)]
    pub average: Option<f64>,
    /// How many.
    pub count: i32,
}

impl Rating {
    /// Out of the sums kept with the listing.
    pub fn new(sum: i64, count: i32) -> Self {
        // A float only at the very end.
        let tenths = Self::tenths(sum, count).and_then(|tenths| i32::try_from(tenths).ok());
        Self { average: tenths.map(|tenths| f64::from(tenths) / 10.0), count }
    }

    /// The average in tenths, rounded half up; none without reviews.
    pub fn tenths(sum: i64, count: i32) -> Option<i64> {
        let count = i64::from(count);
        (count > 0).then(|| (sum * 20 + count) / (2 * count))
    }
}

/// Where a listing's goods can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShipsTo {
    /// Every commune of Viet Nam.
    Nationwide,
    /// Nowhere: a service where it is.
    OnSite,
}

impl ShipsTo {
    /// Where goods of the group can be sent.
    pub const fn of(group: Group) -> Self {
        if group.is_parcel() { Self::Nationwide } else { Self::OnSite }
    }
}

/// The page of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingPage {
    /// What its card says.
    #[serde(flatten)]
    pub card: Card,
    /// The story of the product, in the caller's language where the shop wrote it.
    pub story: String,
    /// The packs.
    pub variants: Vec<Pack>,
    /// What the label says.
    pub label: Label,
    /// All pictures, in the shop's order.
    pub pictures: Vec<PictureUrls>,
    /// Who vouches for the stars, since when and until when; null if the listing names none that was verified.
    pub certificate: Option<CertificateView>,
    /// How goods of this set may be sold.
    pub sale_rule: SaleRule,
}

/// A pack on the page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pack {
    /// What to put into the cart.
    pub id: VariantId,
    /// The shop's own code.
    pub sku: String,
    /// What distinguishes it.
    pub name: String,
    /// Its price, VAT included.
    pub price_vnd: Vnd,
    /// What one costs from so many on.
    pub price_breaks: Vec<PriceBreak>,
    /// How many of it one order may have.
    pub per_order: Option<i32>,
    /// Weight when packed; a service has none.
    pub grams: Option<i32>,
    /// Whether any is on the shelf.
    pub in_stock: bool,
}

/// A shop in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerCard {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who sells.
    pub kind: SellerKind,
    /// Where it is.
    #[serde(flatten)]
    pub location: Location,
    /// Made for the demonstration.
    pub demo: bool,
    /// Whether it sells today; in a pause, or without the e-authentication the law wants, it does not.
    pub open: bool,
}

/// A shop's page (Decree 248/2026/NĐ-CP, art. 18.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerPage {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who sells.
    pub kind: SellerKind,
    /// Seat, or place of residence.
    #[serde(flatten)]
    pub location: Location,
    /// Made for the demonstration.
    pub demo: bool,
    /// The name in the register; for a household the person's full name.
    pub legal_name: Option<String>,
    /// Who represents the organisation; null for a household.
    pub representative: Option<String>,
    /// The organisation's tax and business code; null for a household.
    pub tax_code: Option<String>,
    /// The organisation's street address; null for a household.
    pub street: Option<String>,
    /// For questions, if the shop publishes it.
    pub phone: Option<String>,
    /// For questions, if the shop publishes it.
    pub email: Option<String>,
    /// About the shop, in Vietnamese.
    pub about_vi: Option<String>,
    /// About the shop, in English.
    pub about_en: Option<String>,
    /// First day of a pause.
    pub closed_from: Option<NaiveDate>,
    /// Last day of it; null until further notice.
    pub closed_to: Option<NaiveDate>,
    /// Whether it sells today.
    pub open: bool,
}

/// A province and what it has on the shelf.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceView {
    /// Two-digit code of the current list.
    #[schema(example = "12")]
    pub code: String,
    /// Names it in addresses and filters.
    #[schema(example = "lai-chau")]
    pub slug: String,
    /// Name without "Tỉnh" or "Thành phố".
    #[schema(example = "Lai Châu")]
    pub name: String,
    /// Name with it.
    #[schema(example = "Tỉnh Lai Châu")]
    pub full_name: String,
    /// Name in English.
    pub name_en: String,
    /// Slug of its region.
    pub region: String,
    /// What it is.
    pub kind: ProvinceKind,
    /// Names of the provinces it was formed from, where they were others.
    pub legacy_names: Vec<String>,
    /// Listings on the shelf.
    pub listings: Shelved,
}

/// Listings on the shelf that need no age stated.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Shelved {
    /// All of them.
    pub total: i64,
    /// Those with stars valid today, by stars.
    #[schema(example = json!({ "3": 120, "4": 31, "5": 2 }))]
    pub by_stars: BTreeMap<i16, i64>,
}
