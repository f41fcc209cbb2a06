//! A variant as a buyer may order it.

use chrono::NaiveDate;

use crate::kernel::{ListingId, SellerId, VariantId, Vnd};

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
    /// Whether the shop is approved and neither suspended nor closed for good.
    pub seller_approved: bool,
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
    /// Price of one.
    pub price: Vnd,
    /// Weight of one; a service has none.
    pub grams: Option<i32>,
    /// Whether listing and variant are on the shelf today.
    pub for_sale: bool,
    /// Whether it can be ordered here at all, by the sale rule of its set.
    pub orderable: bool,
    /// Whether cash on delivery is allowed, by the sale rule of its set.
    pub cash_allowed: bool,
    /// How old a buyer must be, by the sale rule of its set.
    pub minimum_age: Option<i16>,
    /// Demonstration data.
    pub demo: bool,
}

impl Offer {
    /// Whether the shop sells on that day: approved, and not closed for the season or Tết.
    pub fn is_seller_open(&self, today: NaiveDate) -> bool {
        let closed = self.closed_from.is_some_and(|from| from <= today && self.closed_to.is_none_or(|to| today <= to));
        self.seller_approved && !closed
    }
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
