//! What is counted in a month.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::clock::day_of;
use crate::kernel::{Month, Vnd};
use crate::market::certification::CertificateState;

/// The time figures are counted over.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// When deadlines are looked at: its end, or now while it runs.
    pub as_of: DateTime<Utc>,
    /// The day whose certificates and shelf are counted: the last one.
    pub last_day: NaiveDate,
}

impl Period {
    /// The month; while it runs, as far as it has passed.
    pub fn of(month: Month, now: DateTime<Utc>) -> Self {
        let end = month.end();
        let last_day = (month.next().first_day() - TimeDelta::days(1)).min(day_of(now));
        Self { start: month.start(), end, as_of: end.min(now), last_day }
    }
}

/// Everything that is counted in a province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvinceFigures {
    /// Code of the current list.
    pub province_code: String,
    /// Its name that day.
    pub province: String,
    /// Shops.
    pub sellers: Vec<SellerCount>,
    /// What is on the shelf.
    pub listings: Vec<ListingCount>,
    /// Certificates issued in the province.
    pub certificates: Vec<CertificateCount>,
    /// Cases of its queue.
    pub cases: Vec<CaseFigures>,
    /// Orders of its shops.
    pub orders: Vec<OrderFigures>,
    /// What was looked for there in vain.
    #[serde(default)]
    pub searches: Vec<SearchCount>,
}

/// Shops of one kind and status in one commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SellerCount {
    /// Code of the commune.
    #[schema(example = "03394")]
    pub commune_code: String,
    /// Its name.
    pub commune: String,
    /// Kind of seller.
    #[schema(example = "cooperative")]
    pub kind: String,
    /// Where the shops stand.
    #[schema(example = "approved")]
    pub status: String,
    /// How many.
    pub sellers: i64,
}

/// Listings on the shelf from one commune, of one product set, with the same stars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListingCount {
    /// Code of the commune of origin.
    #[schema(example = "03394")]
    pub commune_code: String,
    /// Its name.
    pub commune: String,
    /// Number of the product set, 1 to 26.
    #[schema(example = 10)]
    pub set_no: i16,
    /// Its name.
    pub product_set: String,
    /// Stars valid on the last day; null: none.
    pub stars: Option<i16>,
    /// How many.
    pub listings: i64,
}

/// Certificates in one state with the same stars given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateCount {
    /// The state on the last day.
    pub state: CertificateState,
    /// The stars given.
    pub stars: i16,
    /// How many.
    pub certificates: i64,
    /// Of these, valid and expiring within 30 days of the last day.
    pub due_in_30_days: i64,
    /// Within 60 days, those above among them.
    pub due_in_60_days: i64,
    /// Within 120 days, those above among them.
    pub due_in_120_days: i64,
    /// Within 180 days, those above among them.
    pub due_in_180_days: i64,
}

/// Cases of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFigures {
    /// What is decided.
    pub kind: String,
    /// Opened in the month.
    pub opened: i64,
    /// Of those decided in the month: from opening to verdict, in whole minutes by the clock, sorted. Kept one by one,
    /// because medians of provinces cannot be folded.
    pub handling_minutes: Vec<i64>,
    /// Of those decided in the month: after their deadline.
    pub decided_late: i64,
    /// Undecided at the end.
    pub waiting: i64,
    /// Of these, beyond their deadline.
    pub waiting_late: i64,
}

/// Words nobody found anything by in the province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchCount {
    /// The words, without accents and long numbers.
    #[schema(example = "ruou can")]
    pub words: String,
    /// How often in the month.
    pub searches: i64,
}

/// Orders of the province's shops to one province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderFigures {
    /// Code of the province the parcels go to.
    #[schema(example = "01")]
    pub destination_code: String,
    /// Its name.
    pub destination: String,
    /// Placed in the month.
    pub placed: i64,
    /// Value of their goods, without shipping, in đồng.
    #[schema(value_type = i64)]
    pub placed_vnd: Vnd,
    /// Delivered in the month, whenever placed.
    pub delivered: i64,
    /// Value of their goods, without shipping, in đồng.
    #[schema(value_type = i64)]
    pub delivered_vnd: Vnd,
    /// Cancelled in the month, whenever placed.
    pub cancelled: i64,
}

impl CertificateCount {
    /// None yet.
    pub const fn none(state: CertificateState, stars: i16) -> Self {
        Self {
            state,
            stars,
            certificates: 0,
            due_in_30_days: 0,
            due_in_60_days: 0,
            due_in_120_days: 0,
            due_in_180_days: 0,
        }
    }

    /// Adds certificates that expire so many days after the last day.
    pub const fn add(&mut self, certificates: i64, days_left: i64) {
        self.certificates += certificates;
        if !self.state.carries_stars() || days_left < 0 {
            return;
        }
        if days_left <= 30 {
            self.due_in_30_days += certificates;
        }
        if days_left <= 60 {
            self.due_in_60_days += certificates;
        }
        if days_left <= 120 {
            self.due_in_120_days += certificates;
        }
        if days_left <= 180 {
            self.due_in_180_days += certificates;
        }
    }
}
