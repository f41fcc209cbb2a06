//! What must be seen of the market, by the plainest reading of its facts.

use ocop_market::front::shelf::facts::{DatedSaleRule, Listing, Shop};
use ocop_market::front::shelf::model::{FacetKind, Filter, Sort};
use ocop_market::front::shelf::views::{self, Card, ListingPage, Rating, SellerRef, ShipsTo};
use ocop_market::kernel::{Lang, Vnd};
use ocop_market::market::catalogue::SaleRule;
use ocop_market::market::catalogue::offers::PriceBreak;
use ocop_market::market::certification::{self, CertificateView, Stars};
use ocop_market::market::media::picture_urls;
use ocop_market::market::sellers::is_paused;

use super::Market;

impl Market {
    /// Numbers of the listings that fit, as the plainest reading of the filter finds them.
    pub fn fitting(&self, filter: &Filter) -> Vec<&Listing> {
        self.listings.values().filter(|listing| self.fits(listing, filter)).collect()
    }

    fn fits(&self, listing: &Listing, filter: &Filter) -> bool {
        let Some((card, rule)) =
            self.shops.get(&listing.seller).map(|_| (self.card(listing, Lang::Vi), self.rule(listing)))
        else {
            return false;
        };
        let price = listing.price.map(Vnd::get);
        let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
        is(&filter.region, self.region(listing))
            && is(&filter.province, &listing.location.province.code)
            && is(&filter.legacy_province, &listing.location.legacy_province.code)
            && is(&filter.commune, &listing.location.commune.code)
            && is(&filter.seller, &card.seller.slug)
            && filter.sets.as_ref().is_none_or(|sets| sets.contains(&card.set.get()))
            && filter.group.is_none_or(|group| group == card.group)
            && filter.stars.as_ref().is_none_or(|stars| card.stars.is_some_and(|is| stars.contains(&is)))
            && filter.stars_min.is_none_or(|fewest| card.stars.is_some_and(|stars| stars >= fewest))
            && filter.price_min.is_none_or(|low| price.is_some_and(|price| price >= low))
            && filter.price_max.is_none_or(|high| price.is_some_and(|price| price <= high))
            && filter.in_stock.is_none_or(|in_stock| in_stock == card.in_stock)
            && rule.minimum_age.is_none_or(|minimum| filter.age.is_some_and(|age| minimum <= age))
    }

    fn region(&self, listing: &Listing) -> &str {
        let code = &listing.location.province.code;
        &self.common.provinces.iter().find(|province| province.code == *code).unwrap().region
    }

    fn rule(&self, listing: &Listing) -> &SaleRule {
        let in_force = |rule: &&DatedSaleRule| {
            rule.effective_from <= self.today && rule.effective_to.is_none_or(|end| self.today < end)
        };
        let mut rules: Vec<_> = self.common.sale_rules.iter().filter(in_force).collect();
        rules.retain(|rule| rule.set_no.is_none_or(|set| set == listing.set_no));
        let of_the_set = rules.iter().find(|rule| rule.set_no.is_some());
        &of_the_set.or(rules.first()).unwrap().rule
    }

    /// Where a listing stands in an order.
    pub fn key(&self, listing: &Listing, sort: Sort) -> i64 {
        let rating = (listing.rating_sum * 1000).checked_div(listing.rating_count.into()).unwrap_or(0);
        match sort {
            Sort::Newest => listing.published_at.timestamp_micros(),
            Sort::Price => -listing.price.map_or(1_000_000_000_000, Vnd::get),
            Sort::PriceDesc => listing.price.map_or(-1, Vnd::get),
            Sort::Rating => rating,
            Sort::Relevance => {
                let stars = self.card(listing, Lang::Vi).stars.unwrap_or(0);
                i64::from(stars) * 10 + if listing.in_stock { 5 } else { 0 } + rating / 1000
            }
        }
    }

    /// What a facet counts a listing as.
    pub fn value(&self, listing: &Listing, kind: FacetKind) -> Option<String> {
        let card = self.card(listing, Lang::Vi);
        match kind {
            FacetKind::Region => Some(self.region(listing).to_owned()),
            FacetKind::Province => Some(card.location.province.code),
            FacetKind::LegacyProvince => Some(card.location.legacy_province.code),
            FacetKind::Set => Some(card.set.to_string()),
            FacetKind::Group => Some(card.group.name().to_owned()),
            FacetKind::Stars => card.stars.map(|stars| stars.to_string()),
            FacetKind::InStock => Some(card.in_stock.to_string()),
        }
    }

    /// The card of a listing whose shop is open, as documented.
    pub fn card(&self, listing: &Listing, lang: Lang) -> Card {
        let seller = &self.shops[&listing.seller];
        let certificate = listing.certificate.and_then(|id| self.certificates.get(&id)).map(|(facts, _)| facts);
        let (_, _, group) = self.common.sets.iter().find(|(set, ..)| *set == listing.set_no).unwrap();
        let rule = self.rule(listing);
        let demanded = self.common.authentication_required.iter();
        let mut demanded = demanded.filter(|(from, to)| *from <= self.today && to.is_none_or(|to| self.today < to));
        let may_sell = seller.authenticated || demanded.next().is_none();
        let in_lang = |vi: &String, en: &Option<String>| en.clone().filter(|_| lang == Lang::En).unwrap_or(vi.clone());
        Card {
            id: listing.id,
            slug: listing.slug.clone(),
            title: in_lang(&listing.title_vi, &listing.title_en),
            summary: in_lang(&listing.summary_vi, &listing.summary_en),
            set: listing.set_no,
            group: *group,
            price_vnd: listing.price,
            rating: Rating::new(listing.rating_sum, listing.rating_count),
            in_stock: listing.in_stock,
            image: listing.image.as_deref().map(picture_urls),
            ships_to: if group.is_parcel() { ShipsTo::Nationwide } else { ShipsTo::OnSite },
            published_at: listing.published_at,
            demo: listing.demo,
            seller: SellerRef {
                slug: seller.seller.slug.clone(),
                name: seller.seller.name.clone(),
                kind: seller.seller.kind,
            },
            location: listing.location.clone(),
            stars: certificate
                .and_then(|facts| certification::stars_today(facts.stars, &facts.standing, self.today))
                .map(Stars::get),
            certificate_state: certificate.map(|facts| certification::state(&facts.standing, self.today)),
            orderable: rule.orderable && may_sell,
            minimum_age: rule.minimum_age,
        }
    }

    /// The page of a listing whose shop is open, as documented.
    pub fn page(&self, listing: &Listing, lang: Lang) -> ListingPage {
        let in_lang = |vi: &String, en: &Option<String>| en.clone().filter(|_| lang == Lang::En).unwrap_or(vi.clone());
        let packs = listing.packs.iter().map(|pack| views::Pack {
            id: pack.id,
            sku: pack.sku.clone(),
            name: in_lang(&pack.name_vi, &pack.name_en),
            price_vnd: pack.price,
            price_breaks: pack
                .price_breaks
                .iter()
                .map(|(from_quantity, price)| PriceBreak { from_quantity: *from_quantity, unit_price_vnd: *price })
                .collect(),
            per_order: pack.per_order,
            grams: pack.grams,
            in_stock: pack.in_stock,
        });
        let certificate = listing.certificate.and_then(|id| self.certificates.get(&id).cloned());
        ListingPage {
            card: self.card(listing, lang),
            story: in_lang(&listing.story_vi, &listing.story_en),
            variants: packs.collect(),
            label: listing.label.clone(),
            pictures: listing.pictures.iter().map(|name| picture_urls(name)).collect(),
            certificate: certificate.map(|(facts, issued_in)| CertificateView::of(facts, issued_in, self.today)),
            sale_rule: self.rule(listing).clone(),
        }
    }

    /// Whether a shop sells today.
    pub fn is_open(&self, shop: &Shop) -> bool {
        let mut demanded = self.common.authentication_required.iter();
        let demanded = demanded.any(|(from, to)| *from <= self.today && to.is_none_or(|to| self.today < to));
        (shop.authenticated || !demanded) && !is_paused(shop.seller.closed_from, shop.seller.closed_to, self.today)
    }
}

/// The same filter without what `kind` filters: a facet counts what else could be chosen.
pub fn without(filter: &Filter, kind: FacetKind) -> Filter {
    let mut filter = filter.clone();
    match kind {
        FacetKind::Region => filter.region = None,
        FacetKind::Province => filter.province = None,
        FacetKind::LegacyProvince => filter.legacy_province = None,
        FacetKind::Set => filter.sets = None,
        FacetKind::Group => filter.group = None,
        FacetKind::Stars => (filter.stars, filter.stars_min) = (None, None),
        FacetKind::InStock => filter.in_stock = None,
    }
    filter
}
