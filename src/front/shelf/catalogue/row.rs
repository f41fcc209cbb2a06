//! A listing in numbers: all that filters, orders and facets look at.

use uuid::Uuid;

use super::grid::Cell;
use crate::front::shelf::model::Sort;
use crate::front::shelf::views::Rating;
use crate::front::shelf::words::{Known, Merit};
use crate::kernel::clock::VIET_NAM;
use crate::market::certification::CertificateState;

/// What stands for "none" where a row has the number of something.
pub const NOTHING: u32 = u32::MAX;

/// The price of a listing that has none.
const NO_PRICE: i64 = -1;

/// Behind every price: ten times the highest anybody may ask.
pub const BEHIND_PRICES: i64 = 1_000_000_000_000;

/// What orders look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    pub id: Uuid,
    /// In đồng, or [`NO_PRICE`].
    price: i64,
    /// Microseconds since 1970.
    published: i64,
    /// Average of the stars buyers gave, in thousandths rounded down; 0 without reviews.
    rating: u16,
    /// Stars of a certificate valid today, or 0.
    pub stars: u8,
    pub in_stock: bool,
}

/// A listing as the columns hold it. The lower part, and its stars, follow from the day and from what others share with
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub ranks: Ranks,
    pub shop: u32,
    pub place: u32,
    pub commune: u32,
    /// Or [`NOTHING`].
    pub certificate: u32,
    pub rating_count: u32,
    /// Average of the stars buyers gave, in tenths rounded half up.
    pub rating_tenths: u8,
    /// Number of the product set.
    pub set: u8,
    /// Tells whether the words anybody searches by are still the same.
    pub words: u64,

    /// Whether the public sees it.
    pub visible: bool,
    /// What the certificate is worth today, if it names one that was verified.
    pub state: Option<CertificateState>,
    pub orderable: bool,
    pub minimum_age: Option<i16>,
    /// Where it is in the grid, or would be if it were visible.
    pub cell: Cell,
}

/// What a new row is made of.
pub struct Facts {
    pub id: Uuid,
    pub price: Option<i64>,
    /// Microseconds since 1970.
    pub published: i64,
    pub rating_sum: i64,
    pub rating_count: i32,
    pub set: u8,
    pub in_stock: bool,
    pub shop: u32,
    pub place: u32,
    pub commune: u32,
    pub certificate: u32,
    pub words: u64,
}

impl Row {
    /// The row before anybody looked at the day: not visible.
    pub fn new(facts: &Facts) -> Self {
        let count = i64::from(facts.rating_count.max(0));
        let thousandths = (facts.rating_sum * 1000).checked_div(count).unwrap_or(0);
        let tenths = Rating::tenths(facts.rating_sum, facts.rating_count).unwrap_or(0);
        Self {
            ranks: Ranks {
                id: facts.id,
                price: facts.price.unwrap_or(NO_PRICE),
                published: facts.published,
                rating: u16::try_from(thousandths).unwrap_or_default(),
                stars: 0,
                in_stock: facts.in_stock,
            },
            shop: facts.shop,
            place: facts.place,
            commune: facts.commune,
            certificate: facts.certificate,
            rating_count: u32::try_from(count).unwrap_or_default(),
            rating_tenths: u8::try_from(tenths).unwrap_or_default(),
            set: facts.set,
            words: facts.words,
            visible: false,
            state: None,
            orderable: false,
            minimum_age: None,
            cell: Cell::NOWHERE,
        }
    }

    /// What ranks it among the listings that have the words.
    pub fn known(&self) -> Known {
        let merit = Merit {
            stars: self.ranks.stars,
            rating_tenths: self.rating_tenths,
            rating_count: self.rating_count,
            in_stock: self.ranks.in_stock,
            published_day: self.ranks.published_day(),
        };
        Known { merit, shop: self.shop }
    }
}

impl Ranks {
    /// The lowest price of what is sold, in đồng.
    pub fn price(&self) -> Option<i64> {
        (self.price != NO_PRICE).then_some(self.price)
    }

    /// The day of publication in Viet Nam, in days since 1970.
    pub fn published_day(&self) -> i32 {
        const SECOND: i64 = 1_000_000;
        let there = self.published + i64::from(VIET_NAM.local_minus_utc()) * SECOND;
        i32::try_from(there.div_euclid(86_400 * SECOND)).unwrap_or_default()
    }

    /// Where it stands in the order, best highest.
    pub fn key(&self, sort: Sort) -> i64 {
        match sort {
            Sort::Relevance => {
                i64::from(self.stars) * 10 + if self.in_stock { 5 } else { 0 } + i64::from(self.rating / 1000)
            }
            Sort::Newest => self.published,
            Sort::Price => -self.price().unwrap_or(BEHIND_PRICES),
            Sort::PriceDesc => self.price,
            Sort::Rating => i64::from(self.rating),
        }
    }
}
