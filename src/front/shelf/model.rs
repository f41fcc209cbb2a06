//! What is asked of the shelf and what it shows.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::text::fold;
use crate::kernel::{Invalid, Lang, ListingId, Vnd};
use crate::market::certification::{self, CertificateState, ClaimStatus, Group, SetNo, Standing};
use crate::market::media::{PictureUrls, picture_urls};
use crate::market::sellers::SellerKind;
use crate::places::Location;

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What fits the words best; without words, what carries the most stars.
    #[default]
    Relevance,
    /// Latest published first.
    Newest,
    /// Cheapest first.
    Price,
    /// Dearest first.
    PriceDesc,
    /// Best rated first.
    Rating,
}

impl Sort {
    /// As the query of the store knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Price => "price",
            Self::PriceDesc => "price_desc",
            Self::Rating => "rating",
        }
    }
}

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacetKind {
    /// By region.
    Region,
    /// By province of today.
    Province,
    /// By province of before 1 July 2025.
    LegacyProvince,
    /// By product set.
    Set,
    /// By group of sets.
    Group,
    /// By stars valid today.
    Stars,
    /// By whether anything is on the shelf.
    InStock,
}

impl FacetKind {
    /// As the query of the store and the answer know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Province => "province",
            Self::LegacyProvince => "legacy_province",
            Self::Set => "set",
            Self::Group => "group",
            Self::Stars => "stars",
            Self::InStock => "in_stock",
        }
    }
}

/// The fewest stars wanted, 1 to 5: people ask for them as they do for hotels, though none has less than 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i16")]
pub struct FewestStars(i16);

impl FewestStars {
    /// Their number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for FewestStars {
    type Error = Invalid;

    fn try_from(stars: i16) -> Result<Self, Invalid> {
        if (1..=5).contains(&stars) {
            Ok(Self(stars))
        } else {
            Err(Invalid { vi: "phải là số sao từ 1 đến 5", en: "must be a number of stars from 1 to 5" })
        }
    }
}

/// Several values of a query parameter, separated by commas: `set=11,12`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Several<T: Ord + Clone + std::str::FromStr + ToString>(BTreeSet<T>);

impl<T: Ord + Clone + std::str::FromStr + ToString> Several<T> {
    /// The values, each once, in order.
    pub fn values(&self) -> Vec<T> {
        self.0.iter().cloned().collect()
    }
}

impl<T: Ord + Clone + std::str::FromStr + ToString> TryFrom<String> for Several<T> {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        const WRONG: Invalid = Invalid {
            vi: "phải là danh sách giá trị cách nhau bằng dấu phẩy",
            en: "must be a list of known values separated by commas",
        };
        let values: Result<BTreeSet<T>, _> = text.split(',').map(|value| value.trim().parse()).collect();
        values.map(Self).map_err(|_| WRONG)
    }
}

impl<T: Ord + Clone + std::str::FromStr + ToString> From<Several<T>> for String {
    fn from(several: Several<T>) -> Self {
        several.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

impl std::str::FromStr for FacetKind {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        const KINDS: [FacetKind; 7] = [
            FacetKind::Region,
            FacetKind::Province,
            FacetKind::LegacyProvince,
            FacetKind::Set,
            FacetKind::Group,
            FacetKind::Stars,
            FacetKind::InStock,
        ];
        let unknown = Invalid { vi: "không rõ", en: "must be a known facet" };
        KINDS.into_iter().find(|kind| kind.name() == name).ok_or(unknown)
    }
}

impl std::fmt::Display for FacetKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Which listings; `None` fits all. Places are codes here, whatever the caller typed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Slug of one listing.
    pub slug: Option<String>,
    /// Slug of a region.
    pub region: Option<String>,
    /// Code of today's list.
    pub province: Option<String>,
    /// Code of the legacy list.
    pub legacy_province: Option<String>,
    /// Code of a commune.
    pub commune: Option<String>,
    /// Product sets.
    pub sets: Option<Vec<i16>>,
    /// Group of sets.
    pub group: Option<Group>,
    /// Exactly these stars.
    pub stars: Option<Vec<i16>>,
    /// At least so many stars.
    pub stars_min: Option<i16>,
    /// Slug of a shop.
    pub seller: Option<String>,
    /// In đồng.
    pub price_min: Option<i64>,
    /// In đồng.
    pub price_max: Option<i64>,
    /// Whether anything must be on the shelf.
    pub in_stock: Option<bool>,
    /// Folded words.
    pub words: Option<Vec<String>>,
    /// What was typed, for ranking exact accents higher.
    pub typed: Option<String>,
    /// The age the caller stated.
    pub age: Option<i16>,
}

impl Filter {
    /// With the words of a query; one without letters or digits finds nothing special and is no filter.
    pub fn with_words(mut self, typed: Option<&str>) -> Self {
        let words: Vec<String> = fold(typed.unwrap_or_default()).split_whitespace().map(str::to_owned).collect();
        if !words.is_empty() {
            self.words = Some(words);
            self.typed = typed.map(|typed| typed.trim().to_lowercase());
        }
        self
    }

    /// The same without what `kind` filters: a facet counts what else could be chosen.
    pub fn without(&self, kind: FacetKind) -> Self {
        let mut filter = self.clone();
        match kind {
            FacetKind::Region => filter.region = None,
            FacetKind::Province => filter.province = None,
            FacetKind::LegacyProvince => filter.legacy_province = None,
            FacetKind::Set => filter.sets = None,
            FacetKind::Group => filter.group = None,
            FacetKind::Stars => (filter.stars, filter.stars_min) = (None, None),
            FacetKind::InStock => filter.in_stock = None,
        }
        filter
    }
}

/// A row of the shelf.
pub struct CardRow {
    pub id: ListingId,
    pub slug: String,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub summary_vi: String,
    pub summary_en: Option<String>,
    pub commune_code: String,
    pub legacy_province_code: String,
    pub set_no: SetNo,
    pub group: Group,
    pub orderable: bool,
    pub minimum_age: Option<i16>,
    pub stars: Option<i16>,
    pub certificate_status: Option<ClaimStatus>,
    pub expires_on: Option<NaiveDate>,
    pub filed_on: Option<NaiveDate>,
    pub revoked_on: Option<NaiveDate>,
    pub superseded_by: Option<Uuid>,
    pub seller_slug: String,
    pub seller_name: String,
    pub seller_kind: SellerKind,
    pub price_vnd: Option<Vnd>,
    pub rating_sum: i64,
    pub rating_count: i32,
    pub in_stock: bool,
    pub image: Option<String>,
    pub demo: bool,
    pub published_at: DateTime<Utc>,
    /// Where it stands in the order asked for.
    pub key: i64,
}

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
    /// Stars of a certificate valid today; null without one.
    #[schema(example = 4)]
    pub stars: Option<i16>,
    /// What the listing's certificate is worth today; null if it names none that was verified.
    pub certificate_state: Option<CertificateState>,
    /// Where it comes from.
    #[serde(flatten)]
    pub location: Location,
    /// The product set.
    pub set: SetNo,
    /// The group of sets.
    pub group: Group,
    /// Who sells it.
    pub seller: SellerRef,
    /// The lowest price of what is sold.
    pub price_vnd: Option<Vnd>,
    /// What buyers think.
    pub rating: Rating,
    /// Whether anything is on the shelf.
    pub in_stock: bool,
    /// The first picture.
    pub image: Option<PictureUrls>,
    /// Where it can be sent.
    pub ships_to: ShipsTo,
    /// Whether it can be ordered here; otherwise the buyer asks the shop, or the shop has yet to prove who it is.
    pub orderable: bool,
    /// The age a buyer must have stated.
    pub minimum_age: Option<i16>,
    /// When it was first published.
    pub published_at: DateTime<Utc>,
    /// Made for the demonstration.
    pub demo: bool,
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
        // Tenths, rounded half up, in whole numbers: a float only at the very end.
        let tenths = (count > 0).then(|| (sum * 20 + i64::from(count)) / (2 * i64::from(count)));
        let average = tenths.and_then(|tenths| i32::try_from(tenths).ok()).map(|tenths| f64::from(tenths) / 10.0);
        Self { average, count }
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

impl CardRow {
    /// The card in the caller's language, as of the day.
    pub fn into_card(self, location: Location, lang: Lang, today: NaiveDate) -> Card {
        let certificate_state = self.standing().map(|standing| certification::state(&standing, today));
        let english = lang == Lang::En;
        let title = self.title_en.filter(|_| english).unwrap_or(self.title_vi);
        let summary = self.summary_en.filter(|_| english).unwrap_or(self.summary_vi);
        Card {
            id: self.id,
            slug: self.slug,
            title,
            summary,
            stars: self.stars,
            certificate_state,
            location,
            set: self.set_no,
            group: self.group,
            seller: SellerRef { slug: self.seller_slug, name: self.seller_name, kind: self.seller_kind },
            price_vnd: self.price_vnd,
            rating: Rating::new(self.rating_sum, self.rating_count),
            in_stock: self.in_stock,
            image: self.image.as_deref().map(picture_urls),
            ships_to: if self.group.is_parcel() { ShipsTo::Nationwide } else { ShipsTo::OnSite },
            orderable: self.orderable,
            minimum_age: self.minimum_age,
            published_at: self.published_at,
            demo: self.demo,
        }
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing {
            status: self.certificate_status?,
            expires_on: self.expires_on?,
            filed_on: self.filed_on,
            revoked_on: self.revoked_on,
            superseded: self.superseded_by.is_some(),
        })
    }
}
