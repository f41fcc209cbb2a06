//! Shops, as the shelf shows them.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::pieces::{Hash, hash, members};
use crate::front::shelf::facts;
use crate::front::shelf::views::SellerRef;
use crate::kernel::text::fold;
use crate::market::sellers::{Seller, SellerKind, is_paused};

/// An approved shop: what its cards and its page say, ready but for the place and for whether it is open.
#[derive(Debug)]
pub struct Shop {
    pub slug: Arc<str>,
    pub name: String,
    pub kind: SellerKind,
    /// Number of its place.
    pub place: u32,
    /// Codes of today's province, the former one and the commune.
    pub codes: [String; 3],
    /// Name and legal name, folded, with a space before each word.
    pub search_text: String,
    pub authenticated: bool,
    closed_from: Option<NaiveDate>,
    closed_to: Option<NaiveDate>,
    json: Box<[u8]>,
    /// Where the parts in [`Shop::json`] end: what listings say of it, its card before the place, the card after it.
    ends: [usize; 3],
    /// Of the part that stands in listings, and of the others.
    hashes: [Hash; 2],
}

#[derive(Serialize)]
struct OnListing {
    seller: SellerRef,
}

#[derive(Serialize)]
struct CardTop<'a> {
    slug: &'a str,
    name: &'a str,
    kind: SellerKind,
}

#[derive(Serialize)]
struct CardRest {
    demo: bool,
}

#[derive(Serialize)]
struct PageRest<'a> {
    legal_name: Option<&'a str>,
    representative: Option<&'a str>,
    tax_code: Option<String>,
    street: Option<&'a str>,
    phone: Option<String>,
    email: Option<String>,
    about_vi: Option<&'a str>,
    about_en: Option<&'a str>,
    closed_from: Option<NaiveDate>,
    closed_to: Option<NaiveDate>,
}

impl Shop {
    /// Writes the pieces of a shop at the place of that number.
    pub fn new(facts: &facts::Shop, place: u32) -> serde_json::Result<Self> {
        let seller = &facts.seller;
        let (slug, name, kind) = (seller.slug.as_str(), seller.name.as_str(), seller.kind);
        let mut json = Vec::new();
        let reference = SellerRef { slug: slug.to_owned(), name: name.to_owned(), kind };
        members(&mut json, &OnListing { seller: reference })?;
        let on_listing = json.len();
        members(&mut json, &CardTop { slug, name, kind })?;
        let card_top = json.len();
        members(&mut json, &CardRest { demo: seller.demo })?;
        let card_rest = json.len();
        members(&mut json, &page_rest(seller))?;
        Ok(Self {
            slug: slug.into(),
            name: name.to_owned(),
            kind,
            place,
            codes: [&facts.location.province.code, &facts.location.legacy_province.code, &facts.location.commune.code]
                .map(Clone::clone),
            search_text: spaced(&fold(&format!(
                "{} {}",
                seller.name,
                seller.legal_name.as_deref().unwrap_or_default()
            ))),
            authenticated: facts.authenticated,
            closed_from: seller.closed_from,
            closed_to: seller.closed_to,
            hashes: [hash(&json[..on_listing]), hash(&json[on_listing..])],
            json: json.as_slice().into(),
            ends: [on_listing, card_top, card_rest],
        })
    }

    /// The hash of its card and its page.
    pub fn hash(&self) -> &Hash {
        &self.hashes[1]
    }

    /// The hash of what a listing says of it.
    pub fn hash_on_listing(&self) -> &Hash {
        &self.hashes[0]
    }

    /// What a listing says of it.
    pub fn on_listing(&self) -> &[u8] {
        &self.json[..self.ends[0]]
    }

    /// The members of its card and page that stand before the place.
    pub fn card_top(&self) -> &[u8] {
        &self.json[self.ends[0]..self.ends[1]]
    }

    /// The members of its card that stand behind the place.
    pub fn card_rest(&self) -> &[u8] {
        &self.json[self.ends[1]..self.ends[2]]
    }

    /// The members of its page that stand behind the place.
    pub fn page_rest(&self) -> &[u8] {
        &self.json[self.ends[1]..]
    }

    /// Whether it is in a pause on the day.
    pub fn is_paused(&self, today: NaiveDate) -> bool {
        is_paused(self.closed_from, self.closed_to, today)
    }

    /// The next day on which a pause begins or has ended.
    pub fn turns_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        let after = self.closed_to.and_then(|last| last.succ_opt());
        [self.closed_from, after].into_iter().flatten().filter(|day| *day > today).min()
    }
}

/// The words with a space before the first, too: so one that begins with a word is found in one that holds it.
pub fn spaced(words: &str) -> String {
    format!(" {words}")
}

fn page_rest(seller: &Seller) -> PageRest<'_> {
    let organisation = seller.kind.is_organisation();
    let public = seller.public_contact;
    PageRest {
        legal_name: seller.legal_name.as_deref(),
        representative: seller.representative.as_deref(),
        tax_code: seller.tax_code.as_ref().map(ToString::to_string),
        street: seller.street.as_deref().filter(|_| organisation),
        phone: seller.phone.as_ref().filter(|_| public).map(ToString::to_string),
        email: seller.email.as_ref().filter(|_| public).map(ToString::to_string),
        about_vi: seller.about_vi.as_deref(),
        about_en: seller.about_en.as_deref(),
        closed_from: seller.closed_from,
        closed_to: seller.closed_to,
    }
}
