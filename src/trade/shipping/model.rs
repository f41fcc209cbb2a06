//! Flat rates by how far a parcel goes and what it weighs.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Line, Vnd};
use crate::platform::error::{Error, Problem, Result};

/// No rate bears the parcel of one shop. The facts say what it weighs and what the most is.
pub const TOO_HEAVY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "parcel-too-heavy",
    vi: "Kiện hàng quá nặng, xin chia thành nhiều đơn",
    en: "The parcel is too heavy; please split the order",
};

/// Another parcel of the shop goes by this code: most likely a slip of the pen.
pub const TRACKING_CODE_USED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "tracking-code-used",
    vi: "Mã vận đơn này đã dùng cho kiện hàng khác",
    en: "This tracking code belongs to another parcel",
};

/// Where a parcel leaves or arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Code of the province.
    pub province: String,
    /// Slug of its region.
    pub region: String,
}

/// How far a parcel goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reach {
    /// Within one province.
    SameProvince,
    /// To another province of the region.
    SameRegion,
    /// To another region.
    OtherRegion,
}

impl Reach {
    /// How far it is from `from` to `to`.
    pub fn between(from: &Place, to: &Place) -> Self {
        if from.province == to.province {
            Self::SameProvince
        } else if from.region == to.region {
            Self::SameRegion
        } else {
            Self::OtherRegion
        }
    }
}

/// One row of the tariff.
#[derive(Debug, Clone)]
pub struct Rate {
    /// How far.
    pub reach: Reach,
    /// The heaviest parcel it bears, in grams.
    pub up_to_grams: i32,
    /// What it costs.
    pub price: Vnd,
    /// Days it takes at least.
    pub days_min: i16,
    /// Days it takes at most.
    pub days_max: i16,
}

/// The rates in force on a day.
#[derive(Debug, Clone)]
pub struct Tariff(Vec<Rate>);

/// What one parcel costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What it costs.
    pub price: Vnd,
    /// Days it takes at least.
    pub days_min: i16,
    /// Days it takes at most.
    pub days_max: i16,
}

impl Tariff {
    /// From its rows, in any order.
    pub fn new(rates: Vec<Rate>) -> Self {
        Self(rates)
    }

    /// What a parcel of `grams` costs: the rate that bears it with the least to spare. Refuses with [`TOO_HEAVY`].
    pub fn quote(&self, from: &Place, to: &Place, grams: i32) -> Result<Quote> {
        let reach = Reach::between(from, to);
        let rates = || self.0.iter().filter(|rate| rate.reach == reach);
        let Some(rate) = rates().filter(|rate| grams <= rate.up_to_grams).min_by_key(|rate| rate.up_to_grams) else {
            let most = rates().map(|rate| rate.up_to_grams).max().unwrap_or(0);
            return Err(Error::from(&TOO_HEAVY).fact("grams", grams).fact("most_grams", most));
        };
        Ok(Quote { price: rate.price, days_min: rate.days_min, days_max: rate.days_max })
    }
}

/// A parcel to be handed to a carrier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "VNPost", "tracking_code": "EA123456789VN" }))]
pub struct NewParcel {
    /// Who carries it.
    #[schema(value_type = String, min_length = 2, max_length = 60)]
    pub carrier: Line<2, 60>,
    /// The carrier's number of the parcel.
    #[schema(value_type = String, min_length = 4, max_length = 40)]
    pub tracking_code: Line<4, 40>,
}

/// A parcel on its way or delivered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Parcel {
    /// Who carries it.
    #[schema(example = "VNPost")]
    pub carrier: String,
    /// The carrier's number of the parcel.
    #[schema(example = "EA123456789VN")]
    pub tracking_code: String,
    /// When it was handed over.
    pub shipped_at: DateTime<Utc>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
}

impl Parcel {
    /// Whether it is this one.
    pub fn is(&self, other: &NewParcel) -> bool {
        self.carrier.to_lowercase() == other.carrier.as_str().to_lowercase()
            && self.tracking_code == other.tracking_code.as_str()
    }
}
