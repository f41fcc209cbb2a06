//! Parcels: where they are, where they may go from there, and what follows for their order.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::adapters::ghn;
use crate::kernel::{Line, OrderId, OrderLineId, ParcelId, SellerId, Vnd};
use crate::platform::error::{Error, Problem, Result};
use crate::trade::ledger::Carrier;
use crate::trade::shipping::model::CarrierRule;

/// Another parcel of the shop goes by this code: most likely a slip of the pen.
pub const TRACKING_CODE_USED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "tracking-code-used",
    vi: "Mã vận đơn này đã dùng cho kiện hàng khác",
    en: "This tracking code belongs to another parcel",
};

/// The parcel is further by now, or its carrier reports where it is. The fact `parcel_status` says where.
pub const PARCEL_MOVED_ON: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "parcel-moved-on",
    vi: "Trạng thái kiện hàng không còn cho phép việc này",
    en: "The parcel is no longer in a state that allows this",
};

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ParcelStatus {
    /// The carrier is being asked to take it.
    Booking,
    /// The carrier will fetch it.
    Booked,
    /// The carrier has it.
    InTransit,
    /// The buyer has it.
    Delivered,
    /// The buyer did not take it, and it is on its way back.
    Returning,
    /// The shop has it back.
    Returned,
    /// The carrier lost it.
    Lost,
    /// The carrier broke it.
    Damaged,
    /// It never left: the shop took it back, or the carrier did not take it.
    Cancelled,
}

impl ParcelStatus {
    /// As in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Booked => "booked",
            Self::InTransit => "in_transit",
            Self::Delivered => "delivered",
            Self::Returning => "returning",
            Self::Returned => "returned",
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::Cancelled => "cancelled",
        }
    }

    /// How far it is on its way; every end is equally far.
    const fn progress(self) -> u8 {
        match self {
            Self::Booking => 0,
            Self::Booked => 1,
            Self::InTransit => 2,
            Self::Returning => 3,
            Self::Delivered | Self::Returned | Self::Lost | Self::Damaged | Self::Cancelled => 4,
        }
    }

    /// Whether news that it is at `to` moves it there. News comes late, twice and in any order: a parcel only goes
    /// forward, and what has left is not cancelled.
    pub const fn moves_to(self, to: Self) -> bool {
        let is_too_late = matches!(to, Self::Cancelled) && self.progress() > Self::Booked.progress();
        self.progress() < to.progress() && !is_too_late
    }

    /// Whether its goods are not with the buyer, nor on their way there: another parcel may bring them.
    pub const fn has_failed(self) -> bool {
        matches!(self, Self::Returned | Self::Lost | Self::Damaged | Self::Cancelled)
    }

    /// Whether a carrier has or had it.
    pub const fn has_left(self) -> bool {
        !matches!(self, Self::Booking | Self::Booked | Self::Cancelled)
    }

    /// What GHN means. A failed attempt to deliver is none of these: GHN tries again, and says so when it gives up.
    pub fn of_ghn(status: &str) -> Option<Self> {
        Some(match status {
            "ready_to_pick" | "picking" => Self::Booked,
            "picked" | "storing" | "transporting" | "sorting" | "delivering" | "money_collect_delivering" => {
                Self::InTransit
            }
            "delivered" => Self::Delivered,
            "waiting_to_return" | "return" | "return_transporting" | "return_sorting" | "returning" | "return_fail" => {
                Self::Returning
            }
            "returned" => Self::Returned,
            "cancel" => Self::Cancelled,
            "lost" => Self::Lost,
            "damage" => Self::Damaged,
            _ => return None,
        })
    }
}

/// Who carries a parcel, as far as we talk to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ParcelService)]
pub enum Service {
    /// Somebody the shop knows: its members say where the parcel is.
    Manual,
    /// GHN, which says so itself.
    Ghn,
}

/// What the buyer may do before they pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ParcelInspection)]
pub enum Inspection {
    /// Nothing.
    None,
    /// Look.
    #[default]
    Look,
    /// Look and try.
    Try,
}

impl From<Inspection> for ghn::Inspection {
    fn from(inspection: Inspection) -> Self {
        match inspection {
            Inspection::None => Self::None,
            Inspection::Look => Self::Look,
            Inspection::Try => Self::Try,
        }
    }
}

/// A carrier of the shop's own choice, and its number of the parcel.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandedOverParcel, example = json!({ "carrier": "VNPost", "tracking_code": "EA123456789VN" }))]
pub struct HandedOver {
    /// Who carries it.
    #[schema(value_type = String, min_length = 2, max_length = 60)]
    pub carrier: Line<2, 60>,
    /// The carrier's number of the parcel.
    #[schema(value_type = String, min_length = 4, max_length = 40)]
    pub tracking_code: Line<4, 40>,
}

/// A parcel's weight and box, as the shop measured them, for a carrier that must know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeasuredParcel, example = json!({
    "grams": 1200, "length_mm": 300, "width_mm": 200, "height_mm": 120, "inspection": "look"
}))]
pub struct Measured {
    /// What it weighs.
    #[schema(minimum = 1)]
    pub grams: i32,
    /// Its longest side.
    #[schema(minimum = 1)]
    pub length_mm: i32,
    /// Its other side.
    #[schema(minimum = 1)]
    pub width_mm: i32,
    /// How high it is.
    #[schema(minimum = 1)]
    pub height_mm: i32,
    /// What the buyer may do before they pay.
    #[serde(default)]
    pub inspection: Inspection,
}

impl Measured {
    /// Length, width and height.
    pub const fn millimetres(&self) -> [i32; 3] {
        [self.length_mm, self.width_mm, self.height_mm]
    }

    /// What it is charged for with a carrier of that rule, in grams: what it weighs, or what its volume counts for.
    pub fn chargeable_grams(&self, rule: &CarrierRule) -> i64 {
        i64::from(self.grams).max(rule.grams_by_volume(self.millimetres()))
    }
}

/// How a parcel goes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ParcelCarriage)]
pub enum Carriage {
    /// A carrier of the shop's own choice has it already.
    HandedOver(HandedOver),
    /// GHN is to fetch it.
    Ghn(Measured),
}

/// So many of a line of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PackedLine)]
pub struct Packed {
    /// The line.
    pub line_id: OrderLineId,
    /// How many.
    #[schema(minimum = 1)]
    pub quantity: i32,
}

/// A parcel to be written down.
#[derive(Debug, Clone)]
pub struct NewParcel {
    /// The parcel.
    pub id: ParcelId,
    /// Of which order.
    pub order: OrderId,
    /// Of which shop.
    pub seller: SellerId,
    /// How it goes.
    pub carriage: Carriage,
    /// What is in it.
    pub lines: Vec<Packed>,
    /// What the carrier is to collect.
    pub cod: Vnd,
}

/// Where a parcel has been.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParcelEvent {
    /// The carrier's word for it, or ours where people record it.
    #[schema(example = "delivering")]
    pub said: String,
    /// Where that brought the parcel; null where it came too late to change anything, or changes nothing.
    pub status: Option<ParcelStatus>,
    /// The carrier's words, such as why a delivery failed.
    pub note: Option<String>,
    /// When, by the carrier's clock.
    pub at: DateTime<Utc>,
}

/// A parcel as the buyer and the shop see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Parcel {
    /// The parcel.
    pub id: ParcelId,
    /// Whether we talk to its carrier.
    pub service: Service,
    /// Who carries it.
    #[schema(example = "VNPost")]
    pub carrier: String,
    /// The carrier's number of the parcel; null until it has one.
    #[schema(example = "EA123456789VN")]
    pub tracking_code: Option<String>,
    /// Where it is.
    pub status: ParcelStatus,
    /// What the carrier collects with it.
    pub cod_vnd: Vnd,
    /// Why the carrier did not take it, in its own words.
    pub refusal: Option<String>,
    /// When the carrier means to deliver it.
    pub expected_at: Option<DateTime<Utc>>,
    /// When it was handed over.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When the shop asked it back before the carrier had fetched it.
    pub recalled_at: Option<DateTime<Utc>>,
    /// Lost or broken: since when the shop has a claim against the carrier.
    pub claim_since: Option<DateTime<Utc>>,
    /// When the carrier gave the cash to the shop.
    pub remitted_at: Option<DateTime<Utc>>,
    /// What is in it.
    pub lines: Vec<Packed>,
    /// Where it has been, as far as we know.
    pub events: Vec<ParcelEvent>,
}

impl Parcel {
    /// Whether it is this one.
    pub fn is(&self, other: &HandedOver) -> bool {
        Carrier::named(&self.carrier) == Carrier::named(&other.carrier)
            && self.tracking_code.as_deref() == Some(other.tracking_code.as_str())
    }

    /// Refuses with [`PARCEL_MOVED_ON`] unless `allowed` holds of it.
    pub fn require(&self, allowed: bool) -> Result<()> {
        if allowed { Ok(()) } else { Err(moved_on(self.status)) }
    }
}

/// The parcel is somewhere else by now.
pub fn moved_on(status: ParcelStatus) -> Error {
    Error::from(&PARCEL_MOVED_ON).fact("parcel_status", status.name())
}

/// What its parcels mean for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing has left.
    Waiting,
    /// Something is on its way.
    Shipped,
    /// All its goods arrived.
    Delivered,
    /// Nothing arrived or will, and something comes back.
    Returning,
    /// Nothing arrived, and the shop has back what there is.
    Returned,
}

/// What its parcels mean for an order; `complete` says whether every unit was delivered.
///
/// Where a part arrived and the rest was lost or came back, the order stays shipped until people decide: the shop sends
/// the rest again, or shop or buyer say that this is all. So it does where everything was lost or broken.
pub fn fate(parcels: &[ParcelStatus], complete: bool) -> Fate {
    let any = |wanted: &[ParcelStatus]| parcels.iter().any(|status| wanted.contains(status));
    if !parcels.iter().any(|status| status.has_left()) {
        Fate::Waiting
    } else if any(&[ParcelStatus::Booking, ParcelStatus::Booked, ParcelStatus::InTransit]) {
        Fate::Shipped
    } else if any(&[ParcelStatus::Delivered]) {
        if complete { Fate::Delivered } else { Fate::Shipped }
    } else if any(&[ParcelStatus::Returning]) {
        Fate::Returning
    } else if any(&[ParcelStatus::Returned]) {
        Fate::Returned
    } else {
        Fate::Shipped
    }
}

/// What is to be carried where, as GHN must know it.
#[derive(Debug, Clone)]
pub struct Booking {
    /// The parcel.
    pub id: ParcelId,
    /// Of which order.
    pub order: OrderId,
    /// Of which shop.
    pub seller: SellerId,
    /// Where it is.
    pub status: ParcelStatus,
    /// GHN's number of it, once it has one.
    pub code: Option<String>,
    /// Its weight and box.
    pub measured: Measured,
    /// What to collect.
    pub cod: Vnd,
    /// What is in it.
    pub lines: Vec<Packed>,
}
