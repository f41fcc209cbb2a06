//! What it costs to send something, and how long it takes: rates by how far and how heavy, surcharges of communes that
//! are hard to reach, what the shop promises.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Price, SellerId, Vnd};
use crate::platform::error::{Error, Problem, Result};

/// No rate bears the goods of one shop, not even in several parcels. The facts say what they weigh and what the most is.
pub const TOO_HEAVY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "parcel-too-heavy",
    vi: "Kiện hàng quá nặng, xin chia thành nhiều đơn",
    en: "The parcel is too heavy; please split the order",
};

/// Days a shop takes to hand a parcel over, unless it says otherwise.
const HANDLING_DAYS: i16 = 1;

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

/// A price for parcels of one reach up to a weight.
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

/// What a carrier takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarrierRule {
    /// Cubic millimetres that count as a gram (cubic centimetres that count as a kilogram).
    pub divisor: i32,
    /// The heaviest parcel, in grams.
    pub most_grams: i32,
    /// The longest side, in millimetres.
    pub most_side_mm: i32,
    /// Parcels one order may go in.
    pub most_parcels: i16,
    /// The most it collects with one parcel.
    pub most_cod: Vnd,
    /// The most it insures one for.
    pub most_insured: Vnd,
}

impl CarrierRule {
    /// What that volume counts for, in grams, rounded up.
    pub fn grams_by_volume(&self, millimetres: [i32; 3]) -> i64 {
        let volume: i64 = millimetres.into_iter().map(i64::from).product();
        let divisor = i64::from(self.divisor.max(1));
        (volume + divisor - 1) / divisor
    }
}

/// What each parcel to a commune that is hard to reach costs more, and how much longer it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surcharge {
    /// More.
    pub price: Vnd,
    /// Longer.
    pub extra_days: i16,
}

/// What a shop promises its buyers about shipping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "free_from_vnd": 500_000, "handling_days": 2 }))]
pub struct ShippingTerms {
    /// From goods of this worth in one order on the shop bears the shipping; left out, it never does.
    pub free_from_vnd: Option<Price>,
    /// Days until a parcel is handed over.
    #[schema(minimum = 0, maximum = 15)]
    pub handling_days: i16,
}

impl Default for ShippingTerms {
    fn default() -> Self {
        Self { free_from_vnd: None, handling_days: HANDLING_DAYS }
    }
}

/// Some of one kind of goods to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Weight of one; nothing for what is not sent, such as a service.
    pub grams: i32,
    /// Length, width and height of one, where they are known.
    pub millimetres: Option<[i32; 3]>,
    /// How many.
    pub quantity: i32,
}

/// What one shop sends to one buyer.
#[derive(Debug, Clone, Copy)]
pub struct Consignment<'a> {
    /// The shop.
    pub seller: SellerId,
    /// What the goods cost.
    pub goods: Vnd,
    /// The goods.
    pub pieces: &'a [Piece],
}

/// The rates in force on a day, to one commune, from some shops.
#[derive(Debug, Clone)]
pub struct Tariff {
    /// By reach and weight, in any order.
    pub rates: Vec<Rate>,
    /// What a parcel may be.
    pub rule: CarrierRule,
    /// If the commune is hard to reach.
    pub surcharge: Option<Surcharge>,
    /// What the shops promise that have said something.
    pub terms: BTreeMap<SellerId, ShippingTerms>,
}

/// What a consignment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What the buyer pays.
    pub price: Vnd,
    /// What the shop bears of it.
    pub waived: Vnd,
    /// Parcels it goes in.
    pub parcels: i16,
    /// What is charged for: weight, or volume where that counts for more.
    pub chargeable_grams: i32,
    /// Days until it arrives, at least.
    pub days_min: i16,
    /// Days until it arrives, at most.
    pub days_max: i16,
}

impl Tariff {
    /// What a consignment costs: as few parcels as it fits in, each at the rate that bears it with the least to spare.
    /// Refuses with [`TOO_HEAVY`].
    pub fn quote(&self, from: &Place, to: &Place, consignment: &Consignment<'_>) -> Result<Quote> {
        let reach = Reach::between(from, to);
        let rates: Vec<&Rate> = self.rates.iter().filter(|rate| rate.reach == reach).collect();
        let bearable = rates.iter().map(|rate| rate.up_to_grams).max().unwrap_or(0).min(self.rule.most_grams);
        let parcels = self.pack(consignment.pieces, bearable)?;
        let surcharge = self.surcharge.unwrap_or(Surcharge { price: Vnd::ZERO, extra_days: 0 });
        let terms = self.terms.get(&consignment.seller).copied().unwrap_or_default();
        let free = terms.free_from_vnd.is_some_and(|from| consignment.goods >= from.vnd());
        let mut quote = Quote {
            price: Vnd::ZERO,
            waived: Vnd::ZERO,
            parcels: i16::try_from(parcels.len())?,
            chargeable_grams: 0,
            days_min: terms.handling_days + surcharge.extra_days,
            days_max: terms.handling_days + surcharge.extra_days,
        };
        let (mut cost, mut slowest) = (Vnd::ZERO, (0, 0));
        for grams in parcels {
            let fitting = rates.iter().filter(|rate| grams <= rate.up_to_grams).min_by_key(|rate| rate.up_to_grams);
            let Some(rate) = fitting else { return Err(too_heavy(grams, bearable)) };
            let sum = Vnd::checked_sum([cost, rate.price, surcharge.price]);
            cost = sum.ok_or_else(|| Error::fault("the price of a parcel does not fit"))?;
            slowest = (slowest.0.max(rate.days_min), slowest.1.max(rate.days_max));
            quote.chargeable_grams = quote.chargeable_grams.saturating_add(grams);
        }
        quote.days_min += slowest.0;
        quote.days_max += slowest.1;
        (quote.price, quote.waived) = if free { (Vnd::ZERO, cost) } else { (cost, Vnd::ZERO) };
        Ok(quote)
    }

    /// The chargeable grams of each parcel the pieces go in, the heaviest pieces first; at least one parcel.
    fn pack(&self, pieces: &[Piece], most: i32) -> Result<Vec<i32>> {
        let mut left: Vec<Unit> = pieces.iter().map(|piece| self.unit(piece)).collect();
        left.sort_by_key(|unit| Reverse(unit.chargeable()));
        if let Some(unit) = left.first().filter(|unit| unit.count > 0 && unit.chargeable() > i64::from(most)) {
            return Err(too_heavy(unit.chargeable(), most));
        }
        let mut parcels = Vec::new();
        loop {
            let parcel = fill(&mut left, i64::from(most));
            parcels.push(i32::try_from(parcel)?);
            if left.iter().all(|unit| unit.count == 0) {
                return Ok(parcels);
            }
            if parcels.len() >= usize::try_from(self.rule.most_parcels)? {
                let total: i64 = self.weight(pieces);
                return Err(too_heavy(total, most.saturating_mul(self.rule.most_parcels.into())));
            }
        }
    }

    fn weight(&self, pieces: &[Piece]) -> i64 {
        pieces.iter().map(|piece| self.unit(piece).chargeable() * i64::from(piece.quantity)).sum()
    }

    fn unit(&self, piece: &Piece) -> Unit {
        let by_volume = piece.millimetres.map_or(0, |sides| self.rule.grams_by_volume(sides));
        Unit { grams: piece.grams.into(), by_volume, count: piece.quantity.into() }
    }
}

/// One of some pieces, with how many are still to be packed.
struct Unit {
    grams: i64,
    /// What its volume counts for, in grams.
    by_volume: i64,
    count: i64,
}

impl Unit {
    fn chargeable(&self) -> i64 {
        self.grams.max(self.by_volume)
    }
}

/// Packs one parcel, first what stands first; answers what it is charged for.
fn fill(left: &mut [Unit], most: i64) -> i64 {
    let (mut grams, mut by_volume) = (0, 0);
    for unit in left {
        let room = |used: i64, each: i64| if each == 0 { unit.count } else { (most - used) / each };
        let taken = unit.count.min(room(grams, unit.grams)).min(room(by_volume, unit.by_volume));
        grams += taken * unit.grams;
        by_volume += taken * unit.by_volume;
        unit.count -= taken;
    }
    grams.max(by_volume)
}

fn too_heavy(grams: impl Into<i64>, most: i32) -> Error {
    Error::from(&TOO_HEAVY).fact("grams", grams.into()).fact("most_grams", most)
}
