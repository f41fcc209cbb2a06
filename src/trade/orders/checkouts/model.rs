//! What an order will cost, and why it may be refused.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{ListingId, SellerId, VariantId, Vnd};
use crate::market::catalogue::offers::{Offer, Sale};
use crate::platform::error::{Error, Problem, Result};
use crate::trade::inventory::SOLD_OUT;
use crate::trade::orders::cart::{Obstacle, amount, obstacles, sum};
use crate::trade::shipping::{Consignment, Piece, Place, Tariff};
use crate::trade::vouchers::{Applied, LineDiscount, LineFacts, VoucherCode};

/// The listing is paused or gone, or the variant is not offered any more.
pub const NOT_FOR_SALE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "not-for-sale",
    vi: "Sản phẩm đang không được bán",
    en: "This product is not for sale at present",
};

/// The shop is closed today.
pub const SELLER_CLOSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "seller-closed",
    vi: "Gian hàng đang tạm nghỉ",
    en: "The shop is closed at present",
};

/// From the day of the law on, nobody sells who has not proved who they are (rows of `selling_rules`).
pub const SELLER_NOT_AUTHENTICATED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "seller-not-authenticated",
    vi: "Gian hàng chưa xác thực điện tử nên chưa được bán hàng",
    en: "The shop has not been e-authenticated and cannot sell yet",
};

/// The law or the kind of product lets nobody order it here.
pub const ENQUIRY_ONLY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "enquiry-only",
    vi: "Sản phẩm này không đặt trực tuyến, xin liên hệ gian hàng",
    en: "This product cannot be ordered here; please ask the shop",
};

/// Some of it cannot be paid in cash; the fact `variants` names it.
pub const CASH_NOT_ALLOWED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "cash-not-allowed",
    vi: "Sản phẩm này không được thanh toán bằng tiền mặt",
    en: "This product cannot be paid in cash",
};

/// The buyer did not say that they are old enough. The fact `minimum_age` says how old.
pub const MINIMUM_AGE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "minimum-age",
    vi: "Người mua phải khai báo đủ tuổi",
    en: "The buyer must state that they are old enough",
};

/// The shop sells one buyer fewer of it, with one order or within its period. The fact `variants` says of what.
pub const BUYER_CAP: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "buyer-cap",
    vi: "Vượt quá số lượng gian hàng bán cho mỗi người mua",
    en: "That is more than the shop sells to one buyer",
};

/// A line of a cart or of a request, with what it refers to.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What.
    pub offer: Offer,
    /// How many; positive.
    pub quantity: i32,
}

impl Wanted {
    /// What a voucher asks of the line.
    pub fn facts(&self) -> Result<LineFacts> {
        Ok(LineFacts {
            variant: self.offer.variant,
            seller: self.offer.seller,
            province: self.offer.province.clone(),
            set_no: self.offer.set_no,
            amount: amount(self.offer.unit_price(self.quantity), self.quantity)?,
        })
    }
}

/// Refuses what cannot be ordered today by somebody of that age; the fact `variants` names it. Stock is looked at
/// elsewhere: only under its lock does the answer last.
pub fn admit(lines: &[Wanted], stated_age: Option<i16>, today: NaiveDate) -> Result<()> {
    let refusals = lines.iter().filter_map(|line| Some((line, refusal(line, stated_age, today)?)));
    let mut refusals = refusals.peekable();
    let Some(&(first, problem)) = refusals.peek() else { return Ok(()) };
    let variants: Vec<String> = refusals
        .filter(|(_, other)| other.code == problem.code)
        .map(|(line, _)| line.offer.variant.to_string())
        .collect();
    let error = Error::from(problem).fact("variants", variants);
    Err(if problem.code == MINIMUM_AGE.code { error.fact("minimum_age", first.offer.minimum_age) } else { error })
}

fn refusal(line: &Wanted, stated_age: Option<i16>, today: NaiveDate) -> Option<&'static Problem> {
    if let Some(gravest) = obstacles(&line.offer, line.quantity, line.quantity, today).first() {
        return Some(match gravest {
            Obstacle::NotForSale => &NOT_FOR_SALE,
            Obstacle::SellerClosed => &SELLER_CLOSED,
            Obstacle::SellerNotAuthenticated => &SELLER_NOT_AUTHENTICATED,
            Obstacle::EnquiryOnly => &ENQUIRY_ONLY,
            Obstacle::TooMany { .. } => &BUYER_CAP,
            Obstacle::SoldOut { .. } => &SOLD_OUT,
        });
    }
    let old_enough = line.offer.minimum_age.is_none_or(|minimum| stated_age.is_some_and(|age| age >= minimum));
    (!old_enough).then_some(&MINIMUM_AGE)
}

/// A line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedLine {
    /// What.
    pub variant_id: VariantId,
    /// Of which listing.
    pub listing_id: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// The listing's title.
    pub title: String,
    /// The variant's name.
    pub variant_name: String,
    /// The shop's own code.
    pub sku: String,
    /// Price of one.
    pub unit_price_vnd: Vnd,
    /// How many.
    pub quantity: i32,
    /// Price of all.
    pub amount_vnd: Vnd,
    /// What vouchers take off that.
    pub discount_vnd: Vnd,
    /// What of that the shop itself bears.
    #[serde(skip)]
    pub discount_by_seller_vnd: Vnd,
    /// Whether it may be paid on delivery.
    pub cash_allowed: bool,
}

/// What one shop delivers: an order to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// The shop; buyers know it by its address.
    #[serde(skip)]
    pub seller_id: SellerId,
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name.
    pub seller_name: String,
    /// Code of the province it leaves from.
    pub province_code: String,
    /// Its lines, by variant.
    pub lines: Vec<QuotedLine>,
    /// What it weighs.
    pub grams: i32,
    /// Parcels it is priced as; the shop may pack it otherwise.
    #[schema(example = 1)]
    pub parcels: i16,
    /// Sum of the lines.
    pub goods_vnd: Vnd,
    /// What vouchers take off that.
    pub discount_vnd: Vnd,
    /// Price of the parcels.
    pub shipping_vnd: Vnd,
    /// What the parcels would cost besides, which the shop bears for an order of this worth.
    #[schema(example = 0)]
    pub shipping_waived_vnd: Vnd,
    /// What is left of the goods, and the parcels.
    pub total_vnd: Vnd,
    /// Days it takes at least.
    pub days_min: i16,
    /// Days it takes at most.
    pub days_max: i16,
    /// Demonstration data.
    pub demo: bool,
}

/// What a checkout costs. Totals are the sums of their parts, always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// By shop.
    pub parts: Vec<Part>,
    /// The vouchers, in the order in which they apply, with what each takes off which line and who bears that.
    pub vouchers: Vec<Applied>,
    /// Sum of all lines.
    pub goods_vnd: Vnd,
    /// What vouchers take off that.
    pub discount_vnd: Vnd,
    /// Sum of all parcels.
    pub shipping_vnd: Vnd,
    /// Sum of the parts: all that is to be paid, VAT included.
    pub total_vnd: Vnd,
}

impl Quote {
    /// The quote for lines that were admitted, sent to `to`. Refuses parcels nobody carries.
    pub fn of(lines: &[Wanted], tariff: &Tariff, to: &Place) -> Result<Self> {
        let mut by_seller: BTreeMap<SellerId, Vec<&Wanted>> = BTreeMap::new();
        for line in lines {
            by_seller.entry(line.offer.seller).or_default().push(line);
        }
        let parts = by_seller.into_values().map(|lines| Part::of(lines, tariff, to)).collect::<Result<_>>()?;
        Self::sum(parts)
    }

    /// Who sells.
    pub fn sellers(&self) -> Vec<SellerId> {
        self.parts.iter().map(|part| part.seller_id).collect()
    }

    /// What cannot be paid on delivery.
    pub fn cashless(&self) -> Vec<VariantId> {
        let lines = self.parts.iter().flat_map(|part| &part.lines);
        lines.filter(|line| !line.cash_allowed).map(|line| line.variant_id).collect()
    }

    /// Sums up the parts.
    pub fn sum(parts: Vec<Part>) -> Result<Self> {
        let goods_vnd = sum(parts.iter().map(|part| part.goods_vnd))?;
        let discount_vnd = sum(parts.iter().map(|part| part.discount_vnd))?;
        let shipping_vnd = sum(parts.iter().map(|part| part.shipping_vnd))?;
        let total_vnd = sum(parts.iter().map(|part| part.total_vnd))?;
        Ok(Self { parts, vouchers: Vec::new(), goods_vnd, discount_vnd, shipping_vnd, total_vnd })
    }

    /// The same quote with what vouchers take off it.
    pub fn discounted(self, vouchers: Vec<Applied>) -> Result<Self> {
        let parts = self.parts.into_iter().map(|part| part.discounted(&vouchers)).collect::<Result<_>>()?;
        Ok(Self { vouchers, ..Self::sum(parts)? })
    }

    /// The codes of its vouchers.
    pub fn codes(&self) -> Vec<VoucherCode> {
        self.vouchers.iter().map(|voucher| voucher.code.clone()).collect()
    }
}

impl Part {
    fn of(mut wanted: Vec<&Wanted>, tariff: &Tariff, to: &Place) -> Result<Self> {
        wanted.sort_by_key(|line| line.offer.variant);
        let Some(first) = wanted.first().map(|line| &line.offer) else {
            return Err(Error::fault("a part without lines"));
        };
        let lines: Vec<QuotedLine> = wanted.iter().map(|line| QuotedLine::of(line)).collect::<Result<_>>()?;
        let grams = wanted.iter().map(|line| line.offer.grams.unwrap_or(0).saturating_mul(line.quantity));
        let grams = grams.fold(0, i32::saturating_add);
        let from = Place { province: first.province.clone(), region: first.region.clone() };
        let goods_vnd = sum(lines.iter().map(|line| line.amount_vnd))?;
        let pieces: Vec<Piece> = wanted.iter().map(|line| piece(line)).collect();
        let consignment = Consignment { seller: first.seller, goods: goods_vnd, pieces: &pieces };
        let shipping = tariff.quote(&from, to, &consignment)?;
        Ok(Self {
            seller_id: first.seller,
            seller_slug: first.seller_slug.clone(),
            seller_name: first.seller_name.clone(),
            province_code: first.province.clone(),
            lines,
            grams,
            parcels: shipping.parcels,
            goods_vnd,
            discount_vnd: Vnd::ZERO,
            shipping_vnd: shipping.price,
            shipping_waived_vnd: shipping.waived,
            total_vnd: sum([goods_vnd, shipping.price])?,
            days_min: shipping.days_min,
            days_max: shipping.days_max,
            demo: wanted.iter().all(|line| line.offer.demo),
        })
    }

    fn discounted(mut self, vouchers: &[Applied]) -> Result<Self> {
        for line in &mut self.lines {
            let own = vouchers.iter().flat_map(|voucher| &voucher.lines);
            let own: Vec<&LineDiscount> = own.filter(|own| own.variant_id == line.variant_id).collect();
            line.discount_vnd = sum(own.iter().map(|own| own.total()))?;
            line.discount_by_seller_vnd = sum(own.iter().map(|own| own.by_seller_vnd))?;
        }
        self.discount_vnd = sum(self.lines.iter().map(|line| line.discount_vnd))?;
        let goods =
            self.goods_vnd.checked_sub(self.discount_vnd).ok_or_else(|| Error::fault("a discount does not fit"))?;
        self.total_vnd = sum([goods, self.shipping_vnd])?;
        Ok(self)
    }
}

fn piece(wanted: &Wanted) -> Piece {
    let offer = &wanted.offer;
    let millimetres = offer.millimetres.as_deref().and_then(|sides| sides.try_into().ok());
    Piece { grams: offer.grams.unwrap_or(0), millimetres, quantity: wanted.quantity }
}

impl QuotedLine {
    fn of(wanted: &Wanted) -> Result<Self> {
        let offer = &wanted.offer;
        let unit_price = offer.unit_price(wanted.quantity);
        Ok(Self {
            variant_id: offer.variant,
            listing_id: offer.listing,
            listing_slug: offer.listing_slug.clone(),
            title: offer.title.clone(),
            variant_name: offer.variant_name.clone(),
            sku: offer.sku.clone(),
            unit_price_vnd: unit_price,
            quantity: wanted.quantity,
            amount_vnd: amount(unit_price, wanted.quantity)?,
            discount_vnd: Vnd::ZERO,
            discount_by_seller_vnd: Vnd::ZERO,
            cash_allowed: offer.sale != Sale::Cashless,
        })
    }
}
