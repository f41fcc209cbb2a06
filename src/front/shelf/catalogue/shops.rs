//! Shops: their list and their pages.

use std::sync::Arc;

use super::Catalogue;
use super::cards::Tag;
use super::shop::{Shop, spaced};
use crate::market::sellers::SellerKind;

/// Which shops; `None` fits all.
#[derive(Debug, Default)]
pub struct ShopFilter {
    /// Code of today's province.
    pub province: Option<String>,
    /// Code of the former province.
    pub legacy_province: Option<String>,
    /// Code of the commune.
    pub commune: Option<String>,
    /// Who sells.
    pub kind: Option<SellerKind>,
    /// Folded: the beginning of a word of the name, and what follows it.
    pub words: Option<String>,
}

impl ShopFilter {
    /// `words` are the filter's, [`spaced`].
    fn fits(&self, shop: &Shop, words: Option<&str>) -> bool {
        let named = [&self.province, &self.legacy_province, &self.commune];
        named.into_iter().zip(&shop.codes).all(|(wanted, code)| wanted.as_ref().is_none_or(|wanted| wanted == code))
            && self.kind.is_none_or(|kind| shop.kind == kind)
            && words.is_none_or(|words| shop.search_text.contains(words))
    }
}

impl Catalogue {
    /// The first shops behind the slug `after` that fit, by slug.
    pub fn shops(&self, filter: &ShopFilter, after: Option<&str>, wanted: usize) -> Vec<Arc<Shop>> {
        let behind = self.shops_by_slug.from(|entry| match after {
            Some(after) if *entry.0 <= *after => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        });
        let shops = behind.filter_map(|(_, number)| self.shops.get(*number));
        let words = filter.words.as_deref().map(spaced);
        shops.filter(|shop| filter.fits(shop, words.as_deref())).take(wanted).map(Arc::clone).collect()
    }

    /// The shop of this slug.
    pub fn shop(&self, slug: &str) -> Option<&Arc<Shop>> {
        self.shops.get(self.shop_number(slug)?)
    }

    pub(super) fn shop_number(&self, slug: &str) -> Option<u32> {
        let first = self.shops_by_slug.from(|entry| (*entry.0).cmp(slug)).next()?;
        (*first.0 == *slug).then_some(first.1)
    }

    /// Adds what the card and the page of a shop are put together from.
    pub fn tag_shop(&self, shop: &Shop, tag: &mut Tag) {
        tag.add(shop.hash());
        if let Some(place) = self.places.get(shop.place) {
            tag.add(place.hash());
        }
        tag.add([u8::from(self.is_open(shop))]);
    }

    /// Adds the card of a shop, an object.
    pub fn write_shop_card(&self, shop: &Shop, json: &mut Vec<u8>) {
        self.write_shop(shop, shop.card_rest(), json);
    }

    /// Adds the page of a shop, an object.
    pub fn write_shop_page(&self, shop: &Shop, json: &mut Vec<u8>) {
        self.write_shop(shop, shop.page_rest(), json);
    }

    fn write_shop(&self, shop: &Shop, rest: &[u8], json: &mut Vec<u8>) {
        json.push(b'{');
        json.extend_from_slice(shop.card_top());
        if let Some(place) = self.places.get(shop.place) {
            json.extend_from_slice(place.members());
        }
        json.extend_from_slice(rest);
        json.extend_from_slice(if self.is_open(shop) { b"\"open\":true}" } else { b"\"open\":false}" });
    }

    /// Whether a shop sells today: in a pause, or without the e-authentication the law wants, it does not.
    fn is_open(&self, shop: &Shop) -> bool {
        (shop.authenticated || !self.rules.authentication_required) && !shop.is_paused(self.today)
    }
}
