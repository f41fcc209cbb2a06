//! A cart by shop, and what stands between it and an order.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Invalid, SellerId, VariantId, Vnd};
use crate::market::catalogue::offers::{Offer, Sale};
use crate::platform::error::{Error, Result};
use crate::trade::inventory::Level;

/// The most lines a cart or a checkout has.
pub const LONGEST: usize = 50;

/// How many of one variant somebody wants: 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(value_type = i32, minimum = 1, maximum = 99, example = 2)]
pub struct Quantity(i32);

impl Quantity {
    /// The number of pieces.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = Invalid;

    fn try_from(pieces: i64) -> Result<Self, Invalid> {
        i32::try_from(pieces)
            .ok()
            .filter(|pieces| (1..=99).contains(pieces))
            .map(Self)
            .ok_or(Invalid {
                vi: "phải là số nguyên từ 1 đến 99", en: "must be a whole number between 1 and 99"
            })
    }
}

/// What stands between a line and an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Obstacle {
    /// The listing is paused or gone, or the variant is not offered any more.
    NotForSale,
    /// The shop is closed today.
    SellerClosed,
    /// The shop has not proved who it is, and the law lets nobody sell without.
    SellerNotAuthenticated,
    /// It cannot be ordered here, only asked for.
    EnquiryOnly,
    /// The shop sells fewer with one order.
    TooMany {
        /// How many at most.
        most: i32,
    },
    /// Less is left than wanted; perhaps nothing.
    SoldOut {
        /// How many there are.
        left: i32,
    },
}

/// What stands between `quantity` of the offer and an order today, the gravest first.
pub fn obstacles(offer: &Offer, quantity: i32, left: i32, today: NaiveDate) -> Vec<Obstacle> {
    let most = offer.per_order.unwrap_or(i32::MAX);
    [
        (!offer.for_sale, Obstacle::NotForSale),
        (!offer.is_seller_open(today), Obstacle::SellerClosed),
        (!offer.seller_authenticated, Obstacle::SellerNotAuthenticated),
        // Without a weight there is no parcel.
        (offer.sale == Sale::EnquiryOnly || offer.grams.is_none(), Obstacle::EnquiryOnly),
        (quantity > most, Obstacle::TooMany { most }),
        (left < quantity, Obstacle::SoldOut { left }),
    ]
    .into_iter()
    .filter_map(|(stands, obstacle)| stands.then_some(obstacle))
    .collect()
}

/// What a cart remembers of a line.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// What.
    pub variant: VariantId,
    /// How many.
    pub quantity: i32,
    /// What one cost when it was put in.
    pub seen_price: Vnd,
}

/// A line of a cart, as of now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLine {
    /// What.
    pub variant_id: VariantId,
    /// The listing's address.
    pub listing_slug: String,
    /// The listing's title.
    pub title: String,
    /// The variant's name.
    pub variant_name: String,
    /// Price of one today.
    pub unit_price_vnd: Vnd,
    /// What one cost when it was put in, if that has changed.
    pub price_was_vnd: Option<Vnd>,
    /// How many.
    pub quantity: i32,
    /// Price of all today.
    pub amount_vnd: Vnd,
    /// How old the buyer must be.
    pub minimum_age: Option<i16>,
    /// Whether it may be paid on delivery.
    pub cash_allowed: bool,
    /// What stands between the line and an order.
    pub obstacles: Vec<Obstacle>,
}

/// What a cart holds of one shop.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartPart {
    /// The shop; buyers know it by its address.
    #[serde(skip)]
    pub seller_id: SellerId,
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name.
    pub seller_name: String,
    /// Its lines.
    pub lines: Vec<CartLine>,
    /// Sum of the lines nothing stands against.
    pub goods_vnd: Vnd,
}

/// A cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cart {
    /// By shop.
    pub parts: Vec<CartPart>,
    /// Sum of the lines nothing stands against; shipping is quoted by a checkout.
    pub goods_vnd: Vnd,
}

impl Cart {
    /// The cart as it looks today; what is not among the `offers` cannot be looked at any more, and is left out.
    pub fn of(items: &[Item], offers: &[Offer], levels: &BTreeMap<VariantId, Level>, today: NaiveDate) -> Result<Self> {
        let mut parts: Vec<CartPart> = Vec::new();
        for item in items {
            let Some(offer) = offers.iter().find(|offer| offer.variant == item.variant) else { continue };
            let left = levels.get(&item.variant).copied().unwrap_or_default().available();
            let line = CartLine::of(item, offer, obstacles(offer, item.quantity, left, today))?;
            if let Some(part) = parts.iter_mut().find(|part| part.seller_id == offer.seller) {
                part.lines.push(line);
            } else {
                parts.push(CartPart {
                    seller_id: offer.seller,
                    seller_slug: offer.seller_slug.clone(),
                    seller_name: offer.seller_name.clone(),
                    lines: vec![line],
                    goods_vnd: Vnd::ZERO,
                });
            }
        }
        for part in &mut parts {
            let free = part.lines.iter().filter(|line| line.obstacles.is_empty());
            part.goods_vnd = sum(free.map(|line| line.amount_vnd))?;
        }
        let goods_vnd = sum(parts.iter().map(|part| part.goods_vnd))?;
        Ok(Self { parts, goods_vnd })
    }
}

impl CartLine {
    fn of(item: &Item, offer: &Offer, obstacles: Vec<Obstacle>) -> Result<Self> {
        let price = offer.unit_price(item.quantity);
        Ok(Self {
            variant_id: offer.variant,
            listing_slug: offer.listing_slug.clone(),
            title: offer.title.clone(),
            variant_name: offer.variant_name.clone(),
            unit_price_vnd: price,
            price_was_vnd: (price != item.seen_price).then_some(item.seen_price),
            quantity: item.quantity,
            amount_vnd: amount(price, item.quantity)?,
            minimum_age: offer.minimum_age,
            cash_allowed: offer.sale != Sale::Cashless,
            obstacles,
        })
    }
}

/// The price of `quantity` pieces. One that does not fit is a fault: prices and quantities are bounded far below.
pub fn amount(price: Vnd, quantity: i32) -> Result<Vnd> {
    price.checked_mul(quantity).ok_or_else(|| Error::fault("an amount does not fit"))
}

/// The sum. One that does not fit is a fault, as in [`amount`].
pub fn sum(amounts: impl IntoIterator<Item = Vnd>) -> Result<Vnd> {
    Vnd::checked_sum(amounts).ok_or_else(|| Error::fault("a sum does not fit"))
}
