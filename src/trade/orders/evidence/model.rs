//! Sales of a shop over a period, as figures.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::clock::start_of_day;
use crate::kernel::{ListingId, SalesCertificateId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// The longest period of a certificate: as long as an OCOP certificate is valid.
const LONGEST: Months = Months::new(36);

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SalesPeriod, example = json!({ "from": "2026-01-01", "to": "2026-06-30" }))]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; at the latest today.
    pub to: NaiveDate,
}

impl Period {
    /// Refuses a period that ends in the future or before it begins, or is longer than 36 months.
    pub fn check(self, today: NaiveDate) -> Result<()> {
        let refused = |at: &str, why: &str| Err(Error::from(&INVALID).at(at, why));
        if self.to > today {
            return refused("to", "không được ở tương lai / must not lie in the future");
        }
        if self.from > self.to {
            return refused("from", "không được sau ngày cuối kỳ / must not lie after the last day");
        }
        if self.from.checked_add_months(LONGEST).is_some_and(|end| end <= self.to) {
            return refused(
                "from",
                "không được trước ngày cuối kỳ quá 36 tháng / must lie at most 36 months before the last day",
            );
        }
        Ok(())
    }

    /// The instants it lies between: the first is in it, the second is not.
    pub fn instants(self) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
        let end = self.to.succ_opt().ok_or_else(|| Error::fault("a period at the end of time"))?;
        Ok((start_of_day(self.from), start_of_day(end)))
    }
}

/// The shop a certificate speaks of, by the names of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SalesSeller)]
pub struct SellerNamed {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its province.
    #[schema(example = "Tỉnh Lai Châu")]
    pub province: String,
}

/// What a certificate says. The digest is made over exactly this text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SalesStatement)]
pub struct Statement {
    /// The certificate.
    pub id: SalesCertificateId,
    /// Whose sales.
    pub seller: SellerNamed,
    /// Over which days; an order counts on the day it was delivered.
    pub period: Period,
    /// The instant the figures were taken.
    pub issued_at: DateTime<Utc>,
    /// Made for the demonstration: such sales never took place.
    pub demo: bool,
    /// The sales.
    pub figures: Figures,
}

/// Sales of delivered orders; cancelled ones and those under way count nowhere, shipping is not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SalesFigures)]
pub struct Figures {
    /// All of them.
    pub delivered: Totals,
    /// Where they went.
    pub destinations: Destinations,
    /// By month and product.
    pub products: Vec<ProductSales>,
}

/// Orders and what was in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SalesTotals)]
pub struct Totals {
    /// Orders.
    pub orders: i64,
    /// Packs.
    pub quantity: i64,
    /// Value of the goods.
    pub goods_vnd: Vnd,
}

/// Where orders went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SalesDestinations)]
pub struct Destinations {
    /// How many provinces.
    pub provinces: i64,
    /// Orders to other provinces than the shop's.
    pub orders_outside: i64,
    /// Value of the goods in them.
    pub goods_outside_vnd: Vnd,
    /// Their share of all orders, in basis points (10000 = all), rounded down; null without orders.
    #[schema(example = 7350)]
    pub outside_bp: Option<i64>,
}

impl Destinations {
    /// With the share of `orders`.
    pub fn new(provinces: i64, orders_outside: i64, goods_outside_vnd: Vnd, orders: i64) -> Self {
        let outside_bp = (orders_outside * 10_000).checked_div(orders);
        Self { provinces, orders_outside, goods_outside_vnd, outside_bp }
    }
}

/// Sales of a product in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductSales {
    /// The month, in Viet Nam.
    #[schema(example = "2026-06")]
    pub month: String,
    /// The listing.
    pub listing_id: ListingId,
    /// The product, by the title it was last bought under in the month.
    pub title: String,
    /// Orders it was in.
    pub orders: i64,
    /// Packs.
    pub quantity: i64,
    /// Value of the goods.
    pub goods_vnd: Vnd,
}

/// A certificate as anybody who has its id may check it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesCertificate {
    /// What it says.
    pub statement: Statement,
    /// HMAC-SHA-256 of the statement with the marketplace's key, in hex: the same as on the paper.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub digest: String,
    /// Whether the statement is still word for word what was issued.
    pub intact: bool,
}

/// A certificate in the shop's list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssuedSalesCertificate)]
pub struct Issued {
    /// The certificate.
    pub id: SalesCertificateId,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}
