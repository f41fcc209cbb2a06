//! A variant as a buyer may order it.

use chrono::NaiveDate;

use crate::kernel::{ListingId, SellerId, VariantId, Vnd};
use crate::market::certification::SetNo;
use crate::market::sellers::{self, SellerStatus};

/// A variant of a listing that was published at least once, with everything a sale depends on.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is bought.
    pub variant: VariantId,
    /// Of which listing.
    pub listing: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// Who sells it.
    pub seller: SellerId,
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name.
    pub seller_name: String,
    /// Where the shop stands.
    pub seller_status: SellerStatus,
    /// Whether the demand for e-authentication lets the shop sell on the day.
    pub seller_authenticated: bool,
    /// First day on which the shop sells nothing.
    pub closed_from: Option<NaiveDate>,
    /// Last such day; none while `closed_from` is set: until further notice.
    pub closed_to: Option<NaiveDate>,
    /// Code of the province the parcel leaves from.
    pub province: String,
    /// Slug of that province's region.
    pub region: String,
    /// The listing's Vietnamese title.
    pub title: String,
    /// The variant's Vietnamese name.
    pub variant_name: String,
    /// The shop's own code of the variant.
    pub sku: String,
    /// Price of one; see [`Offer::unit_price`].
    pub price: Vnd,
    /// From how many on one costs less …
    pub break_quantities: Vec<i32>,
    /// … and how much, for each of them.
    pub break_prices: Vec<Vnd>,
    /// How many of it one order may have.
    pub per_order: Option<i32>,
    /// Weight of one; a service has none.
    pub grams: Option<i32>,
    /// Length, width and height of one, where all three are known.
    pub millimetres: Option<Vec<i32>>,
    /// Whether listing and variant are on the shelf today.
    pub for_sale: bool,
    /// Its product set.
    pub set_no: SetNo,
    /// How it may be sold, by the rule of its set.
    pub sale: Sale,
    /// How old a buyer must be, by the rule of its set.
    pub minimum_age: Option<i16>,
    /// Demonstration data.
    pub demo: bool,
}

impl Offer {
    /// What one of so many costs: the price of the highest quantity reached, never more than the price of one.
    pub fn unit_price(&self, quantity: i32) -> Vnd {
        let steps = self.break_quantities.iter().zip(&self.break_prices);
        steps.filter(|(from, _)| **from <= quantity).map(|(_, price)| *price).fold(self.price, Vnd::min)
    }

    /// Whether the shop may sell at all, today or after a holiday.
    pub fn is_seller_approved(&self) -> bool {
        self.seller_status == SellerStatus::Approved
    }

    /// Whether the shop sells on that day: approved, and not closed for the season or Tết.
    pub fn is_seller_open(&self, today: NaiveDate) -> bool {
        self.is_seller_approved() && !sellers::is_paused(self.closed_from, self.closed_to, today)
    }
}

/// How something may be sold, by the sale rule of its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Sale {
    /// It can be asked for, not ordered.
    EnquiryOnly,
    /// It can be ordered, but not for cash.
    Cashless,
    /// It can be ordered and paid in any way.
    Free,
}

/// A variant as its own shop sees it, published or not.
#[derive(Debug, Clone)]
pub struct ShopVariant {
    /// The variant.
    pub variant: VariantId,
    /// Of which listing.
    pub listing: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// The shop's own code of the variant.
    pub sku: String,
    /// The variant's Vietnamese name.
    pub name: String,
    /// Whether it is offered.
    pub active: bool,
}

/// A listing as far as a complaint about it needs it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The listing.
    pub listing: ListingId,
    /// Who sells it.
    pub seller: SellerId,
    /// Its published Vietnamese title.
    pub title: String,
}
